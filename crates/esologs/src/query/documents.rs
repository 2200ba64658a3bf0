//! The documents that the library sends, each in a file of its own and checked against the schema by a test.

use std::ops::Deref;
use std::sync::LazyLock;

use serde_json::Value;

use super::hash;

/// A document. Derefs to the text that it is in a request's JSON, which is written once.
#[derive(Debug)]
pub(crate) struct Document {
    text: &'static str,
    json: LazyLock<Json>,
}

/// What is made of a document once.
#[derive(Debug)]
struct Json {
    text: String,
    number: u64,
}

impl Json {
    fn of(document: &str) -> Self {
        let text = json_text(document);
        Self { number: hash::text(&text), text }
    }
}

impl Document {
    /// The document as its file has it.
    pub(crate) fn text(&self) -> &'static str {
        self.text
    }

    /// A number that stands for it.
    pub(super) fn number(&self) -> u64 {
        self.json.number
    }
}

impl Deref for Document {
    type Target = str;

    fn deref(&self) -> &str {
        &self.json.text
    }
}

/// A document as a string of JSON, quotes included.
pub(super) fn json_text(document: impl Into<String>) -> String {
    Value::String(document.into()).to_string()
}

macro_rules! documents {
    ($($name:ident = $file:literal;)+) => {
        $( pub(crate) static $name: Document =
            Document { text: include_str!($file), json: LazyLock::new(|| Json::of(include_str!($file))) }; )+
    };
}

documents! {
    ABILITIES = "documents/abilities.graphql";
    ABILITY = "documents/ability.graphql";
    CHARACTER = "documents/character.graphql";
    CHARACTER_ENCOUNTER_RANKINGS = "documents/character_encounter_rankings.graphql";
    CHARACTER_GAME_DATA = "documents/character_game_data.graphql";
    CHARACTER_REPORTS = "documents/character_reports.graphql";
    CHARACTER_ZONE_RANKINGS = "documents/character_zone_rankings.graphql";
    CHARACTERS = "documents/characters.graphql";
    CLASS = "documents/class.graphql";
    CLASSES = "documents/classes.graphql";
    CURRENT_USER = "documents/current_user.graphql";
    CURRENT_USER_RANK = "documents/current_user_rank.graphql";
    DETAILED_COMPOSITION = "documents/detailed_composition.graphql";
    ENCOUNTER = "documents/encounter.graphql";
    ENCOUNTER_CHARACTER_RANKINGS = "documents/encounter_character_rankings.graphql";
    ENCOUNTER_FIGHT_RANKINGS = "documents/encounter_fight_rankings.graphql";
    EXPANSION = "documents/expansion.graphql";
    EXPANSIONS = "documents/expansions.graphql";
    FACTIONS = "documents/factions.graphql";
    GUILD = "documents/guild.graphql";
    GUILD_ATTENDANCE = "documents/guild_attendance.graphql";
    GUILD_MEMBERS = "documents/guild_members.graphql";
    GUILD_REPORTS = "documents/guild_reports.graphql";
    GUILD_ZONE_RANKING = "documents/guild_zone_ranking.graphql";
    GUILDS = "documents/guilds.graphql";
    ITEM = "documents/item.graphql";
    ITEM_SET = "documents/item_set.graphql";
    ITEM_SETS = "documents/item_sets.graphql";
    ITEMS = "documents/items.graphql";
    MAP = "documents/map.graphql";
    MAPS = "documents/maps.graphql";
    NPC = "documents/npc.graphql";
    NPCS = "documents/npcs.graphql";
    PROGRESS_RACE = "documents/progress_race.graphql";
    RATE_LIMIT = "documents/rate_limit.graphql";
    REGION = "documents/region.graphql";
    REGION_SERVERS = "documents/region_servers.graphql";
    REGIONS = "documents/regions.graphql";
    REPORT = "documents/report.graphql";
    REPORT_EVENTS = "documents/report_events.graphql";
    REPORT_FIGHTS = "documents/report_fights.graphql";
    REPORT_GRAPH = "documents/report_graph.graphql";
    REPORT_MASTER_DATA = "documents/report_master_data.graphql";
    REPORT_PHASES = "documents/report_phases.graphql";
    REPORT_PLAYER_DETAILS = "documents/report_player_details.graphql";
    REPORT_RANKED_CHARACTERS = "documents/report_ranked_characters.graphql";
    REPORT_RANKINGS = "documents/report_rankings.graphql";
    REPORT_TABLE = "documents/report_table.graphql";
    REPORTS = "documents/reports.graphql";
    SERVER = "documents/server.graphql";
    SERVER_CHARACTERS = "documents/server_characters.graphql";
    SERVER_GUILDS = "documents/server_guilds.graphql";
    SUBREGION = "documents/subregion.graphql";
    SUBREGION_SERVERS = "documents/subregion_servers.graphql";
    USER = "documents/user.graphql";
    WORLD = "documents/world.graphql";
    ZONE = "documents/zone.graphql";
    ZONES = "documents/zones.graphql";
}
