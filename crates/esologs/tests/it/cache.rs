//! Answers that are kept: what they cost, how long they are good, what they may stand in for, and what is never kept.
//!
//! The service is the simulator in the same process; what stands between it and the client answers in its place where a test says so.

mod knobs;
mod lifetimes;
mod outage;
mod unspoilt;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{Cache, CacheResult, CallPolicy, Client, ClientBuilder, Clock, Credentials, Event, ReportCode, UnixMillis};
use esologs_sim::world::model::Access;
use esologs_sim::world::{Size, WorldConfig};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Faults, Simulator};
use http::Request;

use crate::support::Reply;

const START: i64 = 1_790_000_000_000;
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
const GUILD: i64 = 3468;

/// The simulator, and what answers in its place.
#[derive(Clone)]
struct Service {
    sim: Simulator,
    instead: Arc<Mutex<Option<Reply>>>,
    requests: Arc<AtomicUsize>,
    clock: Clock,
}

impl Transport for Service {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move {
            let is_api = request.uri().path() != "/oauth/token";
            self.requests.fetch_add(usize::from(is_api), Ordering::SeqCst);
            let instead = self.instead.lock().unwrap().clone().filter(|_| is_api);
            match instead {
                Some(reply) => reply.play().await,
                None => Ok(self.sim.handle(request).await),
            }
        })
    }
}

impl Service {
    fn new() -> Self {
        Self::with(Faults::none())
    }

    fn with(faults: Faults) -> Self {
        let world = WorldConfig { seed: 1, size: Size::Small };
        let sim = Simulator::builder().world_config(world).start_unix_ms(START).faults(faults).without_throttle();
        let clock = Clock::starting_at(UnixMillis::new(START));
        Self { sim: sim.build().unwrap(), instead: Arc::default(), requests: Arc::default(), clock }
    }

    /// From now on this answers, or again the simulator.
    fn answer(&self, instead: impl Into<Option<Reply>>) {
        *self.instead.lock().unwrap() = instead.into();
    }

    /// Requests to the API so far.
    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Requests and points that some work takes.
    async fn cost<T>(&self, work: impl Future<Output = T>) -> (T, usize, f64) {
        let (requests, points) = (self.requests(), self.sim.stats().points_spent);
        let value = work.await;
        (value, self.requests() - requests, self.sim.stats().points_spent - points)
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .credentials(Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET).unwrap())
            .transport(self.clone())
            .clock(self.clock.clone())
            .without_request_rate()
            .seed(1)
    }

    /// A client that keeps what it gets in memory.
    fn client(&self, policy: CallPolicy) -> Client {
        self.builder().policy(policy).cache(Cache::in_memory()).build().unwrap()
    }

    /// The code of a report of this kind.
    fn report(&self, access: &Access) -> ReportCode {
        let report = self.sim.world().reports.iter().find(|report| report.access == *access && !report.fights.is_empty());
        report.unwrap().code.parse().unwrap()
    }
}

/// What the cache of a client had for its calls, in order.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<CacheResult>>>);

impl Asked {
    fn listen(&self, builder: ClientBuilder) -> ClientBuilder {
        let asked = self.clone();
        builder.on_event(move |event| {
            if let Event::CacheAsked { result, .. } = event {
                asked.0.lock().unwrap().push(*result);
            }
        })
    }

    fn take(&self) -> Vec<CacheResult> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}
