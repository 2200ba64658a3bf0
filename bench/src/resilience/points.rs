//! The ledger for a day: batch calls that want more than there is, people's calls between them, and a service that counts points.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{CallPolicy, Client, Clock, Credentials, Endpoint, Error};
use fastrand::Rng;
use http::{Request, Response};
use serde_json::Map;
use tokio::time::Instant;

use super::world::{BASE, in_virtual_time};
use crate::figures::Table;

const LIMIT: f64 = 3_600.0;
const HOUR: Duration = Duration::from_secs(3_600);
/// What the kinds of calls cost in the mean, in points; the last two scatter by a fifth.
const PRICES: [f64; 6] = [0.0, 1.2, 3.0, 7.0, 15.0, 40.0];
const SCATTER: [f64; 6] = [0.0, 0.0, 0.0, 0.0, 0.2, 0.2];
/// What the question for a snapshot alone costs.
const PROBE: f64 = 1.2;
/// So many batch calls want to go on at any time.
const WORKERS: usize = 8;
/// People ask so often, in the mean.
const PEOPLE_PER_HOUR: f64 = 30.0;
/// People's calls cost up to 18 points, or as much as batch calls.
const MODEST: usize = 4;
const DEAR: usize = 5;
const DEADLINE: Duration = Duration::from_secs(30);

/// How the service tells of its counter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Telling {
    pub(crate) lag: Duration,
    pub(crate) own_is_in_it: bool,
}

/// What a day came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Day {
    /// The share of the limit that was used, of each whole hour.
    pub(crate) used: Vec<f64>,
    /// Requests that the service refused because the points were spent.
    pub(crate) refused: u64,
    pub(crate) batch: u64,
    pub(crate) batch_failed: Vec<String>,
    pub(crate) people: u64,
    pub(crate) people_failed: Vec<String>,
    /// What people have asked for in each hour, in points, by what such calls cost in the mean.
    pub(crate) people_asked: BTreeMap<u64, f64>,
    pub(crate) slowest: Duration,
    pub(crate) probes: u64,
}

/// The service: windows of an hour, a counter that lags, a refusal when all is spent.
#[derive(Clone)]
struct Service(Arc<Mutex<State>>);

struct State {
    started: Instant,
    /// How far into its window the service is at the start.
    offset: Duration,
    telling: Telling,
    rng: Rng,
    window: u64,
    spent: f64,
    charges: VecDeque<(Duration, f64)>,
    history: Vec<f64>,
    refused: u64,
    probes: u64,
}

impl State {
    /// What a request gets: the counter and the time left, or only the time left where all is spent.
    fn execute(&mut self, cost: f64) -> Result<(f64, u64), u64> {
        let at = self.started.elapsed() + self.offset;
        let window = at.as_secs() / HOUR.as_secs();
        while self.window < window {
            self.history.push(self.spent);
            (self.window, self.spent) = (self.window + 1, 0.0);
            self.charges.clear();
        }
        let left_s = (HOUR.as_millis() - at.as_millis() % HOUR.as_millis()).div_ceil(1_000) as u64;
        if self.spent >= LIMIT {
            self.refused += 1;
            return Err(left_s);
        }
        let before = self.told(at);
        self.spent += cost;
        self.charges.push_back((at, cost));
        Ok((if self.telling.own_is_in_it { self.told(at) } else { before }, left_s))
    }

    fn told(&mut self, at: Duration) -> f64 {
        while self.charges.front().is_some_and(|(charged, _)| at - *charged >= self.telling.lag) {
            self.charges.pop_front();
        }
        let unseen: f64 = self.charges.iter().map(|(_, cost)| cost).sum();
        ((self.spent - unseen) * 100.0).round() / 100.0
    }

    fn cost(&mut self, body: &[u8]) -> f64 {
        let Some(kind) = kind_of(body) else {
            self.probes += 1;
            return PROBE;
        };
        let factor = 1.0 + SCATTER[kind] * (2.0 * self.rng.f64() - 1.0);
        (PRICES[kind] * factor * 100.0).round() / 100.0
    }
}

