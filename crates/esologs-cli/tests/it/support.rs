//! The verbs of these tests: run the program, serve a world, compare folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use esologs_sim::truth::{self, Contents, Stream};
use esologs_sim::world::model::Access;
use esologs_sim::world::{Size, World, WorldConfig};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Faults, Running, Simulator};
use tempfile::TempDir;

pub(crate) const GUILD: &str = "3468";

/// An empty folder to work in, and the program with nothing of the test's environment.
pub(crate) struct Desk {
    folder: TempDir,
}

/// Where all that the program says and writes is kept, for a look for secrets when all tests are over (`./test`).
fn kept() -> Option<PathBuf> {
    std::env::var_os("ESOLOGS_TEST_SAID").map(PathBuf::from)
}

impl Drop for Desk {
    fn drop(&mut self) {
        if kept().is_some() {
            self.folder.disable_cleanup(true);
        }
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = tempfile::Builder::new().prefix("esologs-desk-").tempdir_in(kept().unwrap_or_else(std::env::temp_dir));
        Self { folder: desk.unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The program without credentials.
    pub(crate) fn esologs(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_esologs"));
        command.args(arguments);
        self.bare(command)
    }

    /// The program with the simulator's credentials and address.
    pub(crate) fn esologs_at(&self, server: &Server, arguments: &[&str]) -> Command {
        let mut command = self.esologs(arguments);
        server.introduce_to(&mut command);
        command
    }

    /// The program under `sh`, after some commands of the shell.
    pub(crate) fn esologs_after(&self, shell: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(format!("{shell}; exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_esologs")).args(arguments);
        self.bare(command)
    }

    /// Another program, as bare as ours.
    pub(crate) fn command(&self, program: &str) -> Command {
        self.bare(Command::new(program))
    }

    fn bare(&self, mut command: Command) -> Command {
        command.current_dir(self.folder.path()).env_clear().env("TZ", "UTC").stdin(Stdio::null());
        // The account of the points is the desk's own, not that of whoever runs the tests.
        command.env("HOME", self.folder.path()).env("XDG_STATE_HOME", self.path(".state"));
        // Every command asks, unless keeping answers is the subject.
        command.env("ESOLOGS_CACHE", "off");
        command
    }
}

/// What a finished run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// What was said, without the line that names the simulator's address.
    pub(crate) fn talk(&self) -> String {
        self.stderr.split_inclusive('\n').filter(|line| !line.starts_with("note: asking ")).collect()
    }

    /// The last line of talk.
    pub(crate) fn last_line(&self) -> &str {
        self.stderr.lines().last().unwrap_or_default()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Keeps what was said. The simulator says its own secret, on purpose.
fn keep(command: &Command, ran: &Ran) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let says_its_secret = command.get_args().any(|argument| argument == "sim");
    if let Some(folder) = kept().filter(|_| !says_its_secret) {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("esologs-said-{}-{number}.txt", std::process::id());
        fs::write(folder.join(name), format!("{}\n{}", ran.stdout, ran.stderr)).unwrap();
    }
}

pub(crate) trait Run {
    fn run(&mut self) -> Ran;
    fn start(&mut self) -> Child;
}

impl Run for Command {
    /// Runs to the end; whatever happens, it does not panic.
    fn run(&mut self) -> Ran {
        let ran = Ran::from(self.output().unwrap());
        keep(self, &ran);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        ran
    }

    fn start(&mut self) -> Child {
        self.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

/// A simulator over TCP, and the runtime that it lives in.
pub(crate) struct Server {
    pub(crate) running: Running,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    /// A small world.
    pub(crate) fn start(seed: u64, faults: Faults) -> Self {
        let world = WorldConfig { seed, size: Size::Small };
        Self::serve(&Simulator::builder().world_config(world).faults(faults).build().unwrap())
    }

    /// The world of a file.
    pub(crate) fn of_world(toml: &str) -> Self {
        let now = esologs::Clock::system().now().get();
        Self::serve(&Simulator::builder().world(World::from_toml(toml, now).unwrap()).build().unwrap())
    }

    /// A small world in which a race to a first kill is on.
    pub(crate) fn with_a_race(seed: u64) -> Self {
        let world = WorldConfig { seed, size: Size::Small };
        Self::serve(&Simulator::builder().world_config(world).race_is_on(true).build().unwrap())
    }

    /// A small world with a budget of so many points in windows of this length.
    pub(crate) fn with_points(limit: u32, window: Duration, faults: Faults) -> Self {
        let world = WorldConfig { seed: 1, size: Size::Small };
        Self::serve(&Simulator::builder().world_config(world).limit(limit).window(window).faults(faults).build().unwrap())
    }

    /// A report that everybody can see, with some fights.
    pub(crate) fn report(&self) -> String {
        let reports = &self.running.sim().world().reports;
        let report = reports.iter().find(|report| report.access == Access::Public && report.fights.len() > 3).unwrap();
        report.code.clone()
    }

    pub(crate) fn serve(simulator: &Simulator) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let running = runtime.block_on(simulator.start_tcp(("127.0.0.1", 0))).unwrap();
        Self { running, _runtime: runtime }
    }

    pub(crate) fn introduce_to(&self, command: &mut Command) {
        command.env("ESOLOGS_ID", DEMO_CLIENT_ID).env("ESOLOGS_SECRET", DEMO_CLIENT_SECRET);
        command.env("ESOLOGS_BASE_URL", self.running.base_url());
    }

    /// What a perfect pull of the default streams would have brought home.
    pub(crate) fn truth(&self) -> Files {
        truth_of(self.running.sim(), &Stream::DEFAULT)
    }
}

pub(crate) fn truth_of(simulator: &Simulator, streams: &[Stream]) -> Files {
    truth_with(simulator, Contents { streams, ..Contents::default() })
}

/// The same with what the site makes of the reports.
pub(crate) fn truth_with(simulator: &Simulator, contents: Contents<'_>) -> Files {
    let folder = tempfile::tempdir().unwrap();
    truth::write_with(simulator.world(), GUILD.parse().unwrap(), contents, folder.path()).unwrap();
    files(folder.path())
}

/// Files by their path below a folder.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

pub(crate) fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Both hold the same files with the same bytes. (The bytes themselves would be pages of output.)
pub(crate) fn assert_same(found: &Files, truth: &Files) {
    let (names, expected): (Vec<_>, Vec<_>) = (found.keys().collect(), truth.keys().collect());
    assert_eq!(names, expected);
    for (name, bytes) in truth {
        assert!(found[name] == *bytes, "{} differs", name.display());
    }
}

/// The manifest of a pull.
pub(crate) fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}
