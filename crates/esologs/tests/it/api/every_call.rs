//! Every call of the library once: plainly, and with every argument set.

use std::future::Future;
use std::pin::Pin;

use esologs::{
    AbilityId, ActorId, CharacterRankingMetricType, Client, Drift, EncounterId, Error, EventDataType, ExternalBuffRankFilter,
    FactionId, FightRankingMetricType, GraphDataType, GuildId, GuildTagId, HardModeLevelRankFilter, HostilityType, KillType,
    LeaderboardRank, RankingCompareType, RankingTimeframeType, ReportCode, ReportRankingMetricType, ReportTime, RoleType,
    ServerId, TableDataType, UnixMillis, UserId, ViewType, ZoneId,
};

type Outcome = Pin<Box<dyn Future<Output = Result<Drift, Error>>>>;

/// A call: the operation's name, and what became of it.
pub(crate) struct Called {
    pub(crate) operation: &'static str,
    pub(crate) outcome: Outcome,
}

/// What calls are about.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) code: ReportCode,
    pub(crate) guild: i64,
    pub(crate) character: i64,
    pub(crate) encounter: i64,
    pub(crate) zone: i64,
    pub(crate) region: i64,
    pub(crate) server: i64,
    pub(crate) ability: i64,
    pub(crate) npc: i64,
    pub(crate) item: i64,
    pub(crate) item_set: i64,
    pub(crate) map: i64,
    pub(crate) user: i64,
    pub(crate) competition: i64,
}

impl Known {
    /// For a service to which any number is known.
    pub(crate) fn anything() -> Self {
        let code = "aBcDeFgHiJkLmNpQ".parse().unwrap();
        let [guild, character, encounter, zone, region, server, ability, npc, item, item_set, map, user, competition] = [7; 13];
        Self { code, guild, character, encounter, zone, region, server, ability, npc, item, item_set, map, user, competition }
    }
}

macro_rules! called {
    ($($operation:literal => $call:expr,)*) => {
        vec![$( Called {
            operation: $operation,
            outcome: {
                let call = $call;
                Box::pin(async move { Ok(Drift::of(&call.await?)) })
            },
        }, )*]
    };
}

/// Every call with no more arguments than it must have.
pub(crate) fn plainly(client: &Client, known: &Known) -> Vec<Called> {
    let report = client.report(known.code.clone());
    let guild = client.guild(known.guild);
    let character = client.character(known.character);
    let encounter = client.encounter(known.encounter);
    let mut calls = called![
        "Ability" => client.ability(known.ability),
        "Abilities" => client.abilities(),
        "Class" => client.class(1),
        "Classes" => client.classes(),
        "Factions" => client.factions(),
        "Item" => client.item(known.item),
        "Items" => client.items(),
        "ItemSet" => client.item_set(known.item_set),
        "ItemSets" => client.item_sets(),
        "Map" => client.map(known.map),
        "Maps" => client.maps(),
        "Npc" => client.npc(known.npc),
        "Npcs" => client.npcs(),
        "World" => client.world(),
        "Encounter" => encounter.clone(),
        "EncounterCharacterRankings" => encounter.character_rankings(),
        "EncounterFightRankings" => encounter.fight_rankings(),
        "Expansion" => client.expansion(1),
        "Expansions" => client.expansions(),
        "Region" => client.region(known.region),
        "Regions" => client.regions(),
        "RegionServers" => client.region(known.region).servers(),
        "Subregion" => client.subregion(known.region),
        "SubregionServers" => client.subregion(known.region).servers(),
        "Server" => client.server(known.server),
        "ServerGuilds" => client.server(known.server).guilds(),
        "ServerCharacters" => client.server(known.server).characters(),
        "Zone" => client.zone(known.zone),
        "Zones" => client.zones(),
        "Character" => character.clone(),
        "CharacterReports" => character.recent_reports(),
        "CharacterEncounterRankings" => character.encounter_rankings(known.encounter),
        "CharacterZoneRankings" => character.zone_rankings(),
        "CharacterGameData" => character.game_data(),
        "Characters" => client.characters(known.guild),
        "Guild" => guild.clone(),
        "GuildReports" => guild.reports(),
        "GuildAttendance" => guild.attendance(),
        "GuildMembers" => guild.members(),
        "GuildZoneRanking" => guild.zone_ranking(),
        "CurrentUserRank" => guild.current_user_rank(),
        "Guilds" => client.guilds(),
        "Report" => report.clone(),
        "ReportGraph" => report.graph(),
        "ReportTable" => report.table(),
        "ReportRankings" => report.rankings(),
        "ReportPlayerDetails" => report.player_details(),
        "ReportFights" => report.fights(),
        "ReportMasterData" => report.master_data(),
        "ReportPhases" => report.phases(),
        "ReportRankedCharacters" => report.ranked_characters(),
        "Reports" => client.reports().guild_id(known.guild),
        "ProgressRace" => client.progress_race().competition_id(known.competition),
        "DetailedComposition" => client.detailed_composition().competition_id(known.competition),
        "User" => client.user(known.user),
        "CurrentUser" => client.current_user(),
    ];
    calls.push(events(report.events(EventDataType::Deaths)));
    calls.push(rate_limit(client));
    calls
}

