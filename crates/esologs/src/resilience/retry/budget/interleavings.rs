//! The budget against a plain sum, in random order: payments kept, given back or forgotten, deposits, time, and a line whose
//! members come and go.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Waker};

use fastrand::Rng;

use super::*;

/// All of them in release; in an unoptimised build a sample.
const INTERLEAVINGS: u64 = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
const LINES: u64 = if cfg!(debug_assertions) { 2_000 } else { 100_000 };
const STEPS: u32 = 30;

fn settings(rng: &mut Rng) -> RetryBudgetSettings {
    RetryBudgetSettings {
        cap: 2.0 + 4.0 * rng.f64(),
        per_success: 0.3,
        per_second: 0.05 + rng.f64(),
        when_empty: WhenEmpty::Wait,
    }
}

/// What there should be, from 0 to the cap.
struct Sum {
    tokens: f64,
    settings: RetryBudgetSettings,
}

impl Sum {
    fn add(&mut self, amount: f64) {
        self.tokens = (self.tokens + amount).min(self.settings.cap);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_and_nothing_comes_from_nowhere_whatever_the_order() {
    let mut refused = 0_u64;
    for seed in 0..INTERLEAVINGS {
        let mut rng = Rng::with_seed(seed);
        let settings = settings(&mut rng);
        let budget = RetryBudget::of(settings);
        let mut sum = Sum { tokens: settings.cap, settings };
        let (mut now, mut payments) = (Instant::now(), Vec::new());
        for _ in 0..STEPS {
            match rng.u32(..10) {
                0..4 => {
                    let price = if rng.bool() { 1.0 } else { RetryBudgetSettings::TIME_OUT };
                    let taken = budget.take(price, now).then(|| Payment { budget: budget.clone(), price });
                    // At the very edge either answer is right.
                    assert!(taken.is_some() == (sum.tokens >= price) || (sum.tokens - price).abs() < 1e-9);
                    sum.tokens -= taken.as_ref().map_or(0.0, |payment| payment.price);
                    refused += u64::from(taken.is_none());
                    payments.extend(taken);
                }
                4 | 5 if !payments.is_empty() => payments.swap_remove(rng.usize(..payments.len())).keep(),
                6 if !payments.is_empty() => {
                    let given_back = payments.swap_remove(rng.usize(..payments.len()));
                    sum.add(given_back.price);
                    drop(given_back);
                }
                7 => {
                    sum.add(settings.per_success);
                    budget.pay_in(settings.per_success, now);
                }
                8 => {
                    let pause = Duration::from_millis(rng.u64(..2_000));
                    now += pause;
                    sum.add(pause.as_secs_f64() * settings.per_second);
                    drop(budget.settle(now));
                }
                _ => {}
            }
            let tokens = budget.settle(now).tokens;
            assert!((tokens - sum.tokens).abs() < 1e-9, "seed {seed}: {tokens}, should be {}", sum.tokens);
            assert!((0.0..=settings.cap).contains(&tokens), "seed {seed}: {tokens}");
        }
        let outstanding: f64 = payments.iter().map(|payment| payment.price).sum();
        payments.clear();
        sum.add(outstanding);
        let tokens = budget.settle(now).tokens;
        assert!((tokens - sum.tokens).abs() < 1e-9, "seed {seed}: payments that were forgotten come back");
    }
    assert!(refused > INTERLEAVINGS, "an empty budget is met often, not {refused} times");
}

#[tokio::test(start_paused = true)]
async fn a_line_is_served_to_its_end_whoever_leaves_it_when() {
    for seed in 0..LINES {
        let mut rng = Rng::with_seed(seed);
        let settings = settings(&mut rng);
        let budget = RetryBudget::of(settings);
        let mut line: Vec<Pin<Box<_>>> = Vec::new();
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..STEPS {
            match rng.u32(..10) {
                0..3 => line.push(Box::pin(budget.withdraw_in_line(if rng.bool() { 1.0 } else { 2.0 }))),
                3..7 if !line.is_empty() => {
                    let at = rng.usize(..line.len());
                    if let std::task::Poll::Ready(payment) = line[at].as_mut().poll(&mut context) {
                        drop(line.swap_remove(at));
                        if rng.bool() {
                            payment.keep();
                        }
                    }
                }
                7 if !line.is_empty() => drop(line.swap_remove(rng.usize(..line.len()))),
                8 => budget.deposit(),
                _ => tokio::time::advance(Duration::from_millis(rng.u64(..500))).await,
            }
        }
        // Those who are left are all served, within the time that their prices take, and a little for the clock's steps.
        let (began, count) = (Instant::now(), line.len());
        futures_util::future::join_all(line.into_iter().map(|waiter| async { waiter.await.keep() })).await;
        let most = 2.0 * count as f64 / settings.per_second + 0.002 * (count as f64 + 1.0);
        assert!(began.elapsed().as_secs_f64() <= most, "seed {seed}: {count} in line for {:?}", began.elapsed());
        assert!((0.0..=settings.cap).contains(&budget.tokens()), "seed {seed}");
    }
}
