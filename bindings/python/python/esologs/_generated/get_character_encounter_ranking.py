"""Answer of the operation ``getCharacterEncounterRanking``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class GetCharacterEncounterRanking(BaseModel):
    character_data: Optional[GetCharacterEncounterRankingCharacterData] = Field(alias="characterData")


class GetCharacterEncounterRankingCharacterData(BaseModel):
    character: Optional[GetCharacterEncounterRankingCharacterDataCharacter]


class GetCharacterEncounterRankingCharacterDataCharacter(BaseModel):
    encounter_rankings: Optional[Any] = Field(alias="encounterRankings")
