//! How numbers are spelled in an answer.
//!
//! The API prints a `Float` whose value is whole as an integer (`"startTime": 936658`) and any other in its shortest form
//! (`"bossPercentage": 84.71`). The recorded reports show both in one object, so every writer of answers goes through here.

use serde_json::Number;

/// The largest whole number that every `f64` below it still tells from its neighbours (2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Spells a `Float` field as the API does: whole values as integers, others in their shortest form.
///
/// Values that JSON cannot hold (NaN, infinities) become `0`: the simulator has none, and an answer must stay valid JSON.
#[must_use]
pub fn number(value: f64) -> Number {
    if value.fract() == 0.0 && value.abs() <= EXACT {
        return Number::from(value as i64);
    }
    Number::from_f64(value).unwrap_or_else(|| Number::from(0))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn whole_floats_are_spelled_as_integers_and_others_in_their_shortest_form() {
        let spelled = |value: f64| number(value).to_string();

        assert_eq!(spelled(936_658.0), "936658");
        assert_eq!(spelled(84.71), "84.71");
        assert_eq!(spelled(0.01), "0.01");
        assert_eq!(spelled(-0.0), "0");
        assert_eq!(spelled(1_768_438_946_428.0), "1768438946428");
        assert_eq!(spelled(f64::NAN), "0");
    }
}
