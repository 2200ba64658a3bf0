//! A budget of repeats: in an outage calls fail together, and repeats must not multiply the load.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::error::{Error, ErrorKind};

/// Settings of a [`RetryBudget`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryBudgetSettings {
    /// The most that is saved up, and what there is at the start. One is the price of a repeat. Default 20.
    pub cap: f64,
    /// What each success pays in. Default 0.3: in the long run three repeats for ten successes; batch 0.5.
    pub per_success: f64,
    /// What each second pays in, so that a silent program gets its budget back. Default one in 30 s; batch 1.
    pub per_second: f64,
    /// What a call does that finds it empty.
    pub when_empty: WhenEmpty,
}

/// What a call does that finds the retry budget empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenEmpty {
    /// It ends with its last failure ([`Error::is_budget_exhausted`]).
    Refuse,
    /// It waits in line until there is enough again: successes and time pay in.
    Wait,
}

impl RetryBudgetSettings {
    /// For somebody who waits: without a budget, a call that would mostly fail anyway fails early.
    #[must_use]
    pub const fn interactive() -> Self {
        Self { cap: 20.0, per_success: 0.3, per_second: 1.0 / 30.0, when_empty: WhenEmpty::Refuse }
    }

    /// For work that must get done: it slows down instead of failing.
    #[must_use]
    pub const fn batch() -> Self {
        Self { cap: 20.0, per_success: 0.5, per_second: 1.0, when_empty: WhenEmpty::Wait }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::Usage, format!("retry budget: {why}")));
        let sound = |value: f64| value.is_finite() && value >= 0.0;
        if !(self.cap.is_finite() && self.cap >= Self::TIME_OUT) {
            return refuse("cap must be at least 2, the price of a repeat after a time-out");
        }
        if !sound(self.per_success) || !sound(self.per_second) {
            return refuse("per_success and per_second must be numbers of 0 or more");
        }
        if self.when_empty == WhenEmpty::Wait && self.per_second == 0.0 {
            return refuse("who waits for an empty budget needs per_second above 0, or may wait for ever");
        }
        Ok(())
    }

    /// The price of a repeat after a time-out, which has cost the service more than an error did.
    pub(crate) const TIME_OUT: f64 = 2.0;
}

impl Default for RetryBudgetSettings {
    fn default() -> Self {
        Self::interactive()
    }
}

/// A budget of repeats, shared by all calls to one host. Clones share it.
///
/// ```
/// use esologs::{RetryBudget, RetryBudgetSettings};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), esologs::Error> {
/// let budget = RetryBudget::new(RetryBudgetSettings::interactive())?;
/// budget.deposit(); // a call succeeded
/// match budget.withdraw(1.0) {
///     Some(payment) => payment.keep(), // repeat; dropped unkept, the price goes back
///     None => println!("too much failed lately: no repeats for now"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RetryBudget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: RetryBudgetSettings,
    account: Mutex<Account>,
    /// Told of what is paid in where somebody waits for it.
    paid_in: Notify,
    /// Who waits stands in line here, so that a small price does not overtake a large one for ever.
    line: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone, Copy)]
struct Account {
    tokens: f64,
    at: Instant,
    /// Who waits for more.
    waiting: u32,
}

impl RetryBudget {
    /// A full budget.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where a setting is no number, negative, or would never pay for a repeat.
    pub fn new(settings: RetryBudgetSettings) -> Result<Self, Error> {
        settings.check()?;
        Ok(Self::of(settings))
    }

    /// A full budget with settings that were checked.
    pub(crate) fn of(settings: RetryBudgetSettings) -> Self {
        let account = Account { tokens: settings.cap, at: Instant::now(), waiting: 0 };
        Self(Arc::new(Inner {
            settings,
            account: Mutex::new(account),
            paid_in: Notify::new(),
            line: tokio::sync::Mutex::default(),
        }))
    }

    /// What there is, 0 to the cap.
    #[must_use]
    pub fn tokens(&self) -> f64 {
        self.settle(Instant::now()).tokens
    }

    /// Pays in for a success.
    pub fn deposit(&self) {
        self.deposit_at(Instant::now());
    }

    /// The same for a success at this moment.
    pub(crate) fn deposit_at(&self, now: Instant) {
        self.pay_in(self.0.settings.per_success, now);
    }

