//! The client: one key, one host, shared by all its clones.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use crate::api::RateLimitData;
use crate::auth::TokenSource;
use crate::clock::Clock;
use crate::config::{CallPolicy, Credentials, Endpoint};
use crate::error::{Error, ErrorKind};
use crate::events::{Event, Subscribers, spans};
use crate::hooks::{AroundAttempt, AroundCall};
use crate::resilience::{
    AttemptError, BreakerSettings, CircuitBreaker, Flights, Gate, Ledger, PointsMeter, PointsSeen, Priority, Probing,
    RateSettings, RequestRate, RetryBudget, RetryBudgetSettings, Slots, Transition,
};
use crate::transport::{HttpSettings, HttpTransport, Transport};

/// What the service is told about who asks.
pub(crate) const USER_AGENT_VALUE: &str =
    concat!("esologs/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");

/// A client for the ESO Logs API. Cheap to clone; clones share the token and the connections.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    policy: Arc<CallPolicy>,
    /// Shared by all calls with the same settings of it.
    retry_budget: Option<RetryBudget>,
}

/// A client that does not keep the client alive.
pub(crate) struct WeakClient {
    shared: Weak<Shared>,
    policy: Arc<CallPolicy>,
    retry_budget: Option<RetryBudget>,
}

impl WeakClient {
    pub(crate) fn upgrade(&self) -> Option<Client> {
        let shared = self.shared.upgrade()?;
        Some(Client { shared, policy: Arc::clone(&self.policy), retry_budget: self.retry_budget.clone() })
    }
}

struct Shared {
    endpoint: Endpoint,
    tokens: TokenSource,
    transport: Arc<dyn Transport>,
    clock: Clock,
    rng: Mutex<Rng>,
    points: Mutex<PointsMeter>,
    /// `None` where points are not planned with.
    gate: Option<Arc<Gate>>,
    host_has_answered: AtomicBool,
    last_answer: Mutex<Option<Instant>>,
    subscribers: Subscribers,
    calls: AtomicU64,
    /// How long the last answer took, in microseconds; 0 before the first.
    last_took: AtomicU64,
    /// `None` where every call is its own.
    flights: Option<Flights>,
    breaker: Option<CircuitBreaker>,
    probing: Probing,
    slots: Slots,
    request_rate: RequestRate,
    retry_budgets: Mutex<Vec<RetryBudget>>,
    call_hooks: Vec<Arc<dyn AroundCall>>,
    attempt_hooks: Vec<Arc<dyn AroundAttempt>>,
}

impl Shared {
    /// The budget with these settings. There are as many as there are different settings in use: a handful.
    fn retry_budget(&self, settings: &RetryBudgetSettings) -> RetryBudget {
        let mut budgets = lock(&self.retry_budgets);
        if let Some(budget) = budgets.iter().find(|budget| budget.settings() == settings) {
            return budget.clone();
        }
        let budget = RetryBudget::of(*settings);
        // A program that makes up new settings all the time gets budgets of their own; they need not be found again.
        if budgets.len() < MAX_BUDGETS {
            budgets.push(budget.clone());
        }
        budget
    }
}

