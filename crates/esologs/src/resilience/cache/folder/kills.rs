//! Real processes that write, and are killed in the middle: this program starts itself again, for the ignored test `child` alone.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::tests::{NOW, entry, key};
use super::*;

const FOLDER: &str = "ESOLOGS_TEST_CACHE_FOLDER";
const WRITERS: usize = 4;
/// So few that they overwrite each other's answers all the time.
const KEYS: u128 = 40;
/// Small, so that it is swept all the time.
const BOUND: u64 = 4 << 20;
const KILLS: usize = 40;
const MANY_KILLS: usize = 200;

/// An answer that tells whether it is whole and right: the key's number, a seed, and what follows from both.
fn body(number: u128, seed: u64) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(seed ^ number as u64);
    let mut noise = vec![0; rng.usize(100..120_000)];
    rng.fill(&mut noise);
    [format!("{number} {seed} ").as_bytes(), &noise].concat()
}

fn is_right(number: u128, found: &[u8]) -> bool {
    let seed = found.strip_prefix(format!("{number} ").as_bytes()).and_then(|rest| rest.split(|byte| *byte == b' ').next());
    let seed = seed.and_then(|seed| std::str::from_utf8(seed).ok()?.parse().ok());
    seed.is_some_and(|seed| found == body(number, seed))
}

/// What the processes that are started here do: write until they are killed.
#[test]
#[ignore = "a process that other tests start"]
fn child() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("it is started by other tests"));
    let store = Folder::new(&folder, BOUND);
    let mut rng = fastrand::Rng::new();
    loop {
        let number = rng.u128(..KEYS);
        store
            .put(&key(number).name(), &entry(number, body(number, rng.u64(..))), NOW)
            .expect("there is room, and nobody is in the way");
    }
}

/// A writer; killed when the test ends, however it ends.
struct Writer(Child);

impl Writer {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "resilience::cache::folder::kills::child", "--ignored", "--nocapture"]).env(FOLDER, folder);
        Self(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// `kill -9`. It was writing until then.
    fn kill(&mut self) {
        let ended = self.0.try_wait().unwrap();
        assert!(ended.is_none(), "a writer ended by itself: {ended:?}");
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Every answer is right, or a miss; how many there are, and how many files failed their check.
fn read_all(store: &Folder) -> (usize, usize) {
    let (mut right, mut damaged) = (0, 0);
    for number in 0..KEYS {
        match store.get(&key(number), NOW) {
            Found::Entry(found) => {
                assert!(is_right(number, &found.body), "a wrong answer for key {number}");
                right += 1;
            }
            Found::Nothing => {}
            Found::Damaged => damaged += 1,
            Found::Unreadable(trouble) => panic!("{trouble:?}"),
        }
    }
    (right, damaged)
}

fn kill_writers(kills: usize) {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let store = Folder::new(folder.path(), BOUND);
    let mut writers: Vec<Writer> = (0..WRITERS).map(|_| Writer::start(folder.path())).collect();
    let (mut rng, mut reads, mut right, mut damaged) = (fastrand::Rng::new(), 0, 0, 0);
    for kill in 0..kills {
        // Real time: the processes run in it.
        std::thread::park_timeout(Duration::from_micros(rng.u64(20_000..60_000)));
        let writer = &mut writers[kill % WRITERS];
        writer.kill();
        let (found, broken) = read_all(&store);
        (reads, right, damaged) = (reads + KEYS as usize, right + found, damaged + broken);
        *writer = Writer::start(folder.path());
    }
    println!("{kills} kills among {WRITERS} writers: {reads} reads, {right} right, {damaged} damaged, 0 wrong");
    drop(writers);
    assert!(right > reads / 4, "hardly anything was written: {right} of {reads}");
    let (left, _) = read_all(&store);
    assert!(left > 0);
    assert!(store.place.aside().is_empty(), "nobody took the store for another's");
    let store = Folder::new(folder.path(), BOUND);
    store.put(&key(1).name(), &entry(1, body(1, 1)), NOW).unwrap();
    assert_eq!(read_all(&store).1, 0, "what was damaged is gone");
}

#[test]
fn writers_that_are_killed_at_any_moment_leave_right_answers_or_none() {
    kill_writers(KILLS);
}

/// `cargo test --release -p esologs --lib -- --ignored --nocapture two_hundred`; the figure is in bench/RESULTS.md.
#[test]
#[ignore = "a figure"]
fn two_hundred_kills() {
    kill_writers(MANY_KILLS);
}
