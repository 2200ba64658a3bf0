//! Whole exports, from the folder of a pull.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use tempfile::TempDir;

use super::super::{Export, ExportEvent, ExportSummary, Format, verify};
use crate::error::{Error, ErrorKind};
use crate::pull::{EventStream, GapKind};

const CODES: [&str; 2] = ["aaaaTKHXR8DJByp4", "bbbbTKHXR8DJByp4"];

/// A folder as a pull leaves it, with two reports and two streams each.
struct Pulled(TempDir);

impl Pulled {
    fn new() -> Self {
        let pulled = Self(tempfile::tempdir().unwrap());
        fs::write(pulled.path("manifest.json"), "{\"format\":\"esologs-pull/1\"}").unwrap();
        for code in CODES {
            pulled.report("data/reports", code);
        }
        pulled
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn report(&self, shelf: &str, code: &str) {
        let report = self.path(shelf).join(code);
        fs::create_dir_all(report.join("events")).unwrap();
        fs::write(report.join("report.json"), format!("{{\"code\":\"{code}\",\"startTime\":1772395200000}}\n")).unwrap();
        fs::write(report.join("fights.jsonl"), "{\"id\":1}\n{\"id\":2}\n").unwrap();
        fs::write(report.join("actors.jsonl"), "{\"id\":7,\"name\":\"Ayrenn\"}\n").unwrap();
        fs::write(report.join("abilities.jsonl"), "").unwrap();
        self.events(shelf, code, "damage", "{\"amount\":1}\n{\"amount\":2}\n");
        self.events(shelf, code, "buffs.enemies", "{\"stack\":3}\n");
    }

    fn events(&self, shelf: &str, code: &str, file: &str, lines: &str) {
        fs::write(self.path(shelf).join(code).join("events").join(format!("{file}.jsonl")), lines).unwrap();
    }

    fn export(&self) -> Export {
        Export::of(self.0.path())
    }
}

fn run(export: &Export) -> Result<ExportSummary, Error> {
    export.run(|_| ControlFlow::Continue(()))
}

fn made(export: &Export) -> usize {
    run(export).unwrap().reports.iter().map(|report| report.made).sum()
}

/// The files below a folder, with their times of last change.
fn files(folder: &Path) -> BTreeMap<String, std::time::SystemTime> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::metadata(&path).unwrap().modified().unwrap());
            }
        }
    }
    found
}

