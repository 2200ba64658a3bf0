//! The world as plain data: what exists, before anybody asks for it.
//!
//! Times are milliseconds: `…_unix_ms` since 1970, all others since the start of their report.
//! Everything here is generated once from a seed (or read from a world file) and immutable afterwards; what depends on the
//! moment of asking (a live report) is answered by [`Report::view`].

use std::sync::{Arc, OnceLock};

use super::events::ReportEvents;
use super::parses::{self, Parse};

/// A megaserver's region ("North America").
#[derive(Debug, Clone)]
pub struct Region {
    /// Id, as the site numbers regions.
    pub id: i64,
    /// Short form ("NA").
    pub compact_name: String,
    /// Name in full.
    pub name: String,
    /// Name in look-ups ("NA").
    pub slug: String,
}

/// A game server ("NA Megaserver").
#[derive(Debug, Clone)]
pub struct Server {
    /// Id, as the site numbers servers.
    pub id: i64,
    /// Name in full.
    pub name: String,
    /// Name in look-ups.
    pub slug: String,
    /// The [`Region`] it stands in.
    pub region_id: i64,
}

/// A trial, arena or dungeon with its encounters.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Id, as the site numbers zones.
    pub id: i64,
    /// Name of the trial, arena or dungeon.
    pub name: String,
    /// Whether its rankings are closed.
    pub frozen: bool,
    /// The game's own zone id and name, as `gameZone` of a fight gives them.
    pub game_zone_id: i64,
    /// Players of a group.
    pub group_size: i64,
    /// What its rankings are parted by; none where they are closed.
    pub brackets: Option<Bracket>,
    /// Its encounters, in order.
    pub encounters: Vec<Encounter>,
    /// `(id, name, compact name, default)`
    pub partitions: Vec<(i64, String, String, bool)>,
}

/// Ranges of a measure that a zone's rankings are parted into.
#[derive(Debug, Clone)]
pub struct Bracket {
    /// Lowest value.
    pub min: f64,
    /// Highest value.
    pub max: f64,
    /// Width of one range.
    pub bucket: f64,
    /// What is measured.
    pub kind: String,
}

/// One boss of a zone.
#[derive(Debug, Clone)]
pub struct Encounter {
    /// Id, as the site numbers encounters.
    pub id: i64,
    /// Name of the boss.
    pub name: String,
    /// The map it is fought on.
    pub map: FightMap,
}

/// A map of the game.
#[derive(Debug, Clone)]
pub struct FightMap {
    /// Id in the game.
    pub id: i64,
    /// Name, the zone's.
    pub name: String,
    /// Name of the picture.
    pub file: String,
}

/// A guild.
#[derive(Debug, Clone)]
pub struct Guild {
    /// Id, as the site numbers guilds.
    pub id: i64,
    /// Name, unique on its server.
    pub name: String,
    /// What the guild says of itself.
    pub description: String,
    /// Whether its reports are kept back until a race is over.
    pub competition_mode: bool,
    /// Whether it hides its reports.
    pub stealth_mode: bool,
    /// Id and name of its faction.
    pub faction: (i64, String),
    /// The [`Server`] it is on.
    pub server_id: i64,
    /// Ids and names of its tags (raid teams).
    pub tags: Vec<(i64, String)>,
    /// Ids of [`World::characters`](super::World::characters).
    pub member_ids: Vec<i64>,
}

/// A player character.
#[derive(Debug, Clone)]
pub struct Character {
    /// Id, as the site numbers characters.
    pub id: i64,
    /// Name of the character.
    pub name: String,
    /// The account's name, with its `@`.
    pub display_name: String,
    /// Class, one of [`CLASSES`](super::atlas::CLASSES).
    pub class_id: i64,
    /// Race, one of [`RACES`](super::atlas::RACES).
    pub race_id: i64,
    /// The [`Server`] it plays on.
    pub server_id: i64,
    /// Whether its name is hidden in reports.
    pub anonymous: bool,
    /// Whether its rankings are hidden.
    pub hidden: bool,
    /// The [`Guild`] it is in.
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
    Archived {
        /// When it was archived, in seconds since 1970.
        archive_date_unix_s: i64,
    },
    /// Listed (the listing was made before it went private), but `report(code)` answers "This report does not exist."
    Private,
}

