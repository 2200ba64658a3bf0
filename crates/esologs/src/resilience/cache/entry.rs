//! An answer that is kept, and the file that it is written to.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::facts::Look;
use super::key::Key;
use super::kind::Kind;
use super::lifetime::Kept;
use crate::query::hash;
use crate::units::UnixMillis;

/// How a file begins.
const MAGIC: &[u8; 8] = b"esoansw1";
/// Magic, checksum, and the lengths of header, question and body.
pub(crate) const PREFIX: usize = 8 + 8 + 4 + 4 + 4;
/// The longest header: bounds what a damaged length makes us read.
const MAX_HEADER: usize = 64 * 1024;
/// The longest body: what the transport takes at most, and some.
const MAX_BODY: usize = 1 << 30;
/// A page of events packs to an eighth at 500 MB/s; higher levels gain little.
const LEVEL: i32 = 1;

/// What is known of an answer without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// The number of its realm.
    pub(crate) realm: u64,
    pub(crate) kind: Kind,
    pub(crate) operation: String,
    pub(crate) kept_at: UnixMillis,
    /// The report that it is of, and what it said of it.
    pub(crate) report: Option<(String, Look)>,
}

impl Header {
    /// What its lifetime depends on.
    pub(crate) fn kept(&self) -> Kept {
        Kept { kind: self.kind, at: self.kept_at, look: self.report.as_ref().map(|(_, look)| *look) }
    }

    /// The report that it is of.
    pub(crate) fn code(&self) -> Option<&str> {
        self.report.as_ref().map(|(code, _)| code.as_str())
    }
}

/// An answer that is kept. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) header: Arc<Header>,
    pub(crate) question: Bytes,
    pub(crate) body: Bytes,
}

/// A file that is no whole entry.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

impl Entry {
    /// Whether it answers this question.
    pub(crate) fn answers(&self, key: &Key) -> bool {
        self.question == key.question
    }

    /// The memory that it takes.
    pub(crate) fn weight(&self) -> u64 {
        /// For the header, its strings and the places in the tables.
        const REST: u64 = 300;
        (self.question.len() + self.body.len()) as u64 + REST
    }

    /// The file: prefix, header, and question and body packed.
    pub(crate) fn to_file(&self) -> std::io::Result<Vec<u8>> {
        let header = serde_json::to_vec(&*self.header)?;
        let packed = zstd::bulk::compress(&[&self.question[..], &self.body[..]].concat(), LEVEL)?;
        let mut file = Vec::with_capacity(PREFIX + header.len() + packed.len());
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&[0; 8]);
        for length in [header.len(), self.question.len(), self.body.len()] {
            let length = u32::try_from(length).map_err(|_| std::io::Error::other("the answer is too long to be kept"))?;
            file.extend_from_slice(&length.to_le_bytes());
        }
        file.extend_from_slice(&header);
        file.extend_from_slice(&packed);
        let checksum = hash::bytes(&file[16..]).to_le_bytes();
        file[8..16].copy_from_slice(&checksum);
        Ok(file)
    }

    /// The entry of a file, whole or not at all.
    pub(crate) fn from_file(file: &[u8]) -> Result<Self, Damaged> {
        let (header, rest) = split(file)?;
        if hash::bytes(&file[16..]).to_le_bytes() != file[8..16] {
            return Err(Damaged);
        }
        let (question, body) = (length(file, 20)?, length(file, 24)?);
        if question > MAX_BODY || body > MAX_BODY {
            return Err(Damaged);
        }
        let unpacked: Bytes = zstd::bulk::decompress(rest, question + body).map_err(|_| Damaged)?.into();
        if unpacked.len() != question + body {
            return Err(Damaged);
        }
        Ok(Self { header: Arc::new(header), question: unpacked.slice(..question), body: unpacked.slice(question..) })
    }
}

/// The header of a file of which at least the beginning is here, unchecked, and what follows it.
pub(crate) fn split(file: &[u8]) -> Result<(Header, &[u8]), Damaged> {
    if file.get(..8) != Some(MAGIC) {
        return Err(Damaged);
    }
    let header = length(file, 16)?;
    if header > MAX_HEADER {
        return Err(Damaged);
    }
    let bytes = file.get(PREFIX..PREFIX + header).ok_or(Damaged)?;
    Ok((serde_json::from_slice(bytes).map_err(|_| Damaged)?, &file[PREFIX + header..]))
}

fn length(file: &[u8], at: usize) -> Result<usize, Damaged> {
    let bytes: [u8; 4] = file.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).ok_or(Damaged)?;
    Ok(u32::from_le_bytes(bytes) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let look = Look { end: UnixMillis::new(1_790_000_000_000), revision: 2 };
        let header = Header {
            realm: u64::MAX,
            kind: Kind::Report,
            operation: "ReportEvents".to_owned(),
            kept_at: UnixMillis::new(1_790_000_100_000),
            report: Some(("aaaaaaaaaaaaaa01".to_owned(), look)),
        };
        let body = format!(r#"{{"data":{{"reportData":{{"report":{:?}}}}}}}"#, "x".repeat(5_000));
        Entry { header: Arc::new(header), question: Bytes::from_static(b"who?"), body: body.into() }
    }

    #[test]
    fn a_file_is_read_back_as_it_was_written() {
        let entry = entry();
        let file = entry.to_file().unwrap();

        let read = Entry::from_file(&file).unwrap();

        assert_eq!((read.header, read.question, read.body), (entry.header, entry.question, entry.body));
        assert!(file.len() < 1_000, "it is packed");
    }

    #[test]
    fn a_file_that_was_cut_anywhere_or_has_one_other_bit_is_damaged() {
        let file = entry().to_file().unwrap();
        for end in 0..file.len() {
            assert_eq!(Entry::from_file(&file[..end]).unwrap_err(), Damaged, "cut at {end}");
        }
        for bit in 0..file.len() * 8 {
            let mut file = file.clone();
            file[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Entry::from_file(&file).unwrap_err(), Damaged, "bit {bit}");
        }
        assert_eq!(Entry::from_file(&[file, vec![0]].concat()).unwrap_err(), Damaged, "longer");
    }

    #[test]
    fn a_header_is_read_without_the_rest() {
        let file = entry().to_file().unwrap();
        let (header, _) = split(&file[..PREFIX + 200.min(file.len() - PREFIX)]).unwrap();
        assert_eq!(header, *entry().header);
    }
}
