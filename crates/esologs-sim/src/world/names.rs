//! Invented names. None belongs to a player, a guild or a report that exists.

/// First halves of character names.
pub(crate) const NAME_STARTS: &[&str] = &[
    "Aldra", "Brenn", "Cael", "Dova", "Eryn", "Faro", "Gwyr", "Hesk", "Ilva", "Jorun", "Kessa", "Lorim", "Maev", "Nyril",
    "Ossen", "Pell", "Quara", "Rhazi", "Sorel", "Tamsa", "Ulver", "Vasha", "Wyne", "Xanir", "Ysolt", "Zuri",
];

/// Second halves of character names.
pub(crate) const NAME_ENDS: &[&str] = &[
    " Ashwick",
    " Briarfell",
    " Coldhollow",
    " Duskmere",
    " Emberlane",
    " Fogbottom",
    "-of-the-Reeds",
    " Glimmerbrook",
    " Hollowreed",
    " Inkwell",
    " Kettleborn",
    " Lampwright",
    " Mossgrave",
    " Nightjar",
    " Oathwind",
    " Pinemarrow",
    " Quillon",
    " Rookfall",
    " Saltweaver",
    " Thornquist",
    " Umberly",
    " Vinegard",
    " Wickersby",
    " Yewbranch",
];

/// Account names, each used with a number behind it.
pub(crate) const ACCOUNTS: &[&str] = &[
    "mossy_kettle",
    "lanternfish",
    "three_sheep",
    "oatmealmage",
    "dustjacket",
    "saltedfig",
    "quietgoblin",
    "papertiger_x",
    "wickedquill",
    "northbynone",
    "plumbobbin",
    "tinroofrust",
    "greyharbour",
    "velvetmole",
    "cobblestoner",
    "mistermarrow",
];

/// Guilds besides the main one.
pub(crate) const GUILDS: &[&str] = &[
    "Kettle and Crown",
    "The Moth Ledger",
    "Saltmarsh Irregulars",
    "Order of the Bent Spoon",
    "Dawnless Couriers",
    "Paper Lions",
];

/// The main guild's name.
pub(crate) const MAIN_GUILD: &str = "Lanterns of Emberwatch";

/// Raid teams, the guild's tags.
pub(crate) const TEAMS: &[&str] = &["Tuesday Team", "Second Breakfast", "Core"];

/// What owners call their reports; `{zone}` stands for the zone.
pub(crate) const TITLES: &[&str] = &[
    "{zone} weekly",
    "{zone} hm prog",
    "{zone} - no death pls",
    "vet {zone} clear night",
    "{zone} \"chill\" run",
    "{zone} learners’ group",
    "{zone} after patch",
    "{zone} 2nd half",
];

/// Enemies of trash pulls, with the game's ids of a made-up range.
pub(crate) const TRASH: &[(&str, i64)] = &[
    ("Gloom Stalker", 190_101),
    ("Shardbound Archer", 190_102),
    ("Rotmaw Hound", 190_103),
    ("Hollow Sentinel", 190_104),
    ("Tidebroken Harrower", 190_105),
    ("Cinder Acolyte", 190_106),
    ("Bound Flame Atronach", 190_107),
    ("Sworn Battlemage", 190_108),
    ("Dreugh Thrall", 190_109),
    ("Iron Lurcher", 190_110),
    ("Storm Wisp", 190_111),
    ("Venom Weaver", 190_112),
];

/// Adds that come during boss fights.
pub(crate) const ADDS: &[(&str, i64)] = &[
    ("Summoned Shade", 190_201),
    ("Brittle Construct", 190_202),
    ("Chained Bulwark", 190_203),
    ("Lesser Herald", 190_204),
    ("Frenzied Cultist", 190_205),
    ("Crystal Spawn", 190_206),
];
