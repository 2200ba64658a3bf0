//! The decision after a failed attempt.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::backoff::{after_failed_connect, full_jitter};
use crate::config::CallPolicy;
use crate::decode::{Class, Failure, Retry, Stage};
use crate::events::{RetryVerdict, WaitReason};
use crate::resilience::{AttemptError, Deadline, Priority, RetryBudgetSettings};

/// What has happened in a call so far.
#[derive(Debug)]
pub(crate) struct History {
    /// Attempts made that count.
    attempts: u32,
    /// Step of the exponential backoff; starts anew after a wait that the server asked for.
    backoff_step: u32,
    throttle_step: u32,
    /// Repeats made, by class.
    repeats: Vec<(Class, u32)>,
    /// Content failures in a row.
    content_in_a_row: u32,
    /// When the present run of failures of the service began.
    failing_since: Option<Instant>,
    /// When the present run of 429s began.
    limited_since: Option<Instant>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self {
            attempts: 0,
            backoff_step: 0,
            throttle_step: 0,
            repeats: Vec::new(),
            content_in_a_row: 0,
            failing_since: None,
            limited_since: None,
        }
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    fn repeats_of(&self, class: Class) -> u32 {
        self.repeats.iter().find(|(other, _)| *other == class).map_or(0, |(_, count)| *count)
    }

    fn count_repeat(&mut self, class: Class) {
        match self.repeats.iter_mut().find(|(other, _)| *other == class) {
            Some((_, count)) => *count += 1,
            None => self.repeats.push((class, 1)),
        }
    }

    /// An attempt has begun.
    pub(crate) fn begin(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
    }

    fn note(&mut self, class: Class, situation: Situation<'_>) {
        // A 429 is an answer of a healthy service. A server that leaves the repeat as well undone is not. Behind an open breaker
        // the trouble goes on.
        let rule = class.rule();
        if class.is_local_limit() {
            return;
        }
        if rule.counts_as_unhealthy
            || class == Class::BreakerOpen
            || (rule.retry == Retry::OnceFree && self.repeats_of(class) > 0)
        {
            // Whoever stands in line for points puts up with nothing: that time is not the outage's.
            let since = self.failing_since.unwrap_or(situation.began);
            self.failing_since = Some(since + situation.in_line);
        } else {
            self.failing_since = None;
        }
        // What we refused ourselves is no answer in between.
        if !class.is_local() {
            self.content_in_a_row = if class.is_content() { self.content_in_a_row.saturating_add(1) } else { 0 };
            if matches!(class, Class::PointsSpent | Class::Throttled) {
                self.limited_since.get_or_insert(situation.began + situation.in_line);
            } else {
                self.limited_since = None;
            }
        }
        if class != Class::Unauthenticated {
            self.repeats.retain(|(other, _)| *other != Class::Unauthenticated);
        }
    }
}

/// What a decision depends on beside the failure itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation<'a> {
    pub(crate) policy: &'a CallPolicy,
    pub(crate) deadline: Deadline,
    pub(crate) now: Instant,
    /// When the failed attempt began, and how long it has stood in line for points before it was sent.
    pub(crate) began: Instant,
    pub(crate) in_line: Duration,
    /// Whether the host has answered anything in this process.
    pub(crate) host_has_answered: bool,
    /// When a call to the host last succeeded.
    pub(crate) last_answer: Option<Instant>,
    /// How long until new points come, where a fresh snapshot says that they are spent.
    pub(crate) points_back_in: Option<Duration>,
    /// Whether a user is signed in in whose name the call has not asked.
    pub(crate) has_other_user: bool,
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Decision {
    /// Try again after this wait, for this price from the retry budget.
    Retry { delay: Duration, reason: WaitReason, price: f64 },
    /// Try again at once with a new token.
    RetryWithNewToken,
    /// Try again at once in the name of the signed-in user, who may see more.
    AskAsUser,
    /// End the call with the failure.
    GiveUp(GiveUp),
}

/// Why a call ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum GiveUp {
    /// Trying again cannot help.
    NotRetryable,
    /// The attempts of the call, or of this class of failure, are used up.
    Attempts,
    /// The answer was unusable so often in a row that it looks permanent.
    Content,
    /// The wait would not end before the deadline.
    Deadline(Duration),
    /// The wait, or the outage, is longer than the policy puts up with.
    MaxWait(Duration),
    /// The retry budget is empty.
    Budget,
    /// The caller does not want this failure repeated.
    NotWanted,
}

impl GiveUp {
    pub(crate) const fn verdict(self) -> RetryVerdict {
        match self {
            Self::NotRetryable => RetryVerdict::NotRetryable,
            Self::Attempts => RetryVerdict::MaxAttempts,
            Self::Content => RetryVerdict::Content,
            Self::Deadline(_) | Self::MaxWait(_) => RetryVerdict::NoTime,
            Self::Budget => RetryVerdict::NoBudget,
            Self::NotWanted => RetryVerdict::NotWanted,
        }
    }
}

