"""What a package named ``esologs`` is and answers, as JSON: run by the interpreter of each of the two, never imported.

``surface.py names`` tells its names; ``surface.py answers URL TOKEN`` reads calls from stdin and tells how each was answered.
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
            name: {field: info.alias for field, info in kind.model_fields.items()}
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
        print(json.dumps(names()))
    elif sys.argv[1] == "modules":
        print(json.dumps(modules(json.load(sys.stdin))))
    else:
        print(json.dumps(asyncio.run(answers(*sys.argv[2:]))))
