//! Questions at the terminal. They stand on stderr, so that stdout stays for data.

use std::io::{self, BufRead as _, IsTerminal as _};

use console::Term;

use crate::failure::Failure;

/// Whether there is somebody to ask.
pub(super) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// An answer that is seen while it is typed.
pub(super) fn ask(question: &str) -> Result<String, Failure> {
    answer(question, |terminal| terminal.read_line())
}

/// An answer that is not.
pub(super) fn ask_hidden(question: &str) -> Result<String, Failure> {
    answer(question, |terminal| terminal.read_secure_line())
}

fn answer(question: &str, read: impl FnOnce(&Term) -> io::Result<String>) -> Result<String, Failure> {
    let terminal = Term::stderr();
    let asked = terminal.write_str(&format!("{question}: "));
    asked.and_then(|()| read(&terminal)).map_err(|error| Failure::local("cannot read from the terminal", &error))
}

/// Two lines of stdin.
pub(super) fn two_lines() -> Result<(String, String), Failure> {
    let mut lines = io::stdin().lock().lines();
    let mut line = || lines.next().transpose().map_err(|error| Failure::local("cannot read stdin", &error));
    match (line()?, line()?) {
        (Some(first), Some(second)) => Ok((first, second)),
        _ => Err(Failure::usage("stdin ended early: expected a line with the client id and a line with the client secret")),
    }
}
