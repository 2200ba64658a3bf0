//! How large reports are that were not fetched yet, judged by those that are here. Pure.

use std::collections::BTreeMap;

/// Events on a page, as a pull asks for them.
const PER_PAGE: f64 = 10_000.0;
/// The most reports that are looked at: more would not tell more.
pub(super) const MOST: usize = 100;
/// A new report is taken to be like one of those that are here, by so much sparser or denser.
const LIKE: [f64; 3] = [0.8, 1.0, 1.2];
/// From this many reports on it can be told whether their lengths or their number decides about their events.
const ENOUGH: usize = 4;
/// Until more is known, reports are taken to differ by so much from each other, with the weight of so many reports.
const USUAL_SPREAD: f64 = 0.35;
const ITS_WEIGHT: f64 = 2.0;
/// Events per hour of a report of twelve players, where none is here. Measured: 60 events of damage in a second of an ESO fight (api
/// facts §4). That half of the time is fought, and the rest, are guesses after the simulator's worlds.
const FOUGHT_SECONDS: f64 = 1_800.0;
const USUAL_PER_SECOND: [(&str, f64); 10] = [
    ("damage", 60.0),
    ("damage-taken", 15.0),
    ("healing", 40.0),
    ("casts", 25.0),
    ("buffs", 50.0),
    ("debuffs", 25.0),
    ("resources", 30.0),
    ("all", 200.0),
    ("deaths", 0.02),
    ("combatantinfo", 0.1),
];
/// Fights in an hour of a report, trash and wipes included: a guess.
const USUAL_FIGHTS_PER_HOUR: f64 = 15.0;
/// Of streams that are not named there.
const SELDOM_PER_SECOND: f64 = 0.5;
/// What was guessed may be by so much less or more.
const GUESSES: [f64; 3] = [0.2, 0.8, 1.6];
/// Bytes of an event's line, measured: 235 to 256 without resources, 310 with buffs. Of the other files: a guess.
const EVENT_BYTES: f64 = 280.0;
const REPORT_BYTES: f64 = 60_000.0;
/// An event with resources has so many times the bytes: 370 to 450 to 235 to 256, measured (api facts §4).
const WITH_RESOURCES: f64 = 1.7;

/// The size of a report that is here.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Size {
    pub(super) hours: f64,
    pub(super) fights: u64,
    /// Its events have resources.
    pub(super) with_resources: bool,
    /// Events by file.
    pub(super) events: BTreeMap<String, u64>,
    /// Bytes of the same files, and of those beside them; 0 where that was not asked for.
    pub(super) event_bytes: BTreeMap<String, u64>,
    pub(super) other_bytes: u64,
}

impl Size {
    /// Of a report that was fetched just now.
    pub(super) fn fetched(hours: f64, fights: u64, events: &[(String, u64)]) -> Self {
        Self { hours, fights, events: events.iter().cloned().collect(), ..Self::default() }
    }
}

/// A number that is not known to the last digit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Guess {
    pub(super) mean: f64,
    /// Standard deviation.
    pub(super) off_by: f64,
    /// It is not less.
    pub(super) least: f64,
}

/// What is known of the sizes of reports.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sizes {
    known: Vec<Size>,
    /// Longer reports have more events; else each has as many as another.
    by_length: bool,
}

impl Sizes {
    /// The first of these count: the newest ones.
    pub(super) fn of(known: impl IntoIterator<Item = Size>) -> Self {
        let known: Vec<Size> = known.into_iter().filter(|size| size.hours > 0.0).take(MOST).collect();
        let all = |size: &Size| size.events.values().sum::<u64>() as f64;
        let per_hour: Vec<f64> = known.iter().map(|size| all(size) / size.hours).collect();
        let per_report: Vec<f64> = known.iter().map(all).collect();
        let by_length = known.len() < ENOUGH || relative_spread(&per_hour) <= relative_spread(&per_report);
        Self { known, by_length }
    }

    /// Of how many reports the sizes are known.
    pub(super) fn known(&self) -> usize {
        self.known.len()
    }

    /// Pages of a file in all reports of these lengths, in hours.
    pub(super) fn pages(&self, file: &str, hours: &[f64]) -> Guess {
        // The first page of each is asked for whatever is on it.
        let more = self.guess(&self.likes(&[file]), hours, |events| (events / PER_PAGE).floor());
        let least = hours.len() as f64;
        Guess { mean: least + more.mean, off_by: more.off_by, least }
    }

    /// Fights in all reports of these lengths.
    pub(super) fn fights(&self, hours: &[f64]) -> Guess {
        let like = |size: &Size| Like { per_hour: size.fights as f64 / size.hours, each: 0.0 };
        let likes: Vec<Like> = match self.known.as_slice() {
            [] => GUESSES.map(|factor| Like { per_hour: factor * USUAL_FIGHTS_PER_HOUR, each: 0.0 }).to_vec(),
            known => known.iter().flat_map(|size| LIKE.map(|factor| like(size).times(factor))).collect(),
        };
        self.guess(&likes, hours, |fights| fights)
    }

