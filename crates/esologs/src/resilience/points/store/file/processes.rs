//! Real processes at one file: this program starts itself again, for the ignored test `child` alone.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fastrand::Rng;
use futures_util::FutureExt as _;
use tempfile::TempDir;
use tokio::time::Instant;

use super::tests::{finish, id_of, reserve, settings, window};
use super::*;
use crate::Clock;
use crate::resilience::points::Standing;

const FOLDER: &str = "ESOLOGS_TEST_LEDGER_FOLDER";
const ROLE: &str = "ESOLOGS_TEST_LEDGER_ROLE";
const BUCKET: &str = "key";
const PROCESSES: usize = 8;
const KILLS: usize = if cfg!(debug_assertions) { 60 } else { 500 };
/// What a child says begins with this; the rest is the test harness.
const SAID: &str = "ledger: ";

fn now_ms() -> i64 {
    Clock::system().now().get()
}

fn open(folder: &Path) -> FileStore {
    FileStore::open(folder, BUCKET, settings())
}

/// Here nobody minds waiting.
fn step(store: &FileStore, step: Step<'_>) -> Stepped {
    store.step(step, now_ms()).now_or_never().expect("without a runtime a step is taken where the caller stands")
}

fn say(what: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{SAID}{what}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// What the processes that are started here do.
#[test]
#[ignore = "a process that other tests start"]
fn child() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("it is started by other tests"));
    match std::env::var(ROLE).unwrap().as_str() {
        "spend all" => spend_all(&open(&folder)),
        "spend until killed" => spend_until_killed(&open(&folder)),
        "hold the lock" => hold_the_lock(&folder),
        "write too far" => write_too_far(&open(&folder)),
        "spend for 2 s" => spend_for_2_s(&open(&folder)),
        role => panic!("what is {role}?"),
    }
}

/// Sets a point aside and ends the call until there is no more.
fn spend_all(store: &FileStore) {
    while let Outcome::Reserved(id) = step(store, reserve(1.0)).outcome {
        step(store, finish(id));
        say(&format!("spent {id}"));
    }
    assert_eq!(store.state(), StoreState::Shared);
}

fn spend_until_killed(store: &FileStore) {
    loop {
        let id = id_of(step(store, reserve(1.0)));
        say(&format!("reserved {id}"));
        step(store, finish(id));
        say(&format!("finished {id}"));
    }
}

/// Until its input ends.
fn hold_the_lock(folder: &Path) {
    let file = File::open(Place::new(folder, BUCKET).ledger()).unwrap();
    file.lock().unwrap();
    say("locked");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    file.unlock().unwrap();
    say("unlocked");
}

/// Its shell lets it write no further than the middle of the file: a write fails as it does on a full disk.
fn write_too_far(store: &FileStore) {
    let first = id_of(step(store, reserve(3.0)));
    let StoreState::Alone(why) = store.state() else { panic!("the write should have failed") };
    assert!(why.contains("cannot be written"), "{why}");
    step(store, finish(first));
    say("alone");
}

/// Says how many steps it took, and how long each took, in nanoseconds.
fn spend_for_2_s(store: &FileStore) {
    let (started, mut latencies) = (Instant::now(), Vec::new());
    let mut timed = |what: Step<'_>| {
        let before = Instant::now();
        let stepped = step(store, what);
        latencies.push(before.elapsed().as_nanos());
        stepped
    };
    while started.elapsed() < Duration::from_secs(2) {
        let id = id_of(timed(reserve(0.001)));
        timed(finish(id));
    }
    assert_eq!(store.state(), StoreState::Shared);
    let latencies: Vec<String> = latencies.iter().map(u128::to_string).collect();
    say(&format!("latencies {}", latencies.join(" ")));
}

/// A child in this role.
struct Process(Child);

impl Process {
    fn start(role: &str, folder: &Path) -> Self {
        Self::start_command(Command::new(std::env::current_exe().unwrap()), role, folder)
    }

