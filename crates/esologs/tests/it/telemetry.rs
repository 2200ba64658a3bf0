//! What is told of calls: spans, metrics, the decision log, and why a call took as long as it did.

mod decision_log;
mod explain;
#[cfg(feature = "metrics")]
mod metrics;
mod spans;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::transport::Transport;
use esologs::{BreakerSettings, CallPolicy, Client, ClientBuilder, Clock, Credentials, Endpoint};
use serde_json::{Map, json as value};

use crate::support::{BASE, Reply, Rig, Seen, json, rate_limit};

const SECOND: Duration = Duration::from_secs(1);

/// A client to be, with virtual time and a seed.
fn builder(transport: impl Transport, policy: CallPolicy, seed: u64) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new(Rig::ID, Rig::SECRET).unwrap())
        .endpoint(Endpoint::new("https://logs.test").unwrap())
        .clock(clock())
        .transport(transport)
        .policy(policy)
        .seed(seed)
        .without_ledger()
}

fn clock() -> Clock {
    Clock::starting_at(BASE)
}

/// A breaker for patient calls that opens after so many failures in a row.
fn breaker(failures: u32, open_for: Duration) -> BreakerSettings {
    BreakerSettings { consecutive_failures: failures, open_for, ..BreakerSettings::batch() }
}

/// Asks something of its own, under this name.
async fn ask(client: &Client, name: &str) -> bool {
    let variables = Map::from_iter([("code".to_owned(), value!("hidden-variable"))]);
    client.query(&format!("query {name}($code: String) {{ x(code: $code) }}"), variables).await.is_ok()
}

/// The answer to [`ask`].
fn answer() -> Reply {
    json(value!({"data": {"x": 1}}))
}

/// The answer to [`ask`], and to probes of the breaker.
fn answer_to(seen: &Seen) -> Reply {
    let query = seen.json()["query"].to_string();
    if query.contains("rateLimitData") { rate_limit() } else { answer() }
}

/// A file in memory.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
