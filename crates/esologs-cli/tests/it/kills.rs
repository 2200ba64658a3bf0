//! `kill -9` at any moment, and the same command again.
//!
//! The full number of runs takes a release build and some minutes:
//! `cargo test --release -p esologs-cli --test it fifty -- --ignored --nocapture`.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use esologs_sim::{Faults, Stats};

use crate::interruption::signal;
use crate::jobs::{Job, jobs_of, world_of};
use crate::support::{Desk, Run as _, Server};

/// Reports that are worked on at the same time, where nothing else is said: so many requests can be on their way.
const AT_ONCE: u64 = 2;
/// Pulls in bad weather at a time.
const SIDE_BY_SIDE: usize = 4;

fn small_jobs() -> &'static [Job] {
    static JOBS: OnceLock<Vec<Job>> = OnceLock::new();
    JOBS.get_or_init(|| jobs_of(&world_of(4)))
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
fn killed(job: &Job, desk: &Desk, server: &Server, after: u64, and: Duration) -> Option<u64> {
    let mut child =
        job.run_at(desk, server).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
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
fn finished(job: &Job, desk: &Desk, server: &Server) -> usize {
    for run in 1..=10 {
        let ran = job.run_at(desk, server).run();
        match ran.code {
            0 => return run,
            5 | 7 => {}
            _ => panic!("{job}: exit code {}: {}", ran.code, ran.stderr),
        }
    }
    panic!("no end after 10 runs");
}

/// After the end: equal to the truth, proven so by `verify`, and a rerun asks for a page of the list.
fn assert_at_its_end(job: &Job, desk: &Desk, server: &Server, what: &str) {
    job.assert_true(desk);
    let verified = desk.esologs(&["verify", "logs"]).run();
    assert_eq!(verified.code, 0, "{what}: {}", verified.stdout);
    let before = api_requests(&server.running.sim().stats());
    server.running.sim().set_faults(Faults::none());
    assert_eq!(job.run_at(desk, server).run().code, 0);
    let rerun = api_requests(&server.running.sim().stats()) - before;
    assert!(rerun <= 1, "{what}: {rerun} requests after the end");
}

/// Kills so many pulls, each once, without faults: what is bought again can be counted to the request.
fn kill_sound(jobs: &[Job], runs: u64) {
    let (mut most, mut lost) = (0, 0);
    for (seed, job) in (0..runs).zip(jobs.iter().cycle()) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (desk, server, all) = (job.desk(), job.sound(), api_requests(&job.faultless));
        let moment = (rng.u64(1..all), Duration::from_micros(rng.u64(0..8_000)));
        let in_flight = killed(job, &desk, &server, moment.0, moment.1);

        finished(job, &desk, &server);

        let again = api_requests(&server.running.sim().stats()) - all;
        let what = format!("run {seed}, {job}");
        println!(
            "{what}: killed after {} of {all} requests, {in_flight:?} in flight at the simulator; bought again: {again}",
            moment.0
        );
        assert!(again <= AT_ONCE, "{what}: {again} requests were bought again");
        most = most.max(again);
        lost += u64::from(in_flight.is_some());
        assert_at_its_end(job, &desk, &server, &what);
    }
    println!("{runs} runs, {lost} of them killed at work: equal to the truth, at most {most} requests bought again");
    assert!(lost * 10 >= runs * 8, "{lost} of {runs} pulls were killed at work");
}

/// What a pull took that was killed amid faults and came to its end.
struct Taken {
    /// In units of a faultless one, without answers that the service broke.
    share: f64,
    for_broken_answers: f64,
}

/// Kills so many pulls through faults, in an hour of points that this share of what a pull takes fills. `in_flight`: points that the requests
/// on their way may cost, where the whole is so small that they are more than a twentieth of it.
fn kill_in_bad_weather(jobs: &[Job], (share, window): (f64, Duration), runs: u64, in_flight: f64) {
    let hours: Vec<(u32, Duration)> = jobs.iter().map(|job| ((job.faultless.points_spent * share) as u32, window)).collect();
    let faultless = side_by_side(jobs.len() as u64, |number| points_in_sun(&jobs[number as usize], hours[number as usize]));
    let taken = side_by_side(runs, |seed| {
        let number = seed as usize % jobs.len();
        let (job, hour, faultless) = (&jobs[number], hours[number], faultless[number]);
        kill_amid_faults(job, hour, seed, faultless, 1.05 * faultless + in_flight)
    });
    println!(
        "{runs} runs through faults: equal to the truth, at most {:.3} of the faultless points, {:.0} for broken answers",
        taken.iter().map(|taken| taken.share).fold(0.0, f64::max),
        taken.iter().map(|taken| taken.for_broken_answers).sum::<f64>()
    );
}

