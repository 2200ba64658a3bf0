//! Three real processes on one account, and a Redis that is killed and started again in the middle. And what a step costs.

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

use super::process::Process;
use super::server::Server;
use crate::resilience::points::store::lock;
use crate::resilience::points::{Charge, Finish, Outcome, Refusal, Refused, Snapshot, Step, Why};

/// What a process of the fleet is told, in words: what to do, where Redis and the service are, and for how many milliseconds.
const TOLD: &str = "ESOLOGS_TEST_FLEET";
const PROCESSES: usize = 3;
const WORKERS: usize = 2;

const WINDOW: Duration = Duration::from_secs(5);
const POINTS: f64 = 300.0;
const KILL: Duration = Duration::from_secs(7);
const RESTART: Duration = Duration::from_secs(14);
const END: Duration = Duration::from_secs(22);

/// A service of points: windows of five seconds, and a refusal when all is spent.
struct Service {
    started: Instant,
    window: u128,
    spent: f64,
    /// What was spent in each window that is over.
    history: Vec<f64>,
    refused: u64,
}

impl Service {
    async fn start() -> (Arc<Mutex<Self>>, u16) {
        let service = Self { started: Instant::now(), window: 0, spent: 0.0, history: Vec::new(), refused: 0 };
        let service = Arc::new(Mutex::new(service));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::clone(&service);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(Self::serve(Arc::clone(&shared), socket));
            }
        });
        (service, port)
    }

    async fn serve(service: Arc<Mutex<Self>>, socket: TcpStream) {
        let (lines, mut answers) = socket.into_split();
        let mut lines = BufReader::new(lines).lines();
        while let Ok(Some(cost)) = lines.next_line().await {
            let answer = lock(&service).charge(cost.parse().unwrap());
            if answers.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn charge(&mut self, cost: f64) -> String {
        self.roll();
        if self.spent >= POINTS {
            self.refused += 1;
            return "refused\n".to_owned();
        }
        self.spent += cost;
        let left_ms = WINDOW.as_millis() - self.started.elapsed().as_millis() % WINDOW.as_millis();
        format!("{} {}\n", self.spent, left_ms.div_ceil(1_000))
    }

    fn roll(&mut self) {
        let window = self.started.elapsed().as_millis() / WINDOW.as_millis();
        for _ in self.window..window {
            self.history.push(std::mem::take(&mut self.spent));
        }
        self.window = window;
    }
}

/// A worker's connection to the service.
struct Line(Lines<BufReader<OwnedReadHalf>>, OwnedWriteHalf);

impl Line {
    async fn to(port: u16) -> Self {
        let (answers, questions) = TcpStream::connect(("127.0.0.1", port)).await.unwrap().into_split();
        Self(BufReader::new(answers).lines(), questions)
    }

    /// What is spent and when the window ends, in seconds; `None` for a refusal.
    async fn send(&mut self, cost: f64) -> Option<(f64, f64)> {
        self.1.write_all(format!("{cost}\n").as_bytes()).await.unwrap();
        let answer = self.0.next_line().await.unwrap().unwrap();
        let (spent, left) = answer.split_once(' ')?;
        Some((spent.parse().unwrap(), left.parse().unwrap()))
    }
}

/// What a process saw.
#[derive(Default)]
struct Seen {
    calls: u64,
    alone: u64,
    slowest: Duration,
    /// When it went on alone and when it was back, in milliseconds from its start.
    changes: Vec<(u128, String)>,
}

/// A process of the fleet: asks for points, sends, tells what came of it, until its time is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process of the tests beside it"]
async fn one_process() {
    let told = std::env::var(TOLD).unwrap();
    let words: Vec<&str> = told.split(' ').collect();
    let [url, port, for_ms] = words[..] else { panic!("{told}") };
    let (port, end) = (port.parse().unwrap(), Instant::now() + Duration::from_millis(for_ms.parse().unwrap()));
    let process = Arc::new(Process::at(url));
    let seen = Arc::new(Mutex::new(Seen::default()));
    let workers: Vec<_> = (0..WORKERS).map(|_| tokio::spawn(work(Arc::clone(&process), Arc::clone(&seen), port, end))).collect();
    let (started, mut was_alone) = (Instant::now(), false);
    while Instant::now() < end {
        if process.is_alone() != was_alone {
            was_alone = !was_alone;
            let reason = if was_alone { process.why_alone() } else { "shared".to_owned() };
            lock(&seen).changes.push((started.elapsed().as_millis(), reason));
        }
        sleep(Duration::from_millis(5)).await;
    }
    for worker in workers {
        worker.await.unwrap();
    }
    let seen = lock(&seen);
    for (at, what) in &seen.changes {
        println!("FLEET at {at} ms: {what}");
    }
    println!("FLEET calls {} alone {} slowest {}", seen.calls, seen.alone, seen.slowest.as_millis());
}

async fn work(process: Arc<Process>, seen: Arc<Mutex<Seen>>, port: u16, end: Instant) {
    let (mut rng, mut line) = (Rng::new(), Line::to(port).await);
    while Instant::now() < end {
        let mut estimate = 1.0 + 4.0 * rng.f64();
        let asked = Instant::now();
        let mut answer = process.reserve(estimate).await;
        raise(&seen, asked.elapsed());
        if let Err(Refusal { why: Why::Unsettled, retry_in_ms: ..=1 }) = answer
            && process.step(Step::Probe).await.outcome == Outcome::MayProbe(true)
        {
            estimate = 1.5;
            answer = process.reserve_probe(estimate).await;
        }
        match answer {
            Ok(id) => call(&process, &seen, &mut line, id, estimate, &mut rng).await,
            Err(refusal) => sleep(Duration::from_millis(refusal.retry_in_ms.clamp(1, 50) as u64)).await,
        }
    }
}

async fn call(process: &Process, seen: &Mutex<Seen>, line: &mut Line, id: u64, estimate: f64, rng: &mut Rng) {
    let sent_ms = process.now_ms();
    sleep(Duration::from_millis(rng.u64(5..30))).await;
    let told = line.send(estimate * (0.3 + 0.7 * rng.f64())).await;
    let snapshot =
        told.map(|(spent, reset_in_s)| Snapshot { limit: POINTS, spent, reset_in_s, sent_ms, received_ms: process.now_ms() });
    let refused = told.is_none().then_some(Refused { retry_after_ms: None, sent_ms });
    let charge = if told.is_some() { Charge::Yes } else { Charge::No };
    let finished = Instant::now();
    process.step(Step::Finish(Finish { id, charge, snapshot, refused })).await;
    raise(seen, finished.elapsed());
    let mut seen = lock(seen);
    seen.calls += 1;
    seen.alone += u64::from(process.is_alone());
}

fn raise(seen: &Mutex<Seen>, took: Duration) {
    let mut seen = lock(seen);
    seen.slowest = seen.slowest.max(took);
}

/// Starts the fleet; what each says at its end.
fn start(name: &str, told: &str) -> Vec<tokio::task::JoinHandle<String>> {
    let start = |_| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let module = module_path!().split_once("::").unwrap().1;
        command.args(["--exact", &format!("{module}::{name}"), "--ignored", "--nocapture"]);
        command.env(TOLD, told);
        tokio::task::spawn_blocking(move || {
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        })
    };
    (0..PROCESSES).map(start).collect()
}

