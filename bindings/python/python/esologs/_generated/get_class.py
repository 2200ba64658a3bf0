"""Answer of the operation ``getClass``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class GetClass(BaseModel):
    game_data: Optional[GetClassGameData] = Field(alias="gameData")


class GetClassGameData(BaseModel):
    class_: Optional[GetClassGameDataClass] = Field(alias="class")


class GetClassGameDataClass(BaseModel):
    id: int
    name: str
    slug: str
