"""Answer of the operation ``getCharacterEncounterRankings``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetCharacterEncounterRankings(BaseModel):
    character_data: Optional[GetCharacterEncounterRankingsCharacterData] = Field(alias="characterData")


class GetCharacterEncounterRankingsCharacterData(BaseModel):
    character: Optional[GetCharacterEncounterRankingsCharacterDataCharacter]


class GetCharacterEncounterRankingsCharacterDataCharacter(BaseModel):
    encounter_rankings: Optional[Any] = Field(alias="encounterRankings")
