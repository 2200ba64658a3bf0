//! stdout for data, stderr for talk. A reader that has gone away (`| head`) is no error.

use std::fmt;
use std::io::{self, Write};

use crate::failure::Failure;

/// Says a line on stderr. There is nobody to tell where that fails.
pub(crate) fn talk(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes data to stdout.
///
/// # Errors
/// Where stdout cannot be written, for instance because it is a file on a full disk.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::local("cannot write to stdout", &error)),
        _ => Ok(()),
    }
}
