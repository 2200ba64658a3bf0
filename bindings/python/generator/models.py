"""Result models: one class for each object that an operation asks for, named by the way to it."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import FieldNode, GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema

from .names import attribute, pascal
from .operations import Operation

SCALARS = {"Int": "int", "Float": "float", "String": "str", "Boolean": "bool", "ID": "str", "JSON": "Any"}

HEAD = '''"""Answer of the operation ``{operation}``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, List, Optional

from pydantic import Field

from .base_model import BaseModel
'''


@dataclass
class Model:
    name: str
    fields: list[str]


def module(operation: Operation, schema: GraphQLSchema) -> str:
    """The text of the operation's module."""
    models: list[Model] = []
    _collect(pascal(operation.name), operation.selection, schema.query_type, models)
    head = HEAD.format(operation=operation.name)
    if not any(" = Field(" in field for model in models for field in model.fields):
        head = head.replace("from pydantic import Field\n\n", "")
    names = [word for word in ("Any", "List", "Optional") if any(word in field for model in models for field in model.fields)]
    head = head.replace("from typing import Any, List, Optional", f"from typing import {', '.join(names)}")
    classes = "".join(
        f"\n\nclass {model.name}(BaseModel):\n" + "".join(f"    {line}\n" for line in model.fields) for model in models
    )
    return head + classes


def names(operation: Operation, schema: GraphQLSchema) -> list[str]:
    models: list[Model] = []
    _collect(pascal(operation.name), operation.selection, schema.query_type, models)
    return [model.name for model in models]


def _collect(name: str, selection: tuple[FieldNode, ...], parent: GraphQLObjectType, models: list[Model]) -> None:
    model = Model(name, [])
    models.append(model)
    for node in selection:
        field = node.name.value
        inner = name + pascal(field)
        kind = parent.fields[field].type
        model.fields.append(_line(field, _annotation(kind, inner)))
        named = kind
        while isinstance(named, (GraphQLNonNull, GraphQLList)):
            named = named.of_type
        if isinstance(named, GraphQLObjectType):
            _collect(inner, node.selection_set.selections, named, models)


def _annotation(kind: object, inner: str) -> str:
    if isinstance(kind, GraphQLNonNull):
        return _bare(kind.of_type, inner)
    return f"Optional[{_bare(kind, inner)}]"


def _bare(kind: object, inner: str) -> str:
    if isinstance(kind, GraphQLList):
        return f"List[{_annotation(kind.of_type, inner)}]"
    if isinstance(kind, GraphQLObjectType):
        return inner
    # A value that is not known yet is data, not an error.
    return "str" if isinstance(kind, GraphQLEnumType) else SCALARS[kind.name]


def _line(field: str, annotation: str) -> str:
    name = attribute(field)
    # What was asked for is there, be it null: an answer that lacks it is none.
    return f"{name}: {annotation}" if name == field else f'{name}: {annotation} = Field(alias="{field}")'
