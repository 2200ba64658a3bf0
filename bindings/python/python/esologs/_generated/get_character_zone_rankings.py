"""Answer of the operation ``getCharacterZoneRankings``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetCharacterZoneRankings(BaseModel):
    character_data: Optional[GetCharacterZoneRankingsCharacterData] = Field(alias="characterData")


class GetCharacterZoneRankingsCharacterData(BaseModel):
    character: Optional[GetCharacterZoneRankingsCharacterDataCharacter]


class GetCharacterZoneRankingsCharacterDataCharacter(BaseModel):
    zone_rankings: Optional[Any] = Field(alias="zoneRankings")
