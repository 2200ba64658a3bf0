//! What the site makes of a report, fetched beside its events: one file for each kind.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::cover::Cover;
use super::journal::Filed;
use super::pages::{Came, Pages};
use super::run::Shared;
use crate::api::{ReportCalls, TableDataType, on_one_line};
use crate::error::Error;
use crate::ids::FightId;
use crate::query::Operation;
use crate::units::ReportTime;

/// What a pull can fetch of a report beside fights, actors and events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ReportExtra {
    /// The players by role, with gear and skills: one request.
    PlayerDetails,
    /// The parses of the kills: one request. They are kept as they were when the report was fetched.
    Rankings,
    /// The site's summary of each fight (damage, healing, deaths, who was there with which gear): a request for each fight.
    Tables,
}

impl ReportExtra {
    /// Every one.
    pub const EVERY: [Self; 3] = [Self::PlayerDetails, Self::Rankings, Self::Tables];

    /// The name on the command line, without its dashes, and in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PlayerDetails => "player-details",
            Self::Rankings => "rankings",
            Self::Tables => "tables",
        }
    }

    /// Its file in the report's folder, as in `docs/data-layout.md`.
    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::PlayerDetails => "player-details.json",
            Self::Rankings => "rankings.json",
            Self::Tables => "tables.jsonl",
        }
    }

    /// The one of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|extra| extra.name() == name)
    }

    /// Whether it is asked for fight by fight.
    pub(super) const fn is_by_fight(self) -> bool {
        matches!(self, Self::Tables)
    }

    /// What is asked for to fill its file, piece by piece: all fights at once, or one after the other.
    fn pieces(self, fights: &[FightId]) -> Vec<Vec<FightId>> {
        match fights {
            [] => Vec::new(),
            _ if self.is_by_fight() => fights.iter().map(|fight| vec![*fight]).collect(),
            _ => vec![fights.to_vec()],
        }
    }

    /// The operation that asks for a piece, for who reckons what it costs.
    pub(super) fn operation(self, report: &ReportCalls) -> Result<Operation, Error> {
        let fights = [FightId::from(1)];
        match self {
            Self::PlayerDetails => report.player_details().fights(fights).include_combatant_info(true).operation(),
            Self::Rankings => report.rankings().fights(fights).operation(),
            Self::Tables => report.table().fights(fights).data_type(TableDataType::Summary).operation(),
        }
    }

    /// The line of a piece. Null is an answer: there is nothing.
    async fn line(self, report: &ReportCalls, fights: &[FightId]) -> Result<String, Error> {
        let of = fights.iter().copied();
        let json = match self {
            Self::PlayerDetails => report.player_details().fights(of).include_combatant_info(true).json_or_null().await?,
            Self::Rankings => report.rankings().fights(of).json_or_null().await?,
            Self::Tables => report.table().fights(of).data_type(TableDataType::Summary).json_or_null().await?,
        };
        let json = json.as_deref().map_or("null".into(), |json| on_one_line(RawValue::get(json)));
        Ok(match fights {
            [fight] if self.is_by_fight() => format!("{{\"fight\":{fight},\"table\":{json}}}\n"),
            _ => format!("{json}\n"),
        })
    }
}

/// Fetches the file, or what is missing of it. A piece is a page, and its number the cursor.
pub(super) async fn fetch(shared: &Arc<Shared>, cover: &Cover, extra: ReportExtra) -> Result<Filed, Error> {
    let mut pages = Pages::taken_up(shared, cover, extra.file().to_owned()).await?;
    let fights: Vec<FightId> = cover.report.fights.iter().flatten().map(|fight| fight.id).collect();
    let (report, pieces) = (shared.client().report(cover.report.code.clone()), extra.pieces(&fights));
    // Without a fight there is nothing to ask for.
    let last = pieces.len().max(1);
    for number in pages.here().len()..last {
        let text = match pieces.get(number) {
            Some(fights) => extra.line(&report, fights).await?,
            None => String::new(),
        };
        let at = |number: usize| ReportTime::new(number as f64);
        let next = (number + 1 < last).then(|| at(number + 1));
        let lines = u64::from(!text.is_empty());
        pages.add(Came { start: at(number), next, text: text.into(), lines }).await?;
    }
    Ok(pages.into_filed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_by_fight_is_asked_for_one_after_the_other_and_the_rest_at_once() {
        let fights = [1, 2, 5].map(FightId::from);
        assert_eq!(ReportExtra::Tables.pieces(&fights), [vec![fights[0]], vec![fights[1]], vec![fights[2]]]);
        assert_eq!(ReportExtra::Rankings.pieces(&fights), [fights.to_vec()]);
        assert!(ReportExtra::EVERY.iter().all(|extra| extra.pieces(&[]).is_empty()));
    }

    #[test]
    fn each_is_found_by_its_name_and_has_a_file_of_its_own() {
        for extra in ReportExtra::EVERY {
            assert_eq!(ReportExtra::named(extra.name()), Some(extra));
            assert_eq!(ReportExtra::EVERY.iter().filter(|other| other.file() == extra.file()).count(), 1);
        }
        assert_eq!(ReportExtra::named("damage"), None);
    }
}
