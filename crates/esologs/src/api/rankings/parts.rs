//! What the entries of rankings have in common.

use crate::api::model::model;
use crate::ids::{FightId, GuildId, ItemSetId, ServerId};
use crate::units::UnixMillis;

model! {
    /// The report that a ranked fight is in.
    pub struct RankedReport {
        /// The report's code, as text; null for an entry without a log.
        code: String = "code",
        /// The fight within the report; 0 for an entry without a log.
        fight_id: FightId = "fightID",
        /// When the report began.
        start_time: UnixMillis = "startTime",
    }
}

model! {
    /// The guild of somebody ranked.
    pub struct RankedGuild {
        /// The guild's number.
        id: GuildId = "id",
        /// The guild's name.
        name: String = "name",
        /// The number of its faction.
        faction: i64 = "faction",
    }
}

model! {
    /// The server of somebody ranked.
    pub struct RankedServer {
        /// The server's number.
        id: ServerId = "id",
        /// The server's name.
        name: String = "name",
        /// The region's short name ("EU").
        region: String = "region",
    }
}

model! {
    /// A set of items that somebody wears.
    pub struct GearSet {
        /// The set's number.
        id: ItemSetId = "id",
        /// The set's name.
        name: String = "name",
    }
}
