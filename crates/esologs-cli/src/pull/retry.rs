//! `esologs retry`: the folder's own pull once more, with `--retry-failed`.

use esologs::Clock;
use esologs::pull::{Choices, ReportExtra, choices};

use super::json;
use crate::args::{Date, ExtraArgs, PullGuildArgs, RetryArgs, Streams};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

pub(crate) async fn run(args: RetryArgs, verbose: bool) -> Result<Exit, Failure> {
    match choices(&args.folder).await {
        Ok(choices) => super::run(again(args, choices), verbose).await,
        Err(error) => {
            let failure = Failure::from(error);
            if args.json {
                output::data(&json::line("error", Clock::system().now(), &failure.fields())?)?;
            }
            Err(failure)
        }
    }
}

/// The command line that would have said the same.
fn again(args: RetryArgs, choices: Choices) -> PullGuildArgs {
    let RetryArgs { folder, concurrency, wait, json, cache, service } = args;
    PullGuildArgs {
        guild: choices.guild,
        output: folder,
        since: choices.since.map(Date),
        until: choices.until.map(Date),
        extras: extras(&choices),
        streams: Some(Streams(choices.streams)),
        concurrency,
        wait,
        refresh_list: false,
        refresh_live: false,
        retry_failed: true,
        offline: false,
        dry_run: false,
        json,
        cache,
        service,
    }
}

fn extras(choices: &Choices) -> ExtraArgs {
    let has = |extra| choices.extras.contains(&extra);
    ExtraArgs {
        player_details: has(ReportExtra::PlayerDetails),
        rankings: has(ReportExtra::Rankings),
        tables: has(ReportExtra::Tables),
        include_resources: choices.include_resources,
        attendance: choices.attendance,
    }
}
