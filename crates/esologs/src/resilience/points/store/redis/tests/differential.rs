//! The script against `Account`: the same steps at the same times, in random schedules. Every outcome and every standing must be equal.

use std::time::Duration;

use fastrand::Rng;

use super::server::Server;
use crate::resilience::Priority;
use crate::resilience::points::store::SharedStore as _;
use crate::resilience::points::store::redis::shared::Tuning;
use crate::resilience::points::store::redis::{RedisStore, STEP_TIMEOUT};
use crate::resilience::points::{Account, Ask, Charge, Finish, LedgerSettings, Outcome, Refused, Snapshot, Step, Stepped};

const SCHEDULES: u64 = if cfg!(debug_assertions) { 60 } else { 2_000 };
const STEPS: usize = 120;

/// Someone who makes up steps: reservations, ends in every way, snapshots that lag, are out of order or are nonsense, pauses of
/// all lengths, a clock that is set back.
struct Caller {
    rng: Rng,
    now_ms: i64,
    /// Numbers of the account's and of the store's reservations, with the time that they were sent.
    on_their_way: Vec<(u64, u64, i64)>,
    window_ms: i64,
    limit: f64,
    spent: f64,
}

impl Caller {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let window_ms = *rng.choice(&[3_000, 10_000, 60_000, 600_000, 3_600_000]).unwrap();
        let limit = *rng.choice(&[40.0, 900.5, 18_000.0]).unwrap();
        Self { rng, now_ms: 1_790_000_000_000, on_their_way: Vec::new(), window_ms, limit, spent: 0.0 }
    }

    fn settings(&mut self) -> LedgerSettings {
        LedgerSettings {
            safety: *self.rng.choice(&[0.0, 0.01, 0.3]).unwrap(),
            settle_lag: Duration::from_millis(self.rng.u64(0..8_000)),
            reserve_for_interactive: *self.rng.choice(&[0.0, 0.15, 0.6]).unwrap(),
            ..LedgerSettings::default()
        }
    }

    fn pass_time(&mut self) {
        self.now_ms += match self.rng.u8(0..100) {
            0..60 => self.rng.i64(0..400),
            60..90 => self.rng.i64(0..5_000),
            90..97 => self.rng.i64(0..self.window_ms),
            97..99 => self.rng.i64(0..2 * self.window_ms),
            _ => -self.rng.i64(0..3_000),
        };
    }

    fn snapshot(&mut self, sent_ms: i64) -> Snapshot {
        self.spent = match self.rng.u8(0..20) {
            0 => 0.0,
            1..4 => self.spent * self.rng.f64(),
            _ => self.spent + self.limit * 0.05 * self.rng.f64(),
        };
        let left_ms = self.window_ms - (self.now_ms - self.rng.i64(0..2_000)).rem_euclid(self.window_ms);
        let reset_in_s = match self.rng.u8(0..30) {
            0 => f64::NAN,
            1 => -1.0,
            2 => self.rng.f64() * 5_000.0,
            _ => (left_ms as f64 / 1_000.0).ceil(),
        };
        let limit = if self.rng.u8(0..30) == 0 { self.limit * 2.0 } else { self.limit };
        Snapshot { limit, spent: self.spent, reset_in_s, sent_ms, received_ms: self.now_ms }
    }

    fn end(&mut self) -> Option<(Finish, Finish)> {
        if self.on_their_way.is_empty() {
            return None;
        }
        let at = self.rng.usize(0..self.on_their_way.len());
        let (id, id_there, sent_ms) = self.on_their_way.swap_remove(at);
        let refused = (self.rng.u8(0..15) == 0)
            .then(|| Refused { retry_after_ms: self.rng.bool().then(|| self.rng.i64(0..200_000)), sent_ms });
        let charge = *self.rng.choice(&[Charge::Yes, Charge::Yes, Charge::Yes, Charge::No, Charge::Maybe]).unwrap();
        let snapshot = (self.rng.u8(0..10) < 6).then(|| self.snapshot(sent_ms));
        let finish = Finish { id, charge, snapshot, refused };
        Some((finish, Finish { id: id_there, ..finish }))
    }
}

