//! A character.

use crate::api::guilds::Guild;
use crate::api::model::model;
use crate::api::world_data::Server;
use crate::ids::{CharacterId, ClassId};

model! {
    /// A player character on one server.
    pub struct Character {
        /// Id, as the site numbers them.
        id: CharacterId = "id",
        /// Whether the name is hidden in reports. ESO only.
        anonymous: bool = "anonymous",
        /// Id of the character that this one was merged into, else its own.
        canonical_id: CharacterId = "canonicalID",
        /// Whether a user of the site claimed it; null if that cannot be told.
        claimed: bool = "claimed",
        /// Id of the class.
        class_id: ClassId = "classID",
        /// Name of the account, with its `@`.
        display_name: String = "displayName",
        /// Rank in its guild, as a number; 0 without one.
        guild_rank: i64 = "guildRank",
        /// Its guilds.
        guilds: Vec<Guild> = "guilds",
        /// Whether its rankings are hidden.
        hidden: bool = "hidden",
        /// Name in full.
        name: String = "name",
        /// Id of the race. ESO only.
        race_id: i64 = "raceID",
        /// Its server.
        server: Server = "server",
    }
}
