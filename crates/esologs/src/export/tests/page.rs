//! `docs/export.md` lists the columns that there are.

use std::path::Path;

use arrow_schema::DataType;

use super::super::batches::schema;
use super::super::tables::{Constant, EXTRA, Field, Kind, TABLES, Table};

const BEGIN: &str = "<!-- The tables are written by a test: ESOLOGS_WRITE_DOCS=1 cargo test -p esologs --features export export::tests::page -->\n";
const END: &str = "<!-- End of the tables. -->\n";

/// The column's type as the page calls it.
fn type_of(kind: Kind) -> String {
    match kind {
        Kind::Whole | Kind::Since1970(_) => "whole number".to_owned(),
        Kind::Number | Kind::SinceStart(_) => "number".to_owned(),
        Kind::Flag => "boolean".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Wholes => "list of whole numbers".to_owned(),
        Kind::Json => "JSON text".to_owned(),
        Kind::Object(fields) => {
            let inside: Vec<String> = fields.iter().map(|field| format!("`{}` {}", field.column, type_of(field.kind))).collect();
            format!("object: {}", inside.join(", "))
        }
    }
}

fn row(table: &Table, field: &Field) -> String {
    let mut row = format!("| `{}` | {} | `{}` |\n", field.column, type_of(field.kind), field.name);
    if let Kind::SinceStart(column) | Kind::Since1970(column) = field.kind {
        row.push_str(&format!("| `{column}` | time stamp, UTC | the same moment |\n"));
    }
    let columns = schema(table);
    assert!(columns.column_with_name(field.column).is_some(), "{} has no column {}", table.name, field.column);
    row
}

fn constant(constant: Constant) -> &'static str {
    match constant {
        Constant::Report => "| `report` | text | code of the report |\n",
        Constant::Stream => "| `stream` | text | the stream that was asked for: `damage` |\n",
        Constant::Hostility => "| `hostility` | text | `friendlies` or `enemies`, of streams that are asked for twice |\n",
        Constant::Live => "| `live` | boolean | whether the report may still grow |\n",
    }
}

fn of_table(table: &Table) -> String {
    let rows: String = table.fields.iter().map(|field| row(table, field)).collect();
    let constants: String = table.constants.iter().map(|column| constant(*column)).collect();
    let extra = format!("| `{EXTRA}` | JSON text | all that no column can hold |\n");
    format!(
        "### {}\n\n| column | type | field of the API, or what it is |\n|---|---|---|\n{constants}{rows}{extra}\n",
        table.name
    )
}

#[test]
fn the_page_lists_every_column_with_its_type_and_field() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/export.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let expected: String = TABLES.iter().map(|table| of_table(table)).collect();
    let (before, rest) = page.split_once(BEGIN).expect("the mark before the tables");
    let (found, after) = rest.split_once(END).expect("the mark after the tables");

    if std::env::var_os("ESOLOGS_WRITE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}\n{expected}{END}{after}")).unwrap();
        return;
    }

    assert_eq!(found.trim(), expected.trim());
}

#[test]
fn no_table_has_a_column_twice_and_the_last_one_is_extra() {
    for table in TABLES {
        let schema = schema(table);
        let mut names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names.last(), Some(&EXTRA));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), schema.fields().len(), "{}", table.name);
        let is_plain = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        assert!(names.iter().all(|name| is_plain(name)), "{names:?}");
        let extra = schema.field_with_name(EXTRA).unwrap();
        assert_eq!((extra.data_type(), extra.is_nullable()), (&DataType::Utf8, true));
    }
}
