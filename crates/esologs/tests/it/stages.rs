//! The stages around the retry loop, through whole calls: sharing, places, pace, breaker and its probe, budget, callers' own
//! policies.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::hooks::{AroundAttempt, AroundCall, AttemptInfo, CallInfo, Work};
use esologs::{
    AttemptError, BreakerState, CallPolicy, Class, Client, Clock, Credentials, Endpoint, Error, ErrorKind, Event, RateSettings,
    WaitReason,
};
use futures_util::future::join_all;
use serde_json::Map;
use tokio::time::Instant;

use crate::support::{BASE, Rig, Script, To, Told, graphql_error, hangs, json, rate_limit, status};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// A client with every stage as it comes, on this script.
fn as_it_comes(script: &Script, policy: CallPolicy) -> Client {
    Client::builder()
        .credentials(Credentials::new(Rig::ID, Rig::SECRET).unwrap())
        .endpoint(Endpoint::new("https://logs.test").unwrap())
        .clock(Clock::starting_at(BASE))
        .transport(script.clone())
        .policy(policy)
        .seed(1)
        .build()
        .unwrap()
}

/// A call that no other equals.
async fn ask(client: &Client, number: usize) -> Result<(), Error> {
    client.query(&format!("query Q{number} {{ rateLimitData {{ limitPerHour }} }}"), Map::new()).await.map(drop)
}

// Single-flight.

#[tokio::test(start_paused = true)]
async fn a_hundred_equal_calls_are_one_request_and_each_gets_the_answer() {
    let script = Script::new().api(rate_limit().after(SECOND));
    let client = as_it_comes(&script, CallPolicy::interactive());

    let answers = join_all((0..100).map(|_| client.rate_limit())).await;

    let first = answers[0].as_ref().unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer == first)));
    assert_eq!(script.api_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn equal_calls_share_a_failure_and_its_attempts_once() {
    let script = Script::new().api_always(status(502).html().after(SECOND));
    let client = as_it_comes(&script, CallPolicy::interactive());

    let errors = join_all((0..10).map(|_| client.rate_limit())).await;

    assert!(errors.iter().all(|error| error.as_ref().is_err_and(|error| error.attempts() == 4)));
    assert_eq!(script.api_requests(), 4);
    assert!(client.rate_limit().await.is_err());
    assert_eq!(script.api_requests(), 8, "a failure is shared for that flight only");
}

#[tokio::test(start_paused = true)]
async fn calls_with_other_variables_or_another_patience_are_not_equal() {
    let script = Script::new().api_always(rate_limit().after(SECOND));
    let client = as_it_comes(&script, CallPolicy::interactive());
    let (quick, patient) = (client.attempts(2), client.patient(MINUTE));

    let (a, b, c, d) = tokio::join!(client.rate_limit(), quick.rate_limit(), patient.rate_limit(), ask(&client, 1));

    assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok());
    assert_eq!(script.api_requests(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_caller_who_came_first_can_leave_without_harm_to_the_others() {
    let script = Script::new().api(rate_limit().after(10 * SECOND));
    let client = as_it_comes(&script, CallPolicy::batch());
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.rate_limit().await }
    });
    tokio::time::sleep(SECOND).await;
    let second = tokio::spawn({
        let client = client.clone();
        async move { client.rate_limit().await }
    });
    tokio::time::sleep(SECOND).await;

    first.abort();

    assert!(second.await.unwrap().is_ok());
    assert_eq!(script.api_requests(), 1, "nothing is asked twice");
}

