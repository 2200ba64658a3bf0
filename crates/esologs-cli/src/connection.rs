//! Whom to ask, and with which key: settled before anything is sent.

use std::env::VarError;

use esologs::{Client, ClientBuilder, Credentials, Endpoint, Event, TokenStore};

use crate::args::{HostArgs, Rate};
use crate::demo::Demo;
use crate::failure::Failure;
use crate::{output, words};

/// Only the real environment names a host: a `.env` file that came with a download must not send the secret elsewhere.
const BASE_URL: &str = "ESOLOGS_BASE_URL";

/// A client to be, and what has to live as long as it does.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) client: ClientBuilder,
    pub(crate) demo: Option<Demo>,
    /// Where sign-ins are kept, and for which host.
    pub(crate) kept: Option<(TokenStore, Endpoint)>,
}

impl Connection {
    /// Settles host and credentials, starts the simulator of a demo with that share of faulty requests, and names a host that
    /// is not the service's own.
    pub(crate) async fn open(args: &HostArgs, demo_fault_rate: f64) -> Result<Self, Failure> {
        if args.demo {
            let demo = Demo::start(args.seed(), demo_fault_rate).await?;
            let endpoint = Endpoint::new(&demo.base_url())?;
            let client = paced(Client::builder(), args).endpoint(endpoint).credentials(Demo::credentials()?);
            return Ok(Self { client, demo: Some(demo), kept: None });
        }
        let endpoint = endpoint(args.base_url.as_deref())?;
        let mut client = paced(Client::builder(), args).endpoint(endpoint.clone());
        // The client takes who asks from the environment itself, then what a sign-in has left; where nobody is named, it says so,
        // with what to do.
        let store = store(args.profile.as_deref())?;
        if let Some(store) = &store {
            client = client.or_kept_in(store.clone()).on_event(|event| {
                if let Event::SignInTrouble { why, .. } = event {
                    output::talk(format_args!("note: {}", words::plain(why)));
                }
            });
            // Who has not signed in wants nothing to be kept. A mistake in the environment is told by who makes the client, or the doctor.
            if matches!(Credentials::from_env(), Ok(None)) {
                client = client.token_store(store.clone());
            }
        }
        Ok(Self { client, demo: None, kept: store.map(|store| (store, endpoint)) })
    }
}

/// The host that is asked, named where it is not the service's own.
pub(crate) fn endpoint(base_url: Option<&str>) -> Result<Endpoint, Failure> {
    let endpoint = quiet_endpoint(base_url)?;
    if !endpoint.is_official() {
        output::talk(format_args!("note: asking {}, not {}", endpoint.host(), Endpoint::OFFICIAL));
    }
    Ok(endpoint)
}

/// The host that will be asked.
pub(crate) fn quiet_endpoint(base_url: Option<&str>) -> Result<Endpoint, Failure> {
    let base_url = match base_url {
        Some(url) => Some(url.to_owned()),
        None => base_url_of_environment()?,
    };
    Ok(base_url.as_deref().map_or_else(|| Ok(Endpoint::default()), Endpoint::new)?)
}

/// Where sign-ins are kept; `None` where the user has no home, so that nothing can be kept.
fn store(profile: Option<&str>) -> Result<Option<TokenStore>, Failure> {
    match (TokenStore::of_user(), profile) {
        (Ok(store), Some(name)) => Ok(Some(store.profile(name)?)),
        (Ok(store), None) => Ok(Some(store)),
        (Err(error), Some(_)) => Err(error.into()),
        (Err(_), None) => Ok(None),
    }
}

fn paced(client: ClientBuilder, args: &HostArgs) -> ClientBuilder {
    match args.request_rate() {
        None => client,
        Some(Rate::Off) => client.without_request_rate(),
        Some(Rate::Paced(settings)) => client.request_rate(settings),
    }
}

fn base_url_of_environment() -> Result<Option<String>, Failure> {
    match std::env::var(BASE_URL) {
        Ok(url) if url.trim().is_empty() => Ok(None),
        Ok(url) => Ok(Some(url)),
        Err(VarError::NotPresent) => Ok(None),
        // To ask the usual host instead would not be what was wanted.
        Err(VarError::NotUnicode(_)) => Err(Failure::usage(format!("{BASE_URL} is not valid UTF-8"))),
    }
}
