//! Several processes on one account, Redis there.

use std::time::Duration;

use futures_util::FutureExt as _;

use super::process::{LIMIT, PLANNED, Process};
use super::server::Server;
use crate::resilience::Priority;
use crate::resilience::points::store::SharedStore as _;
use crate::resilience::points::store::redis::RedisStore;
use crate::resilience::points::store::redis::shared::Tuning;
use crate::resilience::points::{Ask, Charge, Finish, LedgerSettings, Outcome, Snapshot, Step, Why};

/// Each is promised its part of what is left, and has shown that it heard so.
async fn hear_of_each_other(one: &Process, other: &Process) {
    for process in [other, one, one, other] {
        process.look().await;
    }
}

/// Two processes on one account, of which nothing is spent.
async fn two_that_share(server: &Server) -> (Process, Process) {
    let (one, other) = (Process::quiet(server), Process::quiet(server));
    one.hear(0.0, 3_000.0).await;
    hear_of_each_other(&one, &other).await;
    (one, other)
}

#[tokio::test]
async fn one_process_sees_what_another_has_set_aside_and_spent() {
    let Some(server) = Server::start(&[]).await else { return };
    let (one, other) = (Process::of(&server), Process::of(&server));
    one.hear(100.0, 3_000.0).await;

    let id = one.reserve(40.0).await.unwrap();
    let seen = other.look().await;

    assert_eq!((seen.limit, seen.spent, seen.reserved, seen.calls_on_their_way), (Some(LIMIT), 100.0, 40.0, 1));
    one.finish(id, Charge::Yes, None).await;
    assert_eq!(other.look().await.settling, 40.0);
    let rows = other.store.spenders(other.now_ms()).await;
    assert_eq!((rows[0].owner.as_str(), rows[0].operation.as_str(), rows[0].calls, rows[0].points), ("test", "Test", 1, 40.0));
}

