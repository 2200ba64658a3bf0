//! Whatever a service, a clock or a caller says: nothing breaks, and every estimate is an amount.

use fastrand::Rng;

use super::service::Kind;
use super::{Charge, Costs, Ended, MOST_SHAPES, Snapshot, Told};

fn kind(key: u64) -> Kind {
    Kind { key, price: 3.0, noise: 0.0 }
}

/// A number that may be anything.
fn any(rng: &mut Rng) -> f64 {
    match rng.u8(0..8) {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => -1e300,
        3 => 1e300,
        4 => -5.0,
        5 => 0.0,
        _ => 1_000.0 * rng.f64(),
    }
}

/// A moment: mostly a little later, now and then anywhere.
fn moment(rng: &mut Rng, now_ms: i64) -> i64 {
    match rng.u8(0..60) {
        0 => rng.i64(..) / 4,
        1 => now_ms - rng.i64(0..100_000),
        2 => now_ms + rng.i64(0..100_000_000),
        _ => now_ms + rng.i64(0..500),
    }
}

#[test]
fn whatever_is_told_nothing_breaks_and_estimates_are_amounts() {
    for seed in 0..if cfg!(debug_assertions) { 10 } else { 1_000 } {
        let mut rng = Rng::with_seed(seed);
        let mut costs = Costs::default();
        let (mut now_ms, mut on_their_way) = (1_790_000_000_000, Vec::new());
        for _ in 0..400 {
            now_ms = moment(&mut rng, now_ms);
            if rng.u8(0..4) == 0 {
                let told = Told {
                    shape: rng.u64(0..12),
                    expected: any(&mut rng),
                    sent_ms: moment(&mut rng, now_ms),
                    ended_ms: moment(&mut rng, now_ms),
                    is_sure: rng.bool(),
                    spent: rng.bool().then(|| any(&mut rng)),
                    window: rng.u64(0..3),
                };
                costs.hear(&told);
                costs.others_since(rng.bool().then(|| moment(&mut rng, now_ms)));
            }
            if rng.bool() || on_their_way.is_empty() {
                on_their_way.push(costs.sent(&kind(rng.u64(0..9)), now_ms));
                continue;
            }
            let sent = on_their_way[rng.usize(0..on_their_way.len())];
            let snapshot = Snapshot {
                limit: any(&mut rng),
                spent: any(&mut rng),
                reset_in_s: any(&mut rng),
                sent_ms: moment(&mut rng, now_ms),
                received_ms: moment(&mut rng, now_ms),
            };
            let charge = *rng.choice(&[Charge::No, Charge::Yes, Charge::Maybe]).unwrap();
            let snapshot = rng.bool().then_some(snapshot);
            costs.ended(sent, &Ended { now_ms, charge, snapshot, window: rng.u64(0..3) });
        }
        for key in 0..12 {
            let estimate = costs.estimate(&kind(key));
            let all = [estimate.expected, estimate.error, estimate.deviation, estimate.p95, estimate.at_most];
            assert!(all.iter().all(|points| points.is_finite() && *points >= 0.0), "seed {seed}: {estimate:?}");
            assert!(estimate.at_most >= estimate.expected, "seed {seed}: {estimate:?}");
        }
        assert!(costs.burn_per_hour().is_finite() && costs.burn_per_hour() >= 0.0, "seed {seed}");
        assert!(costs.book().to_bytes().is_ok());
    }
}

#[test]
fn calls_that_were_not_charged_or_are_told_of_twice_teach_nothing() {
    let mut costs = Costs::default();
    let told =
        |now_ms, spent| Some(Snapshot { limit: 100.0, spent, reset_in_s: 9.0, sent_ms: now_ms - 100, received_ms: now_ms });
    for call in 0..20 {
        let now_ms = 1_790_000_000_000 + 1_000 * call;
        let sent = costs.sent(&kind(1), now_ms - 100);
        let ended = Ended { now_ms, charge: Charge::No, snapshot: told(now_ms, 50.0 * call as f64), window: 1 };
        costs.ended(sent, &ended);
        costs.ended(sent, &Ended { charge: Charge::Yes, ..ended });
    }
    assert!(!costs.estimate(&kind(1)).is_learned);
    assert_eq!(costs.rows()[0].calls, 0);
}

#[test]
fn shapes_have_their_limit_and_the_least_used_one_goes() {
    let mut costs = Costs::default();
    for key in 0..MOST_SHAPES as u64 + 20 {
        for call in 0..if key == 7 { 1 } else { 2 } {
            let now_ms = 1_790_000_000_000 + 10 * key as i64 + call;
            let sent = costs.sent(&kind(key), now_ms);
            let spent =
                Some(Snapshot { limit: 1e6, spent: 3.0 * key as f64, reset_in_s: 9.0, sent_ms: now_ms, received_ms: now_ms });
            costs.ended(sent, &Ended { now_ms, charge: Charge::Yes, snapshot: spent, window: 1 });
        }
    }
    assert_eq!(costs.rows().len(), MOST_SHAPES);
    assert!(costs.rows().iter().all(|row| row.features != "kind 7"));
}
