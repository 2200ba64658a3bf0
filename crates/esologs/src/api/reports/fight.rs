//! A fight of a report.

use super::dungeon_pull::DungeonPull;
use crate::api::model::model;
use crate::ids::{ActorId, EncounterId, FightId};
use crate::units::ReportTime;

model! {
    /// A fight: a boss, trash, or a leftover of tens of milliseconds after a boss.
    pub struct Fight {
        [
            /// Number within the report, from 1.
            id: FightId = "id",
        ]
        /// The boss's number; 0 for trash and leftovers.
        encounter_id: EncounterId = "encounterID",
        /// The boss that a leftover belongs to.
        original_encounter_id: EncounterId = "originalEncounterID",
        /// Name of the boss or of the largest enemy.
        name: String = "name",
        /// 121 normal, 122 veteran; absent for trash.
        difficulty: i64 = "difficulty",
        /// Number of players it is meant for.
        size: i64 = "size",
        /// Whether the boss died; absent for trash.
        kill: bool = "kill",
        /// The boss's health at the end, in percent. Near 0 on a kill, but not equal to it.
        boss_percentage: f64 = "bossPercentage",
        /// How much of the fight was left, in percent.
        fight_percentage: f64 = "fightPercentage",
        /// Its start.
        start_time: ReportTime = "startTime",
        /// Its end.
        end_time: ReportTime = "endTime",
        /// Whether it still goes on, in a live report.
        in_progress: bool = "inProgress",
        /// Whether a full trial was done.
        complete_raid: bool = "completeRaid",
        /// Mean item level of the players.
        average_item_level: f64 = "averageItemLevel",
        /// The phase it ended in; 0 where the boss has none.
        last_phase: i64 = "lastPhase",
        /// The same, counted over all phases and intermissions.
        last_phase_as_absolute_index: i64 = "lastPhaseAsAbsoluteIndex",
        /// Whether it ended in an intermission.
        last_phase_is_intermission: bool = "lastPhaseIsIntermission",
        /// When the wipe was called.
        wipe_called_time: ReportTime = "wipeCalledTime",
        /// The trial's score.
        trial_score: f64 = "trialScore",
        /// The trial's time, in milliseconds.
        trial_time: f64 = "trialTime",
        /// The players.
        friendly_players: Vec<ActorId> = "friendlyPlayers",
        /// Enemy players.
        enemy_players: Vec<ActorId> = "enemyPlayers",
        /// Friendly NPCs.
        friendly_npcs: Vec<FightNpc> = "friendlyNPCs",
        /// Enemies, in no order.
        enemy_npcs: Vec<FightNpc> = "enemyNPCs",
        /// The players' pets.
        friendly_pets: Vec<FightNpc> = "friendlyPets",
        /// The enemies' pets.
        enemy_pets: Vec<FightNpc> = "enemyPets",
        /// When its phases began.
        phase_transitions: Vec<PhaseTransition> = "phaseTransitions",
        /// The maps it took place on.
        maps: Vec<ReportMap> = "maps",
        /// The zone in the game's own terms.
        game_zone: GameZone = "gameZone",
        /// The area it covered.
        bounding_box: BoundingBox = "boundingBox",
        /// The pulls of a dungeon run; null for ESO. Only [`ReportCalls::fights`](crate::ReportCalls::fights) asks for them.
        dungeon_pulls: Vec<DungeonPull> = "dungeonPulls",
    }
}

model! {
    /// An NPC or a pet in a fight.
    pub struct FightNpc {
        /// Its number within the report.
        id: ActorId = "id",
        /// The game's own number.
        game_id: i64 = "gameID",
        /// How many of it there were.
        instance_count: i64 = "instanceCount",
        /// How many groups of it there were.
        group_count: i64 = "groupCount",
        /// The owner of a pet.
        pet_owner: ActorId = "petOwner",
    }
}

model! {
    /// The start of a phase.
    pub struct PhaseTransition {
        /// The phase's number.
        id: i64 = "id",
        /// Its start.
        start_time: ReportTime = "startTime",
    }
}

model! {
    /// A map.
    pub struct ReportMap {
        /// The map's number.
        id: i64 = "id",
        /// The map's name.
        name: String = "name",
        /// The map's picture.
        file: String = "file",
    }
}

model! {
    /// A zone in the game's own terms.
    pub struct GameZone {
        /// The game's number. A Float in the schema.
        id: f64 = "id",
        /// The zone's name.
        name: String = "name",
    }
}

model! {
    /// An area in the game's coordinates.
    pub struct BoundingBox {
        /// West.
        min_x: i64 = "minX",
        /// East.
        max_x: i64 = "maxX",
        /// North.
        min_y: i64 = "minY",
        /// South.
        max_y: i64 = "maxY",
    }
}
