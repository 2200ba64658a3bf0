"""Guilds, their members and attendance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Literal, Optional, Type, Union, overload

from .._generated.calls import GuildCalls
from .._unset import UNSET, UnsetType
from ..validators import ValidationError

if TYPE_CHECKING:
    from .._generated.get_guild_by_id import GetGuildById
    from .._generated.get_guild_by_name import GetGuildByName


class GuildMixin(GuildCalls):
    """Guilds, their members and attendance."""

    @overload
    async def get_guild(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_guild(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_guild(
        self,
        guild_id: Union[Optional[int], UnsetType] = ...,
        guild_name: Union[Optional[str], UnsetType] = ...,
        guild_server_slug: Union[Optional[str], UnsetType] = ...,
        guild_server_region: Union[Optional[str], UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
    ) -> Union[GetGuildById, GetGuildByName]: ...
    async def get_guild(  # type: ignore[misc]  # raw forms take the arguments of this one
        self,
        guild_id: Union[Optional[int], UnsetType] = UNSET,
        guild_name: Union[Optional[str], UnsetType] = UNSET,
        guild_server_slug: Union[Optional[str], UnsetType] = UNSET,
        guild_server_region: Union[Optional[str], UnsetType] = UNSET,
        *,
        raw: Any = False,
    ) -> Any:
        """A guild, by its number or by its name and server.

        Raises :class:`ValidationError` where it is named in neither way, or in both.
        """
        names = {"name": guild_name, "serverSlug": guild_server_slug, "serverRegion": guild_server_region}
        if guild_name and not (guild_server_slug and guild_server_region):
            raise ValidationError("When using guild_name, must also provide guild_server_slug, and guild_server_region together")
        by_name = all(names.values())
        if guild_id and by_name:
            raise ValidationError("Cannot provide both guild_id and guild_name/server parameters. Use one or the other.")
        if guild_id:
            return await self.get_guild_by_id(guild_id=guild_id, **({"raw": raw} if raw else {}))
        if by_name:
            return await self._call("get_guild", "getGuildByName", names, {}, raw)
        raise ValidationError("Must provide either guild_id OR guild_name with guild_server_slug and guild_server_region")
