//! What stays within bounds whatever happens, and what our own limits must not be mistaken for.

use std::time::Duration;

use esologs::hooks::{AroundAttempt, AttemptInfo, Work};
use esologs::{
    AttemptError, BreakerSettings, BreakerState, CallPolicy, CircuitBreaker, ErrorKind, RetryBudget, RetryBudgetSettings,
};
use futures_util::future::join_all;
use serde_json::Map;
use tokio::time::Instant;

use crate::support::{Rig, Script, hangs, rate_limit, status};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn more_calls_than_a_healthy_service_can_answer_in_time_do_not_open_the_breaker() {
    let script = Script::new().api_always(rate_limit().after(5 * SECOND));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let calls = (0..1000).map(|number| {
        let (client, document) = (rig.client.clone(), format!("query Q{number} {{ rateLimitData {{ limitPerHour }} }}"));
        async move { client.query(&document, Map::new()).await }
    });
    let outcomes = join_all(calls).await;

    let answered = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let kinds = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    assert!((20..=24).contains(&answered), "{answered} answers: 4 places, 5 s each, 30 s");
    for error in kinds {
        assert_eq!(error.kind(), ErrorKind::Busy, "{error}");
        assert!(!error.is_outage(), "a crowd of our own says nothing about the service: {error}");
    }
    assert_eq!(rig.client.breaker().unwrap().state(), BreakerState::Closed);
    assert_eq!(script.api_requests(), answered, "nothing is sent without time for its answer");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_the_probe_is_probed_ever_more_rarely() {
    let script = Script::new().api_times(20, status(503).html()).api_always(status(403).html());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    while rig.client.breaker().unwrap().state() == BreakerState::Closed {
        assert!(rig.call().await.is_err());
    }
    let asked = script.api_requests();

    tokio::time::sleep(10 * MINUTE).await;

    let probes = script.api_requests() - asked;
    assert!((20..=60).contains(&probes), "{probes} probes in ten minutes");
}

/// Lets nothing through once it has been told to.
struct Closing(Instant);

impl AroundAttempt for Closing {
    fn around<'a>(&'a self, _: AttemptInfo<'a>, work: Work<'a, AttemptError>) -> Work<'a, AttemptError> {
        if Instant::now() < self.0 { work } else { Box::pin(async { Err(AttemptError::refused("closed")) }) }
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_ones_own_that_refuses_probes_makes_no_busy_loop() {
    let script = Script::new().api_always(status(503).html());
    let closes = Instant::now() + 4 * SECOND;
    let rig = Rig::with(script.clone(), CallPolicy::interactive(), |builder| builder.around_attempt(Closing(closes)));
    while rig.client.breaker().unwrap().state() == BreakerState::Closed {
        assert!(rig.call().await.is_err());
    }
    let told = rig.told().len();

    tokio::time::sleep(10 * MINUTE).await;

    assert!(rig.told().len() - told < 300, "{} events", rig.told().len() - told);
}

#[tokio::test(start_paused = true)]
async fn a_patient_call_does_not_wait_for_ever_where_each_429_asks_for_a_little() {
    let script = Script::new().api_always(status(429).retry_after(300));
    let rig = Rig::new(script, CallPolicy::batch());

    let error = rig.call().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!((60 * MINUTE..=70 * MINUTE).contains(&rig.elapsed()), "{:?}", rig.elapsed());
}

#[tokio::test(start_paused = true)]
async fn spent_points_end_an_interactive_call_at_once_also_where_nobody_knows_when_they_come_back() {
    let script = Script::new().api_always(status(429).json(serde_json::json!({"error": "You have used all your points"})));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let error = rig.call().await.unwrap_err();

    assert_eq!((error.kind(), error.retry_at()), (ErrorKind::RateLimited, None));
    assert_eq!((script.api_requests(), rig.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_call_has_all_its_attempts_where_its_deadline_leaves_room_for_them() {
    let script = Script::new().api_always(hangs());
    let policy = CallPolicy::interactive().timeout(MINUTE).attempts(4).deadline(5 * MINUTE);
    let rig = Rig::new(script.clone(), policy);

    let error = rig.call().await.unwrap_err();

    assert_eq!((error.attempts(), script.api_requests()), (4, 4));
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test(start_paused = true)]
async fn a_patient_call_with_a_bound_on_its_time_in_line_ends_at_it() {
    let script = Script::new().api_always(rate_limit().after(30 * SECOND));
    let policy = CallPolicy { concurrency: 1, slot_timeout: Some(2 * SECOND), ..CallPolicy::batch() };
    let rig = Rig::new(script, policy);
    let second = async {
        let error = rig.call().await.unwrap_err();
        (error, rig.elapsed())
    };

    let (first, (error, after)) = tokio::join!(rig.call(), second);

    assert!(first.is_ok());
    assert_eq!((error.kind(), error.retry_at(), error.is_outage()), (ErrorKind::Busy, None, false));
    assert_eq!(after, 2 * SECOND);
}

#[test]
fn a_call_that_nothing_would_end_is_refused() {
    let endless = CallPolicy { deadline: None, attempts: None, ..CallPolicy::interactive() };
    let error = esologs::Client::builder().policy(endless).build().unwrap_err();
    assert!(error.to_string().contains("nothing would ever end a call"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_breaker_takes_any_time_and_refuses_what_is_none() {
    let for_ever = CircuitBreaker::new(1, Duration::MAX);
    for_ever.acquire().unwrap().failed();
    assert!(for_ever.acquire().unwrap_err().retry_in.unwrap() > 1_000_000 * MINUTE);

    let lazy = CircuitBreaker::new(1, Duration::ZERO);
    lazy.acquire().unwrap().failed();
    assert_eq!(lazy.state(), BreakerState::Open);

    let jitter = BreakerSettings { open_jitter: f64::NAN, ..BreakerSettings::interactive() };
    assert_eq!(CircuitBreaker::with_settings(jitter).unwrap_err().kind(), ErrorKind::Usage);
}

#[tokio::test(start_paused = true)]
async fn a_budget_takes_only_prices_and_settings_that_are_some() {
    let budget = RetryBudget::new(RetryBudgetSettings::interactive()).unwrap();
    for price in [-3.0, f64::NAN, f64::INFINITY, 20.5] {
        assert!(budget.withdraw(price).is_none(), "{price}");
    }
    assert!((budget.tokens() - 20.0).abs() < 1e-9);

    for cap in [f64::NAN, f64::INFINITY, -1.0, 1.0] {
        let settings = RetryBudgetSettings { cap, ..RetryBudgetSettings::interactive() };
        assert_eq!(RetryBudget::new(settings).unwrap_err().kind(), ErrorKind::Usage, "{cap}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_answers_nothing_opens_the_breaker() {
    let script = Script::new().api_always(hangs());
    // Four places: in line, most calls come to their turn with little time left.
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let calls = (0..500).map(|number| {
        let client = rig.client.clone();
        async move {
            tokio::time::sleep(number * SECOND / 5).await;
            client.rate_limit().await
        }
    });
    join_all(calls).await;

    assert_eq!(rig.client.breaker().unwrap().state(), BreakerState::Open);
    assert!(script.api_requests() < 40, "{} requests", script.api_requests());
}