#[tokio::test]
async fn together_processes_set_aside_all_that_is_planned_with_and_no_more() {
    let Some(server) = Server::start(&[]).await else { return };
    let fleet = [Process::of(&server), Process::of(&server), Process::of(&server)];
    fleet[0].hear(0.0, 3_000.0).await;

    let mut sum = 0.0;
    for _ in 0..40 {
        for process in &fleet {
            sum += process.take_all(10.0).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    assert_eq!(sum, PLANNED);
}

#[tokio::test]
async fn a_process_that_is_alone_in_using_the_key_gets_all_of_it_although_others_are_idle() {
    let Some(server) = Server::start(&[]).await else { return };
    let fleet = [Process::of(&server), Process::of(&server), Process::of(&server)];
    fleet[0].hear(0.0, 3_000.0).await;
    fleet[1].look().await;
    fleet[2].look().await;

    let mut sum = 0.0;
    for _ in 0..100 {
        sum += fleet[0].take_all(45.0).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        if sum == PLANNED {
            break;
        }
    }

    assert_eq!(sum, PLANNED, "the others speak each second, and their promises make room");
}

#[tokio::test]
async fn nobody_sets_aside_what_is_promised_to_another() {
    let Some(server) = Server::start(&[]).await else { return };
    let (one, _other) = two_that_share(&server).await;

    let sum = one.take_all(1.0).await;

    assert!((540.0..=570.0).contains(&sum), "7/8 of the half are promised to the other: {sum}");
    assert_eq!(one.reserve(1.0).await.unwrap_err().why, Why::OnTheirWay);
}

#[tokio::test]
async fn what_was_promised_to_a_process_that_leaves_is_free_at_once() {
    let Some(server) = Server::start(&[]).await else { return };
    let (one, other) = two_that_share(&server).await;
    let beside = one.take_all(1.0).await;

    other.store.leave().await;
    let after = one.take_all(10.0).await;

    assert!(beside < 570.0 && beside + after > PLANNED - 10.0, "{beside} {after}");
}

#[tokio::test]
async fn a_process_that_left_is_there_again_with_its_next_step_and_leaves_when_its_store_is_dropped() {
    let Some(server) = Server::start(&[]).await else { return };
    let (one, other) = (Process::quiet(&server), Process::quiet(&server));
    one.hear(0.0, 3_000.0).await;
    other.look().await;
    other.store.leave().await;

    hear_of_each_other(&one, &other).await;
    let beside = one.take_all(1.0).await;
    drop(other);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let after = one.take_all(10.0).await;

    assert!(beside < 570.0 && beside + after > PLANNED - 10.0, "{beside} {after}");
}

#[tokio::test]
async fn programs_that_come_ask_and_leave_hold_up_nobody_in_the_next_window() {
    let Some(server) = Server::start(&[]).await else { return };
    let one = Process::quiet(&server);
    one.hear(0.0, 1.0).await;
    for _ in 0..6 {
        let short = Process::quiet(&server);
        short.look().await;
        short.store.leave().await;
    }
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    one.hear(0.0, 3_000.0).await;

    assert!(one.take_all(10.0).await > PLANNED - 10.0);
}

#[tokio::test]
async fn every_step_is_one_round_trip() {
    let Some(server) = Server::start(&[]).await else { return };
    let process = Process::quiet(&server);
    process.hear(0.0, 3_000.0).await;
    let _: () = server.ask(&["CONFIG", "RESETSTAT"]).await;

    for _ in 0..100 {
        let id = process.reserve(1.0).await.unwrap();
        process.finish(id, Charge::Yes, Some(process.snapshot(1.0, 3_000.0))).await;
        process.look().await;
    }

    let stats: String = server.ask(&["INFO", "commandstats"]).await;
    let from_clients = |name: &str| {
        !["get", "set", "time", "zscore", "zcard", "zincrby", "hincrby", "hexists", "pexpire", "del"].contains(&name)
    };
    let commands: Vec<&str> = stats
        .lines()
        .filter_map(|line| line.strip_prefix("cmdstat_"))
        .filter(|line| from_clients(line.split(':').next().unwrap()))
        .filter(|line| !["config", "client", "info", "hello"].iter().any(|own| line.starts_with(own)))
        .collect();
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert!(commands[0].starts_with("evalsha:calls=300,"), "{commands:?}");
}

#[tokio::test]
async fn all_keys_lie_in_one_slot_and_go_a_day_after_the_last_use() {
    let Some(server) = Server::start(&[]).await else { return };
    let process = Process::of(&server);
    process.hear(0.0, 3_000.0).await;
    let id = process.reserve(1.0).await.unwrap();
    process.finish(id, Charge::Yes, None).await;

    let mut keys: Vec<String> = server.ask(&["KEYS", "*"]).await;
    keys.sort();

    assert_eq!(keys, ["esologs:{test}:v2:account", "esologs:{test}:v2:calls", "esologs:{test}:v2:points"]);
    for key in &keys {
        let left_ms: i64 = server.ask(&["PTTL", key]).await;
        assert!((86_000_000..=86_400_000).contains(&left_ms), "{key}: {left_ms}");
    }
}

#[tokio::test]
async fn what_was_learned_of_costs_is_there_for_others() {
    let Some(server) = Server::start(&[]).await else { return };
    let (one, other) = (Process::of(&server), Process::of(&server));
    assert_eq!(one.store.load_costs().await, None);

    one.store.save_costs(b"\x00costs\xff".to_vec()).await;

    assert_eq!(other.store.load_costs().await.as_deref(), Some(&b"\x00costs\xff"[..]));
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_nothing_set_aside_and_nothing_unbooked() {
    let Some(server) = Server::start(&[]).await else { return };
    let process = Process::quiet(&server);
    process.hear(0.0, 3_000.0).await;
    let id = process.reserve(30.0).await.unwrap();

    // Sent, and nobody waits for the answer any more.
    let mut asking = Box::pin(process.reserve(20.0));
    let mut telling = Box::pin(process.finish(id, Charge::Yes, None));
    assert!((&mut asking).now_or_never().is_none() && (&mut telling).now_or_never().is_none());
    tokio::task::yield_now().await;
    drop((asking, telling));
    tokio::time::sleep(Duration::from_millis(50)).await;

    let standing = process.look().await;
    assert_eq!((standing.reserved, standing.calls_on_their_way), (0.0, 0));
    assert!(standing.settling >= 30.0, "{standing:?}");
}

#[tokio::test]
async fn what_a_dead_process_had_on_its_way_is_taken_as_charged_after_half_a_minute() {
    let Some(server) = Server::start(&[]).await else { return };
    let tuning = Tuning { beat: Duration::from_secs(3_600), sends_the_time: true };
    let one = Process::tuned(&server, tuning);
    let mut other = Process::tuned(&server, tuning);
    one.hear(0.0, 3_000.0).await;
    one.reserve(30.0).await.unwrap();
    other.look().await;

    // One is never heard of again; the other goes on.
    for _ in 0..11 {
        other.ahead_ms += 3_000;
        other.look().await;
    }

    let standing = other.look().await;
    assert_eq!((standing.reserved, standing.ambiguous), (0.0, 30.0), "{standing:?}");
}

#[tokio::test]
async fn an_answer_of_the_window_before_is_told_to_others_as_one_of_that() {
    let Some(server) = Server::start(&[]).await else { return };
    let tuning = Tuning { beat: Duration::from_secs(3_600), sends_the_time: true };
    let store = || RedisStore::tuned(&server.url(), "key", LedgerSettings::default(), tuning).unwrap();
    let (one, other, begun_ms) = (store(), store(), 1_790_000_000_000);
    let answer = |id, reset_in_s, sent_ms, received_ms| {
        let snapshot = Snapshot { limit: 100.0, spent: 5.0, reset_in_s, sent_ms, received_ms };
        Step::Finish(Finish { id, charge: Charge::Yes, snapshot: Some(snapshot), refused: None })
    };
    one.step(answer(u64::MAX, 3_000.0, begun_ms, begun_ms), begun_ms).await;
    other.step(Step::Look, begun_ms).await;
    let (sent_ms, ended_ms) = (begun_ms + 2_999_000, begun_ms + 3_003_000);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let Outcome::Reserved(id) = one.step(Step::Reserve(ask()), sent_ms).await.outcome else { panic!("no room") };
        ids.push(id);
    }

    one.step(answer(ids[0], 2_999.0, ended_ms - 1_500, ended_ms - 1_000), ended_ms - 1_000).await;
    one.step(answer(ids[1], 1.0, sent_ms, ended_ms), ended_ms).await;

    other.step(Step::Look, ended_ms).await;
    assert_eq!(other.news().told.iter().map(|told| told.window).collect::<Vec<_>>(), [2, 1]);
}

fn ask() -> Ask<'static> {
    Ask {
        estimate: 1.0,
        expected: 1.0,
        is_guess: false,
        priority: Priority::Interactive,
        owner: "bot",
        operation: "Guild",
        shape: 7,
        lease_ms: 60_000,
        is_probe: false,
    }
}