/// The number in `query Kind3 …`.
fn kind_of(body: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("query Kind")?;
    rest.get(..1)?.parse().ok()
}

impl Service {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Service {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move {
            if request.uri().path() == "/oauth/token" {
                let token = r#"{"token_type":"Bearer","expires_in":31536000,"access_token":"token"}"#;
                return Ok(Response::new(Bytes::from_static(token.as_bytes())));
            }
            let pause = |service: &Self| Duration::from_millis(service.state().rng.u64(20..=300));
            tokio::time::sleep(pause(self)).await;
            let told = {
                let mut state = self.state();
                let cost = state.cost(request.body());
                state.execute(cost)
            };
            tokio::time::sleep(pause(self)).await;
            let is_probe = kind_of(request.body()).is_none();
            let mut response = Response::new(match told {
                Ok((spent, left_s)) => answer(is_probe, spent, left_s),
                Err(_) => Bytes::from_static(br#"{"status":429,"error":"You have exhausted your points for this hour."}"#),
            });
            if told.is_err() {
                *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
            }
            Ok(response)
        })
    }
}

fn answer(is_probe: bool, spent: f64, left_s: u64) -> Bytes {
    let points = format!(r#"{{"limitPerHour":{LIMIT},"pointsSpentThisHour":{spent},"pointsResetIn":{left_s}}}"#);
    let data = if is_probe { format!(r#""rateLimitData":{points}"#) } else { format!(r#""a":1,"esologsPoints":{points}"#) };
    format!(r#"{{"data":{{{data}}}}}"#).into()
}

async fn call(client: &Client, kind: usize) -> Result<(), Error> {
    client.query(&format!("query Kind{kind} {{ a }}"), Map::new()).await.map(|_| ())
}

/// So many whole hours, and a part of one before. People ask for the kinds up to `dearest`.
pub(crate) fn day(hours: u32, telling: Telling, dearest: usize, seed: u64) -> Day {
    in_virtual_time(async {
        let mut rng = Rng::with_seed(seed);
        let offset = HOUR.mul_f64(0.3 + 0.6 * rng.f64());
        let service = Service(Arc::new(Mutex::new(State {
            started: Instant::now(),
            offset,
            telling,
            rng: rng.fork(),
            window: 0,
            spent: 0.0,
            charges: VecDeque::new(),
            history: Vec::new(),
            refused: 0,
            probes: 0,
        })));
        let client = Client::builder()
            .credentials(Credentials::new("wayrest-client", "s3cret-of-wayrest").expect("credentials"))
            .endpoint(Endpoint::new("https://logs.test").expect("an address"))
            .clock(Clock::starting_at(BASE))
            .transport(service.clone())
            .policy(CallPolicy::interactive())
            .seed(seed)
            .build()
            .expect("default settings");
        let day = Arc::new(Mutex::new(Day::default()));
        let end = Instant::now() + HOUR * (hours + 1) - offset;
        let mut jobs = tokio::task::JoinSet::new();
        for _ in 0..WORKERS {
            jobs.spawn(work(client.with_policy(CallPolicy::batch()), rng.fork(), Arc::clone(&day)));
        }
        let mut people = tokio::task::JoinSet::new();
        while Instant::now() < end {
            let pause = -(1.0 - rng.f64()).ln() * HOUR.as_secs_f64() / PEOPLE_PER_HOUR;
            tokio::time::sleep(Duration::from_secs_f64(pause)).await;
            let kind = rng.usize(..=dearest);
            let at = service.state().started.elapsed() + offset;
            let hour = at.as_secs() / HOUR.as_secs();
            *day.lock().unwrap_or_else(PoisonError::into_inner).people_asked.entry(hour).or_default() += PRICES[kind];
            people.spawn(person(client.clone(), kind, at, Arc::clone(&day)));
        }
        while people.join_next().await.is_some() {}
        jobs.shutdown().await;
        let state = service.state();
        let mut day = day.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // The first one was not whole.
        day.used = state.history.iter().skip(1).take(hours as usize).map(|spent| spent / LIMIT).collect();
        (day.refused, day.probes) = (state.refused, state.probes);
        day
    })
}

/// Batch calls without end.
async fn work(client: Client, mut rng: Rng, day: Arc<Mutex<Day>>) {
    loop {
        let result = call(&client, rng.usize(..PRICES.len())).await;
        let mut day = day.lock().unwrap_or_else(PoisonError::into_inner);
        day.batch += 1;
        day.batch_failed.extend(result.err().map(|error| error.to_string()));
    }
}

/// A person's call, so long after the beginning of the service's first window.
async fn person(client: Client, kind: usize, at: Duration, day: Arc<Mutex<Day>>) {
    let began = Instant::now();
    let result = call(&client, kind).await;
    let mut day = day.lock().unwrap_or_else(PoisonError::into_inner);
    day.people += 1;
    day.slowest = day.slowest.max(began.elapsed());
    let (hour, minute) = (at.as_secs() / HOUR.as_secs(), at.as_secs_f64() % HOUR.as_secs_f64() / 60.0);
    let asked = day.people_asked.get(&hour).copied().unwrap_or_default();
    let why = |error| format!("hour {hour}, minute {minute:.1}, people have asked for {asked:.0} points in it: {error}");
    day.people_failed.extend(result.err().map(why));
}

pub(crate) fn rows(table: &mut Table, seeds: u64) {
    for (lag_s, own_is_in_it) in [(0, true), (0, false), (2, false), (5, false)] {
        for (dearest, of_people) in [(MODEST, "people's up to 18"), (DEAR, "people's as dear")] {
            let telling = Telling { lag: Duration::from_secs(lag_s), own_is_in_it };
            let days: Vec<Day> = (1..=seeds).map(|seed| day(24, telling, dearest, seed)).collect();
            let sum = |of: fn(&Day) -> u64| days.iter().map(of).sum::<u64>();
            let order = if own_is_in_it { "holding" } else { "without" };
            let name = format!(
                "9: {seeds} x 24 h at the limit, calls cost 0 to 48, {of_people}; snapshots {lag_s} s behind, {order} their own query"
            );
            let used: Vec<f64> = days.iter().flat_map(|day| day.used.iter().map(|used| 100.0 * used)).collect();
            let (least, mean) =
                (used.iter().copied().fold(f64::INFINITY, f64::min), used.iter().sum::<f64>() / used.len() as f64);
            let figure = format!("{least:.1} %, {mean:.1} %");
            table.bounded(&format!("{name}: used of an hour, the least and the mean"), figure, "at least 95 %", least >= 95.0);
            let (refused, lost) = (sum(|day| day.refused), sum(|day| day.batch_failed.len() as u64));
            let figure = format!("{refused}, {lost} of {}", sum(|day| day.batch));
            table.bounded("… refused by the service, batch calls lost", figure, "0, 0", refused + lost == 0);
            let (lost, slowest) =
                (sum(|day| day.people_failed.len() as u64), days.iter().map(|day| day.slowest).max().unwrap_or_default());
            let figure = format!("{lost} of {}, {:.1} s", sum(|day| day.people), slowest.as_secs_f64());
            table.bounded("… people's calls lost, the slowest", figure, "0, 30 s", lost == 0 && slowest <= DEADLINE);
            let probes = sum(|day| day.probes) as f64 / (24 * seeds) as f64;
            table.row("… probes an hour", format!("{probes:.1}"));
            for (seed, day) in (1..).zip(&days) {
                for why in day.people_failed.iter().chain(&day.batch_failed) {
                    eprintln!("lost, seed {seed}, {name}: {why}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_used_up_and_nobody_is_refused() {
        for (own_is_in_it, lag_s) in [(true, 0), (false, 5)] {
            let day = day(2, Telling { lag: Duration::from_secs(lag_s), own_is_in_it }, MODEST, 1);

            assert_eq!((day.refused, &day.batch_failed[..]), (0, &[][..]), "{day:?}");
            assert!(day.used.len() == 2 && day.used.iter().all(|used| *used >= 0.95), "{day:?}");
            assert!(day.people > 30 && day.people_failed.is_empty() && day.slowest <= DEADLINE, "{day:?}");
        }
    }
}
