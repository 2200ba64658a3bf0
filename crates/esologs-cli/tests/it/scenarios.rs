//! What people do with a pull over weeks, from beginning to end, over TCP and where it takes that with an hour of some seconds.
#![cfg(unix)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use esologs_sim::truth::{Contents, Extra, Stream};
use esologs_sim::world::World;
use esologs_sim::{Faults, Simulator};
use serde_json::Value;

use crate::interruption::signal;
use crate::kills::{api_requests, pause};
use crate::support::{Desk, Files, GUILD, Run as _, Server, assert_same, files, manifest, truth_with};

/// Fights, deaths, who was there, and what was cleared how well.
const PULL: [&str; 11] =
    ["pull", "guild", GUILD, "-o", "logs", "--streams", "deaths", "--attendance", "--rankings", "--request-rate", "off"];
/// The kinds of a guild's reports, the newest first: the last raid is still going on.
const KINDS: [(&str, usize); 4] = [("live", 1), ("public", 114), ("archived", 3), ("private", 2)];

/// What the service really gives.
const HOUR: (u32, Duration) = (18_000, Duration::from_secs(3_600));

/// A guild after some months of raids, and what a pull of it costs that nothing disturbs.
struct Season {
    world: Arc<World>,
    points: f64,
}

fn season() -> &'static Season {
    static SEASON: OnceLock<Season> = OnceLock::new();
    SEASON.get_or_init(|| {
        let report = |access: &str| format!("[[report]]\naccess = \"{access}\"\nevents = 100\nfights = 2\n");
        let reports: String = KINDS.iter().map(|(access, count)| report(access).repeat(*count)).collect();
        let toml = format!("seed = 8\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{reports}");
        let world = Arc::new(World::from_toml(&toml, esologs::Clock::system().now().get()).unwrap());
        let (desk, server) = (Desk::new(), serve(&world, Faults::none(), HOUR));
        assert_eq!(desk.esologs_at(&server, &PULL).run().code, 0);
        Season { world, points: server.running.sim().stats().points_spent }
    })
}

fn serve(world: &Arc<World>, faults: Faults, (limit, window): (u32, Duration)) -> Server {
    let simulator = Simulator::builder().world(Arc::clone(world)).limit(limit).window(window).faults(faults);
    Server::serve(&simulator.without_throttle().build().unwrap())
}

fn truth(server: &Server) -> Files {
    let extras = &[Extra::Attendance, Extra::Rankings];
    truth_with(server.running.sim(), Contents { streams: &[Stream::Deaths], extras, ..Contents::default() })
}

/// What was bought twice, or for nothing: of what was spent without the attempts that the service broke, beyond a faultless pull.
fn assert_cheap(server: &Server, season: &Season) {
    let stats = server.running.sim().stats();
    let useful = stats.points_spent - stats.points_spent_on_broken_answers;
    println!(
        "{useful:.0} points, {:.0} for broken answers, faultless {:.0}; {:?}",
        stats.points_spent_on_broken_answers, season.points, stats.by_operation
    );
    assert!(useful <= 1.05 * season.points, "{useful} points, faultless {}", season.points);
}

/// Waits until so many requests more have come.
fn wait_for_requests(server: &Server, more: u64) {
    let until = api_requests(&server.running.sim().stats()) + more;
    while api_requests(&server.running.sim().stats()) < until {
        pause(Duration::from_millis(1));
    }
}

#[test]
fn the_week_of_a_guild_officer_ends_equal_to_the_truth() {
    let season = season();
    // The budget is empty twice before all is here.
    let hour = ((season.points * 0.4) as u32, Duration::from_secs(5));
    let (desk, server) = (Desk::new(), serve(&season.world, Faults::weather("drizzle").unwrap(), hour));
    let mut laptop = desk.esologs_at(&server, &PULL).start();
    wait_for_requests(&server, 30);
    signal(&laptop, "STOP");
    pause(hour.1);
    signal(&laptop, "CONT");
    wait_for_requests(&server, 60);
    laptop.kill().unwrap();
    laptop.wait().unwrap();

    let ran = desk.esologs_at(&server, &PULL).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_same(&files(&desk.path("logs/data")), &truth(&server));
    assert!(ran.stderr.contains("Lanterns: 114 of 120 reports complete, "), "{}", ran.stderr);
    let manifest = manifest(&desk.path("logs"));
    assert_eq!(manifest["all_that_can_be_had_is_here"], true);
    for (status, count, reason) in [("live", 1, "live"), ("archived", 3, "subscription"), ("not_visible", 2, "private")] {
        let reports: Vec<&Value> =
            manifest["reports"].as_array().unwrap().iter().filter(|report| report["status"] == status).collect();
        assert_eq!(reports.len(), count, "{status}");
        assert!(reports.iter().all(|report| report["reason"].as_str().unwrap().contains(reason)), "{reports:?}");
    }
    assert_cheap(&server, season);
    assert_eq!(desk.esologs(&["verify", "logs"]).run().code, 0);
    server.running.sim().set_faults(Faults::none());
    let before = server.running.sim().stats();
    assert_eq!(desk.esologs_at(&server, &PULL).run().code, 0);
    let after = server.running.sim().stats();
    // A page of the list; the raid that is still going on, which has grown, its deaths and rankings; and so the two pages of who was there.
    assert!(
        api_requests(&after) - api_requests(&before) <= 1 + 3 + 2,
        "{:?} became {:?}",
        before.by_operation,
        after.by_operation
    );
}

#[test]
fn a_scheduled_job_stops_at_its_limit_and_the_next_one_buys_nothing_twice() {
    let season = season();
    let (desk, server) = (Desk::new(), serve(&season.world, Faults::none(), HOUR));
    let most = (season.points * 0.8).to_string();
    let job = [&PULL[..], &["--max-points", &most, "--max-duration", "50m", "--on-limit", "stop"]].concat();

    let (mut codes, mut stopped) = (Vec::new(), String::new());
    while codes.last() != Some(&0) && codes.len() < 6 {
        let ran = desk.esologs_at(&server, &job).run();
        assert!([0, 5].contains(&ran.code), "{}: {}", ran.code, ran.stderr);
        if codes.is_empty() {
            stopped = ran.stderr;
        }
        codes.push(ran.code);
    }

    println!("exit codes {codes:?}");
    assert_eq!((codes[0], codes.last()), (5, Some(&0)), "{stopped}");
    assert!(stopped.contains("not tried, because the pull ended before"), "{stopped}");
    assert_same(&files(&desk.path("logs/data")), &truth(&server));
    assert_cheap(&server, season);
}
