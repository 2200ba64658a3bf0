//! What the site makes of reports, fetched beside their events.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use esologs::pull::{EventStream, GapKind, Pull, ReportExtra, status, verify};
use esologs_sim::truth::{self, Contents, Extra, Stream};
use esologs_sim::world::World;
use esologs_sim::{FaultKind, Faults};
use tokio::time::timeout;

use super::files::{Files, assert_same, assert_tidy, copied, files, lines, manifest, true_manifest};
use super::wire::{Asked, GUILD, Wire, finished, little_world, requests};

const LATENCY: Duration = Duration::from_millis(50);
/// The files of extras in a report's folder.
const EXTRA_FILES: [&str; 3] = ["player-details.json", "rankings.json", "tables.jsonl"];

/// What a perfect pull with deaths and all extras would have under `data/`.
fn whole(world: &World) -> Files {
    let folder = tempfile::tempdir().unwrap();
    truth::write_with(
        world,
        GUILD,
        Contents { streams: &[Stream::Deaths], extras: &Extra::EVERY, ..Contents::default() },
        folder.path(),
    )
    .unwrap();
    files(folder.path())
}

fn with_extras(wire: &Wire, folder: impl AsRef<Path>) -> Pull {
    wire.pull(folder).streams([EventStream::Deaths]).extras(ReportExtra::EVERY).attendance()
}

fn data(folder: &tempfile::TempDir) -> Files {
    files(&folder.path().join("data"))
}

/// Requests for tables: the live report has as many fights as were over by then.
fn tables_of(wire: &Wire) -> u64 {
    3 * 5 + wire.count("ReportTable", super::wire::live(little_world())) as u64
}

fn question(asked: &Asked) -> String {
    format!("{} {}", asked.operation, asked.variables)
}

#[tokio::test(start_paused = true)]
async fn extras_equal_the_truth_and_a_rerun_asks_for_the_list_only() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());

    let summary = with_extras(&wire, &folder).run(|_| {}).await.unwrap();

    assert_eq!((summary.complete(), summary.missing()), (3, 0), "{summary:?}");
    assert_same(&data(&folder), &whole(little_world()), "all extras");
    // Of three finished reports and the live one, each of five fights.
    let extras = [("ReportPlayerDetails", 4), ("ReportRankings", 4), ("ReportTable", tables_of(&wire))];
    let [details, rankings, tables] = extras;
    let guild = [("Guild", 1), ("GuildReports", 1), ("GuildAttendance", 1)];
    let [guild, list, attendance] = guild;
    assert_eq!(
        wire.reached(),
        requests([guild, list, attendance, ("Report", 5), ("ReportEvents", 4), details, rankings, tables])
    );
    assert!(finished(little_world()).iter().all(|code| wire.count("ReportTable", code) == 5));
    let manifest = true_manifest(folder.path());
    assert_eq!(manifest["extras"], serde_json::json!(["player-details", "rankings", "tables", "attendance"]));
    assert_tidy(folder.path());

    let rerun = wire.mended();
    with_extras(&rerun, &folder).run(|_| {}).await.unwrap();
    let operations: Vec<String> = rerun.asked().into_iter().map(|asked| asked.operation).collect();
    assert_eq!(operations, ["GuildReports"]);
}

