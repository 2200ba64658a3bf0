//! How often an hour is looked at alone, while batch workers would spend more than it holds.

use super::tests::interactive;
use super::*;

const NOW_MS: i64 = 1_790_000_000_000;
const HOUR_MS: i64 = 3_600_000;
const LATENCY_MS: i64 = 400;
/// What a look costs.
const LOOK: f64 = 1.2;

/// A request on its way.
struct OnItsWay {
    id: u64,
    cost: f64,
    sent_ms: i64,
}

/// An hour of a service whose counter holds each answer's own cost.
struct Hour {
    limit: f64,
    account: Account,
    on_their_way: Vec<OnItsWay>,
    spent: f64,
    looks: u32,
}

impl Hour {
    /// So many workers make call after call, of which this much is set aside and a random part from half of it on is charged.
    fn of(limit: f64, workers: usize, estimate: f64) -> Self {
        let mut rng = fastrand::Rng::with_seed(1);
        let mut hour = Self { limit, account: Account::default(), on_their_way: Vec::new(), spent: 0.0, looks: 0 };
        for now_ms in (NOW_MS..NOW_MS + HOUR_MS).step_by(100) {
            hour.answer(now_ms);
            while hour.on_their_way.len() < workers
                && hour.send(&interactive(estimate), estimate * (0.5 + 0.5 * rng.f64()), now_ms)
            {}
        }
        hour
    }

    fn answer(&mut self, now_ms: i64) {
        let (over, others) =
            std::mem::take(&mut self.on_their_way).into_iter().partition(|call| call.sent_ms + LATENCY_MS <= now_ms);
        self.on_their_way = others;
        let over: Vec<OnItsWay> = over;
        for call in over {
            self.spent += call.cost;
            let reset_in_s = ((NOW_MS + HOUR_MS - now_ms) as f64 / 1e3).ceil();
            let snapshot =
                Snapshot { limit: self.limit, spent: self.spent, reset_in_s, sent_ms: call.sent_ms, received_ms: now_ms };
            self.account.finish(call.id, Charge::Yes, Some(&snapshot), &LedgerSettings::default(), now_ms);
        }
    }

    /// Whether it has passed; where it has not, it asks for a look as soon as that may be asked for.
    fn send(&mut self, ask: &Ask<'_>, cost: f64, sent_ms: i64) -> bool {
        let ask = Ask { priority: Priority::Batch, ..*ask };
        match self.account.reserve(&ask, &LedgerSettings::default(), sent_ms) {
            Ok(id) => self.on_their_way.push(OnItsWay { id, cost, sent_ms }),
            Err(Refusal { why: Why::Unsettled, retry_in_ms: ..=1 }) if self.account.may_probe(sent_ms) => {
                self.looks += 1;
                return self.send(&Ask { is_probe: true, ..interactive(PROBE_POINTS) }, LOOK, sent_ms);
            }
            Err(_) => return false,
        }
        true
    }
}

#[test]
fn an_hour_is_used_up_with_few_looks_whatever_its_calls_cost_and_however_large_it_is() {
    for limit in [400.0, 3_600.0, 18_000.0] {
        for (workers, estimate) in [(1, 8.0), (2, 2.0), (2, 8.0), (4, 8.0), (2, limit / 40.0)] {
            let hour = Hour::of(limit, workers, estimate);

            let told = format!("{limit} points, {workers} x {estimate}: {} looks, {:.3} used", hour.looks, hour.spent / limit);
            println!("{told}");
            assert!(hour.looks <= 20, "{told}");
            assert!((0.95 * limit..=limit).contains(&hour.spent), "{told}");
        }
    }
}
