//! Lines as they are, or compressed.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::files::{Part, Parts, Unfinished};
use super::sink::{Sink, Trouble};
use crate::error::Error;

/// Of zstd: what its own program takes where nothing is said.
const LEVEL: i32 = 3;
/// What is gathered before the disk is asked.
const BUFFER_BYTES: usize = 256 << 10;

/// Writes lines to the letter.
pub(super) struct LinesSink {
    out: Out,
    parts: Parts,
    rows: u64,
}

enum Out {
    Plain(BufWriter<Unfinished>),
    Zstd(Box<zstd::Encoder<'static, BufWriter<Unfinished>>>),
}

impl LinesSink {
    pub(super) fn create(compressed: bool, work: &Path, place: &Path) -> Result<Self, Error> {
        let mut parts = Parts::new(work, place);
        let file = BufWriter::with_capacity(BUFFER_BYTES, parts.next()?);
        let out =
            if compressed { Out::Zstd(Box::new(encoder(file).map_err(|error| parts.failed(error))?)) } else { Out::Plain(file) };
        Ok(Self { out, parts, rows: 0 })
    }
}

fn encoder(file: BufWriter<Unfinished>) -> io::Result<zstd::Encoder<'static, BufWriter<Unfinished>>> {
    let mut encoder = zstd::Encoder::new(file, LEVEL)?;
    // A cut file is noticed by whoever unpacks it.
    encoder.include_checksum(true)?;
    Ok(encoder)
}

impl Out {
    fn write(&mut self, lines: &str) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.write_all(lines.as_bytes()),
            Self::Zstd(encoder) => encoder.write_all(lines.as_bytes()),
        }
    }

    fn finish(self) -> io::Result<Unfinished> {
        let file = match self {
            Self::Plain(file) => file,
            Self::Zstd(encoder) => encoder.finish()?,
        };
        Ok(file.into_inner()?)
    }
}

impl Sink for LinesSink {
    fn append(&mut self, lines: &str) -> Result<(), Trouble> {
        self.rows += lines.bytes().filter(|byte| *byte == b'\n').count() as u64;
        Ok(self.out.write(lines).map_err(|error| self.parts.failed(error))?)
    }

    fn finish(self: Box<Self>) -> Result<(Vec<Part>, u64), Error> {
        let Self { out, mut parts, rows } = *self;
        let file = out.finish().map_err(|error| parts.failed(error))?;
        parts.end(file)?;
        Ok((parts.finish()?, rows))
    }
}
