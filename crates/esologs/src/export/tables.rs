//! The tables of an export: which field of the API becomes which column, and of what type.
//!
//! A table has the same columns in every file, whatever the report, the stream and the version of the API. `docs/export.md` lists them;
//! a test holds the page against this file. A change here is a new [`SCHEMA`].

use super::shape::Shape;

/// The version of the columns. Files of another version are made anew.
pub(super) const SCHEMA: u32 = 1;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A whole number of 64 bits.
    Whole,
    /// A float of 64 bits.
    Number,
    /// True or false.
    Flag,
    /// A text.
    Text,
    /// A list of whole numbers.
    Wholes,
    /// Anything else, as its JSON to the letter.
    Json,
    /// An object with columns of its own.
    Object(&'static [Field]),
    /// Milliseconds since the report's start, and beside them the same moment as a time stamp in this column.
    SinceStart(&'static str),
    /// Milliseconds since 1970, and beside them the same moment as a time stamp in this column.
    Since1970(&'static str),
}

/// A field of the API and its column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Field {
    /// The name in the API.
    pub(super) name: &'static str,
    pub(super) column: &'static str,
    pub(super) kind: Kind,
}

/// A column that is the same for all rows of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Constant {
    /// `report`: the report's code.
    Report,
    /// `stream`: the name of the stream.
    Stream,
    /// `hostility`: `friendlies` or `enemies`, of the streams that are asked for twice.
    Hostility,
    /// `live`: whether the report may still grow.
    Live,
}

/// A table. Its last column is [`EXTRA`].
#[derive(Debug, PartialEq)]
pub(super) struct Table {
    /// The name of its folder.
    pub(super) name: &'static str,
    pub(super) constants: &'static [Constant],
    pub(super) fields: &'static [Field],
    /// Whether a null that was sent is kept in `extra`. In events an absent field is the rule and null is odd; the fields of all else
    /// are asked for one by one, so each is there, and null says that there is nothing.
    pub(super) keeps_null: bool,
    /// How the lines become rows.
    pub(super) shape: Shape,
}

/// The column for what the others cannot hold, as the JSON text of an object.
pub(super) const EXTRA: &str = "extra";

impl Constant {
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Stream => "stream",
            Self::Hostility => "hostility",
            Self::Live => "live",
        }
    }
}

const fn field(name: &'static str, column: &'static str, kind: Kind) -> Field {
    Field { name, column, kind }
}

use Constant::{Hostility, Live, Report, Stream};
use Kind::{Flag, Json, Number, Object, Since1970, SinceStart, Text, Whole, Wholes};
use Shape::{Line, Players, Value};

#[cfg(test)]
pub(super) const TABLES: [&Table; 9] =
    [&EVENTS, &FIGHTS, &ACTORS, &ABILITIES, &REPORTS, &PLAYER_DETAILS, &RANKINGS, &SUMMARIES, &ATTENDANCE];

/// Events of all types and streams. Names mean the same in all of them; where a type gives a name another meaning (`absorb`), it is
/// the same column.
pub(super) static EVENTS: Table =
    Table { name: "events", constants: &[Report, Stream, Hostility, Live], fields: EVENT_FIELDS, keeps_null: true, shape: Line };

