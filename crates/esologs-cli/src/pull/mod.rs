//! `esologs pull`: from the command line to the words at the end.

mod ask;
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

use esologs::pull::{EventStream, Outcome, Pull, Summary, Target};
use esologs::{CallPolicy, Client, PointsSeen};
use tokio::time::{Instant, MissedTickBehavior};

use crate::args::PullWhat;
use crate::budget::Budget;
use crate::cache;
use crate::connection::Connection;
use crate::demo::Demo;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::listening::{self, Listening};
use crate::{output, words};
use ask::Ask;
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

pub(crate) async fn run(what: PullWhat, verbose: bool) -> Result<Exit, Failure> {
    let is_json = what.pull().json;
    let ask = Ask::of(what).inspect_err(|failure| Watch::new(is_json).emit("error", &failure.fields()))?;
    fetch_asked(&ask, verbose).await
}

async fn fetch_asked(ask: &Ask, verbose: bool) -> Result<Exit, Failure> {
    if ask.pull.dry_run {
        return dry_run::run(ask).await;
    }
    if ask.pull.offline {
        return status::of_pull(ask).await;
    }
    let watch = Arc::new(Watch::new(ask.pull.json));
    let listening = Listening::start(&ask.pull.service.listen).inspect_err(|failure| watch.emit("error", &failure.fields()))?;
    let ended = fetch(ask, &watch, &listening).await;
    watch.close();
    if let Some(explanation) = listening.finish() {
        listening::tell(&explanation.lines());
        watch.emit("explained", &explanation);
    }
    let exit = match &ended {
        Ok(Ended::Finished(finished)) => tell_end(ask, finished, &watch, verbose),
        Ok(Ended::Interrupted(signal)) => tell_stop(ask, &format!("Stopped by {signal}"), "signal", Exit::Interrupted, &watch),
        Ok(Ended::TimeOver(words)) => tell_stop(ask, &format!("Stopped, since {words}"), "max_duration", Exit::OwnLimit, &watch),
        Err(failure) => {
            watch.emit("error", &failure.fields());
            failure.exit()
        }
    };
    // What the caller was to read on stdout comes first in weight: a lost line there is a failure of the run.
    watch.written()?;
    ended.map(|_| exit)
}

