"""Our operations, read: name, text, variables and what they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from graphql import (
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    parse,
    print_ast,
    validate,
    value_from_ast_untyped,
)

PAGE = "total per_page current_page from to last_page has_more_pages"


@dataclass(frozen=True)
class Variable:
    name: str
    type: str
    default: object | None

    @property
    def is_required(self) -> bool:
        return self.type.endswith("!")


@dataclass(frozen=True)
class Operation:
    group: str
    name: str
    text: str
    variables: tuple[Variable, ...]
    selection: tuple[FieldNode, ...]
    #: What it brings: the comment above it.
    doc: str


def read_schema(path: Path) -> GraphQLSchema:
    return build_schema(path.read_text())


def read(folder: Path, schema: GraphQLSchema) -> list[Operation]:
    """All operations, in the order of files and lines. Each is valid on the schema."""
    return [operation for path in sorted(folder.glob("*.graphql")) for operation in _read_file(path, schema)]


def _read_file(path: Path, schema: GraphQLSchema) -> list[Operation]:
    text = path.read_text()
    document = parse(re.sub(r"\.\.\.Page\b", PAGE, text))
    errors = validate(schema, document)
    if errors:
        raise SystemExit(f"{path}: {errors[0]}")
    docs = {
        name: " ".join(line.strip("# ") for line in comment.splitlines())
        for comment, name in re.findall(r"((?:^#.*\n)+)query (\w+)", text, re.MULTILINE)
    }
    return [_operation(path.stem, node, docs) for node in document.definitions]


def _operation(group: str, node: OperationDefinitionNode, docs: dict[str, str]) -> Operation:
    variables = tuple(
        Variable(
            name=variable.variable.name.value,
            type=print_ast(variable.type),
            default=value_from_ast_untyped(variable.default_value) if variable.default_value else None,
        )
        for variable in node.variable_definitions
    )
    name = node.name.value
    if name not in docs:
        raise SystemExit(f"{name} has no comment above it that says what it brings")
    return Operation(group, name, print_ast(node), variables, node.selection_set.selections, docs[name])
