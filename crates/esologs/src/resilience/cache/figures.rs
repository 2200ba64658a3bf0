//! An answer that is kept, for the figures of what finding it takes. Not part of the interface.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use super::answers::Answers;
use super::key::Realm;
use super::settings::Cache;
use crate::client::AuthScope;
use crate::query::{Operation, documents};
use crate::units::UnixMillis;

/// The fights of a report, kept in a folder.
#[doc(hidden)]
#[derive(Debug)]
pub struct KeptAnswer {
    settings: Cache,
    answers: Arc<Answers>,
    operation: Operation,
    now: UnixMillis,
}

impl KeptAnswer {
    /// Keeps this body as the answer.
    #[doc(hidden)]
    pub async fn keep(folder: &Path, code: &str, body: Bytes, now: UnixMillis) -> Self {
        let operation = Operation::new("ReportFights", &documents::REPORT_FIGHTS).with("code", code);
        let kept = Self::in_folder(Cache::in_folder(folder), operation, now);
        if let Some(question) = kept.answers.question(&kept.operation) {
            kept.answers.keep(&question, body, now).await;
        }
        kept
    }

    fn in_folder(settings: Cache, operation: Operation, now: UnixMillis) -> Self {
        let realm = Realm::new("https://logs.test/api/v2/client", &AuthScope::Key("figures".into()));
        Self { answers: Arc::new(Answers::new(&settings, realm)), settings, operation, now }
    }

    /// The same for a process that has just begun: its memory is empty.
    #[doc(hidden)]
    #[must_use]
    pub fn of_another_process(&self) -> Self {
        Self::in_folder(self.settings.clone(), self.operation.clone(), self.now)
    }

    /// What a call does to have the bytes: makes out the question, finds the answer, and judges whether it is good.
    #[doc(hidden)]
    pub async fn find(&self) -> Option<Bytes> {
        let question = self.answers.question(&self.operation)?;
        self.answers.find(&question, self.now).await.map(|(entry, _)| entry.body)
    }
}
