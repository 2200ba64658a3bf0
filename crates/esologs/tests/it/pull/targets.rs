//! What a pull can be about beside a guild: named reports, a character, a user; and parts of a list.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use esologs::ErrorKind;
use esologs::pull::{Outcome, Pull, Summary, Target, status, verify};
use esologs_sim::Faults;
use esologs_sim::truth::Stream;
use esologs_sim::world::World;
use esologs_sim::world::model::Access;
use serde_json::{Value, json};

use super::files::{assert_same, files, true_manifest, truth, without};
use super::wire::{GUILD, Wire, archived, finished, little_world, live, new_little_world, page, private, requests};

fn named(wire: &Wire, codes: &[&str], folder: &Path) -> Pull {
    Pull::reports(wire.client(), codes.iter().map(|code| code.parse().unwrap()), folder)
}

async fn run(pull: Pull) -> Summary {
    pull.run(|_| {}).await.unwrap()
}

fn codes(summary: &Summary) -> BTreeSet<&str> {
    summary.reports.iter().map(|report| report.code.as_str()).collect()
}

/// The truth about these reports, without that of the guild.
fn truth_of(codes: &[&str]) -> super::files::Files {
    let others: Vec<&str> = finished(little_world()).into_iter().filter(|code| !codes.contains(code)).collect();
    let mut truth = without(truth(little_world(), &Stream::DEFAULT), &others);
    truth.retain(|path, _| path.starts_with("reports"));
    truth
}

/// A character of a finished report, and the reports in which it can be seen.
fn a_character(world: &World) -> (i64, BTreeSet<&str>) {
    let seen = world.reports.iter().filter(|report| report.access == Access::Public);
    let id =
        seen.flat_map(|report| &report.actors).filter(|actor| !actor.anonymous).find_map(|actor| actor.character_id).unwrap();
    let is_it = |report: &&esologs_sim::world::model::Report| {
        report.access != Access::Private && report.actors.iter().any(|actor| actor.character_id == Some(id) && !actor.anonymous)
    };
    (id, world.reports.iter().filter(is_it).map(|report| report.code.as_str()).collect())
}

#[tokio::test(start_paused = true)]
async fn named_reports_come_home_to_the_letter_and_nothing_is_asked_once_they_are_here() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let wanted = &finished(little_world())[..2];

    let first = run(named(&wire, wanted, folder.path())).await;
    let asked = wire.reached();
    let again = run(named(&wire, wanted, folder.path())).await;

    assert_eq!((first.complete(), first.missing(), first.target), (2, 0, Target::Reports));
    assert!(first.reports.iter().all(|report| !report.title.is_empty() && report.start_time.is_some()), "{first:?}");
    assert_same(&files(&folder.path().join("data")), &truth_of(wanted), "named reports");
    assert!(!asked.contains_key("Guild") && !asked.contains_key("GuildReports"), "{asked:?}");
    assert_eq!((again.complete(), wire.reached_since(&asked)), (2, requests([])));
    assert_eq!(again.reports[0].title, first.reports[0].title);
    assert!(verify(folder.path()).await.unwrap().is_whole());
}

#[tokio::test(start_paused = true)]
async fn other_reports_can_be_named_in_the_same_folder_and_those_that_are_here_stay() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let all = finished(little_world());
    run(named(&wire, &all[..1], folder.path())).await;

    let second = run(named(&wire, &[all[1], all[1]], folder.path())).await;

    assert_eq!((codes(&second), wire.count("Report", all[0])), (BTreeSet::from([all[1]]), 1));
    assert_same(&files(&folder.path().join("data")), &truth_of(&all[..2]), "both");
    let manifest = true_manifest(folder.path());
    assert_eq!(manifest["target"], json!({"kind": "reports", "name": ""}));
    assert_eq!(manifest["kept_from_earlier_pulls"][0]["code"], all[0]);
    let status = status(folder.path()).await.unwrap();
    assert_eq!((status.target, status.reports.len(), status.count("complete")), (Target::Reports, 1, 1));
    assert!(!status.reports[0].title.is_empty());
}

