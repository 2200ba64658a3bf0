//! A sign-in that waits for the user.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpListener;

use super::callback::Callback;
use super::listener::{Browser, Expected, answer};
use super::page::Page;
use super::proof::Proof;
use crate::auth::SignedIn;
use crate::auth::fetch::trade;
use crate::auth::request::{ApiClient, TokenRequest};
use crate::clock::Clock;
use crate::config::Endpoint;
use crate::decode::Failure;
use crate::error::{Error, ErrorKind};
use crate::resilience::describe_failure;
use crate::transport::Transport;

/// A sign-in that listens for the user's answer; made by [`SignIn::begin`](super::SignIn::begin). Dropped, it listens no more.
pub struct BegunSignIn {
    pub(super) url: String,
    pub(super) redirect_url: String,
    pub(super) path: String,
    pub(super) listener: TcpListener,
    pub(super) proof: Proof,
    pub(super) exchange: Exchange,
    pub(super) timeout: Duration,
}

/// What trades the code for a token.
pub(super) struct Exchange {
    pub(super) client_id: String,
    pub(super) client_secret: Option<SecretString>,
    pub(super) endpoint: Endpoint,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Clock,
}

impl BegunSignIn {
    /// The address at which the user agrees, to be opened in a browser on this machine. It is good for this sign-in only.
    #[must_use]
    pub fn authorize_url(&self) -> &str {
        &self.url
    }

    /// Where the answer is waited for.
    #[must_use]
    pub fn redirect_url(&self) -> &str {
        &self.redirect_url
    }

    /// Waits for the user's answer and trades it for a token.
    ///
    /// # Errors
    /// [`ErrorKind::Auth`] where the user said no, or the service does not take the API client or the code; [`ErrorKind::Stopped`] where no
    /// answer came in time; others where the token endpoint cannot be reached.
    pub async fn finish(self) -> Result<SignedIn, Error> {
        let expected = Arc::new(Expected { path: self.path, state: self.proof.state().into(), foreign: AtomicU32::new(0) });
        let waiting = tokio::time::timeout(self.timeout, answer(&self.listener, &expected));
        let (callback, browser) = match waiting.await {
            Ok(answer) => answer?,
            Err(_) => return Err(too_late(self.timeout, expected.foreign.load(Ordering::Relaxed))),
        };
        // Nothing more is waited for.
        drop(self.listener);
        match callback {
            Callback::Agreed(code) => {
                let traded = self.exchange.trade(&code, &self.redirect_url, self.proof.verifier()).await;
                browser.show(if traded.is_ok() { Page::SignedIn } else { Page::Failed }).await;
                traded.map_err(|failure| describe_failure(&failure, &self.exchange.endpoint))
            }
            Callback::Refused { error, words } => Err(self.exchange.refused(browser, &error, &words).await),
            Callback::Foreign | Callback::NotHere | Callback::NotUnderstood => Err(too_late(self.timeout, 0)),
        }
    }
}

impl Exchange {
    async fn trade(&self, code: &SecretString, redirect_url: &str, verifier: &str) -> Result<SignedIn, Failure> {
        let secret = self.client_secret.as_ref().map(|secret| secret.expose_secret());
        let client = ApiClient { id: &self.client_id, secret };
        let request = TokenRequest::with_code(client, code, redirect_url, verifier);
        let answer = trade(&request, &self.endpoint, &*self.transport, &self.clock).await?;
        let mut user = SignedIn::with_token(&self.client_id, answer.access_token);
        user.client_secret.clone_from(&self.client_secret);
        user.refresh_token = answer.refresh_token.map(SecretString::from);
        // What the service says of the token's life counts more than what the token says, which another clock wrote.
        if let Some(life) = answer.expires_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
            user.ends_at = Some(self.clock.now().plus(life));
        }
        Ok(user)
    }

    async fn refused(&self, browser: Browser, error: &str, words: &str) -> Error {
        browser.show(Page::Refused).await;
        let host = self.endpoint.host();
        if error == "access_denied" {
            return Error::new(ErrorKind::Auth, format!("the sign-in to {host} was denied in the browser"))
                .with_hint("sign in again and allow it, or go on without: public data need no user");
        }
        // The words came over the browser's address, so they are shown as they are only in part.
        let shown: String = words.chars().filter(|c| !c.is_control()).take(200).collect();
        let error: String = error.chars().filter(|c| !c.is_control()).take(60).collect();
        Error::new(ErrorKind::Auth, format!("{host} refused the sign-in: {error} {shown}").trim_end())
            .with_hint("check the API client's id, its redirect address and the scopes at https://www.esologs.com/api/clients/")
    }
}

fn too_late(timeout: Duration, foreign: u32) -> Error {
    let seconds = timeout.as_secs_f64();
    let message = match foreign {
        0 => format!("nobody answered the sign-in within {seconds:.0} s"),
        _ => format!(
            "no answer of this sign-in came within {seconds:.0} s, but {foreign} of another one: their state was not that of this sign-in"
        ),
    };
    Error::new(ErrorKind::Stopped, message)
        .with_retryable(true)
        .with_hint("sign in again, open the new address in a browser on this machine, and allow it there")
}

impl fmt::Debug for BegunSignIn {
    /// Without the address, which holds the state.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BegunSignIn")
            .field("client_id", &self.exchange.client_id)
            .field("endpoint", &self.exchange.endpoint)
            .field("redirect_url", &self.redirect_url)
            .finish_non_exhaustive()
    }
}
