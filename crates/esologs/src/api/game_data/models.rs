//! What the game knows: abilities, classes, items and the like.

use crate::api::model::model;
use crate::ids::{AbilityId, ClassId, FactionId, ItemId, ItemSetId, MapId, NpcId, SpecId};

model! {
    /// An ability of the game.
    pub struct GameAbility {
        [
            /// Id, as the site numbers them.
            id: AbilityId = "id",
        ]
        /// File name of the icon; null where unknown.
        icon: String = "icon",
        /// Name in full.
        name: String = "name",
        /// Text of its tooltip; null where unknown. ESO only.
        description: String = "description",
    }
}

model! {
    /// A class of the game.
    pub struct GameClass {
        /// Id, as the site numbers them.
        id: ClassId = "id",
        /// Name in full.
        name: String = "name",
        /// Name in look-ups and addresses.
        slug: String = "slug",
        /// Its specialisations.
        specs: Vec<GameSpec> = "specs",
    }
}

model! {
    /// A specialisation of a class, as the site tells them apart.
    pub struct GameSpec {
        /// Id, as the site numbers them.
        id: SpecId = "id",
        /// Its class.
        class: Box<GameClass> = "class",
        /// Name in full.
        name: String = "name",
        /// Name in look-ups and addresses.
        slug: String = "slug",
    }
}

model! {
    /// A faction (alliance) of the game.
    pub struct GameFaction {
        /// Id, as the site numbers them.
        id: FactionId = "id",
        /// Name in full.
        name: String = "name",
    }
}

model! {
    /// An item of the game.
    pub struct GameItem {
        [
            /// Id, as the site numbers them.
            id: ItemId = "id",
        ]
        /// File name of the icon; null where unknown.
        icon: String = "icon",
        /// Name in full.
        name: String = "name",
    }
}

model! {
    /// A set of items.
    pub struct GameItemSet {
        [
            /// Id, as the site numbers them.
            id: ItemSetId = "id",
        ]
        /// Name in full.
        name: String = "name",
    }
}

model! {
    /// A map of the game.
    pub struct GameMap {
        [
            /// Id, as the site numbers them.
            id: MapId = "id",
        ]
        /// Name in full.
        name: String = "name",
    }
}

model! {
    /// A non-player character of the game.
    pub struct GameNpc {
        [
            /// Id, as the site numbers them.
            id: NpcId = "id",
        ]
        /// Name in full.
        name: String = "name",
    }
}
