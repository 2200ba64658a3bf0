//! The simulator's world: guilds, characters, reports, fights and events, all drawn from one seed.
//!
//! A world is generated ([`World::generate`]) or described by a file ([`World::from_toml`]). What there is, is settled at
//! once and cheaply; the events of a report are built when somebody first asks for them. The same configuration gives the
//! same bytes on every machine, and one report does not depend on another.
//!
//! Finished and archived reports lie at fixed times of 2026 and 2023, so that what is true of them is true on any day. Only
//! the live report depends on the moment the world is made.

pub mod atlas;
pub(crate) mod dice;
pub mod events;
mod fights;
mod file;
pub mod model;
mod names;
mod number;
pub mod parses;
mod people;
mod plan;
mod reports;
mod roster;
mod size;
pub mod skills;
mod view;

use model::{Character, Encounter, Guild, Region, Report, Server, Zone};

pub use events::{DataType, EventFilter, EventKind, EventPage, Hostility, KillType, Narrowing, ReportEvents};
pub use file::WorldFileError;
pub use number::number;
pub use size::{Size, UnknownSize, WorldConfig};
pub use view::SEGMENT_MS;

/// Id of the guild that every generated world is about.
pub const MAIN_GUILD_ID: i64 = 3468;

/// Everything there is.
#[derive(Debug)]
pub struct World {
    /// What all of it was drawn from.
    pub seed: u64,
    /// Regions of the game.
    pub regions: Vec<Region>,
    /// Servers of the game.
    pub servers: Vec<Server>,
    /// Zones with their encounters.
    pub zones: Vec<Zone>,
    /// Guilds, the main one first.
    pub guilds: Vec<Guild>,
    /// Characters, guild by guild.
    pub characters: Vec<Character>,
    /// Reports of all guilds, in no order.
    pub reports: Vec<Report>,
}

impl World {
    /// Generates a world. Only the live report depends on `now_unix_ms`: it began about 70 minutes before.
    #[must_use]
    pub fn generate(config: &WorldConfig, now_unix_ms: i64) -> Self {
        plan::WorldPlan::of(config).build(now_unix_ms)
    }

    /// Makes the world that a file describes; what the file leaves out is drawn from its `seed`.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, has a key or a value that is not allowed, or contradicts itself; the message names the
    /// field and what is allowed.
    pub fn from_toml(text: &str, now_unix_ms: i64) -> Result<Self, WorldFileError> {
        Ok(file::read(text)?.build(now_unix_ms))
    }

    /// The report of that code.
    #[must_use]
    pub fn report(&self, code: &str) -> Option<&Report> {
        self.reports.iter().find(|report| report.code == code)
    }

    /// The guild of that id.
    #[must_use]
    pub fn guild(&self, id: i64) -> Option<&Guild> {
        self.guilds.iter().find(|guild| guild.id == id)
    }

    /// The guild of that name on that server; the case of letters does not matter.
    #[must_use]
    pub fn guild_by_name(&self, name: &str, server_slug: &str, region_slug: &str) -> Option<&Guild> {
        let server = self.server_by_slug(server_slug, region_slug)?;
        self.guilds.iter().find(|guild| guild.server_id == server.id && guild.name.eq_ignore_ascii_case(name))
    }

    /// The server of that slug in that region; the case of letters does not matter.
    #[must_use]
    pub fn server_by_slug(&self, server_slug: &str, region_slug: &str) -> Option<&Server> {
        let region = self.regions.iter().find(|region| region.slug.eq_ignore_ascii_case(region_slug))?;
        let mut servers = self.servers.iter().filter(|server| server.region_id == region.id);
        servers.find(|server| server.slug.eq_ignore_ascii_case(server_slug))
    }

    /// The zone of that id.
    #[must_use]
    pub fn zone(&self, id: i64) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.id == id)
    }

    /// The encounter of that id, and its zone.
    #[must_use]
    pub fn encounter(&self, id: i64) -> Option<(&Zone, &Encounter)> {
        self.zones.iter().find_map(|zone| Some((zone, zone.encounters.iter().find(|encounter| encounter.id == id)?)))
    }

    /// The server of that id.
    #[must_use]
    pub fn server(&self, id: i64) -> Option<&Server> {
        self.servers.iter().find(|server| server.id == id)
    }

    /// The region of that id.
    #[must_use]
    pub fn region(&self, id: i64) -> Option<&Region> {
        self.regions.iter().find(|region| region.id == id)
    }

    /// The character of that id.
    #[must_use]
    pub fn character(&self, id: i64) -> Option<&Character> {
        self.characters.iter().find(|character| character.id == id)
    }

    /// The character of that name on that server; the case of letters does not matter.
    #[must_use]
    pub fn character_by_name(&self, name: &str, server_slug: &str, region_slug: &str) -> Option<&Character> {
        let server = self.server_by_slug(server_slug, region_slug)?;
        let mut there = self.characters.iter().filter(|character| character.server_id == server.id);
        there.find(|character| character.name.eq_ignore_ascii_case(name))
    }

    /// The guild's reports, newest first, whoever may see them.
    #[must_use]
    pub fn reports_of_guild(&self, guild_id: i64) -> Vec<&Report> {
        let mut reports: Vec<&Report> = self.reports.iter().filter(|report| report.guild_id == Some(guild_id)).collect();
        reports.sort_by(|a, b| b.start_unix_ms.cmp(&a.start_unix_ms).then_with(|| a.code.cmp(&b.code)));
        reports
    }
}
