"""Reports and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Literal, Optional, Type, Union, overload

from .._arguments import variables_of
from .._generated.calls import ReportCalls
from .._unset import UNSET, UnsetType
from ..validators import validate_limit_parameter, validate_positive_integer, validate_report_search_params

if TYPE_CHECKING:
    from .._generated.get_reports import GetReports


class ReportMixin(ReportCalls):
    """Reports and what is in them."""

    @overload
    async def search_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def search_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def search_reports(
        self,
        guild_id: Union[Optional[int], UnsetType] = ...,
        guild_name: Union[Optional[str], UnsetType] = ...,
        guild_server_slug: Union[Optional[str], UnsetType] = ...,
        guild_server_region: Union[Optional[str], UnsetType] = ...,
        guild_tag_id: Union[Optional[int], UnsetType] = ...,
        user_id: Union[Optional[int], UnsetType] = ...,
        zone_id: Union[Optional[int], UnsetType] = ...,
        game_zone_id: Union[Optional[int], UnsetType] = ...,
        start_time: Union[Optional[float], UnsetType] = ...,
        end_time: Union[Optional[float], UnsetType] = ...,
        limit: Union[Optional[int], UnsetType] = ...,
        page: Union[Optional[int], UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any,
    ) -> GetReports: ...
    async def search_reports(  # type: ignore[misc]  # raw forms take the arguments of this one
        self,
        guild_id: Union[Optional[int], UnsetType] = UNSET,
        guild_name: Union[Optional[str], UnsetType] = UNSET,
        guild_server_slug: Union[Optional[str], UnsetType] = UNSET,
        guild_server_region: Union[Optional[str], UnsetType] = UNSET,
        guild_tag_id: Union[Optional[int], UnsetType] = UNSET,
        user_id: Union[Optional[int], UnsetType] = UNSET,
        zone_id: Union[Optional[int], UnsetType] = UNSET,
        game_zone_id: Union[Optional[int], UnsetType] = UNSET,
        start_time: Union[Optional[float], UnsetType] = UNSET,
        end_time: Union[Optional[float], UnsetType] = UNSET,
        limit: Union[Optional[int], UnsetType] = UNSET,
        page: Union[Optional[int], UnsetType] = UNSET,
        *,
        raw: Any = False,
        **others: Any,
    ) -> Any:
        """Reports of a guild, a user, a zone, a time. Raises :class:`ValidationError` for what the API would not take."""
        given = {
            "guildID": guild_id,
            "guildName": guild_name,
            "guildServerSlug": guild_server_slug,
            "guildServerRegion": guild_server_region,
            "guildTagID": guild_tag_id,
            "userID": user_id,
            "zoneID": zone_id,
            "gameZoneID": game_zone_id,
            "startTime": start_time,
            "endTime": end_time,
            "limit": limit,
            "page": page,
        }
        variables = variables_of("search_reports", "getReports", given, others)
        validate_report_search_params(
            guild_name=variables.get("guildName", UNSET),
            guild_server_slug=variables.get("guildServerSlug", UNSET),
            guild_server_region=variables.get("guildServerRegion", UNSET),
            limit=variables.get("limit", UNSET),
            page=variables.get("page", UNSET),
            start_time=variables.get("startTime", UNSET),
            end_time=variables.get("endTime", UNSET),
        )
        return await self.get_reports(**variables, raw=raw)

    @overload
    async def get_guild_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_guild_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_guild_reports(
        self,
        guild_id: int,
        limit: Union[Optional[int], UnsetType] = ...,
        page: Union[Optional[int], UnsetType] = ...,
        start_time: Union[Optional[float], UnsetType] = ...,
        end_time: Union[Optional[float], UnsetType] = ...,
        zone_id: Union[Optional[int], UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any,
    ) -> GetReports: ...
    async def get_guild_reports(  # type: ignore[misc]  # raw forms take the arguments of this one
        self,
        guild_id: int,
        limit: Union[Optional[int], UnsetType] = UNSET,
        page: Union[Optional[int], UnsetType] = UNSET,
        start_time: Union[Optional[float], UnsetType] = UNSET,
        end_time: Union[Optional[float], UnsetType] = UNSET,
        zone_id: Union[Optional[int], UnsetType] = UNSET,
        *,
        raw: Any = False,
        **others: Any,
    ) -> Any:
        """Reports of a guild, newest first."""
        validate_positive_integer(guild_id, "guild_id")
        validate_limit_parameter(limit)
        validate_positive_integer(page, "page")
        return await self.search_reports(
            guild_id=guild_id,
            limit=limit,
            page=page,
            start_time=start_time,
            end_time=end_time,
            zone_id=zone_id,
            raw=raw,
            **others,
        )

    @overload
    async def get_user_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_user_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_user_reports(
        self,
        user_id: int,
        limit: Union[Optional[int], UnsetType] = ...,
        page: Union[Optional[int], UnsetType] = ...,
        start_time: Union[Optional[float], UnsetType] = ...,
        end_time: Union[Optional[float], UnsetType] = ...,
        zone_id: Union[Optional[int], UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any,
    ) -> GetReports: ...
    async def get_user_reports(  # type: ignore[misc]  # raw forms take the arguments of this one
        self,
        user_id: int,
        limit: Union[Optional[int], UnsetType] = UNSET,
        page: Union[Optional[int], UnsetType] = UNSET,
        start_time: Union[Optional[float], UnsetType] = UNSET,
        end_time: Union[Optional[float], UnsetType] = UNSET,
        zone_id: Union[Optional[int], UnsetType] = UNSET,
        *,
        raw: Any = False,
        **others: Any,
    ) -> Any:
        """Reports of a user, newest first."""
        validate_positive_integer(user_id, "user_id")
        validate_limit_parameter(limit)
        validate_positive_integer(page, "page")
        return await self.search_reports(
            user_id=user_id, limit=limit, page=page, start_time=start_time, end_time=end_time, zone_id=zone_id, raw=raw, **others
        )
