//! In whose name a call asks: the key's or a user's.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::identity::AskedBy;
use super::who::Who;
use super::{Client, Identity, lock};
use crate::auth::{Grant, TokenSource, TokenStore};
use crate::clock::Clock;
use crate::config::{Endpoint, Found};
use crate::error::{Error, ErrorKind};
use crate::query::{Audience, Operation};
use crate::resilience::{Gate, Ledger};

/// Whose answers they are: what one may see another may not. Holds no secret; made to be a part of a cache's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthScope {
    /// Public data, asked for with the API client of this id.
    Key(Arc<str>),
    /// What this user may see.
    User(Arc<str>),
}

impl AuthScope {
    /// Whether it is a user's.
    #[must_use]
    pub fn is_user(&self) -> bool {
        matches!(self, Self::User(_))
    }
}

impl fmt::Display for AuthScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key {id}"),
            Self::User(id) => write!(f, "user {id}"),
        }
    }
}

/// Those in whose name a client can ask.
pub(super) struct Identities {
    /// Who asks where nothing else is said: the key, or a user where there is no key.
    first: Arc<Identity>,
    /// The user, where there is one.
    user: Option<Arc<Identity>>,
    for_user: ForUser,
    /// What of the settings looks like a mistake, in sentences.
    oddities: Vec<String>,
}

/// What identities are made with.
pub(super) struct Making<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) ledger: Option<&'a Ledger>,
    pub(super) token_store: Option<&'a TokenStore>,
    pub(super) clock: &'a Clock,
    pub(super) rng: &'a mut Rng,
}

impl Identities {
    pub(super) fn new(who: Who, mut made: Making<'_>) -> Result<Self, Error> {
        let key = who.key.map(|key| made.identity(key, false)).transpose()?;
        let user = who.user.map(|user| made.identity(user, true)).transpose()?;
        let first = key.or_else(|| user.clone()).ok_or_else(super::who::nobody)?;
        Ok(Self { first, user, for_user: ForUser::default(), oddities: who.oddities })
    }

    pub(super) fn first(&self) -> &Arc<Identity> {
        &self.first
    }

    pub(super) fn oddities(&self) -> &[String] {
        &self.oddities
    }

    /// Each once.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Identity>> {
        let user = self.user.as_ref().filter(|user| !Arc::ptr_eq(user, &self.first));
        std::iter::once(&self.first).chain(user)
    }
}

impl Making<'_> {
    fn identity(&mut self, who: Found<Grant>, is_user: bool) -> Result<Arc<Identity>, Error> {
        let Found { value: grant, origin } = who;
        let (scope, api) = if is_user {
            let id = grant.user_id().unwrap_or_else(|| grant.account());
            (AuthScope::User(id.into()), self.endpoint.user_api_url())
        } else {
            (AuthScope::Key(grant.account().into()), self.endpoint.client_api_url())
        };
        let seed = self.rng.clone().u64(..);
        let gate = match self.ledger {
            // The account is the user's, whatever the token, and the key's by its id.
            Some(ledger) => {
                let bucket = match &scope {
                    AuthScope::Key(id) => format!("{api} {id}"),
                    AuthScope::User(id) => format!("{api} user {id}"),
                };
                Some(Arc::new(Gate::new(ledger, &bucket, self.clock.clone(), seed)?))
            }
            None => None,
        };
        let shared = match &grant {
            // A token of the key's own is shared where its points are, else where it is to be kept.
            Grant::ClientCredentials(credentials) => gate
                .as_ref()
                .and_then(|gate| gate.shared_tokens())
                .or_else(|| self.token_store.map(|store| store.tokens_of(self.endpoint, credentials, self.clock))),
            _ => None,
        };
        let by = AskedBy::of(&grant, scope, origin);
        let tokens = TokenSource::new(grant, shared, self.clock, seed);
        Ok(Arc::new(Identity::new(tokens, gate, api.clone(), by)))
    }
}

/// For so long it is remembered that a report is shown to the user, and not to the key.
const REMEMBERED: Duration = Duration::from_secs(3_600);
/// So many reports are remembered at most.
const MOST_REMEMBERED: usize = 10_000;

/// Reports that were shown to the user, and not to the key, and until when that is remembered.
#[derive(Default)]
struct ForUser(Mutex<HashMap<String, Instant>>);

impl ForUser {
    fn holds_all<'a>(&self, codes: impl Iterator<Item = &'a str>, now: Instant) -> bool {
        let remembered = lock(&self.0);
        let mut codes = codes.peekable();
        codes.peek().is_some() && codes.all(|code| remembered.get(code).is_some_and(|until| now < *until))
    }

    fn remember<'a>(&self, codes: impl Iterator<Item = &'a str>, now: Instant) {
        let mut remembered = lock(&self.0);
        for code in codes {
            if remembered.len() >= MOST_REMEMBERED {
                remembered.retain(|_, until| now < *until);
            }
            if remembered.len() < MOST_REMEMBERED {
                remembered.insert(code.to_owned(), now + REMEMBERED);
            }
        }
    }

    fn forget<'a>(&self, codes: impl Iterator<Item = &'a str>) {
        let mut remembered = lock(&self.0);
        codes.for_each(|code| _ = remembered.remove(code));
    }
}

