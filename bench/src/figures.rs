//! Tables of figures with their bounds, and the median.

use std::fmt;

/// What a comparison prints: a Markdown table, so that `RESULTS.md` is what was printed.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    /// What stands over the names, and over each figure.
    columns: Vec<&'static str>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: String,
    figures: Vec<String>,
    bound: Option<Bound>,
}

#[derive(Debug)]
struct Bound {
    text: String,
    held: bool,
}

impl Table {
    /// Rows of one figure, a median.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self::of_columns(title, ["figure", "median"])
    }

    /// A table of figures that are no medians.
    pub(crate) fn of_single_figures(title: impl Into<String>) -> Self {
        Self::of_columns(title, ["figure", "measured"])
    }

    /// Rows of several figures.
    pub(crate) fn of_columns(title: impl Into<String>, columns: impl IntoIterator<Item = &'static str>) -> Self {
        Self { title: title.into(), columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// A figure without a bound.
    pub(crate) fn row(&mut self, name: &str, figure: impl Into<String>) {
        self.rows.push(Row { name: name.to_owned(), figures: vec![figure.into()], bound: None });
    }

    /// As many figures as there are columns, without a bound.
    pub(crate) fn figures(&mut self, name: &str, figures: impl IntoIterator<Item = String>) {
        self.rows.push(Row { name: name.to_owned(), figures: figures.into_iter().collect(), bound: None });
    }

    /// A figure, the bound it is held against, and whether it holds.
    pub(crate) fn bounded(&mut self, name: &str, figure: impl Into<String>, bound: impl Into<String>, held: bool) {
        self.bounded_figures(name, [figure.into()], bound, held);
    }

    /// As many figures as there are columns, the bound they are held against, and whether it holds.
    pub(crate) fn bounded_figures(
        &mut self,
        name: &str,
        figures: impl IntoIterator<Item = String>,
        bound: impl Into<String>,
        held: bool,
    ) {
        let bound = Some(Bound { text: bound.into(), held });
        self.rows.push(Row { name: name.to_owned(), figures: figures.into_iter().collect(), bound });
    }

    /// The rows whose bound is missed, in words.
    pub(crate) fn missed(&self) -> impl Iterator<Item = String> {
        self.rows.iter().filter_map(|row| {
            let bound = row.bound.as_ref().filter(|bound| !bound.held)?;
            Some(format!("{}: {}, bound {}", row.name, row.figures.join(", "), bound.text))
        })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.title)?;
        writeln!(f, "| {} | bound | held |", self.columns.join(" | "))?;
        writeln!(f, "|{}", "---|".repeat(self.columns.len() + 2))?;
        for Row { name, figures, bound } in &self.rows {
            let (text, held) = bound.as_ref().map_or(("", ""), |bound| (&bound.text, if bound.held { "yes" } else { "**no**" }));
            writeln!(f, "| {name} | {} | {text} | {held} |", figures.join(" | "))?;
        }
        Ok(())
    }
}

/// The middle one; of an even number the upper of the two in the middle.
///
/// # Panics
/// Where there is none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([7.0]), 7.0);
    }

    #[test]
    fn a_missed_bound_is_named() {
        let mut table = Table::new("pull");
        table.row("events", "10");
        table.bounded("memory", "12 MB", "under 150 MB", true);
        table.bounded("time", "3 s", "at most 2 s", false);
        assert_eq!(table.missed().collect::<Vec<_>>(), ["time: 3 s, bound at most 2 s"]);
        assert!(table.to_string().contains("| time | 3 s | at most 2 s | **no** |"), "{table}");
    }
    #[test]
    fn a_row_has_a_figure_for_each_column() {
        let mut table = Table::of_columns("faults", ["fault", "survived", "slowest"]);
        table.bounded_figures("a 502", ["19".to_owned(), "1.2 s".to_owned()], "20", false);
        assert_eq!(table.missed().collect::<Vec<_>>(), ["a 502: 19, 1.2 s, bound 20"]);
        let expected = "faults\n\n| fault | survived | slowest | bound | held |\n|---|---|---|---|---|\n| a 502 | 19 | 1.2 s | 20 | **no** |\n";
        assert_eq!(table.to_string(), expected);
    }
}