#[tokio::test(start_paused = true)]
async fn named_reports_that_cannot_be_had_are_told_with_the_reason_and_a_live_one_is_fetched_anew_each_time() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let world = little_world();
    let wanted = [private(world), archived(world), live(world), "zzzzzzzzzzzzzzzz"];

    let summary = run(named(&wire, &wanted, folder.path())).await;
    run(named(&wire, &wanted, folder.path())).await;

    let outcomes: Vec<&str> = summary.reports.iter().map(|report| report.outcome.name()).collect();
    assert_eq!(outcomes, ["not_visible", "archived", "live", "not_visible"]);
    assert!(folder.path().join("live").join(live(world)).is_dir());
    let bought: Vec<usize> = wanted.iter().map(|code| wire.count("Report", code)).collect();
    assert_eq!(bought, [1, 1, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_named_report_that_was_broken_off_is_taken_up_where_it_was() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let code = finished(little_world())[0];
    let broken = wire.mended().instead(|asked| (asked.variables["dataType"] == "DamageDone").then(|| page(501)));
    let first = run(named(&broken, &[code], folder.path())).await;
    assert!(matches!(first.reports[0].outcome, Outcome::Failed(_)), "{first:?}");

    let second = run(named(&wire, &[code], folder.path())).await;

    assert_eq!((second.complete(), wire.count("Report", code), broken.count("Report", code)), (1, 0, 1));
    assert_same(&files(&folder.path().join("data")), &truth_of(&[code]), "taken up");
}

#[tokio::test(start_paused = true)]
async fn a_character_brings_the_reports_in_which_it_can_be_seen() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let (id, seen) = a_character(little_world());

    let summary = run(Pull::character(wire.client(), id, folder.path())).await;
    let asked = wire.reached();
    let again = run(Pull::character(wire.client(), id, folder.path())).await;

    assert_eq!((codes(&summary), summary.missing(), summary.target), (seen.clone(), 0, Target::Character(id.into())));
    assert!(!summary.target_name.is_empty());
    let told: Value = serde_json::from_slice(&fs::read(folder.path().join("data/character.json")).unwrap()).unwrap();
    assert_eq!((told["id"].as_i64(), told["name"].as_str()), (Some(id), Some(summary.target_name.as_str())));
    let here: Vec<&str> = finished(little_world()).into_iter().filter(|code| seen.contains(code)).collect();
    assert!(!here.is_empty());
    let mut found = files(&folder.path().join("data"));
    found.remove(Path::new("character.json"));
    assert_same(&found, &truth_of(&here), "reports of a character");
    assert_eq!((again.complete(), wire.reached_since(&asked)), (summary.complete(), requests([("CharacterReports", 1)])));
    assert!(verify(folder.path()).await.unwrap().is_whole());
}

