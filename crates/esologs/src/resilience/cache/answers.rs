//! The cache of one client: memory in front of a folder, what is known of reports, and what is being refreshed.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::Handle;

use super::Cache;
use super::entry::{Entry, Header};
use super::facts::{Facts, Look};
use super::folder::{Folder, Found, Looks, MOST_REPORTS, Record, Trouble, What};
use super::key::{Key, Realm};
use super::kind::Kind;
use super::lifetime::{Standing, standing};
use super::memory::Memory;
use super::reading::{AskedPage, Seen, look_for_reports, without_points};
use crate::query::Operation;
use crate::units::UnixMillis;

/// What other processes have seen of reports is read so often.
const LOOKS_READ: Duration = Duration::from_secs(5);
/// In front of a folder, an answer in memory is smaller than this part of it.
const SHARE_OF_MEMORY: u64 = 64;
/// So many answers are refreshed at once, behind what is shown.
const MOST_REFRESHING: usize = 4;

/// The cache of one client.
#[derive(Debug)]
pub(crate) struct Answers {
    realm: Realm,
    revalidates: bool,
    memory: Memory,
    memory_bytes: u64,
    folder: Option<Folder>,
    reports: Mutex<Reports>,
    refreshing: Mutex<HashSet<u128>>,
    news: Mutex<News>,
    has_news: AtomicBool,
}

/// What is known of reports.
#[derive(Debug, Default)]
struct Reports {
    known: HashMap<String, Facts>,
    looks: Looks,
    read_at: Option<UnixMillis>,
}

/// What the client's owner should hear, once of each kind.
#[derive(Debug, Default)]
struct News {
    told: HashSet<What>,
    untold: Vec<String>,
}

/// A question as the cache sees it.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) key: Key,
    /// Of a later page of a list: the question for the first.
    first_page: Option<Key>,
    kind: Kind,
    /// The report that it asks for.
    code: Option<String>,
    operation: String,
    page: AskedPage,
    is_of_the_library: bool,
    can_be_of_a_report: bool,
}

impl Question {
    fn kind_of(&self, seen: &Seen) -> (Kind, Option<(String, Look)>) {
        let report = seen.shown.clone();
        match self.kind {
            Kind::List if self.can_be_of_a_report && seen.is_alone && report.is_some() => (Kind::Report, report),
            Kind::Report => (Kind::Report, report),
            kind => (kind, None),
        }
    }
}

impl Answers {
    pub(crate) fn new(settings: &Cache, realm: Realm) -> Self {
        Self {
            realm,
            revalidates: settings.revalidates,
            memory: Memory::new(settings.memory_bytes),
            memory_bytes: settings.memory_bytes,
            folder: settings.folder.as_deref().map(|folder| Folder::new(folder, settings.disk_bytes)),
            reports: Mutex::default(),
            refreshing: Mutex::default(),
            news: Mutex::default(),
            has_news: AtomicBool::new(false),
        }
    }

    /// The question that an operation asks; `None` where its answers are not kept. What is put together from several answers is
    /// nobody's answer.
    pub(crate) fn question(&self, operation: &Operation) -> Option<Question> {
        let kind = Kind::of(operation);
        if kind == Kind::Never || operation.batch().is_some() {
            return None;
        }
        let is_of_the_library = operation.is_of_the_library();
        let variable = |name: &str| operation.variables().get(name);
        let code = variable("code").and_then(|code| code.as_str());
        let page = match is_of_the_library {
            true => AskedPage {
                number: variable("page").and_then(|page| page.as_i64()),
                start: variable("startTime").and_then(|start| start.as_f64()),
            },
            false => AskedPage::default(),
        };
        Some(Question {
            key: Key::of(&self.realm, operation),
            first_page: Key::of_first_page(&self.realm, operation),
            kind,
            code: code.filter(|_| is_of_the_library).map(str::to_owned),
            operation: operation.name().to_owned(),
            page,
            is_of_the_library,
            can_be_of_a_report: !is_of_the_library && Kind::can_be_of_a_report(operation.document()),
        })
    }

    /// The answer that is kept, and what may be done with it.
    pub(crate) async fn find(self: &Arc<Self>, question: &Question, now: UnixMillis) -> Option<(Entry, Standing)> {
        if let Some(entry) = self.memory.get(&question.key)
            && !self.is_time_to_read(now)
            && let Some(found) = self.judged(question, entry, now)
            && found.1 == Standing::Fresh
        {
            return Some(found);
        }
        if self.folder.is_none() {
            return self.memory.get(&question.key).and_then(|entry| self.judged(question, entry, now));
        }
        let (answers, asked) = (Arc::clone(self), question.clone());
        off_the_runtime(move || answers.find_in_folder(&asked, now)).await.flatten()
    }

