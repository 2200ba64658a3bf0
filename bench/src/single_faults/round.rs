//! One round: a simulator with one fault, and one query.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::single::Single;

const QUERY: &str = "{ guildData { guild(id: 3468) { id name } } rateLimitData { limitPerHour } }";
const ANSWER: &str =
    "{\"guildData\":{\"guild\":{\"id\":3468,\"name\":\"Lanterns of Emberwatch\"}},\"rateLimitData\":{\"limitPerHour\":18000}}\n";
/// A query that runs for longer has hung: it is ended, and has failed.
const HUNG: Duration = Duration::from_secs(60);

/// What came of it.
#[derive(Debug)]
pub(crate) struct Round {
    /// The answer was printed, to the letter, with exit code 0.
    pub(crate) answered: bool,
    /// The fault befell as many requests as it should, and there was no other.
    pub(crate) struck: bool,
    pub(crate) seconds: f64,
    pub(crate) api_requests: u64,
    pub(crate) token_requests: u64,
    /// What the query said on stderr.
    pub(crate) words: String,
}

pub(crate) fn play(program: &Path, single: &Single) -> Result<Round, Box<dyn Error>> {
    let simulator = Simulator::start(program, &single.script()?)?;
    let began = Instant::now();
    let (answered, words) = query(program, &simulator)?;
    let seconds = began.elapsed().as_secs_f64();
    let stats = simulator.stop()?;
    let count = |path: &str| stats["by_endpoint"][path].as_u64().unwrap_or_default();
    Ok(Round {
        answered,
        struck: stats["faults"][single.kind()] == single.times() && stats["faults_total"] == single.times(),
        seconds,
        api_requests: count("/api/v2/client"),
        token_requests: count("/oauth/token"),
        words,
    })
}

/// Asks as a user would; whether the answer came, and what was said.
fn query(program: &Path, simulator: &Simulator) -> Result<(bool, String), Box<dyn Error>> {
    let mut child = Command::new(program)
        .args(["query", "-"])
        .env_clear()
        .envs(simulator.variables()?)
        .current_dir(simulator.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or("no stdin")?.write_all(QUERY.as_bytes())?;
    let (sender, ended) = mpsc::channel();
    let outputs = (child.stdout.take().ok_or("no stdout")?, child.stderr.take().ok_or("no stderr")?);
    thread::spawn(move || sender.send(read(outputs.0).and_then(|stdout| Ok((stdout, read(outputs.1)?)))));
    let Ok(said) = ended.recv_timeout(HUNG) else {
        child.kill()?;
        child.wait()?;
        return Ok((false, format!("not ended after {} s", HUNG.as_secs())));
    };
    let (stdout, stderr) = said?;
    Ok((child.wait()?.success() && stdout == ANSWER, stderr))
}

fn read(mut from: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    from.read_to_string(&mut text).map(|_| text)
}

/// `esologs sim` as a process; ended with this value.
struct Simulator {
    child: Child,
    stdout: BufReader<ChildStdout>,
    serving: Value,
    folder: tempfile::TempDir,
}

impl Simulator {
    fn start(program: &Path, script: &str) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let faults = folder.path().join("fault.toml");
        std::fs::write(&faults, script)?;
        let mut child = Command::new(program)
            .args(["sim", "--size", "small", "--port", "0", "--json", "--faults"])
            .arg(faults)
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        let mut simulator = Self { child, stdout, serving: Value::Null, folder };
        simulator.serving = simulator.line()?;
        Ok(simulator)
    }

    /// What introduces a client to it.
    fn variables(&self) -> Result<[(&str, &str); 3], Box<dyn Error>> {
        let of = |name: &str| self.serving[name].as_str().ok_or_else(|| format!("the simulator tells no {name}"));
        Ok([("ESOLOGS_BASE_URL", of("base_url")?), ("ESOLOGS_ID", of("client_id")?), ("ESOLOGS_SECRET", of("client_secret")?)])
    }

    /// Ends it; what it saw.
    fn stop(mut self) -> Result<Value, Box<dyn Error>> {
        let told = Command::new("/bin/sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status()?;
        if !told.success() {
            return Err("the simulator cannot be told to end".into());
        }
        let mut line = self.line()?;
        self.child.wait()?;
        Ok(line["stats"].take())
    }

    fn line(&mut self) -> Result<Value, Box<dyn Error>> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        serde_json::from_str(&line).map_err(|error| format!("the simulator said {line:?}: {error}").into())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // Where it has ended already, both say so, which is no matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
