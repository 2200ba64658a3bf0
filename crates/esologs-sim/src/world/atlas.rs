//! The facts of the game that a world is set in: regions, servers, classes, zones and encounters.

use super::model::{Bracket, Encounter, FightMap, Region, Server, Zone};

/// Ids and names of the classes.
pub const CLASSES: &[(i64, &str)] = &[
    (1, "Dragonknight"),
    (2, "Sorcerer"),
    (3, "Nightblade"),
    (4, "Warden"),
    (5, "Necromancer"),
    (6, "Templar"),
    (117, "Arcanist"),
];

/// Ids and names of the alliances.
pub const FACTIONS: &[(i64, &str)] = &[(1, "The Aldmeri Dominion"), (2, "The Daggerfall Covenant"), (3, "The Ebonheart Pact")];

/// Ids and names of the races.
pub const RACES: &[(i64, &str)] = &[
    (1, "Breton"),
    (2, "Redguard"),
    (3, "Orc"),
    (4, "Dark Elf"),
    (5, "Nord"),
    (6, "Argonian"),
    (7, "High Elf"),
    (8, "Wood Elf"),
    (9, "Khajiit"),
    (10, "Imperial"),
];

/// One zone of the table: id, name, frozen, the game's zone id, encounters.
type ZoneRow = (i64, &'static str, bool, i64, &'static [(i64, &'static str)]);

const ZONES: &[ZoneRow] = &[
    (
        1,
        "Aetherian Archive",
        false,
        638,
        &[(1, "Lightning Storm Atronach"), (2, "Foundation Stone Atronach"), (3, "Varlariel"), (4, "The Mage")],
    ),
    (2, "Hel Ra Citadel", false, 636, &[(5, "Ra Kotu"), (6, "The Yokedas"), (8, "The Warrior")]),
    (3, "Sanctum Ophidia", false, 639, &[(9, "Possessed Mantikora"), (10, "Stonebreaker"), (11, "Ozara"), (12, "The Serpent")]),
    (5, "Maw of Lorkhaj", false, 725, &[(13, "Zhaj’hassa The Forgotten"), (14, "The Twins"), (15, "Rakkhat")]),
    (
        6,
        "The Halls of Fabrication",
        false,
        975,
        &[
            (16, "The Hunter Killers"),
            (17, "Pinnacle Factotum"),
            (18, "Archcustodian"),
            (19, "The Refabrication Committee"),
            (20, "Assembly General"),
        ],
    ),
    (
        7,
        "Asylum Sanctorium",
        false,
        1000,
        &[(21, "Saint Llothis the Pious"), (22, "Saint Felms the Bold"), (23, "Saint Olms the Just")],
    ),
    (
        8,
        "Cloudrest",
        false,
        1051,
        &[(24, "Shade of Galenwe"), (25, "Shade of Relequen"), (26, "Shade of Siroria"), (27, "Z'Maja")],
    ),
    (9, "Arenas (Group)", true, 1082, &[(1000, "Dragonstar Arena"), (1001, "Blackrose Prison")]),
    (12, "Sunspire", false, 1121, &[(43, "Lokkestiiz"), (44, "Yolnahkriin"), (45, "Nahviintaas")]),
    (14, "Kyne's Aegis", false, 1196, &[(46, "Yandir the Butcher"), (47, "Captain Vrol"), (48, "Lord Falgravn")]),
    (15, "Rockgrove", false, 1263, &[(49, "Oaxiltso"), (50, "Flame-Herald Bahsei"), (51, "Xalvakka")]),
    (16, "Dreadsail Reef", false, 1344, &[(52, "Lylanar and Turlassil"), (53, "Reef Guardian"), (54, "Tideborn Taleria")]),
    (
        17,
        "Sanity's Edge",
        false,
        1427,
        &[(55, "Exarchanic Yaseyla"), (56, "Archwizard Twelvane and Chimera"), (57, "Ansuul the Tormentor")],
    ),
    (18, "Lucent Citadel", false, 1478, &[(58, "Count Ryelaz and Zilyesset"), (59, "Orphic Shattered Shard"), (60, "Xoryn")]),
];

/// Name and short form of the updates that rankings are parted by; the last one is the current.
const PARTITIONS: &[(&str, &str)] = &[
    ("High Isle (Update 34)", "U34"),
    ("Lost Depths (Update 35)", "U35"),
    ("Firesong (Update 36)", "U36"),
    ("Scribes of Fate (Update 37)", "U37"),
    ("Necrom (Update 38)", "U38"),
    ("Update 39", "U39"),
    ("Update 40", "U40"),
];

/// The regions.
#[must_use]
pub fn regions() -> Vec<Region> {
    let region = |id, compact: &str, name: &str| Region {
        id,
        compact_name: compact.to_owned(),
        name: name.to_owned(),
        slug: compact.to_owned(),
    };
    vec![region(1, "NA", "North America"), region(2, "EU", "Europe")]
}

/// The servers: one per region.
#[must_use]
pub fn servers() -> Vec<Server> {
    let server = |id, name: &str, region_id| Server { id, name: name.to_owned(), slug: "megaserver".to_owned(), region_id };
    vec![server(1, "NA Megaserver", 1), server(2, "EU Megaserver", 2)]
}

/// The zones, in order of their ids.
#[must_use]
pub fn zones() -> Vec<Zone> {
    ZONES.iter().map(zone).collect()
}

fn zone(&(id, name, frozen, game_zone_id, encounters): &ZoneRow) -> Zone {
    let map = |encounter: i64| FightMap {
        id: FIRST_BOSS_MAP + encounter,
        name: name.to_owned(),
        file: format!("maps/z{game_zone_id}_boss{encounter}_map"),
    };
    let encounter = |&(id, name): &(i64, &str)| Encounter { id, name: name.to_owned(), map: map(id) };
    Zone {
        id,
        name: name.to_owned(),
        frozen,
        game_zone_id,
        group_size: if id == GROUP_ARENAS { 4 } else { 12 },
        brackets: (!frozen).then(champion_points),
        encounters: encounters.iter().map(encounter).collect(),
        partitions: partitions(),
    }
}

/// Ids of bosses' maps begin here; the game's zones have smaller ones.
const FIRST_BOSS_MAP: i64 = 2_000;
/// The zone of arenas, whose groups are small.
const GROUP_ARENAS: i64 = 9;

/// Entries of ESO rankings carry champion points as their `bracketData`; the width of a bracket is made up.
fn champion_points() -> Bracket {
    Bracket { min: 0.0, max: 3_600.0, bucket: 300.0, kind: "Champion Points".to_owned() }
}

fn partitions() -> Vec<(i64, String, String, bool)> {
    let newest = PARTITIONS.len();
    let partition = |(number, (name, compact)): (i64, &(&str, &str))| {
        (number, (*name).to_owned(), (*compact).to_owned(), usize::try_from(number) == Ok(newest))
    };
    (1..).zip(PARTITIONS).map(partition).collect()
}
