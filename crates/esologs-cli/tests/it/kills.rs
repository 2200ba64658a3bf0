//! `kill -9` at any moment, and the same command again.
//!
//! The full number of runs takes a release build and some minutes:
//! `cargo test --release -p esologs-cli --test it kills -- --ignored --nocapture`.
#![cfg(unix)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use esologs_sim::truth::Stream;
use esologs_sim::world::World;
use esologs_sim::{Faults, Simulator, Stats};

use crate::interruption::signal;
use crate::support::{Desk, Files, GUILD, Run as _, Server, assert_same, files, truth_of};

const STREAMS: &str =
    "deaths,damage,damage-taken,healing,casts,buffs,debuffs,resources,interrupts,dispels,summons,threat,combatantinfo,all";
const PULL: [&str; 7] = ["pull", "guild", GUILD, "-o", "logs", "--streams", STREAMS];
/// Reports that are worked on at the same time, where nothing else is said: so many requests can be on their way.
const AT_ONCE: u64 = 2;

/// A guild with reports of 18 files of events each, one of them with streams of several pages.
struct Guild {
    world: Arc<World>,
    truth: Files,
    /// What a pull takes that meets no faults and is not killed.
    faultless: Stats,
}

impl Guild {
    fn of(reports: usize) -> Self {
        let now = esologs::Clock::system().now().get();
        let small = "[[report]]\nevents = 400\nfights = 3\n".repeat(reports - 1);
        let others = "[[report]]\naccess = \"archived\"\nevents = 200\n[[report]]\naccess = \"private\"\nevents = 200\n";
        let toml = format!(
            "seed = 5\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n[[report]]\nevents = 26000\nfights = 4\n{small}{others}"
        );
        let world = Arc::new(World::from_toml(&toml, now).unwrap());
        let simulator = Simulator::builder().world(Arc::clone(&world)).build().unwrap();
        let truth = truth_of(&simulator, &Stream::EVERY);
        let (desk, server) = (Desk::new(), Server::serve(&simulator));
        assert_eq!(desk.esologs_at(&server, &fast(&PULL)).run().code, 0);
        assert_same(&files(&desk.path("logs/data")), &truth);
        Self { world, truth, faultless: server.running.sim().stats() }
    }

    fn server(&self, faults: Faults, limit: u32, window: Duration) -> Server {
        let simulator = Simulator::builder().world(Arc::clone(&self.world)).faults(faults).limit(limit).window(window);
        Server::serve(&simulator.without_throttle().build().unwrap())
    }

    /// Without faults, with points for everything.
    fn sound(&self) -> Server {
        self.server(Faults::none(), 1_000_000, Duration::from_secs(3600))
    }
}

fn small_guild() -> &'static Guild {
    static GUILD: OnceLock<Guild> = OnceLock::new();
    GUILD.get_or_init(|| Guild::of(4))
}

/// The same without a pace of its own.
fn fast<'a>(command: &[&'a str]) -> Vec<&'a str> {
    [command, &["--request-rate", "off"]].concat()
}

/// Requests for something to keep. Where the points are nearly spent, the ledger asks how many are left, for about a point, whoever
/// works and however it ended before.
pub(crate) fn api_requests(stats: &Stats) -> u64 {
    let keepable = stats.by_operation.iter().filter(|(operation, _)| *operation != "RateLimit");
    keepable.map(|(_, count)| count).sum()
}

pub(crate) fn pause(length: Duration) {
    let _ = std::sync::mpsc::channel::<()>().1.recv_timeout(length);
}

/// Starts a pull and kills it once so many requests have come, and a moment later; tells how many were on their way then.
/// `None` where it came to its end before.
fn killed(desk: &Desk, server: &Server, after: u64, and: Duration) -> Option<u64> {
    let mut child = desk
        .esologs_at(server, &fast(&PULL))
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while api_requests(&server.running.sim().stats()) < after && child.try_wait().unwrap().is_none() {
        pause(Duration::from_micros(300));
    }
    pause(and);
    let stats = server.running.sim().stats();
    let was_at_work = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_at_work.then(|| stats.requests - stats.by_status.values().sum::<u64>())
}

/// Runs the command until it comes to its end; tells how often that took.
fn finished(desk: &Desk, server: &Server) -> usize {
    for run in 1..=10 {
        let ran = desk.esologs_at(server, &fast(&PULL)).run();
        match ran.code {
            0 => return run,
            5 | 7 => {}
            _ => panic!("exit code {}: {}", ran.code, ran.stderr),
        }
    }
    panic!("no end after 10 runs");
}

/// After the end: equal to the truth, proven so by `verify`, and a rerun asks for a page of the list.
fn assert_at_its_end(desk: &Desk, server: &Server, guild: &Guild, what: &str) {
    assert_same(&files(&desk.path("logs/data")), &guild.truth);
    let verified = desk.esologs(&["verify", "logs"]).run();
    assert_eq!(verified.code, 0, "{what}: {}", verified.stdout);
    let before = api_requests(&server.running.sim().stats());
    server.running.sim().set_faults(Faults::none());
    assert_eq!(desk.esologs_at(server, &fast(&PULL)).run().code, 0);
    let rerun = api_requests(&server.running.sim().stats()) - before;
    assert!(rerun <= 1, "{what}: {rerun} requests after the end");
}

