//! The calls on what the game knows.

use super::models::{GameAbility, GameClass, GameFaction, GameItem, GameItemSet, GameMap, GameNpc};
use crate::api::call::call;
use crate::api::draft::Draft;
use crate::api::page::Page;
use crate::api::verbatim::Verbatim;
use crate::client::Client;
use crate::ids::{AbilityId, ClassId, FactionId, ItemId, ItemSetId, MapId, NpcId, ZoneId};

call! {
    /// An ability of the game; made by [`Client::ability`].
    pub struct AbilityCall -> one(Verbatim<GameAbility>) {
        method: "client.ability(id)",
        at: "gameData" / "ability",
        operation: "Ability" = ABILITY,
        peer: ["get_ability"],
        parameters: {}
    }
}

call! {
    /// The abilities of the game, by id; made by [`Client::abilities`].
    pub struct AbilitiesList -> pages(Page<GameAbility>, GameAbility) {
        method: "client.abilities()",
        at: "gameData" / "abilities",
        operation: "Abilities" = ABILITIES,
        peer: ["get_abilities"],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// An item of the game; made by [`Client::item`].
    pub struct ItemCall -> one(Verbatim<GameItem>) {
        method: "client.item(id)",
        at: "gameData" / "item",
        operation: "Item" = ITEM,
        peer: ["get_item"],
        parameters: {}
    }
}

call! {
    /// The items of the game, by id; made by [`Client::items`].
    pub struct ItemsList -> pages(Page<GameItem>, GameItem) {
        method: "client.items()",
        at: "gameData" / "items",
        operation: "Items" = ITEMS,
        peer: ["get_items"],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// An item set of the game; made by [`Client::item_set`].
    pub struct ItemSetCall -> one(Verbatim<GameItemSet>) {
        method: "client.item_set(id)",
        at: "gameData" / "item_set",
        operation: "ItemSet" = ITEM_SET,
        peer: ["get_item_set"],
        parameters: {}
    }
}

call! {
    /// The item sets of the game, by id; made by [`Client::item_sets`].
    pub struct ItemSetsList -> pages(Page<GameItemSet>, GameItemSet) {
        method: "client.item_sets()",
        at: "gameData" / "item_sets",
        operation: "ItemSets" = ITEM_SETS,
        peer: ["get_item_sets"],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// A map of the game; made by [`Client::map`].
    pub struct MapCall -> one(Verbatim<GameMap>) {
        method: "client.map(id)",
        at: "gameData" / "map",
        operation: "Map" = MAP,
        peer: ["get_map"],
        parameters: {}
    }
}

call! {
    /// The maps of the game, by id; made by [`Client::maps`].
    pub struct MapsList -> pages(Page<GameMap>, GameMap) {
        method: "client.maps()",
        at: "gameData" / "maps",
        operation: "Maps" = MAPS,
        peer: ["get_maps"],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// An NPC of the game; made by [`Client::npc`].
    pub struct NpcCall -> one(Verbatim<GameNpc>) {
        method: "client.npc(id)",
        at: "gameData" / "npc",
        operation: "Npc" = NPC,
        peer: ["get_npc"],
        parameters: {}
    }
}

call! {
    /// The NPCs of the game, by id; made by [`Client::npcs`].
    pub struct NpcsList -> pages(Page<GameNpc>, GameNpc) {
        method: "client.npcs()",
        at: "gameData" / "npcs",
        operation: "Npcs" = NPCS,
        peer: ["get_npcs"],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// A class of the game; made by [`Client::class`].
    pub struct ClassCall -> one(Verbatim<GameClass>) {
        method: "client.class(id)",
        at: "gameData" / "class",
        operation: "Class" = CLASS,
        peer: ["get_class"],
        parameters: {
            /// Only this faction.
            faction_id: FactionId = "faction_id",
            /// As it is in this zone.
            zone_id: ZoneId = "zone_id",
        }
    }
}

call! {
    /// The classes of the game; made by [`Client::classes`].
    pub struct ClassesCall -> one(Verbatim<Vec<GameClass>>) {
        method: "client.classes()",
        at: "gameData" / "classes",
        operation: "Classes" = CLASSES,
        peer: ["get_classes"],
        parameters: {
            /// Only this faction.
            faction_id: FactionId = "faction_id",
            /// As it is in this zone.
            zone_id: ZoneId = "zone_id",
        }
    }
}

call! {
    /// The factions of the game; made by [`Client::factions`].
    pub struct FactionsCall -> one(Verbatim<Vec<GameFaction>>) {
        method: "client.factions()",
        at: "gameData" / "factions",
        operation: "Factions" = FACTIONS,
        peer: ["get_factions"],
        parameters: {}
    }
}

impl Client {
    /// The ability of this number.
    pub fn ability(&self, id: impl Into<AbilityId>) -> AbilityCall {
        let id = id.into();
        AbilityCall::of(Draft::about(self, format!("ability {id}")).with("id", id))
    }

    /// The abilities of the game, page by page.
    pub fn abilities(&self) -> AbilitiesList {
        AbilitiesList::of(Draft::about(self, "abilities of the game"))
    }

    /// The item of this number.
    pub fn item(&self, id: impl Into<ItemId>) -> ItemCall {
        let id = id.into();
        ItemCall::of(Draft::about(self, format!("item {id}")).with("id", id))
    }

    /// The items of the game, page by page.
    pub fn items(&self) -> ItemsList {
        ItemsList::of(Draft::about(self, "items of the game"))
    }

    /// The item set of this number.
    pub fn item_set(&self, id: impl Into<ItemSetId>) -> ItemSetCall {
        let id = id.into();
        ItemSetCall::of(Draft::about(self, format!("item set {id}")).with("id", id))
    }

    /// The item sets of the game, page by page.
    pub fn item_sets(&self) -> ItemSetsList {
        ItemSetsList::of(Draft::about(self, "item sets of the game"))
    }

    /// The map of this number.
    pub fn map(&self, id: impl Into<MapId>) -> MapCall {
        let id = id.into();
        MapCall::of(Draft::about(self, format!("map {id}")).with("id", id))
    }

    /// The maps of the game, page by page.
    pub fn maps(&self) -> MapsList {
        MapsList::of(Draft::about(self, "maps of the game"))
    }

    /// The NPC of this number.
    pub fn npc(&self, id: impl Into<NpcId>) -> NpcCall {
        let id = id.into();
        NpcCall::of(Draft::about(self, format!("NPC {id}")).with("id", id))
    }

    /// The NPCs of the game, page by page.
    pub fn npcs(&self) -> NpcsList {
        NpcsList::of(Draft::about(self, "NPCs of the game"))
    }

    /// The class of this number.
    pub fn class(&self, id: impl Into<ClassId>) -> ClassCall {
        let id = id.into();
        ClassCall::of(Draft::about(self, format!("class {id}")).with("id", id))
    }

    /// All classes of the game.
    pub fn classes(&self) -> ClassesCall {
        ClassesCall::of(Draft::about(self, "classes of the game"))
    }

    /// All factions (alliances) of the game.
    pub fn factions(&self) -> FactionsCall {
        FactionsCall::of(Draft::about(self, "factions of the game"))
    }
}