/// A report: what one user uploaded of one evening.
#[derive(Debug)]
pub struct Report {
    /// The 16 letters and digits that name it.
    pub code: String,
    /// What its owner called it.
    pub title: String,
    /// Who may see it, and whether it is finished.
    pub access: Access,
    /// Id and name of the user who uploaded it.
    pub owner: (i64, String),
    /// The [`Guild`] it belongs to.
    pub guild_id: Option<i64>,
    /// Id and name of the guild's tag.
    pub guild_tag: Option<(i64, String)>,
    /// The [`Zone`] it was fought in.
    pub zone_id: i64,
    /// The [`Region`] it was fought in.
    pub region_id: i64,
    /// Its start.
    pub start_unix_ms: i64,
    /// The end once the whole report is uploaded.
    pub end_unix_ms: i64,
    /// Number of times it was changed; see [`Report::view`] for a live one.
    pub revision: i64,
    /// Number of parts it was uploaded in; see [`Report::view`] for a live one.
    pub segments: i64,
    /// Version of the log format.
    pub log_version: i64,
    /// Version of the game, or of its data.
    pub game_version: i64,
    /// Language of the client that wrote the log ("en").
    pub lang: String,
    /// Its fights, in order of time; they do not overlap.
    pub fights: Vec<Fight>,
    /// Players, pets and enemies, in order of their ids.
    pub actors: Vec<Actor>,
    /// Abilities its events name, in order of their ids.
    pub abilities: Vec<Ability>,
    /// Events per second of fight, relative to the usual (0.6 to 1.8: density varies threefold between reports).
    pub density: f64,
    /// What its events are drawn from.
    pub seed: u64,
    /// Built on first use and kept, so that a page costs a copy of its bytes.
    pub events: OnceLock<Arc<ReportEvents>>,
}

/// One fight of a report: a boss, trash, or a leftover of tens of milliseconds.
#[derive(Debug, Clone)]
pub struct Fight {
    /// Number within the report, from 1.
    pub id: i64,
    /// 0 for trash and leftovers.
    pub encounter_id: i64,
    /// The encounter that a leftover of tens of ms belonged to.
    pub original_encounter_id: Option<i64>,
    /// Name of the boss, or of the first enemy of trash.
    pub name: String,
    /// 121, or 122 for hard mode and some trials; none for trash.
    pub difficulty: Option<i64>,
    /// Number of players meant for it; none for trash.
    pub size: Option<i64>,
    /// Whether the boss died; none for trash.
    pub kill: Option<bool>,
    /// Near, but not equal to 0 on a kill (0.01, 0.13).
    pub boss_percentage: Option<f64>,
    /// What was left of the whole fight, 0 on a kill.
    pub fight_percentage: Option<f64>,
    /// Its start.
    pub start: i64,
    /// Its end.
    pub end: i64,
    /// Whether it stands for a whole trial rather than one boss.
    pub complete_raid: bool,
    /// Phase it ended in, 0 where the game tells none.
    pub last_phase: i64,
    /// Score of a trial, where it was completed.
    pub trial_score: Option<f64>,
    /// Time of a trial in milliseconds, where it was completed.
    pub trial_time: Option<f64>,
    /// Actor ids of the players, in any order.
    pub friendly_players: Vec<i64>,
    /// Helpers.
    pub friendly_npcs: Vec<FightNpc>,
    /// Enemies, in any order.
    pub enemy_npcs: Vec<FightNpc>,
    /// Pets of players.
    pub friendly_pets: Vec<FightNpc>,
    /// Least x, greatest x, least y, greatest y.
    pub bounding_box: (i64, i64, i64, i64),
}

