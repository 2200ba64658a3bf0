"""Regions, servers, zones, encounters."""

from __future__ import annotations

from .._generated.calls import WorldDataCalls


class WorldDataMixin(WorldDataCalls):
    """Regions, servers, zones, encounters."""
