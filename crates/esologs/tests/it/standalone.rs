//! The pieces for callers' own functions, without a client: `retry` and `Fallback`.

use std::cell::{Cell, RefCell};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::{CallPolicy, Clock, ErrorKind, Fallback, RetryBudget, RetryBudgetSettings, RetryPolicy, WhenEmpty, retry};
use proptest::prelude::{prop_assert, proptest};
use tokio::time::Instant;

use crate::support::{BASE, Rig, Script, graphql_error, hangs, rate_limit, status};

const SECOND: Duration = Duration::from_secs(1);

/// A function that fails with the errors given, then succeeds with the number of the attempt; it notes when it was asked.
struct Flaky {
    errors: RefCell<std::slice::Iter<'static, &'static str>>,
    started: Instant,
    asked: RefCell<Vec<Duration>>,
}

impl Flaky {
    fn failing(errors: &'static [&'static str]) -> Self {
        Self { errors: RefCell::new(errors.iter()), started: Instant::now(), asked: RefCell::default() }
    }

    async fn ask(&self) -> Result<usize, &'static str> {
        self.asked.borrow_mut().push(self.started.elapsed());
        let answer = self.errors.borrow_mut().next().copied();
        answer.map_or(Ok(self.asked.borrow().len()), Err)
    }

    fn asked(&self) -> Vec<Duration> {
        self.asked.borrow().clone()
    }
}

fn at<const N: usize>(seconds: [u64; N]) -> Vec<Duration> {
    seconds.map(Duration::from_secs).to_vec()
}

#[tokio::test(start_paused = true)]
async fn any_async_function_is_repeated_until_it_succeeds_with_doubling_waits() {
    let flaky = Flaky::failing(&["a", "b"]);

    let value = retry(&RetryPolicy::new().initial_delay(SECOND), || flaky.ask()).await;

    assert_eq!(value, Ok(3));
    assert_eq!(flaky.asked(), at([0, 1, 3]));
}

#[tokio::test(start_paused = true)]
async fn after_three_attempts_the_functions_own_last_error_comes_back() {
    let flaky = Flaky::failing(&["first", "second", "third", "fourth"]);

    let value = retry(&RetryPolicy::new().initial_delay(SECOND), || flaky.ask()).await;

    assert_eq!(value, Err("third"));
    assert_eq!(flaky.asked(), at([0, 1, 3]));
}

#[tokio::test(start_paused = true)]
async fn only_what_was_chosen_is_repeated() {
    let timed_out = || io::Error::from(io::ErrorKind::TimedOut);
    let policy = RetryPolicy::new().retry_if(|error: &io::Error| error.kind() == io::ErrorKind::TimedOut);
    let asked = Cell::new(0);

    let value: Result<(), _> = retry(&policy, || {
        asked.set(asked.get() + 1);
        let error = if asked.get() == 2 { io::ErrorKind::NotFound.into() } else { timed_out() };
        async { Err(error) }
    })
    .await;

    assert_eq!((value.unwrap_err().kind(), asked.get()), (io::ErrorKind::NotFound, 2));
}

#[tokio::test(start_paused = true)]
async fn nothing_sleeps_past_the_deadline() {
    let flaky = Flaky::failing(&["x"; 9]);
    let policy = RetryPolicy::new().attempts(9).initial_delay(SECOND).deadline(Duration::from_secs(5));
    let started = Instant::now();

    let value = retry(&policy, || flaky.ask()).await;

    assert_eq!(value, Err("x"));
    assert_eq!(flaky.asked(), at([0, 1, 3]), "the next attempt would come after 7 s");
    assert_eq!(started.elapsed(), Duration::from_secs(3), "the error comes at once, not at the deadline");
}

#[tokio::test(start_paused = true)]
async fn time_that_the_function_takes_counts_against_the_deadline() {
    let policy = RetryPolicy::new().attempts(9).initial_delay(SECOND).deadline(Duration::from_secs(10));
    let attempts = Cell::new(0);

    let value: Result<(), &str> = retry(&policy, || async {
        attempts.set(attempts.get() + 1);
        tokio::time::sleep(Duration::from_secs(4)).await;
        Err("slow")
    })
    .await;

    assert_eq!((value, attempts.get()), (Err("slow"), 2), "4 s, a wait of 1 s, 4 s; 2 s more would pass 10 s");
}

