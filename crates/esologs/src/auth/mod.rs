//! Tokens: fetched once for all callers, kept until they end or are rejected.

mod claims;
mod fetch;
mod grant;
mod request;
mod shared;
mod sign_in;
mod signed_in;
mod store;
mod token;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use fastrand::Rng;
use secrecy::SecretString;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub use self::claims::Claims;
pub use self::grant::AccessToken;
pub(crate) use self::grant::Grant;
use self::request::{ApiClient, TokenAnswer, TokenRequest};
pub(crate) use self::shared::SharedTokens;
#[cfg(feature = "redis")]
pub(crate) use self::shared::{Kept, Life, Turn, Unwanted};
pub use self::sign_in::{BegunSignIn, Scope, SignIn};
pub use self::signed_in::SignedIn;
pub use self::store::{Forgotten, TokenStore};
pub(crate) use self::token::Token;
use crate::client::Client;
use crate::clock::Clock;
use crate::decode::{Class, Failure, Stage};
use crate::events::Event;

/// How long nobody asks again after all tries have failed; doubled with each further failure.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The token of one grant. Whoever finds none has one task fetch it, and waits for that: one request for all, and one failure
/// for all. The task goes on where its caller is cancelled, so that nothing that the service gave is lost.
#[derive(Clone)]
pub(crate) struct TokenSource(Arc<Source>);

struct Source {
    grant: Grant,
    /// Every call reads it, so it has a lock that is held for no wait.
    current: RwLock<Current>,
    /// Whoever holds it fetches.
    fetching: Arc<Mutex<Fetching>>,
    /// Where other processes find it, too.
    shared: Option<Arc<dyn SharedTokens>>,
}

#[derive(Default)]
struct Current {
    token: Option<Arc<Token>>,
    /// The last token that the service did not accept, where others may have it, too. They are told when another is asked for.
    rejected: Option<SecretString>,
}

struct Fetching {
    generation: u64,
    failed: Option<FailedFetch>,
    /// Others wait for what this process fetches.
    is_my_turn: bool,
    renewed_by_others_until: Option<Instant>,
    /// What renews a user's token; the last one that came.
    refresh_token: Option<SecretString>,
    /// Spreads the renewals of processes that began together.
    rng: Rng,
}

/// The task that brings a new token.
type Renewal = JoinHandle<Result<Arc<Token>, Failure>>;

/// The last fetch, where it failed.
#[derive(Debug)]
struct FailedFetch {
    failure: Failure,
    pause: Duration,
    again_at: Instant,
}

impl TokenSource {
    /// The tokens of a grant; those of a user's sign-in that is kept are shared where it is.
    pub(crate) fn new(grant: Grant, shared: Option<Arc<dyn SharedTokens>>, clock: &Clock, seed: u64) -> Self {
        let shared = match &grant {
            Grant::User(user) => user.shared_tokens(clock),
            _ => shared,
        };
        let mut fetching = Fetching::new(seed);
        let token = fetching.first_token(&grant, clock);
        let current = RwLock::new(Current { token, rejected: None });
        Self(Arc::new(Source { grant, current, fetching: Arc::new(Mutex::new(fetching)), shared }))
    }

    /// The current token where it need not be renewed, without a wait.
    pub(crate) fn fresh(&self, now: Instant) -> Option<Arc<Token>> {
        self.0.valid(now).filter(|token| token.is_fresh(now))
    }

    /// The current token, or a new one where there is none. One that is about to end is renewed while it goes on to serve.
    pub(crate) async fn get(&self, client: &Client, call: u64, tries: u32) -> Result<Arc<Token>, Failure> {
        let now = Instant::now();
        if let Some(token) = self.0.valid(now) {
            if !token.is_fresh(now)
                && let Ok(fetching) = Arc::clone(&self.0.fetching).try_lock_owned()
                && !fetching.is_to_wait(now)
            {
                self.0.renew_behind(fetching, client, call, tries);
            }
            return Ok(token);
        }
        let fetching = Arc::clone(&self.0.fetching).lock_owned().await;
        if let Some(token) = self.0.valid(Instant::now()) {
            return Ok(token);
        }
        let task = self.0.renew_behind(fetching, client, call, tries);
        task.await.unwrap_or_else(|_| Err(broken_off()))
    }

