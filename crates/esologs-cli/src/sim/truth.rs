//! What a perfect pull would have brought home, as files.

use std::path::Path;

use esologs_sim::truth::{self, Contents, Extra, Stream, TruthError};

use crate::args::SimArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

pub(super) async fn write(args: &SimArgs, folder: &Path) -> Result<Exit, Failure> {
    let world = super::world(args)?;
    let Some(guild) = args.guild.or_else(|| Some(world.guilds.first()?.id)) else {
        return Err(Failure::usage("the world has no guild"));
    };
    let (streams, extras) = (streams(args)?, extras(args));
    let contents = Contents { streams: &streams, with_resources: args.include_resources, extras: &extras };
    let written = truth::write_with(&world, guild, contents, folder).map_err(|error| failure(&error))?;
    let (reports, events) = (words::of(written.reports as usize, "report", "reports"), words::count(written.events));
    output::talk(format_args!("wrote the truth about guild {guild} to {}: {reports}, {events} events", words::path(folder)));
    Ok(Exit::Done)
}

/// The simulator's own streams of the same names: it shares no type with the client.
fn streams(args: &SimArgs) -> Result<Vec<Stream>, Failure> {
    match &args.streams {
        None => Ok(Stream::DEFAULT.to_vec()),
        Some(wanted) => {
            let streams = wanted.0.iter().map(|stream| stream.name().parse());
            streams.collect::<Result<_, _>>().map_err(|error: truth::UnknownStream| Failure::usage(error.to_string()))
        }
    }
}

fn extras(args: &SimArgs) -> Vec<Extra> {
    let all = [
        (args.player_details, Extra::PlayerDetails),
        (args.rankings, Extra::Rankings),
        (args.tables, Extra::Tables),
        (args.attendance, Extra::Attendance),
    ];
    all.into_iter().filter(|(is_chosen, _)| *is_chosen).map(|(_, extra)| extra).collect()
}

fn failure(error: &TruthError) -> Failure {
    let local = || Failure::new(Exit::Local, "local_file", error.to_string());
    match error {
        TruthError::UnknownGuild { .. } => Failure::new(Exit::NotFound, "not_visible", error.to_string()),
        // The sentence says what to do.
        TruthError::NotEmpty(_) => local(),
        TruthError::Folder { .. } => local().with_hint("choose another folder; nothing was written"),
        TruthError::Write { .. } => local().with_hint("delete the unfinished folder before the next try"),
    }
}
