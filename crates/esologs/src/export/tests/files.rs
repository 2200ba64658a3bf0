//! Parquet and CSV files: their bounds, their columns, what is in them.

use std::fs::File;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::super::batches::{Batches, MAX_ROWS, schema};
use super::super::csv::flat_names;
use super::super::format::Format;
use super::super::parquet::{MAX_GROUP_ROWS, ParquetFiles};
use super::super::sink::{Decoder, Sink as _, TableSink};
use super::super::tables::{EVENTS, TABLES, Table};
use super::back::{batch, by_value, objects, origin};

fn read(path: &Path) -> (SchemaRef, Vec<RecordBatch>, usize) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let groups = reader.metadata().num_row_groups();
    (reader.schema().clone(), reader.build().unwrap().map(Result::unwrap).collect(), groups)
}

fn written(format: Format, table: &'static Table, lines: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join(format!("CODE.{format}"));
    let mut sink = format.begin(table, &origin(), "test", (folder.path(), &place)).unwrap();
    sink.append(lines).unwrap();
    sink.finish().unwrap();
    (folder, place)
}

/// Events of several types, some of which do not fit.
fn lines(count: usize) -> String {
    let line = |number: usize| match number % 3 {
        0 => format!(
            "{{\"timestamp\":{number},\"type\":\"damage\",\"amount\":{number},\"sourceResources\":{{\"x\":0.5,\"shield\":1}}}}\n"
        ),
        1 => format!("{{\"timestamp\":{number}.25,\"type\":\"heal\",\"amount\":\"{number}\",\"novelty\":[{number}]}}\n"),
        _ => format!("{{\"timestamp\":{number},\"type\":\"cast\",\"fake\":null}}\n"),
    };
    (0..count).map(line).collect()
}

#[test]
fn events_come_back_from_the_file() {
    let lines = lines(100);

    let (_folder, path) = written(Format::Parquet, &EVENTS, &lines);

    let (_, batches, _) = read(&path);
    let found: Vec<_> = batches.iter().flat_map(|batch| objects(&EVENTS, batch)).map(|event| by_value(&event)).collect();
    let sent: Vec<_> = lines.lines().map(|line| by_value(&serde_json::from_str(line).unwrap())).collect();
    assert_eq!(found, sent);
}

#[test]
fn every_file_of_a_table_has_the_same_columns_whatever_is_in_it() {
    for table in TABLES {
        let (_none, empty) = written(Format::Parquet, table, "");
        let (_some, filled) = written(Format::Parquet, table, "{\"id\":1,\"name\":\"x\",\"type\":\"y\"}\n");

        assert_eq!(read(&empty).0.fields(), read(&filled).0.fields(), "{}", table.name);
        let names = |schema: &SchemaRef| schema.fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>();
        assert_eq!(names(&read(&empty).0), names(&schema(table)));
        assert!(read(&empty).1.is_empty());
    }
}

#[test]
fn row_groups_are_bounded_by_their_rows() {
    let lines = "{\"type\":\"damage\"}\n".repeat(MAX_GROUP_ROWS + 1);

    let (_folder, path) = written(Format::Parquet, &EVENTS, &lines);

    assert_eq!(read(&path).2, 2);
}

#[test]
fn a_file_that_grows_too_large_ends_and_a_second_part_begins() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("CODE.parquet");
    let files = ParquetFiles::bounded(10, &EVENTS, folder.path(), &place).unwrap();
    let decoder = Decoder::new(Batches::new(&EVENTS, &origin()), "test");
    let mut sink = Box::new(TableSink { decoder, writer: files });

    sink.append(&"{\"amount\":1}\n".repeat(2 * MAX_ROWS + 5)).unwrap();
    let (parts, rows) = sink.finish().unwrap();

    let names: Vec<_> = parts.iter().map(|part| part.path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["CODE.parquet", "CODE.part2.parquet", "CODE.part3.parquet"]);
    let rows_in_files: usize = parts.iter().flat_map(|part| read(&part.path).1).map(|batch| batch.num_rows()).sum();
    assert_eq!((rows, rows_in_files), (2 * MAX_ROWS as u64 + 5, 2 * MAX_ROWS + 5));
}

#[test]
fn a_file_that_is_not_finished_leaves_nothing_and_the_old_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("CODE.parquet");
    std::fs::write(&place, "old").unwrap();

    let mut sink = Format::Parquet.begin(&EVENTS, &origin(), "test", (folder.path(), &place)).unwrap();
    sink.append(&lines(10)).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    drop(sink);

    assert_eq!(std::fs::read_to_string(&place).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn csv_has_the_same_columns_flat() {
    let lines =
        "{\"timestamp\":1500,\"type\":\"a \\\"b\\\", c\",\"tick\":true,\"sourceResources\":{\"x\":0.5},\"novelty\":[1]}\n{}\n";
    let expected = batch(&EVENTS, lines);

    let (_folder, path) = written(Format::Csv, &EVENTS, lines);

    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut names = Vec::new();
    flat_names(expected.schema_ref().fields(), "", &mut names);
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), names);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cells = |row: usize| -> Vec<(&str, &str)> {
        names.iter().map(String::as_str).zip(rows[row].iter()).filter(|(_, cell)| !cell.is_empty()).collect()
    };
    let of_origin = [("report", "xb7TKHXR8DJByp4Q"), ("stream", "buffs"), ("hostility", "enemies"), ("live", "false")];
    let of_event = [
        ("timestamp_ms", "1500"),
        ("time_utc", "2026-03-01T20:00:01.500Z"),
        ("type", "a \"b\", c"),
        ("tick", "true"),
        ("source_resources_x", "0.5"),
        ("extra", "{\"novelty\":[1]}"),
    ];
    assert_eq!(cells(0), [&of_origin[..], &of_event[..]].concat());
    assert_eq!(cells(1), of_origin);
}

#[test]
fn compressed_lines_are_the_same_to_the_byte() {
    let lines = lines(1_000) + "{ \"odd\" : 1.50 }\n";

    let (_folder, path) = written(Format::JsonLinesZstd, &EVENTS, &lines);

    let packed = std::fs::read(path).unwrap();
    assert!(zstd::decode_all(packed.as_slice()).unwrap() == lines.as_bytes());
    assert!(packed.len() < lines.len() / 8);
}
