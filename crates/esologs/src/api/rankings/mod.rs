//! Shapes of the rankings that come as the scalar `JSON`, after recorded answers of ESO and of its sister site.

mod boards;
mod of_character;
mod parts;

pub use boards::{CharacterRank, CharacterRankings, FightRank, FightRankings};
pub use of_character::{AllStars, EncounterRank, EncounterRankings, RankedEncounter, ZoneRank, ZoneRankings};
pub use parts::{GearSet, RankedGuild, RankedReport, RankedServer};
