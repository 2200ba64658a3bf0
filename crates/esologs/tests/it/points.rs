//! The points ledger in the pipeline, on the simulator in virtual time: what is sent, what waits, and what the service charged.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::{CallPolicy, Client, Error, ErrorKind, Event, Ledger, Points, Priority, UnixMillis, WaitReason};
use esologs_sim::{CostModel, DEMO_CLIENT_ID, Simulator, SimulatorBuilder};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::support::in_process::builder_of;
use crate::support::{Rig, Script, hangs, json, rate_limit, snapshot, status};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// A simulator whose every call costs the same, 1.25 points, with a window of ten minutes.
fn service(limit: u32) -> SimulatorBuilder {
    Simulator::builder()
        .start_unix_ms(1_790_000_400_000)
        .limit(limit)
        .window(10 * MINUTE)
        .cost_model(CostModel::Flat)
        .without_throttle()
}

fn client(sim: &Simulator, policy: CallPolicy) -> Client {
    builder_of(sim).policy(policy).without_request_rate().without_single_flight().build().unwrap()
}

/// Calls until one fails or the time is over; how many were answered, and the error.
async fn calls_for(client: &Client, time: Duration) -> (u32, Option<Error>) {
    let (started, mut answered) = (Instant::now(), 0);
    while started.elapsed() < time {
        match client.rate_limit().await {
            Ok(_) => answered += 1,
            Err(error) => return (answered, Some(error)),
        }
        tokio::time::sleep(SECOND / 10).await;
    }
    (answered, None)
}

/// What was told of waiting.
type Waits = Arc<Mutex<Vec<(WaitReason, Duration, UnixMillis, usize)>>>;

fn waits_of(builder: esologs::ClientBuilder) -> (Client, Waits) {
    let waits = Waits::default();
    let kept = Arc::clone(&waits);
    let client = builder
        .on_event(move |event| {
            if let Event::Waiting { reason, delay, until, queued, .. } = event {
                kept.lock().unwrap().push((*reason, *delay, *until, *queued));
            }
        })
        .build()
        .unwrap();
    (client, waits)
}

