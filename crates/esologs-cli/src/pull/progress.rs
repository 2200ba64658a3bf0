//! How far a pull is, in a line.

use std::ops::RangeInclusive;
use std::time::Duration;

use esologs::pull::PullEvent;
use esologs::{Event, PointsSeen, UnixMillis};

use crate::waits::{Wait, Waits};
use crate::words;

/// Where the latest end is so many times further away than the earliest, the middle between them tells nothing. Of what may be
/// over within some minutes that is not said: the earliest end comes near before anything else is known.
const FAR_APART: u32 = 8;
const SOON: Duration = Duration::from_secs(300);

/// How far the pull is.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    /// Reports in the list; `None` while it is being read.
    pub(super) total: Option<usize>,
    /// Reports done, those of earlier pulls included.
    pub(super) done: usize,
    /// Events fetched by this run.
    events: u64,
    points: Option<PointsSeen>,
    /// When all is done, at the earliest and at the latest.
    done_at: Option<RangeInclusive<UnixMillis>>,
    waits: Waits,
}

impl Progress {
    pub(super) fn note_pull(&mut self, event: &PullEvent<'_>) {
        match event {
            PullEvent::Listed { reports, already_here, .. } => {
                self.total = Some(*reports);
                self.done = *already_here;
            }
            PullEvent::PageWritten { events, .. } => self.events += events,
            PullEvent::ReportDone { done, .. } => self.done = *done,
            PullEvent::Forecast { left, .. } => self.done_at = left.done_at.clone(),
            _ => {}
        }
    }

    pub(super) fn note_call(&mut self, event: &Event<'_>, now: UnixMillis) {
        self.waits.note(event, now);
    }

    pub(super) fn note_points(&mut self, points: Option<PointsSeen>) {
        self.points = points;
    }

    /// Forgets the waits that are over.
    pub(super) fn pass_time(&mut self, now: UnixMillis) {
        self.waits.pass_time(now);
    }

    /// The waits that have become news.
    pub(super) fn new_waits(&mut self, now: UnixMillis) -> Vec<Wait> {
        self.waits.news(now)
    }

    /// `123,456 events, about 31 points`
    pub(super) fn counts(&self) -> String {
        let mut text = format!("{} events", words::count(self.events));
        if let Some(points) = &self.points {
            text.push_str(&format!(", about {} points", words::points(points.spent_by_us_about)));
        }
        text
    }

    /// `about 42 min left, until 15:12`; or `3 min to 9 h left`, where that is not known any better.
    pub(super) fn left(&self, now: UnixMillis) -> Option<String> {
        let range = self.done_at.as_ref()?;
        let done_at = Some(middle(range)).filter(|done_at| *done_at > now && self.total > Some(self.done))?;
        let (least, most) = (range.start().since(now), range.end().since(now));
        if most > FAR_APART * least.max(SOON) {
            return Some(format!("{} to {} left", words::about(least), words::about(most)));
        }
        Some(format!("about {} left, until {}", words::about(done_at.since(now)), words::clock(done_at, now)))
    }

    /// The longest of the present waits: `waiting for new points until 20:05:00 (42 min 3 s)`
    pub(super) fn wait(&self, now: UnixMillis) -> Option<String> {
        self.waits.longest(now).map(|wait| wait.words(now))
    }

    /// The whole line: `3 of 12 reports, 123,456 events, …; waiting for …`
    pub(super) fn line(&self, now: UnixMillis) -> String {
        let done = match self.total {
            Some(total) => format!("{} of {}", self.done, words::of(total, "report", "reports")),
            None => "reading the list of reports".to_owned(),
        };
        let wait = self.wait(now).map(|wait| format!("; {wait}")).unwrap_or_default();
        let left = self.left(now).map(|left| format!(", {left}")).unwrap_or_default();
        format!("{done}, {}{left}{wait}", self.counts())
    }
}

fn middle(range: &RangeInclusive<UnixMillis>) -> UnixMillis {
    range.start().plus(range.end().since(*range.start()) / 2)
}

