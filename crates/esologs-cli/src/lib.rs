//! The command line of esologs: pull a guild's reports, show anything of the API, send a query, run the simulator.
//!
//! Data goes to stdout, talk to stderr. How it ends is told by the exit code. A library only so that the Python package, too,
//! brings the program along: `run` is all of it.

mod account;
mod args;
mod asking;
mod auth;
mod budget;
mod cache;
mod chart;
mod connection;
mod demo;
mod exit;
mod export;
mod failure;
mod get;
mod input;
mod interrupt;
mod json_text;
mod layout;
mod limits;
mod listening;
mod logging;
mod output;
mod pull;
mod query;
mod schema;
mod sim;
mod waits;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;

use args::{Cli, Command};
use exit::Exit;
use failure::Failure;

/// Does what the command line says, the program's name first, and tells the exit code.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::read(arguments) {
        Ok(cli) => cli,
        Err(exit) => return exit.code(),
    };
    logging::start(cli.verbose);
    match obey(cli.command, cli.verbose) {
        Ok(exit) => exit.code(),
        Err(failure) => failure.tell(cli.verbose).code(),
    }
}

/// Where the account of the points is kept, where nothing else is said; `None` where the user has no home.
#[must_use]
pub fn points_folder() -> Option<PathBuf> {
    account::folder()
}

fn obey(command: Command, verbose: bool) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::local("cannot start: the system gives no threads", &error))?;
    runtime.block_on(async {
        match command {
            Command::Pull { what } => pull::run(what, verbose).await,
            Command::Retry(args) => pull::retry::run(args, verbose).await,
            Command::Status(args) => pull::status::run(&args).await,
            Command::Verify(args) => pull::verify::run(&args).await,
            Command::Export(args) => export::run(args).await,
            Command::Get(args) => get::run(args).await,
            Command::Query(args) => query::run(args).await,
            Command::Schema { what } => schema::run(what).await,
            Command::Limits(args) => limits::run(args).await,
            Command::Auth { what } => auth::run(what).await,
            Command::Cache { what } => cache::run(what),
            Command::Sim(args) => sim::run(args).await,
        }
    })
}
