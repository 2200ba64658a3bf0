//! `esologs auth login --user`: the user agrees in the browser.

use esologs::{Clock, Credentials, Endpoint, SignIn, SignedIn, TokenStore};

use super::store::store_of;
use super::{browser, prompt};
use crate::args::LoginArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::{output, words};

pub(super) async fn sign_in(args: LoginArgs) -> Result<Exit, Failure> {
    let (store, endpoint) = store_of(&args.store)?;
    let begun = prepared(&args, &store, &endpoint)?.begin().await?;
    let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
    output::talk(format_args!(
        "Open this address in a browser on this machine, and agree there:\n\n  {}\n",
        begun.authorize_url()
    ));
    if !args.no_browser
        && let Err(why) = browser::open(begun.authorize_url())
    {
        output::talk(format_args!("No browser could be started ({}); open the address yourself.", words::plain(&why)));
    }
    output::talk(format_args!("Waiting for the answer at {} (Ctrl-C ends it) …", begun.redirect_url()));
    let user = tokio::select! {
        user = begun.finish() => user?,
        signal = interrupts.next() => {
            output::talk(format_args!("stopped by {signal}; nothing was changed"));
            return Ok(Exit::Interrupted);
        }
    };
    // From here on it is written as a whole, whatever comes.
    store.keep_signed_in(&endpoint, &user).await?;
    tell(&user, &args, &store, &endpoint);
    Ok(Exit::Done)
}

fn prepared(args: &LoginArgs, store: &TokenStore, endpoint: &Endpoint) -> Result<SignIn, Failure> {
    let sign_in = match &args.client_id {
        Some(id) => SignIn::new(id.trim()),
        None => match known_client(store, endpoint)? {
            Some(credentials) => SignIn::with_credentials(&credentials),
            None => SignIn::new(asked_for_client()?),
        },
    };
    let mut sign_in = sign_in.endpoint(endpoint.clone());
    if let Some(redirect) = &args.redirect {
        sign_in = sign_in.redirect(redirect)?;
    } else if let Some(port) = args.port {
        sign_in = sign_in.redirect(&format!("http://127.0.0.1:{port}/callback"))?;
    }
    if !args.scopes.is_empty() {
        sign_in = sign_in.scopes(args.scopes.iter().copied());
    }
    Ok(match args.timeout {
        Some(timeout) => sign_in.timeout(timeout),
        None => sign_in,
    })
}

/// The API client that the environment names, or else the one that is kept.
fn known_client(store: &TokenStore, endpoint: &Endpoint) -> Result<Option<Credentials>, Failure> {
    match Credentials::from_env()? {
        Some(credentials) => Ok(Some(credentials)),
        None => Ok(store.credentials(endpoint)?),
    }
}

fn asked_for_client() -> Result<String, Failure> {
    if !prompt::is_possible() {
        return Err(Failure::usage("no API client is known that a user could agree to")
            .with_hint("name one with --client-id, or set ESOLOGS_ID and ESOLOGS_SECRET"));
    }
    output::talk(format_args!("The id of a public API client, made at https://www.esologs.com/api/clients/:"));
    prompt::ask("Client id")
}

fn tell(user: &SignedIn, args: &LoginArgs, store: &TokenStore, endpoint: &Endpoint) {
    let claims = user.claims().unwrap_or_default();
    let who = claims.user_id.as_deref().map_or_else(String::new, |id| format!(" as user {}", words::plain(id)));
    output::talk(format_args!("Signed in to {}{who}.", words::plain(&endpoint.host())));
    let given = |name: &str| claims.scopes.iter().any(|scope| scope == name);
    let missing: Vec<&str> = args.scopes.iter().map(|scope| scope.name()).filter(|name| !given(name)).collect();
    if !missing.is_empty() && !claims.scopes.is_empty() {
        output::talk(format_args!("Not allowed by you: {}", missing.join(", ")));
    }
    if let Some(end) = user.token_ends_at() {
        let renewal = if user.is_renewable() { "and is renewed before" } else { "and cannot be renewed" };
        output::talk(format_args!("The token ends {}, {renewal}.", words::moment_ahead(end, Clock::system().now())));
    }
    let path = words::path(&store.signed_in_path(endpoint));
    output::talk(format_args!("Kept for the next runs: {path} (profile {})", store.profile_name()));
}
