//! Cursors in the journal: to the last bit, since an event may stand at the very time that a cursor names.
//!
//! A whole number is written as one. A fraction is written as a string: JSON numbers are read with an error in the last bit at
//! times (serde_json, without `float_roundtrip`), numbers in strings are not.

use serde::{Deserialize, Deserializer, Serializer};

use crate::units::ReportTime;

pub(super) fn serialize<S: Serializer>(time: &ReportTime, serializer: S) -> Result<S::Ok, S::Error> {
    let millis = time.get();
    if millis.fract() == 0.0 && millis.abs() < 9.0e15 {
        serializer.serialize_i64(millis as i64)
    } else {
        serializer.serialize_str(&millis.to_string())
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ReportTime, D::Error> {
    ReportTime::deserialize(deserializer)
}

pub(super) mod maybe {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(time: &Option<ReportTime>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::serialize(time, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ReportTime>, D::Error> {
        Option::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Cursor {
        #[serde(with = "super")]
        start: ReportTime,
        #[serde(with = "super::maybe")]
        next: Option<ReportTime>,
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_to_the_last_bit(millis in 0.0..1e9_f64, next in proptest::option::of(0.0..1e9_f64)) {
            let json = serde_json::to_string(&Cursor { start: ReportTime::new(millis), next: next.map(ReportTime::new) }).unwrap();
            let read: Cursor = serde_json::from_str(&json).unwrap();
            prop_assert_eq!((read.start.get().to_bits(), read.next.map(|it| it.get().to_bits())), (millis.to_bits(), next.map(f64::to_bits)));
        }
    }

    #[test]
    fn a_whole_cursor_is_written_as_a_number() {
        let json = serde_json::to_string(&Cursor { start: ReportTime::ZERO, next: None }).unwrap();
        assert_eq!(json, r#"{"start":0,"next":null}"#);
    }
}
