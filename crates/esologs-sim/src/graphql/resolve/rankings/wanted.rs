//! What the arguments of a ranking ask for.

use super::super::super::args::Args;
use crate::world::World;
use crate::world::atlas::CLASSES;
use crate::world::model::{Access, Fight, Report, Role};

/// Difficulty of rankings where none is asked for: the site shows the hardest.
const USUAL_DIFFICULTY: i64 = 122;
/// Stands for every partition in an answer.
const ALL_PARTITIONS: i64 = -1;
/// The partition that archived reports were fought in ("U38", of 2023).
const OLD_PARTITION: i64 = 5;

/// Filters of a ranking. The `filter` argument of encounters is ignored: its language is not known.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'a> {
    pub(super) metric: &'a str,
    pub(super) difficulty: i64,
    /// `None` is every one.
    pub(super) partition: Option<i64>,
    pub(super) size: i64,
    pub(super) class: Option<&'a str>,
    pub(super) spec: Option<&'a str>,
    pub(super) role: Option<Role>,
    pub(super) region_id: Option<i64>,
    pub(super) server_id: Option<i64>,
    pub(super) bracket: Option<i64>,
    /// Only entries with a log.
    pub(super) logs_only: bool,
    pub(super) combatant_info: bool,
    pub(super) by_bracket: bool,
    /// Compare with all parses, not with the best of each character.
    pub(super) all_parses: bool,
    /// No entry can fit, though every value is known.
    pub(super) impossible: bool,
}

/// Names of specialisations that the site knows.
const SPECS: [&str; 5] = ["MagickaDPS", "StaminaDPS", "WerewolfDPS", "Healer", "Tank"];

impl<'a> Wanted<'a> {
    /// Reads the arguments, or tells which of them names nothing.
    pub(super) fn read(world: &World, args: Args<'a>) -> Result<Self, &'static str> {
        let (class, spec) = (args.text("className"), args.text("specName"));
        if class.is_some_and(|class| CLASSES.iter().all(|(_, known)| !known.eq_ignore_ascii_case(class))) {
            return Err("Invalid class name specified.");
        }
        if spec.is_some_and(|spec| SPECS.iter().all(|known| !known.eq_ignore_ascii_case(spec))) {
            return Err("Invalid spec name specified.");
        }
        let (region_id, server_id) = place(world, args)?;
        let difficulty = args.int("difficulty").unwrap_or(USUAL_DIFFICULTY);
        let levels = args.text("hardModeLevel").unwrap_or("Any");
        Ok(Self {
            metric: args.text("metric").unwrap_or("default"),
            // `NormalMode` is the difficulty below hard mode, unless another is asked for.
            difficulty: if levels == "NormalMode" && args.int("difficulty").is_none() { 121 } else { difficulty },
            partition: partition(world, args)?,
            size: args.int("size").unwrap_or(12),
            class,
            spec,
            role: role(args),
            region_id,
            server_id,
            bracket: args.int("bracket").filter(|bracket| *bracket != 0),
            logs_only: args.text("leaderboard") == Some("LogsOnly"),
            combatant_info: args.flag("includeCombatantInfo").unwrap_or(false),
            by_bracket: args.flag("byBracket").unwrap_or(false),
            all_parses: args.text("compare") == Some("Parses"),
            // All levels of hard mode in the world are 0, and no buffs come from outside.
            impossible: matches!(levels, "Level1" | "Level2" | "Level3" | "Level4")
                || args.text("externalBuffs") == Some("Require"),
        })
    }

    /// The partition as answers tell it.
    pub(super) fn told_partition(&self, args: Args<'_>) -> i64 {
        args.int("partition").unwrap_or(ALL_PARTITIONS).max(ALL_PARTITIONS)
    }

    /// Whether a kill of that report is of the kind that is ranked.
    pub(super) fn admits(&self, report: &Report, fight: &Fight, encounter_id: i64) -> bool {
        let old = matches!(report.access, Access::Archived { .. });
        let in_partition = |partition: i64| if old { partition == OLD_PARTITION } else { partition > OLD_PARTITION + 1 };
        fight.encounter_id == encounter_id
            && fight.kill == Some(true)
            && fight.difficulty == Some(self.difficulty)
            && fight.size == Some(self.size)
            && self.partition.is_none_or(in_partition)
            && !self.impossible
    }
}

/// The newest partition, which the world's finished reports are of.
pub(super) fn newest_partition(world: &World) -> i64 {
    world.zones.last().and_then(|zone| zone.partitions.last()).map_or(1, |partition| partition.0)
}

/// The partition that is meant; the newest if none is asked for.
fn partition(world: &World, args: Args<'_>) -> Result<Option<i64>, &'static str> {
    match args.int("partition") {
        None => Ok(Some(newest_partition(world))),
        Some(ALL_PARTITIONS) => Ok(None),
        Some(id) if (1..=newest_partition(world)).contains(&id) => Ok(Some(id)),
        Some(_) => Err("Invalid partition specified."),
    }
}

fn place(world: &World, args: Args<'_>) -> Result<(Option<i64>, Option<i64>), &'static str> {
    let Some(slug) = args.text("serverRegion") else {
        return if args.text("serverSlug").is_some() { Err("A server needs a region.") } else { Ok((None, None)) };
    };
    let region = world.regions.iter().find(|region| region.slug.eq_ignore_ascii_case(slug));
    let region = region.ok_or("Invalid region specified.")?;
    let Some(server) = args.text("serverSlug") else { return Ok((Some(region.id), None)) };
    let server = world.server_by_slug(server, slug).ok_or("Invalid server specified.")?;
    Ok((Some(region.id), Some(server.id)))
}

fn role(args: Args<'_>) -> Option<Role> {
    match args.text("role")? {
        "DPS" => Some(Role::Damage),
        "Healer" => Some(Role::Healer),
        "Tank" => Some(Role::Tank),
        _ => None,
    }
}
