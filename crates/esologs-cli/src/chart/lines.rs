//! Series over time in the terminal: the largest as an area with its axes, and every one as a line of blocks with its total.

use super::data::{Lines, Series};
use crate::layout::cell::clock;
use crate::layout::{Screen, fitted, width};
use crate::words;

/// Lines of the area.
const HEIGHT: usize = 12;
/// The most series that are drawn; more are told in a number.
const MOST: usize = 20;
/// Steps of a character's height.
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The same in ASCII.
const ASCII_STEPS: [char; 4] = ['.', ':', '|', '#'];

pub(super) fn text(lines: &Lines, screen: &Screen) -> Vec<String> {
    let Some(first) = lines.series.first() else { return Vec::new() };
    let mut text = vec![format!("{}: {}", first.name, lines.unit.name())];
    text.extend(area(lines, first, screen));
    text.push(String::new());
    text.extend(sparks(lines, screen));
    text
}

fn area(lines: &Lines, series: &Series, screen: &Screen) -> Vec<String> {
    // Of the values themselves, whose means the columns are: no label is wider.
    let margin = width(&lines.unit.shown(series.values.iter().copied().fold(0.0, f64::max)));
    let columns = screen.width.saturating_sub(margin + 2).max(1);
    let values = in_columns(&series.values, columns);
    let top = values.iter().copied().fold(0.0, f64::max);
    let labels = [lines.unit.shown(top), lines.unit.shown(top / 2.0), lines.unit.shown(0.0)];
    let axis = if screen.unicode { '│' } else { '|' };
    let mut text: Vec<String> = (0..HEIGHT)
        .rev()
        .map(|row| {
            let label = match row {
                _ if row == HEIGHT - 1 => &labels[0],
                _ if row == HEIGHT / 2 => &labels[1],
                0 => &labels[2],
                _ => "",
            };
            let blocks: String =
                values.iter().map(|value| block(value / top * HEIGHT as f64 - row as f64, screen.unicode)).collect();
            format!("{label:>margin$} {axis}{}", blocks.trim_end())
        })
        .collect();
    text.push(format!("{} {}", " ".repeat(margin + 1), time_axis(series, values.len())));
    text
}

/// Start, middle and end of the time, under their columns.
fn time_axis(series: &Series, columns: usize) -> String {
    let length = series.interval_ms * series.values.len().saturating_sub(1) as f64;
    let [start, middle, end] = [0.0, 0.5, 1.0].map(|part| clock(series.start_ms + length * part));
    let used = start.len() + middle.len() + end.len();
    if columns < used + 4 {
        let gap = columns.saturating_sub(start.len() + end.len()).max(1);
        return format!("{start}{}{end}", " ".repeat(gap));
    }
    let before = (columns / 2).saturating_sub(middle.len() / 2 + start.len());
    let after = columns - used - before;
    format!("{start}{}{middle}{}{end}", " ".repeat(before), " ".repeat(after))
}

/// A line for each series: its name, its course, its total. Each is drawn to its own height.
fn sparks(lines: &Lines, screen: &Screen) -> Vec<String> {
    let shown = &lines.series[..lines.series.len().min(MOST)];
    let totals: Vec<String> = shown.iter().map(|series| lines.unit.shown(series.total)).collect();
    let numbers = totals.iter().map(|total| width(total)).chain(["total".len()]).max().unwrap_or_default();
    let rest = screen.width.saturating_sub(numbers + 2);
    let names = shown.iter().map(|series| width(&series.name)).max().unwrap_or_default().min((rest / 2).max(1));
    let place = rest.saturating_sub(names).max(1);
    let mut text = vec![format!("{} {} {:>numbers$}", " ".repeat(names), " ".repeat(place), "total")];
    for (series, total) in shown.iter().zip(&totals) {
        let values = in_columns(&series.values, place);
        let top = values.iter().copied().fold(0.0, f64::max);
        let course: String = values.iter().map(|value| block(value / top, screen.unicode)).collect();
        text.push(format!("{} {} {total:>numbers$}", fitted(&series.name, names, screen), fitted(&course, place, screen)));
    }
    if lines.series.len() > shown.len() {
        text.push(format!("and {} more", words::count((lines.series.len() - shown.len()) as u64)));
    }
    text
}

/// A character filled up to this part of its height.
fn block(part: f64, unicode: bool) -> char {
    let steps: &[char] = if unicode { &STEPS } else { &ASCII_STEPS };
    // Of nothing (and of a top of nothing) there is nothing to see.
    if part.is_nan() || part <= 0.0 {
        return ' ';
    }
    let step = (part * steps.len() as f64).ceil() as usize;
    steps[step.clamp(1, steps.len()) - 1]
}

/// The values in so many columns: means where there are more values, each value over several columns where there are fewer.
fn in_columns(values: &[f64], columns: usize) -> Vec<f64> {
    (0..columns)
        .map(|column| {
            let start = column * values.len() / columns;
            let end = ((column + 1) * values.len()).div_ceil(columns).clamp(start + 1, values.len().max(start + 1));
            let part = values.get(start..end.min(values.len())).unwrap_or_default();
            if part.is_empty() { 0.0 } else { part.iter().sum::<f64>() / part.len() as f64 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::data::Unit;
    use super::*;
    use crate::layout::screen;

    fn example() -> Lines {
        let series = |name: &str, factor: f64| Series {
            name: name.to_owned(),
            start_ms: 60_000.0,
            interval_ms: 1000.0,
            values: (0..=60).map(|at| factor * f64::from(at)).collect(),
            total: factor * 1830.0,
        };
        Lines { unit: Unit::Of("damage per second".to_owned()), series: vec![series("Total", 1000.0), series("Wisp", 1.0)] }
    }

    #[test]
    fn values_become_as_many_columns_as_there_are() {
        assert_eq!(in_columns(&[1.0, 3.0, 5.0, 7.0], 2), [2.0, 6.0]);
        assert_eq!(in_columns(&[1.0, 3.0], 4), [1.0, 1.0, 3.0, 3.0]);
        assert_eq!(in_columns(&[], 2), [0.0, 0.0]);
    }

    #[test]
    fn a_series_that_rises_is_drawn_rising() {
        let text = text(&example(), &screen(40, true));
        insta::assert_snapshot!(text.join("\n"), @"
        Total: damage per second
        59,500 │                             ▃▆█
               │                          ▁▄████
               │                        ▃▆██████
               │                     ▂▄▇████████
               │                  ▁▄▇███████████
        29,750 │                ▃▆██████████████
               │             ▁▄▇████████████████
               │           ▂▆███████████████████
               │        ▂▆██████████████████████
               │     ▁▄▇████████████████████████
               │   ▂▅███████████████████████████
             0 │▁▄▇█████████████████████████████
                1:00          1:30          2:00

                                           total
        Total ▁▁▁▂▂▂▃▃▃▄▄▄▅▅▅▆▆▆▇▇▇███ 1,830,000
        Wisp  ▁▁▁▂▂▂▃▃▃▄▄▄▅▅▅▆▆▆▇▇▇███     1,830
        ");
    }

    #[test]
    fn lines_fit_every_screen_in_blocks_and_in_ascii() {
        for columns in [20, 40, 80, 200] {
            for unicode in [true, false] {
                let text = text(&example(), &screen(columns, unicode));
                assert!(text.iter().all(|line| width(line) <= columns.max(24)), "{columns}: {text:#?}");
                assert!(unicode || text.iter().all(|line| line.is_ascii()), "{text:#?}");
            }
        }
    }
}
