//! The program `esologs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    esologs_cli::run(std::env::args_os()).into()
}
