//! `esologs retry`: the folder's own pull once more, with `--retry-failed`.

use esologs::Clock;
use esologs::pull::{Choices, choices};

use super::ask::Ask;
use super::json;
use crate::args::{Date, ExtraArgs, PullArgs, PullWhichArgs, RetryArgs, Streams};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

pub(crate) async fn run(args: RetryArgs, verbose: bool) -> Result<Exit, Failure> {
    match choices(&args.folder).await {
        Ok(choices) => super::fetch_asked(&again(args, choices), verbose).await,
        Err(error) => {
            let failure = Failure::from(error);
            if args.json {
                output::data(&json::line("error", Clock::system().now(), &failure.fields())?)?;
            }
            Err(failure)
        }
    }
}

/// What the command line asked for that made the folder.
fn again(args: RetryArgs, choices: Choices) -> Ask {
    let RetryArgs { folder, concurrency, wait, json, cache, service } = args;
    let pull = PullArgs {
        output: folder,
        extras: ExtraArgs::of(&choices),
        streams: Some(Streams(choices.streams)),
        concurrency,
        wait,
        refresh_live: false,
        retry_failed: true,
        offline: false,
        dry_run: false,
        json,
        cache,
        service,
    };
    let (since, until) = (choices.since.map(Date), choices.until.map(Date));
    let which = PullWhichArgs { since, until, last: choices.last, zone: choices.zone, refresh_list: false };
    Ask { target: choices.target, codes: choices.codes, which, pull }
}
