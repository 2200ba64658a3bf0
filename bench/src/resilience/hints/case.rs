//! Answers with `Retry-After`: made from what they mean, so that no parser is needed to know it.

use std::time::Duration;

use fastrand::Rng;

/// Ten years: what is longer is cut to that.
const LONGEST_S: i64 = 10 * 365 * 24 * 3600;

/// What the service asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Asked {
    /// To be left alone for so long after its answer.
    Wait(Duration),
    /// To be left alone until this moment, in seconds since 1970, by the client's own clock.
    Until(i64),
    /// Nothing that can be understood.
    Nothing,
    /// Something after an accident: it may or may not be understood.
    Anything,
}

/// A first answer, and the time that the call has.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) asked: Asked,
    /// Total time for the call; `None` for a patient one.
    pub(crate) deadline: Option<Duration>,
}

impl Case {
    /// One case of each kind in turn; `now` is about the moment at which it is played, in seconds since 1970.
    pub(crate) fn number(index: u32, now: i64, rng: &mut Rng) -> Self {
        let seconds = some_seconds(rng);
        let wait = |seconds: i64| Asked::Wait(Duration::from_secs(seconds.clamp(0, LONGEST_S) as u64));
        let retry_after = |value: String| vec![("retry-after", value)];
        let (headers, asked) = match index % 8 {
            0 => (retry_after(padded(seconds.to_string(), rng)), wait(seconds)),
            // A date against the answer's own, with a clock that is wrong by up to two days.
            1 | 2 => {
                let theirs = now + rng.i64(-172_800..172_800);
                let headers = vec![("retry-after", date(theirs + seconds, rng)), ("date", date(theirs, rng))];
                (headers, wait(seconds))
            }
            // A date alone.
            3 => (retry_after(date(now + seconds, rng)), Asked::Until(now + seconds)),
            4 => (retry_after(huge(rng)), wait(LONGEST_S)),
            5 => (retry_after(GARBAGE[rng.usize(..GARBAGE.len())].to_owned()), Asked::Nothing),
            6 => {
                let headers = vec![("retry-after", "5".to_owned()), ("retry-after", (6 + seconds.max(0)).to_string())];
                (headers, Asked::Nothing)
            }
            _ => {
                let value = if rng.bool() { seconds.to_string() } else { date(now + seconds, rng) };
                let value = after_an_accident(&value, rng);
                let asked = meaning(&value).map_or(Asked::Anything, |seconds| wait(seconds.min(LONGEST_S)));
                (retry_after(value), asked)
            }
        };
        let deadline = (rng.u32(..4) > 0).then(|| Duration::from_millis(rng.u64(1_000..90_000)));
        Self { status: if rng.bool() { 429 } else { 503 }, headers, asked, deadline }
    }
}

const GARBAGE: [&str; 12] = [
    "",
    "soon",
    "1.5",
    "1e3",
    "0x10",
    "10 s",
    "+",
    "--5",
    "Sun, 99 Nov 2094 08:49:37 GMT",
    "2026-09-22T13:33:20Z",
    "Tue, 22 Sep 2026",
    "NaN",
];

/// Mostly what a call can wait for; at times nothing, the past, or far too long.
fn some_seconds(rng: &mut Rng) -> i64 {
    match rng.u32(..10) {
        0 => 0,
        1 => -rng.i64(1..100_000),
        2 => rng.i64(100..10_000),
        3 => rng.i64(10_000..100_000_000),
        _ => rng.i64(1..60),
    }
}

fn padded(value: String, rng: &mut Rng) -> String {
    if rng.u32(..4) == 0 { format!(" {value}  ") } else { value }
}

fn huge(rng: &mut Rng) -> String {
    match rng.u32(..4) {
        0 => u64::MAX.to_string(),
        1 => "9".repeat(rng.usize(20..60)),
        2 => rng.u64(LONGEST_S as u64..u64::MAX).to_string(),
        _ => "Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
    }
}

/// One character changed, lost, or too many.
fn after_an_accident(value: &str, rng: &mut Rng) -> String {
    let mut bytes = value.as_bytes().to_vec();
    let at = rng.usize(..bytes.len());
    match rng.u32(..3) {
        0 => bytes[at] = rng.u8(b' '..=b'~'),
        1 => drop(bytes.remove(at)),
        _ => bytes.insert(at, rng.u8(b' '..=b'~')),
    }
    String::from_utf8(bytes).expect("ASCII")
}

/// Seconds, where it is nothing but digits.
fn meaning(value: &str) -> Option<i64> {
    let value = value.trim();
    (!value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())).then(|| value.parse().unwrap_or(LONGEST_S))
}

/// A date in one of the three forms of RFC 9110, 5.6.7.
fn date(unix: i64, rng: &mut Rng) -> String {
    const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, second) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
    let (name, time) =
        (DAYS[days.rem_euclid(7) as usize], format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60));
    let (year, month, day) = civil(days);
    let month = MONTHS[month as usize - 1];
    match rng.u32(..3) {
        0 => format!("{}, {day:02} {month} {year} {time} GMT", &name[..3]),
        1 => format!("{name}, {day:02}-{month}-{:02} {time} GMT", year % 100),
        _ => format!("{} {month} {day:2} {time} {year}", &name[..3]),
    }
}

/// Year, month and day of a day since 1970 (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar_in_all_three_forms() {
        let mut rng = Rng::with_seed(1);
        let forms: std::collections::BTreeSet<String> = (0..50).map(|_| date(784_111_777, &mut rng)).collect();
        let expected = ["Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"];
        assert!(forms.iter().map(String::as_str).eq(expected), "{forms:?}");
        assert_eq!(civil(20_512), (2026, 2, 28));
        assert_eq!(civil(20_513), (2026, 3, 1));
    }
}
