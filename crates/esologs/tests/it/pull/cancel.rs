//! Pulls that are dropped in the middle.

use std::path::Path;
use std::time::Duration;

use esologs::pull::EventStream;
use esologs_sim::Faults;
use esologs_sim::truth::Stream;
use tokio::time::timeout;

use super::files::{Files, assert_part_of, assert_same, assert_tidy, files, true_manifest, truth};
use super::wire::{Wire, little_world, paged_world};

/// Every request takes so long, so that there are moments between.
const LATENCY: Duration = Duration::from_millis(50);

/// What a dropped pull left is true; how many reports are there.
fn assert_what_is_there_is_whole(root: &Path, truth: &Files, what: &str) -> usize {
    if root.join("manifest.json").exists() {
        true_manifest(root);
    }
    assert_part_of(&files(&root.join("data")), truth, what)
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_is_dropped_at_any_moment_leaves_whole_reports_only_and_the_next_one_completes_it() {
    let truth = truth(little_world(), &Stream::DEFAULT);
    let mut left = Vec::new();
    for seed in 0..30 {
        let mut random = fastrand::Rng::with_seed(seed);
        let folder = tempfile::tempdir().unwrap();
        // A pull takes about 750 ms (2 requests, then 5 reports of 4 requests, two at a time), longer with faults.
        let faults = if seed % 3 == 0 { Faults::mixed(0.2, seed) } else { Faults::none() };
        let wire = Wire::to(little_world(), faults).slow(LATENCY);
        let moment = Duration::from_micros(random.u64(0..900_000));

        let _ = timeout(moment, wire.pulled(&folder)).await;

        left.push(assert_what_is_there_is_whole(folder.path(), &truth, &format!("seed {seed}, dropped at {moment:?}")));
        wire.sim.set_faults(Faults::none());
        let rerun = wire.mended();
        let summary = rerun.pulled(&folder).await;
        assert_eq!((summary.complete(), summary.missing()), (3, 0), "seed {seed}: {summary:?}");
        assert_same(&files(&folder.path().join("data")), &truth, &format!("seed {seed}, completed"));
        assert_eq!(true_manifest(folder.path())["all_that_can_be_had_is_here"], true);
        assert_tidy(folder.path());
        // What was finished is not bought again: 4 requests at most for each of the rest and the live report, 1 for the private one.
        let bought = rerun.asked().len();
        assert!(bought <= 2 + 4 * (3 - left.last().unwrap()) + 4 + 1, "seed {seed}: {bought}");
    }
    let spread = [left.contains(&0), left.iter().any(|count| (1..3).contains(count)), left.contains(&3)];
    assert_eq!(spread, [true; 3], "the moments were not all over the pull: {left:?}");
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_is_dropped_again_and_again_ends_equal_to_the_truth() {
    let truth = truth(paged_world(), &[Stream::Damage, Stream::All]);
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::to(paged_world(), Faults::none()).slow(LATENCY);
    let pull = || wire.pull(&folder).streams([EventStream::Damage, EventStream::All]).concurrency(1);

    let mut drops = 0;
    let summary = loop {
        // A little more patience each time, so that it comes to an end.
        match timeout(LATENCY * (3 + drops), pull().run(|_| {})).await {
            Ok(summary) => break summary.unwrap(),
            Err(_) => {
                drops += 1;
                assert_what_is_there_is_whole(folder.path(), &truth, &format!("drop {drops}"));
            }
        }
        assert!(drops < 100, "it does not come to an end");
    };

    assert!(drops >= 5, "it was dropped {drops} times only");
    assert_eq!((summary.complete(), summary.missing()), (3, 0));
    assert_same(&files(&folder.path().join("data")), &truth, "in the end");
    true_manifest(folder.path());
}

#[tokio::test(start_paused = true)]
async fn a_dropped_pull_lets_go_of_the_folder() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()).slow(LATENCY), tempfile::tempdir().unwrap());
    let mut pull = Box::pin(wire.pulled(&folder));
    assert!(timeout(LATENCY * 5, &mut pull).await.is_err());
    assert!(wire.pull(&folder).run(|_| {}).await.unwrap_err().to_string().contains("another pull is working"));

    drop(pull);

    assert_eq!(wire.mended().pulled(&folder).await.missing(), 0);
}