#[cfg(test)]
pub(super) mod tests {
    use esologs::WaitReason;

    use super::*;
    use crate::pull::json;

    pub(in crate::pull) const NOW: UnixMillis = UnixMillis::new(1_795_000_000_000);
    const LEFT: Duration = Duration::from_secs(723);

    /// A pull in which one call waits for points and another for its turn after a failure.
    pub(in crate::pull) fn waiting_for_points() -> Progress {
        let mut progress = Progress { total: Some(12), done: 3, events: 123_456, ..Progress::default() };
        progress.waits.begin(7, Wait::new("ReportEvents", WaitReason::Points, (LEFT, NOW.plus(LEFT)), 3, NOW));
        let soon = Duration::from_secs(4);
        progress.waits.begin(8, Wait::new("Report", WaitReason::Backoff, (soon, NOW.plus(soon)), 1, NOW));
        progress
    }

    /// The time of day depends on where the machine is.
    pub(in crate::pull) fn at_home(text: &str) -> String {
        text.replace(&words::time_of_day(NOW.plus(LEFT)), "15:00:02")
    }

    #[test]
    fn a_line_of_a_log_tells_the_reason_until_when_and_how_many_are_in_line() {
        let mut progress = waiting_for_points();
        let of_the_wait = progress.new_waits(NOW)[0].words(NOW);
        insta::assert_snapshot!(at_home(&format!("{of_the_wait}\n{}", progress.line(NOW))), @r"
        waiting for new points until 15:00:02 (12 min 3 s), 3 calls in line
        3 of 12 reports, 123,456 events; waiting for new points until 15:00:02 (12 min 3 s), 3 calls in line
        ");
    }

    #[test]
    fn an_event_tells_the_reason_until_when_and_how_many_are_in_line() {
        let waits = waiting_for_points().new_waits(NOW);
        insta::assert_snapshot!(json::line("waiting", NOW, &json::waiting(&waits[0])).unwrap(), @r#"{"event":"waiting","at_unix_ms":1795000000000,"operation":"ReportEvents","reason":"points","delay_ms":723000,"until_unix_ms":1795000723000,"queued":3}"#);
    }

    #[test]
    fn what_is_left_is_told_until_the_last_report_is_done() {
        let now = UnixMillis::new(1_790_000_000_000);
        let minutes = |minutes: i64| UnixMillis::new(now.get() + minutes * 60_000);
        let mut progress = Progress { total: Some(3), done: 1, ..Progress::default() };
        assert_eq!(progress.left(now), None, "nothing is known yet");

        progress.done_at = Some(minutes(30)..=minutes(54));

        let left = progress.left(now).unwrap();
        assert!(left.starts_with("about 42 min left, until "), "{left}");
        assert!(progress.line(now).contains(&left), "{}", progress.line(now));
        assert!(progress.left(minutes(30)).unwrap().starts_with("about 12 min left, until "), "the earliest end is past");
        assert_eq!(progress.left(minutes(42)), None, "it takes longer than thought");
        progress.done = 3;
        assert_eq!(progress.left(now), None);
    }

    #[test]
    fn an_end_that_may_be_near_or_far_is_not_told_by_the_middle() {
        let now = UnixMillis::new(1_790_000_000_000);
        let minutes = |minutes: i64| UnixMillis::new(now.get() + minutes * 60_000);
        let left = |low, high| {
            let done_at = Some(minutes(low)..=minutes(high));
            Progress { total: Some(3), done: 1, done_at, ..Progress::default() }.left(now).unwrap()
        };

        assert_eq!(left(10, 540), "10 min to 9 h left");
        assert_eq!(left(1, 60), "60 s to 1 h left");
        assert!(left(1, 40).starts_with("about 21 min left, until "), "{}", left(1, 40));
        assert!(left(100, 800).starts_with("about 7 h 30 min left, until "), "{}", left(100, 800));
    }
}
