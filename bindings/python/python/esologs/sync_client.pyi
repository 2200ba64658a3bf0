"""The methods of the client that waits. Written by ``generator``: do not edit."""

from typing import Any, Callable, Dict, List, Literal, Optional, Type, Union, overload

import httpx
from ._generated.enums import CharacterRankingMetricType, EventDataType, GraphDataType, HostilityType, KillType, RankingCompareType, RankingTimeframeType, ReportRankingMetricType, RoleType, TableDataType, ViewType
from ._generated.get_character_by_id import GetCharacterById
from ._generated.get_character_reports import GetCharacterReports
from ._generated.get_character_encounter_ranking import GetCharacterEncounterRanking
from ._generated.get_character_encounter_rankings import GetCharacterEncounterRankings
from ._generated.get_character_zone_rankings import GetCharacterZoneRankings
from ._generated.get_ability import GetAbility
from ._generated.get_abilities import GetAbilities
from ._generated.get_class import GetClass
from ._generated.get_factions import GetFactions
from ._generated.get_item import GetItem
from ._generated.get_items import GetItems
from ._generated.get_item_set import GetItemSet
from ._generated.get_item_sets import GetItemSets
from ._generated.get_map import GetMap
from ._generated.get_maps import GetMaps
from ._generated.get_npc import GetNPC
from ._generated.get_npcs import GetNPCs
from ._generated.get_guild_by_id import GetGuildById
from ._generated.get_guilds import GetGuilds
from ._generated.get_guild_attendance import GetGuildAttendance
from ._generated.get_guild_members import GetGuildMembers
from ._generated.get_progress_race import GetProgressRace
from ._generated.get_report_by_code import GetReportByCode
from ._generated.get_report_events import GetReportEvents
from ._generated.get_report_graph import GetReportGraph
from ._generated.get_report_table import GetReportTable
from ._generated.get_report_rankings import GetReportRankings
from ._generated.get_report_player_details import GetReportPlayerDetails
from ._generated.get_reports import GetReports
from ._generated.get_user_by_id import GetUserById
from ._generated.get_current_user import GetCurrentUser
from ._generated.get_user_data import GetUserData
from ._generated.get_rate_limit_data import GetRateLimitData
from ._generated.get_world_data import GetWorldData
from ._generated.get_zones import GetZones
from ._generated.get_regions import GetRegions
from ._generated.get_encounters_by_zone import GetEncountersByZone
from ._generated.get_classes import GetClasses
from ._generated.get_guild_by_name import GetGuildByName
from ._generated.get_report_events import GetReportEventsReportDataReportEvents
from ._generated.get_reports import GetReportsReportDataReports, GetReportsReportDataReportsData
from ._generated.base_model import UnsetType
from ._http_client import AnyClient
from .arrow import ArrowEvents
from .pages import Entries
from .points import Points
from .user_auth import UserToken

