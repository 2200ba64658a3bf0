//! Text that people hand in, read up to a limit: `/dev/zero` or a film would fill the memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::failure::Failure;

const MIB: u64 = 1024 * 1024;

/// Reads a file; `what` names it in errors.
pub(crate) fn file(path: &Path, what: &str, limit_mib: u64) -> Result<String, Failure> {
    let file = File::open(path).map_err(|error| unreadable(what, &error))?;
    text(file, what, limit_mib)
}

/// Reads to the end; `what` names the source in errors.
pub(crate) fn text(source: impl Read, what: &str, limit_mib: u64) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    // One byte more than is allowed tells that there is more.
    source.take(limit_mib * MIB + 1).read_to_end(&mut bytes).map_err(|error| unreadable(what, &error))?;
    if bytes.len() as u64 > limit_mib * MIB {
        return Err(Failure::usage(format!("{what} is longer than {limit_mib} MiB, the most that is read")));
    }
    String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{what} is not UTF-8 text")))
}

fn unreadable(what: &str, error: &io::Error) -> Failure {
    Failure::local(&format!("cannot read {what}"), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_long_as_the_limit_is_read_and_one_byte_more_is_not() {
        let bytes = vec![b'x'; MIB as usize + 1];
        assert_eq!(text(&bytes[..MIB as usize], "the query", 1).unwrap().len(), MIB as usize);
        assert!(text(&bytes[..], "the query", 1).is_err());
    }
}
