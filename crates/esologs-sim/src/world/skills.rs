//! Abilities of the game that events name: id, name, icon and school.

use super::model::Ability;

/// One ability: the game's id, its name, its icon, the API's school flag.
pub type Skill = (u32, &'static str, &'static str, &'static str);

/// Direct hits of players.
pub const STRIKES: &[Skill] = &[
    (16499, "Light Attack (Dual Wield)", "death_recap_melee_basic", "1"),
    (16037, "Light Attack (Two Handed)", "death_recap_melee_basic", "1"),
    (16688, "Light Attack (Bow)", "death_recap_ranged_basic", "1"),
    (16165, "Light Attack (Inferno)", "death_recap_fire_ranged", "4"),
    (18350, "Light Attack (Lightning)", "death_recap_shock_ranged", "8"),
    (46348, "Crystal Fragments", "ability_sorcerer_thunderstomp_proc", "64"),
    (114108, "Flame Skull", "ability_necromancer_001", "4"),
    (25260, "Surprise Attack", "ability_nightblade_002_a", "1"),
    (34843, "Killer's Blade", "ability_nightblade_017_a", "2"),
    (183006, "Cephaliarch's Flail", "ability_arcanist_002_b", "64"),
    (185805, "Fatecarver", "ability_arcanist_002", "64"),
    (20660, "Burning Embers", "ability_dragonknight_004_b", "4"),
    (20805, "Molten Whip", "ability_dragonknight_001_b", "4"),
    (26797, "Puncturing Sweep", "ability_templar_reckless_attacks", "64"),
    (86027, "Screaming Cliff Racer", "ability_warden_013_b", "16"),
    (38788, "Stampede", "ability_2handed_003_a", "1"),
];

/// Damage over time of players.
pub const DOTS: &[Skill] = &[
    (88802, "Winter's Revenge", "ability_warden_004_b", "16"),
    (88801, "Winter's Revenge", "ability_warden_004_b", "16"),
    (21481, "Chill", "ability_mage_050", "16"),
    (38901, "Quick Cloak", "ability_dualwield_004_a", "1"),
    (21732, "Reflective Light", "ability_templar_reflective_light", "64"),
    (40382, "Barbed Trap", "ability_fightersguild_004_a", "1"),
    (38703, "Acid Spray", "ability_bow_005_a", "2"),
    (39012, "Unstable Wall of Fire", "ability_destructionstaff_005_a", "4"),
    (18084, "Burning", "ability_mage_062", "4"),
    (21487, "Concussion", "ability_mage_063", "8"),
    (21929, "Poisoned", "ability_mage_064", "2"),
    (62547, "Deadly Cloak", "ability_dualwield_004_b", "1"),
    (117693, "Detonating Siphon", "ability_necromancer_005_a", "2"),
    (123082, "Stinging Slashes", "ability_dualwield_001_a", "1"),
];

/// Healing of players.
pub const HEALS: &[Skill] = &[
    (40058, "Illustrious Healing", "ability_restorationstaff_004b", "64"),
    (40060, "Healing Springs", "ability_restorationstaff_004a", "64"),
    (61504, "Energy Orb", "ability_undaunted_004b", "64"),
    (85536, "Budding Seeds", "ability_warden_008_a", "64"),
    (40130, "Radiating Regeneration", "ability_restorationstaff_002c", "64"),
    (22253, "Honor The Dead", "ability_templar_breath_of_life", "64"),
    (114196, "Render Flesh", "ability_necromancer_013", "64"),
    (186189, "Evolving Runemend", "ability_arcanist_014_a", "64"),
    (40109, "Combat Prayer", "ability_restorationstaff_003_a", "64"),
    (26209, "Minor Mending", "ability_buff_minor_mending", "64"),
];

/// Buffs of players.
pub const BUFFS: &[Skill] = &[
    (61687, "Major Sorcery", "ability_buff_major_sorcery", "1"),
    (61665, "Major Brutality", "ability_buff_major_brutality", "1"),
    (61666, "Minor Savagery", "ability_buff_minor_savagery", "1"),
    (61667, "Major Savagery", "ability_buff_major_savagery", "1"),
    (61689, "Major Prophecy", "ability_buff_major_prophecy", "1"),
    (61662, "Minor Brutality", "ability_buff_minor_brutality", "1"),
    (147226, "Minor Slayer", "ability_mage_065", "1"),
    (93109, "Major Slayer", "ability_buff_major_slayer", "1"),
    (147417, "Minor Courage", "ability_buff_minor_courage", "1"),
    (109966, "Major Courage", "ability_buff_major_courage", "1"),
    (88509, "Minor Toughness", "ability_mage_065", "1"),
    (80469, "Camouflaged Hunter", "ability_mage_065", "1"),
    (45135, "Catalyst", "passive_sorcerer_046", "1"),
    (64509, "Major Savagery", "ability_buff_major_savagery", "1"),
    (86196, "Piercing Cold", "passive_warden_004", "1"),
    (36973, "Major Berserk", "ability_buff_major_berserk", "1"),
    (114862, "Minor Berserk", "ability_buff_minor_berserk", "1"),
    (120013, "Major Force", "ability_buff_major_force", "1"),
    (61716, "Major Evasion", "ability_buff_major_evasion", "1"),
    (61736, "Major Expedition", "ability_buff_major_expedition", "1"),
    (61693, "Minor Resolve", "ability_buff_minor_resolve", "1"),
    (44836, "Major Resolve", "ability_buff_major_resolve", "1"),
    (61721, "Minor Protection", "ability_buff_minor_protection", "1"),
    (26215, "Minor Endurance", "ability_buff_minor_endurance", "1"),
    (26216, "Minor Intellect", "ability_buff_minor_intellect", "1"),
    (26213, "Minor Fortitude", "ability_buff_minor_fortitude", "1"),
    (61549, "Minor Vitality", "ability_buff_minor_vitality", "1"),
    (76618, "Minor Aegis", "ability_buff_minor_aegis", "1"),
];

/// Buffs that come in stacks.
pub const STACKING: &[Skill] = &[
    (61927, "Relentless Focus", "ability_nightblade_005_a", "1"),
    (184220, "Crux", "ability_arcanist_001", "1"),
    (203447, "Bound Armaments", "ability_sorcerer_bound_armaments", "1"),
];

/// Debuffs on enemies.
pub const DEBUFFS: &[Skill] = &[
    (61742, "Minor Breach", "ability_debuff_minor_breach", "1"),
    (108951, "Major Breach", "ability_debuff_major_breach", "1"),
    (106754, "Major Vulnerability", "ability_debuff_major_vulnerability", "1"),
    (124804, "Minor Vulnerability", "ability_debuff_minor_vulnerability", "1"),
    (145975, "Minor Brittle", "ability_debuff_minor_brittle", "16"),
    (61725, "Major Maim", "ability_debuff_major_maim", "1"),
    (108939, "Minor Maim", "ability_debuff_minor_maim", "1"),
    (38541, "Taunt", "ability_warrior_010", "1"),
];

/// Debuffs on players.
pub const AFFLICTIONS: &[Skill] = &[
    (61727, "Major Defile", "ability_debuff_major_defile", "1"),
    (61726, "Minor Defile", "ability_debuff_minor_defile", "1"),
    (190_301, "Creeping Dread", "ability_debuff_fear", "64"),
    (190_302, "Scorched Ground", "ability_debuff_dot", "4"),
];

/// What enemies hit with.
pub const BLOWS: &[Skill] = &[
    (190_311, "Heavy Swing", "death_recap_melee_heavy", "1"),
    (190_312, "Quick Swing", "death_recap_melee_basic", "1"),
    (190_313, "Volatile Bolt", "death_recap_fire_ranged", "4"),
    (190_314, "Crushing Leap", "death_recap_melee_heavy", "1"),
    (190_315, "Shattering Wave", "death_recap_cold_aoe", "16"),
    (190_316, "Arc Lash", "death_recap_shock_ranged", "8"),
];

/// Where resources come from.
pub const SOURCES: &[Skill] = &[
    (88401, "Heavy Attack", "death_recap_melee_heavy", "1"),
    (55386, "Undaunted Mettle", "passive_undaunted_002", "1"),
    (63507, "Combustion Shard", "ability_undaunted_004b", "1"),
    (26220, "Restoring Sigil", "ability_templar_restoring_sigil", "64"),
    (45549, "Magicka Controller", "passive_sorcerer_011", "1"),
];

/// Shields that take damage.
pub const SHIELDS: &[Skill] = &[
    (22095, "Sun Shield", "ability_templar_sun_shield", "64"),
    (108844, "Barrier", "ability_ava_006", "64"),
    (29338, "Annulment", "ability_lightarmor_001", "64"),
];

/// Casts that call a pet.
pub const SUMMONS: &[Skill] = &[
    (24636, "Summon Twilight Tormentor", "ability_sorcerer_dark_tormentor", "64"),
    (85982, "Feral Guardian", "ability_warden_018", "1"),
    (114317, "Skeletal Mage", "ability_necromancer_003", "2"),
];

/// Interrupts of players.
pub const INTERRUPTS: &[Skill] =
    &[(21973, "Bash", "ability_warrior_028", "1"), (28719, "Shield Charge", "ability_1handed_003", "1")];

/// Casts that take an effect off a friend.
pub const DISPELS: &[Skill] =
    &[(26821, "Repentance", "ability_templar_repentance", "64"), (23227, "Purge", "ability_ava_004", "64")];

/// Every ability that a report may name, in order of ids.
#[must_use]
pub fn all() -> Vec<Ability> {
    let tables =
        [STRIKES, DOTS, HEALS, BUFFS, STACKING, DEBUFFS, AFFLICTIONS, BLOWS, SOURCES, SHIELDS, SUMMONS, INTERRUPTS, DISPELS];
    let mut abilities: Vec<Ability> = tables.into_iter().flatten().map(ability).collect();
    abilities.sort_by_key(|ability| ability.game_id);
    abilities.dedup_by_key(|ability| ability.game_id);
    abilities
}

fn ability(&(id, name, icon, kind): &Skill) -> Ability {
    Ability { game_id: i64::from(id), name: name.to_owned(), icon: icon.to_owned(), kind: kind.to_owned() }
}
