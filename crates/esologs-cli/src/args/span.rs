//! A length of time: `1h`, `10s`, `90 min`.

use std::time::Duration;

use jiff::SignedDuration;

pub(super) fn read_span(text: &str) -> Result<Duration, String> {
    let refuse = || format!("'{text}' is not a length of time: expected something like 10s, 5 min or 1h");
    let span: SignedDuration = text.trim().parse().map_err(|_| refuse())?;
    match Duration::try_from(span) {
        Ok(span) if span >= Duration::from_millis(1) => Ok(span),
        _ => Err(refuse()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let read = ["10s", "1h", "5 min", "1h 30m", "250ms"].map(|text| read_span(text).unwrap().as_millis());
        assert_eq!(read, [10_000, 3_600_000, 300_000, 5_400_000, 250]);
    }

    #[test]
    fn nothing_and_less_than_nothing_are_refused() {
        for wrong in ["0s", "-5s", "10", "soon", ""] {
            assert!(read_span(wrong).unwrap_err().contains("is not a length of time"), "{wrong}");
        }
    }
}
