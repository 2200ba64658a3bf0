//! Which requests are hit: by script, by rate, and how often in a row.

use std::collections::BTreeMap;

use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator};
use serde_json::{Value, json};

use crate::support::{Answer, Client, RATE, demo_form, sim_with, token_request};

async fn statuses(client: &Client, queries: &[&str]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for query in queries {
        statuses.push(client.ask(query).await.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_script_hits_the_named_requests_from_the_nth_on_so_many_times() {
    let script = "
        [[fault]]
        on = \"Guild\"
        nth = 2
        times = 2
        kind = \"bad_gateway\"

        [[fault]]
        kind = \"status\"
        nth = 6
        status = 599
        body = \"json\"
        delay = \"5ms\"
    ";
    let sim = sim_with(|builder| builder.faults(Faults::from_toml(script).unwrap()));
    let client = Client::of(&sim).await;
    let (guild, other) = ("query Guild { rateLimitData { limitPerHour } }", RATE);
    let seen = statuses(&client, &[guild, other, guild, guild, guild, other, other]).await;
    assert_eq!(seen, [200, 200, 502, 502, 200, 599, 200]);
    assert_eq!(sim.stats().faults, BTreeMap::from([("bad_gateway", 2), ("status", 1)]));
}

#[tokio::test]
async fn a_fault_that_could_not_strike_waits_for_the_next_request() {
    let fault = ScriptedFault::new(On::Api, FaultKind::EmptyBody);
    let sim = sim_with(|builder| builder.faults(Faults::none().with(fault)));
    let client = Client { sim: sim.clone(), token: "wrong".to_owned() };
    assert_eq!(client.ask(RATE).await.status, 401);
    assert_eq!(sim.stats().faults_total, 0);
    assert!(Client::of(&sim).await.ask(RATE).await.body.is_empty());
    assert_eq!(sim.stats().faults_total, 1);
}

#[tokio::test]
async fn faults_can_be_replaced_while_it_runs() {
    let sim = sim_with(|builder| builder);
    let client = Client::of(&sim).await;
    sim.set_faults(Faults::only(FaultKind::Unavailable, 1.0, 1));
    assert_eq!(client.ask(RATE).await.status, 503);
    sim.set_faults(Faults::none());
    assert_eq!(client.ask(RATE).await.status, 200);
}

#[test]
fn a_bad_script_is_refused_with_what_is_allowed() {
    let refused = |script: &str| Faults::from_toml(script).unwrap_err().to_string();
    let cases = [
        ("[[fault]]\nkind = \"explode\"", "fault 1: kind: no fault is called \"explode\"; there are unauthenticated, "),
        ("[[fault]]\nkind = \"delay\"\n[[fault]]\nkind = \"status\"", "fault 2: `status` needs a `status` from 300 to 599"),
        ("[[fault]]\nkind = \"cloudflare\"\nstatus = 502", "allowed with `cloudflare` is 520 to 527"),
        ("[[fault]]\nkind = \"bad_gateway\"\nstatus = 500", "use kind \"status\""),
        ("[[fault]]\nkind = \"status\"\nstatus = 500\nbody = \"xml\"", "allowed are \"html\", \"json\", \"empty\""),
        ("[[fault]]\nkind = \"delay\"\ndelay = \"long\"", "texts like \"250ms\""),
        ("[[fault]]\nkind = \"delay\"\nnth = 0", "`nth` counts from 1"),
        ("[[fault]]\nkind = \"partial_data\"\non = \"token\"", "cannot happen to a token request"),
        ("[[fault]]\nkind = \"delay\"\nwhen = 3", "unknown field `when`"),
        ("[[fault]]\nkind = \"delay\"\nstrikes = \"now\"", "\"before\" (no points charged)"),
        ("[[fault]]\nkind = \"drip\"\nbytes = 0", "`bytes` is at least 1"),
        ("[[fault]]\nkind = \"drip\"\nat = 3", "`drip` has no `at`"),
        ("[[fault]]\nkind = \"close_idle\"\nbytes = 3", "`close_idle` has no `bytes`"),
        ("[[fault]]\nkind = \"bad_gateway\"\nlasts = \"1s\"", "`bad_gateway` has no `lasts`"),
        ("[[fault]]\nkind = \"delay\"\nevery = 3", "`delay` has no `every`"),
        ("[[fault]]\nkind = \"close_in_body\"\nframing = \"none\"", "allowed are \"length\", \"chunked\""),
        ("[[fault]]\nkind = \"length_too_small\"\nframing = \"chunked\"", "`length_too_small` has no `framing`"),
        ("[[fault]]\nkind = \"missing_expires_in\"\non = \"api\"", "can happen to a token request only"),
        ("rate = 1.5", "allowed is 0 to 1"),
        ("rate = 0.5\n[mix]\nboom = 1", "mix: no fault is called \"boom\""),
        ("rate = 0.5\n[mix]\nstatus = 1", "can only stand in a [[fault]]"),
        ("[mix]\ndelay = 1", "`mix` needs a `rate`"),
        ("rate = ", "fault script: "),
    ];
    for (script, expected) in cases {
        let message = refused(script);
        assert!(message.starts_with("fault script: ") && message.contains(expected), "{script:?}: {message}");
    }
}

/// What happens to `count` different requests, each sent once, in the given order.
async fn drawn(faults: Faults, order: impl Iterator<Item = usize>) -> BTreeMap<usize, String> {
    let sim = sim_with(|builder| builder.without_throttle().limit(1_000_000));
    let client = Client::of(&sim).await;
    sim.set_faults(faults);
    let mut outcomes = BTreeMap::new();
    for number in order {
        let before = sim.stats().faults;
        client.ask(&format!("{{ rateLimitData {{ limitPerHour }} guildData {{ guild(id: {number}) {{ id }} }} }}")).await;
        let after = sim.stats().faults;
        let hit = after.iter().find(|(name, count)| before.get(**name) != Some(count));
        outcomes.insert(number, hit.map_or("none".to_owned(), |(name, _)| (*name).to_owned()));
    }
    outcomes
}

#[tokio::test(start_paused = true)]
async fn drawn_faults_depend_on_seed_and_request_but_not_on_the_order_of_requests() {
    let forwards = drawn(Faults::mixed(0.5, 7), 0..200).await;
    let backwards = drawn(Faults::mixed(0.5, 7), (0..200).rev()).await;
    let other_seed = drawn(Faults::mixed(0.5, 8), 0..200).await;
    assert_eq!(forwards, backwards);
    assert_ne!(forwards, other_seed);
}

#[tokio::test(start_paused = true)]
async fn the_rate_is_met_and_every_kind_of_the_mix_occurs() {
    let outcomes = drawn(Faults::mixed(0.2, 3), 0..3_000).await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in outcomes.values() {
        *counts.entry(name).or_default() += 1;
    }
    let hit = 3_000 - counts["none"];
    // 600 expected, standard deviation 22.
    assert!((530..=670).contains(&hit), "{hit}");
    assert_eq!(counts.len(), 1 + 24, "{counts:?}");
}

#[tokio::test(start_paused = true)]
async fn the_mixed_set_never_keeps_a_request_from_getting_through() {
    let sim: Simulator = sim_with(|builder| builder.without_throttle().limit(1_000_000).faults(Faults::mixed(0.9, 11)));
    for number in 0..60 {
        let client = Client { sim: sim.clone(), token: patient_token(&sim).await };
        let query = format!("query Q {{ guildData {{ guild(id: {number}) {{ id }} }} }}");
        let (mut content_failures, mut refusals, mut token) = (0, 0, client.token.clone());
        loop {
            let answer = Client { sim: sim.clone(), token: token.clone() }.ask(&query).await;
            let json: Option<Value> = serde_json::from_slice(&answer.body).ok();
            let good = json
                .as_ref()
                .is_some_and(|json| json["data"]["guildData"].get("guild").is_some() && json.get("errors").is_none());
            let unauthenticated = answer.text().contains("Unauthenticated.");
            match answer.status.as_u16() {
                _ if unauthenticated => {
                    refusals += 1;
                    token = patient_token(&sim).await;
                }
                200 if good => break,
                200 if answer.text().contains("Too many requests") => {}
                200 => content_failures += 1,
                408 | 429 | 500..=504 | 520..=524 | 527 => {
                    let wait = answer.header("retry-after").map_or(0, |value| value.parse::<u64>().unwrap());
                    assert!(wait <= 2, "{wait}");
                }
                other => panic!("{other} is nothing that a retry cures"),
            }
            assert!(content_failures <= 3 && refusals <= 1, "{content_failures} {refusals}");
        }
    }
    assert!(sim.stats().faults_total > 300, "{:?}", sim.stats());
}

/// A token after three tries at most.
async fn patient_token(sim: &Simulator) -> String {
    for _ in 0..3 {
        let answer = Answer::from(sim.handle(token_request(&demo_form())).await);
        let json: Option<Value> = serde_json::from_slice(&answer.body).ok();
        if let Some(token) = json.as_ref().and_then(|json| json["access_token"].as_str()) {
            return token.to_owned();
        }
    }
    panic!("no token in three tries")
}

#[tokio::test]
async fn statistics_can_be_written_as_json() {
    let sim = sim_with(|builder| builder.faults(Faults::only(FaultKind::Throttled, 1.0, 1)));
    Client { sim: sim.clone(), token: String::new() }.ask(RATE).await;
    let stats = serde_json::to_value(sim.stats()).unwrap();
    assert_eq!(stats["requests"], 1);
    assert_eq!(stats["by_status"], json!({"429": 1}));
    assert_eq!(stats["by_endpoint"], json!({"/api/v2/client": 1}));
    assert_eq!(stats["by_operation"], json!({"anonymous": 1}));
    assert_eq!(stats["faults"], json!({"throttled": 1}));
    assert_eq!(stats["faults_total"], 1);
}
