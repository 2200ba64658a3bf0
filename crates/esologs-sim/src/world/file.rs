//! A world described by a file (TOML), so that other people's tests find the ids, names and codes they expect.
//!
//! ```toml
//! seed = 7                        # everything not said here is drawn from it
//!
//! [[guild]]
//! id = 3468
//! name = "Lanterns of Emberwatch"
//! server = "NA"                   # NA (if left out) or EU
//! members = 24                    # 12 to 500
//! tags = 1                        # raid teams, 0 to 3
//! characters = [34663]            # ids of its first members, below 700001; the others are numbered from there
//!
//! [[report]]
//! code = "k7mfhPdY36RfANY2"       # 16 letters and digits; a: before them for an anonymous report
//! guild = 3468                    # the first guild if left out
//! title = "Dreadsail Reef weekly"
//! zone = 16                       # an id of the atlas
//! access = "public"               # public (if left out), live, archived or private
//! density = 1.0                   # 0.6 to 1.8 of the usual number of events per second
//! events = 5000                   # about so many; or combat_seconds = 480
//! fights = 7                      # 1 to 500
//! start_unix_ms = 1769900000000   # not for a live report
//! seed = 1                        # of this report alone
//! ```

use std::collections::HashSet;
use std::fmt::Display;

use serde::Deserialize;
use toml::Spanned;

use super::dice::{Dice, derive};
use super::plan::{EVENTS_PER_SECOND, GuildPlan, Kind, ReportPlan, WorldPlan, report_seed, when};
use super::{atlas, model::Zone, people};

/// Density of a report: threefold between the sparsest and the densest.
const DENSITY: (f64, f64) = (0.6, 1.8);
/// Events of a report. At the upper end its events take 1.4 GB.
const EVENTS: (i64, i64) = (100, 5_000_000);
const COMBAT_SECONDS: (f64, f64) = (1.0, 43_200.0);
const FIGHTS: (i64, i64) = (1, 500);
const MEMBERS: (i64, i64) = (12, 500);
const TAGS: (i64, i64) = (0, 3);
/// Ids are GraphQL's `Int`.
const IDS: (i64, i64) = (1, i32::MAX as i64);
/// Those above are of members whose ids are not named.
const CHARACTERS: (i64, i64) = (1, people::FIRST_NUMBERED - 1);
/// From 2010 to 2100.
const TIMES: (i64, i64) = (1_262_304_000_000, 4_102_444_800_000);
const USUAL_EVENTS: i64 = 5_400;
const USUAL_FIGHTS: i64 = 7;
const USUAL_MEMBERS: i64 = 24;

