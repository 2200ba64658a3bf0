//! The token of a key, for all who share its account: it lies in Redis in clear text, until it ends.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use redis::Script;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, timeout};

use super::link::key;
use super::shared::Shared;
use super::{Pending, RedisStore, STEP_TIMEOUT, lock};
use crate::auth::{Kept, Life, SharedTokens, Turn, Unwanted};

/// How long one's turn to fetch lasts without a word: three times the pause between two of them.
const LEASE: Duration = Duration::from_secs(6);
/// A token without a lifetime is kept for so long.
const WITHOUT_LIFETIME: Duration = Duration::from_secs(30 * 24 * 3_600);
/// No token is kept for longer.
const LONGEST_LIFE: Duration = Duration::from_secs(2 * 365 * 24 * 3_600);

/// What this process knows of the shared token. Has no `Debug`: it may hold one.
pub(super) struct Tokens {
    script: Script,
    keys: [String; 2],
    /// Whose token it is and where it is used; a token that lies there for anything else is not taken. Unset: none is shared.
    whose: OnceLock<String>,
    /// What was fetched, and when, as long as Redis does not have it.
    unkept: Mutex<Option<(Kept, Instant)>>,
}

impl Tokens {
    pub(super) fn new(bucket: &str) -> Self {
        Self {
            script: Script::new(include_str!("token.lua")),
            keys: ["token", "token_lease"].map(|part| key(bucket, part)),
            whose: OnceLock::new(),
            unkept: Mutex::default(),
        }
    }

    pub(super) fn share(&self, whose: &str) {
        let _ = self.whose.set(whose.to_owned());
    }

    pub(super) fn are_shared(&self) -> bool {
        self.whose.get().is_some()
    }

    fn whose(&self) -> &str {
        self.whose.get().map_or("", String::as_str)
    }

    fn forget_unkept(&self, if_it_is: impl FnOnce(&(Kept, Instant)) -> bool) {
        let mut unkept = lock(&self.unkept);
        if unkept.as_ref().is_some_and(if_it_is) {
            *unkept = None;
        }
    }
}

impl Shared {
    /// One round trip; `None` where Redis does not answer. What it says of a script may hold what it was sent, and is told to nobody.
    async fn say(&self, what: &str, more: &[&str]) -> Option<Vec<String>> {
        let (tokens, mut used) = (self.tokens(), 0);
        let saying = async {
            let mut connection = self.connection_with_number().await?;
            used = connection.number;
            let mut call = tokens.script.key(&tokens.keys[0]);
            call.key(&tokens.keys[1]).arg(what).arg(self.me()).arg(milliseconds(LEASE)).arg(tokens.whose()).arg(more);
            match call.invoke_async(&mut connection.inner).await {
                Ok(reply) => Ok(Some(reply)),
                Err(error) if error.is_io_error() => Err(self.place().trouble(&error)),
                Err(_) => Ok(None),
            }
        };
        let said = timeout(STEP_TIMEOUT, saying).await.unwrap_or_else(|_| Err(self.place().no_answer(STEP_TIMEOUT)));
        said.unwrap_or_else(|reason| {
            self.lose(used, reason, self.now_ms());
            None
        })
    }

    /// Gives what was fetched to the others, where Redis does not have it.
    pub(super) async fn give_token(&self) {
        let Some((kept, at)) = lock(&self.tokens().unkept).clone() else { return };
        let (life, renewed_before) = match kept.life {
            Some(life) => (life.left, milliseconds(life.renewed_before)),
            None => (WITHOUT_LIFETIME, String::new()),
        };
        let left = life.min(LONGEST_LIFE).saturating_sub(at.elapsed());
        let is_over = left < Duration::from_millis(1);
        if is_over || self.say("keep", &[kept.token.expose_secret(), &milliseconds(left), &renewed_before]).await.is_some() {
            self.tokens().forget_unkept(|unkept| unkept.1 == at);
        }
    }
}

impl SharedTokens for RedisStore {
    fn ask<'a>(&'a self, unwanted: Unwanted<'a>, would_fetch: bool) -> Pending<'a, Turn> {
        self.see_to_keeper();
        Box::pin(async move {
            let [rejected, ending] = unwanted.map(|token| token.map_or("", SecretString::expose_secret));
            self.shared.tokens().forget_unkept(|(kept, _)| kept.token.expose_secret() == rejected);
            let would_fetch = if would_fetch { "would fetch" } else { "" };
            let reply = self.shared.say("ask", &[rejected, ending, would_fetch]).await;
            reply.and_then(|reply| read(&reply)).unwrap_or(Turn::Alone)
        })
    }

    fn hold(&self) -> Pending<'_, ()> {
        Box::pin(async {
            self.shared.say("hold", &[]).await;
        })
    }

    fn leave(&self) {
        self.behind(|shared| async move {
            shared.say("leave", &[]).await;
        });
    }

    fn keep(&self, kept: Kept) {
        *lock(&self.shared.tokens().unkept) = Some((kept, Instant::now()));
        self.behind(|shared| async move { shared.give_token().await });
    }
}

impl RedisStore {
    /// Nobody waits for this. Without a runtime the lease runs out.
    fn behind<F: Future<Output = ()> + Send + 'static>(&self, work: impl FnOnce(Arc<Shared>) -> F) {
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(work(Arc::clone(&self.shared)));
        }
    }
}

fn read(reply: &[String]) -> Option<Turn> {
    match reply.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fetch"] => Some(Turn::Fetch(None)),
        ["wait"] => Some(Turn::Wait),
        ["use", token, _, ""] => Some(Turn::Use(Kept { token: token.into(), life: None, refresh_token: None })),
        ["use", token, left, renewed_before] => {
            let of = |text: &str| text.parse().ok().map(Duration::from_millis);
            let life = Life { left: of(left)?, renewed_before: of(renewed_before)? };
            Some(Turn::Use(Kept { token: token.into(), life: Some(life), refresh_token: None }))
        }
        _ => None,
    }
}

fn milliseconds(duration: Duration) -> String {
    duration.as_millis().to_string()
}
