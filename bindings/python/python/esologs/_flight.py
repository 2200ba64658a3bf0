"""Calls on their way."""

from __future__ import annotations

from typing import Any


async def landed(flight: Any) -> Any:
    """What a call brings; it is abandoned where nobody waits for it any more."""
    try:
        return await flight.future
    finally:
        flight.abandon()
