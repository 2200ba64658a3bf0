use std::time::Duration;

use super::*;
use crate::clock::Clock;
use crate::query::{Operation, documents};
use crate::resilience::points::{Charge, Ledger, Snapshot};

fn table(key: u64, expected: f64) -> Table {
    [(key, Price { expected, at_most: expected, is_known: true, is_listed: true })].into_iter().collect()
}

#[tokio::test(start_paused = true)]
async fn the_prices_of_a_study_hold_from_the_moment_after_it_was_begun() {
    let (mut ready, begun) = (Ready::default(), Instant::now());
    ready.set(table(1, 5.0), None);

    ready.set(table(1, 6.0), Some(begun));
    ready.set(table(1, 7.0), Some(begun));

    assert_eq!(ready.at(begun)[&1].expected, 5.0);
    assert_eq!(ready.at(begun + Duration::from_millis(1))[&1].expected, 7.0);
}

#[tokio::test(start_paused = true)]
async fn one_study_is_made_at_a_time_and_one_begun_in_a_moment() {
    let (prices, mut now) = (Prices::default(), Instant::now());
    let operation = Operation::new("ReportTable", &documents::REPORT_TABLE);
    let shape = Shape::of(&operation);
    let call = |number: i64, now: Instant| {
        let now_ms = 1_790_000_000_000 + number;
        let sent = prices.sent(&shape, &prices.of(&shape, now), now_ms).unwrap();
        let spent = 3.0 * number as f64;
        let snapshot = Snapshot { limit: 1e6, spent, reset_in_s: 900.0, sent_ms: now_ms, received_ms: now_ms };
        prices.ended(sent, &Ended { now_ms, charge: Charge::Yes, snapshot: Some(snapshot), window: 1 }, now)
    };

    let begun: Vec<bool> = (0..8).map(|number| call(number, now)).collect();
    assert_eq!(begun, [false, true, false, false, false, false, false, false], "two readings are worth the first study");
    lock(&prices.notebook).is_studied = false;
    assert!(!call(8, now), "not in the same moment");
    now += Duration::from_millis(1);
    assert!(call(9, now));
}

#[test]
fn a_limit_of_ones_own_has_to_have_left_what_is_known_of_a_price_and_of_a_guess_a_typical_call() {
    let needed = |at_most: f64, is_known: bool| Price { at_most, is_known, ..Price::PROBE }.needed();

    assert_eq!((needed(40.0, true), needed(40.0, false)), (40.0, 15.0));
    assert_eq!((needed(4.0, true), needed(4.0, false)), (4.0, 4.0));
}

#[tokio::test(start_paused = true)]
async fn what_others_on_the_ledger_did_is_noted_down_but_in_a_rest() {
    let (prices, now_ms) = (Prices::default(), 1_790_000_000_000);
    let news = || News { told: Vec::new(), since_ms: Some(now_ms - 500), has_gap: false };

    prices.rests_until_ms.store(now_ms + 5_000, Ordering::Relaxed);
    prices.hear(news(), now_ms);
    assert!(lock(&prices.notebook).take().is_empty());

    prices.hear(news(), now_ms + 5_000);
    assert_eq!(lock(&prices.notebook).take().len(), 1, "since when they are at work");
}

#[tokio::test(start_paused = true)]
async fn in_a_rest_calls_of_known_prices_are_not_watched_and_others_are() {
    let (prices, now_ms) = (Prices::default(), 1_790_000_000_000);
    let operation = Operation::new("ReportTable", &documents::REPORT_TABLE);
    let shape = Shape::of(&operation);
    let known = Price { is_known: true, ..prices.of(&shape, Instant::now()) };
    assert!(prices.sent(&shape, &known, now_ms).is_some());

    prices.rests_until_ms.store(now_ms + 5_000, Ordering::Relaxed);
    assert!(prices.sent(&shape, &known, now_ms).is_none());

    let guessed = Price { is_known: false, ..known };
    lock(&prices.notebook).watch.rests_until_ms = now_ms + 5_000;
    assert!(prices.sent(&shape, &guessed, now_ms).is_some());
}

/// So many calls of three points each, one after the other, are noted down. At uneven times: what grows evenly may be others' burn.
fn call(prices: &Prices, calls: u32, mut after: impl FnMut(bool, Instant)) {
    let operation = Operation::new("ReportTable", &documents::REPORT_TABLE);
    let shape = Shape::of(&operation);
    let mut at_s = 0.0;
    for number in 1..=calls {
        let now = Instant::now();
        at_s += 1.0 + f64::from(7 * number % 11);
        let now_ms = 1_790_000_000_000 + (1e3 * at_s) as i64;
        let sent = prices.sent(&shape, &prices.of(&shape, now), now_ms).unwrap();
        let (spent, reset_in_s) = (3.0 * f64::from(number), 900.0 - at_s);
        let (sent_ms, now_ms) = (now_ms, now_ms + 300);
        let snapshot = Snapshot { limit: 1e6, spent, reset_in_s, sent_ms, received_ms: now_ms };
        let ended = Ended { now_ms, charge: Charge::Yes, snapshot: Some(snapshot), window: 1 };
        after(prices.ended(sent, &ended, now), now);
    }
}

fn price_of_a_table(prices: &Prices, now: Instant) -> Price {
    prices.of(&Shape::of(&Operation::new("ReportTable", &documents::REPORT_TABLE)), now)
}

#[tokio::test(start_paused = true)]
async fn a_study_takes_all_that_calls_have_left_behind() {
    let prices = Prices::default();
    call(&prices, 20, |_, _| {});
    assert!(!price_of_a_table(&prices, Instant::now()).is_known);

    prices.study(Notebook::take, Instant::now());

    let price = price_of_a_table(&prices, Instant::now() + Duration::from_millis(1));
    assert!(price.is_known && (2.9..3.1).contains(&price.expected), "{price:?}");
    assert!(lock(&prices.notebook).take().is_empty());
}

#[tokio::test]
async fn what_others_have_learned_holds_for_the_next_call() {
    let gates = [1, 2].map(|seed| Arc::new(Gate::new(&Ledger::in_memory(), "key", Clock::system(), seed).unwrap()));
    call(&gates[0].prices, 20, |_, _| {});
    let book = gates[0].learned().await.costs.book();

    gates[1].learned().await.take_over(&book);

    let price = price_of_a_table(&gates[1].prices, Instant::now());
    assert!(price.is_known && (2.9..3.1).contains(&price.expected), "{price:?}");
}

#[tokio::test]
async fn what_calls_cost_is_learned_beside_them_and_decides_about_their_price_then() {
    let gate = Arc::new(Gate::new(&Ledger::in_memory(), "key", Clock::system(), 1).unwrap());
    let guessed = price_of_a_table(&gate.prices, Instant::now());
    call(&gate.prices, 2, |is_worth_a_study, now| {
        if is_worth_a_study {
            gate.study(now);
        }
    });

    let is_learned = async {
        while price_of_a_table(&gate.prices, Instant::now()).expected == guessed.expected {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };

    tokio::time::timeout(Duration::from_secs(20), is_learned).await.unwrap();
    let may_be_studied_again = async {
        while lock(&gate.prices.notebook).is_studied {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), may_be_studied_again).await.unwrap();
}