    /// Takes the price of a repeat, 1 or (after a time-out) 2; `None` where there is not enough, or where it is no price (negative,
    /// no number).
    #[must_use = "a payment that is dropped goes back"]
    pub fn withdraw(&self, price: f64) -> Option<Payment> {
        self.take(price, Instant::now()).then(|| Payment { budget: self.clone(), price })
    }

    /// The same, after standing in line for it. Cancelled, it takes nothing.
    pub(crate) async fn withdraw_in_line(&self, price: f64) -> Payment {
        let _turn = self.0.line.lock().await;
        let _waiting = Waiting::of(self);
        loop {
            let paid_in = self.0.paid_in.notified();
            if let Some(payment) = self.withdraw(price) {
                return payment;
            }
            // Time alone will do at this moment; a success may do sooner.
            let _ = tokio::time::timeout(self.time_until(price), paid_in).await;
        }
    }

    /// How long time alone needs to bring `price`. The shortest is a millisecond, so that rounding cannot make a loop spin.
    pub(crate) fn time_until(&self, price: f64) -> Duration {
        let lacking = price - self.settle(Instant::now()).tokens;
        let seconds = if lacking > 0.0 { lacking / self.0.settings.per_second } else { 0.0 };
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).max(Duration::from_millis(1))
    }

    pub(crate) fn settings(&self) -> &RetryBudgetSettings {
        &self.0.settings
    }

    fn take(&self, price: f64, now: Instant) -> bool {
        let mut account = self.settle(now);
        let enough = price >= 0.0 && account.tokens >= price;
        if enough {
            account.tokens -= price;
        }
        enough
    }

    fn pay_in(&self, amount: f64, now: Instant) {
        let mut account = self.settle(now);
        account.tokens = (account.tokens + amount).min(self.0.settings.cap);
        let somebody_waits = account.waiting > 0;
        drop(account);
        if somebody_waits {
            self.0.paid_in.notify_one();
        }
    }

    /// The account with what the time since the last look has paid in.
    fn settle(&self, now: Instant) -> MutexGuard<'_, Account> {
        let mut account = self.lock();
        if account.tokens < self.0.settings.cap {
            let passed = now.saturating_duration_since(account.at);
            account.tokens = (account.tokens + passed.as_secs_f64() * self.0.settings.per_second).min(self.0.settings.cap);
        }
        account.at = account.at.max(now);
        account
    }

    fn lock(&self) -> MutexGuard<'_, Account> {
        self.0.account.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody waits for more to be paid in, until this is dropped.
struct Waiting<'a>(&'a RetryBudget);

