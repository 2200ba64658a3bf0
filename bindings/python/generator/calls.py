"""The methods of the client that are one operation each."""

from __future__ import annotations

from textwrap import wrap

from .names import pascal, snake
from .operations import Operation, Variable

TYPES = {"Int": "int", "Float": "float", "String": "str", "Boolean": "bool", "[Int]": "List[int]"}

#: Operations that a method of another name asks, written by hand.
WITHOUT_METHOD = {"getClasses", "getGuildByName"}

HEAD = '''"""Methods of the client, one for each operation. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Type, Union

from .._unset import UNSET, UnsetType
from .caller import Caller

if TYPE_CHECKING:
{imports}

'''


def module(operations: list[Operation], groups: dict[str, str], enums: list[str]) -> str:
    with_method = [operation for operation in operations if operation.name not in WITHOUT_METHOD]
    used = sorted(
        {
            enum
            for enum in enums
            for operation in with_method
            for variable in operation.variables
            if variable.type.strip("!") == enum
        }
    )
    imports = [f"    from .enums import {', '.join(used)}"]
    imports += [f"    from .{snake(operation.name)} import {pascal(operation.name)}" for operation in with_method]
    parts = [HEAD.format(imports="\n".join(imports))]
    for group, doc in groups.items():
        parts.append(f'\nclass {pascal(group)}Calls(Caller):\n    """{doc}"""\n')
        parts += [_method(operation, enums) for operation in with_method if operation.group == group]
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def _method(operation: Operation, enums: list[str]) -> str:
    name, answer = snake(operation.name), pascal(operation.name)
    variables = operation.variables
    # The one thing that a call is about can be said without its name; so can limit and page of a plain list.
    plain = {variable.name for variable in variables} <= {"limit", "page"}
    lines, star = [], plain
    for variable in sorted(variables, key=lambda variable: not variable.is_required):
        if not variable.is_required and not star:
            lines.append("*")
            star = True
        lines.append(f"{snake(variable.name)}: {_type(variable, enums)} = {_default(variable)}")
    if not star:
        lines.append("*")
    lines.append("raw: Union[bool, Type[bytes]] = False")
    given = "".join(f'            "{variable.name}": {snake(variable.name)},\n' for variable in variables)
    given = f"\n{given}        " if given else ""
    signature = "".join(f"        {line},\n" for line in ["self", *lines, "**others: Any"])
    signature = signature.replace("**others: Any,\n", "**others: Any\n")
    return f'''
    async def {name}(
{signature}    ) -> {answer}:
        """{_doc(operation)}"""
        given: Dict[str, Any] = {{{given}}}
        answer: {answer} = await self._call("{name}", "{operation.name}", given, others, raw)
        return answer
'''


def _doc(operation: Operation) -> str:
    return "\n        ".join(wrap(operation.doc, 110, break_on_hyphens=False))


def _type(variable: Variable, enums: list[str]) -> str:
    bare = variable.type.strip("!")
    word = f"Union[{bare}, str]" if bare in enums else TYPES[bare]
    return f"Union[{word}, None, UnsetType]"


def _default(variable: Variable) -> str:
    return "UNSET" if variable.default is None else repr(variable.default)


STUB_HEAD = '''"""The types of ``calls``: what comes depends on ``raw``. Written by ``generator``: do not edit."""

from typing import Any, Dict, List, Literal, Optional, Type, Union, overload

from .base_model import UnsetType
from .caller import Caller
{imports}
'''


def stub(operations: list[Operation], groups: dict[str, str], enums: list[str]) -> str:
    """The types of the methods' module."""
    with_method, imports = _imports(operations, enums, ".")
    parts = [STUB_HEAD.format(imports="\n".join(imports))]
    for group in groups:
        parts.append(f"\nclass {pascal(group)}Calls(Caller):\n")
        parts += [_overloads(operation, enums, "async def") for operation in with_method if operation.group == group]
    return "".join(parts)