// Names as in `api/reports/event/`. What only the sister sites send is in `extra`.
const EVENT_FIELDS: &[Field] = &[
    field("fight", "fight", Whole),
    field("timestamp", "timestamp_ms", SinceStart("time_utc")),
    field("type", "type", Text),
    field("sourceID", "source_id", Whole),
    field("sourceInstance", "source_instance", Whole),
    field("sourceIsFriendly", "source_is_friendly", Flag),
    field("sourceMarker", "source_marker", Whole),
    field("targetID", "target_id", Whole),
    field("targetInstance", "target_instance", Whole),
    field("targetIsFriendly", "target_is_friendly", Flag),
    field("targetMarker", "target_marker", Whole),
    field("abilityGameID", "ability_game_id", Whole),
    field("extraAbilityGameID", "extra_ability_game_id", Whole),
    field("castTrackID", "cast_track_id", Whole),
    field("buffs", "buffs", Text),
    field("hitType", "hit_type", Whole),
    field("amount", "amount", Whole),
    field("overheal", "overheal", Whole),
    field("absorbed", "absorbed", Whole),
    field("blocked", "blocked", Whole),
    field("overkill", "overkill", Whole),
    field("tick", "tick", Flag),
    field("stack", "stack", Whole),
    field("absorb", "absorb", Whole),
    field("fake", "fake", Flag),
    field("isBuff", "is_buff", Whole),
    field("resourceChange", "resource_change", Whole),
    field("resourceChangeType", "resource_change_type", Whole),
    field("otherResourceChange", "other_resource_change", Whole),
    field("maxResourceAmount", "max_resource_amount", Whole),
    field("waste", "waste", Whole),
    field("attackerID", "attacker_id", Whole),
    field("attackerInstance", "attacker_instance", Whole),
    field("attackerIsFriendly", "attacker_is_friendly", Flag),
    field("totalDamage", "total_damage", Whole),
    field("killerID", "killer_id", Whole),
    field("killerInstance", "killer_instance", Whole),
    field("killingAbilityGameID", "killing_ability_game_id", Whole),
    field("gear", "gear", Json),
    field("auras", "auras", Json),
    field("sourceResources", "source_resources", Object(RESOURCES)),
    field("targetResources", "target_resources", Object(RESOURCES)),
];

const RESOURCES: &[Field] = &[
    field("hitPoints", "hit_points", Whole),
    field("maxHitPoints", "max_hit_points", Whole),
    field("magicka", "magicka", Whole),
    field("maxMagicka", "max_magicka", Whole),
    field("stamina", "stamina", Whole),
    field("maxStamina", "max_stamina", Whole),
    field("ultimate", "ultimate", Whole),
    field("maxUltimate", "max_ultimate", Whole),
    field("werewolf", "werewolf", Whole),
    field("maxWerewolf", "max_werewolf", Whole),
    field("absorb", "absorb", Whole),
    field("championPoints", "champion_points", Whole),
    field("x", "x", Number),
    field("y", "y", Number),
    field("facing", "facing", Number),
];

/// Types are those of the schema (`schema/esologs.graphql`).
pub(super) static FIGHTS: Table =
    Table { name: "fights", constants: &[Report, Live], fields: FIGHT_FIELDS, keeps_null: false, shape: Line };

const FIGHT_FIELDS: &[Field] = &[
    field("id", "fight", Whole),
    field("encounterID", "encounter_id", Whole),
    field("originalEncounterID", "original_encounter_id", Whole),
    field("name", "name", Text),
    field("difficulty", "difficulty", Whole),
    field("size", "size", Whole),
    field("kill", "kill", Flag),
    field("bossPercentage", "boss_percentage", Number),
    field("fightPercentage", "fight_percentage", Number),
    field("startTime", "start_ms", SinceStart("start_utc")),
    field("endTime", "end_ms", SinceStart("end_utc")),
    field("inProgress", "in_progress", Flag),
    field("completeRaid", "complete_raid", Flag),
    field("averageItemLevel", "average_item_level", Number),
    field("lastPhase", "last_phase", Whole),
    field("lastPhaseAsAbsoluteIndex", "last_phase_as_absolute_index", Whole),
    field("lastPhaseIsIntermission", "last_phase_is_intermission", Flag),
    field("wipeCalledTime", "wipe_called_ms", Number),
    field("trialScore", "trial_score", Number),
    field("trialTime", "trial_time_ms", Number),
    field("friendlyPlayers", "friendly_players", Wholes),
    field("enemyPlayers", "enemy_players", Wholes),
    field("friendlyNPCs", "friendly_npcs", Json),
    field("enemyNPCs", "enemy_npcs", Json),
    field("friendlyPets", "friendly_pets", Json),
    field("enemyPets", "enemy_pets", Json),
    field("phaseTransitions", "phase_transitions", Json),
    field("maps", "maps", Json),
    field("gameZone", "game_zone", Object(&[field("id", "id", Whole), field("name", "name", Text)])),
    field(
        "boundingBox",
        "bounding_box",
        Object(&[
            field("minX", "min_x", Whole),
            field("maxX", "max_x", Whole),
            field("minY", "min_y", Whole),
            field("maxY", "max_y", Whole),
        ]),
    ),
];

