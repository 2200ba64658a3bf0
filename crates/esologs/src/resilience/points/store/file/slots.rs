//! A file that is whole at any moment: two slots, written in turns, so that the one before is there until the new one is.
//!
//! A slot says which it is, by a number that grows, and its checksum says whether all of it was written. Nothing is
//! synced to the disk: what the kernel has taken survives the death of any process. After a loss of power both slots may be torn; no call
//! is on its way then, and the service's counter tells all that was spent.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};

use flate2::Crc;

/// The format. Fields that an older version passes over do not need a new one.
pub(super) const VERSION: u32 = 1;
/// Where the second slot begins, and so the most that the first may hold, in bytes: some 3,000 calls on their way.
pub(super) const SLOT_BYTES: usize = 256 * 1_024;
/// What stands before the contents of a slot.
pub(super) const HEADER_BYTES: usize = 32;
const MAGIC: [u8; 8] = *b"esopoint";

/// What a file holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing was ever written.
    Nothing,
    /// What the reader has read or written before.
    Known,
    /// These contents, under this number.
    Contents(u64, Vec<u8>),
    /// What a later version of this library wrote.
    Newer(u32),
    /// Neither slot can be read.
    Unreadable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    version: u32,
    number: u64,
    bytes: usize,
    checksum: u32,
}

/// Reads the newest slot that is whole; `known` is the number that the reader has the contents of.
pub(super) fn read(mut file: &File, known: Option<u64>) -> io::Result<Found> {
    let mut slots = Vec::with_capacity(2);
    for slot in 0..2 {
        if let Some(header) = read_header(file, slot)? {
            if header.version > VERSION {
                return Ok(Found::Newer(header.version));
            }
            slots.push((header, slot));
        }
    }
    slots.sort_by_key(|(header, _)| std::cmp::Reverse(header.number));
    for (header, slot) in slots {
        if known == Some(header.number) {
            return Ok(Found::Known);
        }
        let mut contents = vec![0; header.bytes];
        file.seek(SeekFrom::Start(start(slot) + HEADER_BYTES as u64))?;
        match file.read_exact(&mut contents) {
            Ok(()) if checksum(header.version, header.number, &contents) == header.checksum => {
                return Ok(Found::Contents(header.number, contents));
            }
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
            Err(error) => return Err(error),
        }
    }
    Ok(if file.metadata()?.len() == 0 { Found::Nothing } else { Found::Unreadable })
}

/// Writes contents under this number, not over those of the number before.
pub(super) fn write(mut file: &File, number: u64, contents: &[u8]) -> io::Result<()> {
    let slot = slot_bytes(number, contents)?;
    file.seek(SeekFrom::Start(start(number % 2)))?;
    file.write_all(&slot)
}

/// The bytes of a slot.
pub(super) fn slot_bytes(number: u64, contents: &[u8]) -> io::Result<Vec<u8>> {
    if HEADER_BYTES + contents.len() > SLOT_BYTES {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "there are too many calls on their way for the file"));
    }
    let mut slot = Vec::with_capacity(HEADER_BYTES + contents.len());
    slot.extend_from_slice(&MAGIC);
    slot.extend_from_slice(&VERSION.to_le_bytes());
    slot.extend_from_slice(&checksum(VERSION, number, contents).to_le_bytes());
    slot.extend_from_slice(&number.to_le_bytes());
    slot.extend_from_slice(&(contents.len() as u64).to_le_bytes());
    slot.extend_from_slice(contents);
    Ok(slot)
}

fn start(slot: u64) -> u64 {
    slot * SLOT_BYTES as u64
}

