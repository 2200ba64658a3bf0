//! `esologs query` through every single fault of `single-faults.toml`, once; `esologs-bench single-faults` does it many times.

use std::io::Write as _;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use esologs_sim::Faults;
use serde::Deserialize;
use tokio::time::Instant;

use crate::support::{Desk, Ran, Run as _, Server};

const QUERY: &str = "{ guildData { guild(id: 3468) { id name } } rateLimitData { limitPerHour } }";
const ANSWER: &str =
    "{\"guildData\":{\"guild\":{\"id\":3468,\"name\":\"Lanterns of Emberwatch\"}},\"rateLimitData\":{\"limitPerHour\":18000}}\n";
/// The deadline of an interactive call, and the program around it.
const BOUND: Duration = Duration::from_secs(35);

#[derive(Deserialize)]
struct File {
    single: Vec<Single>,
}

#[derive(Deserialize)]
struct Single {
    name: String,
    fault: toml::Table,
}

#[test]
fn a_query_survives_every_single_fault_with_its_default_settings() {
    let File { single } = toml::from_str(include_str!("../single-faults.toml")).unwrap();
    assert!(single.len() >= 24, "only {} faults", single.len());

    // At the same time: they mostly wait.
    let failed: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = single.iter().map(|single| scope.spawn(|| survive(single))).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap().err()).collect()
    });

    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The error tells what was wrong.
fn survive(single: &Single) -> Result<(), String> {
    let script = toml::Table::from_iter([("fault".to_owned(), vec![toml::Value::Table(single.fault.clone())].into())]);
    let server = Server::start(1, Faults::from_toml(&script.to_string()).unwrap());
    let began = Instant::now();

    let ran = ask(&server);

    let (took, struck) = (began.elapsed(), server.running.sim().stats().faults);
    let times = single.fault.get("times").and_then(toml::Value::as_integer).unwrap_or(1);
    let kind = single.fault["kind"].as_str().unwrap();
    let all_struck = struck.len() == 1 && struck.get(kind).is_some_and(|count| i64::try_from(*count) == Ok(times));
    if (ran.code, ran.stdout.as_str()) == (0, ANSWER) && took <= BOUND && all_struck {
        return Ok(());
    }
    Err(format!("{}: {ran:?} after {took:?}; faults that struck: {struck:?}", single.name))
}

fn ask(server: &Server) -> Ran {
    let mut child = Desk::new().esologs_at(server, &["query", "-"]).stdin(Stdio::piped()).start();
    child.stdin.take().unwrap().write_all(QUERY.as_bytes()).unwrap();
    Ran::from(child.wait_with_output().unwrap())
}