#[tokio::test(start_paused = true)]
async fn extras_equal_the_truth_through_mixed_faults_and_in_strings() {
    let whole = whole(little_world());
    let faults = (1..=4).map(|seed| Faults::mixed(0.3, seed)).chain([Faults::only(FaultKind::StringScalars, 1.0, 1)]);
    for (number, faults) in faults.enumerate() {
        let (wire, folder) = (Wire::to(little_world(), faults), tempfile::tempdir().unwrap());

        let summary = with_extras(&wire, &folder).run(|_| {}).await.unwrap();

        assert_eq!((summary.complete(), summary.missing()), (3, 0), "faults {number}: {summary:?}");
        assert_same(&data(&folder), &whole, &format!("faults {number}"));
        assert!(wire.sim.stats().faults_total >= 5, "faults {number}: hardly any struck");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pull_with_extras_that_is_stopped_at_any_moment_asks_for_nothing_again_that_was_answered() {
    let whole = whole(little_world());
    let mut stops = 0;
    for seed in 0..12 {
        let moment = Duration::from_micros(fastrand::Rng::with_seed(seed).u64(100_000..900_000));
        let (wire, folder) = (Wire::to(little_world(), Faults::none()).slow(LATENCY), tempfile::tempdir().unwrap());
        stops += usize::from(timeout(moment, with_extras(&wire, &folder).run(|_| {})).await.is_err());
        let rerun = wire.mended();

        with_extras(&rerun, &folder).run(|_| {}).await.unwrap();

        // The live report may have changed in the meantime: it is fetched anew.
        let live = super::wire::live(little_world());
        let questions =
            |asked: Vec<Asked>| -> BTreeSet<String> { asked.iter().filter(|asked| asked.code() != live).map(question).collect() };
        let (first, second) = (questions(wire.asked()), questions(rerun.asked()));
        let again: Vec<&String> = first.intersection(&second).collect();
        assert!(again.is_empty(), "seed {seed}, stopped at {moment:?}: {again:#?}");
        assert_same(&data(&folder), &whole, &format!("seed {seed}"));
    }
    assert!(stops >= 8, "it was stopped {stops} times only");
}

#[tokio::test(start_paused = true)]
async fn extras_that_are_asked_for_later_leave_events_alone_and_stay_when_they_are_asked_for_no_more() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams([EventStream::Deaths]).run(|_| {}).await.unwrap();
    assert!(!folder.path().join(format!("data/reports/{}/tables.jsonl", finished(little_world())[0])).exists());
    let later = wire.mended();

    with_extras(&later, &folder).run(|_| {}).await.unwrap();
    let without = wire.mended();
    without.pull(&folder).streams([EventStream::Deaths]).run(|_| {}).await.unwrap();

    for code in finished(little_world()) {
        assert_eq!((later.count("ReportEvents", code), later.count("ReportTable", code)), (0, 5), "{code}");
        assert_eq!(without.asked().iter().filter(|asked| asked.code() == code).count(), 0, "{code}");
    }
    assert_same(&data(&folder), &whole(little_world()), "asked for later");
}

#[tokio::test(start_paused = true)]
async fn an_extra_that_was_begun_and_is_asked_for_no_more_does_not_come_with_the_report() {
    let (folder, code) = (tempfile::tempdir().unwrap(), finished(little_world())[0]);
    let wire = Wire::to(little_world(), Faults::none())
        .instead(move |asked| (asked.is("ReportTable", code) && asked.number > 12).then(super::wire::cut_json));
    let cut = with_extras(&wire, &folder).concurrency(1).run(|_| {}).await.unwrap();
    assert_eq!(cut.missing(), 1, "{cut:?}");

    wire.mended().pull(&folder).streams([EventStream::Deaths]).run(|_| {}).await.unwrap();

    assert!(!folder.path().join(format!("data/reports/{code}/tables.jsonl")).exists());
    assert_eq!(verify(folder.path()).await.unwrap().gaps, []);
}

#[tokio::test(start_paused = true)]
async fn null_and_no_fights_are_answers() {
    let nothing = |asked: &Asked, text: String| match asked.operation.as_str() {
        "ReportRankings" => text.replacen(
            &text[text.find(r#""rankings":"#).unwrap()..text.find(r#"},"rateLimitData"#).unwrap()],
            r#""rankings":null}"#,
            1,
        ),
        _ => text,
    };
    let (wire, folder) = (Wire::to(little_world(), Faults::none()).edited(nothing), tempfile::tempdir().unwrap());

    let summary = with_extras(&wire, &folder).run(|_| {}).await.unwrap();

    assert_eq!((summary.complete(), summary.missing()), (3, 0), "{summary:?}");
    for code in finished(little_world()) {
        assert_eq!(lines(&folder.path().join(format!("data/reports/{code}/rankings.json"))), ["null"]);
    }
}

#[tokio::test(start_paused = true)]
async fn verify_finds_a_cut_a_changed_and_a_missing_extra_and_status_tells_what_is_not_here() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    with_extras(&wire, &folder).run(|_| {}).await.unwrap();
    assert_eq!(verify(folder.path()).await.unwrap().gaps, []);
    let report = format!("data/reports/{}", finished(little_world())[1]);

    for file in EXTRA_FILES {
        for (kind, damage) in [
            (GapKind::Changed, cut_last_line as fn(&Path)),
            (GapKind::Changed, turn_a_bit),
            (GapKind::Missing, |path| fs::remove_file(path).unwrap()),
        ] {
            let damaged = copied(folder.path());
            damage(&damaged.path().join(&report).join(file));

            let gaps = verify(damaged.path()).await.unwrap().gaps;

            assert_eq!(gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(), [kind], "{file}: {gaps:?}");
            assert!(gaps[0].path.ends_with(file), "{gaps:?}");
        }
        let without = copied(folder.path());
        fs::remove_file(without.path().join(&report).join(file)).unwrap();
        let told = status(without.path()).await.unwrap();
        assert_eq!((told.count("complete"), told.missing()), (2, 1), "{file}");
    }
}

fn cut_last_line(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let end = text.trim_end().rfind('\n').map_or(0, |end| end + 1);
    fs::write(path, &text[..end]).unwrap();
}

fn turn_a_bit(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_of_an_extra_is_fetched_again_and_nothing_else() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    with_extras(&wire, &folder).run(|_| {}).await.unwrap();
    let code = finished(little_world())[1];
    fs::remove_file(folder.path().join(format!("data/reports/{code}/tables.jsonl"))).unwrap();
    let rerun = wire.mended();

    with_extras(&rerun, &folder).run(|_| {}).await.unwrap();

    let mut asked: Vec<String> = rerun.asked().into_iter().map(|asked| asked.operation).collect();
    asked.sort();
    asked.dedup();
    assert_eq!(asked, ["GuildReports", "Report", "ReportTable"]);
    assert_same(&data(&folder), &whole(little_world()), "fetched again");
}

#[tokio::test(start_paused = true)]
async fn the_dry_run_counts_extras() {
    let dry = |extras: &'static [ReportExtra]| async move {
        let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
        wire.pull(&folder).extras(extras.iter().copied()).dry_run().await.unwrap().forecast
    };

    let (plain, single, tables) = (dry(&[]).await, dry(&[ReportExtra::Rankings]).await, dry(&[ReportExtra::Tables]).await);

    // Four reports that can be had; by fight nobody knows how many before the first is here.
    assert_eq!((single.requests.start() - plain.requests.start(), single.requests.end() - plain.requests.end()), (4, 4));
    assert!(tables.requests.end() > single.requests.end(), "{tables:?}");
    assert!(tables.points.end() > single.points.end(), "{tables:?}");
}

#[tokio::test(start_paused = true)]
async fn once_reports_are_here_the_dry_run_holds_what_the_rest_takes_with_extras() {
    let report = |number: u32| format!("[[report]]\nevents = {}\nfights = {}\n", 200 + 37 * number, 4 + number % 5);
    let toml = format!("seed = 5\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{}", (0..24).map(report).collect::<String>());
    let world = Arc::new(World::from_toml(&toml, super::wire::NOW).unwrap());
    let (wire, folder) = (Wire::to(&world, Faults::none()), tempfile::tempdir().unwrap());
    let client = wire.client();
    let pull = || Pull::guild(client.clone(), GUILD, folder.path()).extras(ReportExtra::EVERY).attendance();
    let middle = world.reports_of_guild(GUILD)[12].start_unix_ms;
    pull().until(esologs::UnixMillis::new(middle)).run(|_| {}).await.unwrap();

    let forecast = pull().dry_run().await.unwrap().forecast;
    let before = wire.sim.stats();
    pull().run(|_| {}).await.unwrap();

    let after = wire.sim.stats();
    let (requests, points) = (after.executed - before.executed, after.points_spent - before.points_spent);
    assert!(forecast.requests.contains(&requests), "{requests} requests, {forecast:?}");
    assert!((forecast.points.start().get()..=forecast.points.end().get()).contains(&points), "{points} points, {forecast:?}");
    let half_width = (forecast.points.end().get() - forecast.points.start().get())
        / (forecast.points.end().get() + forecast.points.start().get());
    assert!(half_width <= 0.25, "± {half_width}: {forecast:?}");
}

/// So many finished reports.
fn world_of(reports: usize) -> Arc<World> {
    let report = |number: usize| {
        format!("[[report]]\nevents = 100\nfights = 2\nstart_unix_ms = {}\n", 1_780_000_000_000 + 100_000_000 * number as u64)
    };
    let reports: String = (0..reports).map(report).collect();
    Arc::new(
        World::from_toml(&format!("seed = 5\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{reports}"), super::wire::NOW)
            .unwrap(),
    )
}

fn attendance_of(world: &World) -> Files {
    let folder = tempfile::tempdir().unwrap();
    truth::write_with(world, GUILD, Contents { extras: &[Extra::Attendance], ..Contents::default() }, folder.path()).unwrap();
    files(folder.path())
}

#[tokio::test(start_paused = true)]
async fn who_was_there_is_asked_for_again_where_a_report_has_come_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let mut asked = Vec::new();

    for reports in [3, 3, 4, 4] {
        let world = world_of(reports);
        let wire = Wire::to(&world, Faults::none());
        wire.pull(&folder).streams([]).attendance().run(|_| {}).await.unwrap();
        assert_same(&data(&folder), &attendance_of(&world), &format!("{reports} reports"));
        asked.push(wire.count("GuildAttendance", ""));
    }

    assert_eq!(asked, [1, 0, 1, 0]);
    assert_eq!(verify(folder.path()).await.unwrap().gaps, []);
}

