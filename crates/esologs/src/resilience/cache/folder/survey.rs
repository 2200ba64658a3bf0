//! What is in the store, for whoever asks; and what of it is no good any more.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use super::Folder;
use super::sweep::Listed;
use crate::resilience::cache::entry::{Entry, Header, split};
use crate::units::UnixMillis;

/// Enough for a header.
const BEGINNING: u64 = 4096;

/// Answers of one kind to one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) header: Header,
    pub(crate) answers: u64,
    pub(crate) bytes: u64,
}

/// What is in the store.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// By operation.
    pub(crate) rows: BTreeMap<String, Row>,
    pub(crate) answers: u64,
    pub(crate) bytes: u64,
    pub(crate) damaged: u64,
    pub(crate) oldest: Option<UnixMillis>,
    pub(crate) newest: Option<UnixMillis>,
}

/// What a look at every byte has found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) whole: u64,
    pub(crate) damaged: u64,
}

impl Folder {
    /// Looks at the beginning of every answer.
    pub(crate) fn survey(&self) -> io::Result<Survey> {
        let mut survey = Survey::default();
        for listed in self.ours()? {
            survey.answers += 1;
            survey.bytes += listed.bytes;
            let Some(header) = header(&listed.path) else {
                survey.damaged += 1;
                continue;
            };
            survey.oldest = Some(survey.oldest.map_or(header.kept_at, |oldest| oldest.min(header.kept_at)));
            survey.newest = survey.newest.max(Some(header.kept_at));
            let row = survey.rows.entry(header.operation.clone()).or_insert_with(|| Row { header, answers: 0, bytes: 0 });
            row.answers += 1;
            row.bytes += listed.bytes;
        }
        Ok(survey)
    }

    /// Reads every answer and checks it; removes those that are damaged.
    pub(crate) fn verify(&self) -> io::Result<Verified> {
        let mut verified = Verified::default();
        for listed in self.ours()? {
            match fs::read(&listed.path) {
                Ok(file) if Entry::from_file(&file).is_ok() => verified.whole += 1,
                Ok(_) => {
                    verified.damaged += 1;
                    fs::remove_file(&listed.path)?;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(verified)
    }

    /// Removes the answers that `is_gone` says yes to, and sweeps the store; how many are removed.
    pub(crate) fn prune(&self, now: UnixMillis, is_gone: impl Fn(&Header) -> bool) -> io::Result<usize> {
        let mut removed = 0;
        for listed in self.ours()? {
            if header(&listed.path).is_none_or(|header| is_gone(&header)) && fs::remove_file(&listed.path).is_ok() {
                removed += 1;
            }
        }
        let swept = if matches!(self.place.is_ours(), Ok(true)) { self.sweep(now)? } else { 0 };
        Ok(removed + swept)
    }

    /// The files of a store of this version; none where there is another or none.
    fn ours(&self) -> io::Result<Vec<Listed>> {
        if self.place.is_ours()? { self.listed() } else { Ok(Vec::new()) }
    }
}

/// The header of a file, unchecked.
fn header(path: &Path) -> Option<Header> {
    let mut beginning = Vec::new();
    File::open(path).ok()?.take(BEGINNING).read_to_end(&mut beginning).ok()?;
    split(&beginning).ok().map(|(header, _)| header)
}
