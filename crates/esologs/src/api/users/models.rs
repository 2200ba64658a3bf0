//! A user of the site.

use crate::api::characters::Character;
use crate::api::guilds::Guild;
use crate::api::model::model;
use crate::ids::UserId;

model! {
    /// A user of the site.
    pub struct User {
        /// Id, as the site numbers them.
        id: UserId = "id",
        /// Name in full.
        name: String = "name",
        /// Guilds of the user; null for other tokens than the user's own.
        guilds: Vec<Guild> = "guilds",
        /// Characters of the user; null for other tokens than the user's own.
        characters: Vec<Character> = "characters",
        /// Account on the North American server; null for other tokens than the user's own. ESO only.
        na_display_name: String = "naDisplayName",
        /// Account on the European server; null for other tokens than the user's own. ESO only.
        eu_display_name: String = "euDisplayName",
    }
}
