//! Twenty small worlds, one request in five spoilt: each comes home equal to its ground truth.

use std::path::Path;

use esologs::pull::Pull;
use esologs::{CallPolicy, Client, Credentials, Endpoint};
use esologs_sim::truth::Stream;
use esologs_sim::world::{Size, WorldConfig};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Faults, Simulator};

use crate::support::{GUILD, assert_same, files, truth_of};

const SEEDS: std::ops::Range<u64> = 100..120;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_worlds_with_every_fifth_request_spoilt_come_home_equal_to_the_truth() {
    let root = tempfile::tempdir().unwrap();
    // At the same time: they mostly wait.
    let pulls: Vec<_> = SEEDS.map(|seed| tokio::spawn(pull(seed, root.path().join(seed.to_string())))).collect();
    let mut faults = 0;
    for pull in pulls {
        faults += pull.await.unwrap();
    }
    assert!(faults > 60, "only {faults} faults were made; the test proves little");
}

/// Pulls a world and compares; tells how many faults there were.
async fn pull(seed: u64, folder: impl AsRef<Path>) -> u64 {
    let world = WorldConfig { seed, size: Size::Small };
    let simulator = Simulator::builder().world_config(world).faults(Faults::mixed(0.2, seed)).build().unwrap();
    let running = simulator.start_tcp(("127.0.0.1", 0)).await.unwrap();
    let client = Client::builder()
        .endpoint(Endpoint::new(&running.base_url()).unwrap())
        .credentials(Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET).unwrap())
        .policy(CallPolicy::batch())
        .seed(seed)
        .without_request_rate()
        .build()
        .unwrap();

    let summary = Pull::guild(client, GUILD.parse::<i64>().unwrap(), folder.as_ref()).run(|_| {}).await.unwrap();

    assert!(summary.ended_early.is_none() && summary.missing() == 0, "seed {seed}: {summary:?}");
    assert_same(&files(&folder.as_ref().join("data")), &truth_of(&simulator, &Stream::DEFAULT));
    simulator.stats().faults_total
}
