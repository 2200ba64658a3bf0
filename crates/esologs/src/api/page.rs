//! One page of a list.

use serde::Deserialize;

/// One page of a list, with the API's own page counters.
#[derive(Debug, Clone, PartialEq, Deserialize, serde::Serialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct Page<T> {
    /// The entries. The API may send null for an entry; such entries are `None`.
    #[serde(default = "Vec::new", deserialize_with = "null_as_empty")]
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
}

fn null_as_empty<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<Option<T>>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
