//! A file that comes page by page: each is written and noted before the next one is asked for, and brought to the disk while that is on
//! its way.
//!
//! So a program that is killed buys again what was on its way, a page for each report in work. A loss of power may cost the page before
//! that as well: neither it nor its line need have been on the disk, so whoever goes on reads each page and holds it against its line. The
//! last page of a file is on the disk before it is noted: what is told to be whole is.

use std::sync::Arc;

use bytes::Bytes;
use tokio::task::{JoinHandle, spawn_blocking};

use super::cover::Cover;
use super::folder::PartFile;
use super::journal::{Filed, Page, Record, checksum};
use super::run::Shared;
use crate::disk::{blocking, broken_off};
use crate::error::Error;
use crate::ids::ReportCode;
use crate::units::ReportTime;

/// A file of a report in work, and what is in it.
pub(super) struct Pages {
    shared: Arc<Shared>,
    code: ReportCode,
    filed: Filed,
    part: Arc<PartFile>,
    /// The page before is brought to the disk, and the line that tells of it.
    syncing: Option<JoinHandle<Result<(), Error>>>,
}

/// A page that came.
pub(super) struct Came {
    pub(super) start: ReportTime,
    pub(super) next: Option<ReportTime>,
    pub(super) text: Bytes,
    pub(super) lines: u64,
}

impl Pages {
    /// Takes up what is here of the file.
    pub(super) async fn taken_up(shared: &Arc<Shared>, cover: &Cover, name: String) -> Result<Self, Error> {
        let code = cover.report.code.clone();
        let path = shared.store.folder.work_of(&code).join(&name);
        let mut filed = cover.inventory.file(&name).cloned().unwrap_or(Filed { name, pages: Vec::new() });
        let pages = filed.pages.clone();
        let (part, whole) = blocking(move || PartFile::go_on(path, &pages)).await?;
        filed.pages.truncate(whole);
        Ok(Self { shared: Arc::clone(shared), code, filed, part: Arc::new(part), syncing: None })
    }

    /// Those that are here.
    pub(super) fn here(&self) -> &[Page] {
        &self.filed.pages
    }

    /// Writes and notes a page. When this returns, it is there for whoever takes the file up; the next one may be asked for.
    pub(super) async fn add(&mut self, came: Came) -> Result<(), Error> {
        // No more than one page is noted that a loss of power could cost.
        if let Some(syncing) = self.syncing.take() {
            syncing.await.map_err(|error| broken_off("a disk task", error))??;
        }
        let Came { start, next, text, lines } = came;
        let (shared, part) = (Arc::clone(&self.shared), Arc::clone(&self.part));
        let (code, file, is_last) = (self.code.to_string(), self.filed.name.clone(), next.is_none());
        let page = blocking(move || {
            let page = Page { start, next, lines, bytes: text.len() as u64, crc: checksum(&text) };
            part.append(&text)?;
            let record = Record::Page { code, file, page };
            if is_last {
                part.sync()?;
                shared.note(vec![record])?;
            } else {
                shared.store.note_unsynced(record)?;
            }
            Ok(page)
        });
        self.filed.pages.push(page.await?);
        if !is_last {
            let (shared, part) = (Arc::clone(&self.shared), Arc::clone(&self.part));
            self.syncing = Some(spawn_blocking(move || part.sync().and_then(|()| shared.store.sync())));
        }
        Ok(())
    }

    /// The file, once its last page was added.
    pub(super) fn into_filed(self) -> Filed {
        self.filed
    }
}