/// Decides what to do after an attempt that ended in `failure`. The table of classes says whether; the policy says how often
/// and how long.
pub(crate) fn decide(failure: &Failure, history: &mut History, situation: Situation<'_>, rng: &mut Rng) -> Decision {
    let Situation { policy, now, .. } = situation;
    let class = failure.class;
    history.note(class, situation);
    if class.is_local() {
        // Nothing was sent, so it was no attempt.
        history.attempts = history.attempts.saturating_sub(1);
        return after_local_refusal(failure, history, situation, rng);
    }
    if class.is_about_who_asks() && situation.has_other_user && situation.deadline.allows(now, Duration::ZERO) {
        return Decision::AskAsUser;
    }
    // The token task has repeated on its own; a call that counts its attempts and has to end soon does not repeat that, unless
    // it was told when. One that may take its time comes back after the task's pause, while it has attempts.
    let was_told = failure.retry_after.is_some() || matches!(class, Class::PointsSpent | Class::Throttled);
    let is_pressed = policy.attempts.is_some() && situation.deadline.remaining(now).is_some();
    if failure.stage == Stage::Token && is_pressed && !was_told {
        return Decision::GiveUp(if class.rule().retry == Retry::Never { GiveUp::NotRetryable } else { GiveUp::Attempts });
    }
    match class.rule().retry {
        Retry::Never => return Decision::GiveUp(GiveUp::NotRetryable),
        Retry::AfterNewToken if history.repeats_of(class) > 0 => return Decision::GiveUp(GiveUp::NotRetryable),
        Retry::Once if history.repeats_of(class) > 0 => return Decision::GiveUp(GiveUp::Attempts),
        Retry::OnceFree if history.repeats_of(class) == 0 => {
            history.count_repeat(class);
            history.attempts = history.attempts.saturating_sub(1);
            return Decision::Retry { delay: Duration::ZERO, reason: WaitReason::Backoff, price: 0.0 };
        }
        Retry::AfterNewToken => {
            history.count_repeat(class);
            return Decision::RetryWithNewToken;
        }
        Retry::Yes | Retry::AtMost(_) | Retry::AfterWait(_) | Retry::Once | Retry::OnceFree | Retry::WhenAllowed => {}
    }
    let wanted = policy.retry_if.as_ref().is_none_or(|choice| choice.chooses(&AttemptError(failure.clone())));
    if !wanted {
        return Decision::GiveUp(GiveUp::NotWanted);
    }
    if let Some(give_up) = used_up(class, history, situation) {
        return Decision::GiveUp(give_up);
    }
    let knows_when = failure.retry_after.is_some() || situation.points_back_in.is_some();
    let is_impatient = policy.max_wait.points.is_zero() || policy.priority == Priority::Interactive;
    if class == Class::PointsSpent && is_impatient && !knows_when {
        // It is not to wait for long, and nobody knows when new points come.
        return Decision::GiveUp(GiveUp::Attempts);
    }
    let (delay, reason) = wait(failure, history, situation, rng);
    if exceeds_max_wait(delay, reason, history, situation) {
        return Decision::GiveUp(GiveUp::MaxWait(delay));
    }
    if !situation.deadline.allows(now, delay) {
        return Decision::GiveUp(GiveUp::Deadline(delay));
    }
    history.count_repeat(class);
    Decision::Retry { delay, reason, price: price(failure) }
}

/// What a repeat costs the retry budget. A 429 says when to come back, so that is free; so is a token that nobody got: all who
/// wait for it come back to one request.
fn price(failure: &Failure) -> f64 {
    match failure.class {
        _ if failure.stage == Stage::Token => 0.0,
        Class::PointsSpent | Class::Throttled => 0.0,
        Class::AttemptTimeout => RetryBudgetSettings::TIME_OUT,
        _ => 1.0,
    }
}

