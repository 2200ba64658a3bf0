//! A client on a transport of the test's choice, with a virtual clock, a seed, and a log of what it tells.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::transport::Transport;
use esologs::{
    CallPolicy, Class, Client, ClientBuilder, Clock, Credentials, Endpoint, Error, Event, RateLimitData, UnixMillis, WaitReason,
};
use tokio::time::Instant;

/// The virtual clock's start.
pub(crate) const BASE: UnixMillis = UnixMillis::new(1_790_000_000_000);

/// An event of the client, kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    Started(u32),
    Failed(Class, String),
    Waiting(WaitReason, Duration),
    TokenFetched,
    Answered(u32),
    GaveUp(u32, Class),
}

/// A client and what it told.
pub(crate) struct Rig {
    pub(crate) client: Client,
    told: Arc<Mutex<Vec<Told>>>,
    started: Instant,
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
        let (builder, told) = Self::builder(Self::ID, Self::SECRET);
        let client = set(builder.transport(transport).policy(policy).seed(1)).build().unwrap();
        Self { client, told, started: Instant::now() }
    }

    /// The same with credentials of one's choice.
    pub(crate) fn with_credentials(transport: impl Transport, id: &str, secret: &str) -> Self {
        let (builder, told) = Self::builder(id, secret);
        Self { client: builder.transport(transport).build().unwrap(), told, started: Instant::now() }
    }

    fn builder(id: &str, secret: &str) -> (ClientBuilder, Arc<Mutex<Vec<Told>>>) {
        let told = Arc::<Mutex<Vec<Told>>>::default();
        let log = Arc::clone(&told);
        let builder = Client::builder()
            .credentials(Credentials::new(id, secret).unwrap())
            .endpoint(Endpoint::new("https://logs.test").unwrap())
            .clock(Clock::starting_at(BASE))
            // Tests make the same call many times, as fast as they can; sharing and pacing have tests of their own.
            .without_single_flight()
            .without_request_rate()
            .on_event(move |event| log.lock().unwrap().extend(keep(event)));
        (builder, told)
    }

    /// The cheapest call there is.
    pub(crate) async fn call(&self) -> Result<RateLimitData, Error> {
        self.client.rate_limit().await
    }

    pub(crate) fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
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

    /// Virtual time since the client was made.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

fn keep(event: &Event<'_>) -> Option<Told> {
    Some(match event {
        Event::AttemptStarted { attempt, .. } => Told::Started(*attempt),
        Event::AttemptFailed { class, detail, .. } => Told::Failed(*class, (*detail).to_owned()),
        Event::Waiting { reason, delay, .. } => Told::Waiting(*reason, *delay),
        Event::TokenFetched { .. } => Told::TokenFetched,
        Event::Answered { attempts, .. } => Told::Answered(*attempts),
        Event::GaveUp { attempts, error, .. } => Told::GaveUp(*attempts, error.class()?),
        _ => return None,
    })
}
