//! A pull through a storm: it never hangs without having said for what it waits and until when.
//!
//! Two rules, over everything that the client tells: whoever has failed says at once what comes next (a wait with its end, a
//! try, or the end of the call), and is there when the wait is over; and nowhere is it silent for longer than one try may
//! take, unless it has said that it waits.

use std::time::Duration;

use esologs::pull::{Outcome, Pull};
use esologs::{CallPolicy, Class};
use esologs_sim::world::World;
use esologs_sim::{Faults, Simulator};
use tokio::time::Instant;

use crate::support::rig::Logged;
use crate::support::served::Served;
use crate::support::{BASE, Rig, Script, Told, brisk, hangs, rate_limit, status};

const GUILD: i64 = 3468;
const SECOND: Duration = Duration::from_secs(1);
/// For a machine that has other things to do.
const ROOM: Duration = Duration::from_secs(3);

/// The longest that one try may take: a request for a token has 10 s whatever the policy.
const LONGEST_TRY: Duration = Duration::from_secs(10);
/// The longest wait that a storm can ask for: 2 s of `Retry-After` and 2 s to spread the callers, or a pause for a token.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Short tries, so that a silence is long compared with them.
fn patient() -> CallPolicy {
    CallPolicy { attempt_timeout: 2 * SECOND, body_stall: SECOND, ..brisk(CallPolicy::batch()) }
}

fn simulator(seed: u64) -> Simulator {
    let reports = [300, 200, 400].map(|events| format!("[[report]]\nevents = {events}\nfights = 3\n")).concat();
    let world = format!("seed = 5\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{reports}");
    let now = 1_800_000_000_000;
    let world = World::from_toml(&world, now).unwrap();
    let faults = Faults::weather("storm").unwrap().seeded(seed);
    Simulator::builder().world(world).start_unix_ms(now).faults(faults).build().unwrap()
}

#[tokio::test]
async fn a_pull_in_a_storm_says_at_every_moment_for_what_it_waits_and_until_when() {
    let mut faults = 0;
    let storms = [1, 2, 3, 4].map(|seed| async move {
        let served = Served::of(simulator(seed), patient()).await;
        let started = Instant::now();
        let folder = tempfile::tempdir().unwrap();
        // One report at a time, so that the log is that of one call after the other.
        let pull = Pull::guild(served.rig.client.clone(), GUILD, folder.path()).concurrency(1);

        let summary = tokio::time::timeout(100 * SECOND, pull.run(|_| {})).await.expect("the pull hangs").unwrap();

        let complete = summary.reports.iter().filter(|report| matches!(report.outcome, Outcome::Complete)).count();
        assert_eq!((complete, summary.missing()), (3, 0), "storm {seed}: {summary:?}");
        let log = served.rig.log();
        assert_says_what_comes_next(&log, started);
        assert_is_never_silent(&log, started, Instant::now());
        served.stats().faults_total
    });
    for storm in futures_util::future::join_all(storms).await {
        faults += storm;
    }
    assert!(faults >= 12, "only {faults} faults struck");
}

/// After each failure comes at once a wait with its end, the next try, or the end of the call; after a wait the next try, when
/// the wait is over.
fn assert_says_what_comes_next(log: &[Logged], started: Instant) {
    for pair in log.windows(2) {
        let (now, next) = (&pair[0], &pair[1]);
        let between = next.at - now.at;
        match &now.told {
            Told::Failed(class, _) => {
                let renews = *class == Class::Unauthenticated && matches!(next.told, Told::TokenAsked);
                let says = matches!(next.told, Told::Waiting(..) | Told::GaveUp(..));
                assert!((says || renews) && between < ROOM, "{now:?} is followed by {next:?}");
            }
            Told::Waiting(_, delay) => {
                assert!(*delay <= LONGEST_WAIT, "{now:?}");
                let until = now.until.unwrap().since(BASE);
                let expected = (now.at - started) + *delay;
                assert!(until.abs_diff(expected) < ROOM, "the end is told as {until:?}, and is {expected:?}");
                let goes_on = matches!(next.told, Told::Started(_) | Told::TokenAsked | Told::Waiting(..));
                assert!(goes_on, "{now:?} is followed by {next:?}");
                assert!(between <= *delay + ROOM, "{now:?} lasts {between:?}");
            }
            _ => {}
        }
    }
}

/// No stretch without a word is longer than one try, but for a wait that was told.
fn assert_is_never_silent(log: &[Logged], started: Instant, ended: Instant) {
    let mut allowed = started + LONGEST_TRY + ROOM;
    for logged in log {
        assert!(logged.at <= allowed, "silent until {:?}, when {logged:?}", logged.at - started);
        let wait = if let Told::Waiting(_, delay) = logged.told { delay } else { Duration::ZERO };
        allowed = logged.at + wait.max(LONGEST_TRY) + ROOM;
    }
    assert!(ended <= allowed, "silent to the end");
}

// In virtual time.

#[tokio::test(start_paused = true)]
async fn a_call_through_an_outage_says_for_what_it_waits_and_until_when() {
    let script = Script::new().api_times(8, status(503).html()).api(status(429).retry_after(30)).api(rate_limit());
    let rig = Rig::new(script, CallPolicy::batch());
    let started = Instant::now();

    rig.call().await.unwrap();

    let waits: Vec<_> = rig.log().into_iter().filter_map(|logged| Some((logged.at, logged.told, logged.until?))).collect();
    assert_eq!(waits.len(), 9);
    for (at, told, until) in waits {
        let Told::Waiting(_, delay) = told else { panic!("{told:?} has an end") };
        assert_eq!(until.since(BASE).as_millis(), (at - started + delay).as_millis());
        assert!(delay > Duration::ZERO && delay <= 60 * SECOND, "{delay:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_says_what_it_waits_for_while_a_token_is_asked_for_again_and_again() {
    let script = Script::new().token_always(hangs()).api(rate_limit()).api(status(401)).api_always(rate_limit());
    let script = script.token(crate::support::token("first"));
    let rig = Rig::new(script, CallPolicy::batch());
    let started = Instant::now();
    rig.call().await.unwrap();

    let call = tokio::time::timeout(120 * SECOND, rig.call()).await;

    assert!(call.is_err(), "the token endpoint is silent for good");
    assert_is_never_silent(&rig.log(), started, Instant::now());
}
