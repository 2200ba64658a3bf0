"""The game's own lists."""

from __future__ import annotations

from .._generated.calls import GameDataCalls


class GameDataMixin(GameDataCalls):
    """The game's own lists."""
