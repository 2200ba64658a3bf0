//! What the calls of a pull went through, counted.

use std::collections::BTreeMap;
use std::time::Duration;

use esologs::{Class, Event, WaitReason};

/// Counts of what happened inside the calls.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// Attempts made.
    pub(super) requests: u64,
    /// Attempts that failed, by class.
    pub(super) failed: BTreeMap<Class, u64>,
    /// Answers that a report is not for this key: no failure, and no repeat can change them.
    pub(super) refusals: u64,
    /// Failures that ended their call; the others were repeated.
    gave_up: u64,
    pub(super) waits: u64,
    /// All waits together; calls at the same time wait at the same time, so this can be more than the pull took.
    pub(super) waited: Duration,
    pub(super) longest_wait: Duration,
}

impl Tally {
    pub(super) fn count(&mut self, event: &Event<'_>) {
        match event {
            Event::AttemptStarted { .. } => self.requests += 1,
            // Not sent at all.
            Event::AttemptFailed { class: Class::BreakerOpen | Class::NoSlot, .. } => {}
            Event::AttemptFailed { class, .. } if is_refusal(*class) => self.refusals += 1,
            Event::AttemptFailed { class, .. } => *self.failed.entry(*class).or_default() += 1,
            // Our own pace is no trouble, nor are other calls of ours; how long they take is not known before.
            Event::Waiting { reason: WaitReason::RequestRate | WaitReason::Settling, .. } => {}
            Event::Waiting { delay, .. } => {
                self.waits += 1;
                self.waited += *delay;
                self.longest_wait = self.longest_wait.max(*delay);
            }
            Event::GaveUp { error, .. } if !error.class().is_some_and(is_refusal) => self.gave_up += 1,
            _ => {}
        }
    }

    pub(super) fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    /// Every failure was repeated but those that ended a call.
    pub(super) fn repeats(&self) -> u64 {
        self.failures().saturating_sub(self.gave_up)
    }
}

const fn is_refusal(class: Class) -> bool {
    matches!(class, Class::NotVisible | Class::Archived | Class::PermissionDenied)
}
