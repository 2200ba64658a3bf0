//! The two limits: points per window, requests per address.

use std::net::SocketAddr;
use std::time::Duration;

use esologs_sim::world::MAIN_GUILD_ID;
use esologs_sim::{ClientAddress, CostModel, DEMO_CLIENT_ID, ThrottleSettings};
use serde_json::json;

use crate::support::{Answer, Client, RATE, api_request, public_report, sim_with};

async fn cost_of(client: &Client, query: &str) -> f64 {
    let before = client.sim.stats().points_spent;
    assert_eq!(client.ask(query).await.status, 200);
    ((client.sim.stats().points_spent - before) * 100.0).round() / 100.0
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_no_int_holds_is_told_as_the_largest_int() {
    let client = Client::of(&sim_with(|builder| builder.limit(u32::MAX))).await;
    assert_eq!(client.data(RATE).await["rateLimitData"]["limitPerHour"], json!(i32::MAX));
}

#[tokio::test(start_paused = true)]
async fn spent_points_refuse_everything_until_the_window_ends() {
    let sim = sim_with(|builder| builder.limit(3).window(Duration::from_secs(10)));
    let client = Client::of(&sim).await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;

    for _ in 0..3 {
        assert_eq!(client.ask(RATE).await.status, 200);
    }
    let refused = client.ask(RATE).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json(), json!({"status": 429, "error": "Too many requests. The points of this hour are spent."}));
    assert_eq!(refused.header("retry-after"), Some("8"));
    assert_eq!(sim.stats().refused_for_points, 1);

    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(client.ask(RATE).await.status, 429);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let data = client.data(RATE).await["rateLimitData"].clone();
    assert_eq!(data, json!({"limitPerHour": 3, "pointsSpentThisHour": 1.2, "pointsResetIn": 10}));
    assert_eq!(sim.stats().points_spent, 4.8);
}

#[tokio::test]
async fn complex_queries_cost_what_was_measured() {
    let sim = sim_with(|builder| builder);
    let client = Client::of(&sim).await;
    let code = &public_report(&sim).code;

    assert_eq!(cost_of(&client, RATE).await, 1.2);
    let listing = format!("{{ reportData {{ reports(guildID: {MAIN_GUILD_ID}, limit: 3) {{ data {{ code }} }} }} }}");
    assert_eq!(cost_of(&client, &listing).await, 1.2 + 3.0 * 4.25);
    assert_eq!(cost_of(&client, "{ gameData { classes { id } } }").await, 2.2);
    assert_eq!(cost_of(&client, "{ gameData { abilities(limit: 50) { data { id } } } }").await, 3.2);
    assert_eq!(cost_of(&client, "{ gameData { items(limit: 25) { data { id } } } }").await, 3.2);
    assert_eq!(cost_of(&client, "{ characterData { character(id: 700001) { zoneRankings } } }").await, 5.0);
    assert_eq!(cost_of(&client, "{ worldData { encounter(id: 52) { characterRankings } } }").await, 1.2);
    let tables = (1..=4).map(|n| format!("t{n}: table(dataType: Buffs)")).collect::<Vec<_>>().join(" ");
    let actors_and_auras =
        format!("{{ reportData {{ report(code: \"{code}\") {{ masterData {{ actors {{ id }} }} {tables} }} }} }}");
    let cost = cost_of(&client, &actors_and_auras).await;
    assert!((11.0..13.0).contains(&cost), "{cost}");
    // Aliases save nothing.
    let once = cost_of(&client, &format!("{{ reportData {{ report(code: \"{code}\") {{ fights {{ id }} }} }} }}")).await;
    let twice = cost_of(
        &client,
        &format!("{{ reportData {{ a: report(code: \"{code}\") {{ fights {{ id }} }} b: report(code: \"{code}\") {{ fights {{ id }} }} }} }}"),
    )
    .await;
    assert!((twice - 1.2 - 2.0 * (once - 1.2)).abs() < 0.001, "{once} {twice}");
}

#[tokio::test]
async fn flat_costs_depend_on_the_number_of_root_fields_only() {
    let sim = sim_with(|builder| builder.cost_model(CostModel::Flat));
    let client = Client::of(&sim).await;
    assert_eq!(cost_of(&client, RATE).await, 1.25);
    assert_eq!(cost_of(&client, "{ gameData { classes { id } } a: rateLimitData { limitPerHour } }").await, 1.3);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_can_leave_out_its_own_query_or_lag_behind() {
    let without_own = Client::of(&sim_with(|builder| builder.snapshot_includes_own_query(false))).await;
    assert_eq!(without_own.points_spent().await, 0.0);
    assert_eq!(without_own.points_spent().await, 1.2);

    let lagging = Client::of(&sim_with(|builder| builder.snapshot_lag(Duration::from_secs(5)))).await;
    assert_eq!(lagging.points_spent().await, 0.0);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(lagging.points_spent().await, 0.0);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(lagging.points_spent().await, 1.2);
}

#[tokio::test]
async fn others_can_spend_and_the_limit_can_change_while_a_key_is_in_use() {
    let sim = sim_with(|builder| builder.limit(9_000));
    let client = Client::of(&sim).await;
    sim.spend_elsewhere(DEMO_CLIENT_ID, 9_058.65);
    assert_eq!(client.ask(RATE).await.status, 429);
    sim.set_limit(18_000);
    let data = client.data(RATE).await["rateLimitData"].clone();
    assert_eq!((&data["limitPerHour"], &data["pointsSpentThisHour"]), (&json!(18_000), &json!(9_059.85)));
}

#[tokio::test(start_paused = true)]
async fn the_throttle_counts_each_address_and_says_when_to_come_back() {
    let window = Duration::from_secs(60);
    let sim = sim_with(|builder| builder.throttle(ThrottleSettings { requests: 2, window }));
    let client = Client::of(&sim).await;
    let from = async |address: [u8; 4]| {
        let mut request = api_request("/api/v2/client", &client.token, &json!({"query": RATE}));
        request.extensions_mut().insert(ClientAddress(SocketAddr::from((address, 1))));
        Answer::from(sim.handle(request).await)
    };

    let first = from([10, 0, 0, 1]).await;
    assert_eq!((first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")), (Some("2"), Some("1")));
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(from([10, 0, 0, 1]).await.header("x-ratelimit-remaining"), Some("0"));
    let refused = from([10, 0, 0, 1]).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json()["status"], 429);
    assert!(refused.text().contains("Too many requests from this IP address"));
    assert_eq!(refused.header("retry-after"), Some("40"));
    assert_eq!(from([10, 0, 0, 2]).await.status, 200);

    tokio::time::sleep(Duration::from_secs(40)).await;
    assert_eq!(from([10, 0, 0, 1]).await.status, 200);
    let stats = sim.stats();
    assert_eq!((stats.refused_by_throttle, stats.executed), (1, 4));
}

#[tokio::test]
async fn without_a_throttle_there_are_no_throttle_headers() {
    let client = Client::of(&sim_with(|builder| builder.without_throttle())).await;
    assert_eq!(client.ask(RATE).await.header("x-ratelimit-limit"), None);
}
