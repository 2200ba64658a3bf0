//! `README.txt` of an export, for the person who finds the folder.

use std::path::Path;

use super::format::Format;

/// What lies where.
const FOLDERS: [(&str, &str); 9] = [
    ("events/STREAM", "events, one row each"),
    ("fights", "fights; events name them by `fight`"),
    ("actors", "players, pets and enemies; events name them by `source_id` and `target_id`"),
    ("abilities", "abilities; events name them by `ability_game_id`"),
    ("reports", "the report itself, one row"),
    ("player-details", "the players by role, with gear and skills, where the pull has them"),
    ("rankings", "the parses of the kills, where the pull has them"),
    ("tables", "the site's summary of each fight, where the pull has it"),
    ("attendance", "who was there in the guild's reports, where the pull has it; CODE is `guild`"),
];

/// The lines that read the events, each with the name of its tool.
pub(super) fn first_steps(folder: &Path) -> Vec<(&'static str, String)> {
    let events = folder.join("events").display().to_string();
    let (all, events) = (format!("{events}/**/*.parquet"), in_python(&events));
    vec![
        ("DuckDB", format!("SELECT stream, count(*), sum(amount) FROM {} GROUP BY stream;", in_sql(&all))),
        ("Polars", format!("polars.scan_parquet({}).group_by(\"stream\").len().collect()", in_python(&all))),
        ("pandas", format!("pandas.read_parquet({events}).groupby(\"stream\").size()")),
    ]
}

fn in_sql(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn in_python(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

pub(super) fn text(folder: &Path, format: Format) -> String {
    let ending = format.name();
    let what = match format {
        Format::Parquet => "Typed columns, the same in every file of a table. What has no column is in `extra`, as JSON.",
        Format::Csv => "The columns are the same in every file of a table. What has no column is in `extra`, as JSON.",
        Format::JsonLines => "Each line is one JSON object, just as the service sent it.",
        Format::JsonLinesZstd => "Each line is one JSON object, just as the service sent it; unpack with zstd.",
    };
    let files: String =
        FOLDERS.iter().map(|(folder, what)| format!("{:<36}  {what}\n", format!("{folder}/CODE.{ending}"))).collect();
    let mut text = format!(
        "Combat logs, made by `esologs export` from the folder of a pull.

{files}export.json                           what was made of which bytes; the next export makes only what is new

{what}
CODE.live.{ending} is of a report that may still grow.
"
    );
    if format == Format::Parquet {
        text.push_str("\nTo begin with:\n\n");
        for (tool, line) in first_steps(folder) {
            text.push_str(&format!("  {tool:<7} {line}\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_quotes_in_its_name_can_be_pasted() {
        let lines: Vec<String> = first_steps(Path::new("o'b\"c")).into_iter().map(|(_, line)| line).collect();
        assert!(lines[0].contains("FROM 'o''b\"c/events/**/*.parquet'"), "{lines:?}");
        assert!(lines[2].contains("read_parquet(\"o'b\\\"c/events\")"), "{lines:?}");
    }
}
