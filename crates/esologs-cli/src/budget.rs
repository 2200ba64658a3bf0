//! How far a command may go, put into effect: its policy, its ledger, and what is said where an end is reached.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use esologs::{CallPolicy, Client, Ledger};
use tokio::time::{Instant, sleep_until};

use crate::account::Account;
use crate::args::{OnLimit, ServiceArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// The bounds of one command.
#[derive(Debug)]
pub(crate) struct Budget {
    began: Instant,
    max_duration: Option<Duration>,
    on_limit: Option<OnLimit>,
    ledger: Ledger,
    /// Where its account is kept, in words.
    place: String,
    was_told_alone: AtomicBool,
}

impl Budget {
    /// Begins to count the time. The name stands beside what the command spends.
    ///
    /// # Errors
    /// Where the account cannot be kept where it was wished.
    pub(crate) fn begin(service: &ServiceArgs, name: &str) -> Result<Self, Failure> {
        let (args, is_demo) = (&service.budget, service.host.demo);
        let account = match &args.ledger {
            // The demo's points are nobody else's.
            _ if is_demo => Account::Memory,
            Some(account) => account.clone(),
            None => Account::of_environment()?.unwrap_or(Account::File),
        };
        let (ledger, place) = account.ledger()?;
        let mut ledger = ledger.owner(name);
        if let Some(most) = args.max_points {
            ledger = ledger.max_points(most);
        }
        if let Some(share) = args.reserve {
            ledger = ledger.reserve_for_interactive(share.0);
        }
        let (max_duration, on_limit) = (args.max_duration, args.on_limit);
        Ok(Self { began: Instant::now(), max_duration, on_limit, ledger, place, was_told_alone: AtomicBool::new(false) })
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.ledger.clone()
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// The policy within these bounds.
    pub(crate) fn policy(&self, policy: CallPolicy) -> CallPolicy {
        bounded(policy, self.on_limit, self.max_duration)
    }

    /// Ends when the time that was allowed is over; never where it is not bounded.
    pub(crate) async fn time_over(&self) {
        match self.max_duration.and_then(|most| self.began.checked_add(most)) {
            Some(end) => sleep_until(end).await,
            None => std::future::pending().await,
        }
    }

    /// `the time that was allowed (--max-duration, 5 min 0 s) is over`
    pub(crate) fn time_over_words(&self) -> String {
        let allowed = words::duration(self.max_duration.unwrap_or_default());
        format!("the time that was allowed (--max-duration, {allowed}) is over")
    }

    /// Says once that the account is not shared as it was meant to be.
    pub(crate) async fn tell_alone(&self, client: &Client) {
        let Some(why) = client.points().await.and_then(|points| points.alone) else { return };
        if !self.was_told_alone.swap(true, Ordering::Relaxed) {
            let why = words::plain(&why);
            output::talk(format_args!("note: the points are planned without the other programs on this key: {why}"));
        }
    }

    /// The way out of a limit, as it is called here.
    pub(crate) fn with_way_out(&self, failure: Failure, waits: bool) -> Failure {
        match (failure.kind(), self.on_limit) {
            ("stopped", _) => failure.with_hint("allow more: --max-points"),
            ("rate_limited", Some(OnLimit::Stop)) => {
                failure.with_hint("try again then, or let it wait: leave out --on-limit stop")
            }
            ("rate_limited", None) if !waits => failure.with_hint("try again then, or let it wait: --on-limit wait"),
            ("rate_limited", _) => failure.with_hint("try again then"),
            _ => failure,
        }
    }
}

/// A policy that waits for points, or does not, and waits for nothing longer than the whole command may take.
fn bounded(mut policy: CallPolicy, on_limit: Option<OnLimit>, max_duration: Option<Duration>) -> CallPolicy {
    match on_limit {
        None => {}
        Some(OnLimit::Stop) => policy.max_wait.points = Duration::ZERO,
        Some(OnLimit::Wait) => {
            policy.max_wait.points = CallPolicy::batch().max_wait.points;
            // Patient with points only: the time that all of the call had is that of its failures now.
            policy.max_wait.outage = policy.max_wait.outage.or(policy.deadline);
            policy.deadline = None;
        }
    }
    if let Some(most) = max_duration {
        policy.max_wait.points = policy.max_wait.points.min(most);
    }
    policy
}

/// The time that was allowed is over, and nothing was printed.
pub(crate) fn out_of_time(budget: &Budget) -> Failure {
    Failure::new(Exit::OwnLimit, "stopped", format!("{}; nothing was printed", budget.time_over_words()))
        .with_hint("allow more: --max-duration")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn to_wait_is_to_be_patient_with_points_and_with_nothing_else() {
        let policy = bounded(CallPolicy::interactive(), Some(OnLimit::Wait), None);
        assert_eq!((policy.max_wait.points, policy.deadline), (70 * MINUTE, None));
        assert_eq!((policy.max_wait.outage, policy.attempts), (Some(MINUTE / 2), Some(4)));
        assert_eq!(policy.priority, CallPolicy::interactive().priority);
    }

    #[test]
    fn to_stop_is_to_wait_for_no_points() {
        let policy = bounded(CallPolicy::batch(), Some(OnLimit::Stop), None);
        assert_eq!(policy.max_wait.points, Duration::ZERO);
        assert_eq!(policy.max_wait.outage, CallPolicy::batch().max_wait.outage);
    }

    #[test]
    fn no_wait_is_longer_than_the_command_may_take() {
        let of = |on_limit| bounded(CallPolicy::batch(), on_limit, Some(5 * MINUTE)).max_wait.points;
        assert_eq!([of(None), of(Some(OnLimit::Wait)), of(Some(OnLimit::Stop))], [5 * MINUTE, 5 * MINUTE, Duration::ZERO]);
    }
}
