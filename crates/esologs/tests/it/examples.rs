//! Every example does what it says, against the simulator, with faults: how often it asks, how long it waits, what it brings.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::{Cache, CallPolicy, CircuitBreaker, Error, ErrorKind, GuildId, UnixMillis};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator};
use serde_json::Value;
use tokio::time::Instant;

use crate::support::alone::{run_alone, stderr};
use crate::support::in_process::{builder_of, client_of};

/// Takes in an example as a module.
macro_rules! example {
    ($name:ident, $path:literal) => {
        #[allow(dead_code, clippy::duplicate_mod, reason = "an example has a main of its own, and all share one module")]
        #[path = $path]
        mod $name;
    };
}

example!(api_tour, "../../examples/api_tour.rs");
example!(circuit_breaker, "../../examples/circuit_breaker.rs");
example!(client_with_timeout, "../../examples/client_with_timeout.rs");
example!(degradation, "../../examples/degradation.rs");
example!(fallback, "../../examples/fallback.rs");
example!(guilds_within_limits, "../../examples/guilds_within_limits.rs");
example!(http_settings, "../../examples/http_settings.rs");
example!(integration_tests, "../../examples/integration_tests.rs");
example!(monitored_calls, "../../examples/monitored_calls.rs");
example!(resilient_client, "../../examples/resilient_client.rs");
example!(retry_any_function, "../../examples/retry_any_function.rs");
example!(retry_on_timeouts, "../../examples/retry_on_timeouts.rs");
example!(timeouts_per_operation, "../../examples/timeouts_per_operation.rs");

const GUILD: GuildId = GuildId::new(3468);
const NO_GUILD: GuildId = GuildId::new(999_999);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn simulator(faults: impl IntoIterator<Item = ScriptedFault>) -> Simulator {
    let faults = faults.into_iter().fold(Faults::none(), Faults::with);
    Simulator::builder().start_unix_ms(1_790_000_000_000).faults(faults).build().unwrap()
}

/// A fault of so many requests of one operation.
fn of(operation: &str, kind: FaultKind, times: u64) -> ScriptedFault {
    ScriptedFault::new(On::Operation(operation.to_owned()), kind).times(times)
}

fn requests(sim: &Simulator, operation: &str) -> u64 {
    sim.stats().by_operation.get(operation).copied().unwrap_or(0)
}

fn name_of(sim: &Simulator) -> String {
    sim.world().guild(GUILD.get()).unwrap().name.clone()
}