#[tokio::test(start_paused = true)]
async fn where_who_was_there_cannot_be_had_the_reports_are_here_and_the_pull_tells_it() {
    let folder = tempfile::tempdir().unwrap();
    let broken = Wire::to(little_world(), Faults::none())
        .instead(|asked| (asked.operation == "GuildAttendance").then(super::wire::cut_json));

    let summary = broken.pull(&folder).streams([]).attendance().run(|_| {}).await.unwrap();

    assert_eq!((summary.complete(), summary.missing()), (3, 0));
    let error = summary.ended_early.expect("the pull tells what it could not fetch");
    assert!(error.to_string().contains("GuildAttendance"), "{error}");
    assert_eq!(manifest(folder.path())["all_that_can_be_had_is_here"], false);
    let gaps = verify(folder.path()).await.unwrap().gaps;
    assert_eq!(gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(), [GapKind::NotFetched], "{gaps:?}");
    assert!(status(folder.path()).await.unwrap().lacks_attendance());

    let rerun = broken.mended();
    rerun.pull(&folder).streams([]).attendance().run(|_| {}).await.unwrap();
    assert_eq!(rerun.count("GuildAttendance", ""), 1);
    assert_eq!(rerun.asked().iter().filter(|asked| finished(little_world()).contains(&asked.code())).count(), 0);
    assert_eq!(verify(folder.path()).await.unwrap().gaps, []);
}