impl<'a> Waiting<'a> {
    fn of(budget: &'a RetryBudget) -> Self {
        budget.lock().waiting += 1;
        Self(budget)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

/// The price of a repeat, taken from a [`RetryBudget`]. Dropped unkept (the wait before the repeat was cancelled), it goes back.
#[derive(Debug)]
pub struct Payment {
    budget: RetryBudget,
    price: f64,
}

impl Payment {
    /// The repeat is made.
    pub fn keep(mut self) {
        self.price = 0.0;
    }
}

impl Drop for Payment {
    fn drop(&mut self) {
        if self.price > 0.0 {
            self.budget.pay_in(self.price, Instant::now());
        }
    }
}

#[cfg(test)]
mod interleavings;

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(settings: RetryBudgetSettings) -> RetryBudget {
        let budget = RetryBudget::of(settings);
        while let Some(payment) = budget.withdraw(1.0) {
            payment.keep();
        }
        budget
    }

    #[tokio::test(start_paused = true)]
    async fn it_allows_a_burst_and_then_three_repeats_for_ten_successes() {
        let budget = drained(RetryBudgetSettings { per_second: 0.0, ..RetryBudgetSettings::interactive() });

        let repeats = (0..1000).filter(|_| {
            budget.deposit();
            budget.withdraw(1.0).map(Payment::keep).is_some()
        });

        assert_eq!(repeats.count(), 299, "300, less the rounding of 0.3");
    }

    #[tokio::test(start_paused = true)]
    async fn time_pays_in_up_to_the_cap() {
        let budget = drained(RetryBudgetSettings::interactive());

        tokio::time::advance(Duration::from_secs(31)).await;
        assert!(budget.withdraw(1.0).map(Payment::keep).is_some());
        assert!(budget.withdraw(1.0).is_none());

        tokio::time::advance(Duration::from_secs(1_000_000)).await;
        assert!((budget.tokens() - 20.0).abs() < 1e-9);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_wait_gives_its_price_back() {
        let budget = RetryBudget::of(RetryBudgetSettings::interactive());
        let payment = budget.withdraw(2.0);
        assert!((budget.tokens() - 18.0).abs() < 1e-9);

        drop(payment);

        assert!((budget.tokens() - 20.0).abs() < 1e-9);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_is_served_in_turn_as_time_and_successes_pay_in() {
        let budget = drained(RetryBudgetSettings::batch());
        let started = Instant::now();
        let in_line: Vec<_> = (0..10)
            .map(|_| {
                let budget = budget.clone();
                tokio::spawn(async move {
                    budget.withdraw_in_line(1.0).await.keep();
                    started.elapsed()
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(4_500)).await;
        (0..6).for_each(|_| budget.deposit());

        let mut served = Vec::new();
        for waiter in in_line {
            served.push(waiter.await.unwrap().as_secs_f64());
        }

        assert!(served.is_sorted(), "{served:?}");
        assert!((served[3] - 4.0).abs() < 0.1, "one a second: {served:?}");
        assert!((served[6] - 4.5).abs() < 0.1, "six successes pay for three at once: {served:?}");
        assert!((served[9] - 7.0).abs() < 0.6, "{served:?}");
    }

    #[test]
    fn each_setting_is_taken_up_to_its_bound_and_refused_by_its_name_beyond_it() {
        let usual = RetryBudgetSettings::interactive();
        let waiting = RetryBudgetSettings::batch();
        for (name, taken, refused) in [
            (
                "cap must be at least 2",
                vec![RetryBudgetSettings { cap: 2.0, ..usual }],
                vec![
                    RetryBudgetSettings { cap: 1.9, ..usual },
                    RetryBudgetSettings { cap: f64::NAN, ..usual },
                    RetryBudgetSettings { cap: f64::INFINITY, ..usual },
                ],
            ),
            (
                "per_success and per_second must be numbers of 0 or more",
                vec![
                    RetryBudgetSettings { per_success: 0.0, ..usual },
                    RetryBudgetSettings { per_second: 0.0, ..usual },
                    RetryBudgetSettings { per_success: 1.0, ..usual },
                ],
                vec![
                    RetryBudgetSettings { per_success: -0.1, ..usual },
                    RetryBudgetSettings { per_success: f64::INFINITY, ..usual },
                    RetryBudgetSettings { per_second: -0.1, ..usual },
                    RetryBudgetSettings { per_second: f64::NAN, ..usual },
                ],
            ),
            (
                "who waits for an empty budget needs per_second above 0",
                vec![RetryBudgetSettings { per_second: 0.1, ..waiting }],
                vec![RetryBudgetSettings { per_second: 0.0, ..waiting }],
            ),
        ] {
            for settings in taken {
                assert!(RetryBudget::new(settings).is_ok(), "{name}: {settings:?}");
            }
            for settings in refused {
                let error = RetryBudget::new(settings).expect_err(name);
                assert!(error.to_string().starts_with(&format!("retry budget: {name}")), "{name}: {error}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_tells_how_long_time_alone_needs_to_bring_a_price() {
        let settings = RetryBudgetSettings { cap: 8.0, ..RetryBudgetSettings::interactive() };
        let budget = drained(settings);
        assert_eq!(*budget.settings(), settings);

        assert!((budget.time_until(1.0).as_secs_f64() - 30.0).abs() < 1e-6);
        assert!((budget.time_until(2.0).as_secs_f64() - 60.0).abs() < 1e-6);
        tokio::time::advance(Duration::from_secs(45)).await;
        assert_eq!(budget.time_until(1.0), Duration::from_millis(1), "it is there, and nobody spins");

        let timeless = RetryBudget::of(RetryBudgetSettings { per_second: 0.0, ..settings });
        assert_eq!(timeless.time_until(8.0), Duration::from_millis(1), "all of it is there, though time brings nothing");
        assert_eq!(timeless.time_until(8.5), Duration::MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_waited_or_was_cancelled_waits_no_more() {
        let budget = drained(RetryBudgetSettings::batch());
        let waiting = || budget.lock().waiting;

        let cancelled = tokio::time::timeout(Duration::from_millis(100), budget.withdraw_in_line(1.0));
        let (none, ()) = tokio::join!(cancelled, async {
            tokio::task::yield_now().await;
            assert_eq!(waiting(), 1);
        });
        assert!(none.is_err() && waiting() == 0);
        budget.withdraw_in_line(1.0).await.keep();
        assert_eq!(waiting(), 0);
    }
}
