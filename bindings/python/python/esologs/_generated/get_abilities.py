"""Answer of the operation ``getAbilities``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import List, Optional

from pydantic import Field

from .base_model import BaseModel


class GetAbilities(BaseModel):
    game_data: Optional[GetAbilitiesGameData] = Field(alias="gameData", default=None)


class GetAbilitiesGameData(BaseModel):
    abilities: Optional[GetAbilitiesGameDataAbilities] = None


class GetAbilitiesGameDataAbilities(BaseModel):
    data: Optional[List[Optional[GetAbilitiesGameDataAbilitiesData]]] = None
    total: int
    per_page: int
    current_page: int
    from_: Optional[int] = Field(alias="from", default=None)
    to: Optional[int] = None
    last_page: int
    has_more_pages: bool


class GetAbilitiesGameDataAbilitiesData(BaseModel):
    id: int
    name: Optional[str] = None
    icon: Optional[str] = None
