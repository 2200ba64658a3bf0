"""Beside the package whose place this one takes, on the same simulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest
from esologs import Client
from esologs.auth import get_access_token
from esologs.testing import Simulator

PEER = os.environ.get("ESOLOGS_PEER", "")
pytestmark = pytest.mark.skipif(not PEER, reason="ESOLOGS_PEER names no interpreter that has esologs-python")
Start = Callable[..., Simulator]
Call = Tuple[str, List[Any], Dict[str, Any]]

MODULES = [
    *(f"esologs.{name}" for name in ("auth", "client", "client_factory", "method_factory", "param_builders", "queries")),
    *(f"esologs.{name}" for name in ("user_auth", "validators")),
    *(f"esologs._generated.{name}" for name in ("async_base_client", "base_model", "enums", "exceptions", "get_np_cs")),
    *(f"esologs.mixins.{name}" for name in ("character", "game_data", "guild", "progress_race", "report", "user", "world_data")),
    "esologs.no_such_module",
]


def run(interpreter: str, *arguments: str, given: Any = None) -> Any:
    script = str(Path(__file__).with_name("surface.py"))
    # Without credentials, so that who needs them says so.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ESOLOGS_")}
    how: Any = {"input": json.dumps(given), "capture_output": True, "text": True, "env": environment}
    ran = subprocess.run([interpreter, script, *arguments], cwd=os.path.dirname(script), **how)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def names() -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Names of ours and of the other's."""
    return run(sys.executable, "names", given=MODULES), run(PEER, "names", given=MODULES)