    /// Bytes of all files of the reports of these lengths.
    pub(super) fn bytes(&self, files: &[&str], hours: &[f64], with_resources: bool) -> Guess {
        let weighed: Vec<&Size> = self.known.iter().filter(|size| size.other_bytes > 0).collect();
        let sum = |of: fn(&Size) -> u64| weighed.iter().map(|size| of(size)).sum::<u64>() as f64;
        let events = sum(|size| size.events.values().sum());
        // As they are without resources.
        let bytes =
            |size: &&Size| size.event_bytes.values().sum::<u64>() as f64 / if size.with_resources { WITH_RESOURCES } else { 1.0 };
        let plain = if events > 0.0 { weighed.iter().map(bytes).sum::<f64>() / events } else { EVENT_BYTES };
        let per_event = if with_resources { WITH_RESOURCES * plain } else { plain };
        let per_report = if weighed.is_empty() { REPORT_BYTES } else { sum(|size| size.other_bytes) / weighed.len() as f64 };
        let events = self.guess(&self.likes(files), hours, |events| events);
        let least = per_report * hours.len() as f64;
        Guess { mean: per_event * events.mean + least, off_by: per_event * events.off_by, least }
    }

    /// The sum, over reports of these lengths, of something that a number decides which they have in one of these ways.
    fn guess(&self, likes: &[Like], hours: &[f64], value: impl Fn(f64) -> f64) -> Guess {
        let mut sums = vec![0.0; likes.len()];
        let mut scatter = 0.0;
        for hours in hours {
            let values: Vec<f64> = likes.iter().map(|like| value(like.each + like.per_hour * hours)).collect();
            sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum += value);
            scatter += self.variance(&values);
        }
        // Each by itself they even out; what those that are here have in common by chance does not.
        let common = self.variance(&sums) / self.known.len().max(1) as f64;
        Guess { mean: mean(&sums), off_by: self.caution() * (scatter + common).sqrt(), least: 0.0 }
    }

    /// By how much more may be unsure than it looks: of few reports the spread itself is not known well. Without it, ranges that
    /// were judged by 12 reports held the truth 18 times of 20.
    fn caution(&self) -> f64 {
        if self.known.is_empty() { 1.0 } else { 1.0 + ITS_WEIGHT / (self.known.len() as f64 + ITS_WEIGHT) }
    }

    /// All that a report may be like.
    fn likes(&self, files: &[&str]) -> Vec<Like> {
        let usual = |file: &&str| Like { per_hour: usual_per_hour(file), each: 0.0 };
        let sum = |of: &dyn Fn(&&str) -> Like| files.iter().map(of).fold(Like::default(), Like::plus);
        if self.known.is_empty() {
            return GUESSES.map(|factor| sum(&usual).times(factor)).to_vec();
        }
        let seen = |size: &Size, file: &&str| match size.events.get(*file) {
            Some(events) if self.by_length => Like { per_hour: *events as f64 / size.hours, each: 0.0 },
            Some(events) => Like { per_hour: 0.0, each: *events as f64 },
            // A file that no earlier pull has asked for.
            None => usual(file),
        };
        let all = self.known.iter().map(|size| sum(&|file| seen(size, file)));
        all.flat_map(|like| LIKE.map(|factor| like.times(factor))).collect()
    }

    /// Variance of what reports like those that are here have; of few of them it is not known well.
    fn variance(&self, values: &[f64]) -> f64 {
        let mean = mean(values);
        let seen = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
        if self.known.is_empty() {
            return seen;
        }
        let weight = self.known.len() as f64;
        (weight * seen + ITS_WEIGHT * (USUAL_SPREAD * mean).powi(2)) / (weight + ITS_WEIGHT)
    }
}

/// What a report may be like: its events by its length, or whatever its length.
#[derive(Debug, Clone, Copy, Default)]
struct Like {
    per_hour: f64,
    each: f64,
}

impl Like {
    fn plus(self, other: Self) -> Self {
        Self { per_hour: self.per_hour + other.per_hour, each: self.each + other.each }
    }

    fn times(self, factor: f64) -> Self {
        Self { per_hour: self.per_hour * factor, each: self.each * factor }
    }
}

