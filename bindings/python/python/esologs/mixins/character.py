"""Characters and their rankings."""

from __future__ import annotations

from .._generated.calls import CharacterCalls


class CharacterMixin(CharacterCalls):
    """Characters and their rankings."""