#[tokio::test(start_paused = true)]
async fn status_tells_which_extras_are_here_of_which_report_and_whether_attendance_is_older_than_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let wire = |reports| Wire::to(&world_of(reports), Faults::none());
    let wanted = [ReportExtra::Tables, ReportExtra::Rankings];
    let summary = wire(3).pull(&folder).streams([]).extras(wanted).attendance().run(|_| {}).await.unwrap();
    let first = status(folder.path()).await.unwrap();
    // Neither is asked for, and a report has come.
    wire(4).pull(&folder).streams([]).run(|_| {}).await.unwrap();
    let later = status(folder.path()).await.unwrap();
    fs::remove_file(folder.path().join("data/attendance.jsonl")).unwrap();
    let gone = status(folder.path()).await.unwrap();

    let kept = |status: &esologs::pull::Status| status.attendance.map(|kept| (kept.reports, kept.is_current));
    assert_eq!((first.extras.as_slice(), first.streams.len()), (&["rankings", "tables", "attendance"][..], 0));
    assert!(first.reports.iter().all(|report| report.extras == [ReportExtra::Rankings, ReportExtra::Tables]), "{first:?}");
    assert_eq!((kept(&first), kept(&later), kept(&gone)), (Some((3, true)), Some((3, false)), None));
    assert_eq!(summary.attendance, first.attendance);
    assert_eq!([&first, &later].map(|status| status.with_extra(ReportExtra::Tables)), [3, 3]);
    assert_eq!(
        [&first, &later, &gone].map(esologs::pull::Status::lacks_attendance),
        [false; 3],
        "the last pull was not to fetch it"
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_of_who_was_there_outlives_the_journal_and_is_fetched_anew_where_it_is_asked_for() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams([]).attendance().run(|_| {}).await.unwrap();
    let entries = fs::read_to_string(folder.path().join("data/attendance.jsonl")).unwrap().lines().count() as u64;
    fs::remove_file(folder.path().join(".journal")).unwrap();

    wire.pull(&folder).streams([]).run(|_| {}).await.unwrap();
    let (without, verified) = (status(folder.path()).await.unwrap(), verify(folder.path()).await.unwrap());
    wire.pull(&folder).streams([]).attendance().run(|_| {}).await.unwrap();

    assert_eq!(verified.gaps, [], "it is not too many");
    let kept = without.attendance.unwrap();
    assert_eq!((kept.reports, kept.is_current), (entries, false), "of which list it is so is not known");
    assert_eq!(wire.count("GuildAttendance", ""), 2);
    assert!(status(folder.path()).await.unwrap().attendance.unwrap().is_current);
}