    fn find_in_folder(&self, question: &Question, now: UnixMillis) -> Option<(Entry, Standing)> {
        self.read_looks(now);
        let here = self.memory.get(&question.key);
        if let Some(entry) = here.clone()
            && let Some(found) = self.judged(question, entry, now)
            && found.1 == Standing::Fresh
        {
            return Some(found);
        }
        // Another process may have a newer one.
        let there = self
            .get(&question.key, now)
            .filter(|there| here.as_ref().is_none_or(|here| there.header.kept_at > here.header.kept_at));
        if let Some(there) = there.as_ref().filter(|there| there.weight() < self.memory_bytes / SHARE_OF_MEMORY) {
            self.memory.put(question.key.hash, there.clone());
        }
        self.judged(question, there.or(here)?, now)
    }

    /// `None` where the answer is none any more.
    fn judged(&self, question: &Question, entry: Entry, now: UnixMillis) -> Option<(Entry, Standing)> {
        let facts = entry.header.code().and_then(|code| lock(&self.reports).known.get(code).copied());
        let standing = standing(entry.header.kept(), facts.as_ref(), now);
        // Pages of a list belong together: beside a newer first page, what moved over a page's edge would be on neither.
        let is_left_behind = || question.first_page.as_ref().is_some_and(|first| self.is_newer(first, &entry, now));
        (standing != Standing::Gone && !is_left_behind()).then_some((entry, standing))
    }

    /// Whether the report has changed since this answer was kept for somebody else, by what is known here.
    pub(crate) fn knows_newer_than(&self, entry: &Entry) -> bool {
        let Some((code, look)) = &entry.header.report else { return false };
        let told = Facts::new(*look, true, entry.header.kept_at);
        lock(&self.reports).known.get(code).is_some_and(|facts| told.with(*facts).look != *look)
    }

    /// Whether the answer to this question was kept later than this one.
    fn is_newer(&self, key: &Key, entry: &Entry, now: UnixMillis) -> bool {
        let known = self.memory.get(key).or_else(|| self.get(key, now));
        known.is_some_and(|known| known.header.kept_at > entry.header.kept_at)
    }

    fn get(&self, key: &Key, now: UnixMillis) -> Option<Entry> {
        match self.folder.as_ref()?.get(key, now) {
            Found::Entry(entry) => Some(entry),
            Found::Nothing => None,
            Found::Damaged => {
                tracing::warn!(target: "esologs", key = %key.name(), "a damaged answer was removed from the cache");
                None
            }
            Found::Unreadable(trouble) => {
                self.note(trouble);
                None
            }
        }
    }

    /// Keeps an answer: the body that it was read from, whole. What it says of reports is learned.
    pub(crate) async fn keep(self: &Arc<Self>, question: &Question, body: Bytes, now: UnixMillis) {
        let (answers, asked) = (Arc::clone(self), question.clone());
        let work = move || answers.keep_here(&asked, &body, now);
        match self.folder {
            None => work(),
            Some(_) => _ = off_the_runtime(work).await,
        }
    }

    fn keep_here(&self, question: &Question, body: &Bytes, now: UnixMillis) {
        let Some(kept) = without_points(body, question.is_of_the_library) else { return };
        let seen = look_for_reports(&kept);
        if seen.is_stuck(question.page) || (seen.is_hollow && question.is_of_the_library) {
            return;
        }
        let (kind, report) = question.kind_of(&seen);
        let shown = seen.shown.into_iter().map(|(code, look)| (code, Facts::new(look, true, now)));
        let named = seen.named.into_iter().map(|(code, look)| (code, Facts::new(look, false, now)));
        self.learn(shown.chain(named));
        let header = Header { realm: self.realm.number(), kind, operation: question.operation.clone(), kept_at: now, report };
        let entry = Entry { header: Arc::new(header), question: question.key.question.clone(), body: kept.into() };
        if let Some(folder) = &self.folder {
            self.note_all(folder.put(&question.key.name(), &entry, now));
        }
        // Pages of events are megabytes that one reader walks through: they would drive out all else.
        if self.folder.is_none() || entry.weight() < self.memory_bytes / SHARE_OF_MEMORY {
            self.memory.put(question.key.hash, entry);
        } else {
            self.memory.remove(&question.key);
        }
    }

