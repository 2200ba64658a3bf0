//! Many calls to a simulator that makes faults, and what came of them.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use esologs::{CallPolicy, Client, Credentials, Endpoint, Event, UnixMillis};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Faults, Simulator};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

const GUILD: i64 = 3468;
/// Failures that are told in words; the rest is counted.
const TOLD_FAILURES: u32 = 3;

/// What came of the calls.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) calls: u32,
    pub(crate) failed: u32,
    pub(crate) attempts: u64,
    /// Those that the simulator made.
    pub(crate) faults: u64,
    pub(crate) seconds: f64,
}

/// Makes the calls; an answer that is not the true one is an error.
pub(crate) async fn call(calls: u32, concurrency: usize, faults: Faults) -> Result<Outcome, Box<dyn Error>> {
    // Neither points nor throttle: they are no faults by chance.
    let simulator = Simulator::builder().limit(u32::MAX).without_throttle().build()?;
    let running = simulator.start_tcp(("127.0.0.1", 0)).await?;
    let attempts = Arc::new(AtomicU64::new(0));
    let truth = codes(&client(&running.base_url(), concurrency, &attempts)?, 0).await?;
    simulator.set_faults(faults);
    attempts.store(0, Ordering::Relaxed);

    let began = Instant::now();
    let patient = client(&running.base_url(), concurrency, &attempts)?;
    let places = Arc::new(Semaphore::new(concurrency.max(1)));
    let mut answers = JoinSet::new();
    for number in 0..calls {
        let (patient, places) = (patient.clone(), Arc::clone(&places));
        answers.spawn(async move {
            let _place = places.acquire().await;
            codes(&patient, number).await
        });
    }
    let mut failed = 0;
    while let Some(answer) = answers.join_next().await {
        match answer? {
            Ok(codes) if codes == truth => {}
            Ok(codes) => return Err(format!("{codes:?} came instead of {truth:?}").into()),
            Err(error) => {
                failed += 1;
                if failed <= TOLD_FAILURES {
                    eprintln!("failed after {} attempts: {error}", error.attempts());
                }
            }
        }
    }
    let (seconds, faults) = (began.elapsed().as_secs_f64(), simulator.stats().faults_total);
    let _ = running.shutdown().await;
    Ok(Outcome { calls, failed, attempts: attempts.load(Ordering::Relaxed), faults, seconds })
}

fn client(base_url: &str, concurrency: usize, attempts: &Arc<AtomicU64>) -> Result<Client, Box<dyn Error>> {
    let attempts = Arc::clone(attempts);
    let builder = Client::builder()
        .endpoint(Endpoint::new(base_url)?)
        .credentials(Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)?)
        // As many places as there are calls at a time, and no pace: the simulator is our own.
        .policy(CallPolicy { concurrency: concurrency.max(1), ..CallPolicy::batch() })
        .without_request_rate()
        .on_event(move |event| {
            if let Event::AttemptStarted { .. } = event {
                attempts.fetch_add(1, Ordering::Relaxed);
            }
        });
    Ok(builder.build()?)
}

/// The codes of the guild's reports. Each number makes a request of its own, so that what is drawn for one says nothing of another.
async fn codes(client: &Client, number: u32) -> Result<Vec<String>, esologs::Error> {
    let reports = client.guild(GUILD).reports().since(Some(UnixMillis::new(number.into())));
    let page = reports.page(1).await?;
    Ok(page.data.iter().flatten().map(|report| report.code.to_string()).collect())
}
