"""Methods of the client, one for each operation. Written by ``generator``: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Type, Union

from .._unset import UNSET, UnsetType
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
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetAbility:
        """An ability by its id."""
        given: Dict[str, Any] = {
            "id": id,
        }
        answer: GetAbility = await self._call("get_ability", "getAbility", given, others, raw)
        return answer

    async def get_abilities(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetAbilities:
        """Abilities, a page at a time."""
        given: Dict[str, Any] = {
            "limit": limit,
            "page": page,
        }
        answer: GetAbilities = await self._call("get_abilities", "getAbilities", given, others, raw)
        return answer

    async def get_class(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetClass:
        """A class by its id."""
        given: Dict[str, Any] = {
            "id": id,
        }
        answer: GetClass = await self._call("get_class", "getClass", given, others, raw)
        return answer

    async def get_factions(
        self,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetFactions:
        """The factions."""
        given: Dict[str, Any] = {}
        answer: GetFactions = await self._call("get_factions", "getFactions", given, others, raw)
        return answer

    async def get_item(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetItem:
        """An item by its id."""
        given: Dict[str, Any] = {
            "id": id,
        }
        answer: GetItem = await self._call("get_item", "getItem", given, others, raw)
        return answer

    async def get_items(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetItems:
        """Items, a page at a time."""
        given: Dict[str, Any] = {
            "limit": limit,
            "page": page,
        }
        answer: GetItems = await self._call("get_items", "getItems", given, others, raw)
        return answer

    async def get_item_set(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetItemSet:
        """A set of items by its id."""
        given: Dict[str, Any] = {
            "id": id,
        }
        answer: GetItemSet = await self._call("get_item_set", "getItemSet", given, others, raw)
        return answer

    async def get_item_sets(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetItemSets:
        """Sets of items, a page at a time."""
        given: Dict[str, Any] = {
            "limit": limit,
            "page": page,
        }
        answer: GetItemSets = await self._call("get_item_sets", "getItemSets", given, others, raw)
        return answer

    async def get_map(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetMap:
        """A map by its id."""
        given: Dict[str, Any] = {
            "id": id,
        }
        answer: GetMap = await self._call("get_map", "getMap", given, others, raw)
        return answer

    async def get_maps(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetMaps:
        """Maps, a page at a time."""
        given: Dict[str, Any] = {
            "limit": limit,
            "page": page,
        }
        answer: GetMaps = await self._call("get_maps", "getMaps", given, others, raw)
        return answer

    async def get_npc(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetNPC:
        """A non-player character by its id."""
        given: Dict[str, Any] = {
            "id": id,
        }
        answer: GetNPC = await self._call("get_npc", "getNPC", given, others, raw)
        return answer

    async def get_npcs(
        self,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetNPCs:
        """Non-player characters, a page at a time."""
        given: Dict[str, Any] = {
            "limit": limit,
            "page": page,
        }
        answer: GetNPCs = await self._call("get_npcs", "getNPCs", given, others, raw)
        return answer


class WorldDataCalls(Caller):
    """Regions, servers, zones, encounters."""

    async def get_world_data(
        self,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetWorldData:
        """One of everything that the world holds, and all zones."""
        given: Dict[str, Any] = {}
        answer: GetWorldData = await self._call("get_world_data", "getWorldData", given, others, raw)
        return answer

    async def get_zones(
        self,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetZones:
        """All zones with their encounters."""
        given: Dict[str, Any] = {}
        answer: GetZones = await self._call("get_zones", "getZones", given, others, raw)
        return answer

    async def get_regions(
        self,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetRegions:
        """All regions."""
        given: Dict[str, Any] = {}
        answer: GetRegions = await self._call("get_regions", "getRegions", given, others, raw)
        return answer

    async def get_encounters_by_zone(
        self,
        zone_id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetEncountersByZone:
        """The encounters of a zone."""
        given: Dict[str, Any] = {
            "zoneId": zone_id,
        }
        answer: GetEncountersByZone = await self._call("get_encounters_by_zone", "getEncountersByZone", given, others, raw)
        return answer


class CharacterCalls(Caller):
    """Characters and their rankings."""

    async def get_character_by_id(
        self,
        id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetCharacterById:
        """A character by its id."""
        given: Dict[str, Any] = {
            "id": id,
        }
        answer: GetCharacterById = await self._call("get_character_by_id", "getCharacterById", given, others, raw)
        return answer

    async def get_character_reports(
        self,
        character_id: Union[int, None, UnsetType] = UNSET,
        *,
        limit: Union[int, None, UnsetType] = 10,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetCharacterReports:
        """The latest reports in which a character fought."""
        given: Dict[str, Any] = {
            "characterId": character_id,
            "limit": limit,
        }
        answer: GetCharacterReports = await self._call("get_character_reports", "getCharacterReports", given, others, raw)
        return answer

    async def get_character_encounter_ranking(
        self,
        character_id: Union[int, None, UnsetType] = UNSET,
        encounter_id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetCharacterEncounterRanking:
        """A character's ranks in one encounter."""
        given: Dict[str, Any] = {
            "characterId": character_id,
            "encounterId": encounter_id,
        }
        answer: GetCharacterEncounterRanking = await self._call("get_character_encounter_ranking", "getCharacterEncounterRanking", given, others, raw)
        return answer

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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetCharacterEncounterRankings:
        """A character's ranks in one encounter, by metric, role, size and more."""
        given: Dict[str, Any] = {
            "characterId": character_id,
            "encounterId": encounter_id,
            "byBracket": by_bracket,
            "className": class_name,
            "compare": compare,
            "difficulty": difficulty,
            "includeCombatantInfo": include_combatant_info,
            "includePrivateLogs": include_private_logs,
            "metric": metric,
            "partition": partition,
            "role": role,
            "size": size,
            "specName": spec_name,
            "timeframe": timeframe,
        }
        answer: GetCharacterEncounterRankings = await self._call("get_character_encounter_rankings", "getCharacterEncounterRankings", given, others, raw)
        return answer

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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetCharacterZoneRankings:
        """A character's ranks in the encounters of a zone; of the latest one where none is named."""
        given: Dict[str, Any] = {
            "characterId": character_id,
            "zoneId": zone_id,
            "byBracket": by_bracket,
            "className": class_name,
            "compare": compare,
            "difficulty": difficulty,
            "includePrivateLogs": include_private_logs,
            "metric": metric,
            "partition": partition,
            "role": role,
            "size": size,
            "specName": spec_name,
            "timeframe": timeframe,
        }
        answer: GetCharacterZoneRankings = await self._call("get_character_zone_rankings", "getCharacterZoneRankings", given, others, raw)
        return answer


