"""Answer of the operation ``getFactions``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import List, Optional

from pydantic import Field

from .base_model import BaseModel


class GetFactions(BaseModel):
    game_data: Optional[GetFactionsGameData] = Field(alias="gameData")


class GetFactionsGameData(BaseModel):
    factions: Optional[List[Optional[GetFactionsGameDataFactions]]]


class GetFactionsGameDataFactions(BaseModel):
    id: int
    name: str
