//! When a call is repeated, after which wait, and when it ends.

use std::time::Duration;

use esologs::transport::TransportErrorKind;
use esologs::{Backoff, CallPolicy, Class, ClientBuilder, ErrorKind, MaxWait, WaitReason};
use serde_json::json as value;
use tokio::time::Instant;

use crate::support::{BASE, Rig, Script, Told, broken, graphql_error, hangs, rate_limit, snapshot, status};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// As many attempts as the deadline allows.
fn uncounted() -> CallPolicy {
    CallPolicy { attempts: None, ..CallPolicy::interactive() }
}

// The deadline.

#[tokio::test(start_paused = true)]
async fn no_call_goes_on_past_its_deadline_whatever_the_jitter() {
    for seed in 0..100 {
        for reply in [status(503).html(), hangs(), status(429).html(), broken(TransportErrorKind::Connect)] {
            let script = Script::new().api_always(reply.after(Duration::from_millis(700)));
            let rig = Rig::with_seed(script.clone(), uncounted(), seed);

            let error = rig.call().await.unwrap_err();

            assert!(rig.elapsed() <= 30 * SECOND, "seed {seed}: ended after {:?}", rig.elapsed());
            assert!(script.seen().iter().all(|seen| seen.at < 30 * SECOND), "seed {seed}: a request after the deadline");
            assert_eq!(error.elapsed(), rig.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_before_the_deadline_is_not_begun() {
    let script = Script::new().api_always(status(503).retry_after(40));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let error = rig.call().await.unwrap_err();

    assert_eq!(rig.elapsed(), Duration::ZERO, "failing now beats failing later");
    assert_eq!(script.api_requests(), 1);
    assert!(rig.waits().is_empty(), "{:?}", rig.waits());
    let wait = error.retry_at().expect("a refusal says when to come back").since(BASE);
    assert!((40 * SECOND..=49 * SECOND).contains(&wait), "retry_at is {wait:?} away");
    assert!(error.is_retryable());
    assert!(error.to_string().contains("after the deadline"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_is_cut_at_the_deadline() {
    let script = Script::new().api_always(hangs());
    let rig = Rig::new(script.clone(), CallPolicy { deadline: Some(15 * SECOND), ..CallPolicy::interactive() });

    let error = rig.call().await.unwrap_err();

    assert_eq!(script.api_requests(), 2);
    assert_eq!(rig.elapsed(), 15 * SECOND);
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_after_its_own_time_and_a_slow_answer_within_it_counts() {
    let script = Script::new().api(rate_limit().after(11 * SECOND)).api(rate_limit().after(9 * SECOND));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.call().await.unwrap();

    assert_eq!(rig.classes(), [Class::AttemptTimeout]);
    assert_eq!(script.api_requests(), 2);
}

// Retry-After.

#[tokio::test(start_paused = true)]
async fn a_503_waits_as_long_as_the_server_asks_and_a_little_longer() {
    for seed in 0..200 {
        let script = Script::new().api(status(503).retry_after(7)).api(rate_limit());
        let rig = Rig::with_seed(script.clone(), CallPolicy::interactive(), seed);

        rig.call().await.unwrap();

        let pause = script.api_pauses()[0];
        assert!(pause >= 7 * SECOND, "seed {seed}: sent {:?} early", 7 * SECOND - pause);
        assert!(pause <= 9 * SECOND + Duration::from_millis(51), "seed {seed}: {pause:?}");
        assert_eq!(rig.waits()[0].0, WaitReason::RetryAfter);
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_waits_for_retry_after_and_then_succeeds() {
    let script = Script::new().api(status(429).retry_after(3)).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.call().await.unwrap();

    let pause = script.api_pauses()[0];
    assert!((3 * SECOND..=5 * SECOND + Duration::from_millis(51)).contains(&pause), "{pause:?}");
}

#[tokio::test(start_paused = true)]
async fn clients_that_were_sent_away_together_do_not_come_back_together() {
    let mut pauses = Vec::new();
    for seed in 0..50 {
        let script = Script::new().api(status(503).retry_after(10)).api(rate_limit());
        Rig::with_seed(script.clone(), CallPolicy::interactive(), seed).call().await.unwrap();
        pauses.push(script.api_pauses()[0]);
    }
    let (first, last) = (pauses.iter().min().unwrap(), pauses.iter().max().unwrap());
    assert!(*last - *first > SECOND, "all came back between {first:?} and {last:?}");
}

#[tokio::test(start_paused = true)]
async fn a_date_in_retry_after_is_read_against_the_answers_own_date() {
    let answer = status(503).header("date", "Tue, 03 Mar 2026 10:00:00 GMT").retry_after("Tue, 03 Mar 2026 10:00:06 GMT");
    let script = Script::new().api(answer).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.call().await.unwrap();

    let pause = script.api_pauses()[0];
    assert!((6 * SECOND..=8 * SECOND + Duration::from_millis(51)).contains(&pause), "{pause:?}");
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_that_cannot_be_understood_is_as_none() {
    for value in ["soon", "1.5", "", "Sun, 99 Nov 1994 08:49:37 GMT"] {
        let script = Script::new().api(status(503).retry_after(value)).api(rate_limit());
        let rig = Rig::new(script.clone(), CallPolicy::interactive());

        rig.call().await.unwrap();

        assert_eq!(rig.waits()[0].0, WaitReason::Backoff, "{value:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_call_waits_out_a_long_retry_after_but_not_one_beyond_its_patience() {
    let script = Script::new().api(status(429).retry_after(1036)).api(rate_limit());
    Rig::new(script.clone(), CallPolicy::batch()).call().await.unwrap();
    assert!(script.api_pauses()[0] >= 1036 * SECOND);

    for (reply, kind) in
        [(status(429).retry_after(2 * 3600), ErrorKind::RateLimited), (status(503).retry_after(11 * 60), ErrorKind::Upstream)]
    {
        let script = Script::new().api_always(reply);
        let rig = Rig::new(script.clone(), CallPolicy::batch());

        let error = rig.call().await.unwrap_err();

        assert_eq!((rig.elapsed(), script.api_requests()), (Duration::ZERO, 1));
        assert_eq!(error.kind(), kind);
        assert!(error.retry_at().unwrap().since(BASE) >= 11 * MINUTE, "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_wait_that_the_server_asked_for_the_backoff_starts_anew() {
    for seed in 0..50 {
        let script = Script::new()
            .api_times(6, status(502).html())
            .api(status(503).retry_after(1))
            .api(status(502).html())
            .api(rate_limit());
        let rig = Rig::with_seed(script.clone(), CallPolicy::batch(), seed);

        rig.call().await.unwrap();

        let after = *script.api_pauses().last().unwrap();
        assert!(after <= Duration::from_millis(501), "seed {seed}: the first step is at most 0.5 s, this was {after:?}");
    }
}

// Attempts.

#[tokio::test(start_paused = true)]
async fn as_many_attempts_are_made_as_the_policy_says() {
    for attempts in 1..=6 {
        let script = Script::new().api_always(status(502).html());
        let rig = Rig::new(script.clone(), CallPolicy { attempts: Some(attempts), ..CallPolicy::interactive() });

        let error = rig.call().await.unwrap_err();

        assert_eq!(script.api_requests(), attempts as usize);
        assert_eq!(error.attempts(), attempts);
        assert_eq!(rig.told().last(), Some(&Told::GaveUp(attempts, Class::ServerUnavailable)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_plain_call_makes_one_attempt() {
    for reply in [
        status(503).retry_after(1),
        status(429).html(),
        hangs(),
        broken(TransportErrorKind::Connect),
        graphql_error("Internal server error"),
    ] {
        let script = Script::new().api_always(reply);
        let rig = Rig::new(script.clone(), CallPolicy::plain());

        let error = rig.call().await.unwrap_err();

        assert_eq!((script.api_requests(), error.attempts()), (1, 1));
        assert!(rig.elapsed() <= 10 * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn each_class_has_its_own_count_and_the_call_has_the_sum() {
    let script = Script::new().api_times(2, status(200).html()).api(status(502).html()).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.call().await.unwrap();

    assert_eq!(script.api_requests(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_free_repeat_is_not_counted_as_an_attempt() {
    let script = Script::new().api(broken(TransportErrorKind::NotProcessed)).api_times(3, status(502).html()).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.call().await.unwrap();

    assert_eq!(script.api_requests(), 5);
    assert_eq!(rig.told().last(), Some(&Told::Answered(4)));
}

#[tokio::test(start_paused = true)]
async fn the_log_of_a_call_tells_each_fact_once_in_order() {
    let script = Script::new().api(status(502).body("Bad Gateway")).api(rate_limit());
    let rig = Rig::new(script, CallPolicy::interactive());

    rig.call().await.unwrap();

    let delay = rig.waits()[0].1;
    assert_eq!(
        rig.told(),
        [
            Told::TokenAsked,
            Told::TokenFetched,
            Told::Started(1),
            Told::Failed(Class::ServerUnavailable, "HTTP 502: Bad Gateway".into()),
            Told::Waiting(WaitReason::Backoff, delay),
            Told::Started(2),
            Told::Answered(2),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_sends_nothing_more() {
    let script = Script::new().api_always(status(502).html());
    let rig = Rig::new(script.clone(), CallPolicy::batch());

    let cancelled = tokio::time::timeout(5 * SECOND, rig.call()).await;
    let before = script.api_requests();
    tokio::time::sleep(10 * MINUTE).await;

    assert!(cancelled.is_err());
    assert_eq!(script.api_requests(), before);
}

// The backoff.

#[tokio::test(start_paused = true)]
async fn waits_are_full_jitter_between_a_floor_and_a_doubling_ceiling() {
    let mut shares = Vec::new();
    for seed in 0..200 {
        let script = Script::new().api_times(5, status(502).html()).api(rate_limit());
        Rig::with_seed(script.clone(), uncounted(), seed).call().await.unwrap();
        for (step, pause) in script.api_pauses().into_iter().enumerate() {
            let ceiling = Duration::from_millis(200) * 2_u32.pow(step as u32);
            // The timer counts whole milliseconds and rounds up.
            assert!(
                (Duration::from_millis(50)..=ceiling + Duration::from_millis(1)).contains(&pause),
                "seed {seed}, step {step}: {pause:?}"
            );
            shares.push(pause.as_secs_f64() / ceiling.as_secs_f64());
        }
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    assert!((0.47..0.56).contains(&mean), "the mean of full jitter is half the ceiling (a little more by the floor), not {mean}");
    for quarter in 0..4 {
        let (from, to) = (f64::from(quarter) / 4.0, f64::from(quarter + 1) / 4.0);
        let within = shares.iter().filter(|share| (from..to).contains(*share)).count();
        assert!(within > shares.len() / 6, "only {within} of {} waits lie between {from} and {to} of the ceiling", shares.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_never_passes_its_cap() {
    let policy = CallPolicy { backoff: Backoff { base: SECOND, cap: 3 * SECOND }, ..CallPolicy::batch() };
    let script = Script::new().api_times(60, status(502).html()).api(rate_limit());
    Rig::with(script.clone(), policy, ClientBuilder::without_breaker).call().await.unwrap();

    let longest = script.api_pauses().into_iter().max().unwrap();

    assert!((2 * SECOND..=3 * SECOND + Duration::from_millis(1)).contains(&longest), "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn after_a_failed_connect_the_wait_is_at_least_300_ms() {
    for seed in 0..50 {
        let script = Script::new().api_times(3, broken(TransportErrorKind::Connect)).api(rate_limit());
        Rig::with_seed(script.clone(), CallPolicy::interactive(), seed).call().await.unwrap();
        assert!(
            script.api_pauses().iter().all(|pause| *pause >= Duration::from_millis(300)),
            "seed {seed}: {:?}",
            script.api_pauses()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_waits_the_same() {
    let mut runs = Vec::new();
    for seed in [9, 9, 10] {
        let script = Script::new().api_times(3, status(502).html()).api(rate_limit());
        Rig::with_seed(script.clone(), CallPolicy::interactive(), seed).call().await.unwrap();
        runs.push(script.api_pauses());
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

// Limits of the service.

#[tokio::test(start_paused = true)]
async fn a_429_without_retry_after_backs_off_from_one_second_up() {
    let mut longest = [Duration::ZERO; 2];
    for seed in 0..100 {
        let script = Script::new().api_times(2, status(429).html()).api(rate_limit());
        let rig = Rig::with_seed(script.clone(), CallPolicy::interactive(), seed);
        rig.call().await.unwrap();
        for (step, pause) in script.api_pauses().into_iter().enumerate() {
            assert!(pause <= SECOND * 2_u32.pow(step as u32) + Duration::from_millis(1), "seed {seed}, step {step}: {pause:?}");
            longest[step] = longest[step].max(pause);
        }
        assert!(rig.waits().iter().all(|(reason, _)| *reason == WaitReason::Throttled));
    }
    assert!(longest[0] > Duration::from_millis(800) && longest[1] > Duration::from_millis(1600), "{longest:?}");
}

/// A script whose first answer says that all points are spent and come back in 600 s.
fn spent() -> Script {
    Script::new().api(snapshot(3600.0, 3600.5, 600))
}

#[tokio::test(start_paused = true)]
async fn a_429_with_the_points_spent_waits_for_the_reset_and_not_for_retry_after() {
    for seed in 0..50 {
        let reply = status(429).json(value!({"status": 429, "error": "Too many requests"})).retry_after(1036);
        let script = spent().api(reply).api(rate_limit());
        let rig = Rig::with_seed(script.clone(), CallPolicy::batch(), seed);
        rig.call().await.unwrap();
        tokio::time::sleep(100 * SECOND).await;

        rig.call().await.unwrap();

        let (reason, delay) = rig.waits()[0];
        assert_eq!(reason, WaitReason::Points);
        assert!((500 * SECOND..=502 * SECOND).contains(&delay), "seed {seed}: {delay:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_does_not_wait_for_points_and_says_when_they_come() {
    let script = spent().api_always(status(429).json(value!({"status": 429, "error": "Too many requests"})));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.call().await.unwrap();

    let error = rig.call().await.unwrap_err();

    assert_eq!((rig.elapsed(), script.api_requests()), (Duration::ZERO, 2));
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    let away = error.retry_at().unwrap().since(BASE);
    assert!((600 * SECOND..=602 * SECOND).contains(&away), "{away:?}");
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_waits_for_points_that_come_well_before_its_deadline() {
    let script = Script::new()
        .api(snapshot(3600.0, 3600.0, 5))
        .api_always(status(429).json(value!({"status": 429, "error": "Too many requests"})));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.call().await.unwrap();

    let error = rig.call().await.unwrap_err();

    assert!(rig.elapsed() >= 5 * SECOND && rig.elapsed() < 30 * SECOND, "{:?}", rig.elapsed());
    assert_eq!(script.api_requests(), 4, "two repeats, each after a wait");
    assert_eq!(error.kind(), ErrorKind::RateLimited);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_an_ended_hour_holds_nobody_up() {
    let script = spent().api(status(429).json(value!({"status": 429, "error": "Too many requests"}))).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.call().await.unwrap();
    tokio::time::sleep(601 * SECOND).await;

    rig.call().await.unwrap();

    assert_eq!(rig.waits()[0].0, WaitReason::Throttled);
}

// Outages.

#[tokio::test(start_paused = true)]
async fn a_batch_call_waits_through_an_outage_of_eight_minutes() {
    for seed in 0..20 {
        let up_again = Instant::now() + 8 * MINUTE;
        let script = Script::new().api_by(move |_| if Instant::now() < up_again { status(503).html() } else { rate_limit() });
        let rig = Rig::with_seed(script.clone(), CallPolicy::batch(), seed);

        rig.call().await.unwrap_or_else(|error| panic!("seed {seed}: {error}"));

        assert!(rig.elapsed() <= 9 * MINUTE, "seed {seed}: found out after {:?}", rig.elapsed());
        assert!(script.api_requests() <= 60, "seed {seed}: {} requests in 8 minutes", script.api_requests());
    }
}

#[tokio::test(start_paused = true)]
async fn a_maintenance_page_is_an_outage_for_a_batch_call_where_nothing_else_gets_an_answer() {
    let up_again = Instant::now() + 5 * MINUTE;
    let script = Script::new().api_by(move |_| if Instant::now() < up_again { status(200).html() } else { rate_limit() });
    let rig = Rig::new(script, CallPolicy::batch());

    let outcome = rig.call().await;

    assert!(outcome.is_ok(), "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn a_batch_call_gives_up_after_ten_minutes_of_outage() {
    for seed in 0..20 {
        let script = Script::new().api_always(status(503).html());
        let rig = Rig::with_seed(script, CallPolicy::batch(), seed);

        let error = rig.call().await.unwrap_err();

        assert!((8 * MINUTE..=10 * MINUTE).contains(&rig.elapsed()), "seed {seed}: {:?}", rig.elapsed());
        assert_eq!(error.kind(), ErrorKind::Upstream);
        assert!(error.is_retryable() && error.retry_at().is_some(), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_never_answered_is_given_up_after_twenty_seconds() {
    for seed in 0..20 {
        let nobody = broken(TransportErrorKind::Connect);
        let script = Script::new().token_always(nobody.after(3 * SECOND));
        let rig = Rig::with_seed(script.clone(), CallPolicy::batch(), seed);

        let error = rig.call().await.unwrap_err();

        assert!(rig.elapsed() <= 25 * SECOND, "seed {seed}: reported after {:?}", rig.elapsed());
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(error.to_string().contains("cannot reach logs.test"), "{error}");
        assert!(error.hint().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_host_that_never_answered_is_given_up_within_25_seconds() {
    let script = Script::new().token_always(hangs());
    let rig = Rig::new(script, CallPolicy::batch());

    let error = rig.call().await.unwrap_err();

    assert!(rig.elapsed() <= 25 * SECOND, "reported after {:?}", rig.elapsed());
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_has_answered_before_is_waited_for_although_it_cannot_be_reached_now() {
    let back = Instant::now() + MINUTE;
    let script = Script::new()
        .api(rate_limit())
        .api_by(move |_| if Instant::now() < back { broken(TransportErrorKind::Connect) } else { rate_limit() });
    let rig = Rig::new(script.clone(), CallPolicy::batch());
    rig.call().await.unwrap();

    rig.call().await.unwrap();

    assert!(rig.elapsed() > 20 * SECOND, "{:?}", rig.elapsed());
}

#[tokio::test(start_paused = true)]
async fn waits_for_the_throttle_do_not_use_up_the_patience_with_outages() {
    // Nine minutes of outage, a 429 of a healthy service, nine minutes of outage.
    let started = Instant::now();
    let script = Script::new().api_by(move |_| match started.elapsed().as_secs() / 60 {
        0..8 => status(503).html(),
        8..11 => status(429).retry_after(60),
        11..19 => status(503).html(),
        _ => rate_limit(),
    });
    let rig = Rig::new(script, CallPolicy::batch());

    let outcome = rig.call().await;

    assert!(outcome.is_ok(), "{outcome:?}");
}

// Content that is of no use.

#[tokio::test(start_paused = true)]
async fn a_batch_call_ends_after_five_useless_answers_in_a_row() {
    let script = Script::new().api_always(graphql_error("Internal server error"));
    let rig = Rig::new(script.clone(), CallPolicy::batch());

    let error = rig.call().await.unwrap_err();

    assert_eq!((script.api_requests(), error.attempts()), (5, 5));
    assert!(error.to_string().contains("looks permanent"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn another_failure_between_useless_answers_starts_their_count_anew() {
    let useless = graphql_error("Internal server error");
    let script = Script::new().api_times(4, useless.clone()).api(status(502).html()).api_times(4, useless).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::batch());

    rig.call().await.unwrap();

    assert_eq!(script.api_requests(), 10);
}

// Settings.

#[tokio::test(start_paused = true)]
async fn an_explicit_number_of_attempts_binds_a_batch_call_too() {
    let script = Script::new().api_always(status(502).html());
    let rig = Rig::new(script.clone(), CallPolicy { attempts: Some(3), ..CallPolicy::batch() });

    let error = rig.call().await.unwrap_err();

    assert_eq!((script.api_requests(), error.attempts()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn no_patience_at_all_means_one_attempt_and_a_time_to_come_back() {
    let none =
        MaxWait { points: Duration::ZERO, breaker: Duration::ZERO, outage: Some(Duration::ZERO), never_answered: Duration::ZERO };
    for reply in [status(502).html(), status(429).retry_after(5)] {
        let script = Script::new().api_always(reply);
        let rig = Rig::new(script.clone(), CallPolicy { max_wait: none, ..CallPolicy::batch() });

        let error = rig.call().await.unwrap_err();

        assert_eq!((rig.elapsed(), script.api_requests()), (Duration::ZERO, 1));
        assert!(error.retry_at().is_some(), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_for_some_calls_is_checked_as_the_clients_own_is() {
    let script = Script::new().api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let careless = rig.client.with_policy(CallPolicy { attempt_timeout: Duration::ZERO, ..CallPolicy::interactive() });
    let error = careless.rate_limit().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
    assert_eq!(script.seen().len(), 0);
}