fn number(text: &str, before: &str) -> u64 {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {text}"));
    rest.split_whitespace().next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_keep_to_one_limit_while_redis_is_killed_and_started_again() {
    let Some(mut server) = Server::start(&[]).await else { return };
    let (service, port) = Service::start().await;
    let started = Instant::now();
    let fleet = start("one_process", &format!("{} {port} {}", server.url(), END.as_millis()));

    tokio::time::sleep_until(started + KILL).await;
    server.kill();
    tokio::time::sleep_until(started + RESTART).await;
    server.start_again().await;
    let mut said = Vec::new();
    for process in fleet {
        said.push(process.await.unwrap());
    }

    let standing = Process::of(&server).look().await;
    let mut service = lock(&service);
    service.roll();
    let (kill_ms, restart_ms) = (KILL.as_millis(), RESTART.as_millis());
    println!("points spent in each window of {WINDOW:?}, of {POINTS}: {:.0?}; refused: {}", service.history, service.refused);
    println!("killed at {kill_ms} ms, started again at {restart_ms} ms; the account afterwards: {standing:?}");
    for process in &said {
        let lines: Vec<&str> = process.lines().filter_map(|line| line.split_once("FLEET ").map(|(_, said)| said)).collect();
        println!("{}", lines.join("; "));
        assert!(number(process, "calls ") > 20 && number(process, "alone ") > 5, "it did not go on: {process}");
        assert!(number(process, "slowest ") < 1_000, "{process}");
        let at = |at: usize| u128::from(number(lines[at], "at "));
        assert!(at(0) + 300 > kill_ms && at(0) < kill_ms + 1_000, "it was not alone within a second: {process}");
        assert!(at(1) + 300 > restart_ms && at(1) < restart_ms + 4_000, "it was not back: {process}");
        assert_eq!(lines.len(), 3, "{process}");
    }
    assert!(service.history.iter().all(|spent| *spent <= POINTS), "{:?}", service.history);
    assert_eq!(service.refused, 0);
    assert!(service.history.iter().sum::<f64>() > 0.4 * POINTS * service.history.len() as f64, "{:?}", service.history);
    assert_eq!((standing.limit, standing.calls_on_their_way, standing.reserved), (Some(POINTS), 0, 0.0));
}

/// A process that does nothing but steps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process of the figure below"]
async fn one_process_of_steps() {
    let told = std::env::var(TOLD).unwrap();
    let (url, workers) = told.split_once(' ').unwrap();
    let process = Arc::new(Process::at(url));
    let end = Instant::now() + Duration::from_secs(5);
    let work = |_| {
        let process = Arc::clone(&process);
        tokio::spawn(async move {
            let mut took_us = Vec::new();
            while Instant::now() < end {
                let asked = Instant::now();
                let id = process.reserve(0.001).await;
                took_us.push(asked.elapsed().as_micros());
                let Ok(id) = id else { continue };
                let asked = Instant::now();
                let snapshot = process.snapshot(1.0, 3_000.0);
                process.finish(id, Charge::Yes, Some(snapshot)).await;
                took_us.push(asked.elapsed().as_micros());
            }
            took_us
        })
    };
    let workers: Vec<_> = (0..workers.parse().unwrap()).map(work).collect();
    for worker in workers {
        let took: Vec<String> = worker.await.unwrap().iter().map(ToString::to_string).collect();
        println!("\nFLEET {}", took.join(" "));
    }
    assert!(!process.is_alone(), "{}", process.why_alone());
}

/// `cargo test --release -p esologs --features redis --lib steps_in_a_second -- --ignored --nocapture`
#[tokio::test]
#[ignore = "a figure for bench/RESULTS.md; it takes 11 seconds"]
async fn steps_in_a_second() {
    let server = Server::start(&[]).await.expect("redis-server is missing");
    Process::of(&server).hear(0.0, 3_000.0).await;
    for workers in [1, 8] {
        let mut took_us = Vec::new();
        for process in start("one_process_of_steps", &format!("{} {workers}", server.url())) {
            let said = process.await.unwrap();
            let lines = said.lines().filter_map(|line| line.strip_prefix("FLEET "));
            took_us.extend(lines.flat_map(|line| line.split(' ').map(|took| took.parse::<u64>().unwrap())));
        }
        took_us.sort_unstable();
        let at = |share: f64| took_us[(share * (took_us.len() - 1) as f64) as usize];
        println!(
            "{PROCESSES} processes of {workers}: {} steps/s, p50 {} us, p99 {} us, longest {} us",
            took_us.len() / 5,
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
}
