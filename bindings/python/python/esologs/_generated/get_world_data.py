"""Answer of the operation ``getWorldData``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import List, Optional

from pydantic import Field

from .base_model import BaseModel


class GetWorldData(BaseModel):
    world_data: Optional[GetWorldDataWorldData] = Field(alias="worldData", default=None)


class GetWorldDataWorldData(BaseModel):
    encounter: Optional[GetWorldDataWorldDataEncounter] = None
    expansion: Optional[GetWorldDataWorldDataExpansion] = None
    expansions: Optional[List[Optional[GetWorldDataWorldDataExpansions]]] = None
    region: Optional[GetWorldDataWorldDataRegion] = None
    regions: Optional[List[Optional[GetWorldDataWorldDataRegions]]] = None
    server: Optional[GetWorldDataWorldDataServer] = None
    subregion: Optional[GetWorldDataWorldDataSubregion] = None
    zone: Optional[GetWorldDataWorldDataZone] = None
    zones: Optional[List[Optional[GetWorldDataWorldDataZones]]] = None


class GetWorldDataWorldDataEncounter(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataExpansion(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataExpansions(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataRegion(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataRegions(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataServer(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataSubregion(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataZone(BaseModel):
    id: int
    name: str
    frozen: bool
    expansion: GetWorldDataWorldDataZoneExpansion
    difficulties: Optional[List[Optional[GetWorldDataWorldDataZoneDifficulties]]] = None
    encounters: Optional[List[Optional[GetWorldDataWorldDataZoneEncounters]]] = None
    partitions: Optional[List[Optional[GetWorldDataWorldDataZonePartitions]]] = None


class GetWorldDataWorldDataZoneExpansion(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataZoneDifficulties(BaseModel):
    id: int
    name: str
    sizes: Optional[List[Optional[int]]] = None


class GetWorldDataWorldDataZoneEncounters(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataZonePartitions(BaseModel):
    id: int
    name: str
    compact_name: str = Field(alias="compactName")
    default: bool


class GetWorldDataWorldDataZones(BaseModel):
    id: int
    name: str
    frozen: bool
    expansion: GetWorldDataWorldDataZonesExpansion
    brackets: Optional[GetWorldDataWorldDataZonesBrackets] = None
    difficulties: Optional[List[Optional[GetWorldDataWorldDataZonesDifficulties]]] = None
    encounters: Optional[List[Optional[GetWorldDataWorldDataZonesEncounters]]] = None
    partitions: Optional[List[Optional[GetWorldDataWorldDataZonesPartitions]]] = None


class GetWorldDataWorldDataZonesExpansion(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataZonesBrackets(BaseModel):
    min: float
    max: float
    bucket: float
    type: Optional[str] = None


class GetWorldDataWorldDataZonesDifficulties(BaseModel):
    id: int
    name: str
    sizes: Optional[List[Optional[int]]] = None


class GetWorldDataWorldDataZonesEncounters(BaseModel):
    id: int
    name: str


class GetWorldDataWorldDataZonesPartitions(BaseModel):
    id: int
    name: str
    compact_name: str = Field(alias="compactName")
    default: bool
