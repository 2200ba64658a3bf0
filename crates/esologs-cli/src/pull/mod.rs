//! `esologs pull guild`: from the command line to the words at the end.

mod demo_words;
mod dry_run;
mod faults;
mod json;
mod progress;
pub(crate) mod retry;
mod screen;
pub(crate) mod status;
mod summary;
mod tally;
mod told;
pub(crate) mod verify;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use esologs::pull::{EventStream, Pull, Summary};
use esologs::{CallPolicy, Client, PointsSeen};
use tokio::time::{Instant, MissedTickBehavior};

use crate::args::PullGuildArgs;
use crate::budget::Budget;
use crate::cache;
use crate::connection::Connection;
use crate::demo::Demo;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::listening::{self, Listening};
use crate::{output, words};
use watch::Watch;

/// One request in five of a demo is hit: a bad day of the service.
const DEMO_FAULT_RATE: f64 = 0.2;
/// How often the bar shows what is new.
const TICK: Duration = Duration::from_millis(250);

/// A pull that came to its end, and what it took.
#[derive(Debug)]
struct Finished {
    summary: Summary,
    /// Why it ended before its end.
    ended_early: Option<Failure>,
    points: Option<PointsSeen>,
    took: Duration,
    demo: Option<Demo>,
}

/// How the run of a pull can end.
#[derive(Debug)]
enum Ended {
    Finished(Box<Finished>),
    Interrupted(&'static str),
    /// The time that was allowed is over; in words.
    TimeOver(String),
}

pub(crate) async fn run(args: PullGuildArgs, verbose: bool) -> Result<Exit, Failure> {
    if args.dry_run {
        return dry_run::run(&args).await;
    }
    if args.offline {
        return status::of_pull(&args).await;
    }
    let watch = Arc::new(Watch::new(args.json));
    let listening = Listening::start(&args.service.listen).inspect_err(|failure| watch.emit("error", &failure.fields()))?;
    let ended = fetch(&args, &watch, &listening).await;
    watch.close();
    if let Some(explanation) = listening.finish() {
        listening::tell(&explanation.lines());
        watch.emit("explained", &explanation);
    }
    let exit = match &ended {
        Ok(Ended::Finished(finished)) => tell_end(&args, finished, &watch, verbose),
        Ok(Ended::Interrupted(signal)) => tell_stop(&args, &format!("Stopped by {signal}"), "signal", Exit::Interrupted, &watch),
        Ok(Ended::TimeOver(words)) => {
            tell_stop(&args, &format!("Stopped, since {words}"), "max_duration", Exit::OwnLimit, &watch)
        }
        Err(failure) => {
            watch.emit("error", &failure.fields());
            failure.exit()
        }
    };
    // What the caller was to read on stdout comes first in weight: a lost line there is a failure of the run.
    watch.written()?;
    ended.map(|_| exit)
}

async fn fetch(args: &PullGuildArgs, watch: &Arc<Watch>, listening: &Listening) -> Result<Ended, Failure> {
    check_dates(args)?;
    let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
    let budget = Budget::begin(&args.service, "esologs pull")?;
    let (client, demo) = client_of(args, &budget, watch, listening).await?;
    if demo.is_some() {
        demo_words::introduce(args);
    }
    watch.emit("started", &json::started(args, &client));
    budget.tell_alone(&client).await;

    let began = Instant::now();
    // A pull that is stopped ends here, before anybody else waits for something that it holds.
    let summary = {
        let mut pull = std::pin::pin!(pull(args, client.clone()).run(|event| watch.on_pull(event)));
        let mut time_over = std::pin::pin!(budget.time_over());
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                summary = &mut pull => break Ok(summary),
                signal = interrupts.next() => break Err(Ended::Interrupted(signal)),
                () = &mut time_over => break Err(Ended::TimeOver(budget.time_over_words())),
                _ = ticks.tick() => watch.tick(client.points_seen()),
            }
        }
    };
    watch.close();
    budget.tell_alone(&client).await;
    client.keep_costs().await;
    let summary = match summary {
        Ok(summary) => summary,
        Err(stopped) => return Ok(stopped),
    };
    let summary = summary.map_err(|error| with_guild_hint(&error, &budget, demo.is_some()))?;
    let ended_early = summary.ended_early.as_ref().map(|error| budget.with_way_out(error.into(), true));
    let (points, took) = (client.points_seen(), began.elapsed());
    Ok(Ended::Finished(Box::new(Finished { summary, ended_early, points, took, demo })))
}

