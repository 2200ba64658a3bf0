"""What a package named ``esologs`` is and answers, as JSON: run by the interpreter of each of the two, never imported.

``surface.py names`` tells its names, what its builders make, and which of the modules on stdin can be imported;
``surface.py answers URL TOKEN`` reads calls from stdin and tells how each was answered.
"""

import asyncio
import importlib
import inspect
import json
import sys
import warnings
from enum import Enum

warnings.simplefilter("ignore")

import esologs  # noqa: E402
from esologs import client, validators  # noqa: E402
from esologs._generated import exceptions  # noqa: E402
from pydantic import BaseModel  # noqa: E402


def tree(value):
    """An answer as names and values: what attribute access shows."""
    if isinstance(value, BaseModel):
        return {"model": type(value).__name__, **{name: tree(getattr(value, name)) for name in type(value).model_fields}}
    if isinstance(value, list):
        return [tree(entry) for entry in value]
    return value


def parents(kind):
    return [base.__name__ for base in kind.__mro__ if base.__module__.startswith("esologs") or base is Exception]


def names():
    kinds = {name: getattr(esologs, name) for name in esologs.__all__}
    return {
        "all": sorted(kinds),
        "enums": {
            name: [member.value for member in kind]
            for name, kind in kinds.items()
            if isinstance(kind, type) and issubclass(kind, Enum)
        },
        "fields": {
            name: {field: [info.alias, info.is_required()] for field, info in kind.model_fields.items()}
            for name, kind in kinds.items()
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        },
        "methods": {
            name: [parameter.name for parameter in inspect.signature(getattr(client.Client, name)).parameters.values()]
            for name in dir(client.Client)
            if name.startswith(("get_", "search_"))
        },
        "positional": {
            name: [
                parameter.name
                for parameter in inspect.signature(getattr(client.Client, name)).parameters.values()
                if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            ]
            for name in dir(client.Client)
            if name.startswith(("get_", "search_"))
        },
        "exceptions": {name: parents(getattr(exceptions, name)) for name in dir(exceptions) if name.startswith("GraphQL")},
        "validators": {
            name: list(inspect.signature(getattr(validators, name)).parameters)
            for name in dir(validators)
            if name.startswith(("validate_", "parse_", "sanitize_"))
        },
    }


BUILT = [
    ("build_report_event_params", {"code": "c", "fight_i_ds": [1], "limit": 3, "start_time": 2.0, "use_actor_i_ds": True}),
    ("build_report_graph_params", {"code": "c", "ability_id": 5, "view_by": "Source"}),
    ("build_report_table_params", {"code": "c", "source_class": "Templar", "wipe_cutoff": 4, "end_time": None}),
    ("build_report_search_params", {"guild_id": 3, "zone_id": 4, "limit": 2, "page": 1}),
    ("build_report_player_details_params", {"code": "c", "fight_i_ds": [1], "translate": False}),
    ("build_report_player_details_params", {}),
    ("build_report_rankings_params", {"code": "c", "player_metric": "dps"}),
    ("build_report_rankings_params", {}),
    ("build_character_ranking_params", {"character_id": 1, "encounter_id": 2, "class_name": "Templar", "role": "Tank"}),
    ("build_guild_attendance_params", {"guild_id": 3, "zone_id": 4}),
    ("build_guild_attendance_params", {"guild_id": 3, "guild_tag_id": 1, "limit": 5, "page": 2}),
]


