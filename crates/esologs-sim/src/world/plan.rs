//! What a world shall hold, before it is built: a generated one and one from a file end in the same plan.

use super::atlas;
use super::dice::{Dice, derive};
use super::names::{GUILDS, MAIN_GUILD};
use super::reports;
use super::size::{Size, WorldConfig};
use super::{MAIN_GUILD_ID, World, people};

/// Events per second of fight in a report of density 1.0, over all types and twelve players.
pub(super) const EVENTS_PER_SECOND: f64 = 112.0;
/// 2026-01-05T00:00:00Z: finished reports are not older.
const FINISHED_FROM_MS: i64 = 1_767_571_200_000;
/// 2026-09-30T00:00:00Z: finished reports begin before.
const FINISHED_UNTIL_MS: i64 = 1_790_726_400_000;
/// 2023-01-01T00:00:00Z, the year of archived reports.
const ARCHIVED_FROM_MS: i64 = 1_672_531_200_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A live report began this long before the world was made, and up to two minutes more.
pub(super) const LIVE_AGE_MS: i64 = 70 * 60_000;
/// A live report goes on for this long after the world was made, and up to two minutes more.
pub(super) const LIVE_REST_MS: i64 = 9 * 60_000;

/// Ids and codes that the documentation and the public tests of the Python package `esologs-python` ask for: a generated world
/// has something there, under invented names, so that who runs those against it finds an answer.
const ASKED_FOR_ELSEWHERE: &[Elsewhere] = &[
    Elsewhere {
        guild: 3_660,
        name: "The Lent Lantern",
        characters: &[34_663, 314_050],
        // The first of a zone whose rankings they ask for.
        reports: &[("VfxqaX47HGC98rAp", Some(8)), ("VFnNYQjxC3RwGqg1", None)],
    },
    Elsewhere { guild: 123, name: "Example Hollow", characters: &[12_345], reports: &[] },
];

/// A guild of those.
struct Elsewhere {
    guild: i64,
    name: &'static str,
    characters: &'static [i64],
    /// Codes, and zones where one is asked for.
    reports: &'static [(&'static str, Option<i64>)],
}

/// What a world shall hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WorldPlan {
    pub(super) seed: u64,
    pub(super) guilds: Vec<GuildPlan>,
    pub(super) reports: Vec<ReportPlan>,
}

/// A guild that shall be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GuildPlan {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) server_id: i64,
    pub(super) members: usize,
    pub(super) tags: usize,
    /// Ids of its first members; the others are numbered.
    pub(super) characters: Vec<i64>,
}

/// A report that shall be. What is `None` is drawn from the report's seed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReportPlan {
    pub(super) seed: u64,
    pub(super) guild_id: i64,
    pub(super) kind: Kind,
    pub(super) zone_id: i64,
    pub(super) code: Option<String>,
    pub(super) title: Option<String>,
    pub(super) density: f64,
    pub(super) combat_seconds: f64,
    pub(super) fights: usize,
    /// Ignored for a live report.
    pub(super) start_unix_ms: i64,
}

/// Who may see a report that shall be, and whether it is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Public,
    Live,
    Archived,
    Private,
}

impl WorldPlan {
    /// The plan of a generated world.
    pub(super) fn of(config: &WorldConfig) -> Self {
        let mut plan = Self { seed: config.seed, guilds: guilds(), reports: Vec::new() };
        let shape = Shape::of(config.size);
        // Worlds of one seed and two sizes share their people but no report: a code names one report only.
        let seed = derive(config.seed, 10 + config.size as u64);
        for (kind, count) in shape.main_guild_reports() {
            for number in 0..count {
                let events = if kind == Kind::Public { shape.finished_events } else { shape.other_events };
                let start = shape.start(seed, kind, number, count);
                plan.draw_report(seed, MAIN_GUILD_ID, kind, events, shape.fights, start);
            }
        }
        // So that a listing by guild has something to leave out.
        let start = when(seed ^ 1, Kind::Public, 0, 1);
        plan.draw_report(seed, plan.guilds[1].id, Kind::Public, shape.finished_events.min(1_500), 4, start);
        plan.draw_what_is_asked_for_elsewhere(seed);
        plan
    }

    fn draw_what_is_asked_for_elsewhere(&mut self, seed: u64) {
        for elsewhere in ASKED_FOR_ELSEWHERE {
            for (number, (code, zone)) in elsewhere.reports.iter().enumerate() {
                let start = when(seed ^ 2, Kind::Public, number, elsewhere.reports.len());
                self.draw_report(seed, elsewhere.guild, Kind::Public, 250, 5, start);
                let Some(report) = self.reports.last_mut() else { continue };
                report.code = Some((*code).to_owned());
                report.zone_id = zone.unwrap_or(report.zone_id);
            }
        }
    }