#[test]
fn every_file_of_every_report_is_made_and_counted() {
    let pulled = Pulled::new();

    let summary = run(&pulled.export()).unwrap();

    assert_eq!((summary.rows, summary.events, summary.made()), (14, 6, 2));
    let names: Vec<String> = files(&pulled.path("parquet")).into_keys().collect();
    let mut expected = vec![".lock".to_owned(), "README.txt".to_owned(), "export.json".to_owned()];
    for table in ["abilities", "actors", "events/buffs.enemies", "events/damage", "fights", "reports"] {
        expected.extend(CODES.map(|code| format!("{table}/{code}.parquet")));
    }
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn extras_and_attendance_are_tables_of_their_own() {
    let pulled = Pulled::new();
    let report = pulled.path("data/reports").join(CODES[0]);
    fs::write(report.join("player-details.json"), "null\n").unwrap();
    fs::write(report.join("rankings.json"), "{\"data\":[]}\n").unwrap();
    fs::write(report.join("tables.jsonl"), "{\"fight\":1,\"table\":{\"data\":7}}\n{\"fight\":2,\"table\":null}\n").unwrap();
    let there =
        |code: &str, players: &str| format!("{{\"code\":\"{code}\",\"startTime\":1772395200000,\"players\":[{players}]}}\n");
    let players = "{\"name\":\"Ayrenn\",\"type\":\"Templar\",\"presence\":1,\"novelty\":3},{\"name\":\"Jorunn\",\"presence\":2}";
    fs::write(pulled.path("data/attendance.jsonl"), there(CODES[0], players) + &there(CODES[1], "")).unwrap();

    let summary = run(&pulled.export().to(Format::Csv)).unwrap();
    let again = run(&pulled.export().to(Format::Csv)).unwrap();

    let read = |name: &str| fs::read_to_string(pulled.path("csv").join(name)).unwrap();
    let of_report = |table: &str| read(&format!("{table}/{}.csv", CODES[0]));
    assert_eq!(of_report("player-details"), format!("report,live,player_details,extra\n{},false,,\n", CODES[0]));
    assert_eq!(of_report("rankings"), format!("report,live,rankings,extra\n{},false,\"{{\"\"data\"\":[]}}\",\n", CODES[0]));
    let [first, second] = ["1,\"{\"\"data\"\":7}\",", "2,,"].map(|rest| format!("{},false,{rest}\n", CODES[0]));
    assert_eq!(of_report("tables"), format!("report,live,fight,summary,extra\n{first}{second}"));
    let rows: Vec<String> = read("attendance/guild.csv").lines().map(str::to_owned).collect();
    let start = "1772395200000,2026-03-01T20:00:00Z";
    assert_eq!(rows[0], "report,start_unix_ms,start_utc,zone_id,zone_name,player_name,player_type,player_presence,extra");
    assert_eq!(rows[1], format!("{},{start},,,Ayrenn,Templar,1,\"{{\"\"player\"\":{{\"\"novelty\"\":3}}}}\"", CODES[0]));
    assert_eq!(rows[2..], [format!("{},{start},,,Jorunn,,2,", CODES[0]), format!("{},{start},,,,,,", CODES[1])]);
    let attendance = |summary: &ExportSummary| summary.attendance.as_ref().map(|it| (it.rows, it.made, it.already_here));
    assert_eq!((attendance(&summary), attendance(&again)), (Some((3, 1, 0)), Some((3, 0, 1))));
    assert_eq!((summary.reports.len(), summary.events, summary.rows), (2, 6, 14 + 4 + 3));
}

#[test]
fn another_export_makes_only_what_is_new() {
    let pulled = Pulled::new();
    assert_eq!(made(&pulled.export()), 12);
    let before = files(&pulled.path("parquet/events"));

    assert_eq!(made(&pulled.export()), 0);
    assert_eq!(files(&pulled.path("parquet/events")), before);

    pulled.events("data/reports", CODES[1], "damage", "{\"amount\":1}\n{\"amount\":2}\n{\"amount\":3}\n");
    pulled.events("data/reports", CODES[0], "deaths", "");
    assert_eq!(made(&pulled.export()), 2);

    fs::remove_file(pulled.path("parquet/fights").join(format!("{}.parquet", CODES[0]))).unwrap();
    assert_eq!(made(&pulled.export()), 1, "what was removed is made again");
}

#[test]
fn what_was_written_anew_with_the_same_bytes_is_not_made_again() {
    let pulled = Pulled::new();
    run(&pulled.export()).unwrap();
    let path = pulled.path("data/reports").join(CODES[0]).join("events/damage.jsonl");
    let touch =
        |seconds| fs::File::options().write(true).open(&path).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(seconds));

    touch(1_000).unwrap();
    assert_eq!(made(&pulled.export()), 0);

    fs::write(&path, "{\"amount\":1}\n{\"amount\":9}\n").unwrap();
    touch(2_000).unwrap();
    assert_eq!(made(&pulled.export()), 1, "as long, but with other bytes");
}

#[test]
fn a_report_that_may_still_grow_is_left_out_or_marked_and_replaced_when_it_is_finished() {
    let (pulled, code) = (Pulled::new(), "ccccTKHXR8DJByp4");
    pulled.report("live", code);

    let without = run(&pulled.export()).unwrap();
    assert_eq!((without.reports.len(), without.live_left_out), (2, 1));

    let with = run(&pulled.export().with_live()).unwrap();
    assert_eq!((with.reports.len(), with.live_left_out), (3, 0));
    assert!(pulled.path(&format!("parquet/events/damage/{code}.live.parquet")).exists());

    fs::rename(pulled.path("live").join(code), pulled.path("data/reports").join(code)).unwrap();
    run(&pulled.export()).unwrap();
    let names: Vec<String> = files(&pulled.path("parquet")).into_keys().filter(|name| name.contains(code)).collect();
    assert!(names.len() == 6 && names.iter().all(|name| !name.contains(".live.")), "{names:?}");
}

