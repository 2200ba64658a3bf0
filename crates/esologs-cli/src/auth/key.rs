//! `esologs auth login`: id and secret of an API client, tried and kept.

use esologs::{CallPolicy, Client, Credentials};

use super::prompt;
use super::store::store_of;
use crate::args::LoginArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

const CLIENTS: &str = "https://www.esologs.com/api/clients/";

pub(super) async fn sign_in(args: &LoginArgs) -> Result<Exit, Failure> {
    let (store, endpoint) = store_of(&args.store)?;
    let credentials = credentials(args.stdin)?;
    let client = Client::builder()
        .credentials(credentials.clone())
        .endpoint(endpoint.clone())
        .policy(CallPolicy::interactive())
        .token_store(store.clone())
        .build()?;
    client.fetch_token().await?;
    store.keep_credentials(&endpoint, &credentials).await?;
    output::talk(format_args!("{} accepts this API client.", words::plain(&endpoint.host())));
    let path = words::path(&store.credentials_path(&endpoint));
    output::talk(format_args!("Kept for the next runs: {path} (profile {})", store.profile_name()));
    Ok(Exit::Done)
}

fn credentials(from_stdin: bool) -> Result<Credentials, Failure> {
    let (id, secret) = if from_stdin {
        prompt::two_lines()?
    } else if prompt::is_possible() {
        output::talk(format_args!("Make an API client at {CLIENTS} and copy its id and secret here."));
        (prompt::ask("Client id")?, prompt::ask_hidden("Client secret (not shown)")?)
    } else {
        return Err(Failure::usage("there is no terminal to ask for the client id and secret on").with_hint(
            "give both on stdin, a line each, with --stdin; or set ESOLOGS_ID and ESOLOGS_SECRET, which need no sign-in",
        ));
    };
    Ok(Credentials::new(id, secret)?)
}
