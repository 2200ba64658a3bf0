//! What people see of a pull: on a terminal (a real one, made by `script`) and in a log.
#![cfg(target_os = "linux")]

use std::time::Duration;

use esologs_sim::world::{Size, WorldConfig};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator};

use crate::support::{Desk, GUILD, Ran, Run as _, Server};

/// One report after the other, so that the lines come in one order; no live report, whose end is told by the clock.
const PULL: [&str; 9] = ["pull", "guild", GUILD, "-o", "logs", "--concurrency", "1", "--until", "2026-10-15"];

/// Answers that take their time, and one that says in the middle that all points are spent, until the window ends.
fn server() -> Server {
    let slow = ScriptedFault::new(On::Api, FaultKind::Delay).times(1_000).delay(Duration::from_millis(150));
    let spent = ScriptedFault::new(On::Operation("Report".into()), FaultKind::PointsSpent).nth(3);
    let world = WorldConfig { seed: 1, size: Size::Small };
    let faults = Faults::none().with(spent).with(slow);
    let simulator = Simulator::builder().world_config(world).window(Duration::from_secs(4)).faults(faults);
    Server::serve(&simulator.build().unwrap())
}

/// The program on a terminal of 110 columns; all that was written to it.
fn on_a_terminal(desk: &Desk, server: &Server) -> Ran {
    let program = format!("stty cols 110 rows 30; exec {} {}", env!("CARGO_BIN_EXE_esologs"), PULL.join(" "));
    let mut command = desk.command("script");
    server.introduce_to(command.args(["--quiet", "--return", "--command", &program, "/dev/null"]).env("TERM", "xterm"));
    command.env("PATH", "/usr/bin:/bin").run()
}

/// The lines that were shown, one after the other, without what steers the terminal and with `#` for each number.
fn lines(shown: &str) -> Vec<String> {
    let (mut text, mut rest) = (String::new(), shown);
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            // To the letter that ends the sequence.
            '\u{1b}' => rest = rest.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, after)| after),
            '\r' => text.push('\n'),
            c if c.is_ascii_digit() => {
                let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
                // A comma or a full stop after the number is the sentence's.
                let all = &rest[..rest.len() - number.len()];
                rest = &rest[all.trim_end_matches(['.', ',']).len()..];
                text.push('#');
            }
            c => text.push(c),
        }
    }
    // A line that fills the terminal needs no end.
    let text = text.replace("  waiting for", "\n  waiting for");
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The bar itself stands at another place each time.
fn without_bar(line: &str) -> String {
    line.split_once("] ").map_or_else(|| line.to_owned(), |(_, rest)| format!("[=====>    ] {rest}"))
}

#[test]
fn a_terminal_shows_a_bar_with_points_the_time_that_is_left_and_what_is_waited_for() {
    let (desk, server) = (Desk::new(), server());

    let ran = on_a_terminal(&desk, &server);

    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let lines = lines(&ran.stdout);
    let place = lines.iter().position(|line| line.starts_with("  waiting for new points until "));
    let place = place.unwrap_or_else(|| panic!("no wait was shown:\n{}", lines.join("\n")));
    let bar = lines.iter().find(|line| line.contains(" left, until ")).unwrap();
    let end = lines.iter().position(|line| line.starts_with("Lanterns of Emberwatch: ")).unwrap();
    let shown = |begin: &str| lines.iter().find(|line| line.starts_with(begin)).unwrap().clone();
    let seen = [shown("Lanterns of Emberwatch (guild"), shown("# reports"), without_bar(bar), lines[place].clone()];
    let seen = [&seen[..], &lines[end..]].concat();
    insta::assert_snapshot!(seen.join("\n"));
}

#[test]
fn a_log_has_a_line_for_each_report_and_the_summary_at_the_end() {
    let (desk, server) = (Desk::new(), server());

    let ran = desk.esologs_at(&server, &PULL).run();

    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(!ran.stderr.contains(['\u{1b}', '\r']), "{:?}", ran.stderr);
    insta::assert_snapshot!(lines(&ran.talk()).join("\n"));
}