#[test]
fn streams_can_be_chosen() {
    let pulled = Pulled::new();

    let summary = run(&pulled.export().streams([EventStream::Buffs])).unwrap();

    assert_eq!(summary.events, 2);
    assert!(!pulled.path("parquet/events/damage").exists());
}

#[test]
fn a_damaged_file_is_named_with_its_line_and_the_others_are_made() {
    let pulled = Pulled::new();
    pulled.events("data/reports", CODES[0], "damage", "{\"amount\":1}\n{\"amount\n");
    pulled.events("data/reports", CODES[1], "damage", "{\"amount\":1}\n{\"amount\":2");

    let summary = run(&pulled.export()).unwrap();

    let told: Vec<String> = summary.failed().map(|report| report.failed.as_ref().unwrap().to_string()).collect();
    assert!(told[0].contains("damage.jsonl: line 2 cannot be used, it is no JSON"), "{told:?}");
    assert!(told[1].contains("damage.jsonl is damaged: it ends in the middle of a line"), "{told:?}");
    assert_eq!(summary.events, 2);
    assert!(!files(&pulled.path("parquet")).keys().any(|name| name.starts_with("events/damage/")));
}

#[test]
fn a_folder_that_holds_something_else_is_refused_and_left_alone() {
    let pulled = Pulled::new();
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("thesis.txt"), "mine").unwrap();

    let from = run(&Export::of(other.path())).unwrap_err();
    let into = run(&pulled.export().output(other.path())).unwrap_err();
    let missing = run(&Export::of(other.path().join("nowhere"))).unwrap_err();
    run(&pulled.export()).unwrap();
    let mixed = run(&pulled.export().to(Format::Csv).output(pulled.path("parquet"))).unwrap_err();

    for (error, words) in [
        (from, "holds something else than a pull"),
        (into, "holds something else than an export"),
        (missing, "is not there"),
        (mixed, "is of an export to parquet, not to csv"),
    ] {
        assert_eq!(error.kind(), ErrorKind::LocalFile);
        assert!(error.to_string().contains(words) && error.hint().is_some(), "{error}");
    }
    assert_eq!(fs::read_dir(other.path()).unwrap().count(), 1);
}

