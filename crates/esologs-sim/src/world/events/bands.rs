//! When which aura was on whom, from the events that tell of its coming and going.

use std::collections::BTreeMap;

use super::kind::EventKind;
use super::store::{Event, ReportEvents};
use crate::world::model::{Fight, Report};

/// A stretch of time, in milliseconds since the report's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// When the aura came.
    pub start: i64,
    /// When it went.
    pub end: i64,
}

/// An aura on somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Aura {
    /// Ability of the aura.
    pub ability: i64,
    /// Actor that has it.
    pub on: i64,
    /// Whether it is a debuff.
    pub is_debuff: bool,
}

/// One change of an aura.
struct Change {
    aura: Aura,
    comes: bool,
}

impl Change {
    fn of(event: &Event<'_>) -> Option<Self> {
        let (is_debuff, comes) = match event.kind {
            EventKind::ApplyBuff | EventKind::ApplyBuffStack => (false, true),
            EventKind::RemoveBuff => (false, false),
            EventKind::ApplyDebuff | EventKind::ApplyDebuffStack => (true, true),
            EventKind::RemoveDebuff => (true, false),
            _ => return None,
        };
        Some(Self { aura: Aura { ability: event.ability, on: event.target, is_debuff }, comes })
    }
}

impl ReportEvents {
    /// The bands of every aura in one fight, in order of time.
    ///
    /// Auras that players have on at the pull are told by `combatantinfo`. One that goes without having come was on since the pull; one
    /// that never goes lasts to the end, or to `until`, what is uploaded so far.
    #[must_use]
    pub fn bands(&self, report: &Report, fight: &Fight, until: i64) -> BTreeMap<Aura, Vec<Band>> {
        let end = fight.end.min(until);
        let mut open: BTreeMap<Aura, i64> = BTreeMap::new();
        let mut bands: BTreeMap<Aura, Vec<Band>> = BTreeMap::new();
        for event in self.of_fight(report, fight).take_while(|event| event.timestamp <= end) {
            if event.kind == EventKind::CombatantInfo {
                open.extend(auras_at_pull(&event).map(|aura| (aura, fight.start)));
            }
            let Some(Change { aura, comes }) = Change::of(&event) else { continue };
            if comes {
                open.entry(aura).or_insert(event.timestamp);
                continue;
            }
            let start = open.remove(&aura).or_else(|| (!bands.contains_key(&aura)).then_some(fight.start));
            if let Some(start) = start {
                bands.entry(aura).or_default().push(Band { start, end: event.timestamp });
            }
        }
        for (aura, start) in open {
            bands.entry(aura).or_default().push(Band { start, end });
        }
        bands
    }
}

fn auras_at_pull(event: &Event<'_>) -> impl Iterator<Item = Aura> + use<> {
    let on = event.source;
    let told: serde_json::Value = serde_json::from_slice(event.json).unwrap_or_default();
    let auras = told.get("auras").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    let ids = auras.into_iter().filter_map(|aura| aura.get("ability")?.as_i64());
    ids.map(move |ability| Aura { ability, on, is_debuff: false })
}

/// The time that is covered by the bands of several, as bands that do not overlap.
#[must_use]
pub fn union(mut bands: Vec<Band>) -> Vec<Band> {
    bands.sort_by_key(|band| band.start);
    let mut merged: Vec<Band> = Vec::with_capacity(bands.len());
    for band in bands {
        match merged.last_mut() {
            Some(last) if band.start <= last.end => last.end = last.end.max(band.end),
            _ => merged.push(band),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Size, World, WorldConfig};

    #[test]
    fn bands_of_an_aura_lie_in_the_fight_and_do_not_overlap() {
        let world = World::generate(&WorldConfig { seed: 1, size: Size::Small }, 1_780_000_000_000);
        let report = &world.reports[0];
        for fight in &report.fights {
            for (aura, bands) in report.events().bands(report, fight, report.length_ms()) {
                assert!(bands.windows(2).all(|pair| pair[0].end <= pair[1].start), "{aura:?}: {bands:?}");
                for band in bands {
                    assert!(fight.start <= band.start && band.start <= band.end && band.end <= fight.end, "{aura:?}: {band:?}");
                }
            }
        }
    }

    #[test]
    fn what_overlaps_is_joined() {
        let band = |start, end| Band { start, end };
        assert_eq!(union(vec![band(5, 9), band(0, 3), band(3, 4), band(6, 7)]), [band(0, 4), band(5, 9)]);
    }
}
