//! One process at one folder: what is whole, what is not, and what has no room.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use tempfile::TempDir;

use super::*;
use crate::resilience::cache::entry::Header;
use crate::resilience::cache::facts::{Facts, Look};
use crate::resilience::cache::kind::Kind;
use crate::units::UnixMillis;

pub(super) const NOW: UnixMillis = UnixMillis::new(1_790_000_000_000);
const MIB: u64 = 1 << 20;

pub(super) fn key(number: u128) -> Key {
    Key { hash: number << 64 | number, question: format!("question {number}").into() }
}

pub(super) fn entry(number: u128, body: impl Into<Bytes>) -> Entry {
    let header = Header { realm: 1, kind: Kind::List, operation: "Guilds".to_owned(), kept_at: NOW, report: None };
    Entry { header: Arc::new(header), question: key(number).question, body: body.into() }
}

/// Bytes that do not pack.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(|| rng.u8(..)).take(length).collect()
}

fn open(folder: &TempDir) -> Folder {
    Folder::new(folder.path(), MIB)
}

fn put(store: &Folder, number: u128, body: impl Into<Bytes>, now: UnixMillis) -> Result<Option<Trouble>, Trouble> {
    store.put(&key(number).name(), &entry(number, body), now)
}

fn get(store: &Folder, number: u128, now: UnixMillis) -> Option<Bytes> {
    match store.get(&key(number), now) {
        Found::Entry(entry) => Some(entry.body),
        Found::Nothing | Found::Damaged => None,
        Found::Unreadable(trouble) => panic!("{trouble:?}"),
    }
}

/// Every file of the store but the lock, with its length.
fn files(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let (path, metadata) = entry.map(|entry| (entry.path(), entry.metadata().unwrap())).unwrap();
            if metadata.is_dir() { open.push(path) } else { found.push((path, metadata.len())) }
        }
    }
    found
}

#[test]
fn what_one_has_put_another_gets() {
    let folder = tempfile::tempdir().unwrap();

    assert_eq!(put(&open(&folder), 1, "one", NOW), Ok(None));

    assert_eq!(get(&open(&folder), 1, NOW), Some(Bytes::from("one")));
    assert_eq!(get(&open(&folder), 2, NOW), None);
    let of_another_question = Key { question: Bytes::from_static(b"another"), ..key(1) };
    assert!(matches!(open(&folder).get(&of_another_question, NOW), Found::Nothing));
    assert_eq!(get(&open(&folder), 1, NOW), Some(Bytes::from("one")), "it is not taken for damaged");
}

#[test]
fn a_damaged_file_is_a_miss_and_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    put(&store, 1, noise(10_000, 1), NOW).unwrap();
    let path = store.place.entry(&key(1).name());
    let mut file = fs::read(&path).unwrap();
    file[5_000] ^= 1;
    fs::write(&path, file).unwrap();

    assert!(matches!(store.get(&key(1), NOW), Found::Damaged));

    assert!(!path.exists());
    assert!(matches!(store.get(&key(1), NOW), Found::Nothing));
}

#[test]
fn a_store_of_another_version_is_moved_aside_and_nothing_in_it_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("answers");
    fs::create_dir(&store).unwrap();
    fs::write(store.join("format"), "esologs answers 99\n").unwrap();
    fs::write(store.join("precious"), "data").unwrap();

    assert_eq!(get(&open(&folder), 1, NOW), None, "nothing is read from it");
    let told = put(&open(&folder), 1, "one", NOW).unwrap().unwrap();

    assert_eq!(told.what, What::Aside);
    let aside = folder.path().join("answers.aside-1");
    assert!(told.why.contains("no store of this version") && told.why.contains(&aside.display().to_string()), "{}", told.why);
    assert_eq!(fs::read_to_string(aside.join("precious")).unwrap(), "data");
    assert_eq!(get(&open(&folder), 1, NOW), Some(Bytes::from("one")));
    assert_eq!(put(&open(&folder), 2, "two", NOW), Ok(None), "the next one finds it in order");
}

#[test]
fn a_file_or_a_strange_folder_in_its_place_is_moved_aside_as_well() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("answers"), "a file").unwrap();
    assert!(put(&open(&folder), 1, "one", NOW).unwrap().is_some());
    assert_eq!(fs::read_to_string(folder.path().join("answers.aside-1")).unwrap(), "a file");

    let other = tempfile::tempdir().unwrap();
    fs::create_dir_all(other.path().join("answers/of another program")).unwrap();
    assert!(put(&open(&other), 1, "one", NOW).unwrap().is_some());
    assert!(other.path().join("answers.aside-1/of another program").is_dir());
    assert_eq!(get(&open(&other), 1, NOW), Some(Bytes::from("one")));
}

#[test]
fn a_store_that_somebody_clears_is_begun_anew_by_who_has_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    put(&store, 1, "one", NOW).unwrap();
    open(&folder).place.clear().unwrap();
    assert_eq!(get(&store, 1, NOW), None);

    assert_eq!(put(&store, 2, "two", NOW), Ok(None));
    open(&folder).place.clear().unwrap();
    assert_eq!(store.note_looks(&[record("a", 1)]), Ok(None));

    assert_eq!(put(&open(&folder), 3, "three", NOW), Ok(None), "nobody takes it for another's");
    assert!(open(&folder).place.aside().is_empty());
}

