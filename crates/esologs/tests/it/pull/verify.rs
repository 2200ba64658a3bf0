//! Folders that were damaged, and folders that were not.
//!
//! The full numbers: `cargo test -p esologs --test it pull::verify -- --ignored --nocapture`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use esologs::pull::{EventStream, Verified, verify};
use esologs_sim::Faults;
use esologs_sim::world::World;
use fastrand::Rng;
use serde_json::Value;

use super::files::{copied, files};
use super::wire::{GUILD, NOW, Wire, paged_world};

/// Damages a folder, and tells what it has done; nothing where it could not.
type Damage = fn(&Path, &mut Rng) -> Option<String>;

/// The ways in which a folder is damaged.
const KINDS: [(&str, Damage); 12] = [
    ("a page's lines cut out", cut_page),
    ("a line cut out", |root, rng| edit_lines(root, rng, |lines, at| drop(lines.remove(at)))),
    ("a line doubled", |root, rng| edit_lines(root, rng, |lines, at| lines.insert(at, lines[at].clone()))),
    ("two lines swapped", swap_lines),
    ("a bit turned", |root, rng| {
        edit(root, rng, |bytes, rng| {
            let at = rng.usize(..bytes.len());
            bytes[at] ^= 1 << rng.u8(..8);
        })
    }),
    ("a file cut", |root, rng| edit(root, rng, |bytes, rng| bytes.truncate(rng.usize(..bytes.len())))),
    ("a file longer", |root, rng| edit(root, rng, |bytes, _| bytes.extend(b"{}\n"))),
    ("a file emptied", |root, rng| edit(root, rng, |bytes, _| bytes.clear())),
    ("a file deleted", |root, rng| {
        let path = any_file(root, rng);
        fs::remove_file(&path).unwrap();
        Some(path.display().to_string())
    }),
    ("a report deleted", |root, rng| {
        let path = any_report(root, rng);
        fs::remove_dir_all(&path).unwrap();
        Some(path.display().to_string())
    }),
    ("a file too many", |root, rng| {
        let report = any_report(root, rng);
        let place = rng.choice([root.join("data"), root.join("data/reports"), report.join("events"), report]).unwrap();
        fs::write(place.join("casts.jsonl"), "{}\n").unwrap();
        Some(place.display().to_string())
    }),
    ("a line of the journal cut out", |root, rng| {
        let path = root.join(".journal");
        let journal = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<&str> = journal.split_inclusive('\n').collect();
        let at = rng.usize(..lines.len());
        lines.remove(at);
        fs::write(&path, lines.concat()).unwrap();
        Some(format!("line {}", at + 1))
    }),
];

fn files_of(root: &Path) -> Vec<PathBuf> {
    let is_data = |path: &PathBuf| {
        path.starts_with("data") || path.starts_with("live") || path.ends_with("manifest.json") || path.ends_with(".journal")
    };
    files(root).into_keys().filter(is_data).map(|path| root.join(path)).collect()
}

fn any_file(root: &Path, rng: &mut Rng) -> PathBuf {
    rng.choice(files_of(root)).unwrap()
}

fn any_report(root: &Path, rng: &mut Rng) -> PathBuf {
    let reports: Vec<PathBuf> = fs::read_dir(root.join("data/reports")).unwrap().map(|entry| entry.unwrap().path()).collect();
    rng.choice(reports).unwrap()
}

fn filled(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.retain(|path| fs::metadata(path).unwrap().len() > 0);
    paths
}

/// Changes a file that is not empty.
fn edit(root: &Path, rng: &mut Rng, change: impl Fn(&mut Vec<u8>, &mut Rng)) -> Option<String> {
    let path = rng.choice(filled(files_of(root)))?;
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes, rng);
    fs::write(&path, bytes).unwrap();
    Some(path.display().to_string())
}

/// Changes the lines of a list.
fn edit_lines(root: &Path, rng: &mut Rng, change: impl Fn(&mut Vec<String>, usize)) -> Option<String> {
    let lists = files_of(root).into_iter().filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    let path = rng.choice(filled(lists.collect()))?;
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines, rng.usize(..text.lines().count()));
    fs::write(&path, lines.concat()).unwrap();
    Some(path.display().to_string())
}

fn swap_lines(root: &Path, rng: &mut Rng) -> Option<String> {
    // Equal events are real: to swap those would change nothing.
    let before = files(root);
    let said = edit_lines(root, rng, |lines, at| {
        let other = (at + 1) % lines.len();
        lines.swap(at, other);
    })?;
    (files(root) != before).then_some(said)
}

/// Cuts out what a page of the journal has brought: what is left is valid in every line.
fn cut_page(root: &Path, rng: &mut Rng) -> Option<String> {
    let journal = fs::read_to_string(root.join(".journal")).unwrap();
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line.splitn(3, ' ').nth(2).unwrap()).unwrap());
    let pages: Vec<Value> = records.filter(|record| record["is"] == "page" && record["page"]["bytes"] != 0).collect();
    let page = rng.choice(&pages)?;
    let path = root.join("data/reports").join(page["code"].as_str()?).join(page["file"].as_str()?);
    let of_file = pages.iter().filter(|other| (&other["code"], &other["file"]) == (&page["code"], &page["file"]));
    let bytes = |page: &Value| usize::try_from(page["page"]["bytes"].as_u64().unwrap()).unwrap();
    let start: usize = of_file.take_while(|other| *other != page).map(bytes).sum();
    let mut text = fs::read(&path).unwrap();
    text.drain(start..start + bytes(page));
    fs::write(&path, text).unwrap();
    Some(format!("{} from byte {start} on", path.display()))
}