/// Kills so many pulls, each once, without faults: what is bought again can be counted to the request.
fn kill_sound(guild: &Guild, runs: u64) {
    let (all, mut most, mut lost) = (api_requests(&guild.faultless), 0, 0);
    for seed in 0..runs {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (desk, server) = (Desk::new(), guild.sound());
        let moment = (rng.u64(1..all), Duration::from_micros(rng.u64(0..8_000)));
        let in_flight = killed(&desk, &server, moment.0, moment.1);

        finished(&desk, &server);

        let stats = server.running.sim().stats();
        let again = api_requests(&stats) - all;
        println!(
            "run {seed}: killed after {} of {all} requests, {in_flight:?} in flight at the simulator; bought again: {again}",
            moment.0
        );
        assert!(again <= AT_ONCE, "run {seed}: {again} requests were bought again");
        most = most.max(again);
        lost += u64::from(in_flight.is_some());
        assert_at_its_end(&desk, &server, guild, &format!("run {seed}"));
    }
    println!("{runs} runs, {lost} of them killed at work: equal to the truth, at most {most} requests bought again");
    assert!(lost * 10 >= runs * 8, "{lost} of {runs} pulls were killed at work");
}

/// Kills so many pulls through faults, in an hour of this kind. `in_flight`: points that the requests on their way may cost, where the whole is
/// so small that they are more than a twentieth of it.
fn kill_in_bad_weather(guild: &Guild, (limit, window): (u32, Duration), runs: u64, in_flight: f64) {
    // In the same hour, for the looks at the points that it takes.
    let (desk, server) = (Desk::new(), guild.server(Faults::none(), limit, window));
    assert_eq!(finished(&desk, &server), 1);
    let faultless = server.running.sim().stats().points_spent;
    let (mut dearest, mut broken) = (0.0_f64, 0.0);
    for seed in 0..runs {
        let mut rng = fastrand::Rng::with_seed(1_000 + seed);
        let (desk, server) = (Desk::new(), guild.server(Faults::mixed(0.1, seed), limit, window));
        let after = rng.u64(1..api_requests(&guild.faultless));
        let at_work = killed(&desk, &server, after, Duration::from_micros(rng.u64(0..8_000))).is_some();

        let reruns = finished(&desk, &server);

        let stats = server.running.sim().stats();
        let useful = stats.points_spent - stats.points_spent_on_broken_answers;
        let probes = stats.by_operation.get("RateLimit").copied().unwrap_or_default();
        println!(
            "run {seed}: killed ({at_work}) after {after} requests, {reruns} runs more; {useful:.0} points (faultless {faultless:.0}), {:.0} for answers that were broken; {probes} looks at the points, {} refused",
            stats.points_spent_on_broken_answers, stats.refused_for_points
        );
        assert!(useful <= 1.05 * faultless + in_flight, "run {seed}: {useful} points, faultless {faultless}");
        dearest = dearest.max(useful / faultless);
        broken += stats.points_spent_on_broken_answers;
        assert_at_its_end(&desk, &server, guild, &format!("run {seed}"));
    }
    println!(
        "{runs} runs through faults: equal to the truth, at most {:.3} of the faultless points, {broken:.0} for broken answers",
        dearest
    );
}

#[test]
fn a_pull_that_is_killed_at_any_moment_buys_again_what_was_on_its_way_and_nothing_else() {
    kill_sound(small_guild(), 4);
}

#[test]
fn a_pull_that_is_killed_amid_faults_ends_equal_to_the_truth() {
    kill_in_bad_weather(small_guild(), (1_000_000, Duration::from_secs(3600)), 2, 25.0);
}

fn two_hundred_pages() -> Guild {
    let guild = Guild::of(11);
    let pages = guild.faultless.by_operation["ReportEvents"];
    println!("{pages} pages of events, {} requests", api_requests(&guild.faultless));
    guild
}

#[test]
#[ignore = "some minutes: 50 runs"]
fn fifty_pulls_of_two_hundred_pages_each_killed_once() {
    kill_sound(&two_hundred_pages(), 50);
}

#[test]
#[ignore = "some minutes: 50 runs"]
fn fifty_pulls_of_two_hundred_pages_each_killed_once_amid_faults_and_spent_budgets() {
    let guild = two_hundred_pages();
    // Longer than the 5 s for which the ledger takes a call to be unsettled.
    let hour = ((guild.faultless.points_spent * 0.45) as u32, Duration::from_secs(8));
    kill_in_bad_weather(&guild, hour, 50, 0.0);
}

#[test]
fn a_pull_on_a_machine_that_was_suspended_goes_on_when_it_wakes() {
    let guild = small_guild();
    let window = Duration::from_secs(4);
    let (desk, server) = (Desk::new(), guild.server(Faults::none(), (guild.faultless.points_spent * 1.5) as u32, window));
    let mut child = desk.esologs_at(&server, &fast(&PULL)).start();
    while api_requests(&server.running.sim().stats()) < 20 {
        pause(Duration::from_millis(1));
    }

    signal(&child, "STOP");
    pause(window);
    signal(&child, "CONT");

    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_at_its_end(&desk, &server, guild, "suspended");
}
