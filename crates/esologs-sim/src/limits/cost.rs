//! What a request costs, in points.
//!
//! The service tells no price list; these figures reproduce what its clients measured: about 1.2 for any request, 4.25 for
//! each report read in a list, 12 for a report's actors with four tables, 2 for a page of 50 abilities or of 25 items, 1 for the
//! classes, about 5 for a character's rankings, about 1.1 for a page of an encounter's rankings: no more than any request. What nobody
//! measured (progress races, single reports, fights, abilities of a report) is set by what it resembles.

use std::cell::Cell;

/// How the price of a request is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CostModel {
    /// 1.2 for a request and 0.05 for each root field: easy to predict.
    Flat,
    /// 1.2 for a request and a price for each expensive field, some by how much it returns: what the service does.
    #[default]
    Complexity,
}

/// Price of any request that is executed.
pub(crate) const BASE: f64 = 1.2;
/// Flat model: price of each root field.
pub(crate) const PER_ROOT_FIELD: f64 = 0.05;

/// Fields that cost something in the complexity model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Priced {
    /// Reports returned by one listing.
    ListedReports(usize),
    /// One report by its code.
    Report,
    Fights,
    Actors,
    Abilities,
    /// One page of events, by the events on it.
    EventPage(usize),
    /// `table`, `graph`, `playerDetails`, `rankings` of a report.
    Analysis,
    /// A page of entries of a catalogue, members or attendance, by the entries on it.
    Page(usize),
    /// The same of items, which are dearer.
    Items(usize),
    Classes,
    /// A page of `characterRankings` or `fightRankings` of an encounter.
    RankingsPage,
    /// `zoneRankings` or `encounterRankings` of a character.
    CharacterRankings,
    ProgressRace,
}

impl Priced {
    pub(crate) fn points(self) -> f64 {
        match self {
            Self::ListedReports(reports) => 4.25 * reports as f64,
            Self::Report => 0.3,
            Self::Fights => 0.5,
            Self::Actors => 1.2,
            Self::Abilities => 0.6,
            Self::EventPage(events) => 1.0 + events as f64 / 2_000.0,
            Self::Analysis => 2.4,
            Self::Page(entries) => entries as f64 * 0.04,
            Self::Classes => 1.0,
            Self::Items(entries) => entries as f64 * 0.08,
            Self::RankingsPage => 0.0,
            Self::CharacterRankings => 3.8,
            Self::ProgressRace => 1.0,
        }
    }
}

/// Adds up the price of one request while it is executed.
#[derive(Debug)]
pub(crate) struct CostMeter {
    model: CostModel,
    points: Cell<f64>,
}

impl CostMeter {
    pub(crate) fn new(model: CostModel) -> Self {
        Self { model, points: Cell::new(BASE) }
    }

    pub(crate) fn add(&self, priced: Priced) {
        if self.model == CostModel::Complexity {
            self.points.set(self.points.get() + priced.points());
        }
    }

    pub(crate) fn add_root_field(&self) {
        if self.model == CostModel::Flat {
            self.points.set(self.points.get() + PER_ROOT_FIELD);
        }
    }

    /// The total, in hundredths.
    pub(crate) fn total(&self) -> f64 {
        (self.points.get() * 100.0).round() / 100.0
    }
}
