//! What of a report is there at one moment: all of a finished one, a growing part of a live one.

use super::model::{Access, Fight, Report, ReportView};

/// A live report grows by one segment of this length at a time, as the uploader sends them.
pub const SEGMENT_MS: i64 = 20_000;

impl Report {
    /// The report as it stands at `now_unix_ms`.
    ///
    /// A finished, archived or private report is all there at any time. A live one shows whole segments of 20 s; with every
    /// segment its end, `revision` and `segments` grow. Once its end is past it stands still.
    #[must_use]
    pub fn view(&self, now_unix_ms: i64) -> ReportView {
        let length = self.end_unix_ms - self.start_unix_ms;
        let uploaded = if self.access == Access::Live { (now_unix_ms - self.start_unix_ms).clamp(0, length) } else { length };
        if uploaded == length {
            return self.view_until(length, self.segments);
        }
        let segments = uploaded / SEGMENT_MS;
        self.view_until(segments * SEGMENT_MS, segments)
    }

    fn view_until(&self, until: i64, segments: i64) -> ReportView {
        ReportView {
            until,
            end_unix_ms: self.start_unix_ms + until,
            revision: if self.access == Access::Live { segments } else { self.revision },
            segments,
            fights: self.fights.iter().take_while(|fight| fight.start <= until).count(),
        }
    }
}

impl ReportView {
    /// The fights that have begun, in the API's order.
    #[must_use]
    pub fn fights<'a>(&self, report: &'a Report) -> &'a [Fight] {
        &report.fights[..self.fights.min(report.fights.len())]
    }

    /// Whether the fight has begun but its end is not uploaded yet.
    #[must_use]
    pub fn in_progress(&self, fight: &Fight) -> bool {
        fight.end > self.until
    }

    /// The fight's end as far as it is known: its own, or the end of what is uploaded.
    #[must_use]
    pub fn fight_end(&self, fight: &Fight) -> i64 {
        fight.end.min(self.until)
    }
}
