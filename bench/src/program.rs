//! The program `esologs`, built as its users build it.

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Builds it where it is not up to date, and tells where it lies.
pub(crate) fn esologs() -> Result<PathBuf, Box<dyn Error>> {
    // Cargo names itself to what it runs.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--release", "--package", "esologs-cli", "--message-format", "json-render-diagnostics"]);
    // What `cargo run` says of this package is not for the next cargo: build scripts that look at it would run again.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            build.env_remove(name);
        }
    }
    let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit()).output()?;
    if !built.status.success() {
        return Err("esologs cannot be built".into());
    }
    executable(&String::from_utf8(built.stdout)?).ok_or_else(|| "cargo does not tell where it put esologs".into())
}

/// The program in cargo's messages, one JSON object a line.
fn executable(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = messages.filter(|message| message["target"]["name"] == "esologs");
    programs.find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_beside_the_library_of_the_same_name() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"esologs"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"esologs"},"executable":"/target/release/esologs"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages), Some(PathBuf::from("/target/release/esologs")));
        assert_eq!(executable(""), None);
    }
}
