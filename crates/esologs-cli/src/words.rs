//! Numbers, times and foreign texts as people read them.

use std::path::Path;
use std::time::Duration;

use esologs::pull::Target;
use esologs::{Points, UnixMillis};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `1234567` as `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 report`, `2 reports`, `1,000 reports`.
pub(crate) fn of(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number as u64), if number == 1 { one } else { many })
}

/// Points without their fractions: `18,000`.
pub(crate) fn points(points: Points) -> String {
    count(points.get().round().max(0.0) as u64)
}

/// `0.4 s`, `12 s`, `3 min 5 s`, `1 h 10 min`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        _ if duration < Duration::from_secs(10) => format!("{:.1} s", duration.as_secs_f64()),
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// `k7mfhPdY36RfANY2  2026-03-02  Dreadsail Reef weekly`; only the code where nothing else is known of the report.
pub(crate) fn report(code: &str, start: Option<UnixMillis>, title_of_it: &str) -> String {
    match start {
        None if title_of_it.is_empty() => title(code),
        _ => format!("{}  {}  {}", title(code), start.map_or_else(|| "????-??-??".to_owned(), day), title(title_of_it)),
    }
}

/// The day, in the time zone of this machine: `2026-03-02`.
pub(crate) fn day(moment: UnixMillis) -> String {
    zoned(moment).map_or_else(|| "????-??-??".to_owned(), |zoned| zoned.strftime("%Y-%m-%d").to_string())
}

/// The time of day, in the time zone of this machine: `20:05:00`.
pub(crate) fn time_of_day(moment: UnixMillis) -> String {
    zoned(moment).map_or_else(|| "??:??:??".to_owned(), |zoned| zoned.strftime("%H:%M:%S").to_string())
}

/// A length of time that is not known to the second: `20 s`, `42 min`, `5 h`, `1 h 10 min`, `2 days 3 h`.
pub(crate) fn about(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let two = |large: u64, large_name: &str, small: u64, small_name: &str| match small {
        0 => format!("{large} {large_name}"),
        small => format!("{large} {large_name} {small} {small_name}"),
    };
    match seconds {
        0..90 => format!("{seconds} s"),
        90..3_570 => format!("{} min", (seconds + 30) / 60),
        3_570..86_400 => two((seconds + 30) / 3_600, "h", (seconds + 30) % 3_600 / 60, "min"),
        _ => two(seconds / 86_400, if seconds < 172_800 { "day" } else { "days" }, seconds % 86_400 / 3_600, "h"),
    }
}

/// A moment to come, with its day where it is not within a day: `15:12`, `2026-03-02 15:12`.
pub(crate) fn clock(moment: UnixMillis, now: UnixMillis) -> String {
    let form = if moment.since(now) < Duration::from_secs(20 * 3_600) { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    zoned(moment).map_or_else(|| "??:??".to_owned(), |zoned| zoned.strftime(form).to_string())
}

/// `812 B`, `3.4 kB`, `56 MB`, `1.2 GB`.
pub(crate) fn bytes(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, "B");
    for larger in ["kB", "MB", "GB", "TB"] {
        if value < 1_000.0 {
            break;
        }
        (value, unit) = (value / 1_000.0, larger);
    }
    if unit == "B" || value >= 10.0 { format!("{value:.0} {unit}") } else { format!("{value:.1} {unit}") }
}

/// A moment to come: `at 20:05:00 (in 42 min 3 s)`.
pub(crate) fn moment_ahead(moment: UnixMillis, now: UnixMillis) -> String {
    format!("at {} (in {})", time_of_day(moment), duration(moment.since(now)))
}

fn zoned(moment: UnixMillis) -> Option<jiff::Zoned> {
    Some(Timestamp::from_millisecond(moment.get()).ok()?.to_zoned(TimeZone::system()))
}

/// The most characters of a title or a name that are shown.
const LONGEST_TITLE: usize = 60;

