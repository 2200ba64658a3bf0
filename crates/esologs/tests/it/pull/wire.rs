//! The simulator in the same process, behind a wire that can be slow, cut and tapped.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use esologs::pull::{Pull, Summary};
use esologs::transport::{SendFuture, Transport};
use esologs::{Cache, CallPolicy, Client, ClientBuilder, Clock, Credentials, UnixMillis};
use esologs_sim::world::model::{Access, Report};
use esologs_sim::world::{Size, World, WorldConfig};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Faults, Simulator};
use http::{Request, Response};
use serde_json::Value;

/// The guild that the worlds are about.
pub(super) const GUILD: i64 = 3468;
/// The start of the simulated time: later than every finished report of a generated world.
pub(super) const NOW: i64 = 1_800_000_000_000;

pub(super) fn world(seed: u64) -> Arc<World> {
    Arc::new(World::generate(&WorldConfig { seed, size: Size::Small }, NOW))
}

/// The generated world of seed 1, whose events are built once for all tests.
pub(super) fn small_world() -> &'static Arc<World> {
    static WORLD: OnceLock<Arc<World>> = OnceLock::new();
    WORLD.get_or_init(|| world(1))
}

/// One report of every kind and two finished ones more, all of few events: where size is not the subject.
pub(super) fn little_world() -> &'static Arc<World> {
    static WORLD: OnceLock<Arc<World>> = OnceLock::new();
    WORLD.get_or_init(|| Arc::new(new_little_world()))
}

/// The same once more, to be changed.
pub(super) fn new_little_world() -> World {
    let kinds = [("public", 300), ("archived", 200), ("public", 500), ("private", 200), ("public", 400), ("live", 700)];
    of_reports(kinds.map(|(access, events)| format!("access = \"{access}\"\nevents = {events}\nfights = 5\n")))
}

/// Three finished reports and no other, the middle one of several pages.
pub(super) fn paged_world() -> &'static Arc<World> {
    static WORLD: OnceLock<Arc<World>> = OnceLock::new();
    WORLD.get_or_init(|| Arc::new(of_reports([1_000, 45_000, 500].map(|events| format!("events = {events}\nfights = 5\n")))))
}

fn of_reports<const N: usize>(reports: [String; N]) -> World {
    let reports = reports.map(|report| format!("[[report]]\n{report}")).concat();
    World::from_toml(&format!("seed = 5\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{reports}"), NOW).unwrap()
}

/// The codes of the guild's reports of a kind, newest first.
pub(super) fn codes(world: &World, kind: impl Fn(&Access) -> bool) -> Vec<&str> {
    world.reports_of_guild(GUILD).into_iter().filter(|report| kind(&report.access)).map(code).collect()
}

fn code(report: &Report) -> &str {
    &report.code
}

pub(super) fn finished(world: &World) -> Vec<&str> {
    codes(world, |access| *access == Access::Public)
}

pub(super) fn live(world: &World) -> &str {
    codes(world, |access| *access == Access::Live)[0]
}

pub(super) fn archived(world: &World) -> &str {
    codes(world, |access| matches!(access, Access::Archived { .. }))[0]
}

pub(super) fn private(world: &World) -> &str {
    codes(world, |access| *access == Access::Private)[0]
}

/// A request to the API on its way.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Its number among all requests to the API, from 1.
    pub(super) number: usize,
    pub(super) operation: String,
    pub(super) variables: Value,
}

impl Asked {
    /// The report that it is about.
    pub(super) fn code(&self) -> &str {
        self.variables["code"].as_str().unwrap_or_default()
    }

    pub(super) fn is(&self, operation: &str, code: &str) -> bool {
        self.operation == operation && self.code() == code
    }
}

/// The name of the operation in a request's body, and its variables.
pub(super) fn operation_of(body: &[u8]) -> (String, Value) {
    let body: Value = serde_json::from_slice(body).unwrap();
    let query = body["query"].as_str().unwrap().trim_start();
    let name = query.strip_prefix("query ").unwrap().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
    (name.to_owned(), body["variables"].clone())
}

type Instead = Arc<dyn Fn(&Asked) -> Option<Response<Bytes>> + Send + Sync>;
type Edit = Arc<dyn Fn(&Asked, String) -> String + Send + Sync>;

/// A wire to a simulator. A clone is the same wire.
#[derive(Clone)]
pub(super) struct Wire {
    pub(super) sim: Simulator,
    asked: Arc<Mutex<Vec<Asked>>>,
    latency: Duration,
    instead: Option<Instead>,
    edit: Option<Edit>,
}

impl Wire {
    /// A wire to a simulator of this world.
    pub(super) fn to(world: &Arc<World>, faults: Faults) -> Self {
        let sim = Simulator::builder().world(Arc::clone(world)).start_unix_ms(NOW).faults(faults).build().unwrap();
        Self::to_sim(sim)
    }

