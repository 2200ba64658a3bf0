"""The game's own lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union

from .._generated.base_model import UNSET, UnsetType
from .._generated.calls import GameDataCalls

if TYPE_CHECKING:
    from .._generated.get_classes import GetClasses


class GameDataMixin(GameDataCalls):
    """The game's own lists."""

    async def get_classes(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        **others: Any,
    ) -> GetClasses:
        """All classes. ``limit`` and ``page`` are taken as ever and not sent: this list has no pages."""
        answer: GetClasses = await self._call("get_classes", "getClasses", {}, others)
        return answer
