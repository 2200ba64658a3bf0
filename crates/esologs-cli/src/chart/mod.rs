//! Charts of tables and graphs: in the terminal, or as an SVG file.

mod bars;
mod data;
mod lines;
mod svg;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use esologs::ReportCode;

use crate::args::Chart;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout::node::Node;
use crate::layout::{Screen, fitted};
use crate::{output, words};

use data::Drawing;

/// # Errors
/// Where the chart's file cannot be what was asked for: told before anything is sent.
pub(crate) fn check(chart: &Chart) -> Result<(), Failure> {
    let Chart::File { path, overwrite } = chart else { return Ok(()) };
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !ending.eq_ignore_ascii_case("svg") {
        let message = format!("charts are written as SVG only, and {} does not end in .svg", words::path(path));
        return Err(Failure::usage(message).with_hint(
            "browsers, word processors and image programs read SVG; without a file the chart is drawn in the terminal",
        ));
    }
    if path.exists() && !overwrite {
        return Err(is_there(path));
    }
    Ok(())
}

/// What an answer is of.
#[derive(Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) operation: &'a str,
    /// The data type, as a word of the command line: `damage-done`.
    pub(crate) kind: &'a str,
    pub(crate) code: &'a ReportCode,
    pub(crate) fights: &'a [i64],
}

impl Origin<'_> {
    /// `Damage done, fight 3 of report xb7TKHXR8DJByp4Q`.
    fn title(&self) -> String {
        let fights: Vec<String> = self.fights.iter().map(ToString::to_string).collect();
        let of = match fights.as_slice() {
            [] => String::new(),
            [one] => format!("fight {one} of "),
            several => format!("fights {} of ", words::cut(&several.join(", "), 30)),
        };
        let kind = self.kind.replace('-', " ");
        let (first, rest) = kind.split_at(kind.len().min(1));
        format!("{}{rest}, {of}report {}", first.to_uppercase(), self.code)
    }
}

/// Draws an answer.
pub(crate) fn draw(chart: &Chart, origin: &Origin<'_>, answer: &Node, screen: &Screen) -> Result<(), Failure> {
    let drawing = Drawing::of(origin.operation, origin.kind, answer).ok_or_else(|| nothing_to_draw(origin.operation))?;
    let title = origin.title();
    match chart {
        Chart::Terminal => output::data(&(in_terminal(&title, &drawing, screen).join("\n") + "\n")),
        Chart::File { path, overwrite } => {
            let text = svg::text(&title, &drawing)?;
            write(path, &text, *overwrite)?;
            output::talk(format_args!("wrote {}", words::path(path)));
            Ok(())
        }
    }
}

fn in_terminal(title: &str, drawing: &Drawing, screen: &Screen) -> Vec<String> {
    let mut text = vec![fitted(title, screen.width, screen).trim_end().to_owned(), String::new()];
    text.extend(match drawing {
        Drawing::Bars(bars) => bars::text(bars, screen),
        Drawing::Lines(lines) => lines::text(lines, screen),
    });
    text
}

fn nothing_to_draw(operation: &str) -> Failure {
    let what = if operation == "ReportGraph" { "graph has no series" } else { "table has no rows with amounts" };
    Failure::new(Exit::NotFound, "nothing_to_draw", format!("there is nothing to draw: the {what}"))
        .with_hint("without --chart the answer is shown as it is")
}

/// A file that is there stays unless it is to be overwritten.
fn write(path: &Path, text: &str, overwrite: bool) -> Result<(), Failure> {
    let failed = |error: &std::io::Error| Failure::local(&format!("cannot write the chart {}", words::path(path)), error);
    if overwrite {
        return fs::write(path, text).map_err(|error| failed(&error));
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(|error| failed(&error)),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(is_there(path)),
        Err(error) => Err(failed(&error)),
    }
}

fn is_there(path: &Path) -> Failure {
    Failure::usage(format!("{} is there already", words::path(path))).with_hint("choose another name, or write over it: --force")
}