#[tokio::test(start_paused = true)]
async fn batch_calls_use_window_after_window_and_are_never_refused() {
    let sim = service(200).build().unwrap();
    let client = client(&sim, CallPolicy::batch());

    let (answered, error) = calls_for(&client, 59 * MINUTE).await;

    assert!(error.is_none(), "{error:?}");
    let stats = sim.stats();
    assert_eq!(stats.refused_for_points, 0);
    // Five windows from their start, and part of one.
    assert!(stats.points_spent >= 5.0 * 0.95 * 200.0, "{} points in {answered} calls", stats.points_spent);
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_is_refused_at_once_when_too_few_points_are_left_and_told_when_there_are_more() {
    let sim = service(100).build().unwrap();
    let client = client(&sim, CallPolicy::interactive());
    client.rate_limit().await.unwrap();
    sim.spend_elsewhere(DEMO_CLIENT_ID, 98.0);
    client.rate_limit().await.unwrap();
    let (sent, asked) = (sim.stats().executed, Instant::now());

    let error = client.rate_limit().await.unwrap_err();

    assert_eq!((error.kind(), error.attempts(), asked.elapsed()), (ErrorKind::RateLimited, 0, Duration::ZERO));
    assert_eq!(error.class().map(|class| class.name()), Some("points_short"));
    assert!(error.to_string().contains("too few points are left"), "{error}");
    let left = error.retry_at().unwrap().since(UnixMillis::new(sim.now_unix_ms()));
    assert!(left > 8 * MINUTE && left <= 10 * MINUTE + 2 * SECOND, "{left:?}");
    assert_eq!((sim.stats().executed, sim.stats().refused_for_points), (sent, 0), "it was not sent");
}

/// A client whose points are spent, so long before there are new ones.
async fn spent_before_the_end(sim: &Simulator, left: Duration) -> Client {
    let client = client(sim, CallPolicy::interactive());
    client.rate_limit().await.unwrap();
    let resets_at = client.points().await.unwrap().resets_at.unwrap();
    tokio::time::sleep(resets_at.since(UnixMillis::new(sim.now_unix_ms())) - left).await;
    sim.spend_elsewhere(DEMO_CLIENT_ID, 98.0);
    client.rate_limit().await.unwrap();
    client
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_waits_for_new_points_where_its_deadline_leaves_the_time() {
    let sim = service(100).build().unwrap();
    let client = spent_before_the_end(&sim, 20 * SECOND).await;
    let asked = Instant::now();

    client.rate_limit().await.unwrap();

    assert!(asked.elapsed() > 15 * SECOND && asked.elapsed() < 25 * SECOND, "{:?}", asked.elapsed());
    assert_eq!(sim.stats().refused_for_points, 0);
}

#[tokio::test(start_paused = true)]
async fn after_a_reset_an_interactive_call_goes_first_and_at_once() {
    let sim = service(100).build().unwrap();
    let client = spent_before_the_end(&sim, 10 * SECOND).await;
    let (batch, started) = (client.with_policy(CallPolicy::batch()), Instant::now());
    let answered = async |client: &Client, after: Duration| {
        tokio::time::sleep(after).await;
        client.rate_limit().await.unwrap();
        started.elapsed()
    };

    let [one, other, person] =
        join_all([answered(&batch, Duration::ZERO), answered(&batch, SECOND), answered(&client, 2 * SECOND)])
            .await
            .try_into()
            .unwrap();

    assert!(person <= one && person < other, "{person:?} after {one:?} or {other:?}");
    assert!(person < 12 * SECOND && other - one > SECOND / 2, "{person:?}; the others are paced: {one:?}, {other:?}");
}

#[tokio::test(start_paused = true)]
async fn a_patient_call_waits_for_the_next_window_and_says_for_what_until_when_and_in_what_line() {
    let sim = service(100).build().unwrap();
    let (client, waits) = waits_of(builder_of(&sim).policy(CallPolicy::batch()).without_request_rate().without_single_flight());
    client.rate_limit().await.unwrap();
    sim.spend_elsewhere(DEMO_CLIENT_ID, 98.0);
    client.rate_limit().await.unwrap();
    waits.lock().unwrap().clear();
    let asked = Instant::now();

    let answers = join_all([client.rate_limit(), client.rate_limit(), client.rate_limit()]).await;

    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(asked.elapsed() > 8 * MINUTE && asked.elapsed() < 10 * MINUTE + 10 * SECOND, "{:?}", asked.elapsed());
    assert_eq!(sim.stats().refused_for_points, 0);
    let waits = waits.lock().unwrap();
    let (reason, delay, until, queued) = waits[0];
    assert_eq!(reason, WaitReason::Points);
    assert!((asked.elapsed().abs_diff(delay)) < 10 * SECOND, "told {delay:?}");
    assert!(until.get() > 1_790_000_400_000 && queued == 1, "{waits:?}");
    let queued: Vec<usize> = waits.iter().map(|(.., queued)| *queued).collect();
    assert_eq!(queued, [1, 2, 3], "each is told once, of those up to it: {waits:?}");
    assert!(waits.iter().all(|wait| wait.0 == reason && wait.2 == until), "for the same, until the same moment: {waits:?}");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_want_to_wait_is_told_now_also_where_others_are_in_line() {
    let sim = service(100).build().unwrap();
    let client = client(&sim, CallPolicy::batch());
    client.rate_limit().await.unwrap();
    sim.spend_elsewhere(DEMO_CLIENT_ID, 98.0);
    client.rate_limit().await.unwrap();
    let mut stop = CallPolicy::batch();
    stop.max_wait.points = Duration::ZERO;
    let impatient = client.with_policy(stop);
    let started = Instant::now();

    let (patient, told) = tokio::join!(client.rate_limit(), async {
        tokio::time::sleep(SECOND).await;
        let error = impatient.rate_limit().await.unwrap_err();
        (error, started.elapsed())
    });

    patient.unwrap();
    assert_eq!(told.0.kind(), ErrorKind::RateLimited);
    assert!(told.1 < 20 * SECOND, "{:?}", told.1);
    assert!(told.0.retry_at().is_some());
}

#[tokio::test(start_paused = true)]
async fn interactive_calls_go_first_and_each_line_keeps_its_order() {
    // One call at a time has room, so each has to wait for those before it to settle.
    let arrived = AtomicU32::new(0);
    // Each answer comes a moment after the one before, so that the order of the answers is that of the requests.
    let script = Script::new().api_by(move |_| {
        let moment = Duration::from_millis(1) * arrived.fetch_add(1, Ordering::Relaxed);
        snapshot(20.0, 5.0, 600).after(SECOND + moment)
    });
    let rig = Rig::with(script, CallPolicy::batch(), |builder| builder.ledger(Ledger::in_memory().settle_lag(SECOND / 10)));
    let interactive = rig.client.with_policy(CallPolicy { concurrency: 8, ..CallPolicy::interactive() });
    let order = Mutex::new(Vec::new());
    let call = |name: &'static str, client: Client, after: u64| {
        let order = &order;
        async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            client.rate_limit().await.unwrap();
            order.lock().unwrap().push(name);
        }
    };

    tokio::join!(
        call("first", rig.client.clone(), 0),
        call("batch 1", rig.client.clone(), 1),
        call("batch 2", rig.client.clone(), 2),
        call("interactive 1", interactive.clone(), 3),
        call("interactive 2", interactive.clone(), 4),
    );

    let order = order.into_inner().unwrap();
    assert_eq!(order[0], "first", "nothing is known before the first answer");
    let place = |name| order.iter().position(|other| *other == name).unwrap();
    assert!(place("interactive 1") < place("batch 1") && place("interactive 1") < place("interactive 2"), "{order:?}");
    assert!(place("batch 1") < place("batch 2"), "{order:?}");
    assert_eq!(Priority::Batch, CallPolicy::batch().priority);
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_ones_own_ends_the_work_before_it_is_passed() {
    let sim = service(1_000).build().unwrap();
    let builder = builder_of(&sim).policy(CallPolicy::batch()).without_request_rate().without_single_flight();
    let client = builder.ledger(Ledger::in_memory().max_points(Points::new(60.0))).build().unwrap();

    let (answered, error) = calls_for(&client, 20 * MINUTE).await;

    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Stopped);
    assert_eq!(error.class().map(|class| class.name()), Some("own_points_limit"));
    let spent = sim.stats().points_spent;
    assert!((45.0..=60.0).contains(&spent), "{spent} points in {answered} calls");
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_given_back() {
    let sim = service(100).build().unwrap();
    let client = client(&sim, CallPolicy::interactive());
    client.rate_limit().await.unwrap();
    client.breaker().unwrap().isolate();

    for _ in 0..1_000 {
        assert_eq!(client.rate_limit().await.unwrap_err().kind(), ErrorKind::Unavailable);
    }
    client.breaker().unwrap().close();

    client.rate_limit().await.unwrap();
    assert_eq!(sim.stats().executed, 2);
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_dropped_before_they_are_sent_hold_nothing_and_those_on_their_way_may_be_charged() {
    let script = Script::new().api(rate_limit()).api_always(hangs());
    let policy = CallPolicy { concurrency: 1, ..CallPolicy::interactive() };
    let rig = Rig::with(script.clone(), policy, |builder| builder.ledger(Ledger::in_memory()));
    rig.call().await.unwrap();

    for _ in 0..100 {
        let on_its_way = tokio::time::timeout(SECOND, rig.call());
        let in_line = tokio::time::timeout(SECOND / 2, rig.call());
        let (first, second) = tokio::join!(on_its_way, in_line);
        assert!(first.is_err() && second.is_err());
    }

    let ledger = rig.client.points().await.unwrap();
    assert_eq!(script.api_requests(), 101);
    assert_eq!(ledger.reserved.get(), 0.0, "{ledger:?}");
    assert!(ledger.unsettled.get() > 100.0, "{ledger:?}");
}

#[tokio::test(start_paused = true)]
async fn a_budget_held_back_by_time_outs_alone_is_settled_by_one_cheap_question() {
    // Answers, then one that never comes; the room left is less than it may have cost.
    let sim = service(100).build().unwrap();
    let client = client(&sim, CallPolicy::batch());
    client.rate_limit().await.unwrap();
    sim.spend_elsewhere(DEMO_CLIENT_ID, 60.0);
    client.rate_limit().await.unwrap();
    let before = sim.stats().executed;
    let started = Instant::now();

    let answers = join_all((0..6).map(|_| client.rate_limit())).await;

    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(started.elapsed() < MINUTE, "{:?}", started.elapsed());
    let sent = sim.stats().executed - before;
    assert!((6..=10).contains(&sent), "{sent} requests for 6 calls");
    assert_eq!(sim.stats().refused_for_points, 0);
}

#[tokio::test(start_paused = true)]
async fn before_the_first_answer_one_call_is_on_its_way_and_one_that_hangs_holds_the_others_up_for_three_seconds() {
    let script = Script::new().api(hangs()).api_always(rate_limit());
    let rig = Rig::with(script.clone(), CallPolicy::interactive(), |builder| builder.ledger(Ledger::in_memory()));
    let started = Instant::now();

    let (_, second) = tokio::join!(tokio::time::timeout(9 * SECOND, rig.call()), async {
        let answer = rig.call().await;
        (answer, started.elapsed())
    });

    second.0.unwrap();
    assert_eq!(second.1, 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_tells_of_no_points_is_asked_as_it_comes() {
    let script = Script::new().api_always(json(serde_json::json!({"data": {"x": 1}})));
    let rig = Rig::with(script.clone(), CallPolicy { concurrency: 64, ..CallPolicy::interactive() }, |builder| {
        builder.ledger(Ledger::in_memory())
    });
    let ask = || rig.client.query("{ x }", serde_json::Map::new());
    ask().await.unwrap();
    let started = Instant::now();

    let answers = join_all((0..64).map(|_| ask())).await;

    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(started.elapsed(), Duration::ZERO);
    let ledger = rig.client.points().await.unwrap();
    assert!(ledger.limit.is_none(), "{ledger:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_service_closes_the_budget_for_all_until_the_window_ends() {
    let refused = || status(429).json(serde_json::json!({"status": 429, "error": "All points are spent"})).retry_after(300);
    let script = Script::new().api(refused()).api_always(rate_limit());
    let rig = Rig::with(script.clone(), CallPolicy::interactive(), |builder| builder.ledger(Ledger::in_memory()));
    rig.call().await.unwrap_err();
    let sent = script.api_requests();

    let error = rig.call().await.unwrap_err();

    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
    assert_eq!(script.api_requests(), sent, "nobody asks before its time");
    tokio::time::sleep(301 * SECOND).await;
    rig.call().await.unwrap();
}

// Shared ledgers.

fn on_folder(sim: &Simulator, folder: &std::path::Path, name: &str) -> Client {
    let ledger = Ledger::in_folder(folder).owner(name);
    let builder = builder_of(sim).policy(CallPolicy::batch()).without_request_rate().without_single_flight();
    builder.ledger(ledger).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn programs_on_one_folder_spend_one_budget_and_see_who_spent_what() {
    let folder = tempfile::tempdir().unwrap();
    let sim = service(300).build().unwrap();
    let (pull, bot) = (on_folder(&sim, folder.path(), "pull"), on_folder(&sim, folder.path(), "bot"));

    let (first, second) = tokio::join!(calls_for(&pull, 29 * MINUTE), calls_for(&bot, 29 * MINUTE));

    assert!(first.1.is_none() && second.1.is_none(), "{first:?} {second:?}");
    let stats = sim.stats();
    assert_eq!(stats.refused_for_points, 0);
    assert!(stats.points_spent >= 2.0 * 0.95 * 300.0, "{} points", stats.points_spent);
    let owners: Vec<String> = pull.points().await.unwrap().spenders.into_iter().map(|row| row.owner).collect();
    assert!(["pull", "bot"].iter().all(|name| owners.iter().any(|owner| owner.starts_with(name))), "{owners:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_learned_of_costs_is_there_in_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let sim = service(10_000).build().unwrap();
    let client = on_folder(&sim, folder.path(), "first");
    calls_for(&client, MINUTE).await;
    client.leave().await;
    drop(client);

    let costs = on_folder(&sim, folder.path(), "second").points().await.unwrap().costs;

    assert_eq!(costs.len(), 1, "{costs:?}");
    assert!(costs[0].is_learned && (costs[0].mean.get() - 1.25).abs() < 0.05, "{costs:?}");
}

#[tokio::test(start_paused = true)]
async fn where_the_folder_cannot_be_used_each_goes_on_alone_and_says_why() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let sim = service(1_000).build().unwrap();
    let client = on_folder(&sim, file.path(), "bot");

    client.rate_limit().await.unwrap();

    let why = client.points().await.unwrap().alone.unwrap();
    assert!(why.contains(&*file.path().to_string_lossy()), "{why}");
}

#[tokio::test(start_paused = true)]
async fn the_first_call_of_a_run_has_the_price_that_an_earlier_run_has_learned() {
    let folder = tempfile::tempdir().unwrap();
    let sim = service(10_000).build().unwrap();
    let client = on_folder(&sim, folder.path(), "first");
    for _ in 0..30 {
        client.query("{ worldData { regions { id } } }", serde_json::Map::new()).await.unwrap();
        tokio::time::sleep(SECOND).await;
    }
    let learned = client.points().await.unwrap().costs[0].p95.get();
    client.leave().await;
    drop(client);

    // So little is allowed that a call at a guessed price is refused.
    let ledger = Ledger::in_folder(folder.path()).max_points(Points::new(learned + 1.0));
    let next = builder_of(&sim).policy(CallPolicy::batch()).without_request_rate().ledger(ledger).build().unwrap();

    next.query("{ worldData { regions { id } } }", serde_json::Map::new()).await.unwrap();
}

#[test]
fn who_stops_waiting_for_what_was_learned_holds_up_nobody() {
    // One thread for what takes long, so that the test can say when that goes on.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).max_blocking_threads(1).build().unwrap();
    runtime.block_on(who_stops_waiting_holds_up_nobody());
}

async fn who_stops_waiting_holds_up_nobody() {
    let sim = service(3_600).build().unwrap();
    let client = client(&sim, CallPolicy::batch());
    client.rate_limit().await.unwrap();
    let (go_on, busy) = std::sync::mpsc::channel::<()>();
    let other_work = tokio::task::spawn_blocking(move || busy.recv());
    // Asked, given up in the middle, and not dropped: as a call is in `select!` when another branch has come first.
    let mut given_up = std::pin::pin!(client.points());
    assert!(futures_util::poll!(given_up.as_mut()).is_pending());
    drop(go_on);
    let _ = other_work.await;
    tokio::time::sleep(SECOND).await;

    let asked_again = tokio::time::timeout(MINUTE, client.points()).await;

    assert!(asked_again.is_ok_and(|points| points.is_some()));
    assert!(given_up.await.is_some());
}