SYNC_HEAD = '''"""The methods of the client that waits. Written by ``generator``: do not edit."""

from typing import Any, Callable, Dict, List, Literal, Optional, Type, Union, overload

import httpx
{imports}
from ._generated.get_classes import GetClasses
from ._generated.get_guild_by_name import GetGuildByName
from ._generated.get_report_events import GetReportEventsReportDataReportEvents
from ._generated.get_reports import GetReportsReportDataReports, GetReportsReportDataReportsData
from ._generated.base_model import UnsetType
from ._http_client import AnyClient
from .arrow import ArrowEvents
from .pages import Entries
from .points import Points
from .user_auth import UserToken

class SyncClientBase:
    def __init__(
        self,
        url: str = ...,
        headers: Optional[Dict[str, str]] = ...,
        user_token: Optional[Union[str, UserToken]] = ...,
        http_client: Optional[AnyClient] = ...,
        **settings: Any,
    ) -> None: ...
    def __exit__(self, *_: object) -> None: ...
    def close(self) -> None: ...
    def execute(
        self, query: str, operation_name: Optional[str] = ..., variables: Optional[Dict[str, Any]] = ...
    ) -> httpx.Response: ...
    def get_data(self, response: httpx.Response) -> Any: ...
    def points(self) -> Optional[Points]: ...
    @property
    def breaker_state(self) -> Optional[str]: ...
    def events(
        self, code: str, *, data_type: Union[EventDataType, str] = ..., **filters: Any
    ) -> Entries[Dict[str, Any], GetReportEventsReportDataReportEvents]: ...
    def events_arrow(
        self,
        code: str,
        *,
        data_type: Union[EventDataType, str] = ...,
        report_start: Optional[float] = ...,
        **filters: Any,
    ) -> ArrowEvents: ...
    def reports(self, **filters: Any) -> Entries[GetReportsReportDataReportsData, GetReportsReportDataReports]: ...
    def entries(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Entries[Any, Any]: ...

class SyncClient(SyncClientBase):
    def __enter__(self) -> SyncClient: ...
    def without_cache(self) -> SyncClient: ...
    def refreshing(self) -> SyncClient: ...
    def never_stale(self) -> SyncClient: ...
    def only_cached(self) -> SyncClient: ...
{get_classes}    @overload
    def get_classes(
        self, limit: Any = ..., page: Any = ..., *, raw: Literal[False] = ..., **others: Any
    ) -> GetClasses: ...
{get_guild}    @overload
    def get_guild(
        self,
        guild_id: Union[int, None, UnsetType] = ...,
        guild_name: Union[str, None, UnsetType] = ...,
        guild_server_slug: Union[str, None, UnsetType] = ...,
        guild_server_region: Union[str, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
    ) -> Union[GetGuildById, GetGuildByName]: ...
{search_reports}    @overload
    def search_reports(self, *arguments: Any, raw: Literal[False] = ..., **named: Any) -> GetReports: ...
{get_guild_reports}    @overload
    def get_guild_reports(self, guild_id: int, *arguments: Any, raw: Literal[False] = ..., **named: Any) -> GetReports: ...
{get_user_reports}    @overload
    def get_user_reports(self, user_id: int, *arguments: Any, raw: Literal[False] = ..., **named: Any) -> GetReports: ...
'''


def sync_stub(operations: list[Operation], enums: list[str]) -> str:
    """The types of the client that waits: its methods are made when it is loaded."""
    with_method, imports = _imports(operations, enums, "._generated.")
    by_hand = {name: _raw_forms(name, "def") for name in BY_HAND}
    methods = "".join(_overloads(operation, enums, "def") for operation in with_method)
    return SYNC_HEAD.format(imports="\n".join(imports), **by_hand) + methods


#: Methods that are written by hand.
BY_HAND = ("get_classes", "get_guild", "search_reports", "get_guild_reports", "get_user_reports")


def _imports(operations: list[Operation], enums: list[str], package: str) -> tuple[list[Operation], list[str]]:
    with_method = [operation for operation in operations if operation.name not in WITHOUT_METHOD]
    used = sorted({variable.type.strip("!") for operation in with_method for variable in operation.variables} & set(enums))
    imports = [f"from {package}enums import {', '.join(used)}"]
    return with_method, imports + [
        f"from {package}{snake(operation.name)} import {pascal(operation.name)}" for operation in with_method
    ]


def _raw_forms(name: str, define: str) -> str:
    """Without a model: dicts and lists, or JSON."""
    return "".join(
        f"    @overload\n    {define} {name}(self, *arguments: Any, raw: {raw}, **named: Any) -> {answer}: ...\n"
        for raw, answer in (("Literal[True]", "Dict[str, Any]"), ("Type[bytes]", "bytes"))
    )


def _overloads(operation: Operation, enums: list[str], define: str) -> str:
    text = _method(operation, enums).split(':\n        """')[0].strip("\n").replace("async def", define)
    text = text.replace("= UNSET", "= ...").replace("raw: Union[bool, Type[bytes]] = False", "raw: Literal[False] = ...")
    return f"{_raw_forms(snake(operation.name), define)}    @overload\n{text}: ...\n"
