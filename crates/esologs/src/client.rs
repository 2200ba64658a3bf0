//! The client: one host, shared by all its clones.

mod asker;
mod builder;
mod identity;
mod note;
mod who;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use fastrand::Rng;
use http::Uri;
use tokio::time::Instant;

use crate::api::RateLimitData;
use crate::auth::TokenSource;
use crate::clock::Clock;
use crate::config::{CallPolicy, Endpoint};
use crate::error::Error;
use crate::events::{Event, Subscribers};
use crate::hooks::{AroundAttempt, AroundCall};
use crate::resilience::{
    Answered, Answers, AttemptError, CacheUse, CircuitBreaker, Flights, Gate, PointsSeen, Probing, RequestRate, RetryBudget,
    RetryBudgetSettings, Served, Slots, describe_failure,
};
use crate::transport::Transport;

pub use asker::AuthScope;
use asker::Identities;
pub use builder::ClientBuilder;
pub(crate) use identity::Identity;
pub use identity::{AskedBy, AskedWith};
pub(crate) use note::Note;

/// What the service is told about who asks.
pub(crate) const USER_AGENT_VALUE: &str =
    concat!("esologs/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");

/// A client for the ESO Logs API. Cheap to clone; clones share the token and the connections.
#[derive(Clone)]
pub struct Client(Arc<Handle>);

/// What one client has of its own, and what it shares. It is cloned with each call, so all of it is behind one counter.
#[derive(Clone)]
struct Handle {
    shared: Arc<Shared>,
    /// In whose name its calls ask.
    identity: Arc<Identity>,
    /// Whether all of them are a user's, by the caller's wish.
    wants_user: bool,
    policy: Arc<CallPolicy>,
    /// Shared by all calls with the same settings of it.
    retry_budget: Option<RetryBudget>,
    cache_use: CacheUse,
    /// Where it is noted from where answers come, for who asks that.
    note: Option<Note>,
}

/// A client that does not keep the client alive.
pub(crate) struct WeakClient {
    shared: Weak<Shared>,
    identity: Weak<Identity>,
    wants_user: bool,
    policy: Arc<CallPolicy>,
    retry_budget: Option<RetryBudget>,
}

impl WeakClient {
    pub(crate) fn upgrade(&self) -> Option<Client> {
        let (shared, identity) = (self.shared.upgrade()?, self.identity.upgrade()?);
        Some(Client(Arc::new(Handle {
            shared,
            identity,
            wants_user: self.wants_user,
            policy: Arc::clone(&self.policy),
            retry_budget: self.retry_budget.clone(),
            cache_use: CacheUse::default(),
            note: None,
        })))
    }
}

struct Shared {
    endpoint: Endpoint,
    identities: Identities,
    transport: Arc<dyn Transport>,
    clock: Clock,
    rng: Mutex<Rng>,
    host_has_answered: AtomicBool,
    last_answer: Mutex<Option<Instant>>,
    subscribers: Subscribers,
    calls: AtomicU64,
    /// How long the last answer took, in microseconds; 0 before the first.
    last_took: AtomicU64,
    /// `None` where every call is its own.
    flights: Option<Flights>,
    breaker: Option<CircuitBreaker>,
    /// One for each in whose name it asks; none where nothing is kept.
    caches: Vec<(AuthScope, Arc<Answers>)>,
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

/// Tries for a token that is asked for by itself.
const TOKEN_TRIES: u32 = 3;

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
    /// [`ErrorKind::Auth`](crate::ErrorKind::Auth) where there are no credentials, [`ErrorKind::Usage`](crate::ErrorKind::Usage) where they cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// The same client with something else of its own.
    fn with(&self, change: impl FnOnce(&mut Handle)) -> Self {
        let mut client = self.clone();
        change(Arc::make_mut(&mut client.0));
        client
    }

