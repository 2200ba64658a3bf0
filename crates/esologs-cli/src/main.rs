//! The command line of esologs: pull a guild's reports, show anything of the API, send a query, run the simulator.
//!
//! Data goes to stdout, talk to stderr. How it ends is told by the exit code, see [`exit::Exit`].

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

use std::process::ExitCode;

use args::{Cli, Command, PullWhat};
use exit::Exit;
use failure::Failure;

fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(exit) => return exit.into(),
    };
    logging::start(cli.verbose);
    match run(cli.command, cli.verbose) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.tell(cli.verbose).into(),
    }
}

fn run(command: Command, verbose: bool) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::local("cannot start: the system gives no threads", &error))?;
    runtime.block_on(async {
        match command {
            Command::Pull { what: PullWhat::Guild(args) } => pull::run(args, verbose).await,
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