/// We refused it ourselves: a call that waits comes back when it may, one that does not ends with the time to come back at.
fn after_local_refusal(failure: &Failure, history: &History, situation: Situation<'_>, rng: &mut Rng) -> Decision {
    let (most, reason) = match failure.class {
        // It has stood in line for as long as it may, or no window has enough for it.
        Class::PointsShort => return Decision::GiveUp(failure.pause.map_or(GiveUp::NotRetryable, GiveUp::MaxWait)),
        Class::OwnPointsLimit => return Decision::GiveUp(GiveUp::NotRetryable),
        Class::BreakerOpen if situation.host_has_answered => (situation.policy.max_wait.breaker, WaitReason::Breaker),
        Class::BreakerOpen => {
            (situation.policy.max_wait.breaker.min(situation.policy.max_wait.never_answered), WaitReason::Breaker)
        }
        // The line is long; no harm is done, but nothing is gained by asking again at once either.
        _ => (situation.policy.max_wait.breaker, WaitReason::Slot),
    };
    // Opened by hand: nobody knows for how long.
    let Some(pause) = failure.pause else { return Decision::GiveUp(GiveUp::Attempts) };
    let waited = history.failing_since.map_or(Duration::ZERO, |since| situation.now.duration_since(since));
    let allowed = if reason == WaitReason::Breaker { most.saturating_sub(waited) } else { most };
    // Those who wait for the same moment do not come in the same one.
    let delay = pause + Duration::from_secs_f64(rng.f64());
    if delay > allowed {
        return Decision::GiveUp(GiveUp::MaxWait(pause));
    }
    if !situation.deadline.allows(situation.now, delay) {
        return Decision::GiveUp(GiveUp::Deadline(delay));
    }
    Decision::Retry { delay, reason, price: 0.0 }
}

/// Attempts and repeats are counted where the policy counts attempts; a patient call ends by time, or by content failures.
fn used_up(class: Class, history: &History, situation: Situation<'_>) -> Option<GiveUp> {
    let policy = situation.policy;
    // A page instead of data is about this call only where others are answered meanwhile; else it is maintenance.
    let is_outage = class == Class::NotJson && situation.last_answer < history.failing_since;
    if !is_outage && policy.content_failures.is_some_and(|most| history.content_in_a_row >= most) {
        return Some(GiveUp::Content);
    }
    let attempts = policy.attempts?;
    let of_class = match class.rule().retry {
        Retry::OnceFree => true,
        Retry::AtMost(most) | Retry::AfterWait(most) => history.repeats_of(class) >= most,
        _ => false,
    };
    (history.attempts >= attempts || of_class).then_some(GiveUp::Attempts)
}

fn wait(failure: &Failure, history: &mut History, situation: Situation<'_>, rng: &mut Rng) -> (Duration, WaitReason) {
    let throttled = matches!(failure.class, Class::PointsSpent | Class::Throttled);
    if let (true, Some(back_in)) = (throttled, situation.points_back_in) {
        // The service's own Retry-After is known to be too long for points.
        history.backoff_step = 0;
        return (back_in + Duration::from_secs_f64(2.0 * rng.f64()), WaitReason::Points);
    }
    let (backoff, step) = if throttled {
        (situation.policy.throttle_backoff, &mut history.throttle_step)
    } else {
        (situation.policy.backoff, &mut history.backoff_step)
    };
    // Behind a pause of our own the jitter still spreads the callers.
    let computed = failure.pause.unwrap_or_default() + full_jitter(backoff, *step, floor(failure.class, *step, rng), rng);
    *step += 1;
    match failure.retry_after {
        Some(asked) => {
            // After a wait that the server directed, the exponent starts anew.
            (history.backoff_step, history.throttle_step) = (0, 0);
            (after_hint(asked, computed, rng), WaitReason::RetryAfter)
        }
        None if failure.class == Class::PointsSpent => (computed, WaitReason::Points),
        None if throttled => (computed, WaitReason::Throttled),
        None => (computed, WaitReason::Backoff),
    }
}

/// Never earlier than the server asked, and not all clients at the same moment.
fn after_hint(asked: Duration, computed: Duration, rng: &mut Rng) -> Duration {
    let spread = if asked > Duration::from_secs(2) { Duration::from_secs(2).max(asked.mul_f64(0.2)) } else { asked.mul_f64(0.2) };
    asked.max(computed) + spread.mul_f64(rng.f64()) + Duration::from_millis(50)
}

fn floor(class: Class, step: u32, rng: &mut Rng) -> Duration {
    match class {
        Class::ConnectFailed => after_failed_connect(step, rng),
        _ => Duration::from_millis(50),
    }
}

fn exceeds_max_wait(delay: Duration, reason: WaitReason, history: &History, situation: Situation<'_>) -> bool {
    let Situation { policy, now, .. } = situation;
    let max_wait = policy.max_wait;
    // All waits of a run of 429s together: each may look short, and the run never end.
    let limited = delay + history.limited_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
    match (reason, history.failing_since) {
        (WaitReason::Points, _) => limited > max_wait.points,
        // Waits for the request throttle may use what the deadline leaves; without one, what points may use.
        (WaitReason::RetryAfter | WaitReason::Throttled, None) => policy.deadline.is_none() && limited > max_wait.points,
        (_, Some(since)) => {
            let waited = now.duration_since(since) + delay;
            if situation.host_has_answered {
                return max_wait.outage.is_some_and(|most| waited > most);
            }
            // The next attempt may well take as long as the last: it shall end within the bound, too.
            waited + now.duration_since(situation.began + situation.in_line) > max_wait.never_answered
        }
        (_, None) => false,
    }
}

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod tests;
