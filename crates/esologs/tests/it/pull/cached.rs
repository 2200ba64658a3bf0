//! Pulls with a cache: what was bought is not bought again, and what may have changed is looked at.

use std::path::Path;
use std::time::Duration;

use esologs::pull::{Pull, Summary};
use esologs_sim::Faults;
use esologs_sim::truth::Stream;

use super::files::{assert_part_of, assert_same, files, truth};
use super::wire::{GUILD, Wire, finished, little_world, live};

async fn pull(wire: &Wire, cache: &Path, into: &Path) -> Summary {
    Pull::guild(wire.client_with_cache(cache), GUILD, into).run(|_| {}).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_pull_into_another_folder_costs_the_list_and_what_is_not_final() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let place = |name: &str| folder.path().join(name);
    pull(&wire, &place("cache"), &place("first")).await;

    // The next day, and a month later: then the reports are final, and need not be looked at again.
    for (name, wait) in [("second", 20), ("third", 300)] {
        let (before, sent) = (wire.reached(), wire.asked().len());
        tokio::time::advance(Duration::from_secs(wait * 3_600)).await;
        let summary = pull(&wire, &place("cache"), &place(name)).await;

        let reached = wire.reached_since(&before);
        for code in finished(little_world()) {
            let asked = wire.asked().iter().skip(sent).filter(|asked| asked.code() == code).count();
            assert_eq!(asked, 0, "{name}: {code} was bought again");
        }
        assert_eq!((reached["Guild"], reached["GuildReports"]), (1, 1), "the list is asked for past the cache");
        assert!(summary.complete() >= 3, "{summary:?}");
    }
    let second = files(&place("second").join("data"));
    assert_same(&second, &truth(little_world(), &Stream::DEFAULT), "from the cache, byte for byte");
}

#[tokio::test(start_paused = true)]
async fn a_live_report_is_fetched_anew_by_each_pull_cache_or_not() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let (place, code) = (|name: &str| folder.path().join(name), live(little_world()));
    pull(&wire, &place("cache"), &place("first")).await;
    tokio::time::advance(Duration::from_secs(300)).await;

    pull(&wire, &place("cache"), &place("second")).await;

    let of = |name: &str| files(&place(name).join("live").join(code));
    assert!(of("first") != of("second"), "it has grown in five minutes");
    tokio::time::advance(Duration::from_secs(1)).await;
    let asked = wire.count("ReportEvents", code);
    pull(&wire, &place("cache"), &place("third")).await;
    assert!(wire.count("ReportEvents", code) <= asked + 3);
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_never_makes_a_report_look_complete_while_the_service_is_down() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let place = |name: &str| folder.path().join(name);
    pull(&wire, &place("cache"), &place("first")).await;
    tokio::time::advance(Duration::from_secs(30 * 3_600)).await;

    let broken = wire.mended().instead(|asked| {
        (asked.operation == "Report").then(|| http::Response::builder().status(503).body(bytes::Bytes::new()).unwrap())
    });
    let summary = pull(&broken, &place("cache"), &place("second")).await;

    let (code, data) = (live(little_world()), files(&place("second").join("data")));
    assert!(summary.missing() > 0, "the report that was live must be fetched anew: {summary:?}");
    assert!(!data.keys().any(|path| path.to_string_lossy().contains(code)), "an answer of thirty hours ago is not what is there");
    assert_part_of(&data, &truth(little_world(), &Stream::DEFAULT), "what is there is whole");
}