async fn fetch(ask: &Ask, watch: &Arc<Watch>, listening: &Listening) -> Result<Ended, Failure> {
    check_dates(ask)?;
    let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
    let budget = Budget::begin(&ask.pull.service, "esologs pull")?;
    let (client, demo) = client_of(ask, &budget, watch, listening).await?;
    if demo.is_some() {
        demo_words::introduce(ask);
    }
    watch.emit("started", &json::started(ask, &client));
    budget.tell_alone(&client).await;

    let began = Instant::now();
    // A pull that is stopped ends here, before anybody else waits for something that it holds.
    let summary = {
        let mut pull = std::pin::pin!(pull(ask, client.clone()).run(|event| watch.on_pull(event)));
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
    client.leave().await;
    let summary = match summary {
        Ok(summary) => summary,
        Err(stopped) => return Ok(stopped),
    };
    let summary = summary.map_err(|error| with_target_hint(&error, ask, &budget, demo.is_some()))?;
    let ended_early = summary.ended_early.as_ref().map(|error| budget.with_way_out(error.into(), true));
    let (points, took) = (client.points_seen(), began.elapsed());
    Ok(Ended::Finished(Box::new(Finished { summary, ended_early, points, took, demo })))
}

async fn client_of(
    ask: &Ask,
    budget: &Budget,
    watch: &Arc<Watch>,
    listening: &Listening,
) -> Result<(Client, Option<Demo>), Failure> {
    let Connection { client, demo, .. } = Connection::open(&ask.pull.service.host, DEMO_FAULT_RATE).await?;
    let listener = Arc::clone(watch);
    let client = client.policy(budget.policy(CallPolicy::batch())).ledger(budget.ledger());
    let client = listening.attach(client.on_event(move |event| listener.on_call(event)));
    let client = cache::attach(client, &ask.pull.cache, &ask.pull.service.host)?.build()?;
    Ok((cache::using(client, &ask.pull.cache), demo))
}

fn with_target_hint(error: &esologs::Error, ask: &Ask, budget: &Budget, is_demo: bool) -> Failure {
    let failure = budget.with_way_out(Failure::from(error), true);
    match (failure.exit(), ask.target) {
        (Exit::NotFound, Target::Guild(_)) if is_demo => failure.with_hint("the guild of the demo is 3468"),
        (Exit::NotFound, Target::Guild(_)) => {
            failure.with_hint("check the number in the guild's address, https://www.esologs.com/guild/id/NUMBER")
        }
        (Exit::NotFound, Target::Character(_)) => {
            failure.with_hint("check the number in the character's address, https://www.esologs.com/character/id/NUMBER")
        }
        (Exit::NotFound, Target::User(_)) => {
            failure.with_hint("check the number in the user's address, https://www.esologs.com/user/reports-list/NUMBER")
        }
        _ => failure,
    }
}

fn check_dates(ask: &Ask) -> Result<(), Failure> {
    match (ask.which.since, ask.which.until) {
        (Some(since), Some(until)) if since >= until => {
            Err(Failure::usage("--since is not before --until: no report can be between them"))
        }
        _ => Ok(()),
    }
}

fn pull(ask: &Ask, client: Client) -> Pull {
    let folder = &ask.pull.output;
    let pull = match ask.target {
        Target::Guild(id) => Pull::guild(client, id, folder),
        Target::Character(id) => Pull::character(client, id, folder),
        Target::User(id) => Pull::user(client, id, folder),
        _ => Pull::reports(client, ask.codes.iter().cloned(), folder),
    };
    let mut pull = pull.concurrency(ask.pull.concurrency.into()).streams(streams(ask)).extras(ask.pull.extras.chosen());
    if let Some(since) = ask.which.since {
        pull = pull.since(since.0);
    }
    if let Some(until) = ask.which.until {
        pull = pull.until(until.0);
    }
    if let Some(zone) = ask.which.zone {
        pull = pull.zone(zone);
    }
    if let Some(last) = ask.which.last {
        pull = pull.last(last);
    }
    if ask.pull.extras.attendance {
        pull = pull.attendance();
    }
    if ask.pull.extras.include_resources {
        pull = pull.include_resources();
    }
    if ask.pull.wait {
        pull = pull.wait_for_folder();
    }
    if ask.which.refresh_list {
        pull = pull.refresh_list();
    }
    if ask.pull.refresh_live {
        pull = pull.refresh_live();
    }
    if ask.pull.retry_failed {
        pull = pull.retry_failed();
    }
    pull
}

fn streams(ask: &Ask) -> Vec<EventStream> {
    ask.pull.streams.as_ref().map_or_else(|| EventStream::DEFAULT.to_vec(), |streams| streams.0.clone())
}

/// The words at the end, and the exit code that they amount to.
fn tell_end(ask: &Ask, finished: &Finished, watch: &Watch, verbose: bool) -> Exit {
    let failure = finished.ended_early.as_ref();
    let exit = match failure {
        Some(failure) => failure.exit(),
        None if finished.summary.missing() > 0 => Exit::Missing,
        None if is_nothing_there(&finished.summary) => Exit::NotFound,
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
            summary::tell_next(ask, finished, exit);
            exit
        }
    }
}

/// Whether none of the reports that were named is to be seen.
fn is_nothing_there(summary: &Summary) -> bool {
    let closed = summary.count(|outcome| matches!(outcome, Outcome::NotVisible | Outcome::Archived));
    summary.target == Target::Reports && closed > 0 && closed == summary.reports.len()
}

fn tell_stop(ask: &Ask, why: &str, by: &'static str, exit: Exit, watch: &Watch) -> Exit {
    let (done, total) = watch.reports();
    let sofar = match total {
        Some(total) => format!("{done} of {total} reports are done"),
        None => "no report was begun".to_owned(),
    };
    output::talk(format_args!(
        "{why}: {sofar}. The same command again goes on where this stopped; what was fetched stays in {}.",
        words::path(&ask.pull.output)
    ));
    watch.emit("interrupted", &json::Interrupted { done, total, by, exit_code: exit.code() });
    exit
}
