//! The examples of `docs/cli.md`.

use std::fs;
use std::path::Path;

use crate::support::{Desk, Run as _};

/// The command lines of the page that ask the demo, as they stand there.
fn examples() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    let page = fs::read_to_string(path).unwrap();
    let mut in_shell = false;
    let mut found = Vec::new();
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(language) => in_shell = !in_shell && language == "sh",
            None if in_shell && line.contains("--demo") && !line.contains(" pull ") => {
                let command = line.split(" # ").next().unwrap_or_default().trim();
                found.push(command.to_owned());
            }
            None => {}
        }
    }
    found
}

#[test]
fn every_example_that_asks_the_demo_runs() {
    let examples = examples();
    assert!(examples.len() > 10, "{examples:#?}");
    let desk = Desk::new();
    for example in &examples {
        // In the page the program is called by its name.
        let folder = Path::new(env!("CARGO_BIN_EXE_esologs")).parent().unwrap();
        let mut command = std::process::Command::new("/bin/sh");
        command.arg("-euc").arg(example).current_dir(desk.path("")).env_clear().env("TZ", "UTC");
        command.env("HOME", desk.path("")).env("XDG_STATE_HOME", desk.path(".state"));
        command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));

        let ran = command.run();

        assert!(ran.code == 0 && !ran.stderr.contains("error"), "{example}: {}{}", ran.stdout, ran.stderr);
    }
}
