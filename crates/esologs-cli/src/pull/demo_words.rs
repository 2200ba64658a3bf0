//! What a demo says beside the pull itself: what is going to happen, and what the simulator has counted.

use std::path::Path;

use esologs_sim::Stats;

use super::ask::Ask;
use crate::args::DEFAULT_SEED;
use crate::sim::{fault_words, harmless_faults};
use crate::{output, words};

pub(super) fn introduce(ask: &Ask) {
    say("Demo: no account and no network. A simulator of ESO Logs runs inside this program, with an invented guild.");
    say("It spoils one request in five, as the real service does on a bad day; the pull has to bring everything home");
    say(&format!("into {} nevertheless, or name what cannot be had and why.", words::path(&ask.pull.output)));
    say("");
}

/// The second opinion: what the simulator counted, beside what the client saw.
pub(super) fn compare(stats: &Stats) {
    let sign_ins = stats.by_endpoint.get("/oauth/token").copied().unwrap_or_default();
    say(&format!(
        "The simulator itself counted {} requests ({} of them to sign in) and {} points ({} of them for answers that it then spoilt).",
        words::count(stats.requests),
        words::count(sign_ins),
        stats.points_spent.round(),
        stats.points_spent_on_broken_answers.round(),
    ));
    if stats.faults_total == 0 {
        return;
    }
    say(&format!("It made {}: {}.", words::of(stats.faults_total as usize, "fault", "faults"), fault_words(stats)));
    let harmless = harmless_faults(stats);
    if harmless > 0 {
        say(&format!(
            "{harmless} of these faults (delay, string scalars) only made an answer late or spelled it otherwise, which needs no repeat."
        ));
    }
}

/// Compares the folder with the ground truth of the same world.
pub(super) fn check_command(ask: &Ask) -> String {
    let seed = if ask.pull.service.host.seed() == DEFAULT_SEED {
        String::new()
    } else {
        format!(" --seed {}", ask.pull.service.host.seed())
    };
    let streams = match &ask.pull.streams {
        None => String::new(),
        Some(streams) if streams.0.is_empty() => " --streams none".to_owned(),
        Some(streams) => {
            let names: Vec<&str> = streams.0.iter().map(|stream| stream.name()).collect();
            format!(" --streams {}", names.join(","))
        }
    };
    let extras: String = ask.pull.extras.names().iter().map(|name| format!(" --{name}")).collect();
    let program = program_name();
    // In who was there stands the live report, which begins anew with each demo.
    let apart = if ask.pull.extras.attendance { " -x attendance.jsonl" } else { "" };
    format!(
        "{program} sim --truth truth{seed}{streams}{extras} && diff -r{apart} truth {}",
        words::path(&ask.pull.output.join("data"))
    )
}

/// The program as it was started, so that the line can be copied where it is not installed.
fn program_name() -> String {
    const NAME: &str = "esologs";
    // Brought along by the Python package, it is started by an interpreter, whose name comes first.
    let started = std::env::args().find(|name| Path::new(name).file_stem().is_some_and(|stem| stem == NAME));
    started.filter(|name| name.contains(std::path::MAIN_SEPARATOR)).unwrap_or_else(|| NAME.to_owned())
}

fn say(line: &str) {
    output::talk(format_args!("{line}"));
}
