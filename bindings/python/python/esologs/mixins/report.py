"""Reports and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Literal, Optional, Type, Union, overload

from .._arguments import by_own_names
from .._generated.calls import ReportCalls
from .._unset import UNSET, UnsetType
from ..validators import validate_limit_parameter, validate_positive_integer, validate_search

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
        **kwargs: Any,
    ) -> Any:
        """Reports of a guild, a user, a zone, a time. Raises :class:`ValidationError` for what the API would not take."""
        given = {
            "guild_id": guild_id,
            "guild_name": guild_name,
            "guild_server_slug": guild_server_slug,
            "guild_server_region": guild_server_region,
            "guild_tag_id": guild_tag_id,
            "user_id": user_id,
            "zone_id": zone_id,
            "game_zone_id": game_zone_id,
            "start_time": start_time,
            "end_time": end_time,
            "limit": limit,
            "page": page,
        }
        raw = kwargs.pop("raw", False)
        # Who has put a function in the place of ours gets what it knows, as before.
        is_replaced = "get_reports" in self.__dict__ or type(self).get_reports is not ReportCalls.get_reports
        asked = by_own_names("search_reports", given, kwargs, drops=is_replaced)
        validate_search(asked)
        return await self.get_reports(**asked, **_form(raw))

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
            **_form(raw),
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
            user_id=user_id,
            limit=limit,
            page=page,
            start_time=start_time,
            end_time=end_time,
            zone_id=zone_id,
            **_form(raw),
            **others,
        )


def _form(raw: Any) -> Dict[str, Any]:
    """Said only where it is another one than the model's: who has put a function in the place of ours may not know it."""
    return {"raw": raw} if raw else {}
