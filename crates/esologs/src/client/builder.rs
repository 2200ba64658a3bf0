//! How a client is built: its settings, their defaults, and what contradicts itself.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;

use super::asker::{Identities, Making};
use super::who::{KeptIn, Who, kept};
use super::{Client, Handle, Identity, Shared};
use crate::auth::{AccessToken, Grant, SignedIn, TokenStore};
use crate::clock::Clock;
use crate::config::{CallPolicy, Credentials, Endpoint, Origin};
use crate::diagnosis::{self, Diagnosis};
use crate::error::{Error, ErrorKind};
use crate::events::{Event, Subscribers, spans};
use crate::hooks::{AroundAttempt, AroundCall};
use crate::resilience::{
    Answers, BreakerSettings, Cache, CacheUse, CircuitBreaker, Flights, Ledger, Pacing, Priority, Probing, RateSettings, Realm,
    RequestRate, Slots, Transition,
};
use crate::transport::{HttpSettings, HttpTransport, Transport};

/// Settings of a [`Client`]; made by [`Client::builder`].
pub struct ClientBuilder {
    who: Who,
    /// Who asks where nobody else is named.
    kept: Who,
    kept_in: Option<TokenStore>,
    token_store: Option<TokenStore>,
    endpoint: Option<Endpoint>,
    policy: CallPolicy,
    transport: Option<Arc<dyn Transport>>,
    http: Option<HttpSettings>,
    clock: Clock,
    seed: Option<u64>,
    subscribers: Subscribers,
    breaker: Setting<BreakerSettings>,
    request_rate: Option<Pacing>,
    ledger: Setting<Ledger>,
    single_flight: bool,
    cache: Option<Cache>,
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
            who: Who::default(),
            kept: Who::default(),
            kept_in: None,
            token_store: None,
            endpoint: None,
            policy: CallPolicy::default(),
            transport: None,
            http: None,
            clock: Clock::default(),
            seed: None,
            subscribers: Subscribers::default(),
            breaker: Setting::Default,
            request_rate: Some(Pacing::Usual(RateSettings::default())),
            ledger: Setting::Default,
            single_flight: true,
            cache: None,
            call_hooks: Vec::new(),
            attempt_hooks: Vec::new(),
        }
    }
}