#[test]
fn an_export_that_is_stopped_keeps_what_is_done_and_goes_on() {
    let pulled = Pulled::new();

    let error = pulled
        .export()
        .run(
            |event| {
                if matches!(event, ExportEvent::ReportDone { .. }) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        )
        .err();

    // With several threads the second report may be done by then.
    assert!(error.is_none_or(|error| error.kind() == ErrorKind::Stopped));
    let rest = made(&pulled.export());
    assert!(rest <= 6, "{rest}");
    assert!(!pulled.path("parquet/.unfinished").exists());
}

#[test]
fn a_second_export_into_the_same_folder_is_told_so() {
    let pulled = Pulled::new();
    let told = std::sync::Mutex::new(None);

    pulled
        .export()
        .run(|event| {
            if matches!(event, ExportEvent::Found { .. }) {
                *told.lock().unwrap() = run(&pulled.export()).err();
            }
            ControlFlow::Continue(())
        })
        .unwrap();

    let told = told.into_inner().unwrap().unwrap().to_string();
    assert!(told.contains("another export is working in the folder"), "{told}");
}

#[test]
fn lines_are_copied_to_the_byte() {
    let pulled = Pulled::new();

    run(&pulled.export().to(Format::JsonLines)).unwrap();

    for (from, to) in [("events/damage.jsonl", "events/damage"), ("report.json", "reports"), ("fights.jsonl", "fights")] {
        let from = fs::read(pulled.path("data/reports").join(CODES[0]).join(from)).unwrap();
        assert_eq!(fs::read(pulled.path("jsonl").join(to).join(format!("{}.jsonl", CODES[0]))).unwrap(), from);
    }
}

async fn gaps(folder: &Path) -> Vec<(GapKind, Option<String>, String)> {
    let verified = verify(folder).await.unwrap();
    verified.gaps.into_iter().map(|gap| (gap.kind, gap.code, gap.path.to_str().unwrap().to_owned())).collect()
}

#[tokio::test]
async fn whatever_changes_a_file_of_an_export_is_found_and_named() {
    for format in Format::EVERY {
        let pulled = Pulled::new();
        let summary = run(&pulled.export().to(format)).unwrap();
        let folder = pulled.path(format.name());
        let whole = verify(&folder).await.unwrap();
        assert!(whole.is_whole(), "{:?}", whole.gaps);
        assert_eq!((whole.format, whole.reports, whole.files, whole.rows), (Some(format), 2, 12, 14));
        assert_eq!(whole.bytes, summary.bytes);

        let name = format!("events/damage/{}.{format}", CODES[0]);
        let path = folder.join(&name);
        let before = fs::read(&path).unwrap();
        for at in (0..before.len()).step_by(before.len().div_ceil(25)).chain([before.len() - 1]) {
            let mut bytes = before.clone();
            bytes[at] ^= 0x10;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(gaps(&folder).await, [(GapKind::Changed, Some(CODES[0].to_owned()), name.clone())], "byte {at}");
        }
        fs::write(&path, &before[1..]).unwrap();
        assert_eq!(gaps(&folder).await, [(GapKind::Changed, Some(CODES[0].to_owned()), name.clone())], "a byte less");
        fs::remove_file(&path).unwrap();
        assert_eq!(gaps(&folder).await, [(GapKind::Missing, Some(CODES[0].to_owned()), name)]);
    }
}

#[tokio::test]
async fn a_file_that_no_export_has_made_is_named_where_readers_of_all_files_would_find_it() {
    let pulled = Pulled::new();
    run(&pulled.export()).unwrap();
    let folder = pulled.path("parquet");
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    fs::write(folder.join("events/notes.txt"), "mine").unwrap();
    assert_eq!(gaps(&folder).await, []);

    fs::create_dir(folder.join("events/mine")).unwrap();
    fs::write(folder.join("events/mine/all.parquet"), "mine").unwrap();
    fs::write(folder.join("events/damage/copy of it.parquet"), "mine").unwrap();

    let expected =
        ["events/damage/copy of it.parquet", "events/mine/all.parquet"].map(|name| (GapKind::TooMany, None, name.to_owned()));
    let mut found = gaps(&folder).await;
    found.sort();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn an_export_of_an_older_version_is_held_against_its_lengths() {
    let pulled = Pulled::new();
    run(&pulled.export().to(Format::Csv)).unwrap();
    let state = pulled.path("csv/export.json");
    let mut without: serde_json::Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
    for made in without["reports"].as_object_mut().unwrap().values_mut().flat_map(|of| of.as_object_mut().unwrap().values_mut()) {
        let sum = made["files"][0].as_object_mut().unwrap().remove("crc32");
        assert!(sum.is_some_and(|sum| sum.is_u64()));
    }
    fs::write(&state, without.to_string()).unwrap();

    assert_eq!(gaps(&pulled.path("csv")).await, []);
    fs::write(pulled.path("csv/fights").join(format!("{}.csv", CODES[1])), "short").unwrap();
    assert_eq!(gaps(&pulled.path("csv")).await.len(), 1);
    assert_eq!(made(&pulled.export().to(Format::Csv)), 1, "and it is gone on with");
}

#[tokio::test]
async fn what_is_no_export_or_is_being_made_is_told_so() {
    let pulled = Pulled::new();
    let said = verify(pulled.path("nowhere")).await.unwrap_err();
    assert!(said.to_string().contains("is not the folder of an export: it has no export.json"), "{said}");

    run(&pulled.export().to(Format::Csv)).unwrap();
    let lock = fs::OpenOptions::new().write(true).open(pulled.path("csv/.lock")).unwrap();
    lock.lock().unwrap();
    let said = verify(pulled.path("csv")).await.unwrap_err();
    assert!(said.to_string().contains("another export is working in the folder"), "{said}");
    lock.unlock().unwrap();
    fs::write(pulled.path("csv/export.json"), "{").unwrap();
    let damaged = verify(pulled.path("csv")).await.unwrap();
    assert_eq!((damaged.format, damaged.gaps.len()), (None, 1));
    let gap = &damaged.gaps[0];
    assert_eq!((gap.kind, gap.path.to_str()), (GapKind::Changed, Some("export.json")));
    assert!(gap.what.contains("is not one of an export, or is damaged"), "{gap:?}");
}