def built():
    """What the builders of variables make, and the chained ones."""
    builders = importlib.import_module("esologs.param_builders")
    found = []
    for name, given in BUILT:
        try:
            found.append(getattr(builders, name)(**given))
        except Exception as error:
            found.append(repr(error))
    report, ranking = builders.ReportFilterBuilder(), builders.RankingParameterBuilder()
    found.append(
        report.add_time_range(1.0, 2.0).add_combat_filters(source_id=1).add_aura_filters(target_auras_absent="x").build()
    )
    found.append(ranking.add_ranking_filters(metric="dps").add_class_filters(spec_name="y").build())
    found.append(builders.ParameterBuilder().add_param("a", 1).add_param("b", None).add_param("c", builders.UNSET).build())
    found.append(builders.clean_unset_params({"a": builders.UNSET, "b": None, "c": 0}))
    for given in ({"a": 1}, {"a": 1, "b": 2}, {}, {"a": None, "b": 1}):
        try:
            found.append(builders.validate_param_combination(given, [["a", "b"]]))
        except ValueError as error:
            found.append(str(error))
    return found


#: Validators with what they refuse, or take.
CHECKED = [
    ("validate_report_search_params", {"guild_name": "x", "guild_server_slug": "s"}),
    ("validate_report_search_params", {"guild_name": " ", "guild_server_slug": "s", "guild_server_region": "r"}),
    ("validate_report_search_params", {"guild_name": "x" * 101, "guild_server_slug": "s", "guild_server_region": "r"}),
    ("validate_report_search_params", {"guild_name": "x", "guild_server_slug": "s" * 51, "guild_server_region": "r"}),
    *(("validate_report_search_params", given) for given in ({"limit": "x"}, {"page": 0}, {"page": "x"}, {})),
    *(("validate_positive_integer", {"value": value, "param_name": "a"}) for value in (None, 0, 1, 1.5, "x", True)),
    *(("validate_limit_parameter", {"limit": value}) for value in (None, 0, 1, 10_000, 10_001, "x")),
    *(
        ("validate_time_range", {"start_time": start, "end_time": end})
        for start, end in ((None, None), (0, None), (-1, 2), (1, -2), (3, 2), (2, 2), ("a", 2), (1, "b"))
    ),
    *(("validate_required_string", {"value": value, "param_name": "a"}) for value in (None, 3, "", " ", "x")),
    ("validate_string_length", {"value": "x" * 1001, "field_name": "a"}),
    ("validate_string_length", {"value": "xxx", "field_name": "a", "max_length": 2}),
    *(("validate_report_code", {"code": code}) for code in (None, 5, "", "ab", "a!b", "\u00e4\u00f6\u00fc", "abc")),
    *(("validate_ability_id", {"ability_id": value}) for value in (None, 0, -1, 1.5, 2.0, "x")),
    *(("validate_fight_ids", {"fight_ids": value}) for value in (None, [], [None, 1], [0], ["x"], "x", 5)),
    *(
        ("validate_guild_search_params", {"guild_id": number, "guild_name": name, "guild_server_slug": slug, **region})
        for number in (None, 1, 0, "x")
        for name in (None, "x", " ")
        for slug in (None, "s")
        for region in ({}, {"guild_server_region": "r"})
    ),
    *(
        ("parse_date_to_timestamp", {"date_input": value})
        for value in (0, -1, 1e12, 1_700_000_000, 1e15, "nonsense", "", None, [])
    ),
    *(("parse_date_to_timestamp", {"date_input": text}) for text in ("2024-01-02", "2024-01-02T03:04:05Z", "1700000000", "-5")),
    *(("sanitize_api_key_from_error", {"error_message": text}) for text in ("a" * 31, "key " + "a1" * 20)),
]


def outcome(function, given):
    try:
        return function(**given)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def checked():
    """What validators say, and others that refuse before anything is sent."""
    user_auth, factory = (importlib.import_module(f"esologs.{name}") for name in ("user_auth", "client_factory"))
    found = [[name, given, outcome(getattr(validators, name), given)] for name, given in CHECKED]
    for uri in ("ftp://x/", "http://example.org/", "https://a:b@x/", "https:///x", "", "http://localhost:1/x"):
        found.append(["validate_redirect_uri", uri, outcome(user_auth.validate_redirect_uri, {"redirect_uri": uri})])
    for header in ("", "Bearer a b", "Bearer abc"):
        found.append(["bearer", header, outcome(client.validate_bearer_token_format, {"auth_header": header})])
    for given in (
        {},
        {"guild_name": "x"},
        {"guild_id": 1, "guild_name": "a", "guild_server_slug": "b", "guild_server_region": "c"},
    ):
        found.append(["get_guild", given, outcome(lambda **given: asyncio.run(client.Client(url="").get_guild(**given)), given)])
    found.append(["factory", {}, outcome(factory.create_resilient_client, {})])
    return found