/// Players, pets and enemies; events name them by `id`.
pub(super) static ACTORS: Table =
    Table { name: "actors", constants: &[Report, Live], fields: ACTOR_FIELDS, keeps_null: false, shape: Line };

const ACTOR_FIELDS: &[Field] = &[
    field("id", "id", Whole),
    field("gameID", "game_id", Whole),
    field("name", "name", Text),
    field("type", "type", Text),
    field("subType", "sub_type", Text),
    field("server", "server", Text),
    field("petOwner", "pet_owner", Whole),
    field("icon", "icon", Text),
    field("displayName", "display_name", Text),
    field("anonymous", "anonymous", Flag),
];

/// Abilities; events name them by `game_id`.
pub(super) static ABILITIES: Table =
    Table { name: "abilities", constants: &[Report, Live], fields: ABILITY_FIELDS, keeps_null: false, shape: Line };

const ABILITY_FIELDS: &[Field] =
    &[field("gameID", "game_id", Whole), field("name", "name", Text), field("icon", "icon", Text), field("type", "type", Text)];

/// The reports themselves, one row each.
pub(super) static REPORTS: Table =
    Table { name: "reports", constants: &[Live], fields: REPORT_FIELDS, keeps_null: false, shape: Line };

const ID_AND_NAME: Kind = Object(&[field("id", "id", Whole), field("name", "name", Text)]);

const REPORT_FIELDS: &[Field] = &[
    field("code", "report", Text),
    field("title", "title", Text),
    field("startTime", "start_unix_ms", Since1970("start_utc")),
    field("endTime", "end_unix_ms", Since1970("end_utc")),
    field("revision", "revision", Whole),
    field("segments", "segments", Whole),
    field("exportedSegments", "exported_segments", Whole),
    field("visibility", "visibility", Text),
    field(
        "archiveStatus",
        "archive_status",
        Object(&[
            field("isArchived", "is_archived", Flag),
            field("isAccessible", "is_accessible", Flag),
            field("archiveDate", "archived_unix_s", Whole),
        ]),
    ),
    field("zone", "zone", ID_AND_NAME),
    field(
        "region",
        "region",
        Object(&[
            field("id", "id", Whole),
            field("compactName", "compact_name", Text),
            field("name", "name", Text),
            field("slug", "slug", Text),
        ]),
    ),
    field("owner", "owner", ID_AND_NAME),
    field("guild", "guild", ID_AND_NAME),
    field("guildTag", "guild_tag", ID_AND_NAME),
    field(
        "masterData",
        "master_data",
        Object(&[
            field("logVersion", "log_version", Whole),
            field("gameVersion", "game_version", Whole),
            field("lang", "lang", Text),
        ]),
    ),
];

// What the site makes of a report: values of a scalar whose shape nobody has promised, so they stay JSON.

/// The players of a report by role, with gear and skills, one row a report.
pub(super) static PLAYER_DETAILS: Table = Table {
    name: "player-details",
    constants: &[Report, Live],
    fields: &[field("player_details", "player_details", Json)],
    keeps_null: false,
    shape: Value("player_details"),
};

/// The parses of a report's kills, one row a report.
pub(super) static RANKINGS: Table = Table {
    name: "rankings",
    constants: &[Report, Live],
    fields: &[field("rankings", "rankings", Json)],
    keeps_null: false,
    shape: Value("rankings"),
};

/// The site's summary of each fight.
pub(super) static SUMMARIES: Table = Table {
    name: "tables",
    constants: &[Report, Live],
    fields: &[field("fight", "fight", Whole), field("table", "summary", Json)],
    keeps_null: false,
    shape: Line,
};

/// Who was there: a row for each player of each report that the guild's list has.
pub(super) static ATTENDANCE: Table = Table {
    name: "attendance",
    constants: &[],
    fields: &[
        field("code", "report", Text),
        field("startTime", "start_unix_ms", Since1970("start_utc")),
        field("zone", "zone", ID_AND_NAME),
        field(
            "player",
            "player",
            Object(&[field("name", "name", Text), field("type", "type", Text), field("presence", "presence", Whole)]),
        ),
    ],
    keeps_null: false,
    shape: Players,
};
