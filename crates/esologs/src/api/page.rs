//! One page of a list.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::list::{Paged, Position};
use super::model::present;
use crate::error::Error;

/// One page of a list, with the API's own page counters.
#[derive(Debug, Clone, PartialEq, Deserialize, serde::Serialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"), try_from = "Counted<T>")]
pub struct Page<T> {
    /// The entries. The API may send null for an entry; such entries are `None`.
    pub data: Vec<Option<T>>,
    /// Entries of the whole list.
    pub total: u64,
    /// Entries of a full page.
    pub per_page: u64,
    /// This page's number, from 1.
    pub current_page: u64,
    /// Number of this page's first entry, from 1; `None` on an empty page.
    pub from: Option<u64>,
    /// Number of this page's last entry.
    pub to: Option<u64>,
    /// Number of the last page.
    pub last_page: u64,
    /// Whether a page follows.
    pub has_more_pages: bool,
    /// Fields that this type does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A page as it comes.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Counted<T> {
    #[serde(deserialize_with = "present")]
    data: Option<Vec<Option<T>>>,
    total: u64,
    per_page: u64,
    current_page: u64,
    from: Option<u64>,
    to: Option<u64>,
    last_page: u64,
    has_more_pages: bool,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl<T> TryFrom<Counted<T>> for Page<T> {
    type Error = String;

    fn try_from(page: Counted<T>) -> Result<Self, String> {
        let Counted { data, total, per_page, current_page, from, to, last_page, has_more_pages, extra } = page;
        // Null is an empty list only where there is nothing to list.
        if data.is_none() && total > 0 {
            return Err(format!("the page holds no entries (`data: null`) of {total}"));
        }
        Ok(Self { data: data.unwrap_or_default(), total, per_page, current_page, from, to, last_page, has_more_pages, extra })
    }
}

impl<T: Send + 'static> Paged for Page<T> {
    type Entry = T;
    const ENTRIES: &'static str = "data";

    fn position(&self) -> Result<Position, Error> {
        Ok(Position {
            number: self.current_page,
            has_more: self.has_more_pages,
            is_empty: self.data.is_empty(),
            last: Some(self.last_page),
            total: Some(self.total),
        })
    }

    fn into_entries(self) -> Result<Vec<T>, Error> {
        Ok(self.data.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(data: &str, total: u64) -> Result<Page<u64>, serde_json::Error> {
        serde_json::from_str(&format!(
            r#"{{{data} "total":{total},"per_page":2,"current_page":1,"from":1,"to":2,"last_page":1,"has_more_pages":false}}"#
        ))
    }

    #[test]
    fn a_page_whose_entries_are_missing_is_no_empty_page() {
        assert_eq!(page(r#""data":[1,null],"#, 2).unwrap().data, [Some(1), None]);
        assert!(page("", 2).is_err());
        assert!(page("", 0).is_err());
        assert!(page(r#""data":null,"#, 2).is_err());
        assert!(page(r#""data":null,"#, 0).unwrap().data.is_empty());
    }
}