#[test]
fn several_who_open_at_once_make_one_store_and_none_moves_it_aside() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..4 {
                let folder = &folder;
                scope.spawn(move || assert_eq!(put(&open(folder), number, "x", NOW), Ok(None)));
            }
        });
        assert!((0..4).all(|number| get(&open(&folder), number, NOW).is_some()));
        assert!(open(&folder).place.aside().is_empty());
    }
}

#[test]
fn what_is_used_stays_and_the_longest_unused_goes_within_the_bound() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let day = Duration::from_secs(24 * 3600);
    for number in 0..200_u32 {
        let now = NOW.plus(day * number);
        put(&store, number.into(), noise(20_000, number.into()), now).unwrap();
        assert!(get(&store, 0, now).is_some(), "what is used each day is gone after {number} days");
        let total: u64 = store.listed().unwrap().iter().map(|listed| listed.bytes).sum();
        assert!(total <= MIB, "{total} bytes after {number} answers");
    }
    assert!(get(&store, 199, NOW.plus(day * 199)).is_some());
    assert!(get(&store, 1, NOW).is_none());
}

#[test]
fn what_a_killed_writer_left_is_swept_away_and_what_is_being_written_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    put(&store, 1, "one", NOW).unwrap();
    let (old, new) = (store.temporary(NOW), store.temporary(NOW.plus(Duration::from_secs(7_000))));
    store.create(&old).unwrap();
    store.create(&new).unwrap();

    store.sweep(NOW.plus(Duration::from_secs(7_200))).unwrap();

    assert_eq!((old.exists(), new.exists()), (false, true));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    put(&store, 1, "one", NOW).unwrap();
    store.note_looks(&[record("aaaaaaaaaaaaaa01", 1)]).unwrap();
    store.sweep(NOW).unwrap();

    for (path, _) in files(folder.path()) {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
    }
}

fn record(code: &str, revision: i64) -> Record {
    let look = Look { end: NOW, revision };
    Record { realm: 1, code: code.to_owned(), facts: Facts::new(look, true, NOW.plus(Duration::from_secs(100_000))) }
}

#[test]
fn news_of_reports_reach_others_once_and_a_line_that_was_cut_spoils_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (writer, reader) = (open(&folder), open(&folder));
    let mut looks = Looks::default();
    writer.note_looks(&[record("a", 1), record("b", 1)]).unwrap();
    assert_eq!(reader.new_looks(&mut looks), [record("a", 1), record("b", 1)]);
    assert_eq!(reader.new_looks(&mut looks), []);

    let mut file = OpenOptions::new().append(true).open(writer.place.reports()).unwrap();
    file.write_all(b"\n{\"realm\":1,\"code\":\"cut").unwrap();
    writer.note_looks(&[record("a", 2)]).unwrap();

    assert_eq!(reader.new_looks(&mut looks), [record("a", 2)]);
}

#[test]
fn a_long_list_of_news_is_put_together_and_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (writer, reader) = (open(&folder), open(&folder));
    let mut looks = Looks::default();
    for revision in 1..=100 {
        let news: Vec<Record> = (0..100).map(|report| record(&format!("report {report}"), revision)).collect();
        writer.note_looks(&news).unwrap();
    }
    assert_eq!(reader.new_looks(&mut looks).len(), 10_000);
    let before = fs::metadata(writer.place.reports()).unwrap().len();

    writer.sweep(NOW).unwrap();

    let after = fs::metadata(writer.place.reports()).unwrap().len();
    assert!(after * 50 < before, "{after} of {before} bytes");
    let known = reader.new_looks(&mut looks);
    assert_eq!(known.len(), 100);
    assert!(known.iter().all(|record| record.facts.look.revision == 100));
    writer.note_looks(&[record("a", 1)]).unwrap();
    assert_eq!(reader.new_looks(&mut looks), [record("a", 1)]);
}

#[test]
fn a_survey_counts_and_a_check_removes_what_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    for number in 0..5 {
        put(&store, number, noise(5_000, 1), NOW).unwrap();
    }
    let path = store.place.entry(&key(3).name());
    let mut file = fs::read(&path).unwrap();
    *file.last_mut().unwrap() ^= 1;
    fs::write(&path, file).unwrap();

    let survey = store.survey().unwrap();
    assert_eq!((survey.answers, survey.damaged, survey.rows["Guilds"].answers), (5, 0, 5), "the beginning is whole");
    assert_eq!((survey.oldest, survey.bytes), (Some(NOW), 5 * 8192));
    let verified = store.verify().unwrap();
    assert_eq!((verified.whole, verified.damaged), (4, 1));
    assert_eq!(store.verify().unwrap().damaged, 0);

    assert_eq!(store.prune(NOW, |_| true).unwrap(), 4);
    store.place.clear().unwrap();
    assert!(!store.place.store().exists());
}