fn events(events: esologs::Events) -> Called {
    let outcome = Box::pin(async move { Ok(Drift::of(&events.typed().page(ReportTime::ZERO).await?)) });
    Called { operation: "ReportEvents", outcome }
}

fn rate_limit(client: &Client) -> Called {
    let client = client.clone();
    Called { operation: "RateLimit", outcome: Box::pin(async move { client.rate_limit().await.map(|_| Drift::default()) }) }
}

/// Sets everything that a report's events, graphs and tables can be narrowed down by.
macro_rules! filtered {
    ($call:expr) => {
        $call
            .ability_id(AbilityId::new(61_919))
            .death(1)
            .difficulty(122)
            .encounter_id(EncounterId::new(53))
            .between(ReportTime::new(1.5), ReportTime::new(9_000.0))
            .fights([7, 8])
            .filter_expression("type = 'damage'")
            .hostility(HostilityType::Enemies)
            .kill_type(KillType::Kills)
            .source_auras_absent("1.2.")
            .source_auras_present("3.")
            .source_class("Sorcerer")
            .source_id(ActorId::new(-1))
            .source_instance_id(1)
            .target_auras_absent("4.")
            .target_auras_present("5.")
            .target_class("Warden")
            .target_id(ActorId::new(40))
            .target_instance_id(2)
            .translate(false)
            .view_options(16)
            .wipe_cutoff(3)
    };
}

/// Sets everything that a character's rankings can be narrowed down by.
macro_rules! of_character {
    ($call:expr) => {
        $call
            .by_bracket(true)
            .class_name("Sorcerer")
            .compare(RankingCompareType::Parses)
            .difficulty(122)
            .include_private_logs(true)
            .metric(CharacterRankingMetricType::Hps)
            .partition(2)
            .role(RoleType::Healer)
            .size(12)
            .spec_name("Healer")
            .timeframe(RankingTimeframeType::Today)
    };
}

/// Sets everything that an encounter's rankings can be narrowed down by.
macro_rules! of_encounter {
    ($call:expr) => {
        $call
            .bracket(0)
            .difficulty(122)
            .filter("x")
            .partition(2)
            .server_region("EU")
            .server_slug("megaserver")
            .size(12)
            .leaderboard(LeaderboardRank::LogsOnly)
            .hard_mode_level(HardModeLevelRankFilter::Highest)
    };
}

