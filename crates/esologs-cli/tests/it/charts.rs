//! `--chart`: in the terminal, and as SVG.

use std::fs;

use esologs_sim::Faults;
use serde_json::Value;

use crate::support::{Desk, Run as _, Server};

/// The names in an answer's list.
fn names(server: &Server, what: &str, code: &str, list: &str) -> Vec<String> {
    let ran = Desk::new().esologs_at(server, &["get", what, code, "--type", "damage-done", "--fight", "1", "--json"]).run();
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = answer["data"][list].as_array().unwrap();
    rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

/// Every element of an SVG is closed by its own name, and every attribute stands in quotes: `(texts, opening tags)`.
fn parsed(svg: &str) -> (Vec<String>, usize) {
    let (mut open, mut texts, mut tags) = (Vec::new(), Vec::new(), 0);
    let mut rest = svg;
    while let Some((text, after)) = rest.split_once('<') {
        texts.push(text.trim().to_owned());
        let (tag, after) = after.split_once('>').unwrap_or_else(|| panic!("a tag without an end: {after:.60}"));
        assert!(tag.matches('"').count().is_multiple_of(2), "<{tag}>");
        rest = after;
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name.trim().to_owned()), "</{name}>"),
            None if tag.starts_with(['?', '!']) => {}
            None => {
                tags += 1;
                if !tag.ends_with('/') {
                    open.push(tag.split_whitespace().next().unwrap().to_owned());
                }
            }
        }
    }
    assert_eq!(open, Vec::<String>::new(), "elements that are not closed");
    (texts, tags)
}

#[test]
fn an_svg_is_well_formed_and_holds_title_axes_and_every_name() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let code = server.report();
    for (what, list, axes) in
        [("table", "entries", &["damage"][..]), ("graph", "series", &["time in the report (m:ss)", "damage per second"])]
    {
        let file = format!("{what}.svg");
        let arguments = ["get", what, &code, "--type", "damage-done", "--fight", "1", "--chart", &file];

        let ran = desk.esologs_at(&server, &arguments).run();

        assert_eq!((ran.code, ran.stdout.as_str(), ran.talk()), (0, "", format!("wrote {file}\n")));
        let svg = fs::read_to_string(desk.path(&file)).unwrap();
        let (texts, tags) = parsed(&svg);
        assert!(svg.starts_with("<svg") && tags > 20, "{svg:.100}");
        let has = |wanted: &str| texts.iter().any(|text| text.contains(wanted));
        assert!(has(&format!("Damage done, fight 1 of report {code}")), "{texts:?}");
        for name in names(&server, what, &code, list).iter().map(String::as_str).chain(axes.iter().copied()) {
            assert!(has(name), "{what}: {name} is not in {texts:?}");
        }
    }
}

#[test]
fn a_file_that_is_there_stays_unless_it_is_to_be_written_over() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let (code, path) = (server.report(), desk.write("chart.svg", "mine"));
    let arguments = ["get", "table", &code, "--type", "healing", "--chart", "chart.svg"];

    let refused = desk.esologs_at(&server, &arguments).run();

    assert_eq!((refused.code, fs::read_to_string(&path).unwrap().as_str()), (2, "mine"));
    assert_eq!(refused.talk(), "error: chart.svg is there already\nhint: choose another name, or write over it: --force\n");
    assert_eq!(server.running.sim().stats().requests, 0, "told before anything is spent");

    let ran = desk.esologs_at(&server, &[&arguments[..], &["--force"]].concat()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(fs::read_to_string(&path).unwrap().starts_with("<svg"));
}

#[test]
fn other_pictures_than_svg_are_refused_with_a_sentence() {
    let server = Server::start(1, Faults::none());
    for name in ["chart.png", "chart", "xb7TKHXR8DJByp4Q"] {
        let ran = Desk::new().esologs_at(&server, &["get", "graph", "xb7TKHXR8DJByp4Q", "--chart", name]).run();
        assert_eq!(ran.code, 2);
        assert!(
            ran.stderr.contains(&format!("charts are written as SVG only, and {name} does not end in .svg")),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_chart_in_the_terminal_fits_it_and_is_ascii_where_the_locale_is() {
    let server = Server::start(1, Faults::none());
    let code = server.report();
    for what in ["table", "graph"] {
        for columns in [40, 80, 200] {
            for locale in ["C", "en_GB.UTF-8"] {
                let arguments = ["get", what, &code, "--type", "damage-done", "--chart", "--fight", "1"];
                let ran =
                    Desk::new().esologs_at(&server, &arguments).env("COLUMNS", columns.to_string()).env("LC_ALL", locale).run();
                assert_eq!(ran.code, 0, "{}", ran.stderr);
                let longest = ran.stdout.lines().map(|line| line.chars().count()).max().unwrap();
                assert!(longest <= columns && longest + 20 > columns, "{what} {columns}: {longest}\n{}", ran.stdout);
                assert_eq!(ran.stdout.is_ascii(), locale == "C", "{}", ran.stdout);
            }
        }
    }
}

#[test]
fn what_has_no_amounts_is_told_rather_than_drawn_empty() {
    let server = Server::start(1, Faults::none());
    let code = server.report();
    let ran = Desk::new().esologs_at(&server, &["get", "table", &code, "--type", "threat", "--chart"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (6, ""));
    assert!(ran.stderr.contains("error: there is nothing to draw: the table has no rows with amounts"), "{}", ran.stderr);
}
