"""The types of ``calls``: what comes depends on ``raw``. Written by ``generator``: do not edit."""

from typing import Any, Dict, List, Literal, Optional, Type, Union, overload

from .base_model import UnsetType
from .caller import Caller
from .enums import CharacterRankingMetricType, EventDataType, GraphDataType, HostilityType, KillType, RankingCompareType, RankingTimeframeType, ReportRankingMetricType, RoleType, TableDataType, ViewType
from .get_character_by_id import GetCharacterById
from .get_character_reports import GetCharacterReports
from .get_character_encounter_ranking import GetCharacterEncounterRanking
from .get_character_encounter_rankings import GetCharacterEncounterRankings
from .get_character_zone_rankings import GetCharacterZoneRankings
from .get_ability import GetAbility
from .get_abilities import GetAbilities
from .get_class import GetClass
from .get_factions import GetFactions
from .get_item import GetItem
from .get_items import GetItems
from .get_item_set import GetItemSet
from .get_item_sets import GetItemSets
from .get_map import GetMap
from .get_maps import GetMaps
from .get_npc import GetNPC
from .get_npcs import GetNPCs
from .get_guild_by_id import GetGuildById
from .get_guilds import GetGuilds
from .get_guild_attendance import GetGuildAttendance
from .get_guild_members import GetGuildMembers
from .get_progress_race import GetProgressRace
from .get_report_by_code import GetReportByCode
from .get_report_events import GetReportEvents
from .get_report_graph import GetReportGraph
from .get_report_table import GetReportTable
from .get_report_rankings import GetReportRankings
from .get_report_player_details import GetReportPlayerDetails
from .get_reports import GetReports
from .get_user_by_id import GetUserById
from .get_current_user import GetCurrentUser
from .get_user_data import GetUserData
from .get_rate_limit_data import GetRateLimitData
from .get_world_data import GetWorldData
from .get_zones import GetZones
from .get_regions import GetRegions
from .get_encounters_by_zone import GetEncountersByZone

class GameDataCalls(Caller):
    @overload
    async def get_ability(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_ability(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_ability(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetAbility: ...
    @overload
    async def get_abilities(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_abilities(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_abilities(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetAbilities: ...
    @overload
    async def get_class(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_class(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_class(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetClass: ...
    @overload
    async def get_factions(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_factions(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_factions(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetFactions: ...
    @overload
    async def get_item(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_item(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_item(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetItem: ...
    @overload
    async def get_items(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_items(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_items(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetItems: ...
    @overload
    async def get_item_set(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_item_set(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_item_set(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetItemSet: ...
    @overload
    async def get_item_sets(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_item_sets(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_item_sets(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetItemSets: ...
    @overload
    async def get_map(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_map(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_map(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetMap: ...
    @overload
    async def get_maps(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_maps(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_maps(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetMaps: ...
    @overload
    async def get_npc(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_npc(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_npc(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetNPC: ...
    @overload
    async def get_npcs(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_npcs(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_npcs(
        self,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetNPCs: ...

class WorldDataCalls(Caller):
    @overload
    async def get_world_data(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_world_data(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_world_data(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetWorldData: ...
    @overload
    async def get_zones(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_zones(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_zones(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetZones: ...
    @overload
    async def get_regions(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_regions(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_regions(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetRegions: ...
    @overload
    async def get_encounters_by_zone(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_encounters_by_zone(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_encounters_by_zone(
        self,
        zone_id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetEncountersByZone: ...

class CharacterCalls(Caller):
    @overload
    async def get_character_by_id(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_character_by_id(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_character_by_id(
        self,
        id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCharacterById: ...
    @overload
    async def get_character_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_character_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_character_reports(
        self,
        character_id: Union[int, None, UnsetType] = ...,
        *,
        limit: Union[int, None, UnsetType] = 10,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCharacterReports: ...
    @overload
    async def get_character_encounter_ranking(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_character_encounter_ranking(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_character_encounter_ranking(
        self,
        character_id: Union[int, None, UnsetType] = ...,
        encounter_id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCharacterEncounterRanking: ...
    @overload
    async def get_character_encounter_rankings(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_character_encounter_rankings(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_character_encounter_rankings(
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
    async def get_character_zone_rankings(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_character_zone_rankings(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_character_zone_rankings(
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

class GuildCalls(Caller):
    @overload
    async def get_guild_by_id(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_guild_by_id(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_guild_by_id(
        self,
        guild_id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetGuildById: ...
    @overload
    async def get_guilds(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_guilds(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_guilds(
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
    async def get_guild_attendance(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_guild_attendance(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_guild_attendance(
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
    async def get_guild_members(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_guild_members(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_guild_members(
        self,
        guild_id: Union[int, None, UnsetType] = ...,
        *,
        limit: Union[int, None, UnsetType] = ...,
        page: Union[int, None, UnsetType] = ...,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetGuildMembers: ...

class ReportCalls(Caller):
    @overload
    async def get_report_by_code(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_report_by_code(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_report_by_code(
        self,
        code: Union[str, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetReportByCode: ...
    @overload
    async def get_report_events(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_report_events(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_report_events(
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
    async def get_report_graph(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_report_graph(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_report_graph(
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
    async def get_report_table(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_report_table(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_report_table(
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
    async def get_report_rankings(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_report_rankings(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_report_rankings(
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
    async def get_report_player_details(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_report_player_details(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_report_player_details(
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
    async def get_reports(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_reports(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_reports(
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

class ProgressRaceCalls(Caller):
    @overload
    async def get_progress_race(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_progress_race(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_progress_race(
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

class UserCalls(Caller):
    @overload
    async def get_user_by_id(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_user_by_id(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_user_by_id(
        self,
        user_id: Union[int, None, UnsetType] = ...,
        *,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetUserById: ...
    @overload
    async def get_current_user(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_current_user(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_current_user(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetCurrentUser: ...
    @overload
    async def get_user_data(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_user_data(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_user_data(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetUserData: ...
    @overload
    async def get_rate_limit_data(self, *arguments: Any, raw: Literal[True], **named: Any) -> Dict[str, Any]: ...
    @overload
    async def get_rate_limit_data(self, *arguments: Any, raw: Type[bytes], **named: Any) -> bytes: ...
    @overload
    async def get_rate_limit_data(
        self,
        raw: Literal[False] = ...,
        **others: Any
    ) -> GetRateLimitData: ...
