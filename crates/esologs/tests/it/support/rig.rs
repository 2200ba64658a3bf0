//! A client on a transport of the test's choice, with a virtual clock, a seed, and a log of what it tells.
//!
//! All clients of these tests but those of the subject "how a client is built" are made here, so that a change of the builder
//! is a change of this file.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::transport::{HttpSettings, HttpTransport, Transport};
use esologs::{
    Backoff, CallPolicy, Class, Client, ClientBuilder, Clock, Credentials, Endpoint, Error, Event, RateLimitData, SignedIn,
    UnixMillis, WaitReason,
};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET};
use tokio::time::Instant;

/// The virtual clock's start.
pub(crate) const BASE: UnixMillis = UnixMillis::new(1_790_000_000_000);

/// An event of the client, kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    Started(u32),
    Failed(Class, String),
    Waiting(WaitReason, Duration),
    TokenAsked,
    TokenFetched,
    Answered(u32),
    GaveUp(u32, Class),
}

/// A client and what it told.
pub(crate) struct Rig {
    pub(crate) client: Client,
    log: Log,
    started: Instant,
}

type Log = Arc<Mutex<Vec<Logged>>>;

/// What was told, and when.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    pub(crate) at: Instant,
    pub(crate) told: Told,
    /// Until when, where it is a wait.
    pub(crate) until: Option<UnixMillis>,
}

impl Rig {
    pub(crate) const ID: &'static str = "wayrest-client";
    pub(crate) const SECRET: &'static str = "s3cret-of-wayrest";

    /// A client with this policy on this transport.
    pub(crate) fn new(transport: impl Transport, policy: CallPolicy) -> Self {
        Self::with_seed(transport, policy, 1)
    }

    /// The same with a jitter of one's choice.
    pub(crate) fn with_seed(transport: impl Transport, policy: CallPolicy, seed: u64) -> Self {
        Self::with(transport, policy, |builder| builder.seed(seed))
    }

    /// The same with settings of one's choice.
    pub(crate) fn with(transport: impl Transport, policy: CallPolicy, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let (builder, log) = Self::builder("https://logs.test", Self::ID, Self::SECRET);
        // A script seldom tells of points; what does has them planned with.
        let client = set(builder.transport(transport).policy(policy).seed(1).without_ledger()).build().unwrap();
        Self { client, log, started: Instant::now() }
    }

    /// The same in the name of this user alone.
    pub(crate) fn of_user(transport: impl Transport, policy: CallPolicy, user: SignedIn) -> Self {
        let (builder, log) = Self::nobodys("https://logs.test");
        let client = builder.transport(transport).policy(policy).seed(1).without_ledger().signed_in(user).build().unwrap();
        Self { client, log, started: Instant::now() }
    }

    /// The same with credentials of one's choice.
    pub(crate) fn with_credentials(transport: impl Transport, id: &str, secret: &str) -> Self {
        let (builder, log) = Self::builder("https://logs.test", id, secret);
        Self { client: builder.transport(transport).without_ledger().build().unwrap(), log, started: Instant::now() }
    }

    /// A client over real sockets, with the demo key of the simulator.
    pub(crate) fn over_tcp(base_url: &str, policy: CallPolicy) -> Self {
        Self::sharing(&sockets(), base_url, policy)
    }

    /// The same on another way to a simulator.
    pub(crate) fn over_transport(transport: impl Transport, policy: CallPolicy) -> Self {
        let (builder, log) = Self::builder("https://logs.test", DEMO_CLIENT_ID, DEMO_CLIENT_SECRET);
        Self { client: builder.transport(transport).policy(policy).seed(1).build().unwrap(), log, started: Instant::now() }
    }

    /// The same on sockets that other clients use as well: reading the certificates once is enough for a thousand clients.
    pub(crate) fn sharing(sockets: &HttpTransport, base_url: &str, policy: CallPolicy) -> Self {
        let (builder, log) = Self::builder(base_url, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET);
        let client = builder.transport(sockets.clone()).policy(policy).seed(1).without_breaker().build().unwrap();
        Self { client, log, started: Instant::now() }
    }

    /// A builder with the demo key of the simulator at this address, for what else a test needs.
    pub(crate) fn demo_builder(base_url: &str) -> ClientBuilder {
        Self::builder(base_url, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET).0
    }