async fn client_of(
    args: &PullGuildArgs,
    budget: &Budget,
    watch: &Arc<Watch>,
    listening: &Listening,
) -> Result<(Client, Option<Demo>), Failure> {
    let Connection { client, demo, .. } = Connection::open(&args.service.host, DEMO_FAULT_RATE).await?;
    let listener = Arc::clone(watch);
    let client = client.policy(budget.policy(CallPolicy::batch())).ledger(budget.ledger());
    let client = listening.attach(client.on_event(move |event| listener.on_call(event)));
    let client = cache::attach(client, &args.cache, &args.service.host)?.build()?;
    Ok((cache::using(client, &args.cache), demo))
}

fn with_guild_hint(error: &esologs::Error, budget: &Budget, is_demo: bool) -> Failure {
    let failure = budget.with_way_out(Failure::from(error), true);
    match failure.exit() {
        Exit::NotFound if is_demo => failure.with_hint("the guild of the demo is 3468"),
        Exit::NotFound => failure.with_hint("check the number in the guild's address, https://www.esologs.com/guild/id/NUMBER"),
        _ => failure,
    }
}

fn check_dates(args: &PullGuildArgs) -> Result<(), Failure> {
    match (args.since, args.until) {
        (Some(since), Some(until)) if since >= until => {
            Err(Failure::usage("--since is not before --until: no report can be between them"))
        }
        _ => Ok(()),
    }
}

fn pull(args: &PullGuildArgs, client: Client) -> Pull {
    let mut pull = Pull::guild(client, args.guild, &args.output).concurrency(args.concurrency.into()).streams(streams(args));
    pull = pull.extras(args.extras.chosen());
    if let Some(since) = args.since {
        pull = pull.since(since.0);
    }
    if let Some(until) = args.until {
        pull = pull.until(until.0);
    }
    if args.extras.attendance {
        pull = pull.attendance();
    }
    if args.extras.include_resources {
        pull = pull.include_resources();
    }
    if args.wait {
        pull = pull.wait_for_folder();
    }
    if args.refresh_list {
        pull = pull.refresh_list();
    }
    if args.refresh_live {
        pull = pull.refresh_live();
    }
    if args.retry_failed {
        pull = pull.retry_failed();
    }
    pull
}

fn streams(args: &PullGuildArgs) -> Vec<EventStream> {
    args.streams.as_ref().map_or_else(|| EventStream::DEFAULT.to_vec(), |streams| streams.0.clone())
}

/// The words at the end, and the exit code that they amount to.
fn tell_end(args: &PullGuildArgs, finished: &Finished, watch: &Watch, verbose: bool) -> Exit {
    let failure = finished.ended_early.as_ref();
    let exit = match failure {
        Some(failure) => failure.exit(),
        None if finished.summary.missing() > 0 => Exit::Missing,
        None => Exit::Done,
    };
    let tally = watch.tally();
    summary::tell(finished, &tally, watch.told());
    if let Some(demo) = &finished.demo {
        demo_words::compare(&demo.stats());
    }
    watch.emit("summary", &json::summary(finished, &tally, failure, exit));
    match failure {
        // Its hint is what to do next.
        Some(failure) => failure.tell(verbose),
        None => {
            summary::tell_next(args, finished, exit);
            exit
        }
    }
}

fn tell_stop(args: &PullGuildArgs, why: &str, by: &'static str, exit: Exit, watch: &Watch) -> Exit {
    let (done, total) = watch.reports();
    let sofar = match total {
        Some(total) => format!("{done} of {total} reports are done"),
        None => "no report was begun".to_owned(),
    };
    output::talk(format_args!(
        "{why}: {sofar}. The same command again goes on where this stopped; what was fetched stays in {}.",
        words::path(&args.output)
    ));
    watch.emit("interrupted", &json::Interrupted { done, total, by, exit_code: exit.code() });
    exit
}
