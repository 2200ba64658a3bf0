//! Requests in a second: `5`, `0.5`, `off`.

use esologs::RateSettings;

/// How fast requests are begun.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rate {
    /// As they come.
    Off,
    /// In this pace.
    Paced(RateSettings),
}

pub(super) fn read_rate(text: &str) -> Result<Rate, String> {
    if text.trim() == "off" {
        return Ok(Rate::Off);
    }
    match text.trim().parse::<f64>() {
        // Less than one a minute, or more than anybody can send, is a slip.
        Ok(per_second) if (1.0 / 60.0..=10_000.0).contains(&per_second) => Ok(Rate::Paced(RateSettings::new(per_second))),
        _ => Err(format!("'{text}' is not a rate: expected requests in a second (5, 0.5; at most 10000) or 'off'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_allows_what_comes_in_two_seconds_at_once() {
        let bursts = ["5", "0.5", "0.1"].map(|text| match read_rate(text) {
            Ok(Rate::Paced(settings)) => (settings.per_second, settings.burst),
            other => panic!("{other:?}"),
        });
        assert_eq!(bursts, [(5.0, 10), (0.5, 1), (0.1, 1)]);
        assert_eq!(read_rate("5"), Ok(Rate::Paced(RateSettings::default())));
        assert_eq!(read_rate("off"), Ok(Rate::Off));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for wrong in ["0", "-1", "fast", "", "NaN", "inf", "1e9"] {
            assert!(read_rate(wrong).unwrap_err().contains("is not a rate"), "{wrong}");
        }
    }
}