    /// The same client with another policy for its calls.
    #[must_use]
    pub fn with_policy(&self, policy: CallPolicy) -> Self {
        let retry_budget = policy.retry_budget.as_ref().map(|settings| self.0.shared.retry_budget(settings));
        self.with(|handle| (handle.policy, handle.retry_budget) = (Arc::new(policy), retry_budget))
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

    /// Sees to it that there is a token, asking for one where there is none: whether the credentials are good, without a call and
    /// its points.
    ///
    /// # Errors
    /// [`ErrorKind::Auth`](crate::ErrorKind::Auth) where the service does not accept the credentials; others where it cannot be reached.
    pub async fn fetch_token(&self) -> Result<(), Error> {
        let token = self.tokens().get(self, self.next_call_number(), TOKEN_TRIES).await;
        token.map(drop).map_err(|failure| describe_failure(&failure, self.endpoint()))
    }

    /// The same client; its calls neither look into the cache nor keep anything in it.
    #[must_use]
    pub fn without_cache(&self) -> Self {
        self.with(|handle| handle.cache_use = CacheUse::Skip)
    }

    /// The same client; its calls ask the service whatever the cache holds, and keep what comes. No older answer stands in where that
    /// fails.
    #[must_use]
    pub fn refreshing(&self) -> Self {
        self.with(|handle| handle.cache_use = CacheUse::Refresh)
    }

    /// The same client; its calls take from the cache what is as good as new, and nothing older: not while it is refreshed, and not where
    /// the service fails.
    #[must_use]
    pub fn never_stale(&self) -> Self {
        self.with(|handle| handle.cache_use = CacheUse::FreshOnly)
    }

    /// The same client; its calls ask the service for nothing. Where the cache holds no answer they end with
    /// [`ErrorKind::NotCached`](crate::ErrorKind::NotCached).
    #[must_use]
    pub fn only_cached(&self) -> Self {
        self.with(|handle| handle.cache_use = CacheUse::Only)
    }

    /// Does some work with this client, one call or many, and tells where its answers come from: as the worst of them. (For one call there
    /// is `answered()` of its builder.)
    ///
    /// ```
    /// # async fn example(client: esologs::Client) -> Result<(), esologs::Error> {
    /// let members = client.answered(|client| async move { client.guild(3468).members().all().await }).await?;
    /// if members.served.is_stale() {
    ///     println!("as of {:?} ago", members.served.age());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the work.
    pub async fn answered<T, W>(&self, work: impl FnOnce(Self) -> W) -> Result<Answered<T>, Error>
    where
        W: Future<Output = Result<T, Error>>,
    {
        let mut client = self.clone();
        let note = client.note();
        let value = work(client).await?;
        Ok(note.beside(value))
    }

    /// The breaker that all calls of this client and its clones go through; `None` where it was switched off.
    #[must_use]
    pub fn breaker(&self) -> Option<&CircuitBreaker> {
        self.0.shared.breaker.as_ref()
    }

    /// The budget that this client's repeats are paid from, where its policy has one.
    #[must_use]
    pub fn retry_budget(&self) -> Option<&RetryBudget> {
        self.0.retry_budget.as_ref()
    }

    /// Where the API is.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.shared.endpoint
    }

    /// What the answers so far have said of the points budget; `None` before the first that said anything.
    #[must_use]
    pub fn points_seen(&self) -> Option<PointsSeen> {
        self.0.identity.points_seen()
    }