/// Why a world file is refused; the message names the line, the field and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("world file: {0}")]
pub struct WorldFileError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WorldFile {
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    guild: Vec<GuildEntry>,
    #[serde(default)]
    report: Vec<ReportEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GuildEntry {
    id: Spanned<i64>,
    name: Spanned<String>,
    server: Option<Spanned<String>>,
    members: Option<Spanned<i64>>,
    tags: Option<Spanned<i64>>,
    #[serde(default)]
    characters: Vec<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportEntry {
    code: Option<Spanned<String>>,
    guild: Option<Spanned<i64>>,
    title: Option<String>,
    zone: Option<Spanned<i64>>,
    access: Option<AccessEntry>,
    density: Option<Spanned<f64>>,
    events: Option<Spanned<i64>>,
    combat_seconds: Option<Spanned<f64>>,
    fights: Option<Spanned<i64>>,
    start_unix_ms: Option<Spanned<i64>>,
    seed: Option<u64>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum AccessEntry {
    Public,
    Live,
    Archived,
    Private,
}

/// Reads a world file into a plan.
pub(super) fn read(text: &str) -> Result<WorldPlan, WorldFileError> {
    let file: WorldFile = toml::from_str(text).map_err(|error| WorldFileError(error.to_string().trim_end().to_owned()))?;
    let check = Check { text };
    let guilds = check.guilds(&file)?;
    let Some(first) = guilds.first() else {
        return Err(WorldFileError("there is no [[guild]]; a world needs one at least".to_owned()));
    };
    let first = first.id;
    let mut plan = WorldPlan { seed: file.seed, guilds, reports: Vec::new() };
    let mut codes = HashSet::new();
    for (number, entry) in file.report.iter().enumerate() {
        let report = check.report(entry, number, &file, &plan, first)?;
        check.code_is_new(entry, &mut codes)?;
        plan.reports.push(report);
    }
    Ok(plan)
}

/// Checks values, and finds the line of one that is not allowed.
struct Check<'a> {
    text: &'a str,
}

impl Check<'_> {
    fn refuse<T>(&self, value: &Spanned<T>, message: impl Display) -> WorldFileError {
        let before = self.text.get(..value.span().start).unwrap_or_default();
        WorldFileError(format!("line {}: {message}", before.matches('\n').count() + 1))
    }

    fn within<T: PartialOrd + Copy + Display>(
        &self,
        field: &str,
        value: &Spanned<T>,
        (low, high): (T, T),
    ) -> Result<T, WorldFileError> {
        let number = *value.get_ref();
        if number >= low && number <= high {
            return Ok(number);
        }
        Err(self.refuse(value, format_args!("{field} is {number}; allowed is {low} to {high}")))
    }

    fn count(&self, field: &str, value: Option<&Spanned<i64>>, range: (i64, i64), usual: i64) -> Result<usize, WorldFileError> {
        let number = value.map_or(Ok(usual), |value| self.within(field, value, range))?;
        Ok(usize::try_from(number).unwrap_or(0))
    }

    fn guilds(&self, file: &WorldFile) -> Result<Vec<GuildPlan>, WorldFileError> {
        let mut guilds: Vec<GuildPlan> = Vec::new();
        for entry in &file.guild {
            let guild = self.guild(entry)?;
            self.characters_are_new(entry, &guilds)?;
            if guilds.iter().any(|other| other.id == guild.id) {
                return Err(self.refuse(&entry.id, format_args!("guild.id {} is used twice", guild.id)));
            }
            guilds.push(guild);
        }
        Ok(guilds)
    }

    fn guild(&self, entry: &GuildEntry) -> Result<GuildPlan, WorldFileError> {
        if entry.name.get_ref().trim().is_empty() {
            return Err(self.refuse(&entry.name, "guild.name is empty"));
        }
        Ok(GuildPlan {
            id: self.within("guild.id", &entry.id, IDS)?,
            name: entry.name.get_ref().clone(),
            server_id: self.server(entry.server.as_ref())?,
            members: self.count("guild.members", entry.members.as_ref(), MEMBERS, USUAL_MEMBERS)?,
            tags: self.count("guild.tags", entry.tags.as_ref(), TAGS, 1)?,
            characters: self.characters(entry)?,
        })
    }

    fn characters(&self, entry: &GuildEntry) -> Result<Vec<i64>, WorldFileError> {
        entry.characters.iter().map(|id| self.within("guild.characters", id, CHARACTERS)).collect()
    }

    fn characters_are_new(&self, entry: &GuildEntry, others: &[GuildPlan]) -> Result<(), WorldFileError> {
        let mut ids: HashSet<i64> = others.iter().flat_map(|guild| &guild.characters).copied().collect();
        match entry.characters.iter().find(|id| !ids.insert(*id.get_ref())) {
            Some(twice) => Err(self.refuse(twice, format_args!("guild.characters {} is used twice", twice.get_ref()))),
            None => Ok(()),
        }
    }

    fn server(&self, region: Option<&Spanned<String>>) -> Result<i64, WorldFileError> {
        let Some(region) = region else { return Ok(1) };
        match region.get_ref().as_str() {
            "NA" => Ok(1),
            "EU" => Ok(2),
            other => Err(self.refuse(region, format_args!("guild.server is {other:?}; allowed is \"NA\" or \"EU\""))),
        }
    }

    fn report(
        &self,
        entry: &ReportEntry,
        number: usize,
        file: &WorldFile,
        plan: &WorldPlan,
        first: i64,
    ) -> Result<ReportPlan, WorldFileError> {
        let seed = entry.seed.unwrap_or_else(|| report_seed(file.seed, number));
        let mut dice = Dice::new(derive(seed, 1));
        let density = match &entry.density {
            Some(density) => self.within("report.density", density, DENSITY)?,
            None => f64::from(6 + dice.below(13)) / 10.0,
        };
        let kind = kind(entry);
        Ok(ReportPlan {
            seed,
            guild_id: self.guild_of(entry, plan, first)?,
            kind,
            zone_id: self.zone(entry, &mut dice)?,
            code: self.code(entry)?,
            title: entry.title.clone(),
            density,
            combat_seconds: self.combat_seconds(entry, density)?,
            fights: self.count("report.fights", entry.fights.as_ref(), FIGHTS, USUAL_FIGHTS)?,
            start_unix_ms: self.start(entry, kind, number, file)?,
        })
    }

    fn guild_of(&self, entry: &ReportEntry, plan: &WorldPlan, first: i64) -> Result<i64, WorldFileError> {
        let Some(guild) = &entry.guild else { return Ok(first) };
        let id = *guild.get_ref();
        if plan.guilds.iter().any(|known| known.id == id) {
            return Ok(id);
        }
        let known = list(plan.guilds.iter().map(|guild| guild.id));
        Err(self.refuse(guild, format_args!("report.guild is {id}, but no [[guild]] has that id; there are {known}")))
    }

    fn zone(&self, entry: &ReportEntry, dice: &mut Dice) -> Result<i64, WorldFileError> {
        let zones = atlas::zones();
        let Some(zone) = &entry.zone else { return Ok(dice.pick(&zones[zones.len() - 6..]).id) };
        let id = *zone.get_ref();
        if zones.iter().any(|known| known.id == id) {
            return Ok(id);
        }
        let known = list(zones.iter().map(|Zone { id, .. }| *id));
        Err(self.refuse(zone, format_args!("report.zone is {id}; allowed is {known}")))
    }

    fn code(&self, entry: &ReportEntry) -> Result<Option<String>, WorldFileError> {
        let Some(code) = &entry.code else { return Ok(None) };
        let letters = code.get_ref().strip_prefix("a:").unwrap_or(code.get_ref());
        if letters.len() == 16 && letters.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
            return Ok(Some(code.get_ref().clone()));
        }
        let allowed = "allowed are 16 letters and digits, with \"a:\" before them if anonymous";
        Err(self.refuse(code, format_args!("report.code is {:?}; {allowed}", code.get_ref())))
    }

