//! Text for people: tables and lines that fit the screen.

pub(crate) mod cell;
pub(crate) mod grid;
pub(crate) mod node;

use std::io::{self, IsTerminal as _};

use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr as _;

/// Columns where nobody says how many there are.
const USUAL_WIDTH: usize = 100;
/// Fewer columns are of no use for a table.
const LEAST_WIDTH: usize = 20;

/// What is written on.
#[derive(Debug, Clone)]
pub(crate) struct Screen {
    pub(crate) width: usize,
    /// Whether it shows more than ASCII.
    pub(crate) unicode: bool,
    pub(crate) zone: TimeZone,
}

impl Screen {
    /// What stdout is. The variable `COLUMNS` goes before the terminal's own width.
    pub(crate) fn of_stdout(utc: bool) -> Self {
        let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
        let terminal =
            || terminal_size::terminal_size().filter(|_| io::stdout().is_terminal()).map(|(width, _)| usize::from(width.0));
        Self {
            width: told.or_else(terminal).unwrap_or(USUAL_WIDTH).max(LEAST_WIDTH),
            unicode: locale_is_unicode(|name| std::env::var(name).ok()),
            zone: if utc { TimeZone::UTC } else { TimeZone::system() },
        }
    }
}

/// Whether the locale's characters are UTF-8, as the C library finds it out. Where none is set, as in containers and on Windows,
/// today's terminals show UTF-8.
fn locale_is_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Columns that a text takes up.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text in exactly so many columns: cut with a mark, or with blanks behind it.
pub(crate) fn fitted(text: &str, columns: usize, screen: &Screen) -> String {
    let mark = if screen.unicode { "…" } else { "~" };
    let mut fitted = String::new();
    if width(text) <= columns {
        fitted.push_str(text);
    } else {
        for c in text.chars() {
            if width(&fitted) + width(c.encode_utf8(&mut [0; 4])) + 1 > columns {
                break;
            }
            fitted.push(c);
        }
        fitted.push_str(mark);
    }
    let blanks = columns.saturating_sub(width(&fitted));
    fitted + &" ".repeat(blanks)
}

#[cfg(test)]
pub(crate) fn screen(width: usize, unicode: bool) -> Screen {
    Screen { width, unicode, zone: TimeZone::UTC }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_tells_the_locale() {
        let of = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            locale_is_unicode(|name| set.iter().find(|(set, _)| set == name).map(|(_, value)| value.clone()))
        };
        assert!(of(&[]) && of(&[("LANG", "de_DE.UTF-8")]) && of(&[("LC_ALL", "C.utf8"), ("LANG", "C")]));
        assert!(!of(&[("LANG", "C")]) && !of(&[("LC_ALL", "POSIX"), ("LANG", "en_GB.UTF-8")]));
    }

    #[test]
    fn a_text_fits_its_columns_whatever_its_letters() {
        let fit = |text: &str, columns: usize| fitted(text, columns, &screen(80, true));
        assert_eq!([fit("Bear", 6), fit("Zhaj'hassa", 6), fit("ロックグローブ", 6)], ["Bear  ", "Zhaj'…", "ロッ… "]);
        assert_eq!(fitted("Zhaj'hassa", 6, &screen(80, false)), "Zhaj'~");
    }
}
