//! Redis goes away and comes back: what each process may spend meanwhile, and what is known afterwards.

use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::Instant;

use super::process::{LIMIT, PLANNED, Process};
use super::server::Server;
use crate::resilience::points::{Charge, Why};

async fn fleet(server: &Server, processes: usize, spent: f64, reset_in_s: f64) -> Vec<Process> {
    let fleet: Vec<Process> = (0..processes).map(|_| Process::of(server)).collect();
    fleet[0].hear(spent, reset_in_s).await;
    // Each is heard of, hears of the others, and shows that it heard.
    for _ in 0..4 {
        for process in &fleet {
            process.look().await;
        }
    }
    fleet
}

#[tokio::test]
async fn the_shares_of_all_are_together_no_more_than_what_was_left() {
    let Some(mut server) = Server::start(&[]).await else { return };
    let mut rng = fastrand::Rng::with_seed(20);
    for round in 0..8 {
        let _: () = server.ask(&["FLUSHALL"]).await;
        let spent = 600.0 * rng.f64();
        let fleet = fleet(&server, rng.usize(1..=5), spent, 3_000.0).await;
        let mut taken = 0.0;
        // Some spend more than others, and the last answer of each is of another moment.
        for _ in 0..rng.usize(0..60) {
            let amount = 1.0 + 19.0 * rng.f64();
            if fleet[rng.usize(0..fleet.len())].reserve(amount).await.is_ok() {
                taken += amount;
            }
        }
        if round % 2 == 1 {
            // One of them takes all that it gets, before the others hear of it.
            taken += fleet[0].take_all(20.0).await;
        }

        server.kill();
        let mut alone = Vec::new();
        for process in &fleet {
            alone.push(process.take_all(1.0).await);
        }

        let sum: f64 = taken + alone.iter().sum::<f64>();
        let left = PLANNED - spent - taken;
        assert!(spent + sum <= PLANNED, "round {round}: {left} were left, and {alone:?} taken alone");
        assert!(alone.iter().sum::<f64>() > 0.4 * left - 10.0, "round {round}: {left} were left, only {alone:?} taken");
        drop(fleet);
        server.start_again().await;
    }
}

#[tokio::test]
async fn what_a_process_may_still_go_by_is_not_given_to_another_when_its_answer_is_lost() {
    let Some(mut server) = Server::start(&[]).await else { return };
    let (one, other) = (Process::quiet(&server), Process::quiet(&server));
    other.hear(0.0, 3_000.0).await;
    one.look().await;

    // Redis promises it less now, which it never hears.
    let mut asking = Box::pin(other.look());
    assert!((&mut asking).now_or_never().is_none());
    tokio::task::yield_now().await;
    drop(asking);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let taken = one.take_all(1.0).await;
    server.kill();
    let (one, other) = (one.take_all(1.0).await, other.take_all(1.0).await);

    assert!(other > 0.8 * PLANNED, "it goes by what it heard last: {other}");
    assert!(taken + one + other <= PLANNED, "{taken} {one} {other}");
}

#[tokio::test]
async fn a_killed_server_costs_less_than_a_second_and_the_next_step_nothing() {
    let Some(mut server) = Server::start(&[]).await else { return };
    let fleet = fleet(&server, 1, 0.0, 3_000.0).await;

    server.kill();
    let killed = Instant::now();
    fleet[0].reserve(1.0).await.unwrap();

    assert!(fleet[0].is_alone() && killed.elapsed() < Duration::from_secs(1), "{:?}", killed.elapsed());
    let again = Instant::now();
    fleet[0].reserve(1.0).await.unwrap();
    assert!(again.elapsed() < Duration::from_millis(20), "{:?}", again.elapsed());
}

#[tokio::test]
async fn a_hung_server_costs_half_a_second_once_and_is_used_again_when_it_answers() {
    let Some(server) = Server::start(&[]).await else { return };
    let fleet = fleet(&server, 1, 0.0, 3_000.0).await;

    server.signal("STOP");
    let stopped = Instant::now();
    let id = fleet[0].reserve(7.0).await.unwrap();
    let waited = stopped.elapsed();
    let more = fleet[0].take_all(50.0).await;
    let in_all = stopped.elapsed();
    server.signal("CONT");
    fleet[0].until_shared().await;

    assert!(waited < Duration::from_secs(1), "{waited:?}");
    assert!(in_all < waited + Duration::from_millis(100), "later steps waited as well: {in_all:?}");
    // The question that hung was answered alone; what it may have left in Redis is taken back.
    let standing = fleet[0].look().await;
    assert_eq!(standing.reserved, 7.0 + more, "{standing:?}");
    assert_eq!(fleet[0].finish(id, Charge::No, None).await.reserved, more);
}

#[tokio::test]
async fn a_window_that_begins_without_redis_is_shared_out_as_well() {
    let Some(mut server) = Server::start(&[]).await else { return };
    let mut fleet = fleet(&server, 3, 900.0, 60.0).await;
    server.kill();
    let mut alone = Vec::new();
    for process in &fleet {
        alone.push(process.take_all(5.0).await);
    }

    let mut next = Vec::new();
    for process in &mut fleet {
        process.ahead_ms += 65_000;
        next.push(process.take_all(5.0).await);
    }

    assert!(900.0 + alone.iter().sum::<f64>() <= PLANNED, "{alone:?}");
    // What was taken before is on its way still, and may be charged to the new window.
    assert!(alone.iter().chain(&next).sum::<f64>() <= PLANNED, "{alone:?} {next:?}");
    assert!(next.iter().all(|taken| *taken >= 0.2 * LIMIT), "{next:?}");
}

