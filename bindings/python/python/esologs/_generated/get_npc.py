"""Answer of the operation ``getNPC``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class GetNPC(BaseModel):
    game_data: Optional[GetNPCGameData] = Field(alias="gameData")


class GetNPCGameData(BaseModel):
    npc: Optional[GetNPCGameDataNpc]


class GetNPCGameDataNpc(BaseModel):
    id: int
    name: Optional[str]
