"""Answer of the operation ``getGuildMembers``. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import List, Optional

from pydantic import Field

from .base_model import BaseModel


class GetGuildMembers(BaseModel):
    guild_data: Optional[GetGuildMembersGuildData] = Field(alias="guildData")


class GetGuildMembersGuildData(BaseModel):
    guild: Optional[GetGuildMembersGuildDataGuild]


class GetGuildMembersGuildDataGuild(BaseModel):
    members: GetGuildMembersGuildDataGuildMembers


class GetGuildMembersGuildDataGuildMembers(BaseModel):
    total: int
    per_page: int
    current_page: int
    has_more_pages: bool
    data: Optional[List[Optional[GetGuildMembersGuildDataGuildMembersData]]]


class GetGuildMembersGuildDataGuildMembersData(BaseModel):
    id: int
    name: str
    server: GetGuildMembersGuildDataGuildMembersDataServer
    guild_rank: int = Field(alias="guildRank")


class GetGuildMembersGuildDataGuildMembersDataServer(BaseModel):
    name: str
    region: GetGuildMembersGuildDataGuildMembersDataServerRegion


class GetGuildMembersGuildDataGuildMembersDataServerRegion(BaseModel):
    name: str