    fn start_command(mut command: Command, role: &str, folder: &Path) -> Self {
        let name = format!("{}::child", module_path!().split_once("::").unwrap().1);
        command.args([name.as_str(), "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env(FOLDER, folder).env(ROLE, role).stdin(Stdio::piped()).stdout(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    /// Waits until it says something.
    fn hear(&mut self) -> String {
        let mut lines = BufReader::with_capacity(1, self.0.stdout.as_mut().unwrap()).lines();
        lines.find_map(|line| line.unwrap().strip_prefix(SAID).map(str::to_owned)).expect("it says something")
    }

    /// Waits for its end; all that it said in whole lines.
    fn end(mut self) -> Vec<String> {
        let mut said = String::new();
        self.0.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let lines = whole.lines().filter_map(|line| line.strip_prefix(SAID).map(str::to_owned)).collect();
        self.0.wait().unwrap();
        lines
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("/bin/sh").arg("-c").arg(format!("kill -{name} {}", self.0.id())).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn place() -> (TempDir, FileStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    (folder, store)
}

fn standing(store: &FileStore) -> Standing {
    step(store, Step::Look).standing
}

/// How it stands when all who are dead have been found to be.
fn standing_of_the_living(store: &FileStore) -> Standing {
    store.step(Step::Look, now_ms() + 1_001).now_or_never().unwrap().standing
}

fn ids<'a>(said: &'a [String], word: &'a str) -> impl Iterator<Item = u64> + 'a {
    said.iter().filter_map(move |line| line.strip_prefix(word)?.trim().parse().ok())
}

#[test]
fn eight_processes_spend_exactly_what_there_is_and_no_number_is_given_twice() {
    let (folder, store) = place();
    step(&store, window(2_001.5, now_ms()));

    let all: Vec<Process> = (0..PROCESSES).map(|_| Process::start("spend all", folder.path())).collect();
    let said: Vec<Vec<String>> = all.into_iter().map(Process::end).collect();

    let spent: Vec<u64> = said.iter().flat_map(|said| ids(said, "spent")).collect();
    assert_eq!(spent.len(), 2_000, "what there is, less the probe that is never planned with");
    assert_eq!(spent.iter().collect::<HashSet<_>>().len(), 2_000);
    let after = standing(&store);
    assert_eq!((after.reserved, after.settling, after.ambiguous), (0.0, 2_000.0, 0.0));
    assert_eq!(store.state(), StoreState::Shared);
}

#[test]
fn killed_at_any_moment_a_process_leaves_a_whole_file_and_no_answered_reservation_is_lost() {
    let (folder, store) = place();
    step(&store, window(1e9, now_ms()));
    let (mut rng, mut said, mut running) = (Rng::with_seed(9), Vec::new(), Vec::new());
    for _ in 0..KILLS {
        while running.len() < 4 {
            running.push(Process::start("spend until killed", folder.path()));
        }
        thread::park_timeout(Duration::from_micros(rng.u64(5_000..40_000)));
        let mut victim: Process = running.remove(rng.usize(..running.len()));
        victim.0.kill().unwrap();
        said.extend(victim.end());
        standing(&store);
        assert_eq!(store.state(), StoreState::Shared);
    }
    for mut process in running {
        process.0.kill().unwrap();
        said.extend(process.end());
    }

    let after = standing_of_the_living(&store);

    let (reserved, finished): (Vec<u64>, Vec<u64>) = (ids(&said, "reserved").collect(), ids(&said, "finished").collect());
    assert!(reserved.len() > KILLS, "only {} reservations in {KILLS} kills", reserved.len());
    assert_eq!(reserved.iter().collect::<HashSet<_>>().len(), reserved.len(), "a number was given twice");
    let (killed, answered) = ((KILLS + 4) as f64, reserved.len() as f64);
    // Each process has one call on its way at most, and perhaps made a last step whose answer nobody heard of.
    assert_eq!((after.reserved, after.calls_on_their_way), (0.0, 0));
    assert!(after.ambiguous <= killed, "{after:?}");
    assert!(after.settling >= finished.len() as f64, "{after:?}, {} finished", finished.len());
    let kept = after.settling + after.ambiguous;
    assert!(kept >= answered && kept <= answered + killed, "{answered} were answered, {kept} are kept");
}

#[test]
fn a_process_that_is_stopped_with_the_lock_holds_nobody_up_for_long_and_is_found_when_it_goes_on() {
    let (folder, store) = place();
    step(&store, window(100.0, now_ms()));
    let mut holder = Process::start("hold the lock", folder.path());
    assert_eq!(holder.hear(), "locked");
    holder.signal("STOP");

    let started = Instant::now();
    let first = id_of(step(&store, reserve(3.0)));
    let waited = started.elapsed();
    let second = id_of(step(&store, reserve(4.0)));
    step(&store, finish(first));
    let afterwards = started.elapsed() - waited;

    assert!(matches!(store.state(), StoreState::Alone(_)));
    assert!(waited >= Duration::from_millis(900) && waited < Duration::from_secs(20), "{waited:?}");
    assert!(afterwards < waited / 4, "{afterwards:?} after {waited:?}");
    holder.signal("CONT");
    drop(holder.0.stdin.take());
    assert_eq!(holder.hear(), "unlocked");
    let after = standing(&store);
    assert_eq!((store.state(), after.reserved, after.settling), (StoreState::Shared, 4.0, 3.0));
    step(&open(folder.path()), finish(second));
    assert_eq!(standing(&store).reserved, 0.0);
}

#[test]
fn killed_with_the_lock_a_process_gives_it_back() {
    let (folder, store) = place();
    step(&store, window(100.0, now_ms()));
    let mut holder = Process::start("hold the lock", folder.path());
    assert_eq!(holder.hear(), "locked");
    holder.signal("STOP");

    holder.signal("KILL");
    holder.end();

    id_of(step(&store, reserve(3.0)));
    assert_eq!(store.state(), StoreState::Shared);
}

/// The shell of a child sets its limit, and goes on as the child.
#[cfg(unix)]
#[test]
fn where_the_file_cannot_be_written_as_on_a_full_disk_a_process_works_alone_and_the_file_stays_whole() {
    let (folder, store) = place();
    step(&store, window(100.0, now_ms()));
    id_of(step(&store, reserve(5.0)));
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg("trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"").arg(std::env::current_exe().unwrap());

    let child = Process::start_command(shell, "write too far", folder.path());

    assert_eq!(child.end(), ["alone"]);
    let after = standing_of_the_living(&store);
    assert_eq!((store.state(), after.limit, after.reserved, after.ambiguous), (StoreState::Shared, Some(100.0), 5.0, 0.0));
}

/// The figure of bench/RESULTS.md: `cargo test --release -p esologs --lib ledger_figures -- --ignored --nocapture`.
#[test]
#[ignore = "a figure"]
fn ledger_figures() {
    for (processes, on_their_way) in [(1, 0), (2, 0), (PROCESSES, 0), (PROCESSES, 64)] {
        let (folder, store) = place();
        step(&store, window(1e9, now_ms()));
        for _ in 0..on_their_way {
            step(&store, reserve(1.0));
        }

        let all: Vec<Process> = (0..processes).map(|_| Process::start("spend for 2 s", folder.path())).collect();
        let said: Vec<String> = all.into_iter().flat_map(Process::end).collect();

        let each = |line: &String| -> Vec<u64> { line.split(' ').skip(1).map(|nanos| nanos.parse().unwrap()).collect() };
        let mut latencies: Vec<u64> = said.iter().flat_map(each).collect();
        assert_eq!(said.len(), processes);
        latencies.sort_unstable();
        let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize] as f64 / 1_000.0;
        let (p50, p99, most) = (at(0.5), at(0.99), at(1.0));
        let reservations = latencies.len() / 2 / 2;
        println!(
            "\n{processes} processes beside {on_their_way} calls on their way: {reservations} reservations/s, a step p50 {p50:.1} µs, p99 {p99:.1} µs, most {most:.1} µs"
        );
        assert!(cfg!(debug_assertions) || reservations >= 2_000, "at least 2,000 together");
    }
}
