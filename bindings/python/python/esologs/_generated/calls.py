"""Methods of the client, one for each operation. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, Optional, Union

from .base_model import UNSET, UnsetType
from .caller import Caller

if TYPE_CHECKING:
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
    """The game's own lists."""

    async def get_ability(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetAbility:
        return await self._call("get_ability", "getAbility", {"id": id}, others)

    async def get_abilities(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetAbilities:
        return await self._call("get_abilities", "getAbilities", {"limit": limit, "page": page}, others)

    async def get_class(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetClass:
        return await self._call("get_class", "getClass", {"id": id}, others)

    async def get_factions(
        self,
        **others: Any
    ) -> GetFactions:
        return await self._call("get_factions", "getFactions", {}, others)

    async def get_item(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetItem:
        return await self._call("get_item", "getItem", {"id": id}, others)

    async def get_items(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetItems:
        return await self._call("get_items", "getItems", {"limit": limit, "page": page}, others)

    async def get_item_set(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetItemSet:
        return await self._call("get_item_set", "getItemSet", {"id": id}, others)

    async def get_item_sets(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetItemSets:
        return await self._call("get_item_sets", "getItemSets", {"limit": limit, "page": page}, others)

    async def get_map(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetMap:
        return await self._call("get_map", "getMap", {"id": id}, others)

    async def get_maps(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetMaps:
        return await self._call("get_maps", "getMaps", {"limit": limit, "page": page}, others)

    async def get_npc(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetNPC:
        return await self._call("get_npc", "getNPC", {"id": id}, others)

    async def get_npcs(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetNPCs:
        return await self._call("get_npcs", "getNPCs", {"limit": limit, "page": page}, others)


class WorldDataCalls(Caller):
    """Regions, servers, zones, encounters."""

    async def get_world_data(
        self,
        **others: Any
    ) -> GetWorldData:
        return await self._call("get_world_data", "getWorldData", {}, others)

    async def get_zones(
        self,
        **others: Any
    ) -> GetZones:
        return await self._call("get_zones", "getZones", {}, others)

    async def get_regions(
        self,
        **others: Any
    ) -> GetRegions:
        return await self._call("get_regions", "getRegions", {}, others)

    async def get_encounters_by_zone(
        self,
        zone_id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetEncountersByZone:
        return await self._call("get_encounters_by_zone", "getEncountersByZone", {"zoneId": zone_id}, others)


class CharacterCalls(Caller):
    """Characters and their rankings."""

    async def get_character_by_id(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetCharacterById:
        return await self._call("get_character_by_id", "getCharacterById", {"id": id}, others)

    async def get_character_reports(
        self,
        character_id: Union[int, None, UnsetType] = UNSET,
        *,
        limit: Union[int, None, UnsetType] = 10,
        **others: Any
    ) -> GetCharacterReports:
        return await self._call("get_character_reports", "getCharacterReports", {"characterId": character_id, "limit": limit}, others)

    async def get_character_encounter_ranking(
        self,
        character_id: Union[int, None, UnsetType] = UNSET,
        encounter_id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetCharacterEncounterRanking:
        return await self._call("get_character_encounter_ranking", "getCharacterEncounterRanking", {"characterId": character_id, "encounterId": encounter_id}, others)

    async def get_character_encounter_rankings(
        self,
        character_id: Union[int, None, UnsetType] = UNSET,
        encounter_id: Union[int, None, UnsetType] = UNSET,
        *,
        by_bracket: Union[bool, None, UnsetType] = UNSET,
        class_name: Union[str, None, UnsetType] = UNSET,
        compare: Union[Union[RankingCompareType, str], None, UnsetType] = UNSET,
        difficulty: Union[int, None, UnsetType] = UNSET,
        include_combatant_info: Union[bool, None, UnsetType] = UNSET,
        include_private_logs: Union[bool, None, UnsetType] = UNSET,
        metric: Union[Union[CharacterRankingMetricType, str], None, UnsetType] = UNSET,
        partition: Union[int, None, UnsetType] = UNSET,
        role: Union[Union[RoleType, str], None, UnsetType] = UNSET,
        size: Union[int, None, UnsetType] = UNSET,
        spec_name: Union[str, None, UnsetType] = UNSET,
        timeframe: Union[Union[RankingTimeframeType, str], None, UnsetType] = UNSET,
        **others: Any
    ) -> GetCharacterEncounterRankings:
        return await self._call("get_character_encounter_rankings", "getCharacterEncounterRankings", {"characterId": character_id, "encounterId": encounter_id, "byBracket": by_bracket, "className": class_name, "compare": compare, "difficulty": difficulty, "includeCombatantInfo": include_combatant_info, "includePrivateLogs": include_private_logs, "metric": metric, "partition": partition, "role": role, "size": size, "specName": spec_name, "timeframe": timeframe}, others)

    async def get_character_zone_rankings(
        self,
        character_id: Union[int, None, UnsetType] = UNSET,
        *,
        zone_id: Union[int, None, UnsetType] = UNSET,
        by_bracket: Union[bool, None, UnsetType] = UNSET,
        class_name: Union[str, None, UnsetType] = UNSET,
        compare: Union[Union[RankingCompareType, str], None, UnsetType] = UNSET,
        difficulty: Union[int, None, UnsetType] = UNSET,
        include_private_logs: Union[bool, None, UnsetType] = UNSET,
        metric: Union[Union[CharacterRankingMetricType, str], None, UnsetType] = UNSET,
        partition: Union[int, None, UnsetType] = UNSET,
        role: Union[Union[RoleType, str], None, UnsetType] = UNSET,
        size: Union[int, None, UnsetType] = UNSET,
        spec_name: Union[str, None, UnsetType] = UNSET,
        timeframe: Union[Union[RankingTimeframeType, str], None, UnsetType] = UNSET,
        **others: Any
    ) -> GetCharacterZoneRankings:
        return await self._call("get_character_zone_rankings", "getCharacterZoneRankings", {"characterId": character_id, "zoneId": zone_id, "byBracket": by_bracket, "className": class_name, "compare": compare, "difficulty": difficulty, "includePrivateLogs": include_private_logs, "metric": metric, "partition": partition, "role": role, "size": size, "specName": spec_name, "timeframe": timeframe}, others)


class GuildCalls(Caller):
    """Guilds, their members and attendance."""

    async def get_guild_by_id(
        self,
        guild_id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetGuildById:
        return await self._call("get_guild_by_id", "getGuildById", {"guildId": guild_id}, others)

    async def get_guilds(
        self,
        *,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        server_id: Union[int, None, UnsetType] = UNSET,
        server_slug: Union[str, None, UnsetType] = UNSET,
        server_region: Union[str, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetGuilds:
        return await self._call("get_guilds", "getGuilds", {"limit": limit, "page": page, "serverID": server_id, "serverSlug": server_slug, "serverRegion": server_region}, others)

    async def get_guild_attendance(
        self,
        guild_id: Union[int, None, UnsetType] = UNSET,
        *,
        guild_tag_id: Union[int, None, UnsetType] = UNSET,
        limit: Union[int, None, UnsetType] = 16,
        page: Union[int, None, UnsetType] = 1,
        zone_id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetGuildAttendance:
        return await self._call("get_guild_attendance", "getGuildAttendance", {"guildId": guild_id, "guildTagID": guild_tag_id, "limit": limit, "page": page, "zoneID": zone_id}, others)

    async def get_guild_members(
        self,
        guild_id: Union[int, None, UnsetType] = UNSET,
        *,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetGuildMembers:
        return await self._call("get_guild_members", "getGuildMembers", {"guildId": guild_id, "limit": limit, "page": page}, others)


class ReportCalls(Caller):
    """Reports and what is in them."""

    async def get_report_by_code(
        self,
        code: Union[str, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetReportByCode:
        return await self._call("get_report_by_code", "getReportByCode", {"code": code}, others)

    async def get_report_events(
        self,
        code: Union[str, None, UnsetType] = UNSET,
        *,
        ability_id: Union[float, None, UnsetType] = UNSET,
        data_type: Union[Union[EventDataType, str], None, UnsetType] = UNSET,
        death: Union[int, None, UnsetType] = UNSET,
        difficulty: Union[int, None, UnsetType] = UNSET,
        encounter_id: Union[int, None, UnsetType] = UNSET,
        end_time: Union[float, None, UnsetType] = UNSET,
        fight_ids: Union[List[int], None, UnsetType] = UNSET,
        filter_expression: Union[str, None, UnsetType] = UNSET,
        hostility_type: Union[Union[HostilityType, str], None, UnsetType] = UNSET,
        kill_type: Union[Union[KillType, str], None, UnsetType] = UNSET,
        source_auras_absent: Union[str, None, UnsetType] = UNSET,
        source_auras_present: Union[str, None, UnsetType] = UNSET,
        source_class: Union[str, None, UnsetType] = UNSET,
        source_id: Union[int, None, UnsetType] = UNSET,
        source_instance_id: Union[int, None, UnsetType] = UNSET,
        start_time: Union[float, None, UnsetType] = UNSET,
        target_auras_absent: Union[str, None, UnsetType] = UNSET,
        target_auras_present: Union[str, None, UnsetType] = UNSET,
        target_class: Union[str, None, UnsetType] = UNSET,
        target_id: Union[int, None, UnsetType] = UNSET,
        target_instance_id: Union[int, None, UnsetType] = UNSET,
        translate: Union[bool, None, UnsetType] = UNSET,
        view_options: Union[int, None, UnsetType] = UNSET,
        wipe_cutoff: Union[int, None, UnsetType] = UNSET,
        include_resources: Union[bool, None, UnsetType] = UNSET,
        limit: Union[int, None, UnsetType] = UNSET,
        use_ability_ids: Union[bool, None, UnsetType] = UNSET,
        use_actor_ids: Union[bool, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetReportEvents:
        return await self._call("get_report_events", "getReportEvents", {"code": code, "abilityID": ability_id, "dataType": data_type, "death": death, "difficulty": difficulty, "encounterID": encounter_id, "endTime": end_time, "fightIDs": fight_ids, "filterExpression": filter_expression, "hostilityType": hostility_type, "killType": kill_type, "sourceAurasAbsent": source_auras_absent, "sourceAurasPresent": source_auras_present, "sourceClass": source_class, "sourceID": source_id, "sourceInstanceID": source_instance_id, "startTime": start_time, "targetAurasAbsent": target_auras_absent, "targetAurasPresent": target_auras_present, "targetClass": target_class, "targetID": target_id, "targetInstanceID": target_instance_id, "translate": translate, "viewOptions": view_options, "wipeCutoff": wipe_cutoff, "includeResources": include_resources, "limit": limit, "useAbilityIDs": use_ability_ids, "useActorIDs": use_actor_ids}, others)

    async def get_report_graph(
        self,
        code: Union[str, None, UnsetType] = UNSET,
        *,
        ability_id: Union[float, None, UnsetType] = UNSET,
        data_type: Union[Union[GraphDataType, str], None, UnsetType] = UNSET,
        death: Union[int, None, UnsetType] = UNSET,
        difficulty: Union[int, None, UnsetType] = UNSET,
        encounter_id: Union[int, None, UnsetType] = UNSET,
        end_time: Union[float, None, UnsetType] = UNSET,
        fight_ids: Union[List[int], None, UnsetType] = UNSET,
        filter_expression: Union[str, None, UnsetType] = UNSET,
        hostility_type: Union[Union[HostilityType, str], None, UnsetType] = UNSET,
        kill_type: Union[Union[KillType, str], None, UnsetType] = UNSET,
        source_auras_absent: Union[str, None, UnsetType] = UNSET,
        source_auras_present: Union[str, None, UnsetType] = UNSET,
        source_class: Union[str, None, UnsetType] = UNSET,
        source_id: Union[int, None, UnsetType] = UNSET,
        source_instance_id: Union[int, None, UnsetType] = UNSET,
        start_time: Union[float, None, UnsetType] = UNSET,
        target_auras_absent: Union[str, None, UnsetType] = UNSET,
        target_auras_present: Union[str, None, UnsetType] = UNSET,
        target_class: Union[str, None, UnsetType] = UNSET,
        target_id: Union[int, None, UnsetType] = UNSET,
        target_instance_id: Union[int, None, UnsetType] = UNSET,
        translate: Union[bool, None, UnsetType] = UNSET,
        view_options: Union[int, None, UnsetType] = UNSET,
        wipe_cutoff: Union[int, None, UnsetType] = UNSET,
        view_by: Union[Union[ViewType, str], None, UnsetType] = UNSET,
        **others: Any
    ) -> GetReportGraph:
        return await self._call("get_report_graph", "getReportGraph", {"code": code, "abilityID": ability_id, "dataType": data_type, "death": death, "difficulty": difficulty, "encounterID": encounter_id, "endTime": end_time, "fightIDs": fight_ids, "filterExpression": filter_expression, "hostilityType": hostility_type, "killType": kill_type, "sourceAurasAbsent": source_auras_absent, "sourceAurasPresent": source_auras_present, "sourceClass": source_class, "sourceID": source_id, "sourceInstanceID": source_instance_id, "startTime": start_time, "targetAurasAbsent": target_auras_absent, "targetAurasPresent": target_auras_present, "targetClass": target_class, "targetID": target_id, "targetInstanceID": target_instance_id, "translate": translate, "viewOptions": view_options, "wipeCutoff": wipe_cutoff, "viewBy": view_by}, others)

    async def get_report_table(
        self,
        code: Union[str, None, UnsetType] = UNSET,
        *,
        ability_id: Union[float, None, UnsetType] = UNSET,
        data_type: Union[Union[TableDataType, str], None, UnsetType] = UNSET,
        death: Union[int, None, UnsetType] = UNSET,
        difficulty: Union[int, None, UnsetType] = UNSET,
        encounter_id: Union[int, None, UnsetType] = UNSET,
        end_time: Union[float, None, UnsetType] = UNSET,
        fight_ids: Union[List[int], None, UnsetType] = UNSET,
        filter_expression: Union[str, None, UnsetType] = UNSET,
        hostility_type: Union[Union[HostilityType, str], None, UnsetType] = UNSET,
        kill_type: Union[Union[KillType, str], None, UnsetType] = UNSET,
        source_auras_absent: Union[str, None, UnsetType] = UNSET,
        source_auras_present: Union[str, None, UnsetType] = UNSET,
        source_class: Union[str, None, UnsetType] = UNSET,
        source_id: Union[int, None, UnsetType] = UNSET,
        source_instance_id: Union[int, None, UnsetType] = UNSET,
        start_time: Union[float, None, UnsetType] = UNSET,
        target_auras_absent: Union[str, None, UnsetType] = UNSET,
        target_auras_present: Union[str, None, UnsetType] = UNSET,
        target_class: Union[str, None, UnsetType] = UNSET,
        target_id: Union[int, None, UnsetType] = UNSET,
        target_instance_id: Union[int, None, UnsetType] = UNSET,
        translate: Union[bool, None, UnsetType] = UNSET,
        view_options: Union[int, None, UnsetType] = UNSET,
        wipe_cutoff: Union[int, None, UnsetType] = UNSET,
        view_by: Union[Union[ViewType, str], None, UnsetType] = UNSET,
        **others: Any
    ) -> GetReportTable:
        return await self._call("get_report_table", "getReportTable", {"code": code, "abilityID": ability_id, "dataType": data_type, "death": death, "difficulty": difficulty, "encounterID": encounter_id, "endTime": end_time, "fightIDs": fight_ids, "filterExpression": filter_expression, "hostilityType": hostility_type, "killType": kill_type, "sourceAurasAbsent": source_auras_absent, "sourceAurasPresent": source_auras_present, "sourceClass": source_class, "sourceID": source_id, "sourceInstanceID": source_instance_id, "startTime": start_time, "targetAurasAbsent": target_auras_absent, "targetAurasPresent": target_auras_present, "targetClass": target_class, "targetID": target_id, "targetInstanceID": target_instance_id, "translate": translate, "viewOptions": view_options, "wipeCutoff": wipe_cutoff, "viewBy": view_by}, others)

    async def get_report_rankings(
        self,
        code: Union[str, None, UnsetType] = UNSET,
        *,
        compare: Union[Union[RankingCompareType, str], None, UnsetType] = UNSET,
        difficulty: Union[int, None, UnsetType] = UNSET,
        encounter_id: Union[int, None, UnsetType] = UNSET,
        fight_ids: Union[List[int], None, UnsetType] = UNSET,
        player_metric: Union[Union[ReportRankingMetricType, str], None, UnsetType] = UNSET,
        timeframe: Union[Union[RankingTimeframeType, str], None, UnsetType] = UNSET,
        **others: Any
    ) -> GetReportRankings:
        return await self._call("get_report_rankings", "getReportRankings", {"code": code, "compare": compare, "difficulty": difficulty, "encounterID": encounter_id, "fightIDs": fight_ids, "playerMetric": player_metric, "timeframe": timeframe}, others)

    async def get_report_player_details(
        self,
        code: Union[str, None, UnsetType] = UNSET,
        *,
        difficulty: Union[int, None, UnsetType] = UNSET,
        encounter_id: Union[int, None, UnsetType] = UNSET,
        end_time: Union[float, None, UnsetType] = UNSET,
        fight_ids: Union[List[int], None, UnsetType] = UNSET,
        kill_type: Union[Union[KillType, str], None, UnsetType] = UNSET,
        start_time: Union[float, None, UnsetType] = UNSET,
        translate: Union[bool, None, UnsetType] = UNSET,
        include_combatant_info: Union[bool, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetReportPlayerDetails:
        return await self._call("get_report_player_details", "getReportPlayerDetails", {"code": code, "difficulty": difficulty, "encounterID": encounter_id, "endTime": end_time, "fightIDs": fight_ids, "killType": kill_type, "startTime": start_time, "translate": translate, "includeCombatantInfo": include_combatant_info}, others)

    async def get_reports(
        self,
        *,
        end_time: Union[float, None, UnsetType] = UNSET,
        guild_id: Union[int, None, UnsetType] = UNSET,
        guild_name: Union[str, None, UnsetType] = UNSET,
        guild_server_slug: Union[str, None, UnsetType] = UNSET,
        guild_server_region: Union[str, None, UnsetType] = UNSET,
        guild_tag_id: Union[int, None, UnsetType] = UNSET,
        user_id: Union[int, None, UnsetType] = UNSET,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        start_time: Union[float, None, UnsetType] = UNSET,
        zone_id: Union[int, None, UnsetType] = UNSET,
        game_zone_id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetReports:
        return await self._call("get_reports", "getReports", {"endTime": end_time, "guildID": guild_id, "guildName": guild_name, "guildServerSlug": guild_server_slug, "guildServerRegion": guild_server_region, "guildTagID": guild_tag_id, "userID": user_id, "limit": limit, "page": page, "startTime": start_time, "zoneID": zone_id, "gameZoneID": game_zone_id}, others)


class ProgressRaceCalls(Caller):
    """Races to a first kill."""

    async def get_progress_race(
        self,
        *,
        guild_id: Union[int, None, UnsetType] = UNSET,
        zone_id: Union[int, None, UnsetType] = UNSET,
        competition_id: Union[int, None, UnsetType] = UNSET,
        difficulty: Union[int, None, UnsetType] = UNSET,
        size: Union[int, None, UnsetType] = UNSET,
        server_region: Union[str, None, UnsetType] = UNSET,
        server_subregion: Union[str, None, UnsetType] = UNSET,
        server_slug: Union[str, None, UnsetType] = UNSET,
        guild_name: Union[str, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetProgressRace:
        return await self._call("get_progress_race", "getProgressRace", {"guildID": guild_id, "zoneID": zone_id, "competitionID": competition_id, "difficulty": difficulty, "size": size, "serverRegion": server_region, "serverSubregion": server_subregion, "serverSlug": server_slug, "guildName": guild_name}, others)


class UserCalls(Caller):
    """Users, and the points of the key."""

    async def get_user_by_id(
        self,
        user_id: Union[int, None, UnsetType] = UNSET,
        **others: Any
    ) -> GetUserById:
        return await self._call("get_user_by_id", "getUserById", {"userId": user_id}, others)

    async def get_current_user(
        self,
        **others: Any
    ) -> GetCurrentUser:
        return await self._call("get_current_user", "getCurrentUser", {}, others)

    async def get_user_data(
        self,
        **others: Any
    ) -> GetUserData:
        return await self._call("get_user_data", "getUserData", {}, others)

    async def get_rate_limit_data(
        self,
        **others: Any
    ) -> GetRateLimitData:
        return await self._call("get_rate_limit_data", "getRateLimitData", {}, others)
