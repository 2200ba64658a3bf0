//! `esologs export`: what it prints, how it ends, and that no half file has a name.

use std::fs;
use std::path::Path;

use esologs_sim::Faults;
use serde_json::Value;

use crate::support::{Desk, Files, GUILD, Run as _, Server, files};

/// A desk with a pulled folder `logs`.
fn pulled() -> Desk {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    assert_eq!(desk.esologs_at(&server, &["pull", "guild", GUILD, "-o", "logs"]).run().code, 0);
    desk
}

/// The files of an export, without those that are about itself.
fn tables(folder: &Path) -> Files {
    files(folder).into_iter().filter(|(path, _)| path.parent() != Some(Path::new(""))).collect()
}

#[test]
fn an_export_needs_no_network_and_tells_what_to_do_with_it_and_another_has_nothing_to_do() {
    let desk = pulled();

    let first = desk.esologs(&["export", "logs"]).run();
    let again = desk.esologs(&["export", "logs"]).run();

    assert_eq!((first.code, first.stdout.as_str(), again.code), (0, "", 0), "{}", first.stderr);
    assert!(first.stderr.contains("events are in logs/parquet, as parquet ("), "{}", first.stderr);
    assert!(first.stderr.contains("FROM 'logs/parquet/events/**/*.parquet' GROUP BY stream;"), "{}", first.stderr);
    assert!(again.stderr.contains(" of them were here already and not made again."), "{}", again.stderr);
}

#[test]
fn an_export_in_the_folder_of_a_pull_is_in_nobodys_way() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let pull = ["pull", "guild", GUILD, "-o", "logs"];
    assert_eq!(desk.esologs_at(&server, &pull).run().code, 0);
    let drift = desk.esologs(&["schema", "drift", "--from", "logs", "--json"]).run();

    for format in ["parquet", "jsonl"] {
        assert_eq!(desk.esologs(&["export", "logs", "--to", format]).run().code, 0);
    }

    assert_eq!(desk.esologs_at(&server, &pull).run().code, 0);
    assert_eq!(desk.esologs(&["schema", "drift", "--from", "logs", "--json"]).run().stdout, drift.stdout);
    assert!(desk.path("logs/parquet/export.json").exists());
}

#[test]
fn lines_come_back_to_the_byte() {
    let desk = pulled();

    let ran = desk.esologs(&["export", "logs", "--to", "jsonl", "-o", "copy"]).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let copied = tables(&desk.path("copy"));
    let pulled = files(&desk.path("logs/data/reports"));
    assert!(copied.len() == pulled.len() && copied.len() > 20);
    for (path, bytes) in &pulled {
        let (code, file) = (path.iter().next().unwrap().to_str().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let table = match file {
            "report" => "reports".to_owned(),
            "fights" | "actors" | "abilities" => file.to_owned(),
            stream => format!("events/{stream}"),
        };
        assert!(copied[Path::new(&format!("{table}/{code}.jsonl"))] == *bytes, "{}", path.display());
    }
}

#[test]
fn extras_and_attendance_come_back_to_the_byte() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let extras = ["--player-details", "--rankings", "--tables", "--attendance", "--streams", "none"];
    assert_eq!(desk.esologs_at(&server, &[&["pull", "guild", GUILD, "-o", "logs"][..], &extras].concat()).run().code, 0);

    for format in ["jsonl", "parquet"] {
        assert_eq!(desk.esologs(&["export", "logs", "--to", format]).run().code, 0);
    }

    let (copied, parquet) = (files(&desk.path("logs/jsonl")), files(&desk.path("logs/parquet")));
    let data = files(&desk.path("logs/data"));
    assert!(copied[Path::new("attendance/guild.jsonl")] == data[Path::new("attendance.jsonl")]);
    assert!(parquet.contains_key(Path::new("attendance/guild.parquet")));
    let codes =
        || data.keys().filter(|path| path.ends_with("rankings.json")).map(|path| path.iter().nth(1).unwrap().to_str().unwrap());
    assert_eq!(codes().count(), 3);
    for code in codes() {
        for (table, file) in
            [("player-details", "player-details.json"), ("rankings", "rankings.json"), ("tables", "tables.jsonl")]
        {
            let source = &data[Path::new(&format!("reports/{code}/{file}"))];
            assert!(copied[Path::new(&format!("{table}/{code}.jsonl"))] == *source, "{file} of {code}");
            assert!(parquet.contains_key(Path::new(&format!("{table}/{code}.parquet"))), "{table} of {code}");
        }
    }
}