#[tokio::test]
async fn what_was_spent_without_redis_is_booked_when_it_is_back() {
    let Some(server) = Server::start(&[]).await else { return };
    let fleet = fleet(&server, 2, 100.0, 3_000.0).await;
    let before = fleet[0].reserve(10.0).await.unwrap();
    let goes_on = fleet[0].reserve(20.0).await.unwrap();

    server.signal("STOP");
    let charged = fleet[0].reserve(3.0).await.unwrap();
    let perhaps = fleet[0].reserve(4.0).await.unwrap();
    let never = fleet[0].reserve(5.0).await.unwrap();
    let begun_alone = fleet[0].reserve(6.0).await.unwrap();
    fleet[0].finish(before, Charge::Yes, None).await;
    fleet[0].finish(charged, Charge::Yes, None).await;
    fleet[0].finish(perhaps, Charge::Maybe, None).await;
    fleet[0].finish(never, Charge::No, None).await;
    assert!(fleet[0].is_alone());
    server.signal("CONT");
    fleet[0].until_shared().await;

    let seen = fleet[1].look().await;
    assert_eq!((seen.spent, seen.settling, seen.ambiguous), (100.0, 13.0, 4.0), "{seen:?}");
    assert_eq!((seen.reserved, seen.calls_on_their_way), (26.0, 2));
    fleet[0].finish(goes_on, Charge::No, None).await;
    fleet[0].finish(begun_alone, Charge::Yes, None).await;
    let seen = fleet[1].look().await;
    assert_eq!((seen.settling, seen.reserved, seen.calls_on_their_way), (19.0, 0.0, 0));
}

#[tokio::test]
async fn a_server_that_lost_its_memory_is_told_what_is_known() {
    let Some(mut server) = Server::start(&[]).await else { return };
    let fleet = fleet(&server, 2, 700.0, 3_000.0).await;
    let id = fleet[0].reserve(10.0).await.unwrap();
    let over = fleet[0].reserve(20.0).await.unwrap();
    fleet[0].finish(over, Charge::Yes, None).await;
    let before = fleet[0].look().await;

    server.kill();
    server.start_again().await;
    for process in &fleet {
        process.look().await;
        process.until_shared().await;
    }

    let seen = fleet[1].look().await;
    assert_eq!((seen.limit, seen.spent, seen.reserved), (Some(LIMIT), 700.0, 10.0), "{seen:?}");
    assert!(seen.settling >= 20.0, "{seen:?}");
    assert!((seen.end_ms.unwrap() - before.end_ms.unwrap()).abs() < 100, "{seen:?}, before {before:?}");
    assert_eq!(fleet[0].finish(id, Charge::No, None).await.reserved, 0.0);
}

#[tokio::test]
async fn memory_that_is_lost_without_a_word_is_noticed_with_the_next_step() {
    let Some(server) = Server::start(&[]).await else { return };
    let fleet = fleet(&server, 2, 700.0, 3_000.0).await;
    fleet[0].reserve(10.0).await.unwrap();

    let _: () = server.ask(&["FLUSHALL"]).await;
    let first = fleet[0].look().await;

    assert!(!fleet[0].is_alone());
    assert_eq!((first.limit, first.spent, first.reserved), (Some(LIMIT), 700.0, 10.0));
    // The other may have been alone meanwhile, with its share.
    let taken = fleet[0].take_all(1.0).await;
    assert!(taken < 0.65 * (PLANNED - 700.0), "{taken}");
}

#[tokio::test]
async fn an_older_copy_of_the_account_is_noticed() {
    let Some(server) = Server::start(&[]).await else { return };
    let fleet = fleet(&server, 2, 100.0, 3_000.0).await;
    let key = "esologs:{test}:v2:account";
    let _: i64 = server.ask(&["COPY", key, "old"]).await;
    fleet[0].reserve(10.0).await.unwrap();
    fleet[1].reserve(20.0).await.unwrap();
    fleet[0].hear(400.0, 2_999.0).await;

    let _: i64 = server.ask(&["COPY", "old", key, "REPLACE"]).await;
    fleet[0].look().await;

    let seen = fleet[1].look().await;
    assert_eq!((seen.spent, seen.reserved), (400.0, 30.0), "{seen:?}");
}

#[tokio::test]
async fn a_process_that_starts_without_redis_sends_one_call_and_then_a_small_share() {
    let process = Process::at("redis://127.0.0.1:1/");

    let first = process.reserve(1.0).await.unwrap();
    let held = process.reserve(1.0).await.unwrap_err();
    process.finish(first, Charge::Yes, Some(process.snapshot(190.0, 3_000.0))).await;
    let taken = process.take_all(1.0).await;

    assert_eq!(held.why, Why::FirstAnswer);
    assert!((45.0..=50.0).contains(&taken), "a sixteenth of the 800 that are left: {taken}");
    let held = process.reserve(1.0).await.unwrap_err();
    assert!(held.why == Why::Spent && held.retry_in_ms > 2_000_000, "{held:?}");
}
