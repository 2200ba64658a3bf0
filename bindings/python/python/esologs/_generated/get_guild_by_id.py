"""Answer of the operation ``getGuildById``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import List, Optional

from pydantic import Field

from .base_model import BaseModel


class GetGuildById(BaseModel):
    guild_data: Optional[GetGuildByIdGuildData] = Field(alias="guildData")


class GetGuildByIdGuildData(BaseModel):
    guild: Optional[GetGuildByIdGuildDataGuild]


class GetGuildByIdGuildDataGuild(BaseModel):
    id: int
    name: str
    description: str
    faction: GetGuildByIdGuildDataGuildFaction
    server: GetGuildByIdGuildDataGuildServer
    tags: Optional[List[Optional[GetGuildByIdGuildDataGuildTags]]]


class GetGuildByIdGuildDataGuildFaction(BaseModel):
    name: str


class GetGuildByIdGuildDataGuildServer(BaseModel):
    name: str
    region: GetGuildByIdGuildDataGuildServerRegion


class GetGuildByIdGuildDataGuildServerRegion(BaseModel):
    name: str


class GetGuildByIdGuildDataGuildTags(BaseModel):
    id: int
    name: str