impl Client {
    /// The same client; its calls ask in the name of the signed-in user, at `/api/v2/user`. Without one they end with
    /// [`ErrorKind::Auth`], and nothing is sent.
    ///
    /// Without this, calls that only a user is answered do so by themselves, and so do reports that are archived or not shown to
    /// the key.
    #[must_use]
    pub fn as_user(&self) -> Self {
        let user = self.0.shared.identities.user.as_ref();
        let identity = Arc::clone(user.unwrap_or(&self.0.identity));
        self.with(|handle| (handle.identity, handle.wants_user) = (identity, true))
    }

    /// Whose answers its calls get where nothing needs a user.
    #[must_use]
    pub fn auth_scope(&self) -> &AuthScope {
        self.0.identity.scope()
    }

    /// In whose name it can ask: the key's, the user's, or both. Asks the service for nothing.
    #[must_use]
    pub fn asked_by(&self) -> Vec<AskedBy> {
        self.0.shared.identities.all().map(|identity| identity.by().clone()).collect()
    }

    /// Whether somebody is signed in.
    #[must_use]
    pub fn has_user(&self) -> bool {
        self.0.shared.identities.user.is_some()
    }

    /// The client in whose name this is to be asked; `None` where it is this one.
    pub(crate) fn who_asks(&self, operation: &Operation, now: Instant) -> Result<Option<Self>, Error> {
        if self.0.identity.is_user() {
            return Ok(None);
        }
        let audience = if self.0.wants_user { Audience::User } else { operation.audience() };
        let Some(user) = self.in_users_name() else {
            return if audience == Audience::User { Err(nobody_is_signed_in(operation)) } else { Ok(None) };
        };
        let is_for_user = audience != Audience::Anybody || self.0.shared.identities.for_user.holds_all(operation.reports(), now);
        Ok(is_for_user.then_some(user))
    }

    /// Whether there is a user in whose name this client does not ask.
    pub(crate) fn has_other_user(&self) -> bool {
        self.has_user() && !self.0.identity.is_user()
    }

    /// The same client in the name of that user.
    pub(crate) fn in_users_name(&self) -> Option<Self> {
        let user = self.0.shared.identities.user.as_ref().filter(|_| self.has_other_user())?;
        Some(self.with(|handle| handle.identity = Arc::clone(user)))
    }

    /// These reports are shown to the user, and not to the key.
    pub(crate) fn remember_for_user<'a>(&self, codes: impl Iterator<Item = &'a str>, now: Instant) {
        self.0.shared.identities.for_user.remember(codes, now);
    }

    /// These are shown to nobody.
    pub(crate) fn forget_for_user<'a>(&self, codes: impl Iterator<Item = &'a str>) {
        self.0.shared.identities.for_user.forget(codes);
    }
}

fn nobody_is_signed_in(operation: &Operation) -> Error {
    let message = "only a signed-in user is answered this, and nobody is signed in";
    Error::new(ErrorKind::Auth, message)
        .with_call(operation.name(), 0, Duration::ZERO)
        .with_hint("sign in with `esologs auth login --user`, or give the client a user (`ClientBuilder::signed_in`)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_report_is_remembered_for_an_hour_and_a_call_of_several_where_all_of_them_are() {
        let for_user = ForUser::default();
        let begun = Instant::now();

        for_user.remember(["a", "b"].into_iter(), begun);

        assert!(for_user.holds_all(["a", "b"].into_iter(), begun));
        assert!(!for_user.holds_all(["a", "c"].into_iter(), begun));
        assert!(!for_user.holds_all([].into_iter(), begun), "a call that is about no report");
        assert!(!for_user.holds_all(["a"].into_iter(), begun + REMEMBERED));
        for_user.forget(["a"].into_iter());
        assert!(!for_user.holds_all(["a"].into_iter(), begun));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_is_bounded_and_what_is_over_makes_room() {
        let for_user = ForUser::default();
        let codes: Vec<String> = (0..MOST_REMEMBERED + 5).map(|number| number.to_string()).collect();
        let begun = Instant::now();

        for_user.remember(codes.iter().map(String::as_str), begun);

        assert_eq!(lock(&for_user.0).len(), MOST_REMEMBERED);
        for_user.remember(["late"].into_iter(), begun + REMEMBERED);
        assert_eq!(lock(&for_user.0).len(), 1);
    }
}