def test_what_is_exported_there_is_exported_here(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    ours, theirs = names

    assert set(theirs["all"]) <= set(ours["all"])


def test_models_have_the_same_fields_and_aliases(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    ours, theirs = names

    assert len(theirs["fields"]) > 180
    assert ours["fields"] == theirs["fields"]


def test_enums_have_the_same_values(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    ours, theirs = names

    assert len(theirs["enums"]) == 17
    assert ours["enums"] == theirs["enums"]


def test_exceptions_stand_to_each_other_as_there(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    ours, theirs = names

    for name, parents in theirs["exceptions"].items():
        assert [parent for parent in ours["exceptions"][name] if parent in parents] == parents, name


def test_methods_and_validators_take_what_they_take_there(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    ours, theirs = names

    assert len(theirs["methods"]) == 43  # the 42, and get_data
    for method, positional in theirs["positional"].items():
        named = [name.rstrip("_") for name in positional]
        assert ours["positional"][method][: len(named)] == named or len(named) == 2, method
    for validator, parameters in theirs["validators"].items():
        named = [name for name in parameters if name != "kwargs"]
        assert ours["validators"][validator][: len(named)] == named, validator


def test_builders_of_variables_and_factories_of_methods_make_the_same(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    ours, theirs = names

    assert len(theirs["built"]) > 15 and len(theirs["made"]) == 3
    assert (ours["built"], ours["made"]) == (theirs["built"], theirs["made"])


def test_what_is_refused_is_refused_in_the_same_words(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    ours, theirs = names

    assert len(theirs["checked"]) > 100
    for our, their in zip(ours["checked"], theirs["checked"]):
        if our[0] == "factory":
            # Ours says as well where credentials are to be had.
            our[2] = our[2].split(" (")[0]
        assert our == their


#: What takes its arguments otherwise, and why.
OTHERWISE = {
    "auth.download_remote_schema": "not here: the schema is part of the repository",
    "auth.download_eso_logs_schema": "not here, either",
    "method_factory.ModelWithValidate": "a type for annotations inside",
}


def test_functions_and_classes_take_the_same_arguments_with_the_same_defaults(
    names: Tuple[Dict[str, Any], Dict[str, Any]],
) -> None:
    ours, theirs = names

    assert len(theirs["signatures"]) > 60
    for name, their in theirs["signatures"].items():
        if name in OTHERWISE:
            continue
        our = ours["signatures"][name]
        assert [each for each in our if each[0] in {known for known, *_ in their}] == their, name
        # What we take beside that comes after it, and can be left out.
        positional = [each for each in their if each[1] == "POSITIONAL_OR_KEYWORD"]
        assert our[: len(positional)] == positional, name
        assert all(default is not None for known, _, default in our if known not in {known for known, *_ in their}), name


def test_queries_have_the_same_names_and_are_constants_as_well(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    from esologs.queries import GET_NPCS, GET_REPORT_EVENTS, QUERIES

    ours, theirs = names

    assert sorted(ours["queries"]) == sorted(theirs["queries"]) == sorted(QUERIES)
    assert (GET_NPCS, GET_REPORT_EVENTS) == (QUERIES["getNPCs"], QUERIES["getReportEvents"])


def test_every_module_that_can_be_imported_there_can_be_imported_here(names: Tuple[Dict[str, Any], Dict[str, Any]]) -> None:
    ours, theirs = names

    assert ours["modules"] == theirs["modules"] == MODULES[:-1]


async def test_each_of_the_42_methods_gives_the_same_attributes_on_the_same_answer(start: Start) -> None:
    simulator = start()
    token = get_access_token()
    calls = await every_call()
    assert len({method for method, _, _ in calls}) == 42

    ours = run(sys.executable, "answers", simulator.url, token, given=calls)
    theirs = run(PEER, "answers", simulator.url, token, given=calls)

    answered = 0
    for call, our, their in zip(calls, ours, theirs):
        assert without_points(our) == without_points(their), call
        answered += "answer" in our
    assert answered >= 42


def without_points(answer: Dict[str, Any]) -> Dict[str, Any]:
    """The same without what changes from one call to the next."""
    points = (answer.get("answer") or {}).get("rate_limit_data")
    for name in ("points_spent_this_hour", "points_reset_in"):
        if points is not None:
            assert isinstance(points[name], (int, float))
            points[name] = None
    return answer


async def every_call() -> List[Call]:
    """Each method with what the simulated world has for it, and those that fail."""
    client = Client()
    # What is still being uploaded changes from one call to the next.
    ended = {"end_time": (time.time() - 7 * 86_400) * 1000}
    async with client:
        reports = (await client.search_reports(guild_id=3468, limit=5, **ended)).report_data.reports.data
        code = reports[0].code
        fights = (await client.get_report_by_code(code)).report_data.report.fights
        zones = (await client.get_zones()).world_data.zones
        members = (await client.get_guild_members(guild_id=3468, limit=3)).guild_data.guild.members.data
        named = await client.execute("query Named { guildData { guild(id: 3468) { name server { slug region { slug } } } } }")
    guild = client.get_data(named)["guildData"]["guild"]
    character, zone = members[0].id, zones[-1].id
    encounter = zones[-1].encounters[0].id
    fight, end = [fights[0].id], fights[0].end_time
    triple = {
        "guild_name": guild["name"],
        "guild_server_slug": guild["server"]["slug"],
        "guild_server_region": guild["server"]["region"]["slug"],
    }
    single = ["get_ability", "get_class", "get_item", "get_item_set", "get_map", "get_npc"]
    lists = ["get_abilities", "get_items", "get_item_sets", "get_maps", "get_npcs"]
    plain = [
        "get_factions",
        "get_world_data",
        "get_zones",
        "get_regions",
        "get_rate_limit_data",
        "get_current_user",
        "get_user_data",
    ]
    calls: List[Call] = [(name, [], {"id": 2}) for name in single]
    calls += [(name, [1], {}) for name in single]
    calls += [(name, [], {"limit": 3, "page": 2}) for name in lists]
    calls += [(name, [], {}) for name in [*plain, "get_rate_limit_data"]]
    calls += [
        ("get_classes", [], {}),
        ("get_classes", [], {"zone_id": zone}),
        ("get_encounters_by_zone", [zone], {}),
        ("get_encounters_by_zone", [], {"zone_id": zone}),
        ("get_character_by_id", [character], {}),
        ("get_character_by_id", [], {"id": character}),
        ("get_character_reports", [], {"character_id": character}),
        ("get_character_reports", [], {"character_id": character, "limit": 2}),
        ("get_character_encounter_ranking", [], {"character_id": character, "encounter_id": encounter}),
        ("get_character_encounter_rankings", [], {"character_id": character, "encounter_id": encounter, "metric": "dps"}),
        ("get_character_zone_rankings", [], {"character_id": character, "zone_id": zone, "role": "DPS"}),
        ("get_guild_by_id", [3468], {}),
        ("get_guild_by_id", [], {"guild_id": 3468}),
        ("get_guild_by_id", [], {"guildId": 1}),
        ("get_guild", [3468], {}),
        ("get_guild", [], triple),
        ("get_guilds", [], {"limit": 2}),
        ("get_guild_attendance", [], {"guild_id": 3468}),
        ("get_guild_attendance", [], {"guild_id": 3468, "zone_id": zone, "limit": 3}),
        ("get_guild_members", [], {"guild_id": 3468, "limit": 4, "page": 2}),
        ("get_report_by_code", [code], {}),
        ("get_report_by_code", [], {"code": code}),
        ("get_report_events", [], {"code": code, "data_type": "Deaths", "start_time": 0, "end_time": end}),
        ("get_report_events", [], {"code": code, "fight_i_ds": fight, "limit": 100, "use_actor_i_ds": False}),
        ("get_report_graph", [], {"code": code, "data_type": "DamageDone", "fight_i_ds": fight}),
        ("get_report_table", [], {"code": code, "data_type": "Healing", "fight_i_ds": fight, "view_by": "Source"}),
        ("get_report_rankings", [], {"code": code}),
        ("get_report_player_details", [], {"code": code, "fight_i_ds": fight}),
        ("get_reports", [], {"guild_id": 3468, "limit": 3, **ended}),
        ("search_reports", [3468], {"limit": 3, "page": 2, **ended}),
        ("search_reports", [], {**triple, "limit": 2, **ended}),
        ("get_guild_reports", [3468], {"limit": 3, **ended}),
        ("get_user_reports", [], {"user_id": 1, "limit": 3, **ended}),
        ("get_progress_race", [], {"competition_id": 1}),
        ("get_user_by_id", [], {"user_id": 1}),
        ("get_report_by_code", ["nosuchreport"], {}),
    ]
    return calls
