//! One test in a process of its own: for what belongs to the process, as its environment and its stderr do.

use std::process::{Command, Output};

/// Runs the ignored test of this name alone, with these variables and none of the library's own.
pub(crate) fn run_alone(test: &str, variables: &[(&str, &str)]) -> Output {
    let mut child = Command::new(std::env::current_exe().unwrap());
    // Two threads: with one, the harness runs the test on the main thread, which does not know the test's name.
    child.args(["--exact", test, "--ignored", "--test-threads=2"]);
    child.env_remove("ESOLOGS_TEST_RETRY").env_remove("ESOLOGS_FLAKY_REPORT").envs(variables.iter().copied());
    let run = child.output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("running 1 test\n"), "there is no ignored test called {test}: {said}");
    run
}

/// What it wrote to stderr.
pub(crate) fn stderr(run: &Output) -> String {
    String::from_utf8(run.stderr.clone()).unwrap()
}