    /// The service did not accept this token: drop it, unless a newer one is there already.
    pub(crate) fn reject(&self, rejected: &Token) {
        // Nothing can take the place of one that is only given.
        if matches!(self.0.grant, Grant::Fixed(_)) {
            return;
        }
        let mut current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.token.as_ref().is_some_and(|token| token.generation() == rejected.generation()) {
            current.token = None;
            current.rejected = self.0.shared.is_some().then(|| rejected.secret().clone());
        }
    }

    /// The failure of an attempt as it is to be weighed: a rejected token that nothing can take the place of ends the call.
    pub(crate) fn judged(&self, failure: Failure, clock: &Clock) -> Failure {
        if failure.class == Class::Unauthenticated { self.0.grant.of_rejection(failure, clock.now()) } else { failure }
    }

    /// What must not be shown, should the server repeat it.
    pub(crate) fn secrets(&self, token: Option<&Token>) -> Vec<String> {
        let basic = self.0.grant.basic();
        let of_grant = self.0.grant.secrets().into_iter().map(str::to_owned);
        basic.into_iter().chain(of_grant).chain(token.map(|token| token.expose().to_owned())).collect()
    }
}

impl Source {
    fn current(&self) -> Option<Arc<Token>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).token.clone()
    }

    fn rejected(&self) -> Option<SecretString> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).rejected.clone()
    }

    fn valid(&self, now: Instant) -> Option<Arc<Token>> {
        self.current().filter(|token| token.is_valid(now))
    }

    fn set_current(&self, token: Arc<Token>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Current { token: Some(token), rejected: None };
    }

    /// The one task that renews. It ends by itself, after its tries at the latest.
    fn renew_behind(self: &Arc<Self>, fetching: OwnedMutexGuard<Fetching>, client: &Client, call: u64, tries: u32) -> Renewal {
        let (source, client) = (Arc::clone(self), client.clone());
        tokio::spawn(async move { source.renew(fetching, client, call, tries).await })
    }

    /// A new token, from other processes or from the service. Where one cannot be had, the old one serves to its end.
    async fn renew(
        self: Arc<Self>,
        mut fetching: OwnedMutexGuard<Fetching>,
        client: Client,
        call: u64,
        tries: u32,
    ) -> Result<Arc<Token>, Failure> {
        let now = Instant::now();
        let is_pause = fetching.is_pause(now);
        if let Some(token) = self.by_others(&mut fetching, &client, !is_pause).await? {
            return Ok(token);
        }
        // Others may have had one that is good for a while: nobody waits then.
        let valid = self.valid(Instant::now());
        if let Some(failed) = fetching.failed.as_ref().filter(|_| is_pause) {
            return valid.ok_or_else(|| failed.failure_at(now));
        }
        // Three tries in a row, then single ones.
        let tries = if fetching.failed.is_some() { 1 } else { tries };
        let fetched = async move { self.fetch_for_all(fetching, &client, call, tries).await };
        match valid {
            Some(token) => {
                tokio::spawn(fetched);
                Ok(token)
            }
            None => fetched.await,
        }
    }

    async fn fetch_for_all(
        &self,
        mut fetching: OwnedMutexGuard<Fetching>,
        client: &Client,
        call: u64,
        tries: u32,
    ) -> Result<Arc<Token>, Failure> {
        match self.fetch_and_keep(&mut fetching, client, call, tries).await {
            Ok(token) => {
                self.set_current(Arc::clone(&token));
                client.tell(&Event::TokenFetched);
                Ok(token)
            }
            Err(failure) => {
                client.tell(&Event::TokenFailed { class: failure.class, detail: &failure.detail });
                let now = Instant::now();
                let failed = fetching.note_failure(failure, now);
                self.valid(now).ok_or_else(|| failed.failure_at(now))
            }
        }
    }

    /// The request that brings a token.
    fn request(&self, fetching: &Fetching) -> Result<TokenRequest, Failure> {
        match &self.grant {
            Grant::ClientCredentials(credentials) => {
                let client = ApiClient { id: credentials.id(), secret: Some(credentials.expose_secret()) };
                Ok(TokenRequest::with_credentials(client))
            }
            Grant::Fixed(fixed) => {
                Err(Failure::new(Class::TokenEnded, format!("the token of {} cannot be renewed", fixed.origin())))
            }
            Grant::User(user) => match &fetching.refresh_token {
                Some(token) => Ok(TokenRequest::with_refresh_token(user.api_client(), token)),
                None => {
                    Err(Failure::new(Class::SignInNeeded, "the user's sign-in is over, and nothing came with it to renew it"))
                }
            },
        }
        .map_err(|failure| failure.at(Stage::Token))
    }
}

