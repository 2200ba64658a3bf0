//! `gameData`: what the game knows.

mod calls;
mod models;

pub use calls::{
    AbilitiesList, AbilityCall, ClassCall, ClassesCall, FactionsCall, ItemCall, ItemSetCall, ItemSetsList, ItemsList, MapCall,
    MapsList, NpcCall, NpcsList,
};
pub use models::{GameAbility, GameClass, GameFaction, GameItem, GameItemSet, GameMap, GameNpc, GameSpec};

use super::catalogue::CallInfo;

/// The calls under this root field.
pub(super) fn calls() -> Vec<CallInfo> {
    vec![
        AbilityCall::info(),
        AbilitiesList::info(),
        ItemCall::info(),
        ItemsList::info(),
        ItemSetCall::info(),
        ItemSetsList::info(),
        MapCall::info(),
        MapsList::info(),
        NpcCall::info(),
        NpcsList::info(),
        ClassCall::info(),
        ClassesCall::info(),
        FactionsCall::info(),
    ]
}
