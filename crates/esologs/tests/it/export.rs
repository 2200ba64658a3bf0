//! Events straight from the service into Parquet: the same file as from their lines, or none. And as Arrow.

use std::fs;

use arrow_ipc::reader::StreamReader;
use esologs::export::{ArrowPages, EventOrigin, ParquetWriter};
use esologs::{CallPolicy, ErrorKind, EventDataType, Events, UnixMillis};
use serde_json::{Value, json as value};

use crate::support::{Reply, Rig, Script, json, status};

const CODE: &str = "aBcDeFgHiJkLmNpQ";

fn page(data: Value, next: Value) -> Reply {
    json(value!({"data": {"reportData": {"report": {"events": {"data": data, "nextPageTimestamp": next}}}}}))
}

fn event(time: u32) -> Value {
    value!({"timestamp": time, "type": "damage", "sourceID": 3, "amount": 1200, "novelty": [time]})
}

fn events(rig: &Rig) -> Events {
    rig.client.report(CODE.parse().unwrap()).events(EventDataType::DamageDone)
}

fn origin() -> EventOrigin {
    EventOrigin::new(&CODE.parse().unwrap(), "damage").started_at(UnixMillis::new(1_772_395_200_000))
}

#[tokio::test(start_paused = true)]
async fn pages_of_a_service_in_trouble_make_the_same_file_as_their_lines() {
    let script = Script::new()
        .api(page(value!([event(1), event(1), event(2)]), value!(7)))
        .api(status(503))
        .api(page(value!([event(8)]), Value::Null));
    let (rig, folder) = (Rig::new(script, CallPolicy::interactive()), tempfile::tempdir().unwrap());
    let (path, by_hand) = (folder.path().join("damage.parquet"), folder.path().join("by-hand.parquet"));

    let written = ParquetWriter::create(&path, origin()).unwrap().write_all(&events(&rig)).await.unwrap();

    let lines: String = [1, 1, 2, 8].map(|time| format!("{}\n", event(time))).concat();
    let mut writer = ParquetWriter::create(&by_hand, origin()).unwrap();
    writer.append_lines(&lines).unwrap();
    writer.finish().unwrap();
    assert_eq!((written.rows, written.files.as_slice()), (4, [path.clone()].as_slice()));
    assert!(fs::read(&path).unwrap() == fs::read(by_hand).unwrap());
    assert_eq!(written.bytes, fs::metadata(path).unwrap().len());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn where_a_page_cannot_be_had_there_is_no_file() {
    let script = Script::new().api(page(value!([event(1)]), value!(7))).api_always(status(403));
    let (rig, folder) = (Rig::new(script, CallPolicy::interactive()), tempfile::tempdir().unwrap());
    let writer = ParquetWriter::create(folder.path().join("damage.parquet"), origin()).unwrap();

    let error = writer.write_all(&events(&rig)).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_is_no_object_is_named_by_its_number() {
    let script = Script::new().api(page(value!([event(1), 7]), Value::Null));
    let (rig, folder) = (Rig::new(script, CallPolicy::interactive()), tempfile::tempdir().unwrap());
    let writer = ParquetWriter::create(folder.path().join("damage.parquet"), origin()).unwrap();

    let error = writer.write_all(&events(&rig)).await.unwrap_err().to_string();

    assert!(error.starts_with("events of report aBcDeFgHiJkLmNpQ: line 2 cannot be used, it is no object"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn pages_as_arrow_are_one_stream_of_the_columns_of_an_export() {
    let script = Script::new()
        .api(page(value!([event(1), event(1), event(2)]), value!(7)))
        .api(page(value!([]), value!(8)))
        .api(page(value!([event(8)]), Value::Null));
    let rig = Rig::new(script, CallPolicy::interactive());
    let (events, mut arrow) = (events(&rig), ArrowPages::new(&origin()).unwrap());

    let (mut stream, mut next) = (arrow.header().to_vec(), Some(events.first_start()));
    while let Some(start) = next {
        let page = events.page_as_lines(start).await.unwrap();
        next = events.next_start(start, page.next_page_timestamp()).unwrap();
        stream.extend_from_slice(&arrow.page(&page).unwrap());
    }

    let batches: Vec<_> = StreamReader::try_new(&*stream, None).unwrap().map(Result::unwrap).collect();
    let rows: Vec<usize> = batches.iter().map(arrow_array::RecordBatch::num_rows).collect();
    assert_eq!(rows, [3, 1], "a batch for a page that has events");
    let shown = format!("{:?}", batches[1]);
    for value in ["aBcDeFgHiJkLmNpQ", "damage", "1200", "{\\\"novelty\\\":[8]}"] {
        assert!(shown.contains(value), "{value}: {shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_parts_of_a_page_are_its_rows_in_smaller_batches_and_any_of_them_can_be_made_again() {
    let many: Vec<Value> = (0..5_000).map(event).collect();
    let rig = Rig::new(Script::new().api(page(value!(many), Value::Null)), CallPolicy::interactive());
    let page = events(&rig).page_as_lines(events(&rig).first_start()).await.unwrap();
    let mut arrow = ArrowPages::new(&origin()).unwrap();
    let (mut in_parts, mut at_once) = (arrow.header().to_vec(), arrow.header().to_vec());

    let (mut place, mut parts) = (0, 0);
    while let Some(part) = arrow.part(&page, place).unwrap() {
        assert_eq!(arrow.part(&page, place).unwrap().unwrap().bytes, part.bytes, "made again");
        in_parts.extend_from_slice(&part.bytes);
        place = part.next_place;
        parts += 1;
    }
    at_once.extend_from_slice(&arrow.page(&page).unwrap());

    assert_eq!((parts, place), (3, page.as_bytes().len()));
    let batches = |stream: &[u8]| StreamReader::try_new(stream, None).unwrap().map(Result::unwrap).collect::<Vec<_>>();
    let (in_parts, whole) = (batches(&in_parts), &batches(&at_once)[0]);
    for (part, first_row) in in_parts.iter().zip([0, 2_048, 4_096]) {
        assert_eq!(*part, whole.slice(first_row, part.num_rows()));
    }
    assert_eq!(in_parts.iter().map(arrow_array::RecordBatch::num_rows).sum::<usize>(), 5_000);
}

#[tokio::test(start_paused = true)]
async fn a_page_with_an_entry_that_is_no_object_makes_no_arrow() {
    let script = Script::new().api(page(value!([event(1), 7]), Value::Null));
    let rig = Rig::new(script, CallPolicy::interactive());
    let page = events(&rig).page_as_lines(events(&rig).first_start()).await.unwrap();

    let error = ArrowPages::new(&origin()).unwrap().page(&page).unwrap_err().to_string();

    assert!(error.starts_with("events of report aBcDeFgHiJkLmNpQ: line 2 cannot be used, it is no object"), "{error}");
}