/// Retry budgets that a client keeps, one for each of the settings in use.
const MAX_BUDGETS: usize = 16;

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
        let retry_budget = policy.retry_budget.as_ref().map(|settings| self.shared.retry_budget(settings));
        Self { shared: Arc::clone(&self.shared), policy: Arc::new(policy), retry_budget }
    }

    /// The same client; its calls have this time for one attempt ([`CallPolicy::timeout`]).
    #[must_use]
    pub fn timeout(&self, attempt: Duration) -> Self {
        self.with_policy(self.policy().clone().timeout(attempt))
    }

    /// The same client; its calls have this time in total ([`CallPolicy::deadline`]).
    #[must_use]
    pub fn deadline(&self, total: Duration) -> Self {
        self.with_policy(self.policy().clone().deadline(total))
    }

    /// The same client; its calls make exactly so many attempts ([`CallPolicy::attempts`]).
    #[must_use]
    pub fn attempts(&self, attempts: u32) -> Self {
        self.with_policy(self.policy().clone().attempts(attempts))
    }

    /// The same client; its calls wait instead of failing ([`CallPolicy::patient`]).
    #[must_use]
    pub fn patient(&self, max_wait: Duration) -> Self {
        self.with_policy(self.policy().clone().patient(max_wait))
    }

    /// The same client; its calls repeat only what `choose` says yes to ([`CallPolicy::retry_if`]).
    #[must_use]
    pub fn retry_if(&self, choose: impl Fn(&AttemptError) -> bool + Send + Sync + 'static) -> Self {
        self.with_policy(self.policy().clone().retry_if(choose))
    }

    /// The breaker that all calls of this client and its clones go through; `None` where it was switched off.
    #[must_use]
    pub fn breaker(&self) -> Option<&CircuitBreaker> {
        self.shared.breaker.as_ref()
    }

    /// The budget that this client's repeats are paid from, where its policy has one.
    #[must_use]
    pub fn retry_budget(&self) -> Option<&RetryBudget> {
        self.retry_budget.as_ref()
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

    pub(crate) fn shared_policy(&self) -> &Arc<CallPolicy> {
        &self.policy
    }

    pub(crate) fn downgrade(&self) -> WeakClient {
        WeakClient {
            shared: Arc::downgrade(&self.shared),
            policy: Arc::clone(&self.policy),
            retry_budget: self.retry_budget.clone(),
        }
    }

    pub(crate) fn note_took(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
        self.shared.last_took.store(micros, Ordering::Relaxed);
    }

    /// How long the last answer took.
    pub(crate) fn last_took(&self) -> Option<Duration> {
        match self.shared.last_took.load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        }
    }

    /// The next number of a call, from 1.
    pub(crate) fn next_call_number(&self) -> u64 {
        self.shared.calls.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn flights(&self) -> Option<&Flights> {
        self.shared.flights.as_ref()
    }

    pub(crate) fn probing(&self) -> &Probing {
        &self.shared.probing
    }

    pub(crate) fn note_demand(&self, now: Instant) {
        self.shared.probing.note_demand(now);
    }

    pub(crate) fn gate(&self) -> Option<&Arc<Gate>> {
        self.shared.gate.as_ref()
    }

    pub(crate) fn slots(&self) -> &Slots {
        &self.shared.slots
    }

    pub(crate) fn request_rate(&self) -> &RequestRate {
        &self.shared.request_rate
    }

    pub(crate) fn call_hooks(&self) -> &[Arc<dyn AroundCall>] {
        &self.shared.call_hooks
    }

    pub(crate) fn attempt_hooks(&self) -> &[Arc<dyn AroundAttempt>] {
        &self.shared.attempt_hooks
    }

    pub(crate) fn tokens(&self) -> &TokenSource {
        &self.shared.tokens
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.shared.transport
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        self.shared.subscribers.tell(event);
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

    pub(crate) fn note_success(&self, at: Instant) {
        *lock(&self.shared.last_answer) = Some(at);
    }

    pub(crate) fn record_points(&self, snapshot: &RateLimitData, at: Instant) {
        lock(&self.shared.points).record(snapshot, at);
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
pub struct ClientBuilder {
    credentials: Option<Credentials>,
    endpoint: Option<Endpoint>,
    policy: CallPolicy,
    transport: Option<Arc<dyn Transport>>,
    http: Option<HttpSettings>,
    clock: Clock,
    seed: Option<u64>,
    subscribers: Subscribers,
    breaker: Setting<BreakerSettings>,
    request_rate: Setting<RateSettings>,
    ledger: Setting<Ledger>,
    single_flight: bool,
    call_hooks: Vec<Arc<dyn AroundCall>>,
    attempt_hooks: Vec<Arc<dyn AroundAttempt>>,
}

/// What was said of a setting that can be switched off.
enum Setting<T> {
    Default,
    Is(T),
    Off,
}

impl<T> Setting<T> {
    fn or_default(self, default: impl FnOnce() -> T) -> Option<T> {
        match self {
            Self::Default => Some(default()),
            Self::Is(value) => Some(value),
            Self::Off => None,
        }
    }
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            credentials: None,
            endpoint: None,
            policy: CallPolicy::default(),
            transport: None,
            http: None,
            clock: Clock::default(),
            seed: None,
            subscribers: Subscribers::default(),
            breaker: Setting::Default,
            request_rate: Setting::Default,
            ledger: Setting::Default,
            single_flight: true,
            call_hooks: Vec::new(),
            attempt_hooks: Vec::new(),
        }
    }
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

    /// Settings of the connections. A transport of one's own has its own: both together are refused.
    #[must_use]
    pub fn http(mut self, settings: HttpSettings) -> Self {
        self.http = Some(settings);
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

    /// Who is told what happens inside calls, beside those named before. Called on the task of the call: it must not block, nor
    /// use the client's breaker.
    #[must_use]
    pub fn on_event(mut self, subscriber: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.subscribers.add(Arc::new(subscriber));
        self
    }

    /// When the breaker opens, and for how long. Default: [`BreakerSettings::interactive`], or
    /// [`batch`](BreakerSettings::batch) where the policy's priority is batch.
    #[must_use]
    pub fn breaker(mut self, settings: BreakerSettings) -> Self {
        self.breaker = Setting::Is(settings);
        self
    }

    /// No breaker: a service that only fails is asked all the same.
    #[must_use]
    pub fn without_breaker(mut self) -> Self {
        self.breaker = Setting::Off;
        self
    }

    /// How fast requests are begun. Default 5 a second, 10 at once, or nine tenths of the limit that the service tells
    /// (`X-RateLimit-Limit`); a rate that is set here is lowered by that, and never raised.
    #[must_use]
    pub fn request_rate(mut self, settings: RateSettings) -> Self {
        self.request_rate = Setting::Is(settings);
        self
    }

    /// Requests are begun as fast as they come. For a simulator or a service of one's own: the real one refuses bursts.
    #[must_use]
    pub fn without_request_rate(mut self) -> Self {
        self.request_rate = Setting::Off;
        self
    }

    /// How the points of the key are planned with, and where their account is kept. Default [`Ledger::in_memory`].
    #[must_use]
    pub fn ledger(mut self, ledger: Ledger) -> Self {
        self.ledger = Setting::Is(ledger);
        self
    }

    /// Points are not planned with: requests go out until the service refuses them. For a service without a budget.
    #[must_use]
    pub fn without_ledger(mut self) -> Self {
        self.ledger = Setting::Off;
        self
    }

    /// Every call is its own, even where an equal one is on its way. For load tests.
    #[must_use]
    pub fn without_single_flight(mut self) -> Self {
        self.single_flight = false;
        self
    }

    /// A policy of one's own around each call; the first one given is the outermost.
    #[must_use]
    pub fn around_call(mut self, policy: impl AroundCall) -> Self {
        self.call_hooks.push(Arc::new(policy));
        self
    }

    /// A policy of one's own around each attempt; the first one given is the outermost.
    #[must_use]
    pub fn around_attempt(mut self, policy: impl AroundAttempt) -> Self {
        self.attempt_hooks.push(Arc::new(policy));
        self
    }

    /// The client. Sends nothing yet.
    ///
    /// # Errors
    /// [`ErrorKind::Auth`] where no credentials were given and the environment has none; [`ErrorKind::Usage`] where settings
    /// contradict each other or cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        self.policy.check()?;
        let breaker = self.breaker.or_default(|| match self.policy.priority {
            Priority::Interactive => BreakerSettings::interactive().for_attempts_of(self.policy.attempt_timeout),
            Priority::Batch => BreakerSettings::batch().for_attempts_of(self.policy.attempt_timeout),
        });
        if let Some(settings) = &breaker {
            settings.check(self.policy.attempt_timeout)?;
        }
        let is_chosen = matches!(self.request_rate, Setting::Is(_));
        let request_rate = self.request_rate.or_default(RateSettings::default);
        if let Some(settings) = &request_rate {
            settings.check()?;
        }
        let ledger = self.ledger.or_default(Ledger::default);
        if let Some(ledger) = &ledger {
            ledger.check()?;
        }
        let endpoint = self.endpoint.unwrap_or_default();
        let credentials = match self.credentials {
            Some(credentials) => credentials,
            None => Credentials::from_env()?.ok_or_else(no_credentials)?,
        };
        let transport = match (self.transport, self.http) {
            (Some(_), Some(_)) => {
                let why =
                    "settings of the connections are given together with a transport of one's own, which would not know them";
                return Err(Error::new(ErrorKind::Usage, why).with_hint("set them in that transport"));
            }
            (Some(transport), None) => transport,
            (None, settings) => {
                // A connection comes back to the pool a moment after its answer, so the next call may open another: with no more room
                // than calls on their way the pool would close and open them all the time.
                let most = self.policy.concurrency.saturating_mul(4).max(HttpSettings::default().max_idle_connections);
                let default = || HttpSettings { max_idle_connections: most, ..HttpSettings::default() };
                let mut settings = settings.unwrap_or_else(default);
                check_against_attempt(&settings, self.policy.attempt_timeout)?;
                settings.use_system_proxy &= !endpoint.is_loopback();
                let transport = HttpTransport::new(&settings)
                    .map_err(|error| Error::new(ErrorKind::Usage, error.to_string()).with_source(error))?;
                Arc::new(transport)
            }
        };
        let mut rng = self.seed.map_or_else(Rng::new, Rng::with_seed);
        let mut subscribers = self.subscribers;
        subscribers.add(Arc::new(spans(&endpoint)));
        let told = subscribers.clone();
        let breaker = breaker.map(|settings| {
            let tell = move |Transition { from, to, cause, .. }| told.tell(&Event::BreakerChanged { from, to, cause });
            CircuitBreaker::build(settings, rng.fork(), Some(Box::new(tell)))
        });
        let gate = match &ledger {
            Some(ledger) => {
                let key = format!("{} {}", endpoint.client_api_url(), credentials.id());
                Some(Arc::new(Gate::new(ledger, &key, self.clock.clone(), rng.clone().u64(..))?))
            }
            None => None,
        };
        let shared = Shared {
            endpoint,
            tokens: TokenSource::new(credentials, gate.as_ref().and_then(|gate| gate.shared_tokens())),
            transport,
            clock: self.clock,
            rng: Mutex::new(rng),
            points: Mutex::default(),
            gate,
            host_has_answered: AtomicBool::new(false),
            last_answer: Mutex::default(),
            subscribers,
            calls: AtomicU64::new(0),
            last_took: AtomicU64::new(0),
            flights: self.single_flight.then(Flights::new),
            breaker,
            probing: Probing::new(),
            slots: Slots::new(),
            request_rate: RequestRate::new(request_rate, is_chosen),
            retry_budgets: Mutex::default(),
            call_hooks: self.call_hooks,
            attempt_hooks: self.attempt_hooks,
        };
        let retry_budget = self.policy.retry_budget.as_ref().map(|settings| shared.retry_budget(settings));
        Ok(Client { shared: Arc::new(shared), policy: Arc::new(self.policy), retry_budget })
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

/// A time-out that the attempt's own would always forestall would be honoured by nobody.
fn check_against_attempt(settings: &HttpSettings, attempt_timeout: Duration) -> Result<(), Error> {
    for (name, time) in [("read_timeout", settings.read_timeout), ("write_timeout", settings.write_timeout)] {
        if time.is_some_and(|time| time > attempt_timeout) {
            let message = format!("{name} is longer than attempt_timeout, which would always come first");
            return Err(Error::new(ErrorKind::Usage, message).with_hint("raise attempt_timeout (`CallPolicy::timeout`) as well"));
        }
    }
    Ok(())
}

fn no_credentials() -> Error {
    Error::new(ErrorKind::Auth, "no API credentials: ESOLOGS_ID and ESOLOGS_SECRET are not set").with_hint(
        "make an API client at https://www.esologs.com/api/clients/ and set both variables, or put them into a file .env",
    )
}
