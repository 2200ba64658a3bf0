//! `esologs auth login` and `esologs auth logout`.

use std::time::Duration;

use clap::Args;
use esologs::Scope;

use super::span::read_span;

const LOGIN_HELP: &str = "\
Without --user it asks for the id and secret of an API client, made at
https://www.esologs.com/api/clients/, tries them, and keeps them for the next runs.
With --user you agree in the browser that the API client may see what you see: your
profile, and the private reports that are open to you. The API client has to have the
redirect address http://127.0.0.1:8765/callback (or one of yours: --redirect).

A secret is never an option of the command line, where others could see it.

Examples:
  esologs auth login                              asks on the terminal
  esologs auth login --stdin < key.txt            a line with the id, a line with the secret
  esologs auth login --user                       in the browser
  esologs auth login --user --no-browser          prints the address only
  esologs auth login --user --client-id ID        an API client without a secret (public)
  esologs auth login --profile raid               beside the sign-in of the default profile";

/// Whose sign-in it is about, and at which host.
#[derive(Debug, Args)]
pub(crate) struct StoreArgs {
    /// Whose sign-in, for who has several [default: default]
    #[arg(long, value_name = "NAME", env = "ESOLOGS_PROFILE", hide_env = true)]
    pub(crate) profile: Option<String>,

    /// Another host, for example http://127.0.0.1:8787
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = LOGIN_HELP)]
pub(crate) struct LoginArgs {
    /// Signs in as a user, in the browser
    #[arg(long)]
    pub(crate) user: bool,

    /// Reads id and secret of the API client from stdin, a line each
    #[arg(long, conflicts_with = "user")]
    pub(crate) stdin: bool,

    /// Opens no browser: the address is printed, and opened by you
    #[arg(long, requires = "user")]
    pub(crate) no_browser: bool,

    /// API client without a secret [default: the one that is set or kept]
    #[arg(long, value_name = "ID", requires = "user")]
    pub(crate) client_id: Option<String>,

    /// What the user allows, separated by commas [default: view-user-profile,view-private-reports]
    #[arg(long = "scope", value_name = "LIST", value_delimiter = ',', value_parser = read_scope, requires = "user")]
    pub(crate) scopes: Vec<Scope>,

    /// Port of the redirect address http://127.0.0.1:PORT/callback; 0 takes any free one
    #[arg(long, value_name = "N", requires = "user", conflicts_with = "redirect", allow_negative_numbers = true)]
    pub(crate) port: Option<u16>,

    /// Redirect address, as it is registered for the API client [default: http://127.0.0.1:8765/callback]
    #[arg(long, value_name = "URL", requires = "user")]
    pub(crate) redirect: Option<String>,

    /// How long to wait for the user [default: 5m]
    #[arg(long, value_name = "TIME", value_parser = read_span, requires = "user", allow_hyphen_values = true)]
    pub(crate) timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LogoutArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

fn read_scope(text: &str) -> Result<Scope, String> {
    text.trim().parse().map_err(|error: esologs::Error| error.to_string())
}
