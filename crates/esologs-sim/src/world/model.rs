//! The world as plain data: what exists, before anybody asks for it.
//!
//! Times are milliseconds: `…_unix_ms` since 1970, all others since the start of their report.
//! Everything here is generated once from a seed (or read from a world file) and immutable afterwards; what depends on the
//! moment of asking (a live report) is answered by [`Report::view`].

use std::sync::{Arc, OnceLock};

use super::events::ReportEvents;

/// A megaserver's region ("North America").
#[derive(Debug, Clone)]
pub struct Region {
    pub id: i64,
    pub compact_name: String,
    pub name: String,
    pub slug: String,
}

/// A game server ("NA Megaserver").
#[derive(Debug, Clone)]
pub struct Server {
    pub id: i64,
    pub name: String,
    pub slug: String,
    pub region_id: i64,
}

/// A trial, arena or dungeon with its encounters.
#[derive(Debug, Clone)]
pub struct Zone {
    pub id: i64,
    pub name: String,
    pub frozen: bool,
    /// The game's own zone id and name, as `gameZone` of a fight gives them.
    pub game_zone_id: i64,
    pub encounters: Vec<Encounter>,
    /// `(id, name, compact name, default)`
    pub partitions: Vec<(i64, String, String, bool)>,
}

#[derive(Debug, Clone)]
pub struct Encounter {
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone)]
pub struct Guild {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub competition_mode: bool,
    pub stealth_mode: bool,
    pub faction: (i64, String),
    pub server_id: i64,
    pub tags: Vec<(i64, String)>,
    /// Ids of [`World::characters`](super::World::characters).
    pub member_ids: Vec<i64>,
}

#[derive(Debug, Clone)]
pub struct Character {
    pub id: i64,
    pub name: String,
    pub display_name: String,
    pub class_id: i64,
    pub race_id: i64,
    pub server_id: i64,
    pub anonymous: bool,
    pub hidden: bool,
    pub guild_id: Option<i64>,
}

/// What the API lets a public key see of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// Finished and public.
    Public,
    /// Being uploaded: it grows over time, see [`Report::view`].
    Live,
    /// Listed with its guild, but its contents need a user token with a subscription.
    Archived { archive_date_unix_s: i64 },
    /// Listed (the listing was made before it went private), but `report(code)` answers "This report does not exist."
    Private,
}

#[derive(Debug)]
pub struct Report {
    pub code: String,
    pub title: String,
    pub access: Access,
    pub owner: (i64, String),
    pub guild_id: Option<i64>,
    pub guild_tag: Option<(i64, String)>,
    pub zone_id: i64,
    pub region_id: i64,
    pub start_unix_ms: i64,
    /// The end once the whole report is uploaded.
    pub end_unix_ms: i64,
    pub revision: i64,
    pub segments: i64,
    pub log_version: i64,
    pub game_version: i64,
    pub lang: String,
    pub fights: Vec<Fight>,
    pub actors: Vec<Actor>,
    pub abilities: Vec<Ability>,
    /// Events per second of fight, relative to the usual (0.6 to 1.8: density varies threefold between reports).
    pub density: f64,
    pub seed: u64,
    /// Built on first use and kept, so that a page costs a copy of its bytes.
    pub events: OnceLock<Arc<ReportEvents>>,
}

#[derive(Debug, Clone)]
pub struct Fight {
    pub id: i64,
    /// 0 for trash and leftovers.
    pub encounter_id: i64,
    /// The encounter that a leftover of tens of ms belonged to.
    pub original_encounter_id: Option<i64>,
    pub name: String,
    pub difficulty: Option<i64>,
    pub size: Option<i64>,
    pub kill: Option<bool>,
    /// Near, but not equal to 0 on a kill (0.01, 0.13).
    pub boss_percentage: Option<f64>,
    pub fight_percentage: Option<f64>,
    pub start: i64,
    pub end: i64,
    pub complete_raid: bool,
    pub last_phase: i64,
    pub trial_score: Option<f64>,
    pub trial_time: Option<f64>,
    pub friendly_players: Vec<i64>,
    pub friendly_npcs: Vec<FightNpc>,
    pub enemy_npcs: Vec<FightNpc>,
    pub friendly_pets: Vec<FightNpc>,
    pub bounding_box: (i64, i64, i64, i64),
}

#[derive(Debug, Clone)]
pub struct FightNpc {
    pub id: i64,
    pub game_id: i64,
    pub instance_count: i64,
    pub group_count: i64,
    pub pet_owner: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct Actor {
    /// Id within the report, as events name it.
    pub id: i64,
    pub game_id: i64,
    pub name: String,
    /// `Player`, `NPC` or `Pet`.
    pub kind: String,
    /// Class of a player ("Dragonknight"), `Boss`/`NPC` of an enemy, `Pet`.
    pub sub_type: String,
    pub server: Option<String>,
    pub pet_owner: Option<i64>,
    pub icon: String,
    pub display_name: String,
    pub anonymous: bool,
}

#[derive(Debug, Clone)]
pub struct Ability {
    pub game_id: i64,
    pub name: String,
    pub icon: String,
    /// The API's school flag, a number in a string ("4").
    pub kind: String,
}

/// A report as it stands at one moment: everything for a finished one, the part uploaded so far for a live one.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportView {
    /// Milliseconds since the report's start up to which data is there.
    pub until: i64,
    pub end_unix_ms: i64,
    pub revision: i64,
    pub segments: i64,
    /// Fights that have begun.
    pub fights: usize,
}