#[tokio::test(start_paused = true)]
async fn a_follower_with_time_left_goes_on_after_the_leaders_deadline() {
    // The first request hangs. The leader's deadline is over after 10 s; the follower came 6 s later.
    let script = Script::new().api(hangs()).api(rate_limit());
    let policy = CallPolicy { deadline: Some(10 * SECOND), ..CallPolicy::interactive() };
    let client = as_it_comes(&script, policy);
    let late = async {
        tokio::time::sleep(6 * SECOND).await;
        client.rate_limit().await
    };

    let (leader, follower) = tokio::join!(client.rate_limit(), late);

    assert_eq!(leader.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(follower.is_ok(), "{follower:?}");
    assert_eq!(script.api_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_follower_leaves_at_its_own_deadline() {
    let script = Script::new().api_always(hangs());
    let client = as_it_comes(&script, CallPolicy::interactive());
    let started = Instant::now();

    let errors = join_all((0..3).map(|_| client.rate_limit())).await;

    assert_eq!(started.elapsed(), 30 * SECOND);
    assert!(errors.iter().all(|error| error.as_ref().is_err_and(|error| error.kind() == ErrorKind::Timeout)));
}

// Places and pace.

/// The most requests that were on their way at once, when each takes a second.
async fn most_at_once(policy: CallPolicy, calls: usize) -> usize {
    let (now, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (counter, peak) = (Arc::clone(&now), Arc::clone(&most));
    let script = Script::new().api_by(move |_| {
        let on_their_way = counter.fetch_add(1, Ordering::SeqCst) + 1;
        peak.fetch_max(on_their_way, Ordering::SeqCst);
        let counter = Arc::clone(&counter);
        tokio::spawn(async move {
            tokio::time::sleep(SECOND - Duration::from_millis(1)).await;
            counter.fetch_sub(1, Ordering::SeqCst);
        });
        rate_limit().after(SECOND)
    });
    let rig = Rig::new(script, policy);
    let answers = join_all((0..calls).map(|number| ask(&rig.client, number))).await;
    assert!(answers.iter().all(Result::is_ok));
    most.load(Ordering::SeqCst) as usize
}

#[tokio::test(start_paused = true)]
async fn four_interactive_calls_are_on_their_way_at_once_and_two_of_batch() {
    assert_eq!(most_at_once(CallPolicy::interactive(), 40).await, 4);
    assert_eq!(most_at_once(CallPolicy::batch(), 40).await, 2);
    assert_eq!(most_at_once(CallPolicy { concurrency: 32, ..CallPolicy::interactive() }, 40).await, 32);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_finds_no_place_in_time_says_so_and_sends_nothing() {
    let script = Script::new().api_always(rate_limit().after(5 * SECOND));
    let policy = CallPolicy { concurrency: 1, slot_timeout: Some(2 * SECOND), ..CallPolicy::interactive() };
    let rig = Rig::new(script.clone(), policy);

    let (first, second) = tokio::join!(ask(&rig.client, 1), ask(&rig.client, 2));

    let error = second.unwrap_err();
    assert!(first.is_ok());
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Busy, 0));
    assert!(error.to_string().contains("within 2.0 s"), "{error}");
    assert!(error.is_retryable() && error.hint().is_some());
    assert_eq!(script.api_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_its_next_try_holds_no_place() {
    let script = Script::new().api_by(|seen| {
        let asks_to_wait = seen.json()["query"].as_str().unwrap().contains("Q1") && seen.at < 3 * SECOND;
        if asks_to_wait { status(503).retry_after(10) } else { rate_limit() }
    });
    let rig = Rig::new(script, CallPolicy { concurrency: 1, ..CallPolicy::interactive() });
    let second = async {
        tokio::time::sleep(SECOND).await;
        ask(&rig.client, 2).await.unwrap();
        rig.elapsed()
    };

    let (first, second) = tokio::join!(ask(&rig.client, 1), second);

    first.unwrap();
    assert!(second < 2 * SECOND, "{second:?}");
}

#[tokio::test(start_paused = true)]
async fn requests_are_begun_at_five_a_second_after_a_burst_of_ten_and_each_wait_is_told() {
    let script = Script::new().api_always(rate_limit());
    let told = Arc::<Mutex<Vec<Duration>>>::default();
    let log = Arc::clone(&told);
    let client = Client::builder()
        .credentials(Credentials::new(Rig::ID, Rig::SECRET).unwrap())
        .transport(script.clone())
        .policy(CallPolicy { concurrency: 100, ..CallPolicy::interactive() })
        .on_event(move |event| {
            if let Event::Waiting { reason: WaitReason::RequestRate, delay, .. } = event {
                log.lock().unwrap().push(*delay);
            }
        })
        .build()
        .unwrap();

    join_all((0..60).map(|number| ask(&client, number))).await.into_iter().for_each(Result::unwrap);

    let last = script.seen_by(To::Api).last().unwrap().at;
    assert!((9_900..10_200).contains(&last.as_millis()), "50 after the burst take 10 s, not {last:?}");
    assert_eq!(told.lock().unwrap().len(), 50);
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_turn_would_come_after_its_deadline_is_refused_at_once() {
    let script = Script::new().api_always(rate_limit());
    let client = Client::builder()
        .credentials(Credentials::new(Rig::ID, Rig::SECRET).unwrap())
        .transport(script.clone())
        .request_rate(RateSettings { per_second: 0.01, burst: 1 })
        .build()
        .unwrap();
    ask(&client, 1).await.unwrap();
    let started = Instant::now();

    let error = ask(&client, 2).await.unwrap_err();

    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Busy, 0));
    assert!(error.retry_at().is_some());
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(script.api_requests(), 1);
}

// The breaker.

/// A rig whose service is down for a time, and asked by callers until the breaker is open.
async fn opened(down_for: Duration, policy: CallPolicy) -> (Rig, Script) {
    let up_again = Instant::now() + down_for;
    let script = Script::new().api_by(move |_| if Instant::now() < up_again { status(503).html() } else { rate_limit() });
    let rig = Rig::new(script.clone(), policy);
    while rig.client.breaker().unwrap().state() == BreakerState::Closed {
        assert!(rig.call().await.is_err());
    }
    (rig, script)
}

#[tokio::test(start_paused = true)]
async fn after_twenty_failures_in_a_row_an_interactive_call_is_refused_at_once_and_told_when_to_come_back() {
    let (rig, script) = opened(MINUTE, CallPolicy::interactive()).await;
    let (asked, started) = (script.api_requests(), Instant::now());

    let error = rig.call().await.unwrap_err();

    assert_eq!(asked, 20);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 0));
    assert!(error.is_retryable() && error.is_outage());
    let back_in = error.retry_at().unwrap().since(rig.client.clock().now());
    assert!((3 * SECOND..=6 * SECOND).contains(&back_in), "{back_in:?}");
    assert_eq!((script.api_requests(), started.elapsed()), (asked, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn the_service_is_found_well_again_with_no_callers_at_all() {
    let (rig, script) = opened(30 * SECOND, CallPolicy::interactive()).await;
    let asked = script.api_requests();

    tokio::time::sleep(MINUTE).await;

    assert_eq!(rig.client.breaker().unwrap().state(), BreakerState::Closed);
    let probes = script.api_requests() - asked;
    assert!((2..=5).contains(&probes), "{probes} probes");
    assert!(rig.client.points_seen().is_some(), "and the points are known");
    rig.call().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_probes_for_ever_where_nobody_asks() {
    let (rig, script) = opened(10_000 * MINUTE, CallPolicy::interactive()).await;
    tokio::time::sleep(31 * MINUTE).await;
    let asked = script.api_requests();

    tokio::time::sleep(300 * MINUTE).await;

    assert_eq!(script.api_requests(), asked);
    assert!(rig.call().await.is_err());
    assert!(script.api_requests() > asked, "the next caller is the probe");
}

#[tokio::test(start_paused = true)]
async fn the_probe_ends_with_the_client() {
    let (rig, script) = opened(10_000 * MINUTE, CallPolicy::interactive()).await;
    let asked = script.api_requests();

    drop(rig);
    tokio::time::sleep(10 * MINUTE).await;

    assert_eq!(script.api_requests(), asked);
}

#[tokio::test(start_paused = true)]
async fn a_batch_call_waits_for_an_open_breaker_and_goes_on_when_the_probe_is_answered() {
    let (rig, script) = opened(20 * SECOND, CallPolicy::interactive()).await;
    let asked = script.api_requests();

    rig.client.with_policy(CallPolicy::batch()).rate_limit().await.unwrap();

    assert!(rig.waits().iter().any(|(reason, _)| *reason == WaitReason::Breaker), "{:?}", rig.waits());
    assert!(rig.elapsed() < 2 * MINUTE, "{:?}", rig.elapsed());
    assert!(script.api_requests() - asked <= 6, "{} requests", script.api_requests() - asked);
}

#[tokio::test(start_paused = true)]
async fn answers_that_say_no_and_429s_do_not_open_the_breaker() {
    let script = Script::new().api_by(|seen| match seen.at.as_secs() % 2 {
        0 => graphql_error("This report does not exist."),
        _ => status(429).retry_after(0),
    });
    let rig = Rig::new(script, CallPolicy::plain());
    for _ in 0..100 {
        assert!(rig.call().await.is_err());
        tokio::time::sleep(SECOND / 2).await;
    }
    assert_eq!(rig.client.breaker().unwrap().state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_was_opened_by_hand_stays_open_until_a_hand_closes_it() {
    let script = Script::new().api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.client.breaker().unwrap().isolate();
    tokio::time::sleep(100 * MINUTE).await;

    let error = rig.call().await.unwrap_err();

    assert_eq!((error.kind(), error.retry_at(), script.api_requests()), (ErrorKind::Unavailable, None, 0));
    assert!(error.message().starts_with("the breaker was opened by hand"), "the service did nothing wrong: {error}");
    assert_eq!(error.hint(), Some("close it with `CircuitBreaker::close`"));
    rig.client.breaker().unwrap().close();
    rig.call().await.unwrap();
}

// The retry budget.

#[tokio::test(start_paused = true)]
async fn when_too_much_fails_interactive_calls_are_not_repeated_any_more_and_say_so() {
    let script = Script::new().api_always(status(502).html());
    let rig = Rig::with(script.clone(), CallPolicy::interactive(), esologs::ClientBuilder::without_breaker);

    let mut last = None;
    for _ in 0..100 {
        last = rig.call().await.err();
    }

    let error = last.unwrap();
    assert!(error.is_budget_exhausted() && error.attempts() == 1, "{error:?}");
    assert!(error.to_string().contains("not repeated, since too many calls failed lately"), "{error}");
    assert_eq!(script.api_requests(), 100 + 20, "the budget holds 20 repeats; the calls took no time that would fill it");
}

#[tokio::test(start_paused = true)]
async fn an_explicit_number_of_attempts_is_honoured_exactly() {
    let script = Script::new().api_always(status(502).html());
    let rig = Rig::with(script.clone(), CallPolicy::interactive().attempts(3), esologs::ClientBuilder::without_breaker);

    for _ in 0..100 {
        assert_eq!(rig.call().await.unwrap_err().attempts(), 3);
    }

    assert_eq!(script.api_requests(), 300);
}

#[tokio::test(start_paused = true)]
async fn only_the_failures_that_the_caller_wants_repeated_are() {
    let script = Script::new().api(hangs()).api_always(status(502).html());
    let rig = Rig::new(script.clone(), CallPolicy::interactive().retry_if(|error| error.is_timeout()));

    let error = rig.call().await.unwrap_err();

    assert_eq!((error.class(), error.attempts()), (Some(Class::ServerUnavailable), 2));
    assert_eq!(rig.classes(), [Class::AttemptTimeout, Class::ServerUnavailable]);
}

// Callers' own policies.

#[derive(Default)]
struct Counting {
    calls: AtomicU32,
    attempts: AtomicU32,
    failures: Mutex<Vec<Class>>,
}

struct Counter(Arc<Counting>);

impl AroundCall for Counter {
    fn around<'a>(&'a self, _: CallInfo<'a>, work: Work<'a, Error>) -> Work<'a, Error> {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        work
    }
}

impl AroundAttempt for Counter {
    fn around<'a>(&'a self, attempt: AttemptInfo<'a>, work: Work<'a, AttemptError>) -> Work<'a, AttemptError> {
        assert_eq!(attempt.operation, "RateLimit");
        self.0.attempts.fetch_max(attempt.attempt, Ordering::SeqCst);
        Box::pin(async move {
            let result = work.await;
            self.0.failures.lock().unwrap().extend(result.as_ref().err().map(AttemptError::class));
            result
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_ones_own_sees_the_call_once_and_every_attempt() {
    let script = Script::new().api_times(2, status(502).html()).api(rate_limit());
    let seen = Arc::<Counting>::default();
    let rig = Rig::with(script, CallPolicy::interactive(), |builder| {
        builder.around_call(Counter(Arc::clone(&seen))).around_attempt(Counter(Arc::clone(&seen)))
    });

    rig.call().await.unwrap();

    assert_eq!((seen.calls.load(Ordering::SeqCst), seen.attempts.load(Ordering::SeqCst)), (1, 3));
    assert_eq!(*seen.failures.lock().unwrap(), [Class::ServerUnavailable; 2]);
}

struct Forbidding;

impl AroundAttempt for Forbidding {
    fn around<'a>(&'a self, _: AttemptInfo<'a>, _: Work<'a, AttemptError>) -> Work<'a, AttemptError> {
        Box::pin(async { Err(AttemptError::refused("not on a Sunday")) })
    }
}

struct Lying;

impl AroundCall for Lying {
    fn around<'a>(&'a self, _: CallInfo<'a>, _: Work<'a, Error>) -> Work<'a, Error> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_ones_own_can_refuse_and_one_that_lies_is_found_out() {
    let script = Script::new();
    let refusing = Rig::with(script.clone(), CallPolicy::batch(), |builder| builder.around_attempt(Forbidding));
    let lying = Rig::with(script.clone(), CallPolicy::batch(), |builder| builder.around_call(Lying));

    let refused = refusing.call().await.unwrap_err();
    let found_out = lying.call().await.unwrap_err();

    assert_eq!((refused.kind(), refused.message()), (ErrorKind::Refused, "not on a Sunday"));
    assert_eq!(found_out.kind(), ErrorKind::Refused);
    assert!(found_out.to_string().contains("but brought no answer"), "{found_out}");
    assert_eq!(script.api_requests(), 0);
}

// Settings for one call.

#[tokio::test(start_paused = true)]
async fn one_call_can_have_settings_of_its_own() {
    let script = Script::new().api_always(hangs());
    let rig = Rig::new(script, CallPolicy::interactive());
    for (client, attempts, elapsed) in [
        (rig.client.timeout(SECOND).attempts(2), 2, 2..3),
        (rig.client.deadline(5 * SECOND), 1, 5..6),
        (rig.client.timeout(40 * SECOND).attempts(1), 1, 40..41),
    ] {
        let started = Instant::now();
        let error = client.rate_limit().await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{error}");
        assert!(elapsed.contains(&started.elapsed().as_secs()), "{:?}, expected {elapsed:?} s", started.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_patient_call_waits_as_long_as_it_is_told_and_no_longer() {
    let script = Script::new().api(rate_limit()).api_always(status(503).html());
    let rig = Rig::new(script, CallPolicy::interactive());
    rig.call().await.unwrap();
    let started = Instant::now();

    let error = rig.client.patient(3 * MINUTE).rate_limit().await.unwrap_err();

    assert!((2 * MINUTE..=3 * MINUTE).contains(&started.elapsed()), "{:?}", started.elapsed());
    assert!(error.is_outage() && error.retry_at().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_is_told_as_cancelled_and_leaves_nothing_behind() {
    let cancelled = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&cancelled);
    let script = Script::new().api(hangs()).api_always(json(serde_json::json!({"data": {"rateLimitData": {
        "limitPerHour": 3600, "pointsSpentThisHour": 1.0, "pointsResetIn": 60
    }}})));
    let rig = Rig::with(script, CallPolicy { concurrency: 1, ..CallPolicy::batch() }, move |builder| {
        builder.on_event(move |event| {
            if matches!(event, Event::Cancelled { .. }) {
                count.fetch_add(1, Ordering::SeqCst);
            }
        })
    });

    let dropped = tokio::time::timeout(SECOND, rig.call()).await;

    assert!(dropped.is_err());
    assert_eq!(cancelled.load(Ordering::SeqCst), 1);
    rig.call().await.unwrap();
    assert_eq!(rig.told().last(), Some(&Told::Answered(1)));
}