fn usual_per_hour(file: &str) -> f64 {
    // `buffs.enemies`: a file of each side, half of the stream in the mean.
    let (stream, share) = file.split_once('.').map_or((file, 1.0), |(stream, _)| (stream, 0.5));
    let usual = USUAL_PER_SECOND.iter().find(|(name, _)| *name == stream);
    share * FOUGHT_SECONDS * usual.map_or(SELDOM_PER_SECOND, |(_, per_second)| *per_second)
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn relative_spread(values: &[f64]) -> f64 {
    let mean = mean(values);
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len().max(1) as f64;
    if mean > 0.0 { variance.sqrt() / mean } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(hours: f64, damage: u64) -> Size {
        let events = BTreeMap::from([("damage".to_owned(), damage)]);
        let event_bytes = BTreeMap::from([("damage".to_owned(), 200 * damage)]);
        Size { hours, fights: (10.0 * hours) as u64, with_resources: false, events, event_bytes, other_bytes: 1_000 }
    }

    #[test]
    fn reports_like_those_that_are_here_have_as_many_pages_by_the_hour() {
        let sizes = Sizes::of([1.0, 2.0, 3.0, 2.0].map(|hours| size(hours, (55_000.0 * hours) as u64)));

        let pages = sizes.pages("damage", &[1.0, 4.0]);

        // 5.5 and 22 pages, and half of the last ones is empty in the mean.
        assert!((pages.mean - 28.0).abs() < 1.0, "{pages:?}");
        // Four are few: that they are alike may be chance.
        assert!(pages.off_by < 9.0, "{pages:?}");
    }

    #[test]
    fn where_length_tells_nothing_reports_are_taken_one_by_one() {
        let sizes = Sizes::of([1.0, 3.0, 0.5, 2.0].map(|hours| size(hours, 25_000)));
        let (short, long) = (sizes.pages("damage", &[0.1]), sizes.pages("damage", &[10.0]));
        assert_eq!(short, long);
        assert!((2.0..=3.5).contains(&short.mean), "{short:?}");
    }

    #[test]
    fn a_stream_of_few_events_is_a_page_for_each_report_and_nothing_is_unsure_about_it() {
        let sizes = Sizes::of([size(1.0, 40), size(2.0, 70)]);
        assert_eq!(sizes.pages("damage", &[1.0; 7]), Guess { mean: 7.0, off_by: 0.0, least: 7.0 });
        assert_eq!(sizes.pages("damage", &[]), Guess::default());
    }

    #[test]
    fn fights_are_as_many_by_the_hour_as_in_the_reports_that_are_here() {
        let sizes = Sizes::of([1.0, 2.0, 4.0].map(|hours| size(hours, 100)));
        let fights = sizes.fights(&[1.0, 5.0]);
        assert!((fights.mean - 60.0).abs() < 1.0 && fights.off_by < 25.0, "{fights:?}");
        assert!(Sizes::of([]).fights(&[2.0]).off_by > 0.3 * 2.0 * USUAL_FIGHTS_PER_HOUR);
    }

    #[test]
    fn the_more_reports_are_here_the_less_is_unsure() {
        let width = |known: usize| {
            let sizes = Sizes::of((0..known).map(|number| size(1.0, 60_000 + 40_000 * (number as u64 % 3))));
            let pages = sizes.pages("damage", &[1.0; 30]);
            pages.off_by / pages.mean
        };
        let widths = [0, 1, 3, 12, 48].map(width);
        assert!(widths.windows(2).all(|pair| pair[1] < pair[0]), "{widths:?}");
        assert!(widths[0] > 0.4 && widths[4] < 0.1, "{widths:?}");
    }

    #[test]
    fn few_reports_that_happen_to_be_alike_do_not_make_it_look_sure() {
        let (few, many) = (Sizes::of(vec![size(1.0, 60_000); 2]), Sizes::of(vec![size(1.0, 60_000); 98]));
        assert!((few.caution() - 1.5).abs() < 1e-9 && (many.caution() - 1.02).abs() < 1e-9);
        let [few, many] = [few, many].map(|sizes| sizes.pages("damage", &[1.0; 30]).off_by);
        assert!(few > 3.0 * many, "{few} {many}");
    }

    #[test]
    fn bytes_are_those_of_the_lines_that_are_here_and_of_the_files_beside_them() {
        let sizes = Sizes::of([size(1.0, 10_000), size(2.0, 20_000)]);
        let bytes = sizes.bytes(&["damage"], &[1.0, 1.0], false);
        assert!((bytes.mean - (2.0 * 200.0 * 10_000.0 + 2_000.0)).abs() < 1.0, "{bytes:?}");
        let with_resources = sizes.bytes(&["damage"], &[1.0, 1.0], true);
        assert!((with_resources.mean - (1.7 * 2.0 * 200.0 * 10_000.0 + 2_000.0)).abs() < 1.0, "{with_resources:?}");
        let unknown = Sizes::of([]).bytes(&["damage"], &[1.0], false);
        assert!(unknown.mean > 5e6 && unknown.off_by > 0.4 * unknown.mean, "{unknown:?}");
    }
}
