"""Answer of the operation ``getRegions``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import List, Optional

from pydantic import Field

from .base_model import BaseModel


class GetRegions(BaseModel):
    world_data: Optional[GetRegionsWorldData] = Field(alias="worldData")


class GetRegionsWorldData(BaseModel):
    regions: Optional[List[Optional[GetRegionsWorldDataRegions]]]


class GetRegionsWorldDataRegions(BaseModel):
    id: int
    name: str
    subregions: Optional[List[Optional[GetRegionsWorldDataRegionsSubregions]]]


class GetRegionsWorldDataRegionsSubregions(BaseModel):
    id: int
    name: str