#[test]
fn every_example_is_taken_in_here_and_stands_in_the_table_of_patterns() {
    let folder = crate::support::sources::workspace();
    let (tests, table) = (include_str!("examples.rs"), std::fs::read_to_string(folder.join("docs/patterns.md")).unwrap());
    let files = std::fs::read_dir(folder.join("crates/esologs/examples")).unwrap().map(|entry| entry.unwrap().file_name());

    for file in files.map(|file| file.into_string().unwrap()).filter(|file| file.ends_with(".rs")) {
        assert!(tests.contains(&format!("/examples/{file}\"")), "no test runs examples/{file}");
        assert!(table.contains(&format!("/examples/{file})")), "docs/patterns.md does not name examples/{file}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_with_a_timeout_waits_that_long_and_no_longer() {
    let started = Instant::now();
    let in_time = simulator([of("Guild", FaultKind::Delay, 1).delay(seconds(29))]);
    assert_eq!(client_with_timeout::run(builder_of(&in_time), GUILD).await.unwrap(), name_of(&in_time));
    assert_eq!((requests(&in_time, "Guild"), started.elapsed()), (1, seconds(29)));

    let started = Instant::now();
    let late = simulator([of("Guild", FaultKind::Delay, 1).delay(seconds(31))]);
    let error = client_with_timeout::run(builder_of(&late), GUILD).await.unwrap_err();
    assert_eq!((error.kind(), requests(&late, "Guild"), started.elapsed()), (ErrorKind::Timeout, 1, seconds(30)));
}

#[tokio::test(start_paused = true)]
async fn a_resilient_client_repeats_three_times_and_gives_an_attempt_a_minute() {
    let sim = simulator([of("GuildReports", FaultKind::Unavailable, 3)]);
    let page = resilient_client::run(builder_of(&sim), GUILD).await.unwrap();
    assert_eq!((page.per_page, requests(&sim, "GuildReports")), (10, 4));

    let sim = simulator([of("GuildReports", FaultKind::Unavailable, 4)]);
    let error = resilient_client::run(builder_of(&sim), GUILD).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), requests(&sim, "GuildReports")), (ErrorKind::Upstream, 4, 4));

    let started = Instant::now();
    let slow = simulator([of("GuildReports", FaultKind::Delay, 1).delay(seconds(70))]);
    resilient_client::run(builder_of(&slow), GUILD).await.unwrap();
    assert_eq!(requests(&slow, "GuildReports"), 2);
    assert!((seconds(60)..seconds(62)).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_step_of_several_calls_is_repeated_as_a_whole_after_1_and_2_seconds() {
    let sim = simulator([of("GuildReports", FaultKind::BadGateway, 2)]);
    let started = Instant::now();

    let (name, reports) = retry_any_function::run(builder_of(&sim), GUILD).await.unwrap();

    assert_eq!((name, started.elapsed()), (name_of(&sim), seconds(3)));
    assert!(reports > 0);
    assert_eq!((requests(&sim, "Guild"), requests(&sim, "GuildReports")), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn time_outs_are_repeated_and_other_failures_are_not() {
    let started = Instant::now();
    let slow = simulator([of("Guild", FaultKind::RequestTimeout, 2)]);
    assert_eq!(retry_on_timeouts::around_calls(builder_of(&slow), GUILD).await.unwrap(), name_of(&slow));
    assert_eq!((requests(&slow, "Guild"), started.elapsed()), (3, seconds(3)));
    let slow = simulator([of("Guild", FaultKind::RequestTimeout, 2)]);
    assert_eq!(retry_on_timeouts::inside_the_client(builder_of(&slow), GUILD).await.unwrap(), name_of(&slow));
    assert_eq!(requests(&slow, "Guild"), 3);

    for way in 0..2 {
        let broken = simulator([of("Guild", FaultKind::Unavailable, 9)]);
        let error: Error = match way {
            0 => retry_on_timeouts::around_calls(builder_of(&broken), GUILD).await.unwrap_err(),
            _ => retry_on_timeouts::inside_the_client(builder_of(&broken), GUILD).await.unwrap_err(),
        };
        assert_eq!((error.kind(), requests(&broken, "Guild")), (ErrorKind::Upstream, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_quick_lookup_is_cut_after_15_seconds_and_a_search_has_60() {
    let (from, to) = (UnixMillis::new(1_700_000_000_000), UnixMillis::new(1_790_000_000_000));
    let quick = of("Guild", FaultKind::Delay, 1).delay(seconds(16));
    let search = of("GuildReports", FaultKind::Delay, 1).delay(seconds(59));
    let sim = simulator([quick, search]);
    let started = Instant::now();

    let (name, reports) = timeouts_per_operation::run(builder_of(&sim), GUILD, from, to).await.unwrap();

    assert_eq!(name, name_of(&sim));
    assert!(reports > 0);
    assert_eq!((requests(&sim, "Guild"), requests(&sim, "GuildReports")), (2, 1), "only the look-up was cut and repeated");
    assert!((seconds(15 + 59)..seconds(15 + 59 + 2)).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_loop_over_guilds_waits_where_it_is_told_to_and_goes_on_after_one_that_is_refused() {
    let throttled = of("GuildReports", FaultKind::Throttled, 1).nth(2).retry_after(5);
    let refused = of("GuildReports", FaultKind::Banned, 1).nth(4);
    let sim = simulator([throttled, refused]);
    let guilds: Vec<GuildId> = sim.world().guilds.iter().map(|guild| GuildId::new(guild.id)).collect();
    let started = Instant::now();

    let found = guilds_within_limits::run(builder_of(&sim), &guilds).await.unwrap();

    assert_eq!(found.iter().map(|(guild, _)| *guild).collect::<Vec<_>>(), guilds);
    let failed: Vec<_> = found.iter().map(|(_, reports)| reports.as_ref().err().map(Error::kind)).collect();
    assert_eq!(failed[..3], [None, None, Some(ErrorKind::Forbidden)], "{failed:?}");
    assert_eq!(requests(&sim, "GuildReports"), guilds.len() as u64 + 1, "one repeat");
    assert!((seconds(5)..seconds(8)).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_loop_over_guilds_goes_on_in_the_next_window_where_points_are_spent() {
    let sim = Simulator::builder().start_unix_ms(1_790_000_000_000).limit(60).window(seconds(600)).build().unwrap();
    let started = Instant::now();

    let found = guilds_within_limits::run(builder_of(&sim), &[GUILD; 30]).await.unwrap();

    assert_eq!(found.iter().filter(|(_, reports)| reports.is_ok()).count(), 30);
    assert_eq!(sim.stats().refused_for_points, 0, "{:?}", sim.stats());
    assert!(started.elapsed() >= seconds(580), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_breaker_stops_asking_after_five_failures_and_asks_once_after_a_minute() {
    let sim = simulator([of("Guild", FaultKind::BadGateway, 5)]);
    let client = circuit_breaker::client(builder_of(&sim)).unwrap();
    let breaker: CircuitBreaker = circuit_breaker::breaker();

    for _ in 0..5 {
        assert!(circuit_breaker::name(&client, &breaker, GUILD).await.unwrap_err().contains("502"));
    }
    for _ in 0..100 {
        assert_eq!(circuit_breaker::name(&client, &breaker, GUILD).await, Err("not asked; again in 60s".to_owned()));
    }
    assert_eq!(requests(&sim, "Guild"), 5);

    tokio::time::sleep(seconds(60)).await;
    assert_eq!(circuit_breaker::name(&client, &breaker, GUILD).await, Ok(name_of(&sim)));
    assert_eq!(requests(&sim, "Guild"), 6);
}

#[tokio::test(start_paused = true)]
async fn an_older_copy_or_the_little_that_is_known_stands_in_and_says_so() {
    let sim = simulator([]);
    let other = GuildId::new(sim.world().guilds[1].id);
    let client = client_of(&sim, CallPolicy::interactive());
    let mut copies = fallback::Copies::new();

    let real = fallback::guild_info(&client, &mut copies, GUILD).await.unwrap();
    assert!(real.is_real());
    assert_eq!(real.value.name, name_of(&sim));

    sim.set_faults(Faults::none().with(of("Guild", FaultKind::Unavailable, 100)));
    let older = fallback::guild_info(&client, &mut copies, GUILD).await.unwrap();
    assert_eq!((&older.value, older.is_real()), (&real.value, false));
    assert_eq!(older.error.map(|error| error.kind()), Some(ErrorKind::Upstream));
    let minimal = fallback::guild_info(&client, &mut copies, other).await.unwrap();
    assert_eq!((minimal.value.name.as_str(), minimal.value.id, minimal.is_real()), ("Unknown", other, false));
    assert_eq!(copies.len(), 1, "what is not real is not kept");

    sim.set_faults(Faults::none());
    let no = fallback::guild_info(&client, &mut copies, NO_GUILD).await.unwrap_err();
    assert_eq!(no.kind(), ErrorKind::NotVisible);
}

#[tokio::test(start_paused = true)]
async fn degradation_has_three_levels_and_none_of_them_covers_a_no() {
    use degradation::Level;
    let sim = simulator([]);
    let other = GuildId::new(sim.world().guilds[1].id);
    let client = builder_of(&sim).cache(Cache::in_memory()).build().unwrap();

    let (full, level) = degradation::guild_info(&client, GUILD).await.unwrap();
    assert_eq!((full.name.as_str(), level), (&*name_of(&sim), Level::Full));
    assert_eq!(degradation::guild_info(&client, GUILD).await.unwrap().1, Level::Full);
    assert_eq!(requests(&sim, "Guild"), 1, "as good as new costs nothing");

    tokio::time::sleep(seconds(7_200)).await;
    sim.set_faults(Faults::none().with(of("Guild", FaultKind::Unavailable, 100)));
    let (older, level) = degradation::guild_info(&client, GUILD).await.unwrap();
    assert!(older == full && matches!(level, Level::Older(age) if age >= seconds(7_200)), "{level:?}");
    let (minimal, level) = degradation::guild_info(&client, other).await.unwrap();
    assert_eq!((minimal.name.as_str(), minimal.id), ("Unknown", other));
    assert!(matches!(&level, Level::Minimal(why) if why.contains("HTTP 503")), "{level:?}");

    sim.set_faults(Faults::none());
    let no = degradation::guild_info(&client, NO_GUILD).await.unwrap_err();
    assert_eq!(no.kind(), ErrorKind::NotVisible);
}

#[tokio::test(start_paused = true)]
async fn monitored_calls_write_a_line_for_each_attempt_and_each_end() {
    let watch = |failures| {
        let lines = Arc::<Mutex<Vec<Value>>>::default();
        let log = Arc::clone(&lines);
        let sim = simulator([of("Guild", FaultKind::ServerErrorJson, failures)]);
        let client = monitored_calls::monitored(builder_of(&sim), move |line| log.lock().unwrap().push(line)).build().unwrap();
        (client, lines)
    };
    let short = |lines: &Mutex<Vec<Value>>| -> Vec<String> {
        let short = |line: &Value| format!("{} {} {}", line["message"].as_str().unwrap(), line["method"], line["attempt"]);
        lines.lock().unwrap().iter().map(short).collect()
    };

    let (client, lines) = watch(2);
    let started = Instant::now();
    client.guild(GUILD).get().await.unwrap();
    assert_eq!(
        short(&lines),
        [
            "attempt failed \"Guild\" 1",
            "waiting \"Guild\" null",
            "attempt failed \"Guild\" 2",
            "waiting \"Guild\" null",
            "call succeeded \"Guild\" 3"
        ]
    );
    let last = lines.lock().unwrap().pop().unwrap();
    assert_eq!(u128::from(last["duration_ms"].as_u64().unwrap()), started.elapsed().as_millis());

    let (client, lines) = watch(100);
    let error = client.guild(GUILD).get().await.unwrap_err();
    assert_eq!(short(&lines).last().map(String::as_str), Some("call failed \"Guild\" 4"));
    assert_eq!(lines.lock().unwrap().last().unwrap()["error"], error.to_string());
}

#[tokio::test(start_paused = true)]
#[ignore = "started by the test below"]
async fn the_integration_tests_in_a_bad_hour() {
    let sim = simulator([of("Guild", FaultKind::Unavailable, 2), of("GuildReports", FaultKind::BadGateway, 4)]);
    let client = client_of(&sim, CallPolicy::plain());

    let started = Instant::now();
    integration_tests::a_guild_has_its_number(&client).await.unwrap();
    assert_eq!((requests(&sim, "Guild"), started.elapsed()), (3, seconds(1 + 2)));

    let started = Instant::now();
    integration_tests::a_guild_has_reports(&client).await.unwrap();
    assert_eq!((requests(&sim, "GuildReports"), started.elapsed()), (5, seconds(2 + 4 + 8 + 16)));

    sim.set_faults(Faults::none().with(of("RateLimit", FaultKind::Unavailable, 1)));
    integration_tests::points_are_told(&client).await.unwrap_err();
    assert_eq!(requests(&sim, "RateLimit"), 1);
}

#[test]
fn integration_tests_pass_late_where_the_service_was_in_trouble_and_say_so() {
    let run = run_alone("examples::the_integration_tests_in_a_bad_hour", &[]);

    let told = stderr(&run);
    assert!(run.status.success(), "{}{told}", String::from_utf8_lossy(&run.stdout));
    let flaky: Vec<&str> = told.lines().filter(|line| line.starts_with("FLAKY")).collect();
    assert_eq!(flaky.len(), 2, "{told}");
    assert!(flaky[0].starts_with("FLAKY 3/3 a guild has its number"), "{told}");
    assert!(flaky[1].starts_with("FLAKY 5/5 a guild has reports"), "{told}");
}

#[tokio::test]
async fn settings_of_the_connections_reach_a_service_over_tcp() {
    let sim = simulator([of("Guild", FaultKind::ResetBeforeHeaders, 1)]);
    let service = sim.start_tcp("127.0.0.1:0").await.unwrap();

    assert_eq!(http_settings::run(&service.base_url(), GUILD).await.unwrap(), name_of(&sim));

    assert_eq!(requests(&sim, "Guild"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_walk_through_the_api_finds_what_the_world_holds_and_is_refused_what_cannot_be_sent() {
    let sim = simulator([]);
    let client = builder_of(&sim).policy(CallPolicy::batch()).build().unwrap();
    let world = sim.world();
    let finished = |report: &&esologs_sim::world::model::Report| {
        report.access == esologs_sim::world::model::Access::Public && report.end_unix_ms < sim.now_unix_ms()
    };
    let report = world.reports_of_guild(GUILD.get()).into_iter().find(finished).unwrap();

    let found = api_tour::run(&client, GUILD, report.code.parse().unwrap()).await.unwrap();

    let members = world.guild(GUILD.get()).unwrap().member_ids.len();
    assert_eq!(found[0], format!("guild: {:?}", Some(name_of(&sim))));
    assert!(
        found.contains(&format!("members: {members}")) && found.contains(&format!("fights: {}", report.fights.len())),
        "{found:?}"
    );
    assert!(found.contains(&"refused: zone_id is -1, but the API takes 1 to 2147483647".to_owned()), "{found:?}");
    assert_eq!(requests(&sim, "GuildZoneRanking"), 0);
}
