//! The pulls of a dungeon run.

use super::fight::{BoundingBox, ReportMap};
use crate::api::model::model;
use crate::ids::{ActorId, EncounterId};
use crate::units::ReportTime;

model! {
    /// One pull of a dungeon run; sister sites only.
    pub struct DungeonPull {
        /// Part of the map it was on.
        bounding_box: BoundingBox = "boundingBox",
        /// The encounter; 0 for trash.
        encounter_id: EncounterId = "encounterID",
        /// End, in milliseconds since the report's start.
        end_time: ReportTime = "endTime",
        /// Enemies, in no order.
        enemy_npcs: Vec<DungeonPullNpc> = "enemyNPCs",
        /// Id, as the site numbers them.
        id: i64 = "id",
        /// Whether it was won.
        kill: bool = "kill",
        /// Maps it was on.
        maps: Vec<ReportMap> = "maps",
        /// Name in full.
        name: String = "name",
        /// Start, in milliseconds since the report's start.
        start_time: ReportTime = "startTime",
        /// Where on the map, from the left.
        x: i64 = "x",
        /// Where on the map, from the top.
        y: i64 = "y",
    }
}

model! {
    /// An enemy of one pull.
    pub struct DungeonPullNpc {
        /// Id, as the site numbers them.
        id: ActorId = "id",
        /// Id in the game.
        game_id: i64 = "gameID",
        /// First copy that took part.
        minimum_instance_id: i64 = "minimumInstanceID",
        /// Last copy that took part.
        maximum_instance_id: i64 = "maximumInstanceID",
        /// First group of copies that took part.
        minimum_instance_group_id: i64 = "minimumInstanceGroupID",
        /// Last group of copies that took part.
        maximum_instance_group_id: i64 = "maximumInstanceGroupID",
    }
}
