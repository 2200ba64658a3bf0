//! What makes two answers answers to the same question.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::client::AuthScope;
use crate::query::{Operation, hash};

/// Raised where the documents' meaning or what is kept of an answer changes: older answers are those of another question then.
const SCHEMA: u32 = 1;
/// The variable that numbers the pages of a list.
const PAGE: &str = "page";

/// Where and for whom answers are good.
#[derive(Debug, Clone)]
pub(crate) struct Realm {
    name: String,
}

impl Realm {
    pub(crate) fn new(api_url: &str, scope: &AuthScope) -> Self {
        // Who that is stands nowhere on disk.
        let who = if scope.is_user() { "user" } else { "key" };
        Self { name: format!("{SCHEMA} {api_url} {who} {:032x}\n", hash::wide(scope.to_string().as_bytes())) }
    }

    /// A number that stands for it.
    pub(crate) fn number(&self) -> u64 {
        hash::text(&self.name)
    }
}

/// A question: the operation without its layout, the variables in order, and the realm. A hash of it names the answer, and the whole of
/// it is kept with the answer and compared, so that two questions never share one by chance.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) hash: u128,
    pub(crate) question: Bytes,
}

impl Key {
    pub(crate) fn of(realm: &Realm, operation: &Operation) -> Self {
        Self::with_variables(realm, operation, None)
    }

    /// The question for the first page of the same list, where it is one for a later page.
    pub(crate) fn of_first_page(realm: &Realm, operation: &Operation) -> Option<Self> {
        let page = operation.variables().get(PAGE)?.as_i64()?;
        (page > 1).then(|| Self::with_variables(realm, operation, Some(1)))
    }

    fn with_variables(realm: &Realm, operation: &Operation, page: Option<i64>) -> Self {
        /// For most variables.
        const ROOM: usize = 512;
        let document = operation.normal_document();
        let mut question = String::with_capacity(realm.name.len() + document.len() + ROOM);
        question.push_str(&realm.name);
        question.push_str(&document);
        question.push('\n');
        match page {
            None => write_object(&mut question, operation.variables()),
            Some(page) => {
                let mut variables = operation.variables().clone();
                variables.insert(PAGE.to_owned(), page.into());
                write_object(&mut question, &variables);
            }
        }
        Self { hash: hash::wide(question.as_bytes()), question: question.into() }
    }

    /// The name of the answer's file.
    pub(crate) fn name(&self) -> String {
        format!("{:032x}", self.hash)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.name())
    }
}

/// JSON with the names in order and whole floats as integers: `1.0` and `1` ask for the same.
fn write(text: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => write_object(text, fields),
        Value::Array(values) => {
            text.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(text, value);
            }
            text.push(']');
        }
        Value::Number(number) => {
            /// Whole floats up to here are exact.
            const EXACT: f64 = 9.0e15;
            match number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT) {
                Some(whole) => text.push_str(&(whole as i64).to_string()),
                None => text.push_str(&number.to_string()),
            }
        }
        other => text.push_str(&other.to_string()),
    }
}

fn write_object(text: &mut String, fields: &Map<String, Value>) {
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    text.push('{');
    for (at, (name, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&Value::String(name.clone()).to_string());
        text.push(':');
        write(text, value);
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::query::documents;

    fn realm(scope: AuthScope) -> Realm {
        Realm::new("https://logs.test/api/v2/client", &scope)
    }

    fn own() -> Realm {
        realm(AuthScope::Key("wayrest".into()))
    }

    fn asked(text: &str, variables: Value) -> Key {
        let Value::Object(variables) = variables else { panic!("no object") };
        Key::of(&own(), &Operation::raw(None, text.to_owned(), variables))
    }

    #[test]
    fn what_differs_in_layout_and_order_only_is_the_same_question() {
        let first = asked("query ($a: Int, $b: Float) { x(a: $a, b: $b) }", json!({"a": 1, "b": {"d": 2.0, "c": [1.5]}}));
        let second = asked("query($a:Int $b:Float){ # why\n x(a:$a b:$b) }", json!({"b": {"c": [1.5], "d": 2}, "a": 1}));
        assert_eq!(first, second);
        assert_eq!(first.name().len(), 32);
    }

    #[test]
    fn another_value_word_host_key_or_user_is_another_question() {
        let one = || asked("{ x }", json!({"a": 1}));
        for other in [asked("{ y }", json!({"a": 1})), asked("{ x }", json!({"a": 2})), asked("{ x }", json!({"a": "1"}))] {
            assert_ne!(one(), other);
        }
        let operation = Operation::raw(None, "{ x }".to_owned(), Map::new());
        let realms = [
            own(),
            Realm::new("https://other.test/api/v2/client", &AuthScope::Key("wayrest".into())),
            realm(AuthScope::Key("daggerfall".into())),
            realm(AuthScope::User("wayrest".into())),
            realm(AuthScope::User("daggerfall".into())),
        ];
        let keys: std::collections::BTreeSet<u128> = realms.iter().map(|realm| Key::of(realm, &operation).hash).collect();
        assert_eq!(keys.len(), realms.len());
    }

    #[test]
    fn a_later_page_knows_the_question_for_the_first() {
        let page = |number: i64| Operation::new("Guilds", &documents::GUILDS).with("limit", 100).with("page", number);
        assert_eq!(Key::of_first_page(&own(), &page(3)), Some(Key::of(&own(), &page(1))));
        assert_eq!(Key::of_first_page(&own(), &page(1)), None);
        assert_eq!(Key::of_first_page(&own(), &Operation::new("Zones", &documents::ZONES)), None);
    }
}