    /// The clock that this client's moments come from.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.shared.clock
    }

    pub(crate) fn policy(&self) -> &CallPolicy {
        &self.0.policy
    }

    pub(crate) fn shared_policy(&self) -> &Arc<CallPolicy> {
        &self.0.policy
    }

    pub(crate) fn downgrade(&self) -> WeakClient {
        WeakClient {
            shared: Arc::downgrade(&self.0.shared),
            identity: Arc::downgrade(&self.0.identity),
            wants_user: self.0.wants_user,
            policy: Arc::clone(&self.0.policy),
            retry_budget: self.0.retry_budget.clone(),
        }
    }

    pub(crate) fn note_took(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
        self.0.shared.last_took.store(micros, Ordering::Relaxed);
    }

    /// How long the last answer took.
    pub(crate) fn last_took(&self) -> Option<Duration> {
        match self.0.shared.last_took.load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        }
    }

    /// The next number of a call, from 1.
    pub(crate) fn next_call_number(&self) -> u64 {
        self.0.shared.calls.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The cache, where calls use it.
    pub(crate) fn cache(&self) -> Option<&Arc<Answers>> {
        let of_scope = self.0.shared.caches.iter().find(|(scope, _)| scope == self.auth_scope());
        of_scope.map(|(_, cache)| cache).filter(|_| self.0.cache_use != CacheUse::Skip)
    }

    /// The same client; its calls use the cache like this, unless its owner has said otherwise.
    pub(crate) fn using_cache(&self, how: CacheUse) -> Self {
        let cache_use = if self.0.cache_use == CacheUse::Usual { how } else { self.0.cache_use };
        self.with(|handle| handle.cache_use = cache_use)
    }

    pub(crate) fn cache_use(&self) -> CacheUse {
        self.0.cache_use
    }

    /// From now on it is noted from where answers come.
    pub(crate) fn note(&mut self) -> Note {
        let handle = Arc::make_mut(&mut self.0);
        let note = Note::within(handle.note.take());
        handle.note = Some(note.clone());
        note
    }

    pub(crate) fn note_served(&self, served: &Served) {
        if let Some(note) = &self.0.note {
            note.add(served);
        }
    }

    pub(crate) fn flights(&self) -> Option<&Flights> {
        self.0.shared.flights.as_ref()
    }

    pub(crate) fn probing(&self) -> &Probing {
        &self.0.shared.probing
    }

    pub(crate) fn note_demand(&self, now: Instant) {
        self.0.shared.probing.note_demand(now);
    }

    pub(crate) fn gate(&self) -> Option<&Arc<Gate>> {
        self.0.identity.gate()
    }

    /// Those of all in whose name it can ask.
    pub(crate) fn gates(&self) -> impl Iterator<Item = &Arc<Gate>> {
        self.0.shared.identities.all().filter_map(|identity| identity.gate())
    }

    pub(crate) fn slots(&self) -> &Slots {
        &self.0.shared.slots
    }

    pub(crate) fn request_rate(&self) -> &RequestRate {
        &self.0.shared.request_rate
    }

    pub(crate) fn call_hooks(&self) -> &[Arc<dyn AroundCall>] {
        &self.0.shared.call_hooks
    }

    pub(crate) fn attempt_hooks(&self) -> &[Arc<dyn AroundAttempt>] {
        &self.0.shared.attempt_hooks
    }

    pub(crate) fn tokens(&self) -> &TokenSource {
        self.0.identity.tokens()
    }

    /// In whose name it asks.
    pub(crate) fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// What of the settings looks like a mistake, in sentences.
    pub(crate) fn oddities(&self) -> &[String] {
        self.0.shared.identities.oddities()
    }

    /// Where the queries of this client go.
    pub(crate) fn api(&self) -> &Uri {
        self.0.identity.api()
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.0.shared.transport
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        self.0.shared.subscribers.tell(event);
    }

    pub(crate) fn with_rng<R>(&self, draw: impl FnOnce(&mut Rng) -> R) -> R {
        draw(&mut lock(&self.0.shared.rng))
    }

    pub(crate) fn host_has_answered(&self) -> bool {
        self.0.shared.host_has_answered.load(Ordering::Relaxed)
    }

    pub(crate) fn note_host_answered(&self) {
        self.0.shared.host_has_answered.store(true, Ordering::Relaxed);
    }

    /// When a call last succeeded.
    pub(crate) fn last_answer(&self) -> Option<Instant> {
        *lock(&self.0.shared.last_answer)
    }

    pub(crate) fn note_success(&self, at: Instant) {
        *lock(&self.0.shared.last_answer) = Some(at);
    }

    pub(crate) fn record_points(&self, snapshot: &RateLimitData, at: Instant) {
        self.0.identity.record_points(snapshot, at);
    }

    /// How long until new points come, where the last snapshot says that they are spent; or, where the service just said so
    /// itself, where the last snapshot knows the window.
    pub(crate) fn points_back_in(&self, service_said_spent: bool) -> Option<Duration> {
        self.0.identity.points_back_in(service_said_spent)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("host", &self.0.shared.endpoint.host())
            .field("policy", &self.0.policy)
            .finish_non_exhaustive()
    }
}

/// Nothing panics while one of these locks is held; if it did, the plain data in it would still be whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
