//! The client: one key, one host, shared by all its clones.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use crate::api::RateLimitData;
use crate::auth::TokenSource;
use crate::clock::Clock;
use crate::config::{CallPolicy, Credentials, Endpoint};
use crate::error::{Error, ErrorKind};
use crate::events::{Event, Subscriber};
use crate::resilience::{PointsMeter, PointsSeen};
use crate::transport::{HttpSettings, HttpTransport, Transport};

/// What the service is told about who asks.
pub(crate) const USER_AGENT_VALUE: &str =
    concat!("esologs/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");

/// A client for the ESO Logs API. Cheap to clone; clones share the token and the connections.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    policy: CallPolicy,
}

struct Shared {
    endpoint: Endpoint,
    tokens: TokenSource,
    transport: Arc<dyn Transport>,
    clock: Clock,
    rng: Mutex<Rng>,
    points: Mutex<PointsMeter>,
    host_has_answered: AtomicBool,
    last_answer: Mutex<Option<Instant>>,
    subscriber: Option<Subscriber>,
}

impl Client {
    /// A builder with the defaults: the official host, [`CallPolicy::interactive`].
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client for the official host with the credentials of the environment (`ESOLOGS_ID` and `ESOLOGS_SECRET`, or a file
    /// `.env` in the current folder).
    ///
    /// # Errors
    /// [`ErrorKind::Auth`] where there are no credentials, [`ErrorKind::Usage`] where they cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// The same client with another policy for its calls.
    #[must_use]
    pub fn with_policy(&self, policy: CallPolicy) -> Self {
        Self { shared: Arc::clone(&self.shared), policy }
    }

    /// Where the API is.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.shared.endpoint
    }

    /// What the answers so far have said of the points budget; `None` before the first that said anything.
    #[must_use]
    pub fn points_seen(&self) -> Option<PointsSeen> {
        lock(&self.shared.points).seen()
    }

    /// The clock that this client's moments come from.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    pub(crate) fn policy(&self) -> &CallPolicy {
        &self.policy
    }

    pub(crate) fn tokens(&self) -> &TokenSource {
        &self.shared.tokens
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.shared.transport
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        if let Some(subscriber) = &self.shared.subscriber {
            subscriber(event);
        }
    }

    pub(crate) fn with_rng<R>(&self, draw: impl FnOnce(&mut Rng) -> R) -> R {
        draw(&mut lock(&self.shared.rng))
    }

    pub(crate) fn host_has_answered(&self) -> bool {
        self.shared.host_has_answered.load(Ordering::Relaxed)
    }

    pub(crate) fn note_host_answered(&self) {
        self.shared.host_has_answered.store(true, Ordering::Relaxed);
    }

    /// When a call last succeeded.
    pub(crate) fn last_answer(&self) -> Option<Instant> {
        *lock(&self.shared.last_answer)
    }

    pub(crate) fn note_success(&self) {
        *lock(&self.shared.last_answer) = Some(Instant::now());
    }

    pub(crate) fn record_points(&self, snapshot: &RateLimitData) {
        lock(&self.shared.points).record(snapshot, Instant::now());
    }

    /// How long until new points come, where the last snapshot says that they are spent; or, where the service just said so
    /// itself, where the last snapshot knows the window.
    pub(crate) fn points_back_in(&self, service_said_spent: bool) -> Option<Duration> {
        let (points, now) = (lock(&self.shared.points), Instant::now());
        if service_said_spent { points.window_left(now) } else { points.spent_until(now) }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.shared.endpoint.host()).field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// Nothing panics while one of these locks is held; if it did, the plain data in it would still be whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Settings of a [`Client`]; made by [`Client::builder`].
#[derive(Default)]
pub struct ClientBuilder {
    credentials: Option<Credentials>,
    endpoint: Option<Endpoint>,
    policy: CallPolicy,
    transport: Option<Arc<dyn Transport>>,
    http: HttpSettings,
    clock: Clock,
    seed: Option<u64>,
    subscriber: Option<Subscriber>,
}

impl ClientBuilder {
    /// The id and secret of an API client. Default: those of the environment, see [`Credentials::from_env`].
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Where the API is. Default: the official host.
    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// How patient calls are. Default: [`CallPolicy::interactive`].
    #[must_use]
    pub fn policy(mut self, policy: CallPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Settings of the connections. Not used where a transport of one's own is given.
    #[must_use]
    pub fn http(mut self, settings: HttpSettings) -> Self {
        self.http = settings;
        self
    }

    /// A transport of one's own, for instance a simulator in the same process.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// A clock of one's own. Default: this machine's.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// A seed for the jitter of waits, so that a run can be repeated exactly. Default: random.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Who is told what happens inside calls. Called on the task of the call: it must not block.
    #[must_use]
    pub fn on_event(mut self, subscriber: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.subscriber = Some(Arc::new(subscriber));
        self
    }

    /// The client. Sends nothing yet.
    ///
    /// # Errors
    /// [`ErrorKind::Auth`] where no credentials were given and the environment has none; [`ErrorKind::Usage`] where settings
    /// contradict each other or cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        self.policy.check()?;
        let endpoint = self.endpoint.unwrap_or_default();
        let credentials = match self.credentials {
            Some(credentials) => credentials,
            None => Credentials::from_env()?.ok_or_else(no_credentials)?,
        };
        let transport = match self.transport {
            Some(transport) => transport,
            None => {
                let mut settings = self.http;
                settings.use_system_proxy &= !endpoint.is_loopback();
                let transport = HttpTransport::new(&settings)
                    .map_err(|error| Error::new(ErrorKind::Usage, error.to_string()).with_source(error))?;
                Arc::new(transport)
            }
        };
        let shared = Shared {
            endpoint,
            tokens: TokenSource::new(credentials),
            transport,
            clock: self.clock,
            rng: Mutex::new(self.seed.map_or_else(Rng::new, Rng::with_seed)),
            points: Mutex::default(),
            host_has_answered: AtomicBool::new(false),
            last_answer: Mutex::default(),
            subscriber: self.subscriber,
        };
        Ok(Client { shared: Arc::new(shared), policy: self.policy })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("endpoint", &self.endpoint)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

fn no_credentials() -> Error {
    Error::new(ErrorKind::Auth, "no API credentials: ESOLOGS_ID and ESOLOGS_SECRET are not set").with_hint(
        "make an API client at https://www.esologs.com/api/clients/ and set both variables, or put them into a file .env",
    )
}
