"""Races to a first kill."""

from __future__ import annotations

from .._generated.calls import ProgressRaceCalls


class ProgressRaceMixin(ProgressRaceCalls):
    """Races to a first kill."""
