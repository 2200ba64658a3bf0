//! The waits of calls, and which of them are news to people.

use std::collections::BTreeMap;
use std::time::Duration;

use esologs::{Event, UnixMillis, WaitReason};

use crate::words;

/// Our own pace of requests is fractions of a second and no news until a wait for it is as long as this.
const PACE_IS_NEWS: Duration = Duration::from_secs(10);
/// How long others hold points is not known before: such a wait is news once it has lasted for so long, and may last for as
/// long again.
const SETTLING_IS_NEWS: Duration = Duration::from_secs(2);

/// A call waits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wait {
    pub(crate) operation: String,
    pub(crate) reason: WaitReason,
    /// For how long, at most.
    pub(crate) delay: Duration,
    pub(crate) until: UnixMillis,
    /// Calls in the same line, this one included.
    pub(crate) queued: usize,
    since: UnixMillis,
    is_told: bool,
}

impl Wait {
    pub(crate) fn new(
        operation: &str,
        reason: WaitReason,
        bounds: (Duration, UnixMillis),
        queued: usize,
        now: UnixMillis,
    ) -> Self {
        let (delay, until) = bounds;
        Self { operation: operation.to_owned(), reason, delay, until, queued, since: now, is_told: false }
    }

    fn is_news(&self, now: UnixMillis) -> bool {
        match self.reason {
            WaitReason::RequestRate => self.delay >= PACE_IS_NEWS,
            WaitReason::Settling => now.since(self.since).min(self.until.since(now)) >= SETTLING_IS_NEWS,
            _ => true,
        }
    }

    /// `waiting for new points until 15:00:02 (12 min 3 s), 3 calls in line`
    pub(crate) fn words(&self, now: UnixMillis) -> String {
        let (until, left) = (words::time_of_day(self.until), words::duration(self.until.since(now)));
        // Others may be done at any moment.
        let at_the_latest = if self.reason == WaitReason::Settling { " at the latest" } else { "" };
        let line = if self.queued > 1 { format!(", {} calls in line", words::count(self.queued as u64)) } else { String::new() };
        format!("waiting for {} until {until}{at_the_latest} ({left}){line}", self.reason.words())
    }
}

/// The waits that go on, by the number of their calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waits(BTreeMap<u64, Wait>);

impl Waits {
    /// A wait begins, or something else happens to the call: then its wait is over.
    pub(crate) fn note(&mut self, event: &Event<'_>, now: UnixMillis) {
        match event {
            Event::Waiting { call, operation, reason, delay, until, queued, .. } => {
                self.begin(*call, Wait::new(operation, *reason, (*delay, *until), *queued, now));
            }
            Event::AttemptStarted { call, .. }
            | Event::AttemptFailed { call, .. }
            | Event::TokenRequested { call, .. }
            | Event::Answered { call, .. }
            | Event::GaveUp { call, .. }
            | Event::Cancelled { call, .. } => self.end(*call),
            _ => {}
        }
    }

    pub(crate) fn begin(&mut self, call: u64, wait: Wait) {
        self.0.insert(call, wait);
    }

    fn end(&mut self, call: u64) {
        self.0.remove(&call);
    }

    /// Forgets the waits that are over.
    pub(crate) fn pass_time(&mut self, now: UnixMillis) {
        self.0.retain(|_, wait| wait.until > now);
    }

    /// Those that are news now and were not told before.
    pub(crate) fn news(&mut self, now: UnixMillis) -> Vec<Wait> {
        let untold = self.0.values_mut().filter(|wait| !wait.is_told && wait.is_news(now));
        untold
            .map(|wait| {
                wait.is_told = true;
                wait.clone()
            })
            .collect()
    }

    /// The longest of those that are news.
    pub(crate) fn longest(&self, now: UnixMillis) -> Option<&Wait> {
        self.0.values().filter(|wait| wait.is_news(now)).max_by_key(|wait| wait.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis::new(1_795_000_000_000);

    fn wait(reason: WaitReason, delay: Duration, queued: usize) -> Wait {
        Wait::new("ReportEvents", reason, (delay, NOW.plus(delay)), queued, NOW)
    }

    fn told(waits: &mut Waits, now: UnixMillis) -> Vec<u64> {
        waits.news(now).iter().map(|wait| wait.delay.as_secs()).collect()
    }

    #[test]
    fn a_wait_is_told_once_and_shown_until_something_happens_to_its_call() {
        let mut waits = Waits::default();
        waits.begin(1, wait(WaitReason::Points, Duration::from_secs(723), 1));
        waits.begin(2, wait(WaitReason::Backoff, Duration::from_secs(5), 1));

        assert_eq!(told(&mut waits, NOW), [723, 5]);
        assert_eq!(told(&mut waits, NOW), [0; 0]);
        assert_eq!(waits.longest(NOW).unwrap().delay.as_secs(), 723);
        waits.end(1);
        assert_eq!(waits.longest(NOW).unwrap().delay.as_secs(), 5);
        waits.pass_time(NOW.plus(Duration::from_secs(5)));
        assert_eq!(waits.longest(NOW), None);
    }

    #[test]
    fn our_own_pace_and_calls_that_are_soon_over_are_no_news() {
        let mut waits = Waits::default();
        waits.begin(1, wait(WaitReason::RequestRate, Duration::from_secs(9), 1));
        waits.begin(2, wait(WaitReason::Settling, Duration::from_secs(150), 1));
        waits.begin(3, wait(WaitReason::Settling, Duration::from_secs(3), 1));

        assert_eq!(told(&mut waits, NOW.plus(Duration::from_millis(1_999))), [0; 0]);
        assert_eq!(told(&mut waits, NOW.plus(Duration::from_secs(2))), [150], "a second is left of the other");
    }
}