#[tokio::test(start_paused = true)]
async fn verify_finds_a_damaged_list_of_who_was_there() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    with_extras(&wire, &folder).run(|_| {}).await.unwrap();
    for (kind, damage) in [(GapKind::Changed, cut_last_line as fn(&Path)), (GapKind::Changed, turn_a_bit)] {
        let damaged = copied(folder.path());
        damage(&damaged.path().join("data/attendance.jsonl"));

        let gaps = verify(damaged.path()).await.unwrap().gaps;

        assert_eq!(gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(), [kind], "{gaps:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_was_there_of_more_reports_than_a_page_holds_comes_whole() {
    let (world, folder) = (world_of(103), tempfile::tempdir().unwrap());
    let wire = Wire::to(&world, Faults::none());
    let client = wire.client();
    let pull = Pull::guild(client, GUILD, folder.path()).streams([]).attendance();

    let forecast = pull.dry_run().await.unwrap().forecast;
    let before = wire.sim.stats().executed;
    pull.run(|_| {}).await.unwrap();

    assert_same(&data(&folder), &attendance_of(&world), "two pages");
    assert_eq!(wire.count("GuildAttendance", ""), 2);
    assert_eq!(forecast.requests, (wire.sim.stats().executed - before)..=(wire.sim.stats().executed - before));
}

/// What a perfect pull of these streams with resources would have.
fn with_resources(world: &World, streams: &[Stream]) -> Files {
    let folder = tempfile::tempdir().unwrap();
    truth::write_with(world, GUILD, Contents { streams, with_resources: true, ..Contents::default() }, folder.path()).unwrap();
    files(folder.path())
}

#[tokio::test(start_paused = true)]
async fn events_with_resources_equal_the_truth_through_mixed_faults() {
    for faults in [Faults::none(), Faults::mixed(0.3, 1), Faults::mixed(0.3, 2)] {
        let (wire, folder) = (Wire::to(little_world(), faults), tempfile::tempdir().unwrap());

        let summary = wire.pull(&folder).streams(EventStream::EVERY).include_resources().run(|_| {}).await.unwrap();

        assert_eq!((summary.complete(), summary.missing()), (3, 0), "{summary:?}");
        assert_same(&data(&folder), &with_resources(little_world(), &Stream::EVERY), "with resources");
        assert_eq!(true_manifest(folder.path())["include_resources"], true);
    }
}

#[tokio::test(start_paused = true)]
async fn resources_that_are_asked_for_later_replace_the_events_and_stay() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams([EventStream::Deaths]).run(|_| {}).await.unwrap();

    let later = wire.mended();
    later.pull(&folder).streams([EventStream::Deaths]).include_resources().run(|_| {}).await.unwrap();
    let again = wire.mended();
    again.pull(&folder).streams([EventStream::Deaths]).include_resources().run(|_| {}).await.unwrap();
    let more = wire.mended();
    more.pull(&folder).streams([EventStream::Deaths, EventStream::Damage]).run(|_| {}).await.unwrap();

    let events = |wire: &Wire| finished(little_world()).iter().map(|code| wire.count("ReportEvents", code)).collect::<Vec<_>>();
    assert_eq!([events(&later), events(&again), events(&more)], [vec![1; 3], vec![0; 3], vec![1; 3]]);
    // All events of a report are alike: those that came last have resources, too.
    assert_same(&data(&folder), &with_resources(little_world(), &[Stream::Deaths, Stream::Damage]), "in the end");
    assert_eq!(verify(folder.path()).await.unwrap().gaps, []);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_was_begun_without_resources_is_begun_anew_with_them() {
    let (folder, code) = (tempfile::tempdir().unwrap(), finished(little_world())[0]);
    let wire = Wire::to(little_world(), Faults::none()).instead(move |asked| {
        (asked.is("ReportEvents", code) && asked.variables["dataType"] == "Healing").then(super::wire::cut_json)
    });
    assert_eq!(wire.pulled(&folder).await.missing(), 1);

    let told = status(folder.path()).await.unwrap();
    wire.mended().pull(&folder).include_resources().run(|_| {}).await.unwrap();

    assert_eq!(told.missing(), 1);
    assert_same(&data(&folder), &with_resources(little_world(), &Stream::DEFAULT), "begun anew");
}