/// A text of the service without what could steer a terminal, turn the order of letters around, or hide.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).map(|c| if breaks_lines(c) { ' ' } else { c }).collect()
}

/// A title or a name from the service, plain and not too long for a line.
pub(crate) fn title(text: &str) -> String {
    cut(&plain(text), LONGEST_TITLE)
}

/// `Lanterns of Emberwatch (guild 3468)`, `user 21`, `named reports`
pub(crate) fn target(target: Target, name: &str) -> String {
    if name.is_empty() { target.to_string() } else { format!("{} ({target})", title(name)) }
}

/// A path without what could steer a terminal.
pub(crate) fn path(path: &Path) -> String {
    plain(&path.to_string_lossy())
}

/// At most so many characters; where some are left out, `…` stands for them.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let begin: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", begin.trim_end())
}

/// Control characters, and the two separators that Unicode has beside the line feed.
fn breaks_lines(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Characters that show nothing but change what is shown around them: marks and overrides of the direction of writing,
/// joiners and spaces without width, soft hyphens, tags.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let shown = [0, 999, 1_000, 12_345, 1_234_567].map(count);
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!(of(1, "report", "reports"), "1 report");
        assert_eq!(of(0, "report", "reports"), "0 reports");
    }

    #[test]
    fn a_report_of_which_nothing_is_known_is_named_by_its_code_alone() {
        assert_eq!(report("k7mfhPdY36RfANY2", None, ""), "k7mfhPdY36RfANY2");
        let start = Some(UnixMillis::new(1_772_409_600_000));
        assert!(report("k7mfhPdY36RfANY2", start, "Rockgrove").ends_with("  Rockgrove"));
        assert_eq!(report("k7mfhPdY36RfANY2", None, "Rockgrove"), "k7mfhPdY36RfANY2  ????-??-??  Rockgrove");
    }

    #[test]
    fn durations_are_as_exact_as_they_are_of_use() {
        let shown = [0.04, 9.94, 59.9, 61.0, 4205.0].map(|seconds| duration(Duration::from_secs_f64(seconds)));
        assert_eq!(shown, ["0.0 s", "9.9 s", "59 s", "1 min 1 s", "1 h 10 min"]);
    }

    #[test]
    fn lengths_of_time_that_are_not_known_well_are_told_without_their_seconds() {
        let shown = [0, 89, 90, 2_519, 3_599, 4_205, 18_000, 90_000, 180_000].map(|seconds| about(Duration::from_secs(seconds)));
        assert_eq!(shown, ["0 s", "89 s", "2 min", "42 min", "1 h", "1 h 10 min", "5 h", "1 day 1 h", "2 days 2 h"]);
    }

    #[test]
    fn bytes_are_told_in_their_largest_unit() {
        assert_eq!([0, 999, 3_400, 56_100_000, 1_234_000_000].map(bytes), ["0 B", "999 B", "3.4 kB", "56 MB", "1.2 GB"]);
    }

    #[test]
    fn a_title_cannot_steer_the_terminal() {
        assert_eq!(plain("Rock\u{1b}[2Jgrove\n"), "Rock [2Jgrove ");
        assert_eq!(plain("a\u{2028}b\u{9b}c"), "a b c");
    }

    #[test]
    fn a_title_cannot_turn_letters_around_or_hide_some() {
        for c in ['\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{200e}', '\u{200f}', '\u{200b}', '\u{feff}', '\u{61c}'] {
            assert_eq!(plain(&format!("Rock{c}grove")), "Rockgrove", "{c:?}");
        }
        assert_eq!(plain("Зал воспоминаний – ロックグローブ"), "Зал воспоминаний – ロックグローブ");
    }

    #[test]
    fn a_long_title_is_cut_between_characters() {
        assert_eq!(title(&"ß".repeat(60)), "ß".repeat(60));
        assert_eq!(title(&"ß".repeat(61)), format!("{}…", "ß".repeat(59)));
        assert_eq!(cut("one two", 5), "one…");
    }
}
