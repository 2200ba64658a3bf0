//! What `--help` says.

use crate::support::{Desk, Run as _};

fn help(arguments: &[&str]) -> String {
    let ran = Desk::new().esologs(arguments).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    // Editors and reviews lose white space at the end of a line.
    ran.stdout.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_program_tells_its_commands_with_examples_and_exit_codes() {
    insta::assert_snapshot!(help(&["--help"]));
}

#[test]
fn pull_guild_tells_its_options() {
    insta::assert_snapshot!(help(&["pull", "guild", "--help"]));
}

#[test]
fn pull_list_tells_its_options() {
    insta::assert_snapshot!(help(&["pull", "list", "--help"]));
}

#[test]
fn pull_tells_what_there_is_to_be_fetched() {
    insta::assert_snapshot!(help(&["pull", "--help"]));
}

#[test]
fn export_tells_its_options() {
    insta::assert_snapshot!(help(&["export", "--help"]));
}

#[test]
fn query_tells_its_options() {
    insta::assert_snapshot!(help(&["query", "--help"]));
}

#[test]
fn get_tells_what_there_is() {
    insta::assert_snapshot!(help(&["get", "--help"]));
}

#[test]
fn get_table_tells_the_parameters_of_the_call_and_its_own_options() {
    insta::assert_snapshot!(help(&["get", "table", "--help"]));
}

#[test]
fn schema_drift_tells_its_options() {
    insta::assert_snapshot!(help(&["schema", "drift", "--help"]));
}

#[test]
fn limits_tells_its_options() {
    insta::assert_snapshot!(help(&["limits", "--help"]));
}

#[test]
fn cache_tells_its_commands() {
    insta::assert_snapshot!(help(&["cache", "--help"]));
}

#[test]
fn sim_tells_its_options() {
    insta::assert_snapshot!(help(&["sim", "--help"]));
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(help(&["--version"]), concat!("esologs ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_whose_reader_has_gone_away_is_no_error() {
    let mut child = Desk::new().esologs(&["--help"]).start();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn readme_and_manual_list_the_exit_codes_of_the_help() {
    let help = help(&["--help"]);
    let (_, list) = help.split_once("Exit codes:\n").unwrap();
    let codes: Vec<(&str, &str)> = list.lines().map(|line| line.trim().split_once("  ").unwrap()).collect();
    assert_eq!(codes.len(), 9);
    for path in ["../../README.md", "../../docs/cli.md"] {
        let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        for (code, meaning) in &codes {
            let begin = meaning.split([';', ',']).next().unwrap();
            assert!(text.contains(&format!("| {code} | {begin}")), "{path}: {code} {begin}");
        }
    }
}
