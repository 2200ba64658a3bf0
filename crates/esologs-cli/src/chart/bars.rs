//! Bars in the terminal: name, bar, amount, share.

use super::data::Bars;
use crate::layout::{Screen, fitted, width};
use crate::words;

/// The most bars that are drawn; more are told in a number.
const MOST: usize = 40;
/// The shortest place for bars, in columns.
const LEAST: usize = 4;
/// `100.0 %`
const SHARE: usize = 7;

pub(super) fn text(bars: &Bars, screen: &Screen) -> Vec<String> {
    let shown = &bars.bars[..bars.bars.len().min(MOST)];
    let largest = shown.first().map_or(1.0, |bar| bar.amount);
    let amounts: Vec<String> = shown.iter().map(|bar| bars.unit.shown(bar.amount)).collect();
    let numbers = widest(&amounts).max(width(bars.unit.name()));
    // Name, bar, amount and share, a blank between each.
    let rest = screen.width.saturating_sub(numbers + SHARE + 3);
    let names = shown.iter().map(|bar| width(&bar.name)).max().unwrap_or_default().min((rest / 2).max(1));
    let place = rest.saturating_sub(names).max(LEAST);

    let head = format!("{} {} {:>numbers$} {:>SHARE$}", " ".repeat(names), " ".repeat(place), bars.unit.name(), "share");
    let line = |(bar, amount): (&super::data::Bar, &String)| {
        let drawn = fitted(&blocks(bar.amount / largest, place, screen.unicode), place, screen);
        format!("{} {drawn} {amount:>numbers$} {:>5.1} %", fitted(&bar.name, names, screen), 100.0 * bar.amount / bars.whole)
    };
    let mut lines = vec![head];
    lines.extend(shown.iter().zip(&amounts).map(line));
    if bars.bars.len() > shown.len() {
        lines.push(format!("and {} more", words::count((bars.bars.len() - shown.len()) as u64)));
    }
    lines
}

fn widest(texts: &[String]) -> usize {
    texts.iter().map(|text| width(text)).max().unwrap_or_default()
}

/// A bar over this part of a place.
fn blocks(part: f64, place: usize, unicode: bool) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let length = part.clamp(0.0, 1.0) * place as f64;
    if !unicode {
        // Something is more than nothing.
        return "#".repeat((length.round() as usize).max(1));
    }
    let eighths = ((length * 8.0).round() as usize).max(1);
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

#[cfg(test)]
mod tests {
    use super::super::data::{Bar, Bars, Unit};
    use super::*;
    use crate::layout::screen;

    fn example() -> Bars {
        let bar = |name: &str, amount| Bar { name: name.to_owned(), amount };
        let bars = vec![bar("Ysmeldra Quickwater", 1_234_567.0), bar("Торвальд", 600_000.0), bar("Wisp", 3.0)];
        Bars { unit: Unit::Of("damage".to_owned()), whole: bars.iter().map(|bar| bar.amount).sum(), bars }
    }

    #[test]
    fn bars_are_as_long_as_their_amounts() {
        insta::assert_snapshot!(text(&example(), &screen(60, true)).join("\n"), @"
                                                      damage   share
        Ysmeldra Quickwater ██████████████████████ 1,234,567  67.3 %
        Торвальд            ██████████▊              600,000  32.7 %
        Wisp                ▏                              3   0.0 %
        ");
    }

    #[test]
    fn bars_fit_every_screen_in_blocks_and_in_ascii() {
        for columns in [20, 40, 80, 200] {
            for unicode in [true, false] {
                let lines = text(&example(), &screen(columns, unicode));
                let longest = lines.iter().map(|line| width(line)).max().unwrap();
                assert!(longest == columns || (columns < 40 && longest < 40), "{columns}: {lines:#?}");
                assert!(lines[1..].iter().all(|line| unicode != line.contains('#')), "{lines:#?}");
            }
        }
    }
}
