//! Filters that need to look at more than an event's row: instances, classes, auras, deaths, expressions.

use std::collections::{BTreeMap, HashMap};

use super::bands::{Aura, Band};
use super::expression::Expression;
use super::filter::EventFilter;
use super::kind::EventKind;
use super::store::{ReportEvents, Row, number_in};
use crate::world::model::Report;

/// What led to a death is what happened to the dead in so many milliseconds before. (How far back the site looks is not known.)
const DEATH_WINDOW_MS: i64 = 10_000;

/// Filters beyond actors, abilities and fights; the default lets everything through. `viewOptions` are flags of the site's pages that
/// nobody explained: they are ignored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Narrowing {
    /// Only this copy of the source.
    pub source_instance: Option<i64>,
    /// Only this copy of the target.
    pub target_instance: Option<i64>,
    /// Only sources of this class.
    pub source_class: Option<String>,
    /// Only targets of this class.
    pub target_class: Option<String>,
    /// Only while the source has all of these auras.
    pub source_auras_present: Vec<i64>,
    /// Only while the source has none of these auras.
    pub source_auras_absent: Vec<i64>,
    /// Only while the target has all of these auras.
    pub target_auras_present: Vec<i64>,
    /// Only while the target has none of these auras.
    pub target_auras_absent: Vec<i64>,
    /// Only events that fit.
    pub expression: Option<Expression>,
    /// Only what led to this death of a player, numbered from 1 over the fights that are meant.
    pub death: Option<i64>,
    /// Leave out what comes after so many deaths of players in a fight; 0 for none.
    pub wipe_cutoff: Option<i64>,
}

impl Narrowing {
    fn asks_for_auras(&self) -> bool {
        let lists =
            [&self.source_auras_present, &self.source_auras_absent, &self.target_auras_present, &self.target_auras_absent];
        lists.into_iter().any(|list| !list.is_empty())
    }
}

/// A death of a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Death {
    fight: i64,
    time: i64,
    target: i64,
}

/// A narrowing, ready for one report: what had to be looked up is.
pub(super) struct Sieve<'a> {
    narrowing: &'a Narrowing,
    report: &'a Report,
    events: &'a ReportEvents,
    /// The last moment of fights that are cut off.
    cutoffs: HashMap<i64, i64>,
    /// `Some(None)` is a death that there is not.
    death: Option<Option<Death>>,
    bands: HashMap<i64, BTreeMap<Aura, Vec<Band>>>,
}

impl<'a> Sieve<'a> {
    /// `None` if the filter asks for nothing of that kind, as nearly all do.
    pub(super) fn of(filter: &'a EventFilter, report: &'a Report, events: &'a ReportEvents, until: i64) -> Option<Self> {
        let narrowing = &filter.narrowing;
        if *narrowing == Narrowing::default() {
            return None;
        }
        let mut sieve = Self { narrowing, report, events, cutoffs: HashMap::new(), death: None, bands: HashMap::new() };
        let meant = || report.fights.iter().filter(|fight| filter.admits_fight(fight));
        let deaths: Vec<Death> = if narrowing.death.is_some() || narrowing.wipe_cutoff.is_some() {
            meant().flat_map(|fight| deaths(report, events, fight.id)).collect()
        } else {
            Vec::new()
        };
        if let Some(count) = narrowing.wipe_cutoff.and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0) {
            for fight in meant() {
                let last = deaths.iter().filter(|death| death.fight == fight.id).nth(count - 1);
                sieve.cutoffs.extend(last.map(|death| (fight.id, death.time)));
            }
        }
        sieve.death = narrowing.death.map(|number| deaths.get(usize::try_from(number).ok()?.checked_sub(1)?).copied());
        if narrowing.asks_for_auras() {
            sieve.bands = meant().map(|fight| (fight.id, events.bands(report, fight, until))).collect();
        }
        Some(sieve)
    }

    pub(super) fn admits(&self, index: u32, row: &Row) -> bool {
        let (narrowing, json) = (self.narrowing, self.events.json_of(index as usize));
        let (source, target) = (i64::from(row.source), i64::from(row.target));
        // Where there is one copy only, the event does not number it.
        let is_copy = |wanted: Option<i64>, field| wanted.is_none_or(|wanted| number_in(json, field).unwrap_or(1) == wanted);
        is_copy(narrowing.source_instance, "sourceInstance")
            && is_copy(narrowing.target_instance, "targetInstance")
            && self.has_class(source, narrowing.source_class.as_deref())
            && self.has_class(target, narrowing.target_class.as_deref())
            && self.has_auras(row, source, &narrowing.source_auras_present, &narrowing.source_auras_absent)
            && self.has_auras(row, target, &narrowing.target_auras_present, &narrowing.target_auras_absent)
            && self.is_in_time(row, target)
            && narrowing.expression.as_ref().is_none_or(|it| it.admits(&self.events.event(index as usize), self.report))
    }

    fn has_class(&self, actor: i64, class: Option<&str>) -> bool {
        let has = |class: &str| self.report.actor(actor).is_some_and(|actor| actor.sub_type.eq_ignore_ascii_case(class));
        class.is_none_or(has)
    }

    fn has_auras(&self, row: &Row, actor: i64, present: &[i64], absent: &[i64]) -> bool {
        let has = |ability: &i64| self.has_aura(i64::from(row.fight), i64::from(row.time), actor, *ability);
        present.iter().all(has) && !absent.iter().any(has)
    }

    fn has_aura(&self, fight: i64, time: i64, on: i64, ability: i64) -> bool {
        let covers = |is_debuff| {
            let bands = self.bands.get(&fight).and_then(|bands| bands.get(&Aura { ability, on, is_debuff }));
            bands.is_some_and(|bands| bands.iter().any(|band| band.start <= time && time <= band.end))
        };
        covers(false) || covers(true)
    }

    fn is_in_time(&self, row: &Row, target: i64) -> bool {
        let (fight, time) = (i64::from(row.fight), i64::from(row.time));
        let before_cutoff = self.cutoffs.get(&fight).is_none_or(|last| time <= *last);
        let led_to_death = self.death.is_none_or(|death| {
            death.is_some_and(|death| {
                fight == death.fight && target == death.target && (death.time - DEATH_WINDOW_MS..=death.time).contains(&time)
            })
        });
        before_cutoff && led_to_death
    }
}

/// Deaths of players in a fight, in order of time.
fn deaths(report: &Report, events: &ReportEvents, fight: i64) -> Vec<Death> {
    let Some(fight) = report.fight(fight) else { return Vec::new() };
    let of_players = events.of_fight(report, fight).filter(|event| event.kind == EventKind::Death && event.target_is_friendly);
    of_players.map(|event| Death { fight: event.fight, time: event.timestamp, target: event.target }).collect()
}
