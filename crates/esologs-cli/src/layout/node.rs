//! JSON for people's eyes: fields in the order in which they came.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A JSON value. (`serde_json::Value` would sort the fields.)
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Node {
    pub(crate) const NULL: &'static Self = &Self::Null;

    /// The field of this name; null where there is none.
    pub(crate) fn field(&self, name: &str) -> &Self {
        match self {
            Self::Object(fields) => fields.iter().find(|(key, _)| key == name).map_or(Self::NULL, |(_, value)| value),
            _ => Self::NULL,
        }
    }

    /// What lies at the end of a path of names with dots between them. The empty path is the value itself.
    pub(crate) fn at(&self, path: &str) -> &Self {
        path.split('.').filter(|name| !name.is_empty()).fold(self, |node, name| node.field(name))
    }

    pub(crate) fn as_list(&self) -> &[Self] {
        if let Self::List(list) = self { list } else { &[] }
    }

    pub(crate) fn as_number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether no list in it holds anything, or but sums of nothing: what the service answers about a fight that is not there.
    pub(crate) fn is_bare(&self) -> bool {
        match self {
            Self::List(list) => list.iter().all(|entry| entry.field("total").as_number() == Some(0.0)),
            Self::Object(fields) => fields.iter().all(|(_, value)| value.is_bare()),
            _ => true,
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Node;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node::Bool(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node::Number(value as f64))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
                Ok(Node::Number(value as f64))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
                Ok(Node::Number(value))
            }
            fn visit_str<E>(self, value: &str) -> Result<Node, E> {
                Ok(Node::Text(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = list.next_element()? {
                    entries.push(entry);
                }
                Ok(Node::List(entries))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Node::Object(fields))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stay_in_their_order_and_are_found_by_their_path() {
        let node: Node = serde_json::from_str(r#"{"z":{"b":[1,null]},"a":"x"}"#).unwrap();
        let Node::Object(fields) = &node else { panic!("{node:?}") };
        assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["z", "a"]);
        assert_eq!(node.at("z.b").as_list(), [Node::Number(1.0), Node::Null]);
        assert_eq!((node.at(""), node.at("z.c.d")), (&node, Node::NULL));
    }

    #[test]
    fn an_answer_without_any_entry_is_bare() {
        let bare = |json: &str| serde_json::from_str::<Node>(json).unwrap().is_bare();
        assert!(bare(r#"{"data":{"entries":[],"totalTime":0}}"#) && bare("[]") && bare("null"));
        assert!(bare(r#"{"data":{"series":[{"name":"Damage Done","total":0,"data":[0,0]}],"startTime":0}}"#));
        assert!(!bare(r#"{"data":{"entries":[{"name":"Bear"}]}}"#));
    }
}