#[tokio::test(start_paused = true)]
async fn the_other_sides_hint_is_kept_and_told() {
    let flaky = Flaky::failing(&["busy", "broken"]);
    let told = Arc::<Mutex<Vec<String>>>::default();
    let log = Arc::clone(&told);
    let policy = RetryPolicy::new()
        .initial_delay(SECOND)
        .retry_after(|error: &&str| (*error == "busy").then_some(Duration::from_secs(20)))
        .on_retry(move |again| {
            let line = format!("{} {} {:?} {:?}", again.attempt, again.error, again.delay, again.elapsed);
            log.lock().unwrap().push(line);
        });

    retry(&policy, || flaky.ask()).await.unwrap();

    assert_eq!(flaky.asked(), at([0, 20, 21]));
    assert_eq!(*told.lock().unwrap(), ["1 busy 20s 0ns", "2 broken 1s 20s"]);
}

#[tokio::test(start_paused = true)]
async fn a_budget_shared_by_many_bounds_their_repeats() {
    let budget = RetryBudget::new(RetryBudgetSettings { per_second: 0.0, ..RetryBudgetSettings::interactive() }).unwrap();
    let policy = RetryPolicy::new().attempts(3).budget(budget.clone());
    let asked = Cell::new(0);

    for _ in 0..100 {
        let _ = retry(&policy, || async {
            asked.set(asked.get() + 1);
            Err::<(), _>("down")
        })
        .await;
    }

    assert_eq!(asked.get(), 120, "each first attempt is free, and 20 repeats are paid for");
    assert!(budget.tokens() < 1.0);
    retry(&policy, || async { Ok::<_, &str>(()) }).await.unwrap();
    assert!((budget.tokens() - 0.3).abs() < 1e-9, "a success pays in");
}

#[tokio::test(start_paused = true)]
async fn an_empty_budget_is_waited_for_within_the_deadline_where_it_says_so() {
    let empty = || {
        let settings = RetryBudgetSettings { per_second: 0.1, when_empty: WhenEmpty::Wait, ..RetryBudgetSettings::batch() };
        let budget = RetryBudget::new(settings).unwrap();
        while let Some(payment) = budget.withdraw(1.0) {
            payment.keep();
        }
        budget
    };
    let policy = RetryPolicy::new().attempts(2).initial_delay(SECOND);

    let patient = Flaky::failing(&["x"]);
    assert_eq!(retry(&policy.clone().budget(empty()), || patient.ask()).await, Ok(2));
    assert_eq!(patient.asked(), at([0, 10]), "10 s bring the price; the wait of 1 s is over by then");

    let hurried = Flaky::failing(&["x"]);
    let started = Instant::now();
    let policy = policy.budget(empty()).deadline(Duration::from_secs(6));
    assert_eq!(retry(&policy, || hurried.ask()).await, Err("x"));
    assert_eq!((hurried.asked(), started.elapsed()), (at([0]), Duration::from_secs(6)));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_wait_pays_the_price_back() {
    let budget = RetryBudget::new(RetryBudgetSettings { per_second: 0.0, ..RetryBudgetSettings::interactive() }).unwrap();
    let policy = RetryPolicy::new().initial_delay(Duration::from_secs(10)).budget(budget.clone());

    let cut = tokio::time::timeout(SECOND, retry(&policy, || async { Err::<(), _>("x") })).await;

    assert!(cut.is_err());
    assert!((budget.tokens() - 20.0).abs() < 1e-9);
}

#[tokio::test(start_paused = true)]
async fn runs_with_the_same_seed_wait_alike_and_others_do_not() {
    let pauses = async |policy: &RetryPolicy<&'static str>| {
        let flaky = Flaky::failing(&["x"; 5]);
        let _ = retry(policy, || flaky.ask()).await;
        flaky.asked()
    };
    let policy = RetryPolicy::new().attempts(5);

    let seeded = policy.clone().seed(7);
    assert_eq!(pauses(&seeded).await, pauses(&seeded).await);
    assert_ne!(pauses(&policy).await, pauses(&policy).await);
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "a bug")]
async fn a_panic_of_the_function_passes_through() {
    let policy = RetryPolicy::<()>::new();
    let _ = retry(&policy, || async { if true { panic!("a bug") } else { Ok(()) } }).await;
}