    /// Adds a report whose zone and density are drawn from its seed.
    fn draw_report(&mut self, seed: u64, guild_id: i64, kind: Kind, events: u32, fights: usize, start_unix_ms: i64) {
        let seed = report_seed(seed, self.reports.len());
        let mut dice = Dice::new(derive(seed, 1));
        let zones = atlas::zones();
        // Density varies threefold between reports.
        let density = f64::from(6 + dice.below(13)) / 10.0;
        self.reports.push(ReportPlan {
            seed,
            guild_id,
            kind,
            // The latest trials: the last six zones of the atlas.
            zone_id: dice.pick(&zones[zones.len() - 6..]).id,
            code: None,
            title: None,
            density,
            combat_seconds: f64::from(events) / (EVENTS_PER_SECOND * density),
            fights,
            start_unix_ms,
        });
    }

    /// Builds the world; only live reports look at the time.
    pub(super) fn build(&self, now_unix_ms: i64) -> World {
        let (guilds, characters) = people::settle(&self.guilds, self.seed);
        let mut world = World {
            seed: self.seed,
            regions: atlas::regions(),
            servers: atlas::servers(),
            zones: atlas::zones(),
            guilds,
            characters,
            reports: Vec::new(),
        };
        world.reports = self.reports.iter().map(|plan| reports::build(plan, &world, now_unix_ms)).collect();
        world
    }
}

/// The seed of a world's `number`-th report.
pub(super) fn report_seed(seed: u64, number: usize) -> u64 {
    derive(seed, 1000 + number as u64)
}

/// The time at which the `number`-th of `count` reports of a kind begins: spread evenly, in the evening.
pub(super) fn when(seed: u64, kind: Kind, number: usize, count: usize) -> i64 {
    let (from, until) = match kind {
        Kind::Archived => (ARCHIVED_FROM_MS, ARCHIVED_FROM_MS + 364 * DAY_MS),
        _ => (FINISHED_FROM_MS, FINISHED_UNTIL_MS),
    };
    let mut dice = Dice::new(derive(seed, 50 + number as u64 + if kind == Kind::Private { 500 } else { 0 }));
    let share = (until - from) / DAY_MS / i64::try_from(count.max(1)).unwrap_or(1);
    let day = share * i64::try_from(number).unwrap_or(0) + dice.between(0, (share - 1).max(0));
    from + day * DAY_MS + 17 * HOUR_MS + dice.between(0, 2 * HOUR_MS)
}

fn guilds() -> Vec<GuildPlan> {
    let main =
        GuildPlan { id: MAIN_GUILD_ID, name: MAIN_GUILD.to_owned(), server_id: 1, members: 34, tags: 3, characters: vec![] };
    let other = |(number, name): (i64, &&str)| GuildPlan {
        id: 2_000 + number * 777,
        name: (*name).to_owned(),
        server_id: 1 + number % 2,
        members: 16,
        tags: 1,
        characters: vec![],
    };
    let elsewhere = |elsewhere: &Elsewhere| GuildPlan {
        id: elsewhere.guild,
        name: elsewhere.name.to_owned(),
        server_id: 1,
        members: 16,
        tags: 1,
        characters: elsewhere.characters.to_vec(),
    };
    let others = (0..).zip(GUILDS).map(other);
    std::iter::once(main).chain(others).chain(ASKED_FOR_ELSEWHERE.iter().map(elsewhere)).collect()
}

/// How a size is made up.
struct Shape {
    finished: usize,
    archived: usize,
    private: usize,
    /// Events in each finished report.
    finished_events: u32,
    /// Events in each of the others.
    other_events: u32,
    fights: usize,
    /// All finished reports are of one night.
    one_night: bool,
}

impl Shape {
    fn of(size: Size) -> Self {
        let shape = |finished, archived, private, finished_events, other_events, fights| Self {
            finished,
            archived,
            private,
            finished_events,
            other_events,
            fights,
            one_night: size == Size::Night,
        };
        match size {
            Size::Small => shape(3, 1, 1, 5_400, 2_500, 7),
            Size::Night => shape(2, 1, 1, 262_000, 10_000, 26),
            Size::Demo => shape(9, 3, 2, 63_000, 25_000, 16),
            Size::Huge => shape(12, 3, 2, 430_000, 25_000, 40),
        }
    }

    fn main_guild_reports(&self) -> [(Kind, usize); 4] {
        [(Kind::Public, self.finished), (Kind::Archived, self.archived), (Kind::Private, self.private), (Kind::Live, 1)]
    }

    fn start(&self, seed: u64, kind: Kind, number: usize, count: usize) -> i64 {
        if self.one_night && kind == Kind::Public {
            return when(seed, kind, 0, 1) + i64::try_from(number).unwrap_or(0) * 3 * HOUR_MS;
        }
        when(seed, kind, number, count)
    }
}
