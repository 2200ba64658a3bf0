"""Writes ``python/esologs/_generated`` from ``operations/`` and the project's schema.

``python -m generator`` writes, ``python -m generator --check`` says what is not as it would be written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from graphql import GraphQLEnumType, GraphQLSchema

from . import calls, models
from .names import MODULE_ALIASES, pascal, snake
from .operations import Operation, read, read_schema

HERE = Path(__file__).resolve().parent.parent
SCHEMA = HERE / "../../schema/esologs.graphql"
TARGET = HERE / "python/esologs/_generated"

#: Files of ``operations/`` and what their methods are about.
GROUPS = {
    "game_data": "The game's own lists.",
    "world_data": "Regions, servers, zones, encounters.",
    "character": "Characters and their rankings.",
    "guild": "Guilds, their members and attendance.",
    "report": "Reports and what is in them.",
    "progress_race": "Races to a first kill.",
    "user": "Users, and the points of the key.",
}


def enums(schema: GraphQLSchema) -> list[GraphQLEnumType]:
    found = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLEnumType) and not kind.name.startswith("__")]
    return sorted(found, key=lambda kind: kind.name)


def enums_module(schema: GraphQLSchema) -> str:
    text = '"""The enums of the schema. Written by ``generator``: do not edit."""\n\nfrom enum import Enum\n'
    for kind in enums(schema):
        values = "".join(f'    {value} = "{value}"\n' for value in kind.values)
        text += f"\n\nclass {kind.name}(str, Enum):\n{values}"
    return text


def operations_module(operations: list[Operation]) -> str:
    text = '"""Text and variables of each operation. Written by ``generator``: do not edit."""\n\n'
    text += "#: Operation -> its text.\nQUERIES = {\n"
    text += "".join(f'    "{operation.name}": """\n{operation.text}\n""",\n' for operation in operations)
    text += "}\n\n#: Operation -> variables that have to be given.\nREQUIRED = {\n"
    for operation in operations:
        required = [f'"{variable.name}"' for variable in operation.variables if variable.is_required]
        if required:
            text += f'    "{operation.name}": [{", ".join(required)}],\n'
    text += "}\n\n#: Operation -> all of its variables.\nVARIABLES = {\n"
    for operation in operations:
        names = ", ".join(f'"{variable.name}"' for variable in operation.variables)
        text += f'    "{operation.name}": [{names}],\n'
    return text + "}\n"


def where_module(operations: list[Operation], schema: GraphQLSchema) -> str:
    text = '"""Which module has which model. Written by ``generator``: do not edit."""\n\n'
    text += "#: Name of a model or enum -> its module under ``esologs._generated``.\nMODULES = {\n"
    text += "".join(f'    "{kind.name}": "enums",\n' for kind in enums(schema))
    for operation in operations:
        text += "".join(f'    "{name}": "{snake(operation.name)}",\n' for name in models.names(operation, schema))
    text += "}\n\n#: Operation -> the model of its answer.\nANSWERS = {\n"
    text += "".join(f'    "{operation.name}": "{pascal(operation.name)}",\n' for operation in operations)
    return text + "}\n"


#: Names of the package that are no models -> their modules.
OTHERS = {
    "AsyncBaseClient": "_generated.async_base_client",
    "BaseModel": "_generated.base_model",
    "Upload": "_generated.base_model",
    "GraphQLClientError": "_generated.exceptions",
    "GraphQLClientGraphQLError": "_generated.exceptions",
    "GraphQLClientGraphQLMultiError": "_generated.exceptions",
    "GraphQLClientHttpError": "_generated.exceptions",
    "GraphQLClientInvalidResponseError": "_generated.exceptions",
    "Client": "client",
    "Points": "points",
    "Served": "_core",
    "SyncClient": "sync_client",
    **dict.fromkeys(
        ["CircuitBreaker", "CircuitBreakerOpen", "Fallback", "OrFallback", "RetryBudget", "RetryPolicy", "retry"], "resilience"
    ),
    **dict.fromkeys(["BreakerSettings", "RetryBudgetSettings"], "limits"),
    "OAuth2Flow": "user_auth",
    "UserToken": "user_auth",
    "exchange_authorization_code": "user_auth",
    "generate_authorization_url": "user_auth",
    "refresh_access_token": "user_auth",
    "get_access_token": "auth",
}


def package_stub(operations: list[Operation], schema: GraphQLSchema) -> str:
    """The types of the package's names, which are loaded when they are asked for."""
    places = {kind.name: "_generated.enums" for kind in enums(schema)}
    for operation in operations:
        places.update({name: f"_generated.{snake(operation.name)}" for name in models.names(operation, schema)})
    places.update(OTHERS)
    text = '"""Where the package\'s names are. Written by ``generator``: do not edit."""\n\n__version__: str\n\n'
    return text + "".join(f"from .{module} import {name} as {name}\n" for name, module in sorted(places.items()))


def written() -> dict[str, str]:
    schema = read_schema(SCHEMA)
    operations = read(HERE / "operations", schema)
    files = {f"{snake(operation.name)}.py": models.module(operation, schema) for operation in operations}
    for name, others in MODULE_ALIASES.items():
        for other in others:
            files[f"{other}.py"] = (
                f'"""Another name of ``{name}``. Written by ``generator``: do not edit."""\n\nfrom .{name} import *\n'
            )
    files["enums.py"] = enums_module(schema)
    files["operations.py"] = operations_module(operations)
    files["where.py"] = where_module(operations, schema)
    files["../sync_client.pyi"] = calls.sync_stub(operations, [kind.name for kind in enums(schema)])
    files["../__init__.pyi"] = package_stub(operations, schema)
    files["calls.py"] = calls.module(operations, GROUPS, [kind.name for kind in enums(schema)])
    files["calls.pyi"] = calls.stub(operations, GROUPS, [kind.name for kind in enums(schema)])
    return files


def main(arguments: list[str]) -> int:
    files = written()
    stale = [name for name, text in files.items() if not (TARGET / name).is_file() or (TARGET / name).read_text() != text]
    if arguments == ["--check"]:
        for name in stale:
            print(f"{TARGET / name} is not what the generator writes; run: python -m generator", file=sys.stderr)
        return 1 if stale else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (TARGET / name).write_text(files[name])
    print(f"{len(stale)} of {len(files)} files written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
