//! Faults by name.

use std::collections::BTreeMap;
use std::time::Duration;

use esologs_sim::{Faults, On, Weather};
use http::StatusCode;
use serde_json::Value;

use crate::raw::Server;
use crate::support::{Answer, Client, RATE, demo_form, sim, token_request};

#[test]
fn every_weather_can_be_asked_for_by_its_name() {
    let names: Vec<&str> = Weather::ALL.iter().map(|weather| weather.name).collect();
    assert_eq!(names, ["calm", "drizzle", "storm", "outage", "maintenance"]);
    for weather in Weather::ALL {
        assert!(weather.toml.starts_with("# ") && !weather.summary.is_empty());
        assert_eq!(Faults::weather(weather.name).unwrap(), Faults::from_toml(weather.toml).unwrap());
    }
    let unknown = Faults::weather("hail").unwrap_err().to_string();
    assert_eq!(unknown, "no weather is called \"hail\"; there are calm, drizzle, storm, outage, maintenance");
}

#[test]
fn a_spell_that_cannot_be_is_refused() {
    let cases = [
        ("[[spell]]\nlasts = \"5s\"\nrate = 2", "spell 1: `rate` is 2, allowed is 0 to 1"),
        ("[[spell]]\nlasts = \"5s\"\nevery = \"2s\"\nrate = 1", "spell 1: `every` is shorter than `lasts`"),
        ("[[spell]]\nlasts = \"long\"\nrate = 1", "`lasts` is \"long\", allowed are milliseconds"),
        ("[[spell]]\nrate = 1", "missing field `lasts`"),
        ("[[spell]]\nlasts = 5\nrate = 1\nmix = { boom = 1 }", "mix: no fault is called \"boom\""),
    ];
    for (script, expected) in cases {
        let message = Faults::from_toml(script).unwrap_err().to_string();
        assert!(message.contains(expected), "{script:?}: {message}");
    }
}

#[tokio::test(start_paused = true)]
async fn maintenance_shows_pages_for_its_time_and_ends_every_token() {
    let sim = sim();
    let client = Client::of(&sim).await;
    sim.set_faults(Faults::weather("maintenance").unwrap());
    assert_eq!(client.ask(RATE).await.status, 200);

    tokio::time::sleep(Duration::from_secs(6)).await;
    for _ in 0..20 {
        let page = client.ask(RATE).await;
        assert!(page.text().starts_with("<!DOCTYPE html>"), "{}", page.text());
        let no_token = Answer::from(sim.handle(token_request(&demo_form())).await);
        assert!(no_token.text().starts_with("<!DOCTYPE html>"));
    }

    tokio::time::sleep(Duration::from_secs(15)).await;
    assert_eq!(client.ask(RATE).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(client.ask(RATE).await.status, StatusCode::UNAUTHORIZED, "for good");
    assert_eq!(Client::of(&sim).await.ask(RATE).await.status, 200);
}

/// Only what does not depend on which connections are open: a closed port takes requests of others with it.
const BROKEN_CONNECTIONS: &str = "
    seed = 4
    rate = 0.5

    [mix]
    reset_before_headers = 1
    close_before_headers = 1
    reset_in_body = 1
    close_in_body = 1
    length_too_large = 1
    bad_gateway = 1
";

fn request(server: &Server, number: usize) -> String {
    let query = format!("{{ rateLimitData {{ limitPerHour }} guildData {{ guild(id: {number}) {{ id }} }} }}");
    server.request_for(&On::Api, &query, "connection: close\r\n")
}

#[tokio::test]
async fn faults_of_connections_depend_on_seed_and_request_but_not_on_concurrency() {
    let faults = Faults::from_toml(BROKEN_CONNECTIONS).unwrap();
    let (one_by_one, at_once) = (Server::start().await, Server::start().await);
    one_by_one.sim.set_faults(faults.clone());
    at_once.sim.set_faults(faults);

    let mut ends = BTreeMap::new();
    for number in (0..60).rev() {
        let seen = one_by_one.ask(&request(&one_by_one, number)).await;
        ends.insert(number, (seen.end, seen.body));
    }
    let at_once = std::sync::Arc::new(at_once);
    let all = (0..60).map(|number| {
        let server = std::sync::Arc::clone(&at_once);
        tokio::spawn(async move { (number, server.ask(&request(&server, number)).await) })
    });
    for asked in all.collect::<Vec<_>>() {
        let (number, seen) = asked.await.unwrap();
        assert_eq!((seen.end, seen.body), ends[&number], "{number}");
    }

    let stats = one_by_one.sim.stats();
    assert_eq!(stats.faults, at_once.sim.stats().faults);
    assert!(stats.faults.len() == 6 && (18..=42).contains(&stats.faults_total), "{:?}", stats.faults);
}

#[tokio::test]
async fn who_asks_again_gets_through_a_storm() {
    let server = Server::start().await;
    server.sim.set_faults(Faults::weather("storm").unwrap().seeded(2));
    for number in 0..40 {
        let request = request(&server, number);
        let mut tries = 0;
        loop {
            tries += 1;
            assert!(tries < 20, "{number}");
            let Some(seen) = server.try_ask(&request).await else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let json: Option<Value> = serde_json::from_slice(&seen.unchunked_if_chunked()).ok();
            if json.is_some_and(|json| json["data"]["rateLimitData"].is_object() && json.get("errors").is_none()) {
                break;
            }
        }
    }
    let stats = server.sim.stats();
    assert!(stats.faults_total > 10 && stats.faults.len() > 6, "{:?}", stats.faults);
}
