"""Answer of the operation ``getUserById``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import Any, List, Optional

from pydantic import Field

from .base_model import BaseModel


class GetUserById(BaseModel):
    user_data: Optional[GetUserByIdUserData] = Field(alias="userData", default=None)


class GetUserByIdUserData(BaseModel):
    user: Optional[GetUserByIdUserDataUser] = None


class GetUserByIdUserDataUser(BaseModel):
    id: int
    name: str
    guilds: Optional[List[Optional[GetUserByIdUserDataUserGuilds]]] = None
    characters: Optional[List[Optional[GetUserByIdUserDataUserCharacters]]] = None
    na_display_name: Optional[str] = Field(alias="naDisplayName", default=None)
    eu_display_name: Optional[str] = Field(alias="euDisplayName", default=None)


class GetUserByIdUserDataUserGuilds(BaseModel):
    id: int
    name: str
    server: GetUserByIdUserDataUserGuildsServer


class GetUserByIdUserDataUserGuildsServer(BaseModel):
    name: str
    region: GetUserByIdUserDataUserGuildsServerRegion


class GetUserByIdUserDataUserGuildsServerRegion(BaseModel):
    name: str


class GetUserByIdUserDataUserCharacters(BaseModel):
    id: int
    name: str
    server: GetUserByIdUserDataUserCharactersServer
    game_data: Optional[Any] = Field(alias="gameData", default=None)
    class_id: int = Field(alias="classID")
    race_id: int = Field(alias="raceID")
    hidden: bool


class GetUserByIdUserDataUserCharactersServer(BaseModel):
    name: str
    region: GetUserByIdUserDataUserCharactersServerRegion


class GetUserByIdUserDataUserCharactersServerRegion(BaseModel):
    name: str