class GuildCalls(Caller):
    """Guilds, their members and attendance."""

    async def get_guild_by_id(
        self,
        guild_id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetGuildById:
        """A guild by its id."""
        given: Dict[str, Any] = {
            "guildId": guild_id,
        }
        answer: GetGuildById = await self._call("get_guild_by_id", "getGuildById", given, others, raw)
        return answer

    async def get_guilds(
        self,
        *,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        server_id: Union[int, None, UnsetType] = UNSET,
        server_slug: Union[str, None, UnsetType] = UNSET,
        server_region: Union[str, None, UnsetType] = UNSET,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetGuilds:
        """Guilds, of a server or of all, a page at a time."""
        given: Dict[str, Any] = {
            "limit": limit,
            "page": page,
            "serverID": server_id,
            "serverSlug": server_slug,
            "serverRegion": server_region,
        }
        answer: GetGuilds = await self._call("get_guilds", "getGuilds", given, others, raw)
        return answer

    async def get_guild_attendance(
        self,
        guild_id: Union[int, None, UnsetType] = UNSET,
        *,
        guild_tag_id: Union[int, None, UnsetType] = UNSET,
        limit: Union[int, None, UnsetType] = 16,
        page: Union[int, None, UnsetType] = 1,
        zone_id: Union[int, None, UnsetType] = UNSET,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetGuildAttendance:
        """Who was there in a guild's reports, newest first, a page at a time."""
        given: Dict[str, Any] = {
            "guildId": guild_id,
            "guildTagID": guild_tag_id,
            "limit": limit,
            "page": page,
            "zoneID": zone_id,
        }
        answer: GetGuildAttendance = await self._call("get_guild_attendance", "getGuildAttendance", given, others, raw)
        return answer

    async def get_guild_members(
        self,
        guild_id: Union[int, None, UnsetType] = UNSET,
        *,
        limit: Union[int, None, UnsetType] = UNSET,
        page: Union[int, None, UnsetType] = UNSET,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetGuildMembers:
        """The members of a guild, a page at a time."""
        given: Dict[str, Any] = {
            "guildId": guild_id,
            "limit": limit,
            "page": page,
        }
        answer: GetGuildMembers = await self._call("get_guild_members", "getGuildMembers", given, others, raw)
        return answer


class ReportCalls(Caller):
    """Reports and what is in them."""

    async def get_report_by_code(
        self,
        code: Union[str, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetReportByCode:
        """A report with its fights."""
        given: Dict[str, Any] = {
            "code": code,
        }
        answer: GetReportByCode = await self._call("get_report_by_code", "getReportByCode", given, others, raw)
        return answer

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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetReportEvents:
        """Events of a report: a page, and where the next one begins."""
        given: Dict[str, Any] = {
            "code": code,
            "abilityID": ability_id,
            "dataType": data_type,
            "death": death,
            "difficulty": difficulty,
            "encounterID": encounter_id,
            "endTime": end_time,
            "fightIDs": fight_ids,
            "filterExpression": filter_expression,
            "hostilityType": hostility_type,
            "killType": kill_type,
            "sourceAurasAbsent": source_auras_absent,
            "sourceAurasPresent": source_auras_present,
            "sourceClass": source_class,
            "sourceID": source_id,
            "sourceInstanceID": source_instance_id,
            "startTime": start_time,
            "targetAurasAbsent": target_auras_absent,
            "targetAurasPresent": target_auras_present,
            "targetClass": target_class,
            "targetID": target_id,
            "targetInstanceID": target_instance_id,
            "translate": translate,
            "viewOptions": view_options,
            "wipeCutoff": wipe_cutoff,
            "includeResources": include_resources,
            "limit": limit,
            "useAbilityIDs": use_ability_ids,
            "useActorIDs": use_actor_ids,
        }
        answer: GetReportEvents = await self._call("get_report_events", "getReportEvents", given, others, raw)
        return answer

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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetReportGraph:
        """A graph of a report, as the site draws it."""
        given: Dict[str, Any] = {
            "code": code,
            "abilityID": ability_id,
            "dataType": data_type,
            "death": death,
            "difficulty": difficulty,
            "encounterID": encounter_id,
            "endTime": end_time,
            "fightIDs": fight_ids,
            "filterExpression": filter_expression,
            "hostilityType": hostility_type,
            "killType": kill_type,
            "sourceAurasAbsent": source_auras_absent,
            "sourceAurasPresent": source_auras_present,
            "sourceClass": source_class,
            "sourceID": source_id,
            "sourceInstanceID": source_instance_id,
            "startTime": start_time,
            "targetAurasAbsent": target_auras_absent,
            "targetAurasPresent": target_auras_present,
            "targetClass": target_class,
            "targetID": target_id,
            "targetInstanceID": target_instance_id,
            "translate": translate,
            "viewOptions": view_options,
            "wipeCutoff": wipe_cutoff,
            "viewBy": view_by,
        }
        answer: GetReportGraph = await self._call("get_report_graph", "getReportGraph", given, others, raw)
        return answer

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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetReportTable:
        """A table of a report, as the site shows it."""
        given: Dict[str, Any] = {
            "code": code,
            "abilityID": ability_id,
            "dataType": data_type,
            "death": death,
            "difficulty": difficulty,
            "encounterID": encounter_id,
            "endTime": end_time,
            "fightIDs": fight_ids,
            "filterExpression": filter_expression,
            "hostilityType": hostility_type,
            "killType": kill_type,
            "sourceAurasAbsent": source_auras_absent,
            "sourceAurasPresent": source_auras_present,
            "sourceClass": source_class,
            "sourceID": source_id,
            "sourceInstanceID": source_instance_id,
            "startTime": start_time,
            "targetAurasAbsent": target_auras_absent,
            "targetAurasPresent": target_auras_present,
            "targetClass": target_class,
            "targetID": target_id,
            "targetInstanceID": target_instance_id,
            "translate": translate,
            "viewOptions": view_options,
            "wipeCutoff": wipe_cutoff,
            "viewBy": view_by,
        }
        answer: GetReportTable = await self._call("get_report_table", "getReportTable", given, others, raw)
        return answer

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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetReportRankings:
        """The ranks of a report's fights."""
        given: Dict[str, Any] = {
            "code": code,
            "compare": compare,
            "difficulty": difficulty,
            "encounterID": encounter_id,
            "fightIDs": fight_ids,
            "playerMetric": player_metric,
            "timeframe": timeframe,
        }
        answer: GetReportRankings = await self._call("get_report_rankings", "getReportRankings", given, others, raw)
        return answer

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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetReportPlayerDetails:
        """The players of a report by role."""
        given: Dict[str, Any] = {
            "code": code,
            "difficulty": difficulty,
            "encounterID": encounter_id,
            "endTime": end_time,
            "fightIDs": fight_ids,
            "killType": kill_type,
            "startTime": start_time,
            "translate": translate,
            "includeCombatantInfo": include_combatant_info,
        }
        answer: GetReportPlayerDetails = await self._call("get_report_player_details", "getReportPlayerDetails", given, others, raw)
        return answer

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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetReports:
        """Reports of a guild, a user, a zone, a time, a page at a time."""
        given: Dict[str, Any] = {
            "endTime": end_time,
            "guildID": guild_id,
            "guildName": guild_name,
            "guildServerSlug": guild_server_slug,
            "guildServerRegion": guild_server_region,
            "guildTagID": guild_tag_id,
            "userID": user_id,
            "limit": limit,
            "page": page,
            "startTime": start_time,
            "zoneID": zone_id,
            "gameZoneID": game_zone_id,
        }
        answer: GetReports = await self._call("get_reports", "getReports", given, others, raw)
        return answer


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
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetProgressRace:
        """How a race to a first kill stands; nothing where none is on."""
        given: Dict[str, Any] = {
            "guildID": guild_id,
            "zoneID": zone_id,
            "competitionID": competition_id,
            "difficulty": difficulty,
            "size": size,
            "serverRegion": server_region,
            "serverSubregion": server_subregion,
            "serverSlug": server_slug,
            "guildName": guild_name,
        }
        answer: GetProgressRace = await self._call("get_progress_race", "getProgressRace", given, others, raw)
        return answer


class UserCalls(Caller):
    """Users, and the points of the key."""

    async def get_user_by_id(
        self,
        user_id: Union[int, None, UnsetType] = UNSET,
        *,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetUserById:
        """A user by his id, with guilds and characters. Needs OAuth2 user authentication with the scope
        view-user-profile."""
        given: Dict[str, Any] = {
            "userId": user_id,
        }
        answer: GetUserById = await self._call("get_user_by_id", "getUserById", given, others, raw)
        return answer

    async def get_current_user(
        self,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetCurrentUser:
        """The user whose token it is. Needs the /api/v2/user endpoint and a token of the Authorization Code flow with
        the scope view-user-profile."""
        given: Dict[str, Any] = {}
        answer: GetCurrentUser = await self._call("get_current_user", "getCurrentUser", given, others, raw)
        return answer

    async def get_user_data(
        self,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetUserData:
        """The root of what users see, for testing that a user's token is good."""
        given: Dict[str, Any] = {}
        answer: GetUserData = await self._call("get_user_data", "getUserData", given, others, raw)
        return answer

    async def get_rate_limit_data(
        self,
        raw: Union[bool, Type[bytes]] = False,
        **others: Any
    ) -> GetRateLimitData:
        """How many points there are in an hour, and how many are spent."""
        given: Dict[str, Any] = {}
        answer: GetRateLimitData = await self._call("get_rate_limit_data", "getRateLimitData", given, others, raw)
        return answer
