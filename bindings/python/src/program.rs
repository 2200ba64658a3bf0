//! The program `esologs`, which comes with the package.

use std::ffi::OsString;
use std::io::{Write as _, stdout};

use pyo3::prelude::*;

/// Does what the command line says, the program's name first, and gives back the exit code. Ctrl-C is the program's.
#[pyfunction]
pub(crate) fn run_program(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| {
        let code = esologs_cli::run(arguments);
        // Nobody else does it where Rust has no `main`; a reader that is gone misses nothing.
        let _ = stdout().flush();
        code
    })
}

/// Where the program keeps the account of the points, where nothing else is said; `None` where the user has no home.
#[pyfunction]
pub(crate) fn points_folder() -> Option<String> {
    esologs_cli::points_folder().map(|folder| folder.to_string_lossy().into_owned())
}