    pub(super) fn to_sim(sim: Simulator) -> Self {
        Self { sim, asked: Arc::default(), latency: Duration::ZERO, instead: None, edit: None }
    }

    /// Each answer takes so long.
    pub(super) fn slow(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Requests that get this answer do not reach the service; the rest does.
    pub(super) fn instead(mut self, rule: impl Fn(&Asked) -> Option<Response<Bytes>> + Send + Sync + 'static) -> Self {
        self.instead = Some(Arc::new(rule));
        self
    }

    /// Answers of the service are changed on their way.
    pub(super) fn edited(mut self, edit: impl Fn(&Asked, String) -> String + Send + Sync + 'static) -> Self {
        self.edit = Some(Arc::new(edit));
        self
    }

    /// The same service over a sound wire.
    pub(super) fn mended(&self) -> Self {
        Self::to_sim(self.sim.clone())
    }

    /// Every request to the API that was sent on this wire.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How many of an operation there were about a report.
    pub(super) fn count(&self, operation: &str, code: &str) -> usize {
        self.asked().iter().filter(|asked| asked.is(operation, code)).count()
    }

    /// A patient client with the demo key and the simulator's clock.
    pub(super) fn client(&self) -> Client {
        self.client_with_secret(DEMO_CLIENT_SECRET)
    }

    /// The same that plans with no points.
    pub(super) fn client_without_ledger(&self) -> Client {
        self.builder(DEMO_CLIENT_SECRET).without_ledger().build().unwrap()
    }

    pub(super) fn client_with_secret(&self, secret: &str) -> Client {
        self.builder(secret).build().unwrap()
    }

    /// A client that keeps its answers in this folder.
    pub(super) fn client_with_cache(&self, folder: &Path) -> Client {
        self.builder(DEMO_CLIENT_SECRET).cache(Cache::in_folder(folder)).build().unwrap()
    }

    pub(super) fn builder(&self, secret: &str) -> ClientBuilder {
        Client::builder()
            .credentials(Credentials::new(DEMO_CLIENT_ID, secret).unwrap())
            .transport(self.clone())
            .clock(Clock::starting_at(UnixMillis::new(self.sim.now_unix_ms())))
            .policy(CallPolicy::batch())
            .seed(1)
            .without_request_rate()
    }

    /// A pull of the guild over this wire.
    pub(super) fn pull(&self, folder: impl AsRef<Path>) -> Pull {
        Pull::guild(self.client(), GUILD, folder.as_ref())
    }

    /// Runs such a pull to its end.
    pub(super) async fn pulled(&self, folder: impl AsRef<Path>) -> Summary {
        self.pull(folder).run(|_| {}).await.unwrap()
    }

    /// Requests that have reached the service, by operation.
    pub(super) fn reached(&self) -> BTreeMap<String, u64> {
        self.sim.stats().by_operation
    }

    /// What has reached the service since `before`, without what has not.
    pub(super) fn reached_since(&self, before: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
        let mut since = self.reached();
        for (operation, count) in &mut since {
            *count -= before.get(operation).unwrap_or(&0);
        }
        since.retain(|_, count| *count > 0);
        since
    }
}

impl Transport for Wire {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move {
            tokio::time::sleep(self.latency).await;
            if !request.uri().path().starts_with("/api/") {
                return Ok(self.sim.handle(request).await);
            }
            let (operation, variables) = operation_of(request.body());
            let asked = {
                let mut all = self.asked.lock().unwrap();
                assert!(all.len() < 5_000, "the pull asks without end; the last is {:?}", all.last());
                let asked = Asked { number: all.len() + 1, operation, variables };
                all.push(asked.clone());
                asked
            };
            if let Some(answer) = self.instead.as_ref().and_then(|rule| rule(&asked)) {
                return Ok(answer);
            }
            let answer = self.sim.handle(request).await;
            let Some(edit) = &self.edit else { return Ok(answer) };
            let (parts, body) = answer.into_parts();
            let text = String::from_utf8(body.to_vec()).unwrap();
            Ok(Response::from_parts(parts, Bytes::from(edit(&asked, text))))
        })
    }
}

/// An answer of this status with a page of HTML.
pub(super) fn page(status: u16) -> Response<Bytes> {
    let body = format!("<html><head><title>{status}</title></head><body>Down for maintenance</body></html>");
    Response::builder().status(status).header("content-type", "text/html").body(body.into()).unwrap()
}

/// 200 with JSON that breaks off.
pub(super) fn cut_json() -> Response<Bytes> {
    answer(r#"{"data":{"reportData":{"report":{"#)
}

/// 200 with this JSON.
pub(super) fn answer(json: &str) -> Response<Bytes> {
    Response::builder().header("content-type", "application/json").body(json.to_owned().into()).unwrap()
}

/// Operations and their numbers, to compare with.
pub(super) fn requests<const N: usize>(of: [(&str, u64); N]) -> BTreeMap<String, u64> {
    of.into_iter().map(|(operation, count)| (operation.to_owned(), count)).collect()
}
