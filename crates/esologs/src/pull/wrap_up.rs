//! What a pull leaves behind of itself: the manifest, its end in the journal, the summary.

use std::sync::{Arc, PoisonError};

use super::attendance;
use super::journal::{Failed, Page, Record, State};
use super::manifest::{Entry, Manifest, ManifestTarget};
use super::outcome::{Outcome, ReportResult, Summary};
use super::work::Work;
use crate::disk::blocking;
use crate::error::Error;

impl Work<'_> {
    /// Writes the manifest as things stand; tells what was written.
    pub(super) async fn write_manifest(&self) -> Result<Page, Error> {
        let _turn = self.manifest_turn.lock().await;
        let json = self.with(|progress| {
            let results: Vec<&ReportResult> =
                progress.results.iter().zip(&self.open).map(|(done, open)| done.as_ref().unwrap_or(open)).collect();
            self.manifest(&results).to_json()
        })?;
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            shared.store.folder.write_manifest(&json)?;
            Ok(Page::whole(json.as_bytes(), json.lines().count() as u64))
        })
        .await
    }

    fn manifest<'b>(&'b self, results: &[&'b ReportResult]) -> Manifest<'b> {
        let pull = &self.shared.pull;
        let has_live = |result: &ReportResult| {
            let is_live = |state: &State| state.reports.get(result.code.as_str()).is_some_and(|known| known.live.is_some());
            self.shared.store.look(is_live)
        };
        Manifest {
            format: Manifest::FORMAT,
            written_by: concat!("esologs/", env!("CARGO_PKG_VERSION")),
            host: self.shared.owner.host.clone(),
            target: ManifestTarget { target: pull.target, name: &self.target_name },
            since_unix_ms: pull.since,
            until_unix_ms: pull.until,
            zone: pull.zone,
            last: pull.last,
            streams: pull.streams.iter().map(|stream| stream.name()).collect(),
            extras: pull.extra_names(),
            include_resources: pull.include_resources,
            written_at_unix_ms: pull.client.clock().now(),
            all_that_can_be_had_is_here: results.iter().all(|result| !result.outcome.is_missing()) && self.has_attendance(),
            list_total: self.list_total,
            reports: results.iter().map(|result| Entry::of(result, has_live(result))).collect(),
            kept_from_earlier_pulls: self.kept.iter().map(|result| Entry::of(result, has_live(result))).collect(),
        }
    }

    /// Whether who was there is here, or was not asked for.
    fn has_attendance(&self) -> bool {
        !self.shared.pull.attendance || self.shared.store.look(attendance::is_here)
    }

    pub(super) async fn into_summary(self) -> Result<Summary, Error> {
        if let Err(error) = self.note_end().await {
            self.end(error);
        }
        let attendance = self.shared.store.look(attendance::kept);
        let progress = self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        let reports = progress.results.into_iter().zip(self.open).map(|(result, open)| result.unwrap_or(open)).collect();
        Ok(Summary {
            target: self.shared.pull.target,
            target_name: self.target_name,
            folder: self.shared.folder(),
            reports,
            list_total: self.list_total,
            attendance,
            ended_early: progress.ended_early,
        })
    }

    /// Notes what has failed, and the end.
    async fn note_end(&self) -> Result<(), Error> {
        let at = self.shared.client().clock().now();
        let mut records: Vec<Record> = self.with(|progress| {
            let failed = |result: &ReportResult| match &result.outcome {
                Outcome::Failed(error) => Some(Failed { at, reason: error.to_string() }),
                _ => None,
            };
            let results = progress.results.iter().flatten();
            results.filter_map(|result| Some(Record::Failed { code: result.code.to_string(), failed: failed(result)? })).collect()
        });
        // With what `keep_failure` has noted since the last report was done.
        let manifest = self.write_manifest().await?;
        records.push(Record::Ended { at, manifest, is_early: self.with(|progress| progress.ended_early.is_some()) });
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            shared.note(records)?;
            shared.store.close()
        })
        .await
    }
}
