//! An answer cut at every byte (spec: 20 bodies of 0.2 to 8 kB, plain and compressed): each cut is found, repeated once, and
//! what is handed over is the uncut answer.
//!
//! Bodies are pages of events as the simulator writes them. All come with their length; the smaller ones, to spare time, also
//! in chunks (then the lines between chunks and the end are cut, too) and, as some proxies do, with nothing but the end of the
//! connection to say where they end.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use esologs::transport::HttpTransport;
use esologs::{CallPolicy, Class, EventDataType};
use esologs_sim::Simulator;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt as _;
use serde_json::{Map, Value};

use crate::support::cutting::{Answer, Cutting};
use crate::support::in_process::client_of;
use crate::support::{Rig, hasty, sockets};

const BODIES: usize = 20;
const SMALLEST: f64 = 200.0;
const LARGEST: f64 = 8_000.0;
/// How much smaller those in the middle are than if each were longer than the one before by the same factor.
const BEND: f64 = 2.0;
/// Bodies beyond come with their length only.
const SMALL: usize = 300;
/// Calls under way at the same time in each thread: enough to fill the pauses of 50 ms before the repeats.
const AT_A_TIME: usize = 128;
const THREADS: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Framing {
    Length,
    Chunks,
    EndOfConnection,
}

#[test]
fn an_answer_cut_at_any_byte_is_found_and_repeated_once_and_comes_whole() {
    let (bodies, next, offsets) = (in_a_runtime(bodies()), AtomicUsize::new(0), AtomicUsize::new(0));

    // Each thread with its own servers, clients and sockets: that is far quicker than one runtime on all of them.
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                in_a_runtime(async {
                    // The longest first, so that all threads end together.
                    while let Some(body) = bodies.iter().rev().nth(next.fetch_add(1, Ordering::Relaxed)) {
                        for case in cases(body, &sockets()).await {
                            offsets.fetch_add(case.offsets(), Ordering::Relaxed);
                            in_parallel(Arc::clone(&case)).await;
                            case.holds();
                        }
                    }
                });
            });
        }
    });

    let offsets = offsets.into_inner();
    assert!(offsets > 35_000, "{offsets} offsets only");
}

fn in_a_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The body in each form, at a server of its own.
async fn cases(body: &str, sockets: &HttpTransport) -> Vec<Arc<Case>> {
    let framings: &[Framing] = match body.len() {
        ..=SMALL => &[Framing::Length, Framing::Chunks, Framing::EndOfConnection],
        _ => &[Framing::Length],
    };
    let mut cases = Vec::new();
    for &framing in framings {
        for compressed in [false, true] {
            let server = Cutting::start(&answer(body, framing, compressed)).await;
            let rig = Rig::sharing(sockets, &server.base_url(), hasty(CallPolicy::batch()));
            cases.push(Arc::new(Case { whole: body.to_owned(), server, rig, framing, compressed }));
        }
    }
    cases
}

/// A body at a server of its own.
struct Case {
    whole: String,
    server: Cutting,
    rig: Rig,
    framing: Framing,
    compressed: bool,
}

impl Case {
    fn offsets(&self) -> usize {
        self.server.offsets()
    }

    /// One call whose first answer is cut there.
    async fn call(&self, cut: usize) {
        let variables = Map::from_iter([("cut".to_owned(), Value::from(cut))]);
        let answer = self.rig.client.query("{ x }", variables).await;
        let answer = answer.unwrap_or_else(|error| panic!("cut at {cut} of {}: {error:?}", self.offsets()));
        let data = self.whole.strip_prefix("{\"data\":").unwrap().strip_suffix('}').unwrap();
        assert!(answer.data.get() == data, "cut at {cut}: wrong data was handed over: {}", answer.data.get());
    }

    fn holds(&self) {
        let (offsets, what) = (self.offsets(), format!("{:?}, compressed: {}", self.framing, self.compressed));
        let asked = self.server.asked();
        let unlike: Vec<_> = asked.iter().enumerate().filter(|(_, times)| **times != 2).collect();
        assert!(unlike.is_empty(), "{what}: of {offsets} offsets, asked for not twice: {unlike:?}");
        assert_eq!(self.rig.attempts(), vec![2; offsets], "{what}: attempts of a call");
        let found = self.rig.classes();
        assert!(found.len() == offsets && found.iter().all(|class| self.is_as_expected(*class)), "{what}: {found:?}");
    }

    /// Where nothing tells the length, a cut text is found when it is read.
    fn is_as_expected(&self, class: Class) -> bool {
        match (self.framing, self.compressed) {
            (Framing::EndOfConnection, false) => matches!(class, Class::InvalidJson | Class::EmptyBody),
            (Framing::EndOfConnection, true) => matches!(class, Class::BodyBroken | Class::EmptyBody),
            _ => class == Class::BodyBroken,
        }
    }
}

/// A call for each offset, so many at a time.
async fn in_parallel(case: Arc<Case>) {
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..AT_A_TIME).map(|_| {
        let (case, next) = (Arc::clone(&case), Arc::clone(&next));
        tokio::spawn(async move {
            loop {
                let cut = next.fetch_add(1, Ordering::Relaxed);
                if cut >= case.offsets() {
                    return;
                }
                case.call(cut).await;
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
}

/// Answers of growing length, the first of [`SMALLEST`] bytes and the last of [`LARGEST`].
async fn bodies() -> Vec<String> {
    let sim = Simulator::builder().start_unix_ms(1_790_000_000_000).build().unwrap();
    let report = sim.world().reports.iter().find(|report| report.access == esologs_sim::world::model::Access::Public).unwrap();
    let code = report.code.parse().unwrap();
    let events = client_of(&sim, CallPolicy::plain()).report(code).events(EventDataType::DamageDone).per_page(100);
    let events: Vec<_> = events.stream().try_collect().await.unwrap();
    (0..BODIES).map(|number| {
        let length = SMALLEST * (LARGEST / SMALLEST).powf((number as f64 / (BODIES - 1) as f64).powf(BEND));
        let mut list = String::new();
        let mut events = events.iter().skip(20 * number);
        loop {
            list.push_str(events.next().unwrap().get());
            let body = format!(
                "{{\"data\":{{\"reportData\":{{\"report\":{{\"events\":{{\"data\":[{list}],\"nextPageTimestamp\":null}}}}}}}}}}"
            );
            if body.len() as f64 >= length {
                return body;
            }
            list.push(',');
        }
    }).collect()
}

fn answer(body: &str, framing: Framing, compressed: bool) -> Answer {
    let mut head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n".to_owned();
    let mut body = body.as_bytes().to_vec();
    if compressed {
        head.push_str("content-encoding: gzip\r\n");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&body).unwrap();
        body = encoder.finish().unwrap();
    }
    match framing {
        Framing::Length => head.push_str(&format!("content-length: {}\r\n", body.len())),
        Framing::Chunks => {
            head.push_str("transfer-encoding: chunked\r\n");
            body = in_chunks(&body);
        }
        Framing::EndOfConnection => head.push_str("connection: close\r\n"),
    }
    Answer { head: head + "\r\n", body, ends_connection: framing == Framing::EndOfConnection }
}

/// Three chunks, so that there is something between chunks.
fn in_chunks(body: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for chunk in body.chunks(body.len().div_ceil(3)) {
        write!(text, "{:x}\r\n", chunk.len()).unwrap();
        text.extend_from_slice(chunk);
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(b"0\r\n\r\n");
    text
}