class SyncClientBase:
    def __init__(
        self,
        url: str = ...,
        headers: Optional[Dict[str, str]] = ...,
        user_token: Optional[Union[str, UserToken]] = ...,
        http_client: Optional[AnyClient] = ...,
        **settings: Any,
    ) -> None: ...
    def __exit__(self, *_: object) -> None: ...
    def close(self) -> None: ...
    def execute(
        self, query: str, operation_name: Optional[str] = ..., variables: Optional[Dict[str, Any]] = ...
    ) -> httpx.Response: ...
    def get_data(self, response: httpx.Response) -> Any: ...
    def points(self) -> Optional[Points]: ...
    @property
    def breaker_state(self) -> Optional[str]: ...
    def events(
        self, code: str, *, data_type: Union[EventDataType, str] = ..., **filters: Any
    ) -> Entries[Dict[str, Any], GetReportEventsReportDataReportEvents]: ...
    def events_arrow(
        self,
        code: str,
        *,
        data_type: Union[EventDataType, str] = ...,
        report_start: Optional[float] = ...,
        **filters: Any,
    ) -> ArrowEvents: ...
    def reports(self, **filters: Any) -> Entries[GetReportsReportDataReportsData, GetReportsReportDataReports]: ...
    def entries(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Entries[Any, Any]: ...

class SyncClient(SyncClientBase):
    def __enter__(self) -> SyncClient: ...
    def without_cache(self) -> SyncClient: ...
    def refreshing(self) -> SyncClient: ...
    def never_stale(self) -> SyncClient: ...
    def only_cached(self) -> SyncClient: ...
    @overload
    def get_classes(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_classes(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_classes(
        self, limit: Any = ..., page: Any = ..., *, raw: Literal[False] = ..., **others: Any
    ) -> GetClasses: ...
    @overload
    def get_guild(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_guild(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_guild(
        self,
        guild_id: Union[int, None, UnsetType] = ...,
        guild_name: Union[str, None, UnsetType] = ...,
        guild_server_slug: Union[str, None, UnsetType] = ...,
        guild_server_region: Union[str, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
    ) -> Union[GetGuildById, GetGuildByName]: ...
    @overload
    def search_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def search_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def search_reports(self, *arguments: Any, raw: Literal[False] = ..., **named: Any) -> GetReports: ...
    @overload
    def get_guild_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_guild_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_guild_reports(self, guild_id: int, *arguments: Any, raw: Literal[False] = ..., **named: Any) -> GetReports: ...
    @overload
    def get_user_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_user_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_user_reports(self, user_id: int, *arguments: Any, raw: Literal[False] = ..., **named: Any) -> GetReports: ...
    @overload
    def get_character_by_id(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_character_by_id(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_character_by_id(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCharacterById: ...
    @overload
    def get_character_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_character_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_character_reports(
        self,
        character_id: Union[int, None, UnsetType] = ...,
        *,
        limit: Union[int, None, UnsetType] = 10,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCharacterReports: ...
    @overload
    def get_character_encounter_ranking(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_character_encounter_ranking(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_character_encounter_ranking(
        self,
        character_id: Union[int, None, UnsetType] = ...,
        encounter_id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCharacterEncounterRanking: ...
    @overload
    def get_character_encounter_rankings(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_character_encounter_rankings(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_character_encounter_rankings(
        self,
        character_id: Union[int, None, UnsetType] = ...,
        encounter_id: Union[int, None, UnsetType] = ...,
        *,
        by_bracket: Union[bool, None, UnsetType] = ...,
        class_name: Union[str, None, UnsetType] = ...,
        compare: Union[Union[RankingCompareType, str], None, UnsetType] = ...,
        difficulty: Union[int, None, UnsetType] = ...,
        include_combatant_info: Union[bool, None, UnsetType] = ...,
        include_private_logs: Union[bool, None, UnsetType] = ...,
        metric: Union[Union[CharacterRankingMetricType, str], None, UnsetType] = ...,
        partition: Union[int, None, UnsetType] = ...,
        role: Union[Union[RoleType, str], None, UnsetType] = ...,
        size: Union[int, None, UnsetType] = ...,
        spec_name: Union[str, None, UnsetType] = ...,
        timeframe: Union[Union[RankingTimeframeType, str], None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCharacterEncounterRankings: ...
    @overload
    def get_character_zone_rankings(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_character_zone_rankings(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_character_zone_rankings(
        self,
        character_id: Union[int, None, UnsetType] = ...,
        *,
        zone_id: Union[int, None, UnsetType] = ...,
        by_bracket: Union[bool, None, UnsetType] = ...,
        class_name: Union[str, None, UnsetType] = ...,
        compare: Union[Union[RankingCompareType, str], None, UnsetType] = ...,
        difficulty: Union[int, None, UnsetType] = ...,
        include_private_logs: Union[bool, None, UnsetType] = ...,
        metric: Union[Union[CharacterRankingMetricType, str], None, UnsetType] = ...,
        partition: Union[int, None, UnsetType] = ...,
        role: Union[Union[RoleType, str], None, UnsetType] = ...,
        size: Union[int, None, UnsetType] = ...,
        spec_name: Union[str, None, UnsetType] = ...,
        timeframe: Union[Union[RankingTimeframeType, str], None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCharacterZoneRankings: ...
    @overload
    def get_ability(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_ability(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_ability(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetAbility: ...
    @overload
    def get_abilities(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_abilities(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_abilities(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetAbilities: ...
    @overload
    def get_class(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_class(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_class(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetClass: ...
    @overload
    def get_factions(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_factions(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_factions(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetFactions: ...
    @overload
    def get_item(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_item(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_item(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetItem: ...
    @overload
    def get_items(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_items(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_items(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetItems: ...
    @overload
    def get_item_set(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_item_set(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_item_set(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetItemSet: ...
    @overload
    def get_item_sets(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_item_sets(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_item_sets(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetItemSets: ...
    @overload
    def get_map(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_map(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_map(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetMap: ...
    @overload
    def get_maps(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_maps(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_maps(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetMaps: ...
    @overload
    def get_npc(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_npc(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_npc(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetNPC: ...
    @overload
    def get_npcs(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_npcs(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_npcs(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetNPCs: ...
    @overload
    def get_guild_by_id(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_guild_by_id(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_guild_by_id(
        self,
        guild_id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetGuildById: ...
    @overload
    def get_guilds(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_guilds(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_guilds(
        self,
        *,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        server_id: Union[int, None, UnsetType] = ...,
        server_slug: Union[str, None, UnsetType] = ...,
        server_region: Union[str, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetGuilds: ...
    @overload
    def get_guild_attendance(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_guild_attendance(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_guild_attendance(
        self,
        guild_id: Union[int, None, UnsetType] = ...,
        *,
        guild_tag_id: Union[int, None, UnsetType] = ...,
        limit: Union[int, None, UnsetType] = 16,
        page: Union[int, None, UnsetType] = 1,
        zone_id: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetGuildAttendance: ...
    @overload
    def get_guild_members(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_guild_members(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_guild_members(
        self,
        guild_id: Union[int, None, UnsetType] = ...,
        *,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetGuildMembers: ...
    @overload
    def get_progress_race(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_progress_race(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_progress_race(
        self,
        *,
        guild_id: Union[int, None, UnsetType] = ...,
        zone_id: Union[int, None, UnsetType] = ...,
        competition_id: Union[int, None, UnsetType] = ...,
        difficulty: Union[int, None, UnsetType] = ...,
        size: Union[int, None, UnsetType] = ...,
        server_region: Union[str, None, UnsetType] = ...,
        server_subregion: Union[str, None, UnsetType] = ...,
        server_slug: Union[str, None, UnsetType] = ...,
        guild_name: Union[str, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetProgressRace: ...
    @overload
    def get_report_by_code(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_report_by_code(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_report_by_code(
        self,
        code: Union[str, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetReportByCode: ...
    @overload
    def get_report_events(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_report_events(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_report_events(
        self,
        code: Union[str, None, UnsetType] = ...,
        *,
        ability_id: Union[float, None, UnsetType] = ...,
        data_type: Union[Union[EventDataType, str], None, UnsetType] = ...,
        death: Union[int, None, UnsetType] = ...,
        difficulty: Union[int, None, UnsetType] = ...,
        encounter_id: Union[int, None, UnsetType] = ...,
        end_time: Union[float, None, UnsetType] = ...,
        fight_ids: Union[List[int], None, UnsetType] = ...,
        filter_expression: Union[str, None, UnsetType] = ...,
        hostility_type: Union[Union[HostilityType, str], None, UnsetType] = ...,
        kill_type: Union[Union[KillType, str], None, UnsetType] = ...,
        source_auras_absent: Union[str, None, UnsetType] = ...,
        source_auras_present: Union[str, None, UnsetType] = ...,
        source_class: Union[str, None, UnsetType] = ...,
        source_id: Union[int, None, UnsetType] = ...,
        source_instance_id: Union[int, None, UnsetType] = ...,
        start_time: Union[float, None, UnsetType] = ...,
        target_auras_absent: Union[str, None, UnsetType] = ...,
        target_auras_present: Union[str, None, UnsetType] = ...,
        target_class: Union[str, None, UnsetType] = ...,
        target_id: Union[int, None, UnsetType] = ...,
        target_instance_id: Union[int, None, UnsetType] = ...,
        translate: Union[bool, None, UnsetType] = ...,
        view_options: Union[int, None, UnsetType] = ...,
        wipe_cutoff: Union[int, None, UnsetType] = ...,
        include_resources: Union[bool, None, UnsetType] = ...,
        limit: Union[int, None, UnsetType] = ...,
        use_ability_ids: Union[bool, None, UnsetType] = ...,
        use_actor_ids: Union[bool, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetReportEvents: ...
    @overload
    def get_report_graph(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_report_graph(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_report_graph(
        self,
        code: Union[str, None, UnsetType] = ...,
        *,
        ability_id: Union[float, None, UnsetType] = ...,
        data_type: Union[Union[GraphDataType, str], None, UnsetType] = ...,
        death: Union[int, None, UnsetType] = ...,
        difficulty: Union[int, None, UnsetType] = ...,
        encounter_id: Union[int, None, UnsetType] = ...,
        end_time: Union[float, None, UnsetType] = ...,
        fight_ids: Union[List[int], None, UnsetType] = ...,
        filter_expression: Union[str, None, UnsetType] = ...,
        hostility_type: Union[Union[HostilityType, str], None, UnsetType] = ...,
        kill_type: Union[Union[KillType, str], None, UnsetType] = ...,
        source_auras_absent: Union[str, None, UnsetType] = ...,
        source_auras_present: Union[str, None, UnsetType] = ...,
        source_class: Union[str, None, UnsetType] = ...,
        source_id: Union[int, None, UnsetType] = ...,
        source_instance_id: Union[int, None, UnsetType] = ...,
        start_time: Union[float, None, UnsetType] = ...,
        target_auras_absent: Union[str, None, UnsetType] = ...,
        target_auras_present: Union[str, None, UnsetType] = ...,
        target_class: Union[str, None, UnsetType] = ...,
        target_id: Union[int, None, UnsetType] = ...,
        target_instance_id: Union[int, None, UnsetType] = ...,
        translate: Union[bool, None, UnsetType] = ...,
        view_options: Union[int, None, UnsetType] = ...,
        wipe_cutoff: Union[int, None, UnsetType] = ...,
        view_by: Union[Union[ViewType, str], None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetReportGraph: ...
    @overload
    def get_report_table(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_report_table(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_report_table(
        self,
        code: Union[str, None, UnsetType] = ...,
        *,
        ability_id: Union[float, None, UnsetType] = ...,
        data_type: Union[Union[TableDataType, str], None, UnsetType] = ...,
        death: Union[int, None, UnsetType] = ...,
        difficulty: Union[int, None, UnsetType] = ...,
        encounter_id: Union[int, None, UnsetType] = ...,
        end_time: Union[float, None, UnsetType] = ...,
        fight_ids: Union[List[int], None, UnsetType] = ...,
        filter_expression: Union[str, None, UnsetType] = ...,
        hostility_type: Union[Union[HostilityType, str], None, UnsetType] = ...,
        kill_type: Union[Union[KillType, str], None, UnsetType] = ...,
        source_auras_absent: Union[str, None, UnsetType] = ...,
        source_auras_present: Union[str, None, UnsetType] = ...,
        source_class: Union[str, None, UnsetType] = ...,
        source_id: Union[int, None, UnsetType] = ...,
        source_instance_id: Union[int, None, UnsetType] = ...,
        start_time: Union[float, None, UnsetType] = ...,
        target_auras_absent: Union[str, None, UnsetType] = ...,
        target_auras_present: Union[str, None, UnsetType] = ...,
        target_class: Union[str, None, UnsetType] = ...,
        target_id: Union[int, None, UnsetType] = ...,
        target_instance_id: Union[int, None, UnsetType] = ...,
        translate: Union[bool, None, UnsetType] = ...,
        view_options: Union[int, None, UnsetType] = ...,
        wipe_cutoff: Union[int, None, UnsetType] = ...,
        view_by: Union[Union[ViewType, str], None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetReportTable: ...
    @overload
    def get_report_rankings(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_report_rankings(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_report_rankings(
        self,
        code: Union[str, None, UnsetType] = ...,
        *,
        compare: Union[Union[RankingCompareType, str], None, UnsetType] = ...,
        difficulty: Union[int, None, UnsetType] = ...,
        encounter_id: Union[int, None, UnsetType] = ...,
        fight_ids: Union[List[int], None, UnsetType] = ...,
        player_metric: Union[Union[ReportRankingMetricType, str], None, UnsetType] = ...,
        timeframe: Union[Union[RankingTimeframeType, str], None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetReportRankings: ...
    @overload
    def get_report_player_details(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_report_player_details(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_report_player_details(
        self,
        code: Union[str, None, UnsetType] = ...,
        *,
        difficulty: Union[int, None, UnsetType] = ...,
        encounter_id: Union[int, None, UnsetType] = ...,
        end_time: Union[float, None, UnsetType] = ...,
        fight_ids: Union[List[int], None, UnsetType] = ...,
        kill_type: Union[Union[KillType, str], None, UnsetType] = ...,
        start_time: Union[float, None, UnsetType] = ...,
        translate: Union[bool, None, UnsetType] = ...,
        include_combatant_info: Union[bool, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetReportPlayerDetails: ...
    @overload
    def get_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_reports(
        self,
        *,
        end_time: Union[float, None, UnsetType] = ...,
        guild_id: Union[int, None, UnsetType] = ...,
        guild_name: Union[str, None, UnsetType] = ...,
        guild_server_slug: Union[str, None, UnsetType] = ...,
        guild_server_region: Union[str, None, UnsetType] = ...,
        guild_tag_id: Union[int, None, UnsetType] = ...,
        user_id: Union[int, None, UnsetType] = ...,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        start_time: Union[float, None, UnsetType] = ...,
        zone_id: Union[int, None, UnsetType] = ...,
        game_zone_id: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetReports: ...
    @overload
    def get_user_by_id(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_user_by_id(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_user_by_id(
        self,
        user_id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetUserById: ...
    @overload
    def get_current_user(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_current_user(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_current_user(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCurrentUser: ...
    @overload
    def get_user_data(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_user_data(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_user_data(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetUserData: ...
    @overload
    def get_rate_limit_data(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_rate_limit_data(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_rate_limit_data(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetRateLimitData: ...
    @overload
    def get_world_data(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_world_data(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_world_data(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetWorldData: ...
    @overload
    def get_zones(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_zones(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_zones(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetZones: ...
    @overload
    def get_regions(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_regions(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_regions(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetRegions: ...
    @overload
    def get_encounters_by_zone(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    def get_encounters_by_zone(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    def get_encounters_by_zone(
        self,
        zone_id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetEncountersByZone: ...