/// An actor that took part in a fight without being a player.
#[derive(Debug, Clone)]
pub struct FightNpc {
    /// Actor id.
    pub id: i64,
    /// Id in the game.
    pub game_id: i64,
    /// Number of copies that took part.
    pub instance_count: i64,
    /// Number of groups the copies came in.
    pub group_count: i64,
    /// Actor id of the owner of a pet.
    pub pet_owner: Option<i64>,
}

/// Somebody or something that events name by its id.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Id within the report, as events name it.
    pub id: i64,
    /// Id in the game, 0 for players.
    pub game_id: i64,
    /// Name as the log has it.
    pub name: String,
    /// `Player`, `NPC` or `Pet`.
    pub kind: String,
    /// Class of a player ("Dragonknight"), `Boss`/`NPC` of an enemy, `Pet`.
    pub sub_type: String,
    /// Name of the server, players only.
    pub server: Option<String>,
    /// Actor id of the owner of a pet.
    pub pet_owner: Option<i64>,
    /// Name of the icon.
    pub icon: String,
    /// The account's name, with its `@`; empty for others than players.
    pub display_name: String,
    /// Whether the player is anonymous in this report.
    pub anonymous: bool,
    /// What a player does in the group; none for others.
    pub role: Option<Role>,
    /// The player's [`Character`].
    pub character_id: Option<i64>,
}

/// What a player does in the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Holds the enemies.
    Tank,
    /// Heals.
    Healer,
    /// Deals damage.
    Damage,
}

/// Something that events name by its game id.
#[derive(Debug, Clone)]
pub struct Ability {
    /// Id in the game.
    pub game_id: i64,
    /// Name as the client shows it.
    pub name: String,
    /// Name of the icon.
    pub icon: String,
    /// The API's school flag, a number in a string ("4").
    pub kind: String,
}

/// A report as it stands at one moment: everything for a finished one, the part uploaded so far for a live one.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportView {
    /// Milliseconds since the report's start up to which data is there.
    pub until: i64,
    /// End of what is there.
    pub end_unix_ms: i64,
    /// Number of times it was changed so far.
    pub revision: i64,
    /// Number of parts uploaded so far.
    pub segments: i64,
    /// Fights that have begun.
    pub fights: usize,
}

impl Zone {
    /// The map of a fight. Recorded reports have one of each boss, and none of trash or what is left of a boss.
    #[must_use]
    pub fn map_of(&self, fight: &Fight) -> Option<&FightMap> {
        let boss = self.encounters.iter().find(|encounter| encounter.id == fight.encounter_id);
        boss.map(|encounter| &encounter.map)
    }
}

impl Report {
    /// The report's events, built on first use and kept.
    pub fn events(&self) -> &Arc<ReportEvents> {
        self.events.get_or_init(|| Arc::new(ReportEvents::generate(self)))
    }

    /// What each player did in each boss fight, summed up on first use and kept.
    pub fn parses(&self) -> &[Parse] {
        let events = self.events();
        events.parses.get_or_init(|| parses::sum_up(self, events))
    }

    /// The actor of that id.
    #[must_use]
    pub fn actor(&self, id: i64) -> Option<&Actor> {
        let at = self.actors.binary_search_by_key(&id, |actor| actor.id).ok()?;
        self.actors.get(at)
    }

    /// The ability of that game id.
    #[must_use]
    pub fn ability(&self, game_id: i64) -> Option<&Ability> {
        let at = self.abilities.binary_search_by_key(&game_id, |ability| ability.game_id).ok()?;
        self.abilities.get(at)
    }

    /// The fight of that number.
    #[must_use]
    pub fn fight(&self, id: i64) -> Option<&Fight> {
        self.fights.iter().find(|fight| fight.id == id)
    }

    /// The report's length in milliseconds, once all of it is uploaded.
    #[must_use]
    pub fn length_ms(&self) -> i64 {
        self.end_unix_ms - self.start_unix_ms
    }
}