/// Every call that has arguments, with all of them.
pub(crate) fn with_everything_set(client: &Client) -> Vec<Called> {
    let known = Known::anything();
    let report = client.report(known.code.clone());
    let guild = client.guild_by_name("Lanterns of Alinor", "megaserver", "NA");
    let character = client.character_by_name("Aela", "megaserver", "NA");
    let encounter = client.encounter(53);
    let (since, until) = (UnixMillis::new(1_700_000_000_000), UnixMillis::new(1_800_000_000_000));
    let mut calls = called![
        "Abilities" => client.abilities().per_page(1),
        "Class" => client.class(1).faction_id(FactionId::new(2)).zone_id(ZoneId::new(3)),
        "Classes" => client.classes().faction_id(FactionId::new(2)).zone_id(ZoneId::new(3)),
        "Items" => client.items().per_page(1),
        "ItemSets" => client.item_sets().per_page(1),
        "Maps" => client.maps().per_page(1),
        "Npcs" => client.npcs().per_page(1),
        "EncounterCharacterRankings" => of_encounter!(encounter.character_rankings())
            .metric(CharacterRankingMetricType::BossDps)
            .include_combatant_info(true)
            .class_name("Warden")
            .spec_name("Tank")
            .external_buffs(ExternalBuffRankFilter::Exclude),
        "EncounterFightRankings" => of_encounter!(encounter.fight_rankings()).metric(FightRankingMetricType::Speed),
        "RegionServers" => client.region(1).servers().per_page(100),
        "SubregionServers" => client.subregion(1).servers().per_page(100),
        "Server" => client.server_by_slug("NA", "megaserver"),
        "ServerGuilds" => client.server_by_slug("NA", "megaserver").guilds().per_page(100),
        "ServerCharacters" => client.server_by_slug("NA", "megaserver").characters().per_page(100),
        "Zones" => client.zones().expansion_id(esologs::ExpansionId::new(1)),
        "Character" => character.clone(),
        "CharacterReports" => character.recent_reports().per_page(5),
        "CharacterEncounterRankings" => of_character!(character.encounter_rankings(53)).include_combatant_info(true),
        "CharacterZoneRankings" => of_character!(character.zone_rankings()).zone_id(ZoneId::new(15)),
        "CharacterGameData" => character.game_data().spec_id(esologs::SpecId::new(1)).force_update(true),
        "Characters" => client.characters(3468).per_page(5),
        "Guild" => guild.clone(),
        "GuildReports" => guild
            .reports()
            .since(since)
            .until(until)
            .guild_tag_id(GuildTagId::new(4))
            .zone_id(ZoneId::new(15))
            .game_zone_id(1_000)
            .per_page(5),
        "GuildAttendance" => guild.attendance().guild_tag_id(GuildTagId::new(4)).zone_id(ZoneId::new(15)).per_page(16),
        "GuildMembers" => guild.members().per_page(5),
        "GuildZoneRanking" => guild.zone_ranking().zone_id(ZoneId::new(15)).size(12).difficulty(122),
        "CurrentUserRank" => guild.current_user_rank(),
        "Guilds" => client
            .guilds()
            .server_id(ServerId::new(1))
            .server_slug("megaserver")
            .server_region("NA")
            .per_page(5),
        "ReportGraph" => filtered!(report.graph().data_type(GraphDataType::DamageDone).view_by(ViewType::Source)),
        "ReportTable" => filtered!(report.table().data_type(TableDataType::DamageDone).view_by(ViewType::Source)),
        "ReportRankings" => report
            .rankings()
            .compare(RankingCompareType::Parses)
            .difficulty(122)
            .encounter_id(EncounterId::new(53))
            .fights([7])
            .player_metric(ReportRankingMetricType::Hps)
            .timeframe(RankingTimeframeType::Today),
        "ReportPlayerDetails" => report
            .player_details()
            .difficulty(122)
            .encounter_id(EncounterId::new(53))
            .start_time(ReportTime::ZERO)
            .end_time(ReportTime::new(5.0))
            .fights([7])
            .kill_type(KillType::All)
            .translate(true)
            .include_combatant_info(true),
        "ReportFights" => report
            .fights()
            .difficulty(122)
            .encounter_id(EncounterId::new(53))
            .fights([7])
            .kill_type(KillType::All)
            .translate(true),
        "ReportMasterData" => report.master_data().translate(false).actor_type("Player").actor_sub_type("Sorcerer"),
        "Reports" => client
            .reports()
            .since(since)
            .until(until)
            .guild_id(GuildId::new(3468))
            .guild_name("Lanterns of Alinor")
            .guild_server_slug("megaserver")
            .guild_server_region("NA")
            .guild_tag_id(GuildTagId::new(4))
            .user_id(UserId::new(5))
            .zone_id(ZoneId::new(15))
            .game_zone_id(1_000)
            .per_page(5),
        "ProgressRace" => client
            .progress_race()
            .server_region("NA")
            .server_subregion("NA")
            .server_slug("megaserver")
            .zone_id(ZoneId::new(15))
            .competition_id(1)
            .difficulty(122)
            .size(12)
            .guild_id(GuildId::new(3468))
            .guild_name("Lanterns of Alinor"),
        "DetailedComposition" => client
            .detailed_composition()
            .competition_id(1)
            .guild_id(GuildId::new(3468))
            .guild_name("Lanterns of Alinor")
            .server_slug("megaserver")
            .server_region("NA")
            .encounter_id(EncounterId::new(53))
            .difficulty(122)
            .size(12),
    ];
    let all_of_events = filtered!(report.events(EventDataType::All).include_resources(true).per_page(300));
    calls.push(events(all_of_events.use_ability_ids(false).use_actor_ids(false)));
    calls
}
