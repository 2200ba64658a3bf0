//! The README's promises: each names the tests that would fail if it were broken, and those tests are there.

use std::fs;

use crate::support::sources;

/// The tests that a row of the table links to: name of the function, and path of the file.
fn links(row: &str) -> Vec<(&str, &str)> {
    let links = row.split("[`").skip(1).filter_map(|rest| rest.split_once("`]("));
    links.filter_map(|(name, rest)| Some((name, rest.split_once(')')?.0))).collect()
}

#[test]
fn every_promise_links_to_tests_that_are_there() {
    let readme = fs::read_to_string(sources::workspace().join("README.md")).unwrap();
    let section = readme.split("## What it promises").nth(1).unwrap().split("\n## ").next().unwrap();
    for number in 1..=6 {
        let row = section.lines().find(|line| line.starts_with(&format!("| {number} |")));
        let row = row.unwrap_or_else(|| panic!("promise {number} is not in the README"));

        let column = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let links = links(column);

        assert!(!links.is_empty(), "promise {number} names no test: {column}");
        for (name, path) in links {
            let source = fs::read_to_string(sources::workspace().join(path));
            let source = source.unwrap_or_else(|error| panic!("promise {number}: {path}: {error}"));
            let is_test = source.split("#[test]").chain(source.split("#[tokio::test")).skip(1).any(|after| {
                let begin = after.lines().find_map(|line| line.trim().split_once("fn ")).map(|(_, rest)| rest);
                begin.is_some_and(|begin| begin.starts_with(&format!("{name}(")))
            });
            assert!(is_test, "promise {number}: {path} has no test `{name}`");
        }
    }
}
