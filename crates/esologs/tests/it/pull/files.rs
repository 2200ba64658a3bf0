//! Folders, the truth about them, and the manifest held against what is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use esologs_sim::truth::{self, Stream};
use esologs_sim::world::World;
use serde_json::Value;

use super::wire::GUILD;

/// Files by their path below a folder.
pub(super) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// All files below a folder; none where there is no folder.
pub(super) fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A copy of a folder, to be broken.
pub(super) fn copied(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for (name, bytes) in files(folder) {
        let path = copy.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    copy
}

/// What a perfect pull would have under `data/`.
pub(super) fn truth(world: &World, streams: &[Stream]) -> Files {
    let folder = tempfile::tempdir().unwrap();
    truth::write(world, GUILD, streams, folder.path()).unwrap();
    files(folder.path())
}

/// The truth without some reports.
pub(super) fn without(mut truth: Files, codes: &[&str]) -> Files {
    truth.retain(|path, _| !codes.iter().any(|code| path.starts_with(Path::new("reports").join(code))));
    truth
}

/// Both hold the same files with the same bytes. (The bytes themselves would be pages of output.)
#[track_caller]
pub(super) fn assert_same(found: &Files, truth: &Files, what: &str) {
    let (names, expected): (Vec<_>, Vec<_>) = (found.keys().collect(), truth.keys().collect());
    assert_eq!(names, expected, "{what}");
    for (name, bytes) in truth {
        assert!(found[name] == *bytes, "{what}: {} differs", name.display());
    }
}

/// Reports that are there are there as in the truth; some may be missing. Answers how many there are.
#[track_caller]
pub(super) fn assert_part_of(found: &Files, truth: &Files, what: &str) -> usize {
    let reports = reports_in(found);
    for code in &reports {
        let of_report = |files: &Files| -> Files {
            let inside = |path: &Path| path.starts_with(Path::new("reports").join(code));
            files.iter().filter(|(path, _)| inside(path)).map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
        };
        assert_same(&of_report(found), &of_report(truth), what);
    }
    reports.len()
}

/// The folders under `reports/`.
pub(super) fn reports_in(found: &Files) -> Vec<String> {
    let code = |path: &PathBuf| Some(path.strip_prefix("reports").ok()?.iter().next()?.to_str()?.to_owned());
    let mut codes: Vec<String> = found.keys().filter_map(code).collect();
    codes.dedup();
    codes
}

pub(super) fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(text.is_empty() || text.ends_with('\n'), "{} ends in the middle of a line", path.display());
    text.lines().map(str::to_owned).collect()
}

/// The manifest as it stands.
pub(super) fn manifest(root: &Path) -> Value {
    let bytes = fs::read(root.join("manifest.json")).unwrap();
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&bytes)))
}

/// What a manifest says of a report of the list.
pub(super) fn entry<'m>(manifest: &'m Value, code: &str) -> &'m Value {
    let entries = manifest["reports"].as_array().unwrap();
    entries.iter().find(|entry| entry["code"] == code).unwrap_or_else(|| panic!("{code} is not in the manifest"))
}

/// The manifest, after everything that it says was found to be so.
#[track_caller]
pub(super) fn true_manifest(root: &Path) -> Value {
    let manifest = manifest(root);
    assert_eq!(manifest["format"], "esologs-pull/3");
    let listed = manifest["reports"].as_array().unwrap();
    let kept = manifest["kept_from_earlier_pulls"].as_array().unwrap();
    for entry in listed.iter().chain(kept) {
        assert_entry_is_true(root, entry);
    }
    let is_missing = |entry: &&Value| entry["status"] == "failed" || entry["status"] == "not_tried";
    let all_here = !listed.iter().any(|entry| is_missing(&entry));
    assert_eq!(manifest["all_that_can_be_had_is_here"], all_here);
    manifest
}

#[track_caller]
fn assert_entry_is_true(root: &Path, entry: &Value) {
    let status = entry["status"].as_str().unwrap();
    assert_eq!(entry["reason"].is_null(), status == "complete", "a reason where it is not complete: {entry}");
    if matches!(status, "complete" | "live") {
        assert!(entry["folder"].is_string(), "a folder where it is here: {entry}");
    }
    // A report that was not tried or failed this time can lie under `live/` from an earlier pull.
    let Some(folder) = entry["folder"].as_str() else { return };
    assert!(folder.starts_with(if status == "complete" { "data/reports/" } else { "live/" }), "{entry}");
    let folder = root.join(folder);
    assert_eq!(lines(&folder.join("report.json")).len(), 1);
    assert_eq!(lines(&folder.join("fights.jsonl")).len() as u64, entry["fights"], "fights: {entry}");
    let mut counted = BTreeMap::new();
    for path in files(&folder.join("events")).keys() {
        let name = path.to_str().unwrap().strip_suffix(".jsonl").unwrap().to_owned();
        counted.insert(name, lines(&folder.join("events").join(path)).len() as u64);
    }
    assert_eq!(serde_json::to_value(counted).unwrap(), entry["events"], "events of {}", entry["code"]);
    let extras = ["player-details.json", "rankings.json", "tables.jsonl"].into_iter().filter(|name| folder.join(name).exists());
    let extras: Vec<&str> = extras.map(|name| name.split('.').next().unwrap()).collect();
    assert_eq!(serde_json::to_value(extras).unwrap(), entry["extras"], "extras of {}", entry["code"]);
}

/// Nothing of the work is left over.
#[track_caller]
pub(super) fn assert_tidy(root: &Path) {
    assert!(!root.join(".unfinished").exists(), "the folder of unfinished things is left");
    let parts: Vec<_> = files(root).into_keys().filter(|path| path.extension().is_some_and(|end| end == "part")).collect();
    assert!(parts.is_empty(), "{parts:?}");
}
