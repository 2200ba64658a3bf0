//! What lies in the folder when, and whose folder it is.

use super::super::journal::{BASE_FILES, Filed};
use super::*;

fn open(root: &Path) -> Result<Folder, Error> {
    Folder::make(root)?;
    Folder::look(root, |_| Ok(()))?;
    let folder = Folder::take(root)?.ok_or_else(|| Error::new(ErrorKind::LocalFile, "another pull is working"))?;
    folder.clear_work(&[])?;
    Ok(folder)
}

/// A fetched report with one event file.
fn fetch(folder: &Folder, code: &ReportCode, events: &str) -> Vec<Filed> {
    let work = folder.start_report(code).unwrap();
    let base = BASE_FILES.map(|name| Filed::whole(name, write_lines(work.join(name), b"{}\n", 1).unwrap()));
    let events = write_lines(work.join("events").join("deaths.jsonl"), events.as_bytes(), 1).unwrap();
    base.into_iter().chain([Filed::whole("events/deaths.jsonl", events)]).collect()
}

fn is_here(folder: &Folder, code: &ReportCode, files: &[Filed]) -> bool {
    Folder::intact(&folder.place(code, Shelf::Data), files).len() == files.len()
}

#[test]
fn a_folder_with_a_foreign_manifest_is_left_as_it_is() {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in [("manifest.json", "{}"), (".lock", "mine"), ("README.txt", "mine")] {
        fs::write(root.path().join(name), text).unwrap();
    }
    fs::create_dir(root.path().join(WORK)).unwrap();
    fs::write(root.path().join(WORK).join("novel.txt"), "mine").unwrap();

    let refuse = |_: &str| Err::<(), _>(Error::new(ErrorKind::LocalFile, "not ours"));
    assert_eq!(Folder::look(root.path(), refuse).unwrap_err().to_string(), "not ours");
    fs::remove_file(root.path().join("manifest.json")).unwrap();
    assert!(open(root.path()).is_err());

    assert!(root.path().join(WORK).join("novel.txt").exists());
    assert_eq!(fs::read_to_string(root.path().join(".lock")).unwrap(), "mine");
}

#[test]
fn a_report_that_was_being_replaced_when_the_program_was_killed_comes_back() {
    let root = tempfile::tempdir().unwrap();
    let code: ReportCode = "xb7TKHXR8DJByp4Q".parse().unwrap();
    let folder = open(root.path()).unwrap();
    let files = fetch(&folder, &code, "{}\n");
    folder.finish_report(&code, Shelf::Data, &files).unwrap();

    folder.set_aside(&code, Shelf::Data).unwrap();
    assert!(!is_here(&folder, &code, &files));
    // A kill runs no destructors.
    let Folder { root: path, lock } = &folder;
    lock.as_ref().unwrap().unlock().unwrap();
    let again = open(path).unwrap();

    assert!(is_here(&again, &code, &files));
    std::mem::forget(folder);
}

#[test]
fn a_folder_with_other_things_in_it_is_refused_and_left_alone() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("thesis.txt"), "mine").unwrap();

    let error = open(root.path()).unwrap_err();

    assert!(error.to_string().contains("holds something else than a pull"), "{error}");
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing was added");
}

#[test]
fn a_look_makes_no_folder_changes_nothing_in_one_and_sees_what_is_there_while_a_pull_works_in_it() {
    let root = tempfile::tempdir().unwrap();
    let look = |root: &Path| Folder::look(root, |text| Ok(text.to_owned()));
    let code: ReportCode = "xb7TKHXR8DJByp4Q".parse().unwrap();

    let (nothing, manifest) = look(&root.path().join("new")).unwrap();
    assert!(nothing.names_on(Shelf::Data).is_empty() && manifest.is_none());
    drop(nothing);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);

    let folder = open(root.path()).unwrap();
    let files = fetch(&folder, &code, "{}\n");
    folder.finish_report(&code, Shelf::Data, &files).unwrap();
    folder.write_manifest("{}").unwrap();
    let (seen, manifest) = look(root.path()).unwrap();
    assert!(is_here(&seen, &code, &files) && manifest.as_deref() == Some("{}"));
    drop(seen);
    assert!(root.path().join(WORK).is_dir(), "the work of the pull is left alone");
}

#[test]
fn a_second_pull_in_the_same_folder_is_told_so() {
    let root = tempfile::tempdir().unwrap();
    let _first = open(root.path()).unwrap();
    let error = open(root.path()).unwrap_err();
    assert!(error.to_string().contains("another pull is working"), "{error}");
}

#[test]
fn a_report_is_under_its_name_only_when_it_is_finished() {
    let root = tempfile::tempdir().unwrap();
    let folder = open(root.path()).unwrap();
    let code: ReportCode = "xb7TKHXR8DJByp4Q".parse().unwrap();

    let files = fetch(&folder, &code, "");
    write_lines(folder.work_of(&code).join("events/casts.jsonl"), b"half", 1).unwrap();
    assert!(!is_here(&folder, &code, &files));

    folder.finish_report(&code, Shelf::Data, &files).unwrap();
    assert!(is_here(&folder, &code, &files));
    assert!(!folder.place(&code, Shelf::Data).join("events/casts.jsonl").exists(), "what does not belong to it stays out");
}

#[test]
fn a_folder_that_lost_its_manifest_is_taken_again_with_the_exports_in_it() {
    let root = tempfile::tempdir().unwrap();
    let code: ReportCode = "xb7TKHXR8DJByp4Q".parse().unwrap();
    let folder = open(root.path()).unwrap();
    let files = fetch(&folder, &code, "{}\n");
    folder.finish_report(&code, Shelf::Data, &files).unwrap();
    drop(folder);
    for export in EXPORTS {
        fs::create_dir(root.path().join(export)).unwrap();
    }

    assert!(is_here(&open(root.path()).unwrap(), &code, &files));

    fs::create_dir(root.path().join("novels")).unwrap();
    assert!(open(root.path()).is_err(), "something else than a pull");
}

#[cfg(feature = "export")]
#[test]
fn the_folders_of_every_format_of_an_export_are_known() {
    assert_eq!(EXPORTS, crate::export::Format::EVERY.map(crate::export::Format::name));
}