/// Does this for each of so many numbers, some at a time: pulls that wait for points do nothing else.
fn side_by_side<T: Send>(runs: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let (next, done) = (AtomicU64::new(0), Mutex::new(BTreeMap::new()));
    let worker = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= runs {
                return;
            }
            let result = work(number);
            done.lock().unwrap().insert(number, result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(worker);
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

/// Kills a pull once, in such an hour, and lets it come to its end. What it took is no more than `most` points.
fn kill_amid_faults(job: &Job, (limit, window): (u32, Duration), seed: u64, faultless: f64, most: f64) -> Taken {
    let (desk, server) = (job.desk(), job.server(Faults::mixed(0.1, seed), limit, window));
    let mut rng = fastrand::Rng::with_seed(1_000 + seed);
    let after = rng.u64(1..api_requests(&job.faultless));
    let at_work = killed(job, &desk, &server, after, Duration::from_micros(rng.u64(0..8_000))).is_some();

    let reruns = finished(job, &desk, &server);

    let (stats, what) = (server.running.sim().stats(), format!("run {seed}, {job}"));
    let for_broken_answers = stats.points_spent_on_broken_answers;
    let useful = stats.points_spent - for_broken_answers;
    let probes = stats.by_operation.get("RateLimit").copied().unwrap_or_default();
    println!(
        "{what}: killed ({at_work}) after {after} requests, {reruns} runs more; {useful:.0} points (faultless {faultless:.0}), {for_broken_answers:.0} for answers that were broken; {probes} looks at the points, {} refused",
        stats.refused_for_points
    );
    assert!(useful <= most, "{what}: {useful} points, faultless {faultless}");
    assert_at_its_end(job, &desk, &server, &what);
    Taken { share: useful / faultless, for_broken_answers }
}

/// The points of a pull that nothing disturbs, in such an hour: with the looks at the points that it takes.
fn points_in_sun(job: &Job, (limit, window): (u32, Duration)) -> f64 {
    let (desk, server) = (job.desk(), job.server(Faults::none(), limit, window));
    assert_eq!(finished(job, &desk, &server), 1);
    server.running.sim().stats().points_spent
}

#[test]
fn a_pull_that_is_killed_at_any_moment_buys_again_what_was_on_its_way_and_nothing_else() {
    kill_sound(small_jobs(), 6);
}

#[test]
fn a_pull_that_is_killed_amid_faults_ends_equal_to_the_truth() {
    kill_in_bad_weather(&small_jobs()[..2], (1_000.0, Duration::from_secs(3600)), 2, 25.0);
}

fn two_hundred_pages() -> Vec<Job> {
    let jobs = jobs_of(&world_of(11));
    for job in &jobs {
        let (pages, requests) = (job.faultless.by_operation["ReportEvents"], api_requests(&job.faultless));
        println!("{job}: {pages} pages of events, {requests} requests");
    }
    jobs
}

#[test]
#[ignore = "some minutes: 50 runs"]
fn fifty_pulls_of_two_hundred_pages_each_killed_once() {
    kill_sound(&two_hundred_pages(), 50);
}

#[test]
#[ignore = "ten minutes: 50 runs"]
fn fifty_pulls_of_two_hundred_pages_each_killed_once_amid_faults_and_spent_budgets() {
    // Longer than the 5 s for which the ledger takes a call to be unsettled; spent twice before all is here.
    kill_in_bad_weather(&two_hundred_pages(), (0.45, Duration::from_secs(8)), 50, 0.0);
}

#[test]
fn a_pull_on_a_machine_that_was_suspended_goes_on_when_it_wakes() {
    let job = &small_jobs()[0];
    let window = Duration::from_secs(4);
    let (desk, server) = (job.desk(), job.server(Faults::none(), (job.faultless.points_spent * 1.5) as u32, window));
    let mut child = job.run_at(&desk, &server).start();
    while api_requests(&server.running.sim().stats()) < 20 {
        pause(Duration::from_millis(1));
    }

    signal(&child, "STOP");
    pause(window);
    signal(&child, "CONT");

    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_at_its_end(job, &desk, &server, "suspended");
}