#: Modules whose functions and classes are held against each other.
SIGNED = ("auth", "client_factory", "method_factory", "param_builders", "user_auth", "validators", "_generated.exceptions")


def signatures():
    """Parameters of all that these modules define: name, kind and default."""
    found = {}
    for place in SIGNED:
        module = importlib.import_module(f"esologs.{place}")
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value):
                found[f"{place}.{name}"] = parameters(value)
            elif inspect.isclass(value) and not issubclass(value, BaseModel):
                found[f"{place}.{name}"] = parameters(value)
                own = {of for kind in value.__mro__ if kind.__module__.startswith("esologs") for of in vars(kind)}
                for method in sorted(of for of in own if not of.startswith("_") and inspect.isfunction(getattr(value, of))):
                    found[f"{place}.{name}.{method}"] = parameters(getattr(value, method))
    return found


def parameters(function):
    try:
        found = inspect.signature(function).parameters.values()
    except ValueError:
        # A plain exception takes what every exception takes.
        return []
    return [
        [each.name, each.kind.name, None if each.default is each.empty else told(each.default)]
        for each in found
        if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)
    ]


def told(default):
    return "UNSET" if type(default).__name__ == "UnsetType" else str(default)


class Told:
    """A client that notes what it is asked, for the factories of methods."""

    def __init__(self):
        self.asked = []

    async def execute(self, query, operation_name=None, variables=None, **_):
        self.asked.append([operation_name, {name: value for name, value in variables.items() if told(value) != "UNSET"}])

    def get_data(self, response):
        return {}


class Any:
    @classmethod
    def model_validate(cls, data):
        return data


def made():
    """What methods of the factories ask."""
    factory = importlib.import_module("esologs.method_factory")
    told = Told()

    async def ask():
        await factory.create_simple_getter("getGuildById", Any, "guildId")(told, 3)
        await factory.create_simple_getter("getGuildById", Any, "guildId")(told, guild_id=4)
        await factory.create_no_params_getter("getZones", Any)(told)
        await factory.create_paginated_getter("getItems", Any)(told, limit=3, page=2)
        await factory.create_complex_method("getReports", Any, {"guild_id": int}, {"limit": int}, {"guild_id": "guildID"})(
            told, guild_id=3, limit=2
        )
        await factory.create_method_with_builder("getReports", Any, lambda **given: {"page": given["page"]})(told, page=4)

    asyncio.run(ask())
    tables = [factory.SIMPLE_GETTER_CONFIGS, factory.NO_PARAM_GETTER_CONFIGS]
    return [told.asked, tables, sorted(factory.PAGINATED_GETTER_CONFIGS)]


def modules(asked):
    """Which of these modules can be imported."""
    found = []
    for name in asked:
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:
            pass
    return found


async def answers(url, token):
    found = []
    async with client.Client(url=url, headers={"Authorization": f"Bearer {token}"}) as asked:
        for method, positional, named in json.load(sys.stdin):
            try:
                found.append({"answer": tree(await getattr(asked, method)(*positional, **named))})
            except Exception as error:
                found.append({"raised": type(error).__name__, "words": str(error)})
    return found


if __name__ == "__main__":
    if sys.argv[1] == "names":
        more = {"built": built(), "made": made(), "checked": checked(), "signatures": signatures()}
        queries = [name for name in importlib.import_module("esologs.queries").QUERIES]
        print(json.dumps({**names(), "modules": modules(json.load(sys.stdin)), "queries": queries, **more}))
    else:
        print(json.dumps(asyncio.run(answers(*sys.argv[2:]))))