    /// The service does not show it: nothing older is an answer any more, nor is what else is kept of that report.
    pub(crate) async fn forget(self: &Arc<Self>, question: &Question, now: UnixMillis) {
        let (answers, asked) = (Arc::clone(self), question.clone());
        let work = move || {
            answers.memory.remove(&asked.key);
            if let Some(folder) = &answers.folder {
                folder.remove(&asked.key);
                answers.read_looks(now);
            }
            let known = asked.code.and_then(|code| lock(&answers.reports).known.get(&code).map(|facts| (code.clone(), *facts)));
            answers.learn(known.into_iter().map(|(code, facts)| (code, facts.refused(now))));
        };
        match self.folder {
            None => work(),
            Some(_) => _ = off_the_runtime(work).await,
        }
    }

    /// Learns of reports, and tells other processes what is news.
    fn learn(&self, seen: impl Iterator<Item = (String, Facts)>) {
        let mut news = Vec::new();
        {
            let mut reports = lock(&self.reports);
            for (code, facts) in seen {
                let before = reports.known.get(&code).copied();
                let after = before.map_or(facts, |before| before.with(facts));
                if before.is_none_or(|before| !after.is_no_news_after(&before)) {
                    news.push(Record { realm: self.realm.number(), code: code.clone(), facts: after });
                }
                reports.put(code, after);
            }
        }
        if let Some(folder) = self.folder.as_ref().filter(|_| !news.is_empty()) {
            self.note_all(folder.note_looks(&news));
        }
    }

    fn is_time_to_read(&self, now: UnixMillis) -> bool {
        let read_at = lock(&self.reports).read_at;
        self.folder.is_some() && read_at.is_none_or(|read| now.since(read) > LOOKS_READ || read.since(now) > LOOKS_READ)
    }

    /// What other processes have seen of reports.
    fn read_looks(&self, now: UnixMillis) {
        let Some(folder) = self.folder.as_ref().filter(|_| self.is_time_to_read(now)) else { return };
        let mut reports = lock(&self.reports);
        for record in folder.new_looks(&mut reports.looks) {
            if record.realm == self.realm.number() {
                let facts = reports.known.get(&record.code).map_or(record.facts, |before| before.with(record.facts));
                reports.put(record.code, facts);
            }
        }
        reports.read_at = Some(now);
    }

    /// Whether an older answer is shown while a newer one is fetched.
    pub(crate) const fn revalidates(&self) -> bool {
        self.revalidates
    }

    /// Leave to refresh an answer in the background: once at a time, and some at once at most.
    pub(crate) fn begin_refresh(self: &Arc<Self>, key: &Key) -> Option<Refreshing> {
        let mut refreshing = lock(&self.refreshing);
        let may = refreshing.len() < MOST_REFRESHING && refreshing.insert(key.hash);
        may.then(|| Refreshing { answers: Arc::clone(self), hash: key.hash })
    }

    /// What its owner should hear now.
    pub(crate) fn news(&self) -> Vec<String> {
        if !self.has_news.swap(false, Ordering::Relaxed) {
            return Vec::new();
        }
        std::mem::take(&mut lock(&self.news).untold)
    }

    fn note_all(&self, outcome: Result<Option<Trouble>, Trouble>) {
        match outcome {
            Ok(None) => {}
            Ok(Some(trouble)) | Err(trouble) => self.note(trouble),
        }
    }

    /// Once of each kind: a disk that is full is full for each of a thousand answers.
    fn note(&self, Trouble { what, why }: Trouble) {
        let mut news = lock(&self.news);
        if news.told.insert(what) {
            news.untold.push(why);
            self.has_news.store(true, Ordering::Relaxed);
        }
    }
}

impl Reports {
    fn put(&mut self, code: String, facts: Facts) {
        if self.known.len() >= MOST_REPORTS && !self.known.contains_key(&code) {
            self.drop_the_oldest();
        }
        self.known.insert(code, facts);
    }

    /// Half of them, so that it is seldom done.
    fn drop_the_oldest(&mut self) {
        let mut moments: Vec<UnixMillis> = self.known.values().map(Facts::last_at).collect();
        let middle = moments.len() / 2;
        let (_, median, _) = moments.select_nth_unstable(middle);
        let median = *median;
        self.known.retain(|_, facts| facts.last_at() > median);
    }
}

/// An answer that is being refreshed. Dropped, another may be.
#[derive(Debug)]
pub(crate) struct Refreshing {
    answers: Arc<Answers>,
    hash: u128,
}

impl Drop for Refreshing {
    fn drop(&mut self) {
        lock(&self.answers.refreshing).remove(&self.hash);
    }
}

/// Runs what works on the disk where it holds up nobody; `None` where the runtime is shutting down.
async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.ok(),
        Err(_) => Some(work()),
    }
}

/// Nothing panics while one of these locks is held; if it did, the plain data in it would still be whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
