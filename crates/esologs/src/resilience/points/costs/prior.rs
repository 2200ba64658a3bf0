//! What a call is taken to cost before any of its shape was seen. Figures that clients of the service have measured, and for the
//! rest a guess on the dear side. All of them are here.

/// A guess, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Prior {
    pub(crate) expected: f64,
    /// It hardly costs more.
    pub(crate) at_most: f64,
}

/// Any request. Measured with the sister site, 2026-06.
const REQUEST: f64 = 1.2;
/// Each report of a list, by what is returned: so a full page at most. Measured there too: 4.25.
const LISTED_REPORT: f64 = 4.25;
/// Each part of a report. Actors and four tables of ESO cost 12 together, which is the request and five times this.
const REPORT_PART: f64 = 2.16;
/// Entries of the game's catalogues. Measured with ESO: 50 abilities 2, 25 items 2; 0.08 is the dearer.
const ENTRY: f64 = 0.08;
/// A character's rankings, about 5 in all with the sister site.
const CHARACTER_RANKINGS: f64 = 3.8;
/// A page of events and half as much for each 1,000 that it may hold. Nobody has measured it; scans of many fights took 15 to 20.
const EVENT_PAGE: f64 = 1.0;
const PER_EVENT: f64 = 0.0005;
/// What the service returns in a list where nobody says how much.
const LIMIT: u64 = 100;
const EVENT_LIMIT: u64 = 300;
/// What nobody has measured is taken to cost so much at most, as a multiple of what is expected, in points at least and at most.
const GUESSED: f64 = 3.0;
const LEAST_GUESSED: f64 = 5.0;
const MOST_GUESSED: f64 = 50.0;
/// What was measured may have become dearer by so much.
const MEASURED: f64 = 1.5;
/// An operation of which nothing is known.
const UNKNOWN: f64 = 7.0;

/// The guess for an operation of this name.
pub(super) fn of(name: &str, limit: Option<u64>, parts: Option<usize>) -> Prior {
    if let Some(parts) = parts {
        // Batching saves nothing, but the request: parts cost what they cost alone.
        return guessed(REQUEST + parts as f64 * 2.0 * REPORT_PART);
    }
    let entries = limit.unwrap_or(LIMIT) as f64;
    match name {
        "RateLimit" => measured(REQUEST),
        "Reports" | "GuildReports" | "CharacterReports" => measured(REQUEST + LISTED_REPORT * entries),
        "Abilities" | "Items" | "ItemSets" | "Maps" | "NPCs" | "Npcs" => measured(REQUEST + ENTRY * entries),
        "Classes" | "Class" | "Factions" => measured(REQUEST + 1.0),
        "EncounterCharacterRankings" | "EncounterFightRankings" => measured(REQUEST),
        "CharacterEncounterRankings" | "CharacterZoneRankings" => measured(REQUEST + CHARACTER_RANKINGS),
        "ReportEvents" => guessed(REQUEST + EVENT_PAGE + PER_EVENT * limit.unwrap_or(EVENT_LIMIT) as f64),
        "Report" => guessed(REQUEST + 2.0 * REPORT_PART),
        part if part.starts_with("Report") => guessed(REQUEST + REPORT_PART),
        "query" => guessed(UNKNOWN),
        list if list.ends_with('s') && limit.is_some() => guessed(REQUEST + ENTRY * entries),
        _ => guessed(UNKNOWN / 2.0),
    }
}

fn measured(points: f64) -> Prior {
    Prior { expected: points, at_most: MEASURED * points }
}

fn guessed(points: f64) -> Prior {
    let at_most = (GUESSED * points).clamp(LEAST_GUESSED, MOST_GUESSED).max(points);
    Prior { expected: points, at_most }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_is_expected_and_a_little_more_set_aside() {
        for (name, limit, measured) in [
            ("RateLimit", None, 1.2),
            ("Reports", Some(2), 9.7),
            ("GuildReports", Some(100), 426.2),
            ("Items", Some(25), 3.2),
            ("Classes", None, 2.2),
            ("CharacterZoneRankings", None, 5.0),
            ("EncounterCharacterRankings", None, 1.2),
        ] {
            let prior = of(name, limit, None);
            assert!((prior.expected - measured).abs() < 1e-9, "{name}: {prior:?}");
            assert!((prior.at_most - 1.5 * measured).abs() < 1e-9, "{name}: {prior:?}");
        }
    }

    #[test]
    fn a_guess_errs_on_the_dear_side_within_bounds() {
        assert_eq!(of("query", None, None), Prior { expected: 7.0, at_most: 21.0 });
        assert_eq!(of("World", None, None), Prior { expected: 3.5, at_most: 10.5 });
        assert_eq!(of("GuildMembers", Some(1), None).at_most, LEAST_GUESSED);
        let events = of("ReportEvents", Some(10_000), None);
        assert!((events.expected - 7.2).abs() < 1e-9 && (events.at_most - 21.6).abs() < 1e-9, "{events:?}");
        assert!(of("ReportEvents", None, None).expected < 2.5);
        assert_eq!(of("ReportEvents", Some(1_000_000), None).at_most, of("ReportEvents", Some(1_000_000), None).expected);
    }

    #[test]
    fn parts_cost_what_they_cost_alone() {
        let [one, ten] = [1, 10].map(|parts| of("ReportBatch", None, Some(parts)));
        assert!((ten.expected - one.expected - 9.0 * 2.0 * REPORT_PART).abs() < 1e-9);
        assert_eq!(ten.at_most, MOST_GUESSED);
    }
}