const OWNERS: [&str; 3] = ["bot", "site \"{1}\" é\\", "pull"];

fn same(there: Stepped, here: Stepped) -> bool {
    let outcomes = match (there.outcome, here.outcome) {
        (Outcome::Reserved(_), Outcome::Reserved(_)) => true,
        (there, here) => there == here,
    };
    outcomes && there.standing == here.standing
}

#[tokio::test]
async fn the_script_takes_every_step_as_the_account_does() {
    let Some(server) = Server::start(&[]).await else { return };
    let tuning = Tuning { beat: Duration::from_secs(3_600), sends_the_time: true };
    let (mut held, mut windows) = ([0; 4], 0);

    for seed in 0..SCHEDULES {
        let mut caller = Caller::new(seed);
        let settings = caller.settings();
        // The store reckons with the time that a step is on its way.
        let here_settings = LedgerSettings { on_its_way_ms: STEP_TIMEOUT.as_millis() as i64, ..settings };
        let store = RedisStore::tuned(&server.url(), &format!("seed {seed}"), settings, tuning).unwrap();
        let mut account = Account::default();
        for number in 0..STEPS {
            caller.pass_time();
            let now_ms = caller.now_ms;
            let (there, here) = match caller.rng.u8(0..100) {
                0..50 => {
                    let estimate = caller.limit * *caller.rng.choice(&[0.001, 0.02, 0.1, 0.7]).unwrap() * caller.rng.f64();
                    let ask = Ask {
                        estimate,
                        expected: estimate * caller.rng.f64(),
                        is_guess: caller.rng.bool(),
                        priority: if caller.rng.bool() { Priority::Batch } else { Priority::Interactive },
                        owner: OWNERS[caller.rng.usize(0..OWNERS.len())],
                        operation: "Test",
                        shape: 0,
                        lease_ms: *caller.rng.choice(&[500, 60_000, 3_600_000]).unwrap(),
                        is_probe: caller.rng.u8(0..20) == 0,
                    };
                    (Step::Reserve(ask), Step::Reserve(ask))
                }
                50..90 => match caller.end() {
                    Some((here, there)) => (Step::Finish(there), Step::Finish(here)),
                    None => (Step::Look, Step::Look),
                },
                90..95 => (Step::Probe, Step::Probe),
                _ => (Step::Look, Step::Look),
            };
            let there = store.step(there, now_ms).await;
            let here = account.step(here, &here_settings, now_ms);

            assert!(same(there, here), "seed {seed}, step {number}:\nRedis   {there:?}\naccount {here:?}");
            match (here.outcome, there.outcome) {
                (Outcome::Reserved(id), Outcome::Reserved(id_there)) => caller.on_their_way.push((id, id_there, now_ms)),
                (Outcome::Held(refusal), _) => held[refusal.why as usize] += 1,
                _ => {}
            }
        }
        windows += account.step(Step::Look, &here_settings, caller.now_ms).standing.window;
        // A call from before the window's change has lost its row in the account, not in Redis.
        let there = store.spenders(caller.now_ms).await;
        for row in account.spenders.rows() {
            let found = there.iter().find(|found| found.owner == row.owner && found.operation == row.operation);
            let found = found.unwrap_or_else(|| panic!("seed {seed}: {row:?} is not among {there:?}"));
            let is_same = (found.points - row.points).abs() <= 1e-6 * row.points.max(1.0);
            assert!(found.calls > row.calls || (found.calls == row.calls && is_same), "seed {seed}: {found:?}, {row:?}");
        }
    }

    assert!(held.iter().all(|count| *count > 20), "some reasons to hold back hardly came up: {held:?}");
    assert!(windows > SCHEDULES * 3, "only {windows} windows");
}
