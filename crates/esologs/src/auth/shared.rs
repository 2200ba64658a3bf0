//! One token for the processes of a fleet: it is asked for before one is fetched, and one process fetches for all.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{Instant, sleep, timeout};

use super::fetch::fetch;
use super::request::TokenAnswer;
use super::{Fetching, Source, Token};
use crate::client::Client;
use crate::decode::{Class, Failure, Stage};
use crate::events::Event;

/// Whose turn it is to fetch says so again after so long, so that a turn can be shorter than a request for a token.
const BEAT: Duration = Duration::from_secs(2);
/// How long a process waits for what another one fetches; then it fetches for itself.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pauses between two looks: the first, doubled with each, up to the longest; half of each by chance.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// Who has a token that is good for a while, and finds another process renewing it, looks again after so long.
const RENEWED_BY_OTHERS: Duration = Duration::from_secs(1);

pub(crate) type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A place where processes that use one key find its token. None of its answers is an error: where the place is away, each
/// process has a token of its own.
pub(crate) trait SharedTokens: Send + Sync {
    /// The token that is there, or who fetches one; this process, where it would.
    fn ask<'a>(&'a self, unwanted: Unwanted<'a>, would_fetch: bool) -> Pending<'a, Turn>;

    /// It is still this process's turn.
    fn hold(&self) -> Pending<'_, ()>;

    /// Ends this process's turn, without a token.
    fn leave(&self);

    /// Gives a token to all, now or when the place is back, and ends this process's turn.
    fn keep(&self, kept: Kept);

    /// How long a process waits for what another one fetches.
    fn patience(&self) -> Duration {
        PATIENCE
    }

    /// What the client's owner should hear, once.
    fn news(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Tokens that are no answer: the one that was rejected, which is forgotten for all if it is still there, and the one that
/// is to be renewed.
pub(crate) type Unwanted<'a> = [Option<&'a SecretString>; 2];

/// What a process is to do.
pub(crate) enum Turn {
    /// Use this one.
    Use(Kept),
    /// Fetch one for all; by this refresh token, where it is a user's and a newer one is there.
    Fetch(Option<SecretString>),
    /// Wait: another process fetches one.
    Wait,
    /// The place is away: fetch one for itself.
    Alone,
}

/// A token as it is kept for all. No moments: clocks of different hosts differ.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) token: SecretString,
    /// `None` where the service named no lifetime.
    pub(crate) life: Option<Life>,
    /// What renews it, where it is a user's.
    pub(crate) refresh_token: Option<SecretString>,
}

/// What is left of a token's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) left: Duration,
    /// So long before its end it is renewed.
    pub(crate) renewed_before: Duration,
}

/// This process's turn to fetch; over when dropped, so that a cancelled caller makes nobody wait.
struct MyTurn<'a>(&'a dyn SharedTokens);

impl Drop for MyTurn<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Source {
    /// The token that others have, or have fetched meanwhile; `None` where this process is to fetch one.
    pub(super) async fn by_others(
        &self,
        fetching: &mut Fetching,
        client: &Client,
        would_fetch: bool,
    ) -> Result<Option<Arc<Token>>, Failure> {
        let Some(shared) = self.shared.as_deref() else { return Ok(None) };
        let (started, mut pause) = (Instant::now(), FIRST_PAUSE);
        fetching.is_my_turn = false;
        loop {
            let now = Instant::now();
            let valid = self.valid(now);
            let ending = valid.as_ref().map(|token| token.secret());
            let rejected = self.rejected();
            let turn = shared.ask([rejected.as_ref(), ending], would_fetch).await;
            tell_news(shared, client);
            match turn {
                Turn::Use(kept) => {
                    fetching.generation += 1;
                    let is_second_hand = rejected.is_some();
                    let token = Arc::new(Token::of_others(&kept, fetching.generation, is_second_hand, Instant::now())?);
                    fetching.take_refresh_token(kept.refresh_token);
                    self.set_current(Arc::clone(&token));
                    if token.is_fresh(Instant::now()) {
                        fetching.failed = None;
                        return Ok(Some(token));
                    }
                }
                Turn::Fetch(refresh_token) => {
                    fetching.is_my_turn = true;
                    fetching.take_refresh_token(refresh_token);
                    return Ok(None);
                }
                Turn::Wait if valid.is_some() => {
                    fetching.renewed_by_others_until = Some(now + RENEWED_BY_OTHERS);
                    return Ok(valid);
                }
                Turn::Wait if would_fetch && started.elapsed() < shared.patience() => {
                    sleep(pause.mul_f64(client.with_rng(|rng| 0.5 + 0.5 * rng.f64()))).await;
                    pause = (2 * pause).min(LONGEST_PAUSE);
                }
                // What renews a user's token may be good for one use only.
                Turn::Wait if would_fetch && !self.grant.is_of_key() => return Err(held_by_another(started.elapsed())),
                Turn::Wait | Turn::Alone => return Ok(None),
            }
        }
    }

    /// Fetches a token, for all where it is this process's turn.
    pub(super) async fn fetch_and_keep(
        &self,
        fetching: &mut Fetching,
        client: &Client,
        call: u64,
        tries: u32,
    ) -> Result<Arc<Token>, Failure> {
        let my_turn = self.shared.as_deref().filter(|_| fetching.is_my_turn).map(MyTurn);
        let request = self.request(fetching)?;
        let fetch = fetch(&request, client, call, tries);
        let answer = match &my_turn {
            Some(turn) => hold(turn.0, fetch).await?,
            None => fetch.await?,
        };
        let token = fetching.accept(answer)?;
        if let Some(shared) = &self.shared {
            shared.keep(Kept { refresh_token: fetching.refresh_token.clone(), ..token.kept(Instant::now()) });
            // The turn has ended with that.
            std::mem::forget(my_turn);
            tell_news(shared.as_ref(), client);
        }
        Ok(token)
    }
}

fn tell_news(shared: &dyn SharedTokens, client: &Client) {
    for why in shared.news() {
        client.tell(&Event::SignInTrouble { why: &why });
    }
}

fn held_by_another(waited: Duration) -> Failure {
    let detail = format!(
        "another process has been renewing the user's token for {:.0} s; if it stands still, end it",
        waited.as_secs_f64()
    );
    Failure::new(Class::AttemptTimeout, detail).at(Stage::Token)
}

/// Says again and again that it is still this process's turn.
async fn hold(
    shared: &dyn SharedTokens,
    fetch: impl Future<Output = Result<TokenAnswer, Failure>>,
) -> Result<TokenAnswer, Failure> {
    let mut fetch = std::pin::pin!(fetch);
    loop {
        match timeout(BEAT, &mut fetch).await {
            Ok(answer) => return answer,
            Err(_) => shared.hold().await,
        }
    }
}
