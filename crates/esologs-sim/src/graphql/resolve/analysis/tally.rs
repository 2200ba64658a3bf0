//! Sums over events, by actor or by ability.

use std::collections::{BTreeMap, BTreeSet};

use super::scope::Scope;
use crate::world::EventKind;
use crate::world::events::Event;

/// What events are added up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Source,
    Target,
    Ability,
}

impl By {
    /// What suits the scope: whoever does it (or takes it, of damage taken), and what is done by one source alone.
    pub(super) fn of(scope: &Scope<'_>) -> Self {
        let taken = matches!(scope.data_type, "DamageTaken" | "Deaths" | "Survivability" | "Resources");
        let one = if taken { scope.filter.target_id } else { scope.filter.source_id };
        match scope.view_by {
            "Ability" => Self::Ability,
            "Source" => Self::Source,
            "Target" => Self::Target,
            _ if one.is_some() => Self::Ability,
            _ if taken => Self::Target,
            _ => Self::Source,
        }
    }

    pub(super) fn key(self, scope: &Scope<'_>, event: &Event<'_>) -> i64 {
        // What a pet does is its owner's.
        let owner = || scope.report().actor(event.source).and_then(|actor| actor.pet_owner).unwrap_or(event.source);
        match self {
            Self::Source => owner(),
            Self::Target => event.target,
            Self::Ability => event.ability,
        }
    }
}

/// Sums of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) total: i64,
    pub(super) overheal: i64,
    pub(super) hits: i64,
    pub(super) criticals: i64,
    pub(super) ticks: i64,
    pub(super) abilities: BTreeMap<i64, i64>,
    pub(super) targets: BTreeMap<i64, i64>,
    pub(super) sources: BTreeMap<i64, i64>,
    seconds: BTreeSet<i64>,
}

impl Tally {
    pub(super) fn add(&mut self, event: &Event<'_>) {
        let value = worth(event);
        self.total += value;
        self.hits += 1;
        if matches!(event.kind, EventKind::Damage | EventKind::Heal) {
            self.overheal += if event.kind == EventKind::Heal { event.number("overheal").unwrap_or(0) } else { 0 };
            self.criticals += i64::from(event.number("hitType") == Some(2));
            // It stands last, if it is there.
            self.ticks += i64::from(event.json.ends_with(b"\"tick\":true}"));
        }
        *self.abilities.entry(event.ability).or_default() += value;
        *self.targets.entry(event.target).or_default() += value;
        *self.sources.entry(event.source).or_default() += value;
        self.seconds.insert(event.timestamp / 1000);
    }

    /// Milliseconds in which something happened, in whole seconds.
    pub(super) fn active_time(&self, total_time: i64) -> i64 {
        i64::try_from(self.seconds.len()).map_or(total_time, |seconds| (seconds * 1000).min(total_time))
    }
}

/// What an event adds: its amount, or 1 where only the number counts.
pub(super) fn worth(event: &Event<'_>) -> i64 {
    match event.kind {
        EventKind::Damage | EventKind::Heal | EventKind::Absorbed => event.amount(),
        EventKind::ResourceChange => event.number("resourceChange").unwrap_or(0),
        // What is only begun is no cast yet.
        EventKind::BeginCast => 0,
        _ => 1,
    }
}

/// The rows of events, the largest first.
pub(super) fn tally<'e>(scope: &Scope<'_>, by: By, events: impl Iterator<Item = Event<'e>>) -> Vec<(i64, Tally)> {
    let mut rows: BTreeMap<i64, Tally> = BTreeMap::new();
    for event in events {
        rows.entry(by.key(scope, &event)).or_default().add(&event);
    }
    let mut rows: Vec<(i64, Tally)> = rows.into_iter().collect();
    rows.sort_by_key(|(key, row)| (std::cmp::Reverse(row.total), *key));
    rows
}

/// The entries of a breakdown, the largest first, at most so many.
pub(super) fn largest(of: &BTreeMap<i64, i64>, most: usize) -> Vec<(i64, i64)> {
    let mut entries: Vec<(i64, i64)> = of.iter().map(|(key, value)| (*key, *value)).collect();
    entries.sort_by_key(|(key, value)| (std::cmp::Reverse(*value), *key));
    entries.truncate(most);
    entries
}
