//! Units of the API: points, and its two kinds of milliseconds.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since 1970-01-01T00:00Z, as `startTime` and `endTime` of a report give them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(i64);

impl UnixMillis {
    /// The moment `millis` milliseconds after the start of 1970.
    #[must_use]
    pub const fn new(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the start of 1970.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The moment `duration` later; stays at the end of the range instead of wrapping.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for UnixMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for UnixMillis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for UnixMillis {
    /// Takes an integer, a float or either in a string: the schema says Float, the recorded answers hold integers.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = lenient_f64(deserializer)?;
        // Exact up to 2^53 ms, the year 287396.
        Ok(Self(number.round() as i64))
    }
}

/// Milliseconds since the start of a report, as fights and events give them. A Float in the schema.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct ReportTime(f64);

impl ReportTime {
    /// The start of the report.
    pub const ZERO: Self = Self(0.0);

    /// The moment `millis` milliseconds after the start of the report.
    #[must_use]
    pub const fn new(millis: f64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the start of the report.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for ReportTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for ReportTime {
    /// A whole number is written as one (`264591`, not `264591.0`), as most of the API's answers do.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_f64(self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for ReportTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient_f64(deserializer).map(Self)
    }
}

/// Points of the API's hourly budget. Fractional: a small query costs about 1.2.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Points(f64);

impl Points {
    /// `points` points.
    #[must_use]
    pub const fn new(points: f64) -> Self {
        Self(points)
    }

    /// The number of points.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Points {
    /// With at most one digit after the point: `3.5`, `18000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        write!(f, "{tenths}")
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_f64(self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient_f64(deserializer).map(Self)
    }
}

/// Writes a whole float as an integer, any other as the shortest decimal that reads back the same.
pub(crate) fn serialize_f64<S: Serializer>(value: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() < 9.0e15 {
        serializer.serialize_i64(value as i64)
    } else {
        serializer.serialize_f64(value)
    }
}

/// A number, or a number in a string (`"cp":"160"`: the API does both, for the same fields).
pub(crate) fn lenient_f64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    struct Lenient;
    impl serde::de::Visitor<'_> for Lenient {
        type Value = f64;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number")
        }
        fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
            Ok(value)
        }
        fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
            Ok(value as f64)
        }
        fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
            Ok(value as f64)
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<f64, E> {
            match text.trim().parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(value),
                _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
            }
        }
    }
    deserializer.deserialize_any(Lenient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_from_integers_floats_and_strings() {
        for text in ["264591", "264591.0", "\"264591\""] {
            let time: ReportTime = serde_json::from_str(text).unwrap();
            assert_eq!(time, ReportTime::new(264_591.0), "{text}");
        }
        assert!(serde_json::from_str::<ReportTime>("\"soon\"").is_err());
    }

    #[test]
    fn a_whole_time_is_written_as_an_integer_and_a_fraction_keeps_its_digits() {
        assert_eq!(serde_json::to_string(&ReportTime::new(264_591.0)).unwrap(), "264591");
        assert_eq!(serde_json::to_string(&ReportTime::new(0.125)).unwrap(), "0.125");
    }

    #[test]
    fn a_moment_far_in_the_future_does_not_wrap() {
        assert_eq!(UnixMillis::new(i64::MAX).plus(Duration::from_secs(1)).get(), i64::MAX);
        assert_eq!(UnixMillis::new(0).since(UnixMillis::new(5)), Duration::ZERO);
    }
}