    fn builder(base_url: &str, id: &str, secret: &str) -> (ClientBuilder, Log) {
        let (builder, log) = Self::nobodys(base_url);
        (builder.credentials(Credentials::new(id, secret).unwrap()), log)
    }

    fn nobodys(base_url: &str) -> (ClientBuilder, Log) {
        let log = Log::default();
        let kept = Arc::clone(&log);
        let builder = Client::builder()
            .endpoint(Endpoint::new(base_url).unwrap())
            .clock(Clock::starting_at(BASE))
            // Tests make the same call many times, as fast as they can; sharing and pacing have tests of their own.
            .without_single_flight()
            .without_request_rate()
            .on_event(move |event| kept.lock().unwrap().extend(keep(event)));
        (builder, log)
    }

    /// The cheapest call there is.
    pub(crate) async fn call(&self) -> Result<RateLimitData, Error> {
        self.client.rate_limit().await
    }

    pub(crate) fn told(&self) -> Vec<Told> {
        self.log().into_iter().map(|logged| logged.told).collect()
    }

    /// The same with the moments.
    pub(crate) fn log(&self) -> Vec<Logged> {
        self.log.lock().unwrap().clone()
    }

    /// What was told since the last time.
    pub(crate) fn told_since(&self) -> Vec<Told> {
        std::mem::take(&mut *self.log.lock().unwrap()).into_iter().map(|logged| logged.told).collect()
    }

    /// The classes of the attempts that failed, in order.
    pub(crate) fn classes(&self) -> Vec<Class> {
        self.told().into_iter().filter_map(|told| if let Told::Failed(class, _) = told { Some(class) } else { None }).collect()
    }

    /// What the client said that it waits for, in order.
    pub(crate) fn waits(&self) -> Vec<(WaitReason, Duration)> {
        self.told()
            .into_iter()
            .filter_map(|told| if let Told::Waiting(reason, delay) = told { Some((reason, delay)) } else { None })
            .collect()
    }

    /// The attempts of the calls that succeeded, in order.
    pub(crate) fn attempts(&self) -> Vec<u32> {
        self.told()
            .into_iter()
            .filter_map(|told| if let Told::Answered(attempts) = told { Some(attempts) } else { None })
            .collect()
    }

    /// Time (virtual where it is paused) since the client was made.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// The real transport for the own machine, whatever proxy the environment names.
pub(crate) fn sockets() -> HttpTransport {
    HttpTransport::new(&HttpSettings { use_system_proxy: false, ..HttpSettings::default() }).unwrap()
}

/// The same patience with hardly a pause between tries: for tests in real time that do not ask how long a pause is. What is
/// left is the floor of 50 ms. Half of all requests may fail on purpose, in many calls at once, so repeats cost nothing and
/// places are many.
pub(crate) fn hasty(policy: CallPolicy) -> CallPolicy {
    let short = Backoff { base: Duration::from_millis(1), cap: Duration::from_millis(1) };
    CallPolicy { backoff: short, throttle_backoff: short, retry_budget: None, concurrency: 256, ..policy }
}

/// The same patience with pauses of a tenth, so that a test in real time ends soon.
pub(crate) fn brisk(policy: CallPolicy) -> CallPolicy {
    let tenth = |backoff: Backoff| Backoff { base: backoff.base / 10, ..backoff };
    CallPolicy { backoff: tenth(policy.backoff), throttle_backoff: tenth(policy.throttle_backoff), concurrency: 50, ..policy }
}

fn keep(event: &Event<'_>) -> Option<Logged> {
    let told = match event {
        Event::AttemptStarted { attempt, .. } => Told::Started(*attempt),
        Event::AttemptFailed { class, detail, .. } => Told::Failed(*class, (*detail).to_owned()),
        Event::Waiting { reason, delay, .. } => Told::Waiting(*reason, *delay),
        Event::TokenRequested { .. } => Told::TokenAsked,
        Event::TokenFetched { .. } => Told::TokenFetched,
        Event::Answered { attempts, .. } => Told::Answered(*attempts),
        Event::GaveUp { attempts, error, .. } => Told::GaveUp(*attempts, error.class()?),
        _ => return None,
    };
    let until = if let Event::Waiting { until, .. } = event { Some(*until) } else { None };
    Some(Logged { at: Instant::now(), told, until })
}