/// `None` where no whole header of ours stands.
fn read_header(mut file: &File, slot: u64) -> io::Result<Option<Header>> {
    let mut header = [0; HEADER_BYTES];
    file.seek(SeekFrom::Start(start(slot)))?;
    match file.read_exact(&mut header) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let (magic, rest) = header.split_at(8);
    let number_at = |at: usize, bytes: usize| rest[at..at + bytes].iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let bytes = number_at(16, 8) as usize;
    if magic != MAGIC || bytes > SLOT_BYTES - HEADER_BYTES {
        return Ok(None);
    }
    Ok(Some(Header { version: number_at(0, 4) as u32, checksum: number_at(4, 4) as u32, number: number_at(8, 8), bytes }))
}

/// Of contents and header, so that contents under another's header are told.
fn checksum(version: u32, number: u64, contents: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(&version.to_le_bytes());
    crc.update(&number.to_le_bytes());
    crc.update(contents);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> File {
        tempfile::tempfile().unwrap()
    }

    fn put(mut file: &File, at: u64, bytes: &[u8]) {
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(bytes).unwrap();
    }

    #[test]
    fn the_newest_is_read_and_what_is_known_is_not_read_again() {
        let file = file();
        assert_eq!(read(&file, None).unwrap(), Found::Nothing);

        write(&file, 1, b"first").unwrap();
        write(&file, 2, b"second").unwrap();
        write(&file, 3, b"third").unwrap();

        assert_eq!(read(&file, None).unwrap(), Found::Contents(3, b"third".to_vec()));
        assert_eq!(read(&file, Some(2)).unwrap(), Found::Contents(3, b"third".to_vec()));
        assert_eq!(read(&file, Some(3)).unwrap(), Found::Known);
    }

    #[test]
    fn torn_at_any_byte_the_slot_before_is_what_is_found() {
        let (before, after): (Vec<u8>, Vec<u8>) = ((0..200).map(|byte| byte ^ 0x5a).collect(), (0..=255).collect());
        for old in [None, Some(b"what stood in the slot two writes ago, and was longer".repeat(9))] {
            let new = slot_bytes(8, &after).unwrap();
            for torn_at in 0..new.len() {
                let file = file();
                if let Some(old) = &old {
                    write(&file, 6, old).unwrap();
                }
                write(&file, 7, &before).unwrap();
                put(&file, 0, &new[..torn_at]);

                assert_eq!(read(&file, None).unwrap(), Found::Contents(7, before.clone()), "torn at byte {torn_at}");
                assert_eq!(read(&file, Some(7)).unwrap(), Found::Known, "torn at byte {torn_at}");
            }
        }
    }

    #[test]
    fn one_wrong_bit_anywhere_is_found() {
        let new = slot_bytes(8, b"contents").unwrap();
        for bit in 0..new.len() * 8 {
            let file = file();
            write(&file, 7, b"before").unwrap();
            let mut wrong = new.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            put(&file, 0, &wrong);

            let found = read(&file, None).unwrap();

            assert!(matches!(found, Found::Newer(_)) || found == Found::Contents(7, b"before".to_vec()), "bit {bit}: {found:?}");
        }
    }

    #[test]
    fn a_later_version_is_told_and_something_else_is_unreadable() {
        let later = file();
        let mut slot = slot_bytes(8, b"contents").unwrap();
        slot[8] = 2;
        put(&later, 0, &slot);
        assert_eq!(read(&later, None).unwrap(), Found::Newer(2));

        for other in [&b"a"[..], &[0; 600_000], b"Some text that somebody put here, longer than a header is."] {
            let file = file();
            put(&file, 0, other);
            assert_eq!(read(&file, None).unwrap(), Found::Unreadable);
        }
    }

    #[test]
    fn contents_that_do_not_fit_into_a_slot_are_refused() {
        let most = vec![7; SLOT_BYTES - HEADER_BYTES];
        let file = file();
        write(&file, 1, &most).unwrap();
        write(&file, 2, &most).unwrap();
        assert_eq!(read(&file, None).unwrap(), Found::Contents(2, most.clone()));
        assert!(write(&file, 3, &[&most[..], b"1"].concat()).is_err());
    }
}
