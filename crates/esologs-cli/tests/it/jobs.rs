//! Pulls to be killed: one of each kind, with all that they can bring home.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use esologs_sim::truth::{Contents, Extra, Stream};
use esologs_sim::world::World;
use esologs_sim::world::model::Report;
use esologs_sim::{Faults, Simulator, Stats};

use crate::support::{Desk, Files, GUILD, Run as _, Server, assert_same, files, truth_with};

const STREAMS: &str =
    "deaths,damage,damage-taken,healing,casts,buffs,debuffs,resources,interrupts,dispels,summons,threat,combatantinfo,all";
const EXTRAS: [&str; 5] = ["--player-details", "--rankings", "--tables", "--attendance", "--include-resources"];
/// The file of `pull list`.
const LIST: &str = "raids.txt";

/// A pull: what is asked for, what a perfect one brings home, and what one takes that meets no faults and is not killed.
pub(crate) struct Job {
    world: Arc<World>,
    command: Vec<String>,
    truth: Files,
    pub(crate) faultless: Stats,
}

/// A guild with reports of 18 files of events each, one of them with streams of several pages.
pub(crate) fn world_of(reports: usize) -> Arc<World> {
    let small = "[[report]]\nevents = 400\nfights = 3\n".repeat(reports - 1);
    let others = "[[report]]\naccess = \"archived\"\nevents = 200\n[[report]]\naccess = \"private\"\nevents = 200\n";
    let toml = format!(
        "seed = 5\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n[[report]]\nevents = 26000\nfights = 4\n{small}{others}"
    );
    Arc::new(World::from_toml(&toml, esologs::Clock::system().now().get()).unwrap())
}

/// A pull of each kind: of the guild without and with all extras, of its reports by name and from a list, of a character, of a user.
pub(crate) fn jobs_of(world: &Arc<World>) -> Vec<Job> {
    let whole = truth(world, Contents { streams: &Stream::EVERY, ..Contents::default() });
    let with_extras = truth(world, Contents { streams: &Stream::EVERY, extras: &Extra::EVERY, with_resources: true });
    let all: Vec<&Report> = world.reports_of_guild(GUILD.parse().unwrap());
    let codes: Vec<&str> = all.iter().map(|report| report.code.as_str()).collect();
    let character = all[0].actors.iter().filter(|actor| !actor.anonymous).find_map(|actor| actor.character_id).unwrap();
    let seen = all.iter().filter(|report| report.actors.iter().any(|it| it.character_id == Some(character) && !it.anonymous));
    let seen: BTreeSet<&str> = seen.map(|report| report.code.as_str()).collect();
    let largest = all.iter().max_by_key(|report| report.events().len()).unwrap();
    let (character, user) = (character.to_string(), largest.owner.0.to_string());
    vec![
        Job::of(world, &["guild", GUILD], &[], whole.clone()),
        Job::of(world, &["guild", GUILD], &EXTRAS, with_extras),
        Job::of(world, &[&["report"], &codes[..]].concat(), &[], of_reports(&whole, |_| true)),
        Job::of(world, &["list", LIST], &[], of_reports(&whole, |_| true)),
        Job::of(world, &["character", &character], &[], of_reports(&whole, |code| seen.contains(code))),
        Job::of(world, &["user", &user], &[], of_reports(&whole, |code| code == largest.code)),
    ]
}

fn truth(world: &Arc<World>, contents: Contents<'_>) -> Files {
    truth_with(&Simulator::builder().world(Arc::clone(world)).build().unwrap(), contents)
}

/// The part of a guild's truth that is about these reports.
fn of_reports(truth: &Files, is_wanted: impl Fn(&str) -> bool) -> Files {
    let code = |path: &Path| path.strip_prefix("reports").ok().and_then(|path| path.iter().next()?.to_str().map(str::to_owned));
    let wanted = truth.iter().filter(|(path, _)| code(path).is_some_and(|code| is_wanted(&code)));
    wanted.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
}

impl Job {
    /// A pull of this target with these options, and what it takes in the best of times.
    fn of(world: &Arc<World>, target: &[&str], options: &[&str], truth: Files) -> Self {
        let command = [&["pull"], target, &["-o", "logs", "--streams", STREAMS, "--request-rate", "off"], options].concat();
        let command = command.into_iter().map(str::to_owned).collect();
        let mut job = Self { world: Arc::clone(world), command, truth, faultless: Stats::default() };
        let (desk, server) = (job.desk(), job.sound());
        let ran = job.run_at(&desk, &server).run();
        assert_eq!(ran.code, 0, "{job}: {}", ran.stderr);
        job.assert_true(&desk);
        job.faultless = server.running.sim().stats();
        job
    }

    pub(crate) fn server(&self, faults: Faults, limit: u32, window: Duration) -> Server {
        let simulator = Simulator::builder().world(Arc::clone(&self.world)).faults(faults).limit(limit).window(window);
        Server::serve(&simulator.without_throttle().build().unwrap())
    }

    /// Without faults, with points for everything.
    pub(crate) fn sound(&self) -> Server {
        self.server(Faults::none(), 1_000_000, Duration::from_secs(3600))
    }

    /// An empty desk, but for the list of all reports.
    pub(crate) fn desk(&self) -> Desk {
        let desk = Desk::new();
        let lines = self.world.reports.iter().map(|report| format!("https://www.esologs.com/reports/{}?fight=1\n", report.code));
        desk.write(LIST, &lines.collect::<String>());
        desk
    }

    pub(crate) fn run_at(&self, desk: &Desk, server: &Server) -> Command {
        desk.esologs_at(server, &self.command.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(crate) fn assert_true(&self, desk: &Desk) {
        let mut found = files(&desk.path("logs/data"));
        // What the service tells of the character is no part of a guild's truth.
        found.remove(Path::new("character.json"));
        assert_same(&found, &self.truth);
    }
}

/// `guild 3468`
impl std::fmt::Display for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let extras = if self.command.iter().any(|word| word == EXTRAS[0]) { " with extras" } else { "" };
        write!(f, "{} {}{extras}", self.command[1], self.command[2])
    }
}
