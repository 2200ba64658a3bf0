//! A user signs in: the browser asks, the user agrees, and the answer comes back to this machine (authorization code with PKCE).

mod begun;
mod callback;
mod listener;
mod page;
mod proof;
mod redirect;
mod scope;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

pub use self::begun::BegunSignIn;
use self::begun::Exchange;
use self::proof::Proof;
use self::redirect::Redirect;
pub use self::scope::Scope;
use crate::clock::Clock;
use crate::config::{Credentials, Endpoint};
use crate::error::{Error, ErrorKind};
use crate::transport::{HttpSettings, HttpTransport, Transport};

/// How long the user has to agree.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A user's sign-in to be, in the browser. Awaited, or with the feature `blocking` waited for.
///
/// ```no_run
/// # async fn example() -> Result<(), esologs::Error> {
/// use esologs::{Client, Scope, SignIn};
///
/// let begun = SignIn::new("my-client-id").scopes([Scope::ViewUserProfile, Scope::ViewPrivateReports]).begin().await?;
/// println!("Open this address and agree: {}", begun.authorize_url());
/// let user = begun.finish().await?;
/// let client = Client::builder().signed_in(user).build()?;
/// # Ok(())
/// # }
/// ```
///
/// The answer comes to the redirect address, which has to be of this machine and has to be registered for the API client; see
/// [`SignIn::redirect`]. Only an answer with the state of this sign-in is taken.
#[derive(Clone)]
pub struct SignIn {
    client_id: String,
    client_secret: Option<SecretString>,
    endpoint: Endpoint,
    redirect: Redirect,
    scopes: Vec<Scope>,
    timeout: Duration,
    transport: Option<Arc<dyn Transport>>,
    clock: Clock,
}

impl SignIn {
    /// The redirect address that is used where no other is named.
    pub const DEFAULT_REDIRECT: &'static str = "http://127.0.0.1:8765/callback";

    /// A sign-in for the API client of this id, which need not have a secret ("public client").
    #[must_use]
    pub fn new(client_id: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: None,
            endpoint: Endpoint::default(),
            redirect: Redirect::default(),
            scopes: vec![Scope::ViewUserProfile, Scope::ViewPrivateReports],
            timeout: TIMEOUT,
            transport: None,
            clock: Clock::default(),
        }
    }

    /// A sign-in for this API client, with its secret.
    #[must_use]
    pub fn with_credentials(credentials: &Credentials) -> Self {
        Self { client_secret: Some(credentials.expose_secret().into()), ..Self::new(credentials.id()) }
    }

    /// Where the API is. Default: the official host.
    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// The address that the browser brings the answer to, exactly as it is registered for the API client. Default
    /// [`Self::DEFAULT_REDIRECT`]. It has to be `http://127.0.0.1:PORT/PATH` or `http://localhost:PORT/PATH`; this program listens there,
    /// on 127.0.0.1 only. Port 0 takes a free one, for services that leave the port of `127.0.0.1` open.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where it is another machine's, not plain http, or holds a user, query or fragment.
    pub fn redirect(mut self, address: &str) -> Result<Self, Error> {
        self.redirect = Redirect::new(address)?;
        Ok(self)
    }

    /// What the user is asked to allow. Default: both [`Scope::ViewUserProfile`] and [`Scope::ViewPrivateReports`].
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = Scope>) -> Self {
        self.scopes = scopes.into_iter().collect();
        self
    }

    /// How long the user has. Default 5 minutes.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// A transport of one's own for the exchange of the code.
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

    /// Listens for the answer, and makes the address that the user has to open.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where the port is taken, or this machine gives no random numbers.
    pub async fn begin(self) -> Result<BegunSignIn, Error> {
        let transport = match self.transport {
            Some(transport) => transport,
            None => own_transport(&self.endpoint)?,
        };
        let (listener, redirect_url) = self.redirect.listen().await?;
        let proof = Proof::new()?;
        let url = authorize_url(&self.endpoint, &self.client_id, &redirect_url, &self.scopes, &proof)?;
        let exchange = Exchange {
            client_id: self.client_id,
            client_secret: self.client_secret,
            endpoint: self.endpoint,
            transport,
            clock: self.clock,
        };
        Ok(BegunSignIn {
            url,
            redirect_url,
            path: self.redirect.path().to_owned(),
            listener,
            proof,
            exchange,
            timeout: self.timeout,
        })
    }
}

fn own_transport(endpoint: &Endpoint) -> Result<Arc<dyn Transport>, Error> {
    let settings = HttpSettings { use_system_proxy: !endpoint.is_loopback(), ..HttpSettings::default() };
    let transport = HttpTransport::new(&settings);
    Ok(Arc::new(transport.map_err(|error| Error::new(ErrorKind::Usage, error.to_string()).with_source(error))?))
}

/// The address at which the user agrees. The proof goes along as its digest only; it is used with a secret, too, so that a code that
/// somebody caught is of no use to him.
fn authorize_url(
    endpoint: &Endpoint,
    client_id: &str,
    redirect_url: &str,
    scopes: &[Scope],
    proof: &Proof,
) -> Result<String, Error> {
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    let fields = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect_url),
        ("scope", &scopes.join(" ")),
        ("state", proof.state()),
        ("code_challenge", &proof.challenge()),
        ("code_challenge_method", "S256"),
    ];
    Url::parse_with_params(&endpoint.authorize_url(), fields)
        .map(String::from)
        .map_err(|error| Error::new(ErrorKind::Usage, format!("the address of the sign-in cannot be made: {error}")))
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("client_id", &self.client_id)
            .field("endpoint", &self.endpoint)
            .field("redirect", &self.redirect)
            .field("scopes", &self.scopes)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
