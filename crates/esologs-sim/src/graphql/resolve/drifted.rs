//! What ESO leaves null in every recorded report, as the sister sites fill it: told by answers that drift only.

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{flag, float, int, millis, opt_flag, text};
use super::super::node::{Resolve, Resolved, absent};
use super::fights::{BoundingBox, FightNode, maps};
use crate::world::model::{Fight, FightNpc};

/// The second half of a boss fight is its second phase.
pub(super) fn phase_transitions(fight: &Fight) -> Vec<PhaseTransition> {
    if fight.encounter_id == 0 {
        return Vec::new();
    }
    vec![PhaseTransition { id: 1, start: fight.start }, PhaseTransition { id: 2, start: i64::midpoint(fight.start, fight.end) }]
}

pub(super) struct PhaseTransition {
    id: i64,
    start: i64,
}

impl Resolve for PhaseTransition {
    const TYPE: &'static str = "PhaseTransition";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "startTime" => int(self.start),
            _ => absent(),
        }
    }
}

/// The phases of an encounter.
pub(super) struct EncounterPhases(pub(super) i64);

impl Resolve for EncounterPhases {
    const TYPE: &'static str = "EncounterPhases";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "encounterID" => int(self.0),
            "separatesWipes" => flag(false),
            "phases" => Ok(call.list([PhaseMetadata(1), PhaseMetadata(2)])),
            _ => absent(),
        }
    }
}

struct PhaseMetadata(i64);

impl Resolve for PhaseMetadata {
    const TYPE: &'static str = "PhaseMetadata";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.0),
            "name" => text(&format!("Phase {}", self.0)),
            "isIntermission" => flag(false),
            _ => absent(),
        }
    }
}

/// A fight as the one pull of a run.
pub(super) struct DungeonPull<'w>(pub(super) &'w FightNode<'w>);

impl Resolve for DungeonPull<'_> {
    const TYPE: &'static str = "ReportDungeonPull";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        let fight = self.0.fight;
        match name {
            "id" => int(fight.id),
            "name" => text(&fight.name),
            "encounterID" => int(fight.encounter_id),
            "kill" => opt_flag(Some(fight.kill.unwrap_or(true))),
            "startTime" => millis(fight.start),
            "endTime" => millis(fight.end),
            "x" => int(fight.bounding_box.0),
            "y" => int(fight.bounding_box.2),
            "boundingBox" => Ok(call.object(BoundingBox(fight.bounding_box))),
            "maps" => Ok(maps(call, self.0.of, fight)),
            "enemyNPCs" => Ok(call.list(fight.enemy_npcs.iter().map(DungeonPullNpc))),
            _ => absent(),
        }
    }
}

struct DungeonPullNpc<'w>(&'w FightNpc);

impl Resolve for DungeonPullNpc<'_> {
    const TYPE: &'static str = "ReportDungeonPullNPC";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.0.id),
            "gameID" => int(self.0.game_id),
            "minimumInstanceID" | "minimumInstanceGroupID" => int(1),
            "maximumInstanceID" => int(self.0.instance_count),
            "maximumInstanceGroupID" => int(self.0.group_count),
            _ => absent(),
        }
    }
}

/// Fields of a fight that are filled.
pub(super) fn fight_field<'a>(node: &'a FightNode<'a>, call: &'a Call<'a>, name: &str) -> Resolved<'a> {
    let fight = node.fight;
    match name {
        "averageItemLevel" => float(2_000.5),
        "wipeCalledTime" if fight.kill == Some(false) => millis(fight.end),
        "phaseTransitions" => Ok(call.list(phase_transitions(fight))),
        "dungeonPulls" => Ok(call.list([DungeonPull(node)])),
        _ => absent(),
    }
}
