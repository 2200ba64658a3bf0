"""The game's own lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Literal, Type, Union, overload

from .._generated.calls import GameDataCalls
from .._unset import UNSET, UnsetType

if TYPE_CHECKING:
    from .._generated.get_classes import GetClasses


class GameDataMixin(GameDataCalls):
    """The game's own lists."""

    @overload
    async def get_classes(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_classes(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_classes(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any,
    ) -> GetClasses: ...
    async def get_classes(  # type: ignore[misc]  # raw forms take the arguments of this one
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Any = False,
        **others: Any,
    ) -> Any:
        """All classes. ``limit`` and ``page`` are taken as ever and not sent: this list has no pages."""
        return await self._call("get_classes", "getClasses", {}, others, raw)
