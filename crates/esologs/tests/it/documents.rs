//! Every document that the library sends is valid on the schema, and its root field answers.

use std::fs;
use std::path::{Path, PathBuf};

use apollo_compiler::{ExecutableDocument, Schema};

use crate::support::sources;

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/query/documents");
    let mut files = Vec::new();
    sources::collect(&folder, "graphql", &mut files);
    assert!(files.len() >= 5, "only {} documents in {}", files.len(), folder.display());
    files
}

fn schema_text() -> String {
    fs::read_to_string(sources::workspace().join("schema/esologs.graphql")).expect("the schema lies in schema/esologs.graphql")
}

#[test]
fn every_document_is_valid_on_the_schema() {
    let schema =
        Schema::parse_and_validate(schema_text(), "schema/esologs.graphql").unwrap_or_else(|broken| panic!("{}", broken.errors));
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let checked = ExecutableDocument::parse_and_validate(&schema, &text, &path);
        let document = checked.unwrap_or_else(|broken| panic!("{}:\n{}", path.display(), broken.errors));
        let operations: Vec<_> = document.operations.iter().collect();
        assert_eq!(operations.len(), 1, "{}: one operation in a file", path.display());
        assert!(operations[0].is_query(), "{}: this client only reads", path.display());
        assert!(operations[0].name.is_some(), "{}: errors and events need the operation's name", path.display());
    }
}

#[test]
fn every_document_asks_for_the_points_it_cost() {
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let asks = text.contains("rateLimitData { limitPerHour pointsSpentThisHour pointsResetIn }");
        assert!(asks, "{}: without a snapshot nobody learns what it cost", path.display());
    }
}

#[test]
fn every_document_is_sent_by_somebody() {
    let list = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/query/documents.rs")).unwrap();
    for path in documents() {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(list.contains(&format!("documents/{name}\"")), "{name} is in no constant of query/documents.rs");
    }
}

#[test]
fn the_simulator_answers_on_the_same_schema() {
    assert_eq!(esologs_sim::SCHEMA, schema_text(), "the simulator's schema is another than schema/esologs.graphql");
}
