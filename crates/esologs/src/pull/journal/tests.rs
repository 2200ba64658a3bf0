//! A journal that is cut, changed, made shorter, and goes on.

use super::super::folder::Shelf;
use super::super::target::Target;
use super::*;
use crate::units::{ReportTime, UnixMillis};

const CODE: &str = "aaaaaaaaaaaaaaaa";

fn beginning() -> Vec<Record> {
    vec![
        Record::Folder { format: "esologs-pull/3".into(), host: "www.esologs.com".into(), target: Target::Guild(3468.into()) },
        Record::About { name: "Lanterns".into(), file: Page::whole(b"{}\n", 1) },
        Record::Cover { code: CODE.into(), is_final: true, inventory: Inventory::default() },
    ]
}

fn page(number: u32) -> Record {
    let start = ReportTime::new(f64::from(number));
    let page = Page { start, next: Some(ReportTime::new(f64::from(number) + 1.0)), ..Page::whole(b"{}\n", 1) };
    Record::Page { code: CODE.into(), file: "events/damage.jsonl".into(), page }
}

/// A journal of so many pages.
fn journal(root: &Path, pages: u32) -> Journal {
    let mut journal = Journal::open(root, read(root).unwrap()).unwrap();
    journal.append(beginning()).unwrap();
    for number in 0..pages {
        journal.append(vec![page(number)]).unwrap();
    }
    journal
}

fn pages_in(state: &State) -> usize {
    let work = state.reports.get(CODE).and_then(|known| known.work.as_ref());
    work.and_then(|work| work.inventory.file("events/damage.jsonl")).map_or(0, |file| file.pages.len())
}

#[test]
fn what_was_noted_is_read_back() {
    let root = tempfile::tempdir().unwrap();
    let written = journal(root.path(), 3).state().clone();

    let found = read(root.path()).unwrap();

    assert_eq!(found.state, written);
    assert_eq!((pages_in(&found.state), found.torn_line, found.damaged_line), (3, None, None));
}

#[test]
fn a_last_line_that_is_torn_at_any_byte_is_cut_off_and_the_journal_goes_on() {
    let root = tempfile::tempdir().unwrap();
    drop(journal(root.path(), 3));
    let path = root.path().join(JOURNAL);
    let whole = fs::read(&path).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;

    for cut in last..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let found = read(root.path()).unwrap();
        let torn = (cut > last).then_some(6);
        assert_eq!((pages_in(&found.state), found.torn_line, found.damaged_line), (2, torn, None), "cut at {cut}");
        Journal::open(root.path(), found).unwrap().append(vec![page(2)]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole, "cut at {cut}");
    }
}

#[test]
fn from_a_damaged_line_on_nothing_is_trusted_and_the_damaged_journal_is_kept() {
    let root = tempfile::tempdir().unwrap();
    drop(journal(root.path(), 5));
    let path = root.path().join(JOURNAL);
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let changed = whole.replacen(r#""start":2"#, r#""start":7"#, 1);
    let cut_out: String = lines[..5].iter().chain(&lines[6..]).copied().collect();
    let doubled: String = lines[..6].iter().chain(&lines[5..]).copied().collect();

    for (damaged, line, pages) in [(changed, 6, 2), (cut_out, 6, 2), (doubled, 7, 3)] {
        fs::write(&path, &damaged).unwrap();
        let found = read(root.path()).unwrap();
        assert_eq!((pages_in(&found.state), found.damaged_line, found.torn_line), (pages, Some(line), None));

        Journal::open(root.path(), found).unwrap().append(vec![page(9)]).unwrap();

        assert_eq!(fs::read_to_string(root.path().join(DAMAGED)).unwrap(), damaged);
        let again = read(root.path()).unwrap();
        assert_eq!((pages_in(&again.state), again.damaged_line), (pages + 1, None));
    }
}

#[test]
fn a_shortened_journal_says_the_same_and_stays_within_a_bound() {
    let root = tempfile::tempdir().unwrap();
    let mut journal = journal(root.path(), 3);
    let inventory = Inventory { files: vec![Filed::whole("report.json", Page::whole(b"{}\n", 1))], ..Inventory::default() };
    let mut largest = 0;
    for number in 0..20_000 {
        // The same live report again and again.
        journal.state().ended = None;
        let done = Record::Done { code: "bbbbbbbbbbbbbbbb".into(), shelf: Shelf::Live, inventory: inventory.clone() };
        journal.lines_only_for_tests(vec![
            done,
            Record::Ended { at: UnixMillis::new(number), manifest: Page::whole(b"", 0), is_early: false },
        ]);
        journal.shorten().unwrap();
        largest = largest.max(fs::metadata(root.path().join(JOURNAL)).unwrap().len());
    }

    assert!(largest < 2 * SPARE_BYTES, "{largest} bytes");
    let found = read(root.path()).unwrap();
    assert_eq!((&found.state, found.damaged_line), (&*journal.state(), None));
    assert_eq!(pages_in(&found.state), 3, "what is in work is still in it");
}

#[test]
fn after_a_write_that_failed_nothing_follows() {
    let root = tempfile::tempdir().unwrap();
    let mut journal = journal(root.path(), 1);
    journal.file = Some(File::open(root.path().join(JOURNAL)).unwrap());

    let first = journal.append(vec![page(1)]).unwrap_err();
    let second = journal.append(vec![page(1)]).unwrap_err();

    assert!(first.to_string().starts_with("cannot write "), "{first}");
    assert!(second.to_string().contains("nothing can follow"), "{second}");
    assert_eq!(pages_in(&journal.state()), 1);
}

#[test]
fn lines_of_the_second_format_are_understood() {
    let read = |json: &str| serde_json::from_str::<Record>(json).unwrap();
    let folder = read(r#"{"is":"folder","format":"esologs-pull/2","host":"www.esologs.com","guild":3468}"#);
    let guild = read(r#"{"is":"guild","name":"Lanterns","file":{"start":0,"next":null,"lines":1,"bytes":3,"crc":1}}"#);
    let listed = read(r#"{"is":"listed","page":1,"total":0,"more":false,"reports":[]}"#);

    assert!(matches!(folder, Record::Folder { target: Target::Guild(id), .. } if id.get() == 3468), "{folder:?}");
    assert!(matches!(guild, Record::About { ref name, .. } if name == "Lanterns"), "{guild:?}");
    assert!(matches!(listed, Record::Listed { is_cut: false, .. }), "{listed:?}");
}
