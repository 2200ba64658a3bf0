//! A table on the screen: as many columns as fit, numbers at the right.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::cell::Cell;
use super::{Screen, width};

/// A column with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) heading: String,
    pub(crate) cells: Vec<Cell>,
}

impl Column {
    pub(crate) fn width(&self) -> usize {
        self.cells.iter().map(|cell| width(&cell.text)).chain([width(&self.heading)]).max().unwrap_or_default()
    }
}

/// A column that is wider is wrapped rather than left out.
const WRAPPED: usize = 40;
/// Blanks between two columns.
const GAP: usize = 2;

/// The first columns that stand beside each other on the screen: at least one.
pub(crate) fn that_fit(columns: Vec<Column>, screen: &Screen) -> Vec<Column> {
    let mut used = 0;
    let mut left_out = false;
    let fits = |(place, column): &(usize, Column)| {
        let needed = column.width().min(WRAPPED) + if *place > 0 { GAP } else { 0 };
        left_out |= used + needed > screen.width && *place > 0;
        used += needed;
        !left_out
    };
    columns.into_iter().enumerate().take_while(fits).map(|(_, column)| column).collect()
}

/// The table's lines. Columns that are too wide together are wrapped.
pub(crate) fn lines(columns: &[Column], screen: &Screen) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(screen.width).unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|column| column.heading.as_str()));
    let rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or_default();
    for row in 0..rows {
        table.add_row(columns.iter().map(|column| column.cells.get(row).map_or("", |cell| cell.text.as_str())));
    }
    let last = columns.len().saturating_sub(1);
    for (place, column) in columns.iter().enumerate() {
        let Some(shown) = table.column_mut(place) else { continue };
        shown.set_padding((0, if place == last { 0 } else { GAP as u16 }));
        // What is missing is no number, and does not make a column of numbers one of words.
        let mut numbers = column.cells.iter().filter(|cell| cell.text != "-").peekable();
        if numbers.peek().is_some() && numbers.all(|cell| cell.is_number) {
            shown.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::screen;
    use super::*;

    fn column(heading: &str, cells: &[&str], is_number: bool) -> Column {
        let cells = cells.iter().map(|text| Cell { text: (*text).to_owned(), is_number }).collect();
        Column { heading: heading.to_owned(), cells }
    }

    #[test]
    fn numbers_stand_at_the_right_and_lines_end_with_a_letter() {
        let columns = [column("name", &["Bear", "Ironclad Ogre"], false), column("total", &["12", "1,234"], true)];
        assert_eq!(lines(&columns, &screen(80, true)), ["name           total", "Bear              12", "Ironclad Ogre  1,234"]);
    }

    #[test]
    fn no_line_is_longer_than_the_screen_is_wide() {
        let wide = "an entry with many words in it";
        let columns: Vec<Column> = (0..6).map(|_| column("name", &[wide; 3], false)).collect();
        for columns_of_screen in [20, 40, 80, 200] {
            let screen = screen(columns_of_screen, true);
            for table in [lines(&columns, &screen), lines(&that_fit(columns.clone(), &screen), &screen)] {
                assert!(table.iter().all(|line| width(line) <= columns_of_screen), "{columns_of_screen}: {table:#?}");
            }
            let expected = (columns_of_screen + GAP) / (width(wide) + GAP);
            assert_eq!(that_fit(columns.clone(), &screen).len(), expected.clamp(1, 6));
        }
    }
}