async fn verified(root: &Path) -> Verified {
    verify(root).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_damage_is_found() {
    find_damages(24).await;
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_was_not_damaged_is_whole() {
    find_nothing(3).await;
}

#[tokio::test(start_paused = true)]
#[ignore = "a minute or two: the same with 100 damages and 100 folders"]
async fn a_hundred_of_a_hundred_damages_are_found_and_none_in_a_hundred_clean_folders() {
    find_damages(100).await;
    find_nothing(100).await;
}

async fn find_damages(damages: u64) {
    let (wire, folder) = (Wire::to(paged_world(), Faults::none()), tempfile::tempdir().unwrap());
    // Twice, so that the journal holds an earlier end.
    for streams in [vec![EventStream::Deaths], vec![EventStream::Deaths, EventStream::All]] {
        wire.pull(&folder).streams(streams).run(|_| {}).await.unwrap();
    }
    assert!(verified(folder.path()).await.is_whole());

    let mut found = 0;
    for seed in 0..damages {
        let (damaged, mut rng) = (copied(folder.path()), Rng::with_seed(seed));
        let (kind, damage) = KINDS[seed as usize % KINDS.len()];
        let said = std::iter::repeat_with(|| damage(damaged.path(), &mut rng)).take(20).flatten().next().unwrap();

        let verified = verified(damaged.path()).await;

        assert!(!verified.is_whole(), "seed {seed}: {kind} ({said}) was not found");
        found += 1;
    }
    println!("{found} of {damages} damages found, of {} kinds", KINDS.len());
}

async fn find_nothing(folders: u64) {
    let mut pages = 0;
    for seed in 0..folders {
        let kinds = ["public", "archived", "private", "live", "public"];
        let report = |access| format!("[[report]]\naccess = \"{access}\"\nevents = {}\nfights = 3\n", 100 + 40 * seed % 900);
        let toml = format!("seed = {seed}\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{}", kinds.map(report).concat());
        let world = Arc::new(World::from_toml(&toml, NOW).unwrap());
        let (wire, folder) = (Wire::to(&world, Faults::mixed(0.2, seed)), tempfile::tempdir().unwrap());
        // Some folders have seen two pulls.
        for _ in 0..=seed % 2 {
            wire.pulled(&folder).await;
        }

        let verified = verified(folder.path()).await;

        assert!(verified.is_whole(), "seed {seed}: {:?}", verified.gaps);
        assert_eq!((verified.reports, verified.adopted), (3, 0), "seed {seed}");
        pages += verified.pages;
    }
    println!("{folders} clean folders, {pages} pages, nothing found");
}

#[tokio::test(start_paused = true)]
async fn a_gap_names_the_report_the_file_and_the_place() {
    let (wire, folder) = (Wire::to(paged_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams([EventStream::All]).run(|_| {}).await.unwrap();
    let code = super::wire::finished(paged_world())[1];
    let path = Path::new("data/reports").join(code).join("events/all.friendlies.jsonl");
    let whole = fs::read(folder.path().join(&path)).unwrap();
    fs::write(folder.path().join(&path), &whole[..whole.len() - 10]).unwrap();
    fs::remove_file(folder.path().join("data/reports").join(code).join("fights.jsonl")).unwrap();

    let gaps = verified(folder.path()).await.gaps;

    let found: Vec<_> = gaps.iter().map(|gap| (gap.kind.name(), gap.code.as_deref(), gap.path.to_str().unwrap())).collect();
    let fights = format!("data/reports/{code}/fights.jsonl");
    assert_eq!(found, [("missing", Some(code), fights.as_str()), ("changed", Some(code), path.to_str().unwrap())]);
    assert_eq!(gaps[1].what, format!("it ends after {} bytes, and {} were written", whole.len() - 10, whole.len()));
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_was_stopped_is_told_with_what_is_here_of_it() {
    let (wire, folder) = (Wire::to(paged_world(), Faults::none()), tempfile::tempdir().unwrap());
    let stuck = wire.instead(|asked| (asked.number > 5).then(|| super::wire::page(503)));
    assert!(stuck.pull(&folder).concurrency(1).run(|_| {}).await.unwrap().ended_early.is_some());

    let gaps = verified(folder.path()).await.gaps;

    assert_eq!(gaps.iter().map(|gap| gap.kind.name()).collect::<Vec<_>>(), ["not_fetched"; 3]);
    let reasons: Vec<&str> = gaps.iter().map(|gap| gap.what.as_str()).collect();
    assert!(reasons[0].contains("with 6 pages here") && reasons[1].starts_with("not tried"), "{reasons:?}");
}
