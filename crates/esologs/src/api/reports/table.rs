//! The shape of `table`: the site's sums, one model for all data types. Which fields are there depends on the type.

use serde_json::Value;

use super::player_details::{PlayerRoles, SpecCount};
use crate::api::model::model;
use crate::ids::{ActorId, FightId};
use crate::units::ReportTime;

model! {
    /// A table, as the API wraps it.
    pub struct Table {
        /// What is in it.
        data: TableData = "data",
    }
}

model! {
    /// The rows of a table: `auras` of buffs and debuffs, `entries` of most other types, and the lists of the summary.
    pub struct TableData {
        /// Length of what is summed up, in milliseconds.
        total_time: f64 = "totalTime",
        /// Start of what is summed up.
        start_time: ReportTime = "startTime",
        /// End of what is summed up.
        end_time: ReportTime = "endTime",
        /// Version of the log format.
        log_version: i64 = "logVersion",
        /// Version of the game.
        game_version: i64 = "gameVersion",
        /// The rows.
        entries: Vec<TableEntry> = "entries",
        /// The rows of buffs and debuffs.
        auras: Vec<TableAura> = "auras",
        /// Whether the rows of buffs and debuffs are about targets.
        use_targets: bool = "useTargets",
        /// Mean item level of the players. Summary.
        item_level: f64 = "itemLevel",
        /// The players. Summary.
        composition: Vec<Composition> = "composition",
        /// Damage by actor. Summary.
        damage_done: Vec<TableEntry> = "damageDone",
        /// Healing by actor. Summary.
        healing_done: Vec<TableEntry> = "healingDone",
        /// Damage taken by ability. Summary.
        damage_taken: Vec<TableEntry> = "damageTaken",
        /// The deaths. Summary.
        death_events: Vec<DeathEvent> = "deathEvents",
        /// The players by role. Summary.
        player_details: PlayerRoles = "playerDetails",
    }
}

model! {
    /// A row: an actor or an ability, with its sum.
    pub struct TableEntry {
        /// The name.
        name: String = "name",
        /// Number of an actor within the report.
        id: ActorId = "id",
        /// The game's own number.
        guid: i64 = "guid",
        /// The class of a player, or the school of an ability, as text.
        kind: String = "type",
        /// Name of an actor's icon.
        icon: String = "icon",
        /// Name of an ability's icon.
        ability_icon: String = "abilityIcon",
        /// Mean item level of a player.
        item_level: f64 = "itemLevel",
        /// Flags of the ability.
        flags: i64 = "flags",
        /// The sum.
        total: f64 = "total",
        /// The sum without what was useless.
        total_reduced: f64 = "totalReduced",
        /// How long it was active, in milliseconds.
        active_time: f64 = "activeTime",
        /// The same without what was useless.
        active_time_reduced: f64 = "activeTimeReduced",
        /// Healing beyond full health.
        overheal: f64 = "overheal",
        /// Damage that was blocked.
        blocked: f64 = "blocked",
        /// How often it was used.
        uses: i64 = "uses",
        /// Hits that were no ticks.
        hit_count: i64 = "hitCount",
        /// Ticks.
        tick_count: i64 = "tickCount",
        /// Critical hits.
        crit_hit_count: i64 = "critHitCount",
        /// The largest abilities of an actor. Some five, where no source was named.
        abilities: Vec<TableEntry> = "abilities",
        /// The largest abilities by damage.
        damage_abilities: Vec<TableEntry> = "damageAbilities",
        /// Who used an ability.
        sources: Vec<TableEntry> = "sources",
        /// Whom it struck.
        targets: Vec<TableEntry> = "targets",
        /// Time of a death.
        timestamp: ReportTime = "timestamp",
        /// Fight of a death.
        fight: FightId = "fight",
        /// How much of the time before a death is told of, in milliseconds.
        death_window: f64 = "deathWindow",
        /// Damage beyond what killed.
        overkill: f64 = "overkill",
        /// What killed.
        killing_blow: Box<TableEntry> = "killingBlow",
        /// Damage before a death.
        damage: Box<TableEntry> = "damage",
        /// Healing before a death.
        healing: Box<TableEntry> = "healing",
        /// The last events before a death.
        events: Vec<Value> = "events",
        /// How long somebody lived, in milliseconds, or how often somebody died. Survivability.
        deaths: Value = "deaths",
        /// Share of the time that was lived through, in percent. Survivability.
        survival: f64 = "survival",
    }
}

model! {
    /// A buff or debuff, with its uptime.
    pub struct TableAura {
        /// The name.
        name: String = "name",
        /// Number of an actor within the report, where the rows are actors.
        id: ActorId = "id",
        /// The game's own number.
        guid: i64 = "guid",
        /// The school, as text.
        kind: String = "type",
        /// Name of the icon.
        ability_icon: String = "abilityIcon",
        /// Name of an actor's icon.
        icon: String = "icon",
        /// How long it was on, in milliseconds.
        total_uptime: f64 = "totalUptime",
        /// How often it was put on.
        total_uses: i64 = "totalUses",
        /// When it was on.
        bands: Vec<AuraBand> = "bands",
    }
}

model! {
    /// A time during which an aura was on.
    pub struct AuraBand {
        /// Start.
        start_time: ReportTime = "startTime",
        /// End.
        end_time: ReportTime = "endTime",
    }
}

model! {
    /// A player of the summary.
    pub struct Composition {
        /// The name.
        name: String = "name",
        /// Number within the report.
        id: ActorId = "id",
        /// The game's own number.
        guid: i64 = "guid",
        /// The class.
        kind: String = "type",
        /// Name of the icon.
        icon: String = "icon",
        /// The specialisations with their roles.
        specs: Vec<SpecCount> = "specs",
    }
}

model! {
    /// A death of the summary.
    pub struct DeathEvent {
        /// The name.
        name: String = "name",
        /// Number within the report.
        id: ActorId = "id",
        /// The game's own number.
        guid: i64 = "guid",
        /// The class.
        kind: String = "type",
        /// Name of the icon.
        icon: String = "icon",
        /// When.
        death_time: ReportTime = "deathTime",
        /// What killed.
        ability: TableEntry = "ability",
    }
}