impl ClientBuilder {
    /// The id and secret of an API client. Default: those of the environment, see [`Credentials::from_env`].
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.who.set_key(Grant::ClientCredentials(credentials), Origin::Program);
        self
    }

    /// A token that the caller has, in place of credentials; of a user, beside them, where it says so itself
    /// ([`AccessToken::claims`]). It is never renewed: once it is expired or revoked, calls end with [`ErrorKind::Auth`].
    #[must_use]
    pub fn token(mut self, token: AccessToken) -> Self {
        self.who.set_token(token, Origin::Program);
        self
    }

    /// A user's token that the caller has, whatever it says of itself.
    #[must_use]
    pub fn user_token(mut self, token: AccessToken) -> Self {
        self.who.set_user(Grant::Fixed(token), Origin::Program);
        self
    }

    /// A user's sign-in. Its token is renewed in time where it came with a refresh token.
    ///
    /// With credentials as well, calls ask with these, and as the user where that is needed: [`Client::as_user`]. Without, all calls
    /// ask as the user.
    #[must_use]
    pub fn signed_in(mut self, user: SignedIn) -> Self {
        self.who.set_user(Grant::User(user), Origin::Program);
        self
    }

    /// Who asks where neither this builder nor the environment names somebody: what a sign-in has left.
    #[must_use]
    pub fn or_else(mut self, key: Option<Credentials>, user: Option<SignedIn>) -> Self {
        self.kept = kept(key, user);
        self
    }

    /// The same, read out of the store when the client is built, and only for who is not named before. What cannot be read there is told
    /// by [`Event::SignInTrouble`], and is an error only where nobody else is named.
    #[must_use]
    pub fn or_kept_in(mut self, store: TokenStore) -> Self {
        self.kept_in = Some(store);
        self
    }

    /// Keeps the token of the credentials there, so that the next process need not ask for one. A shared ledger in Redis shares the
    /// token itself. Default: it ends with the client.
    #[must_use]
    pub fn token_store(mut self, store: TokenStore) -> Self {
        self.token_store = Some(store);
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
    /// (`X-RateLimit-Limit`); a rate that is set here is lowered by that, and never raised. Where it tells what is left of it
    /// (`X-RateLimit-Remaining`), programs behind one address share that, and batch work leaves room to people.
    #[must_use]
    pub fn request_rate(mut self, settings: RateSettings) -> Self {
        self.request_rate = Some(Pacing::Chosen(settings));
        self
    }

    /// Requests are begun as fast as they come. For a simulator or a service of one's own: the real one refuses bursts.
    #[must_use]
    pub fn without_request_rate(mut self) -> Self {
        self.request_rate = None;
        self
    }

    /// Requests are begun as fast as they come, until the service tells that a fifth or less is left of those that it admits in a minute
    /// (`X-RateLimit-Remaining`); the rest is spread to the minute's end. For a simulator with a throttle.
    #[must_use]
    pub fn request_rate_as_told(mut self) -> Self {
        self.request_rate = Some(Pacing::Told);
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

    /// Where answers are kept, to be used again. Default: nowhere.
    #[must_use]
    pub fn cache(mut self, cache: Cache) -> Self {
        self.cache = Some(cache);
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

    /// Looks why calls fail, step by step: settings, proxy, name, connection, certificate, clock, token, API. One try for each step, and
    /// nothing more after the first that fails; within 20 s, whatever is silent. Where all is well it costs about a point.
    pub async fn diagnose(self) -> Diagnosis {
        diagnosis::diagnose(self).await
    }

    /// Where its client will ask.
    pub(crate) fn host(&self) -> String {
        self.endpoint.clone().unwrap_or_default().host()
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
        if let Some(pacing) = self.request_rate {
            pacing.check()?;
        }
        let ledger = self.ledger.or_default(Ledger::default);
        if let Some(ledger) = &ledger {
            ledger.check()?;
        }
        if let Some(cache) = &self.cache {
            cache.check()?;
        }
        let endpoint = self.endpoint.unwrap_or_default();
        let who = self.who.settle(self.kept, self.kept_in.as_ref().map(|store| KeptIn { store, endpoint: &endpoint }))?;
        let mut subscribers = self.subscribers;
        subscribers.add(Arc::new(spans(&endpoint)));
        for why in &who.troubles {
            subscribers.tell(&Event::SignInTrouble { why });
        }
        let who = who.somebody()?;
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
        let told = subscribers.clone();
        let breaker = breaker.map(|settings| {
            let tell = move |Transition { from, to, cause, .. }| told.tell(&Event::BreakerChanged { from, to, cause });
            CircuitBreaker::build(settings, rng.fork(), Some(Box::new(tell)))
        });
        let made = Making {
            endpoint: &endpoint,
            ledger: ledger.as_ref(),
            token_store: self.token_store.as_ref(),
            clock: &self.clock,
            rng: &mut rng,
        };
        let identities = Identities::new(who, made)?;
        // One for each in whose name it asks: nobody is shown what another was.
        let caches = self.cache.as_ref().map_or_else(Vec::new, |cache| {
            let of = |identity: &Arc<Identity>| {
                let realm = Realm::new(&endpoint.client_api_url().to_string(), identity.scope());
                (identity.scope().clone(), Arc::new(Answers::new(cache, realm)))
            };
            identities.all().map(of).collect()
        });
        let shared = Shared {
            endpoint,
            identities,
            transport,
            clock: self.clock,
            rng: Mutex::new(rng),
            host_has_answered: AtomicBool::new(false),
            last_answer: Mutex::default(),
            subscribers,
            calls: AtomicU64::new(0),
            last_took: AtomicU64::new(0),
            flights: self.single_flight.then(Flights::new),
            breaker,
            caches,
            probing: Probing::new(),
            slots: Slots::new(),
            request_rate: RequestRate::new(self.request_rate),
            retry_budgets: Mutex::default(),
            call_hooks: self.call_hooks,
            attempt_hooks: self.attempt_hooks,
        };
        let retry_budget = self.policy.retry_budget.as_ref().map(|settings| shared.retry_budget(settings));
        let (shared, policy) = (Arc::new(shared), Arc::new(self.policy));
        let identity = Arc::clone(shared.identities.first());
        let (cache_use, note) = (CacheUse::default(), None);
        Ok(Client(Arc::new(Handle { shared, identity, wants_user: false, policy, retry_budget, cache_use, note })))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("key", &self.who.key.as_ref().map(|key| &key.value))
            .field("user", &self.who.user.as_ref().map(|user| &user.value))
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