#[test]
fn json_tells_each_report_and_the_summary() {
    let desk = pulled();

    let ran = desk.esologs(&["export", "logs", "--to", "csv", "--streams", "deaths", "--json"]).run();

    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    let reports = lines[0]["reports"].as_u64().unwrap() as usize;
    assert_eq!((names[0], names.last()), ("found", Some(&"summary")));
    assert_eq!(names[1..=reports], vec!["report_done"; reports]);
    let summary = lines.last().unwrap();
    assert_eq!((summary["exit_code"].as_u64(), summary["format"].as_str()), (Some(0), Some("csv")));
    let deaths = files(&desk.path("logs/data")).into_iter().filter(|(path, _)| path.ends_with("deaths.jsonl"));
    let expected: usize = deaths.map(|(_, lines)| lines.iter().filter(|byte| **byte == b'\n').count()).sum();
    assert_eq!(summary["events"].as_u64(), Some(expected as u64));
}

#[test]
fn what_cannot_be_exported_is_told_with_what_to_do() {
    let desk = pulled();
    desk.write("thesis.txt", "mine");
    for (arguments, code, error, hint) in [
        (
            vec!["export", "."],
            8,
            "error: the folder . holds something else than a pull",
            "hint: name the folder that `esologs pull`",
        ),
        (vec!["export", "nowhere"], 8, "error: the folder nowhere is not there", "hint: name the folder"),
        (vec!["export", "logs", "-o", "."], 8, "error: the folder . holds something else than an export", "hint: choose a new"),
        (vec!["export", "logs", "--to", "xlsx"], 2, "error: --to: 'xlsx' is not a format: choose from parquet, csv, jsonl", ""),
    ] {
        let ran = desk.esologs(&arguments).run();

        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(error) && ran.stderr.contains(hint), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_damaged_file_ends_with_8_and_all_others_are_there() {
    let desk = pulled();
    let damage = files(&desk.path("logs/data")).into_keys().find(|path| path.ends_with("damage.jsonl")).unwrap();
    let path = desk.path("logs/data").join(&damage);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();

    let ran = desk.esologs(&["export", "logs"]).run();

    assert_eq!(ran.code, 8, "{}", ran.stderr);
    assert!(ran.stderr.contains("damage.jsonl is damaged: it ends in the middle of a line"), "{}", ran.stderr);
    let sources = files(&desk.path("logs/data/reports")).len();
    assert_eq!(tables(&desk.path("logs/parquet")).len(), sources - 1);
}

/// Files that may not grow stand for a disk that is full, which needs no rights: the write fails in the same place.
#[cfg(unix)]
#[test]
fn a_full_disk_ends_the_export_with_8_and_no_half_file_has_a_name() {
    let desk = pulled();
    // 64 blocks of 512 bytes: less than the lines of one report's damage.
    let arguments = ["export", "logs", "--to", "jsonl"];
    let ran = desk.esologs_after("trap '' XFSZ; ulimit -f 64", &arguments).run();

    assert_eq!(ran.code, 8, "{}", ran.stderr);
    assert!(ran.stderr.contains("error: cannot write logs/jsonl/"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("hint: raise the limit on the size of files (ulimit -f) and run the same command again"),
        "{}",
        ran.stderr
    );
    let kept = tables(&desk.path("logs/jsonl"));

    assert_eq!(desk.esologs(&arguments).run().code, 0);
    let whole = tables(&desk.path("logs/jsonl"));
    assert!(kept.len() < whole.len());
    assert!(kept.iter().all(|(path, bytes)| whole[path] == *bytes));
}

#[cfg(unix)]
#[test]
fn a_killed_export_leaves_no_half_file_and_the_next_one_ends_like_one_that_was_never_killed() {
    let desk = pulled();
    assert_eq!(desk.esologs(&["export", "logs", "-o", "whole"]).run().code, 0);
    let whole = tables(&desk.path("whole"));
    let mut kills_in_the_middle = 0;
    for number in 0..8 {
        let _ = fs::remove_dir_all(desk.path("killed"));
        let mut child = desk.esologs(&["export", "logs", "-o", "killed", "--json"]).start();
        // After so many reports.
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
        let _ = lines.nth(number);
        child.kill().unwrap();
        child.wait().unwrap();

        let found: Files =
            tables(&desk.path("killed")).into_iter().filter(|(path, _)| !path.starts_with(".unfinished")).collect();
        for (path, bytes) in &found {
            assert!(whole[path] == *bytes, "{} is not whole", path.display());
        }
        kills_in_the_middle += u32::from(found.len() < whole.len());
        assert_eq!(desk.esologs(&["export", "logs", "-o", "killed"]).run().code, 0);
        assert!(tables(&desk.path("killed")) == whole);
    }
    assert!(kills_in_the_middle > 0, "every kill came too late");
}
