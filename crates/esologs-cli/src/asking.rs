//! What every command that asks the service does around its question: whom to ask, how patiently, who listens, and when to stop.

use std::time::Duration;

use esologs::events::{Explanation, Story};
use esologs::{CallPolicy, Client, Event};

use crate::args::{HostArgs, ListenArgs};
use crate::connection::Connection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::listening::{self, Listening};
use crate::{output, words};

/// The demo answers at once: a single question has nothing to show of repeats.
const NO_FAULTS: f64 = 0.0;
/// Shorter waits are not worth a line.
const TOLD_WAIT: Duration = Duration::from_secs(2);

/// Does the work with a client, until it is done or somebody stops it.
pub(crate) async fn ask<W: Future<Output = Result<Exit, Failure>>>(
    host: &HostArgs,
    listen: &ListenArgs,
    batch: bool,
    work: impl FnOnce(Client) -> W,
) -> Result<Exit, Failure> {
    let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
    let connection = Connection::open(host, NO_FAULTS).await?;
    let policy = if batch { CallPolicy::batch() } else { CallPolicy::interactive() };
    let listening = Listening::start(listen)?;
    let client = listening.attach(connection.client.policy(policy).on_event(tell)).build()?;
    let outcome = tokio::select! {
        outcome = work(client) => outcome.map_err(|failure| with_way_out(failure, batch)),
        signal = interrupts.next() => {
            output::talk(format_args!("stopped by {signal}; nothing was printed"));
            Ok(Exit::Interrupted)
        }
    };
    if let Some(explanation) = listening.finish() {
        listening::tell(&story(&explanation));
    }
    outcome
}

/// The story of a single call; sums where there were several. Probes of the breaker are shorter than the call that waits for them.
fn story(explanation: &Explanation) -> Vec<String> {
    match explanation.longest.as_slice() {
        [only] => Story::lines(only),
        _ => explanation.lines(),
    }
}

/// The way out of a limit, as it is called here.
fn with_way_out(failure: Failure, batch: bool) -> Failure {
    match failure.exit() {
        Exit::OwnLimit if !batch => failure.with_hint("try again then, or let it wait: --batch"),
        _ => failure,
    }
}

fn tell(event: &Event<'_>) {
    if let Event::Waiting { reason, delay, until, .. } = event
        && *delay >= TOLD_WAIT
    {
        let (until, delay) = (words::time_of_day(*until), words::duration(*delay));
        output::talk(format_args!("waiting for {} until {until} ({delay})", reason.words()));
    }
}
