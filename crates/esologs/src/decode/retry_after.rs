//! The `Retry-After` header: seconds, or one of three forms of a date (RFC 9110, 10.2.3 and 5.6.7).

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

use crate::units::UnixMillis;

/// Ten years: what a number too large to mean anything is cut to.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// How long the server asks us to wait. `None` where it does not say, says two different things, or cannot be understood.
///
/// A date is read against the answer's own `Date`, so that a wrong clock on either side does not matter; without one,
/// against `now`. A date in the past and a negative number are zero.
pub(crate) fn retry_after(headers: &HeaderMap, now: UnixMillis) -> Option<Duration> {
    let mut values = headers.get_all(RETRY_AFTER).iter().map(|value| value.to_str().ok().map(str::trim));
    let first = values.next()??;
    if values.any(|other| other != Some(first)) {
        return None;
    }
    seconds(first).or_else(|| {
        let until = unix_millis(httpdate::parse_http_date(first).ok()?);
        let from = headers
            .get(DATE)
            .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?.trim()).ok())
            .map_or(now, unix_millis);
        Some(until.since(from).min(LONGEST))
    })
}

fn seconds(text: &str) -> Option<Duration> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if negative {
        return Some(Duration::ZERO);
    }
    // Only a number beyond u64 fails here.
    Some(digits.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST))
}

fn unix_millis(time: SystemTime) -> UnixMillis {
    UnixMillis::new(0).plus(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT
    const MOMENT: UnixMillis = UnixMillis::new(784_111_777_000);

    fn read(values: &[&str], date: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
        }
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        retry_after(&headers, MOMENT)
    }

    #[test]
    fn seconds_are_read_and_cut_at_ten_years() {
        assert_eq!(read(&["120"], None), Some(Duration::from_secs(120)));
        assert_eq!(read(&[" 7 "], None), Some(Duration::from_secs(7)));
        assert_eq!(read(&["0"], None), Some(Duration::ZERO));
        assert_eq!(read(&["-3"], None), Some(Duration::ZERO));
        assert_eq!(read(&["99999999999999999999999999"], None), Some(LONGEST));
        assert_eq!(LONGEST, Duration::from_secs(315_360_000), "ten years of 365 days");
    }

    #[test]
    fn all_three_forms_of_a_date_are_read_against_the_answers_own_date() {
        for date in ["Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994"] {
            assert_eq!(read(&[date], None), Some(Duration::from_secs(60)), "{date}");
            assert_eq!(read(&[date], Some("Sun, 06 Nov 1994 08:50:27 GMT")), Some(Duration::from_secs(10)), "{date}");
            assert_eq!(read(&[date], Some("Sun, 06 Nov 1994 09:50:27 GMT")), Some(Duration::ZERO), "past");
        }
    }

    #[test]
    fn what_cannot_be_understood_or_contradicts_itself_is_ignored() {
        for value in ["", "soon", "1.5", "12 s", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(read(&[value], None), None, "{value}");
        }
        assert_eq!(read(&["1", "2"], None), None);
        assert_eq!(read(&["2", "2"], None), Some(Duration::from_secs(2)));
        assert_eq!(read(&[], None), None);
    }
}
