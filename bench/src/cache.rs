//! What finding an answer in the cache takes: the bytes ready to be read, from memory and from disk, and beside that with reading them.

use std::error::Error;
use std::time::{Duration, Instant};

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{AnyCall as _, Cache, Client, Clock, Credentials, KeptAnswer, UnixMillis};
use http::Request;
use serde_json::json;
use tokio::runtime::Builder;

use crate::figures::{Table, median};

const CODE: &str = "xb7TKHXR8DJByp4Q";
const NOW: UnixMillis = UnixMillis::new(1_800_000_000_000);
const MEMORY: Duration = Duration::from_micros(5);
const DISK: Duration = Duration::from_micros(500);
/// Finds in memory are timed so many together: a look at the clock is a part of one.
const TOGETHER: u32 = 1_000;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How often each is done.
    #[arg(long, default_value_t = 301)]
    rounds: usize,
    /// Bytes of the answer, about.
    #[arg(long, default_value_t = 300_000)]
    bytes: usize,
}

/// Answers every request to the API with the same body.
struct Canned(Bytes);

impl Transport for Canned {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        let token = Bytes::from_static(br#"{"access_token":"t","token_type":"Bearer","expires_in":31536000}"#);
        let body = if request.uri().path() == "/oauth/token" { token } else { self.0.clone() };
        Box::pin(async move { Ok(http::Response::new(body)) })
    }
}

/// The fights of a report that ended long ago, in so many bytes.
fn answer(bytes: usize) -> Bytes {
    let fight = |id: usize| {
        json!({
            "id": id, "encounterID": 27 + id % 9, "name": format!("Fight {id} of the night"), "kill": id.is_multiple_of(3), "difficulty": 122, "size": 12,
            "startTime": id * 95_317, "endTime": id * 95_317 + 81_203, "bossPercentage": (id % 100) as f64 + 0.13, "averageItemLevel": 1_847.357,
            "friendlyPlayers": (1..=12).map(|player| player * (1 + id % 3)).collect::<Vec<_>>(), "enemyPlayers": [], "inProgress": false,
            "gameZone": {"id": 1_263, "name": "Rockgrove"}, "boundingBox": {"minX": 4_213, "maxX": 9_213 + id, "minY": -3_121, "maxY": 882},
        })
    };
    let one = fight(1).to_string().len() + 1;
    let fights: Vec<_> = (1..=bytes / one).map(fight).collect();
    let report = json!({"code": CODE, "endTime": NOW.get() - 90_000_000, "revision": 1, "fights": fights});
    json!({"data": {"reportData": {"report": report}}}).to_string().into()
}

#[expect(clippy::disallowed_methods, reason = "the figure is the time on the wall")]
fn clock() -> Instant {
    Instant::now()
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    Builder::new_current_thread().enable_all().build()?.block_on(measure(args))
}

async fn measure(args: &Args) -> Result<Table, Box<dyn Error>> {
    let (folder, body) = (tempfile::tempdir()?, answer(args.bytes));
    let kept = KeptAnswer::keep(&folder.path().join("bytes"), CODE, body.clone(), NOW).await;
    let (mut memory, mut disk) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds.max(1) {
        let began = clock();
        for _ in 0..TOGETHER {
            kept.find().await.ok_or("the answer is not in memory")?;
        }
        memory.push(began.elapsed() / TOGETHER);
        let another = kept.of_another_process();
        let began = clock();
        another.find().await.ok_or("the answer is not on disk")?;
        disk.push(began.elapsed());
    }
    let client = Client::builder()
        .credentials(Credentials::new("figures", "figures")?)
        .transport(Canned(body.clone()))
        .clock(Clock::custom(|| NOW))
        .cache(Cache::in_folder(folder.path().join("calls")))
        .build()?;
    let fights = client.report(CODE.parse()?).fights();
    fights.clone().await?;
    let only = client.only_cached().report(CODE.parse()?).fights();
    let (mut typed, mut letter) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds.max(1) {
        let began = clock();
        only.clone().await?;
        typed.push(began.elapsed());
        let began = clock();
        only.fetch(None).await?;
        letter.push(began.elapsed());
    }
    Ok(table(args, body.len(), [memory, disk, typed, letter]))
}

fn table(args: &Args, bytes: usize, [memory, disk, typed, letter]: [Vec<Duration>; 4]) -> Table {
    let title = format!("`cache`: an answer of {bytes} bytes, {} rounds, one thread beside that for the disk.", args.rounds);
    let mut table = Table::of_columns(title, ["found", "median", "99th of 100"]);
    let bounded = |table: &mut Table, name: &str, times: &[Duration], most: Duration| {
        let held = middle(times) <= most;
        table.bounded_figures(name, [shown(middle(times)), shown(late(times))], format!("at most {}", shown(most)), held);
    };
    bounded(&mut table, "in memory, the bytes ready to be read", &memory, MEMORY);
    bounded(&mut table, "on disk, by a process that has just begun: read, checked, unpacked", &disk, DISK);
    for (name, times) in [("a whole call from memory, with reading as its types", typed), ("the same, to the letter", letter)] {
        table.figures(name, [shown(middle(&times)), shown(late(&times))]);
    }
    table
}

fn middle(times: &[Duration]) -> Duration {
    Duration::from_secs_f64(median(times.iter().map(Duration::as_secs_f64)))
}

fn late(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

fn shown(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}
