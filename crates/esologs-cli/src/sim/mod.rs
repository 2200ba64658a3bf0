//! `esologs sim`: the simulator over TCP, or the ground truth of its world.

mod serve;
mod truth;

use std::path::Path;

use esologs::Clock;
use esologs_sim::world::{World, WorldConfig};

use crate::args::SimArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;

pub(crate) use serve::{fault_words, harmless_faults};

/// The longest file with a world or with faults, in MiB.
const MAX_INPUT_MIB: u64 = 16;

pub(crate) async fn run(args: SimArgs) -> Result<Exit, Failure> {
    match &args.truth {
        Some(folder) => truth::write(&args, folder).await,
        None => serve::serve(&args).await,
    }
}

/// The world of a file, or one drawn from the seed.
fn world(args: &SimArgs) -> Result<World, Failure> {
    let now = Clock::system().now().get();
    match &args.world {
        Some(path) => {
            let text = read(path)?;
            World::from_toml(&text, now).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
        }
        None => Ok(World::generate(&WorldConfig { seed: args.seed, size: args.size }, now)),
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    input::file(path, &path.display().to_string(), MAX_INPUT_MIB)
}