impl Fetching {
    fn new(seed: u64) -> Self {
        Self {
            generation: 0,
            failed: None,
            is_my_turn: false,
            renewed_by_others_until: None,
            refresh_token: None,
            rng: Rng::with_seed(seed),
        }
    }

    /// The token that a grant brings along.
    fn first_token(&mut self, grant: &Grant, clock: &Clock) -> Option<Arc<Token>> {
        let (text, left) = match grant {
            Grant::ClientCredentials(_) => return None,
            Grant::Fixed(fixed) => (fixed.secret(), None),
            Grant::User(user) => {
                self.refresh_token.clone_from(&user.refresh_token);
                (&user.access_token, user.ends_at.map(|end| end.since(clock.now())))
            }
        };
        self.generation += 1;
        Token::given(text, self.generation, left, &mut self.rng, Instant::now()).ok().map(Arc::new)
    }

    fn is_pause(&self, now: Instant) -> bool {
        self.failed.as_ref().is_some_and(|failed| now < failed.again_at)
    }

    /// Whether a token that still serves is not to be renewed just now.
    fn is_to_wait(&self, now: Instant) -> bool {
        self.is_pause(now) || self.renewed_by_others_until.is_some_and(|until| now < until)
    }

    fn accept(&mut self, answer: TokenAnswer) -> Result<Arc<Token>, Failure> {
        self.generation += 1;
        let token = Token::new(answer.access_token, self.generation, answer.expires_in, &mut self.rng, Instant::now())?;
        self.take_refresh_token(answer.refresh_token.map(SecretString::from));
        self.failed = None;
        Ok(Arc::new(token))
    }

    /// A newer one, where one came; else the old one stays good.
    fn take_refresh_token(&mut self, newer: Option<SecretString>) {
        if newer.is_some() {
            self.refresh_token = newer;
        }
    }

    fn note_failure(&mut self, failure: Failure, now: Instant) -> &FailedFetch {
        let ours = self.failed.take().map_or(PAUSE, |before| (2 * before.pause).min(LONGEST_PAUSE));
        // The server knows better, within our own bound.
        let pause = failure.retry_after.map_or(ours, |asked| asked.min(LONGEST_PAUSE));
        self.failed.insert(FailedFetch { failure, pause, again_at: now + pause })
    }
}

impl FailedFetch {
    /// The failure, with the time during which nobody asks again, so that callers come back after it.
    fn failure_at(&self, now: Instant) -> Failure {
        Failure { pause: Some(self.again_at.saturating_duration_since(now)), ..self.failure.clone() }
    }
}

/// The runtime ended while the token was fetched.
fn broken_off() -> Failure {
    Failure::new(Class::ConnectionLost, "the request for a token was broken off").at(Stage::Token)
}
