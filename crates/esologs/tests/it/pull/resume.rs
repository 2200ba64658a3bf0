//! Pulls that go on where an earlier one was stopped: what is asked for again, and what comes of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::pull::{EventStream, PullEvent};
use esologs_sim::Faults;
use esologs_sim::truth::Stream;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::fake::{FakeGuild, asked, pull as pull_fake};
use super::files::{assert_same, copied, files, true_manifest, truth};
use super::wire::{Asked, Wire, finished, little_world, live, paged_world, requests};
use crate::support::{Script, status};

const LATENCY: Duration = Duration::from_millis(50);
const STREAMS: [EventStream; 2] = [EventStream::Damage, EventStream::All];

/// What a request asks for.
fn question(asked: &Asked) -> String {
    format!("{} {}", asked.operation, asked.variables)
}

/// The questions that both have asked.
fn asked_again(first: &[Asked], second: &[Asked]) -> Vec<String> {
    let first: BTreeSet<String> = first.iter().map(question).collect();
    let second: BTreeSet<String> = second.iter().map(question).collect();
    first.intersection(&second).cloned().collect()
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_is_stopped_at_any_moment_asks_for_nothing_again_that_was_answered() {
    let whole = truth(paged_world(), &[Stream::Damage, Stream::All]);
    let mut stops = 0;
    for seed in 0..12 {
        let moment = Duration::from_micros(fastrand::Rng::with_seed(seed).u64(50_000..900_000));
        let (wire, folder) = (Wire::to(paged_world(), Faults::none()).slow(LATENCY), tempfile::tempdir().unwrap());
        let stopped = timeout(moment, wire.pull(&folder).streams(STREAMS).run(|_| {})).await.is_err();
        let rerun = wire.mended();

        rerun.pull(&folder).streams(STREAMS).run(|_| {}).await.unwrap();

        let again = asked_again(&wire.asked(), &rerun.asked());
        assert!(again.is_empty(), "seed {seed}, stopped ({stopped}) at {moment:?}: {again:#?}");
        stops += u32::from(stopped);
        assert_same(&files(&folder.path().join("data")), &whole, &format!("seed {seed}"));
        true_manifest(folder.path());
    }
    assert!(stops > 6, "it was stopped {stops} times only");
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_is_given_time_for_a_page_or_two_comes_to_its_end_all_the_same() {
    let whole = truth(paged_world(), &[Stream::Damage, Stream::All]);
    let (wire, folder) = (Wire::to(paged_world(), Faults::none()).slow(LATENCY), tempfile::tempdir().unwrap());

    let mut stops = 0;
    // A token, and three or four answers more.
    while timeout(LATENCY * 5, wire.pull(&folder).streams(STREAMS).concurrency(1).run(|_| {})).await.is_err() {
        stops += 1;
        assert!(stops < 60, "it does not come to its end");
    }

    assert!(stops >= 6, "it was stopped {stops} times only");
    assert_same(&files(&folder.path().join("data")), &whole, "in the end");
    let events = wire.asked().into_iter().filter(|asked| asked.operation == "ReportEvents").collect::<Vec<_>>();
    let different: BTreeSet<String> = events.iter().map(question).collect();
    assert!(
        events.len() <= different.len() + stops,
        "{} questions, {} of them different, {stops} stops",
        events.len(),
        different.len()
    );
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_taken_up_is_told_with_the_pages_that_are_here() {
    let code = finished(paged_world())[1];
    let folder = tempfile::tempdir().unwrap();
    let seen = Mutex::new(0);
    let wire = Wire::to(paged_world(), Faults::none()).instead(move |asked| {
        let mut seen = seen.lock().unwrap();
        *seen += usize::from(asked.is("ReportEvents", code));
        (asked.is("ReportEvents", code) && *seen > 2).then(super::wire::cut_json)
    });
    assert_eq!(wire.pull(&folder).streams([EventStream::All]).run(|_| {}).await.unwrap().missing(), 1);

    let told = Mutex::new(Vec::new());
    let rerun = wire.mended();
    rerun
        .pull(&folder)
        .streams([EventStream::All])
        .run(|event| {
            if let PullEvent::ReportResumed { code, pages, .. } = event {
                told.lock().unwrap().push((code.to_string(), *pages));
            }
        })
        .await
        .unwrap();

    assert_eq!(told.into_inner().unwrap(), [(code.to_owned(), 2)]);
    assert_eq!((rerun.count("Report", code), wire.reached()["Report"]), (0, 3), "the report itself is not bought again");
    assert_same(&files(&folder.path().join("data")), &truth(paged_world(), &[Stream::All]), "taken up");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_has_changed_since_begins_anew() {
    let code = finished(little_world())[0];
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::to(little_world(), Faults::none()).instead(move |asked| {
        (asked.is("ReportEvents", code) && asked.variables["dataType"] == "Healing").then(super::wire::cut_json)
    });
    wire.pulled(&folder).await;

    // Exported anew: another revision, in the list and in the report.
    let rerun = wire.mended().edited(move |asked, text| {
        let mut answer: Value = serde_json::from_str(&text).unwrap();
        let data = &mut answer["data"]["reportData"];
        if asked.is("Report", code) {
            data["report"]["revision"] = 99.into();
        }
        for entry in data["reports"]["data"].as_array_mut().into_iter().flatten().filter(|entry| entry["code"] == code) {
            entry["revision"] = 99.into();
        }
        answer.to_string()
    });
    let summary = rerun.pulled(&folder).await;

    assert_eq!(summary.missing(), 0);
    assert_eq!((rerun.count("Report", code), rerun.count("ReportEvents", code)), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_broken_off_goes_on_with_the_next_page_unless_it_has_changed() {
    let codes = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc", "dddddddddddddddd"];
    for is_longer in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let guild = || FakeGuild::new().page(&codes[..1]).page(&codes[1..2]);
        let whole = guild().page(&codes[2..3]);
        let short = Script::new().api_by(move |seen| match seen.json()["variables"]["page"].as_u64() {
            Some(3) => status(403),
            _ => whole.answer(seen),
        });
        pull_fake(&short, folder.path()).run(|_| {}).await.unwrap_err();

        let later = if is_longer { guild().page(&codes[2..4]).serve() } else { guild().page(&codes[2..3]).serve() };
        let summary = pull_fake(&later, folder.path()).run(|_| {}).await.unwrap();

        let lists: Vec<String> = asked(&later).into_iter().filter(|label| label.starts_with("Guild")).collect();
        // One page, or that page and all of them again.
        assert_eq!(lists.len(), if is_longer { 1 + 3 } else { 1 }, "{lists:?}");
        assert_eq!(summary.complete(), if is_longer { 4 } else { 3 });
    }
}

/// What would be on the disk if the machine had lost its power when so many lines of the journal were synced: those lines and
/// half of another one, and of each file what these lines tell of, with something behind it that nobody has synced.
fn after_power_loss(whole: &Path, lines: usize) -> tempfile::TempDir {
    let folder = copied(whole);
    let root = folder.path();
    let journal = fs::read_to_string(root.join(".journal")).unwrap();
    let all: Vec<&str> = journal.split_inclusive('\n').collect();
    let half = all.get(lines).map_or("", |line| &line[..line.len() / 2]);
    fs::write(root.join(".journal"), all[..lines].concat() + half).unwrap();
    let records: Vec<Value> =
        all[..lines].iter().map(|line| serde_json::from_str(line.splitn(3, ' ').nth(2).unwrap()).unwrap()).collect();
    let told = |what: &str, code: &str| records.iter().any(|record| record["is"] == what && record["code"] == code);
    for entry in fs::read_dir(root.join("data/reports")).unwrap() {
        let (from, code) = (entry.as_ref().unwrap().path(), entry.as_ref().unwrap().file_name().into_string().unwrap());
        if told("done", &code) {
            continue;
        }
        let to = root.join(".unfinished").join(&code);
        fs::create_dir_all(root.join(".unfinished")).unwrap();
        fs::rename(from, &to).unwrap();
        for entry in fs::read_dir(to.join("events")).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("events/{}", path.file_name().unwrap().to_str().unwrap());
            let pages = records
                .iter()
                .filter(|record| record["is"] == "page" && record["code"] == code.as_str() && record["file"] == name.as_str());
            let synced: u64 = pages.map(|record| record["page"]["bytes"].as_u64().unwrap()).sum();
            let mut bytes = fs::read(&path).unwrap();
            bytes.truncate(usize::try_from(synced).unwrap());
            bytes.extend([0; 100]);
            fs::write(&path, bytes).unwrap();
        }
    }
    folder
}

#[tokio::test(start_paused = true)]
async fn a_loss_of_power_after_any_line_of_the_journal_costs_what_that_line_did_not_tell_of() {
    let whole = truth(paged_world(), &[Stream::Damage, Stream::All]);
    let (wire, folder) = (Wire::to(paged_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams(STREAMS).run(|_| {}).await.unwrap();
    let (all, journal) = (wire.asked().len(), fs::read_to_string(folder.path().join(".journal")).unwrap());
    let lines: Vec<&str> = journal.lines().collect();
    let bought = |line: &&&str| {
        ["\"is\":\"about\"", "\"is\":\"listed\"", "\"is\":\"cover\"", "\"is\":\"page\""].iter().any(|is| line.contains(is))
    };
    assert!(lines.len() > 25, "{} lines", lines.len());

    for count in 0..=lines.len() {
        let lost = after_power_loss(folder.path(), count);
        let rerun = wire.mended();

        rerun.pull(lost.path()).streams(STREAMS).run(|_| {}).await.unwrap();

        assert_same(&files(&lost.path().join("data")), &whole, &format!("after line {count}"));
        let (paid, look) = (lines[..count].iter().filter(bought).count(), usize::from(count == lines.len()));
        assert_eq!(rerun.asked().len(), all - paid + look, "after line {count}: {}", lines.get(count).unwrap_or(&""));
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_line_was_on_the_disk_before_it_is_bought_again_after_a_loss_of_power_and_no_other() {
    let whole = truth(paged_world(), &[Stream::Damage, Stream::All]);
    let (wire, folder) = (Wire::to(paged_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams(STREAMS).run(|_| {}).await.unwrap();
    let journal = fs::read_to_string(folder.path().join(".journal")).unwrap();
    let records: Vec<Value> =
        journal.lines().map(|line| serde_json::from_str(line.splitn(3, ' ').nth(2).unwrap()).unwrap()).collect();
    // The last page of a file is synced before its line is written.
    let in_the_middle = |record: &Value| record["is"] == "page" && !record["page"]["next"].is_null();
    let mut lost = 0;

    for (line, record) in records.iter().enumerate().filter(|(_, record)| in_the_middle(record)) {
        let [with_it, without_it] = [line + 1, line].map(|lines| after_power_loss(folder.path(), lines));
        let path = Path::new(".unfinished").join(record["code"].as_str().unwrap()).join(record["file"].as_str().unwrap());
        fs::copy(without_it.path().join(&path), with_it.path().join(&path)).unwrap();
        let [noted, not_noted] = [wire.mended(), wire.mended()];

        noted.pull(with_it.path()).streams(STREAMS).run(|_| {}).await.unwrap();
        not_noted.pull(without_it.path()).streams(STREAMS).run(|_| {}).await.unwrap();

        assert_same(&files(&with_it.path().join("data")), &whole, &format!("line {line}"));
        let questions = |wire: &Wire| wire.asked().iter().map(question).collect::<BTreeSet<_>>();
        assert_eq!(questions(&noted), questions(&not_noted), "line {line}: the page is as good as not noted");
        lost += 1;
    }
    assert!(lost >= 4, "{lost} pages in the middle of a file");
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_is_damaged_in_the_middle_is_told_and_nothing_whole_is_bought_again() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    let path = folder.path().join(".journal");
    let journal = fs::read_to_string(&path).unwrap();
    fs::write(&path, journal.replacen("\"is\":\"cover\"", "\"is\":\"Cover\"", 1)).unwrap();
    let told = Mutex::new(None);
    let rerun = wire.mended();

    let summary = rerun
        .pull(&folder)
        .run(|event| {
            if let PullEvent::JournalDamaged { line, .. } = event {
                *told.lock().unwrap() = Some(*line);
            }
        })
        .await
        .unwrap();

    let line = journal.lines().position(|line| line.contains("\"is\":\"cover\"")).unwrap() + 1;
    assert_eq!(told.into_inner().unwrap(), Some(line as u64));
    assert!(folder.path().join(".journal.damaged").is_file());
    assert_eq!((summary.complete(), summary.missing()), (3, 0));
    let bought: BTreeSet<String> = rerun.asked().into_iter().map(|asked| asked.operation).collect();
    assert_eq!(bought, BTreeSet::from(["Report".to_owned()]), "the private report once more");
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "after a damage");
}

#[tokio::test(start_paused = true)]
async fn a_folder_of_the_first_format_is_taken_over_and_nothing_in_it_is_bought_again() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    fs::remove_file(folder.path().join(".journal")).unwrap();
    let manifest = folder.path().join("manifest.json");
    let mut earlier = true_manifest(folder.path());
    let guild = earlier.as_object_mut().unwrap().remove("target").unwrap();
    earlier["guild"] = json!({"id": guild["id"], "name": guild["name"]});
    earlier["format"] = json!("esologs-pull/1");
    fs::write(&manifest, earlier.to_string()).unwrap();
    let before = wire.reached();

    let summary = wire.pulled(&folder).await;

    assert_eq!((summary.complete(), summary.missing()), (3, 0));
    assert_eq!(
        wire.reached_since(&before),
        requests([("Guild", 1), ("GuildReports", 1), ("Report", 1)]),
        "the private report once more"
    );
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "taken over");
    assert_eq!(true_manifest(folder.path())["format"], "esologs-pull/3");
    let verified = esologs::pull::verify(folder.path()).await.unwrap();
    assert!(verified.is_whole() && verified.adopted == 4, "{verified:?}");
}

#[tokio::test(start_paused = true)]
async fn a_second_pull_can_wait_until_the_first_has_ended() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()).slow(Duration::from_secs(1)), tempfile::tempdir().unwrap());
    let (late, told) = (wire.mended(), Arc::new(Mutex::new(0)));

    let (first, second) = tokio::join!(wire.pulled(&folder), async {
        tokio::time::sleep(Duration::from_secs(6)).await;
        let count =
            |event: &PullEvent<'_>| *told.lock().unwrap() += usize::from(matches!(event, PullEvent::WaitingForFolder { .. }));
        late.pull(&folder).wait_for_folder().run(count).await.unwrap()
    });

    assert_eq!((first.complete(), second.complete(), *told.lock().unwrap()), (3, 3, 1));
    let code = live(little_world());
    assert!(
        late.asked().iter().all(|asked| [code, ""].contains(&asked.code())),
        "the list, and the live report, which has grown"
    );
}
