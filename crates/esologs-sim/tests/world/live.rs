//! A live report grows.

use esologs_sim::world::model::{Access, Report};
use esologs_sim::world::{EventFilter, SEGMENT_MS, Size, World};

use crate::helpers::{NOW, events_of, timestamp_of, world};

fn live(world: &World) -> &Report {
    world.reports.iter().find(|report| report.access == Access::Live).unwrap()
}

#[test]
fn a_live_report_grows_segment_by_segment_and_then_stands_still() {
    let world = world(Size::Demo, 3);
    let report = live(&world);
    let after_end = report.end_unix_ms + 1;
    let mut before = report.view(NOW);
    assert!(before.segments > 200, "70 minutes of segments of 20 s");
    assert_eq!(before.revision, before.segments);
    assert_eq!(before, report.view(NOW), "the same moment, the same answer");

    let mut now = NOW;
    while now < after_end {
        now += SEGMENT_MS;
        let view = report.view(now);
        assert!(
            view.segments > before.segments && view.revision > before.revision && view.until > before.until || now > after_end
        );
        assert!(view.fights >= before.fights);
        assert_eq!(view.end_unix_ms, report.start_unix_ms + view.until);
        before = view;
    }

    let last = report.view(after_end + 86_400_000);
    assert_eq!(last, report.view(after_end));
    assert_eq!((last.end_unix_ms, last.fights), (report.end_unix_ms, report.fights.len()));
}

#[test]
fn a_live_report_shows_no_event_that_is_not_uploaded() {
    let world = world(Size::Demo, 3);
    let report = live(&world);
    let fight = &report.fights[2..].iter().find(|fight| fight.end - fight.start > 5_000).unwrap();
    // A moment at which some of the fight is uploaded: its view ends within it.
    let middle = (fight.start..fight.end).find(|until| until % SEGMENT_MS == 0).unwrap_or(fight.end);
    let view = report.view(report.start_unix_ms + middle);

    let page = report.events().page(report, &EventFilter::default(), 0.0, 1e9, view.until, usize::MAX);

    assert!(page.count > 0 && page.count < report.events().len());
    assert!(events_of(&page).iter().all(|event| timestamp_of(event) <= view.until));
    assert!(view.fights(report).iter().all(|fight| fight.start <= view.until));
    assert!(view.fights(report).iter().rev().skip(1).all(|fight| !view.in_progress(fight)), "only the last can be in progress");
}

#[test]
fn a_fight_that_is_cut_by_the_upload_is_in_progress() {
    let world = World::from_toml(
        "[[guild]]\nid = 1\nname = \"A\"\n[[report]]\naccess = \"live\"\nfights = 1\ncombat_seconds = 600.0",
        NOW,
    )
    .unwrap();
    let report = live(&world);
    let fight = &report.fights[0];
    let view = report.view(report.start_unix_ms + fight.start + 60_000);

    assert!(view.in_progress(fight));
    assert_eq!(view.fight_end(fight), view.until);
    assert!(!report.view(report.end_unix_ms).in_progress(fight));
}

#[test]
fn a_finished_report_is_the_same_at_any_time() {
    let world = world(Size::Small, 3);
    let report = world.reports.iter().find(|report| report.access == Access::Public).unwrap();

    assert_eq!(report.view(0), report.view(NOW));
    assert_eq!(report.view(NOW).fights, report.fights.len());
    assert_eq!(report.view(NOW).revision, report.revision);
}
