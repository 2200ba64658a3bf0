//! `report.fights`.

use apollo_compiler::resolvers::ResolvedValue;

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{flag, float, int, ints, millis, opt_flag, opt_float, opt_int, text};
use super::super::node::{Resolve, Resolved, absent};
use super::reports::{ReportNode, named};
use super::{drifted, list_of};
use crate::world::KillType;
use crate::world::model::{Fight, FightMap, FightNpc, Zone};

/// The fights that the arguments mean, in the report's order.
pub(super) fn meant_fights<'a>(of: &'a ReportNode<'_>, args: Args<'_>) -> impl Iterator<Item = &'a Fight> + use<'a> {
    let ids = args.ints("fightIDs");
    let (encounter_id, difficulty) = (args.int("encounterID"), args.int("difficulty"));
    let kill_type: Option<KillType> = named(args, "killType");
    of.view.fights(of.report).iter().filter(move |fight| {
        ids.as_ref().is_none_or(|ids| ids.contains(&fight.id))
            && encounter_id.is_none_or(|id| id == fight.encounter_id)
            && difficulty.is_none_or(|difficulty| fight.difficulty == Some(difficulty))
            && kill_type.is_none_or(|kill_type| kill_type.admits(fight))
    })
}

/// A fight of a report as it stands at the moment of the call.
pub(super) struct FightNode<'w> {
    pub(super) of: &'w ReportNode<'w>,
    pub(super) fight: &'w Fight,
}

impl Resolve for FightNode<'_> {
    const TYPE: &'static str = "ReportFight";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        let Self { of, fight } = self;
        let in_progress = of.view.in_progress(fight);
        match name {
            "id" => int(fight.id),
            "name" => text(&fight.name),
            "encounterID" => int(fight.encounter_id),
            "originalEncounterID" => opt_int(fight.original_encounter_id),
            "difficulty" => opt_int(fight.difficulty),
            "size" => opt_int(fight.size),
            // How it ended is not known while it lasts.
            "kill" => opt_flag(fight.kill.filter(|_| !in_progress)),
            "bossPercentage" => opt_float(fight.boss_percentage.filter(|_| !in_progress)),
            "fightPercentage" => opt_float(fight.fight_percentage.filter(|_| !in_progress)),
            "startTime" => millis(fight.start),
            "endTime" => millis(of.view.fight_end(fight)),
            "inProgress" => flag(in_progress),
            "completeRaid" => flag(fight.complete_raid),
            "lastPhase" => int(fight.last_phase),
            // The game tells no phases, so the index is 0 in every recorded fight.
            "lastPhaseAsAbsoluteIndex" => int(0),
            "lastPhaseIsIntermission" => flag(false),
            "trialScore" => opt_float(fight.trial_score),
            "trialTime" => opt_float(fight.trial_time),
            "friendlyPlayers" => ints(&fight.friendly_players),
            "enemyPlayers" => ints(&[]),
            "friendlyNPCs" => Ok(call.list(&fight.friendly_npcs)),
            "enemyNPCs" => Ok(call.list(&fight.enemy_npcs)),
            "friendlyPets" => Ok(call.list(&fight.friendly_pets)),
            "enemyPets" => Ok(list_of::<&FightNpc>(call, Vec::new())),
            "gameZone" => Ok(call.nullable(call.world.zone(of.report.zone_id).map(GameZone))),
            "boundingBox" => Ok(call.object(BoundingBox(fight.bounding_box))),
            "maps" => Ok(maps(call, of, fight)),
            // averageItemLevel, wipeCalledTime, phaseTransitions, dungeonPulls: null in the recorded ESO reports.
            _ if call.deviations.schema_drift => drifted::fight_field(self, call, name),
            _ => absent(),
        }
    }
}

/// The boss's map; null of other fights.
pub(super) fn maps<'a>(call: &'a Call<'a>, of: &ReportNode<'_>, fight: &Fight) -> ResolvedValue<'a> {
    let map = call.world.zone(of.report.zone_id).and_then(|zone| zone.map_of(fight));
    map.map_or_else(ResolvedValue::null, |map| call.list([map]))
}

impl Resolve for &FightMap {
    const TYPE: &'static str = "ReportMap";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "name" => text(&self.name),
            "file" => text(&self.file),
            _ => absent(),
        }
    }
}

impl Resolve for &FightNpc {
    const TYPE: &'static str = "ReportFightNPC";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "gameID" => int(self.game_id),
            "instanceCount" => int(self.instance_count),
            "groupCount" => int(self.group_count),
            "petOwner" => opt_int(self.pet_owner),
            _ => absent(),
        }
    }
}

struct GameZone<'w>(&'w Zone);

impl Resolve for GameZone<'_> {
    const TYPE: &'static str = "GameZone";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => float(self.0.game_zone_id as f64),
            "name" => text(&self.0.name),
            _ => absent(),
        }
    }
}

/// Least x, greatest x, least y, greatest y.
pub(super) struct BoundingBox(pub(super) (i64, i64, i64, i64));

impl Resolve for BoundingBox {
    const TYPE: &'static str = "ReportMapBoundingBox";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        let (min_x, max_x, min_y, max_y) = self.0;
        match name {
            "minX" => int(min_x),
            "maxX" => int(max_x),
            "minY" => int(min_y),
            "maxY" => int(max_y),
            _ => absent(),
        }
    }
}