    fn code_is_new<'a>(&self, entry: &'a ReportEntry, codes: &mut HashSet<&'a str>) -> Result<(), WorldFileError> {
        match &entry.code {
            Some(code) if !codes.insert(code.get_ref()) => {
                Err(self.refuse(code, format_args!("report.code {:?} is used twice", code.get_ref())))
            }
            _ => Ok(()),
        }
    }

    fn combat_seconds(&self, entry: &ReportEntry, density: f64) -> Result<f64, WorldFileError> {
        match (&entry.events, &entry.combat_seconds) {
            (Some(events), Some(_)) => Err(self.refuse(events, "report.events and report.combat_seconds exclude each other")),
            (None, Some(seconds)) => self.within("report.combat_seconds", seconds, COMBAT_SECONDS),
            (Some(events), None) => Ok(seconds_for(self.within("report.events", events, EVENTS)?, density)),
            (None, None) => Ok(seconds_for(USUAL_EVENTS, density)),
        }
    }

    fn start(&self, entry: &ReportEntry, kind: Kind, number: usize, file: &WorldFile) -> Result<i64, WorldFileError> {
        match &entry.start_unix_ms {
            Some(start) if kind == Kind::Live => {
                Err(self
                    .refuse(start, "report.start_unix_ms is not for a live report: it begins 70 minutes before the simulator"))
            }
            Some(start) => self.within("report.start_unix_ms", start, TIMES),
            None => Ok(when(file.seed, kind, number, file.report.len())),
        }
    }
}

fn kind(entry: &ReportEntry) -> Kind {
    match entry.access {
        None | Some(AccessEntry::Public) => Kind::Public,
        Some(AccessEntry::Live) => Kind::Live,
        Some(AccessEntry::Archived) => Kind::Archived,
        Some(AccessEntry::Private) => Kind::Private,
    }
}

/// Seconds of combat in which a report of that density has so many events.
fn seconds_for(events: i64, density: f64) -> f64 {
    events as f64 / (EVENTS_PER_SECOND * density)
}

fn list(ids: impl Iterator<Item = i64>) -> String {
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(", ")
}