#[tokio::test(start_paused = true)]
async fn runs_can_be_spawned() {
    let work = tokio::spawn(async {
        let policy = RetryPolicy::new();
        let name = retry(&policy, || async { Err::<String, _>(io::Error::other("x")) });
        Fallback::on_any_error().or_else(name, async |error: &io::Error| error.to_string()).await.unwrap().value
    });

    assert_eq!(work.await.unwrap(), "x");
}

proptest! {
    #[test]
    fn whatever_the_settings_no_run_outlasts_its_deadline_nor_exceeds_its_attempts(
        attempts in 0..9_u32, first in 0..5_000_u64, cap in 0..9_000_u64, deadline in 0..20_000_u64, hint in 0..9_000_u64, seed: u64,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async move {
            let policy = RetryPolicy::new()
                .attempts(attempts)
                .backoff(Duration::from_millis(first))
                .cap(Duration::from_millis(cap))
                .deadline(Duration::from_millis(deadline))
                .retry_after(move |_| (hint > 4_500).then(|| Duration::from_millis(hint)))
                .seed(seed);
            let (started, made) = (Instant::now(), Cell::new(0));

            let _ = retry(&policy, || async { made.set(made.get() + 1); Err::<(), _>(()) }).await;

            prop_assert!(started.elapsed() <= Duration::from_millis(deadline));
            prop_assert!(made.get() <= attempts.max(1));
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_fallback_is_made_only_where_it_is_needed_and_says_why() {
    let made = Cell::new(0);
    let minimal = |_: &&str| {
        made.set(made.get() + 1);
        0
    };
    let fallback = Fallback::when(|error: &&str| *error == "down");

    let real = fallback.or(async { Ok(7) }, minimal).await.unwrap();
    assert_eq!((real.value, real.error, real.is_real(), made.get()), (7, None, true, 0));

    let stood_in = fallback.or(async { Err("down") }, minimal).await.unwrap();
    assert_eq!((stood_in.value, stood_in.error, stood_in.is_real(), made.get()), (0, Some("down"), false, 1));

    let no = fallback.or(async { Err("forbidden") }, minimal).await;
    assert_eq!((no.unwrap_err(), made.get()), ("forbidden", 1));
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_library_are_repeated_where_they_can_pass_and_not_before_their_time() {
    let script = Script::new().api(status(503).retry_after(20)).api(status(502)).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::plain());

    retry(&RetryPolicy::transient().initial_delay(SECOND).clock(Clock::starting_at(BASE)), || rig.call()).await.unwrap();

    let pauses = script.api_pauses();
    assert!((20 * SECOND..=25 * SECOND).contains(&pauses[0]), "asked for 20 s: {pauses:?}");
    assert_eq!(pauses[1], SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_no_of_the_service_and_a_wait_of_half_an_hour_end_it_at_once() {
    for (reply, kind) in [
        (graphql_error("This report does not exist."), ErrorKind::NotVisible),
        (status(429).retry_after(1800), ErrorKind::RateLimited),
    ] {
        let script = Script::new().api_always(reply);
        let rig = Rig::new(script.clone(), CallPolicy::plain());

        let error = retry(&RetryPolicy::transient().clock(Clock::starting_at(BASE)), || rig.call()).await.unwrap_err();

        assert_eq!((error.kind(), script.api_requests(), rig.elapsed()), (kind, 1, Duration::ZERO));
    }
}

#[tokio::test(start_paused = true)]
async fn a_fallback_stands_in_for_trouble_and_never_for_a_no() {
    let left = async |reply| {
        let rig = Rig::new(Script::new().api_always(reply), CallPolicy::plain());
        Fallback::in_trouble().or(async { Ok(rig.call().await?.points_left().get()) }, |_| -1.0).await
    };

    assert_eq!(left(rate_limit()).await.unwrap().value, 3590.0);
    for trouble in [status(503), status(200).html(), hangs(), status(429).retry_after(1800)] {
        let stood_in = left(trouble.clone()).await.unwrap_or_else(|error| panic!("{trouble:?}: {error}"));
        assert_eq!((stood_in.value, stood_in.is_real()), (-1.0, false));
    }
    for (no, kind) in [
        (graphql_error("This report does not exist."), ErrorKind::NotVisible),
        (status(403), ErrorKind::Forbidden),
        (status(401), ErrorKind::Auth),
        (graphql_error("Cannot query field \"x\" on type \"Query\"."), ErrorKind::QueryInvalid),
    ] {
        assert_eq!(left(no).await.unwrap_err().kind(), kind);
    }
}
