//! The breaker as its callers see it, and what the machine's moments and names are exactly.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const YEAR: Duration = Duration::from_secs(31_536_000);

/// Opens after two failures in a row, for ten seconds.
fn breaker() -> CircuitBreaker {
    CircuitBreaker::new(2, 10 * SECOND)
}

fn opened() -> CircuitBreaker {
    let breaker = breaker();
    (0..2).for_each(|_| breaker.acquire().unwrap().failed());
    breaker
}

fn refused_for(breaker: &CircuitBreaker) -> Option<Duration> {
    breaker.acquire().unwrap_err().retry_in
}

/// A breaker whose changes of state are written down.
fn told() -> (CircuitBreaker, Arc<Mutex<Vec<Transition>>>) {
    let told = Arc::<Mutex<Vec<Transition>>>::default();
    let log = Arc::clone(&told);
    let listener = Box::new(move |transition| log.lock().unwrap().push(transition));
    let settings = BreakerSettings { lease: 5 * SECOND, ..BreakerSettings::after(2, 10 * SECOND) };
    (CircuitBreaker::build(settings, Rng::with_seed(1), Some(listener)), told)
}

#[tokio::test(start_paused = true)]
async fn it_opens_for_its_time_lets_one_probe_through_and_an_answer_closes_it() {
    let breaker = opened();
    assert_eq!((breaker.state(), refused_for(&breaker)), (BreakerState::Open, Some(10 * SECOND)));
    assert_eq!(breaker.peek(Instant::now()), Err(BreakerOpen { retry_in: Some(10 * SECOND) }));

    tokio::time::advance(10 * SECOND).await;
    assert_eq!(breaker.peek(Instant::now()), Ok(()), "its time is over at its very end");
    let probe = breaker.acquire().unwrap();
    assert_eq!((breaker.state(), breaker.is_closed()), (BreakerState::HalfOpen, false));
    assert_eq!(refused_for(&breaker), Some(60 * SECOND), "the probe's lease");

    probe.succeeded();
    assert_eq!((breaker.state(), breaker.is_closed()), (BreakerState::Closed, true));
    assert!(breaker.acquire().is_ok() && breaker.peek(Instant::now()).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_permit_of_ones_own_counts_from_another_task_and_gives_its_place_back() {
    let breaker = opened();
    tokio::time::advance(10 * SECOND).await;

    let probe = breaker.acquire_owned().unwrap();
    assert_eq!(breaker.acquire_owned().unwrap_err().retry_in, Some(60 * SECOND));
    tokio::spawn(async move { drop(probe) }).await.unwrap();
    assert!(breaker.acquire_owned().is_ok(), "who says nothing gives his place back");
    let probe = breaker.acquire_owned().unwrap();
    tokio::spawn(async move { probe.succeeded() }).await.unwrap();

    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn work_is_run_and_counted_by_its_result_and_not_run_behind_an_open_breaker() {
    let breaker = breaker();
    let fails = || async { Err::<(), _>(io::Error::other("broken pipe")) };

    assert_eq!(breaker.call(|| async { Ok::<_, io::Error>(7) }).await.unwrap(), 7);
    for _ in 0..2 {
        assert!(matches!(breaker.call(fails).await, Err(BreakerError::Failed(_))));
    }

    let mut ran = false;
    let outcome = breaker.call(|| {
        ran = true;
        fails()
    });
    assert!(matches!(outcome.await, Err(BreakerError::Open { retry_in: Some(time) }) if time == 10 * SECOND));
    assert!(!ran);
}

#[tokio::test(start_paused = true)]
async fn a_success_between_two_failures_keeps_it_closed() {
    let breaker = breaker();

    breaker.acquire().unwrap().failed();
    breaker.acquire().unwrap().succeeded();
    breaker.acquire().unwrap().failed();

    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_dropped_without_a_word_gives_its_place_back() {
    let breaker = opened();
    tokio::time::advance(10 * SECOND).await;

    drop(breaker.acquire().unwrap());

    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    breaker.acquire().unwrap().succeeded();
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn results_from_before_a_change_of_state_are_counted_as_late_and_change_nothing() {
    let breaker = breaker();
    let late: Vec<_> = (0..3).map(|_| breaker.acquire().unwrap()).collect();
    (0..2).for_each(|_| breaker.acquire().unwrap().failed());
    assert_eq!(breaker.late_results(), 0);

    late.into_iter().for_each(BreakerPermit::succeeded);

    assert_eq!((breaker.late_results(), breaker.state()), (3, BreakerState::Open));
}

#[tokio::test(start_paused = true)]
async fn opened_by_hand_it_stays_so_until_a_hand_closes_it() {
    let breaker = breaker();

    breaker.isolate();
    tokio::time::advance(YEAR).await;
    assert_eq!((breaker.state(), refused_for(&breaker)), (BreakerState::Isolated, None));

    breaker.close();
    assert!(breaker.acquire().is_ok());
}

#[tokio::test(start_paused = true)]
async fn every_change_of_state_is_told_with_its_cause() {
    use BreakerCause::{ByHand, ConsecutiveFailures, ProbeFailed, ProbeLost, ProbeSucceeded, TimeOver};
    use BreakerState::{Closed, HalfOpen, Isolated, Open};
    let (breaker, told) = told();

    (0..2).for_each(|_| breaker.acquire().unwrap().failed());
    tokio::time::advance(10 * SECOND).await;
    breaker.acquire().unwrap().failed();
    tokio::time::advance(10 * SECOND).await;
    let lost = breaker.acquire().unwrap();
    tokio::time::advance(15 * SECOND).await;
    breaker.acquire().unwrap().succeeded();
    breaker.isolate();
    breaker.close();

    let changes: Vec<_> = told.lock().unwrap().iter().map(|change| (change.from, change.to, change.cause)).collect();
    let expected = [
        (Closed, Open, ConsecutiveFailures),
        (Open, HalfOpen, TimeOver),
        (HalfOpen, Open, ProbeFailed),
        (Open, HalfOpen, TimeOver),
        (HalfOpen, Open, ProbeLost),
        (Open, HalfOpen, TimeOver),
        (HalfOpen, Closed, ProbeSucceeded),
        (Closed, Isolated, ByHand),
        (Isolated, Closed, ByHand),
    ];
    assert_eq!(changes, expected);
    drop(lost);
    assert_eq!(breaker.late_results(), 1);
}

#[tokio::test(start_paused = true)]
async fn as_many_failures_as_too_large_a_share_of_enough_attempts_open_it_and_a_success_never_does() {
    let settings = BreakerSettings { failure_rate: 0.5, min_attempts: 6, ..BreakerSettings::interactive() };
    let breaker = CircuitBreaker::with_settings(settings).unwrap();
    assert_eq!(breaker.settings(), settings);

    breaker.acquire().unwrap().failed();
    breaker.acquire().unwrap().succeeded();
    breaker.acquire().unwrap().failed();
    assert_eq!(breaker.state(), BreakerState::Closed, "two of six are too few");
    breaker.acquire().unwrap().succeeded();
    assert_eq!(breaker.state(), BreakerState::Closed, "a success never opens it");
    breaker.acquire().unwrap().failed();

    assert_eq!(breaker.state(), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_change_or_for_the_closed_breaker_is_woken_by_it_and_not_before() {
    let breaker = breaker();
    tokio::time::timeout(SECOND, breaker.closed()).await.expect("it is closed");
    assert!(tokio::time::timeout(SECOND, breaker.changed()).await.is_err(), "nothing changes");

    let started = Instant::now();
    let hand = async {
        for _ in 0..2 {
            tokio::time::sleep(SECOND).await;
            if breaker.is_closed() { breaker.isolate() } else { breaker.close() }
        }
    };
    let changed = async {
        breaker.changed().await;
        let opened = started.elapsed();
        breaker.closed().await;
        (opened, started.elapsed())
    };
    let (moments, ()) = tokio::time::timeout(YEAR, async { tokio::join!(changed, hand) }).await.expect("nobody was woken");

    assert_eq!(moments, (SECOND, 2 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_panics_leaves_the_breaker_whole_and_wakes_who_waits() {
    let settings = BreakerSettings::after(2, 10 * SECOND);
    let breaker = CircuitBreaker::build(settings, Rng::with_seed(1), Some(Box::new(|_| panic!("a listener's own bug"))));
    let waiting = breaker.changed();
    let mut waiting = std::pin::pin!(waiting);
    assert!(futures_util::poll!(&mut waiting).is_pending());

    let panicked = catch_unwind(AssertUnwindSafe(|| breaker.isolate()));

    assert!(panicked.is_err());
    assert_eq!(breaker.state(), BreakerState::Isolated);
    assert!(futures_util::poll!(&mut waiting).is_ready());
}

#[tokio::test(start_paused = true)]
async fn a_lease_without_end_is_one_of_a_hundred_years() {
    let breaker = opened();
    tokio::time::advance(10 * SECOND).await;

    let _probe = breaker.acquire_for(Duration::MAX, Instant::now()).unwrap();

    assert_eq!(refused_for(&breaker), Some(100 * YEAR));
}

#[tokio::test(start_paused = true)]
async fn a_probe_is_lost_at_the_very_end_of_its_lease_and_the_time_open_runs_from_then() {
    let (breaker, _) = told();
    (0..2).for_each(|_| breaker.acquire().unwrap().failed());
    tokio::time::advance(10 * SECOND).await;
    let _lost = breaker.acquire().unwrap();

    tokio::time::advance(5 * SECOND).await;
    assert_eq!(refused_for(&breaker), Some(10 * SECOND));

    tokio::time::advance(10 * SECOND).await;
    assert!(breaker.acquire().is_ok());
}

#[test]
fn states_and_causes_have_names_for_logs() {
    use BreakerCause::{ByHand, ConsecutiveFailures, FailureRate, ProbeFailed, ProbeLost, ProbeSucceeded, TimeOver};
    use BreakerState::{Closed, HalfOpen, Isolated, Open};

    assert_eq!([Closed, Open, HalfOpen, Isolated].map(BreakerState::name), ["closed", "open", "half_open", "isolated"]);
    assert_eq!(
        [FailureRate, ConsecutiveFailures, TimeOver, ProbeSucceeded, ProbeFailed, ProbeLost, ByHand].map(BreakerCause::name),
        ["failure_rate", "consecutive_failures", "time_over", "probe_succeeded", "probe_failed", "probe_lost", "by_hand"]
    );
}

#[tokio::test]
async fn a_refusal_says_when_to_come_back_and_a_failure_speaks_for_itself() {
    let open = BreakerOpen { retry_in: Some(Duration::from_millis(2_500)) };
    let words = "not asked: it failed too often lately; again in 2.5 s";
    assert_eq!(open.to_string(), words);
    assert_eq!(BreakerOpen { retry_in: None }.to_string(), "not asked: the breaker was opened by hand");

    let refused: BreakerError<io::Error> = BreakerError::Open { retry_in: open.retry_in };
    assert_eq!(refused.to_string(), words);
    assert!(std::error::Error::source(&refused).is_none());

    let cause = Error::new(crate::error::ErrorKind::Refused, "no leave").with_source(open);
    let failed = BreakerError::Failed(cause);
    assert_eq!(failed.to_string(), "no leave");
    assert!(std::error::Error::source(&failed).is_some(), "it shows through to the causes of its error");

    assert_eq!(format!("{:?}", opened()), "CircuitBreaker { state: Open, .. }");
}
