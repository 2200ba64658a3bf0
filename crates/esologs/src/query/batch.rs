//! Several things of one kind in one operation, each under an alias and with a variable of its own.

use serde_json::{Map, Value};

/// The document of a single report, whose fragments say what is asked of each.
const REPORT: &str = include_str!("documents/report.graphql");

/// The parts of an operation: values of one variable, each asked for under an alias of its own. A part keeps its number, and
/// with it its alias, where only some are asked for again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Batch {
    values: Vec<String>,
    /// The numbers of the parts that are asked for, in order.
    asked: Vec<usize>,
}

impl Batch {
    /// The name of the operation.
    pub(crate) const NAME: &'static str = "ReportBatch";

    /// Reports by their codes.
    pub(crate) fn of_reports(codes: Vec<String>) -> Self {
        Self { asked: (0..codes.len()).collect(), values: codes }
    }

    /// The same, of which only these parts are asked for.
    pub(crate) fn only(&self, parts: &[usize]) -> Self {
        Self { values: self.values.clone(), asked: parts.to_vec() }
    }

    /// The numbers of the parts that are asked for.
    pub(crate) fn asked(&self) -> &[usize] {
        &self.asked
    }

    /// What the parts that are asked for ask for.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.asked.iter().map(|part| self.value(*part))
    }

    /// What a part asks for, in words.
    pub(crate) fn value(&self, part: usize) -> &str {
        self.values.get(part).map_or("", String::as_str)
    }

    /// The alias of a part.
    pub(crate) fn alias(part: usize) -> String {
        format!("r{part}")
    }

    /// The number of the part with this alias.
    pub(crate) fn part_of(alias: &str) -> Option<usize> {
        // Only the spelling of `alias`: `r01` and `r+1` are nobody's.
        alias.strip_prefix('r')?.parse().ok().filter(|part| Self::alias(*part) == alias)
    }

    /// The document that asks for these parts, and for the same of each as the document of a single report.
    pub(super) fn document(&self) -> String {
        let variables: Vec<String> = self.asked.iter().map(|part| format!("$c{part}: String!")).collect();
        let fields: String = self
            .asked
            .iter()
            .map(|part| format!("    {}: report(code: $c{part}) {{ ...WholeReport }}\n", Self::alias(*part)))
            .collect();
        let fragments = REPORT.find("fragment ").map_or("", |at| &REPORT[at..]);
        format!(
            "query {}({}) {{\n  reportData {{\n{fields}  }}\n  rateLimitData {{ limitPerHour pointsSpentThisHour pointsResetIn }}\n}}\n\n{fragments}",
            Self::NAME,
            variables.join(", ")
        )
    }

    pub(super) fn variables(&self) -> Map<String, Value> {
        self.asked.iter().map(|part| (format!("c{part}"), self.value(*part).into())).collect()
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::{ExecutableDocument, Schema};

    use super::*;

    fn batch(codes: usize) -> Batch {
        Batch::of_reports((0..codes).map(|number| format!("aaaaaaaaaaaaaa{number:02}")).collect())
    }

    #[test]
    fn the_document_of_a_batch_is_valid_on_the_schema() {
        let schema = Schema::parse_and_validate(include_str!("../../../../schema/esologs.graphql"), "schema").unwrap();
        for batch in [batch(1), batch(20), batch(20).only(&[3, 17])] {
            let text = batch.document();
            let document = ExecutableDocument::parse_and_validate(&schema, &text, "batch")
                .unwrap_or_else(|broken| panic!("{text}\n{}", broken.errors));
            assert!(document.operations.iter().all(|operation| operation.is_query()));
            assert!(text.contains("rateLimitData"), "without a snapshot nobody learns what it cost");
        }
    }

    #[test]
    fn a_smaller_batch_asks_for_its_parts_under_their_old_aliases_and_for_nothing_else() {
        let some = batch(5).only(&[1, 4]);
        let text = some.document();
        assert!(text.starts_with("query ReportBatch($c1: String!, $c4: String!) {"), "{text}");
        assert_eq!(text.matches(": report(code: ").count(), 2);
        assert!(text.contains("r1: report(code: $c1)") && text.contains("r4: report(code: $c4)"));
        assert_eq!(Value::Object(some.variables()), serde_json::json!({"c1": "aaaaaaaaaaaaaa01", "c4": "aaaaaaaaaaaaaa04"}));
    }

    #[test]
    fn an_alias_names_its_part_and_nothing_else_does() {
        assert_eq!((Batch::part_of(&Batch::alias(7)), Batch::part_of("r12")), (Some(7), Some(12)));
        for other in ["report", "r", "r01", "r+1", "7", "x7", "r-1"] {
            assert_eq!(Batch::part_of(other), None, "{other}");
        }
    }
}
