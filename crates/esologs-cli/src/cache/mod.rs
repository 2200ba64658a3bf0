//! `esologs cache`: what is kept, what is too old, what is damaged; and the cache of the commands that ask.

mod json;
mod place;
pub(crate) mod served;
mod view;

use std::path::{Path, PathBuf};

use esologs::{Cache, Client, ClientBuilder, Clock, Event};

use crate::args::{CacheArgs, CacheCommandArgs, CacheWhat, HostArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout::Screen;
use crate::{output, words};

/// With the cache that a command shall have: none for a demo, whose world is nobody's. Says where it cannot be used.
pub(crate) fn attach(builder: ClientBuilder, args: &CacheArgs, host: &HostArgs) -> Result<ClientBuilder, Failure> {
    if args.no_cache || host.demo {
        return Ok(builder);
    }
    let Some(folder) = place::folder()? else { return Ok(builder) };
    // The program ends with its answer: nothing is fetched behind it.
    let cache = Cache::in_folder(folder).without_revalidation();
    Ok(builder.cache(cache).on_event(|event| {
        if let Event::CacheTrouble { why, .. } = event {
            output::talk(format_args!("note: {}", words::plain(why)));
        }
    }))
}

/// The client as its calls shall use the cache.
pub(crate) fn using(client: Client, args: &CacheArgs) -> Client {
    if args.refresh { client.refreshing() } else { client }
}

pub(crate) fn run(what: CacheWhat) -> Result<Exit, Failure> {
    match what {
        CacheWhat::Status(args) => status(&args),
        CacheWhat::Prune(args) => prune(&args),
        CacheWhat::Clear(args) => clear(&args),
        CacheWhat::Verify(args) => verify(&args),
    }
}

fn status(args: &CacheCommandArgs) -> Result<Exit, Failure> {
    let (folder, cache) = open(args)?;
    let status = cache.status()?;
    if args.json {
        output::data(&json::status(&folder, &status)?)?;
    } else {
        let screen = Screen::of_stdout(false);
        output::data(&(view::status(&folder, &status, Clock::system().now(), &screen).join("\n") + "\n"))?;
    }
    Ok(Exit::Done)
}

fn prune(args: &CacheCommandArgs) -> Result<Exit, Failure> {
    let (folder, cache) = open(args)?;
    let removed = cache.prune(Clock::system().now())?;
    tell(args, &folder, &json::Removed { removed }, &format!("{} removed", words::of(removed as usize, "answer", "answers")))
}

fn clear(args: &CacheCommandArgs) -> Result<Exit, Failure> {
    let (folder, cache) = open(args)?;
    let status = cache.status()?;
    cache.clear()?;
    let removed = status.answers;
    let exit = tell(
        args,
        &folder,
        &json::Removed { removed },
        &format!("{} removed", words::of(removed as usize, "answer", "answers")),
    )?;
    view::aside(&status.aside).into_iter().for_each(|line| output::talk(format_args!("note: {line}")));
    Ok(exit)
}

/// Something that is damaged is a sign of trouble with the disk, so the exit code tells.
fn verify(args: &CacheCommandArgs) -> Result<Exit, Failure> {
    let (folder, cache) = open(args)?;
    let found = cache.verify()?;
    let whole = format!("{} whole", words::of(found.whole as usize, "answer is", "answers are"));
    let words = match found.damaged {
        0 => whole,
        damaged => format!("{whole}; {} removed, since they were damaged", words::of(damaged as usize, "file was", "files were")),
    };
    tell(args, &folder, &json::Verified { whole: found.whole, damaged: found.damaged }, &words)?;
    Ok(if found.damaged > 0 { Exit::Local } else { Exit::Done })
}

fn tell(args: &CacheCommandArgs, folder: &Path, fields: &impl serde::Serialize, words: &str) -> Result<Exit, Failure> {
    if args.json {
        output::data(&json::text(folder, fields)?)?;
    } else {
        output::data(&format!("{words} ({})\n", words::path(folder)))?;
    }
    Ok(Exit::Done)
}

/// The folder that is meant, and the cache in it.
fn open(args: &CacheCommandArgs) -> Result<(PathBuf, Cache), Failure> {
    let folder = match &args.folder {
        Some(folder) => folder.clone(),
        None => place::folder()?.ok_or_else(|| {
            Failure::usage("there is no cache: ESOLOGS_CACHE says so, or this user has no home")
                .with_hint("name its folder: --folder")
        })?,
    };
    Ok((folder.clone(), Cache::in_folder(folder)))
}
