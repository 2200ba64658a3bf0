//! Files that grow page by page, and are read page by page.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::super::journal::{Page, checksum};
use super::local;
use crate::disk;
use crate::error::Error;

/// A file that is being written.
#[derive(Debug)]
pub(in crate::pull) struct PartFile {
    file: File,
    path: PathBuf,
}

impl PartFile {
    pub(in crate::pull) fn create(path: PathBuf) -> Result<Self, Error> {
        let create = || {
            // It may be a second name of a finished report's file: that one is not to be emptied.
            if path.exists() {
                fs::remove_file(&path)?;
            }
            let file = File::create(&path)?;
            disk::sync_folder_of(&path)?;
            Ok(file)
        };
        match create() {
            Ok(file) => Ok(Self { file, path }),
            Err(error) => Err(cannot_write(&path, error)),
        }
    }

    /// Opens a file to go on behind its pages, and tells how many of them are there as they were written. What stands behind them was
    /// never noted, and is cut off.
    pub(in crate::pull) fn go_on(path: PathBuf, pages: &[Page]) -> Result<(Self, usize), Error> {
        let whole = whole_pages(&path, pages);
        // A file that was finished once is whole, or it is written anew: nothing is cut off from what may have two names.
        if whole == 0 || (whole < pages.len() && pages.last().is_some_and(|page| page.next.is_none())) {
            return Self::create(path).map(|file| (file, 0));
        }
        let length = pages[..whole].iter().map(|page| page.bytes).sum();
        let open = || {
            let mut file = OpenOptions::new().write(true).open(&path)?;
            if file.metadata()?.len() != length {
                file.set_len(length)?;
                file.sync_all()?;
            }
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        match open() {
            Ok(file) => Ok((Self { file, path }, whole)),
            Err(error) => Err(cannot_write(&path, error)),
        }
    }

    /// Adds a page. It is there for whoever reads the file, and on disk once it was synced.
    pub(in crate::pull) fn append(&self, text: &[u8]) -> Result<(), Error> {
        (&self.file).write_all(text).map_err(|error| cannot_write(&self.path, error))
    }

    /// When this returns, all that was added is on disk.
    pub(in crate::pull) fn sync(&self) -> Result<(), Error> {
        self.file.sync_data().map_err(|error| cannot_write(&self.path, error))
    }
}

/// Writes a whole file of lines and syncs it.
pub(in crate::pull) fn write_lines(path: PathBuf, text: &[u8], lines: u64) -> Result<Page, Error> {
    let file = PartFile::create(path)?;
    file.append(text)?;
    file.sync()?;
    Ok(Page::whole(text, lines))
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    local(&format!("cannot write {}", path.display()), error)
}

/// How many of the pages stand at the beginning of the file as they were written.
fn whole_pages(path: &Path, pages: &[Page]) -> usize {
    let Ok(mut file) = File::open(path) else { return 0 };
    pages.iter().take_while(|page| read_page(&mut file, page).is_ok_and(|found| found == page.crc)).count()
}

/// Reads the next page of a file and tells its checksum.
pub(in crate::pull) fn read_page(file: &mut File, page: &Page) -> io::Result<u32> {
    // Never more than the file has, whatever a page claims.
    let left = file.metadata()?.len().saturating_sub(file.stream_position()?);
    if left < page.bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut text = vec![0; usize::try_from(page.bytes).map_err(io::Error::other)?];
    file.read_exact(&mut text)?;
    Ok(checksum(&text))
}

/// A file as it is found, in one piece.
pub(in crate::pull) fn read_whole(path: &Path) -> io::Result<Page> {
    let mut file = File::open(path)?;
    let (mut crc, mut piece) = (crc32fast::Hasher::new(), vec![0; 256 * 1024]);
    let (mut lines, mut bytes) = (0, 0);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            let start = crate::units::ReportTime::ZERO;
            return Ok(Page { start, next: None, lines, bytes, crc: crc.finalize() });
        }
        crc.update(&piece[..read]);
        bytes += read as u64;
        lines += piece[..read].iter().filter(|byte| **byte == b'\n').count() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::ReportTime;

    fn page(start: f64, next: Option<f64>, text: &[u8]) -> Page {
        Page { start: ReportTime::new(start), next: next.map(ReportTime::new), ..Page::whole(text, 1) }
    }

    #[test]
    fn a_file_goes_on_behind_its_last_whole_page_and_the_rest_is_cut_off() {
        let (a, b) = (page(0.0, Some(5.0), b"one\n"), page(5.0, Some(9.0), b"two\n"));
        for (found, whole) in [("one\ntwo\nth", 2), ("one\ntwo\n", 2), ("one\ntw", 1), ("one\n\0\0\0\0\0", 1), ("on", 0), ("", 0)]
        {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("part");
            fs::write(&path, found).unwrap();

            let (file, count) = PartFile::go_on(path.clone(), &[a, b]).unwrap();
            file.append(b"three\n").unwrap();

            assert_eq!(count, whole, "{found:?}");
            assert_eq!(fs::read_to_string(&path).unwrap(), ["three\n", "one\nthree\n", "one\ntwo\nthree\n"][whole]);
        }
    }

    #[test]
    fn a_finished_file_with_a_second_name_is_never_cut() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        fs::write(&first, "one\nXXX\n").unwrap();
        fs::hard_link(&first, &second).unwrap();

        let pages = [page(0.0, Some(5.0), b"one\n"), page(5.0, None, b"two\n")];
        let (file, count) = PartFile::go_on(second.clone(), &pages).unwrap();
        file.append(b"new\n").unwrap();

        assert_eq!(count, 0);
        assert_eq!(
            (fs::read_to_string(first).unwrap().as_str(), fs::read_to_string(second).unwrap().as_str()),
            ("one\nXXX\n", "new\n")
        );
    }

    #[test]
    fn a_file_in_one_piece_is_told_with_its_lines_and_its_checksum() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "one\ntwo\n").unwrap();
        assert_eq!(read_whole(&path).unwrap(), Page::whole(b"one\ntwo\n", 2));
    }
}
