//! The library against the simulator in the same process, in virtual time: the second opinion on what the service does.

use std::fs;
use std::time::Duration;

use esologs::{CallPolicy, EventDataType, ReportCode};
use esologs_sim::truth::{self, Stream};
use esologs_sim::world::{Size, WorldConfig};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator};
use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::support::in_process::{builder_of, client_of};

/// A small world with these faults.
fn simulator(seed: u64, faults: Faults) -> Simulator {
    Simulator::builder()
        .world_config(WorldConfig { seed, size: Size::Small })
        .start_unix_ms(1_790_000_000_000)
        .faults(faults)
        .build()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_event_of_a_guild_comes_as_in_the_worlds_own_truth_through_mixed_faults() {
    for seed in 1..=3 {
        let sim = simulator(seed, Faults::mixed(0.2, seed));
        let guild = sim.world().guilds[0].id;
        let folder = tempfile::tempdir().unwrap();
        truth::write(sim.world(), guild, &Stream::DEFAULT, folder.path()).unwrap();
        let client = client_of(&sim, CallPolicy::batch());

        let mut finished = 0;
        let mut pages = Box::pin(client.guild(guild).reports().per_page(2).pages());
        let mut codes: Vec<ReportCode> = Vec::new();
        while let Some(page) = pages.next().await {
            codes.extend(page.unwrap().data.into_iter().flatten().map(|report| report.code));
        }
        for code in codes {
            let reference = folder.path().join("reports").join(code.to_folder_name());
            if !reference.is_dir() {
                continue;
            }
            finished += 1;
            let report = client.report(code.clone()).get().await.unwrap();
            let fights = report.value().fights.iter().flatten().count();
            assert_eq!(fights, lines(&reference.join("fights.jsonl")).len(), "fights of {code}, seed {seed}");
            for (data_type, file) in [
                (EventDataType::Deaths, "deaths.jsonl"),
                (EventDataType::DamageDone, "damage.jsonl"),
                (EventDataType::Healing, "healing.jsonl"),
            ] {
                let events: Vec<_> =
                    client.report(code.clone()).events(data_type).per_page(100).stream().try_collect().await.unwrap();
                let events: Vec<&str> = events.iter().map(|event| event.get()).collect();
                assert_eq!(events, lines(&reference.join("events").join(file)), "{file} of {code}, seed {seed}");
            }
        }
        assert!(finished > 0, "the world of seed {seed} has no finished report");
        assert!(sim.stats().faults_total >= 8, "only {} faults struck", sim.stats().faults_total);
    }
}

fn lines(path: &std::path::Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_fault_is_outlived_by_a_batch_call_or_named_for_what_it_is() {
    use esologs::ErrorKind as E;
    for kind in FaultKind::ALL {
        let fault = ScriptedFault::new(On::Operation("RateLimit".to_owned()), *kind).status(503);
        let sim = simulator(1, Faults::none().with(fault));
        let client = client_of(&sim, CallPolicy::batch());

        let outcome = client.rate_limit().await;

        let expected = match kind {
            FaultKind::Banned => Some(E::Forbidden),
            FaultKind::Challenge => Some(E::CdnBlocked),
            FaultKind::NotFound | FaultKind::Redirect => Some(E::Upstream),
            _ => None,
        };
        assert_eq!(outcome.as_ref().err().map(esologs::Error::kind), expected, "{kind}: {outcome:?}");
        // String scalars and cut lists have nothing to strike in this answer.
        assert!(sim.stats().requests >= 2, "{kind}: {:?}", sim.stats());
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_dies_in_the_middle_of_a_pull_costs_one_refresh() {
    let sim = simulator(1, Faults::none());
    let client = client_of(&sim, CallPolicy::interactive());
    client.rate_limit().await.unwrap();
    sim.revoke_tokens();

    client.rate_limit().await.unwrap();

    let stats = sim.stats();
    assert_eq!((stats.tokens_issued, stats.by_status[&401]), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn without_a_ledger_a_refusal_for_points_is_waited_for_until_the_window_ends() {
    let sim = Simulator::builder().limit(20).window(Duration::from_secs(600)).start_unix_ms(1_790_000_000_000).build().unwrap();
    let client = builder_of(&sim).policy(CallPolicy::batch()).without_ledger().build().unwrap();
    let started = tokio::time::Instant::now();

    while sim.stats().refused_for_points == 0 {
        client.rate_limit().await.unwrap();
    }

    assert!(
        started.elapsed() >= Duration::from_secs(590),
        "the answer came after {:?}, before the window's end",
        started.elapsed()
    );
    assert!(sim.stats().refused_for_points <= 2, "{} requests against a spent budget", sim.stats().refused_for_points);
}

#[tokio::test(start_paused = true)]
async fn points_seen_are_the_points_that_the_service_charged() {
    let sim = simulator(1, Faults::none());
    let client = client_of(&sim, CallPolicy::interactive());
    for _ in 0..10 {
        client.rate_limit().await.unwrap();
    }

    let seen = client.points_seen().unwrap();

    let charged = sim.stats().points_spent;
    assert!((seen.last.points_spent_this_hour.get() - charged).abs() < 0.01, "{seen:?}, charged {charged}");
}
