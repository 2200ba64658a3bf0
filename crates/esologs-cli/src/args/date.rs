//! A date as people write it: a day, a moment, or a time ago.

use esologs::{Clock, UnixMillis};
use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _, Zoned};

/// A moment that was given as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date(pub(crate) UnixMillis);

pub(crate) fn read_date(text: &str) -> Result<Date, String> {
    let now = Timestamp::from_millisecond(Clock::system().now().get()).map_err(|error| error.to_string())?;
    read_at(text, &now.to_zoned(TimeZone::system()))
}

/// The date in the time zone of `now`.
fn read_at(text: &str, now: &Zoned) -> Result<Date, String> {
    let text = text.trim();
    moment(text, now).map(|moment| Date(UnixMillis::new(moment.as_millisecond()))).ok_or_else(|| {
        format!("'{text}' is not a date: expected 2026-01-01, 2026-01-01T20:00:00Z, or a time ago such as 7d or '2 weeks ago'")
    })
}

fn moment(text: &str, now: &Zoned) -> Option<Timestamp> {
    match text.to_lowercase().as_str() {
        "now" => return Some(now.timestamp()),
        "today" => return Some(now.start_of_day().ok()?.timestamp()),
        "yesterday" => return Some(now.checked_sub(1.day()).ok()?.start_of_day().ok()?.timestamp()),
        _ => {}
    }
    // With a zone first: the part without one would be read as local time.
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let zone = now.time_zone().clone();
    if text.contains(['T', ' ', 't'])
        && let Ok(local) = text.parse::<DateTime>()
    {
        return Some(local.to_zoned(zone).ok()?.timestamp());
    }
    if let Ok(day) = text.parse::<civil::Date>() {
        return Some(day.to_zoned(zone).ok()?.timestamp());
    }
    // "-7d" may be meant as seven days ago or be a slip; a moment to come has no reports.
    let ago: Span = text.parse().ok().filter(|_| !text.starts_with(['-', '+']))?;
    Some(now.checked_sub(ago.abs()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let now: Zoned = "2026-11-23T16:30:00-05:00[-05:00]".parse().unwrap();
        read_at(text, &now).map(|date| Timestamp::from_millisecond(date.0.get()).unwrap().to_string())
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_own_time_zone() {
        assert_eq!(read("2026-01-01").unwrap(), "2026-01-01T05:00:00Z");
        assert_eq!(read("2026-01-01T20:00").unwrap(), "2026-01-02T01:00:00Z");
        assert_eq!(read("2026-01-01 20:00").unwrap(), "2026-01-02T01:00:00Z");
        assert_eq!(read("today").unwrap(), "2026-11-23T05:00:00Z");
        assert_eq!(read("yesterday").unwrap(), "2026-11-22T05:00:00Z");
    }

    #[test]
    fn a_moment_with_a_zone_is_taken_as_it_is() {
        assert_eq!(read("2026-01-01T20:00:00Z").unwrap(), "2026-01-01T20:00:00Z");
        assert_eq!(read("2026-01-01T20:00:00+02:00").unwrap(), "2026-01-01T18:00:00Z");
    }

    #[test]
    fn a_time_ago_is_counted_back_from_now() {
        assert_eq!(read("7d").unwrap(), "2026-11-16T21:30:00Z");
        assert_eq!(read("2 weeks ago").unwrap(), "2026-11-09T21:30:00Z");
        assert_eq!(read("36h").unwrap(), "2026-11-22T09:30:00Z");
        assert_eq!(read("3 months").unwrap(), "2026-08-23T21:30:00Z");
    }

    #[test]
    fn what_is_no_date_is_told_with_what_was_expected() {
        let expected =
            "'last raid' is not a date: expected 2026-01-01, 2026-01-01T20:00:00Z, or a time ago such as 7d or '2 weeks ago'";
        assert_eq!(read("last raid").unwrap_err(), expected);
        for wrong in ["2026-13-01", "01.02.2026", "", "12", "-7d", "+7d", "--until"] {
            assert!(read(wrong).unwrap_err().contains("is not a date"), "{wrong}");
        }
    }
}
