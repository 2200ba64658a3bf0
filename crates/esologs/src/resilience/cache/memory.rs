//! The answers of this process, in memory: in front of the folder, or alone.

use std::fmt;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::entry::Entry;
use super::key::Key;

/// Answers of this size are expected; only a hint for the size of tables.
const USUAL_WEIGHT: u64 = 64 * 1024;

/// Answers by the hash of their question, up to a total weight.
pub(crate) struct Memory(Cache<u128, Entry, Weight>);

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<u128, Entry> for Weight {
    fn weight(&self, _: &u128, entry: &Entry) -> u64 {
        entry.weight()
    }
}

impl Memory {
    pub(crate) fn new(max_bytes: u64) -> Self {
        let items = usize::try_from(max_bytes / USUAL_WEIGHT).unwrap_or(usize::MAX).clamp(16, 1 << 20);
        Self(Cache::with_weighter(items, max_bytes, Weight))
    }

    /// The answer to this very question.
    pub(crate) fn get(&self, key: &Key) -> Option<Entry> {
        self.0.get(&key.hash).filter(|entry| entry.answers(key))
    }

    pub(crate) fn put(&self, hash: u128, entry: Entry) {
        self.0.insert(hash, entry);
    }

    pub(crate) fn remove(&self, key: &Key) {
        self.0.remove(&key.hash);
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("answers", &self.0.len()).field("bytes", &self.0.weight()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::super::entry::Header;
    use super::super::kind::Kind;
    use super::*;
    use crate::units::UnixMillis;

    fn key(question: &str, hash: u128) -> Key {
        Key { hash, question: Bytes::copy_from_slice(question.as_bytes()) }
    }

    fn entry(key: &Key, size: usize) -> Entry {
        let header = Header { realm: 1, kind: Kind::List, operation: "X".to_owned(), kept_at: UnixMillis::new(0), report: None };
        Entry { header: Arc::new(header), question: key.question.clone(), body: vec![b'x'; size].into() }
    }

    #[test]
    fn two_questions_of_one_hash_never_share_an_answer() {
        let memory = Memory::new(1 << 20);
        let (one, other) = (key("one", 7), key("other", 7));
        memory.put(7, entry(&one, 10));

        assert!(memory.get(&one).is_some());
        assert!(memory.get(&other).is_none());
    }

    #[test]
    fn it_stays_within_its_bound() {
        let memory = Memory::new(1 << 20);
        for number in 0..1_000 {
            let key = key("one", number);
            memory.put(number, entry(&key, 10_000));
        }
        assert!(memory.0.weight() <= 1 << 20, "{memory:?}");
        assert!(memory.0.len() > 50, "{memory:?}");
    }
}