#[tokio::test(start_paused = true)]
async fn a_span_and_a_zone_hold_for_a_character_though_the_service_knows_neither() {
    let (id, seen) = a_character(little_world());
    let mut starts: Vec<(i64, i64, &str)> = little_world()
        .reports
        .iter()
        .filter(|report| seen.contains(report.code.as_str()))
        .map(|report| (report.start_unix_ms, report.zone_id, report.code.as_str()))
        .collect();
    starts.sort_unstable();
    let (middle, zone, code) = starts[starts.len() / 2];
    let wire = Wire::to(little_world(), Faults::none());
    let pull = || Pull::character(wire.client(), id, tempfile::tempdir().unwrap().keep());

    let later = run(pull().since(esologs::UnixMillis::new(middle))).await;
    let before = run(pull().until(esologs::UnixMillis::new(middle))).await;
    let of_zone = run(pull().zone(zone)).await;
    let elsewhere = run(pull().zone(999_999)).await;

    let of = |wanted: &dyn Fn(&(i64, i64, &'static str)) -> bool| {
        starts.iter().filter(|report| wanted(report)).map(|report| report.2).collect::<BTreeSet<&str>>()
    };
    assert_eq!(codes(&later), of(&|report| report.0 >= middle));
    assert_eq!(codes(&before), of(&|report| report.0 < middle));
    assert!(codes(&of_zone).contains(code) && codes(&of_zone) == of(&|report| report.1 == zone));
    assert_eq!((elsewhere.reports.len(), elsewhere.list_total), (0, Some(0)));
    for summary in [later, before, of_zone, elsewhere] {
        fs::remove_dir_all(summary.folder).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_user_brings_the_reports_that_the_user_has_uploaded() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let world = little_world();
    let owner = world.report(finished(world)[0]).unwrap().owner.0;
    let uploaded: BTreeSet<&str> =
        world.reports.iter().filter(|report| report.owner.0 == owner).map(|report| report.code.as_str()).collect();

    let summary = run(Pull::user(wire.client(), owner, folder.path())).await;
    let asked = wire.reached();
    let again = run(Pull::user(wire.client(), owner, folder.path())).await;

    assert!(codes(&summary).is_subset(&uploaded) && summary.complete() > 0 && summary.missing() == 0, "{summary:?}");
    assert_eq!((again.complete(), wire.reached_since(&asked)), (summary.complete(), requests([("Reports", 1)])));
    let here: Vec<&str> = finished(world).into_iter().filter(|code| uploaded.contains(code)).collect();
    assert_same(&files(&folder.path().join("data")), &truth_of(&here), "reports of a user");
}

#[tokio::test(start_paused = true)]
async fn a_character_or_a_user_that_is_not_there_is_told_and_leaves_nothing_but_the_lock() {
    let wire = Wire::to(little_world(), Faults::none());
    for pull in [Pull::character, Pull::user] as [fn(_, i64, std::path::PathBuf) -> Pull; 2] {
        let folder = tempfile::tempdir().unwrap();

        let error = pull(wire.client(), 999_999, folder.path().to_owned()).run(|_| {}).await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::NotVisible, "{error:?}");
        assert!(error.to_string().contains("999999"), "{error}");
        assert_eq!(files(folder.path()).keys().collect::<Vec<_>>(), [Path::new(".lock")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_folder_belongs_to_one_target_and_another_is_told_so_before_anything_is_asked() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    run(named(&wire, &finished(little_world())[..1], folder.path())).await;
    let (asked, before) = (wire.asked().len(), files(folder.path()));

    for (pull, other) in [
        (wire.pull(&folder), "guild 3468"),
        (Pull::user(wire.client(), 7, folder.path()), "user 7"),
        (Pull::character(wire.client(), 8, folder.path()), "character 8"),
    ] {
        let error = pull.run(|_| {}).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LocalFile);
        assert!(error.to_string().contains(&format!("is of named reports, not of {other}")), "{error}");
    }

    assert_eq!(wire.asked().len(), asked);
    assert_same(&files(folder.path()), &before, "another's folder");
}

#[tokio::test(start_paused = true)]
async fn the_newest_reports_are_asked_for_and_paid_for_alone_and_the_rest_comes_when_it_is_wanted() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let newest = little_world().reports_of_guild(GUILD).into_iter().take(3).map(|report| report.code.as_str());

    let first = run(wire.pull(&folder).last(3)).await;
    let lists: Vec<Value> = wire
        .asked()
        .iter()
        .filter(|asked| asked.operation == "GuildReports")
        .map(|asked| asked.variables["limit"].clone())
        .collect();
    let asked = wire.reached();
    run(wire.pull(&folder).last(3)).await;
    let again = wire.reached_since(&asked);
    let all = run(wire.pull(&folder)).await;

    assert_eq!((codes(&first), lists), (newest.collect(), vec![json!(3)]));
    assert_eq!(again.get("GuildReports"), Some(&1), "{again:?}");
    assert_eq!((all.complete(), all.missing()), (3, 0));
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "all of them");
    assert!(verify(folder.path()).await.unwrap().is_whole());
}

#[tokio::test(start_paused = true)]
async fn a_zone_brings_its_reports_and_another_zone_or_none_brings_the_rest() {
    let mut world = new_little_world();
    let code = finished(&world)[0].to_owned();
    let (mine, other) = (world.zones[0].id, world.zones[1].id);
    for report in &mut world.reports {
        report.zone_id = if report.code == code { mine } else { other };
    }
    let world = std::sync::Arc::new(world);
    let (wire, folder) = (Wire::to(&world, Faults::none()), tempfile::tempdir().unwrap());

    let first = run(wire.pull(&folder).zone(mine)).await;
    let second = run(wire.pull(&folder).zone(other)).await;
    let all = run(wire.pull(&folder)).await;

    assert_eq!(codes(&first), BTreeSet::from([code.as_str()]));
    assert!(!codes(&second).contains(code.as_str()) && second.complete() == 2, "{second:?}");
    assert_eq!((all.complete(), wire.count("Report", &code)), (3, 1));
    assert_same(&files(&folder.path().join("data")), &truth(&world, &Stream::DEFAULT), "zone by zone");
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_counts_the_requests_of_each_target() {
    let world = little_world();
    let (wire, (character, _)) = (Wire::to(world, Faults::none()), a_character(world));
    let owner = world.report(finished(world)[0]).unwrap().owner.0;
    let empty = || tempfile::tempdir().unwrap().keep();
    for (pull, asks) in [
        (named(&wire, &finished(world)[..2], &empty()).streams([]), requests([])),
        (Pull::character(wire.client(), character, empty()).streams([]), requests([("Character", 1), ("CharacterReports", 1)])),
        (Pull::user(wire.client(), owner, empty()).streams([]), requests([("Reports", 1)])),
    ] {
        let before = wire.reached();
        let dry = pull.dry_run().await.unwrap();
        let asked = wire.reached_since(&before);
        let before = wire.asked().len();
        let summary = run(pull).await;

        assert_eq!(asked, asks, "{:?}", dry.target);
        let (low, high) = (*dry.forecast.requests.start() as usize, *dry.forecast.requests.end() as usize);
        let truth = wire.asked().len() - before;
        assert!(low <= truth && truth <= high && dry.to_fetch > 0, "{dry:?}: {truth} were asked");
        fs::remove_dir_all(summary.folder).unwrap();
    }
}
