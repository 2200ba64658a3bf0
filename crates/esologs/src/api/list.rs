//! Lists that come page by page: all pages, all entries, or the whole list within a limit.

use std::collections::VecDeque;
use std::future::Future;

use futures_core::Stream;

use crate::error::{Error, ErrorKind};

/// The most pages that are followed: a bound against a list without an end.
pub(crate) const MAX_PAGES: u64 = 1_000;
/// The most entries that a whole list may have, where the caller sets no other limit.
pub(crate) const MAX_ENTRIES: u64 = 10_000;

/// A page that says where it stands.
pub(crate) trait Paged: Sized + Send + 'static {
    type Entry: Send + 'static;

    /// The field that holds the entries.
    const ENTRIES: &'static str;

    fn position(&self) -> Result<Position, Error>;

    /// The entries, without those that came as null.
    fn into_entries(self) -> Result<Vec<Self::Entry>, Error>;
}

/// Where a page stands in its list, as the service says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    /// From 1.
    pub(crate) number: u64,
    pub(crate) has_more: bool,
    pub(crate) is_empty: bool,
    /// The last page's number, where it is told.
    pub(crate) last: Option<u64>,
    /// Entries of the whole list, where that is told.
    pub(crate) total: Option<u64>,
}

impl Position {
    /// The number of the page after this one, which was asked for as `asked`.
    ///
    /// # Errors
    /// What keeps the list from ever coming to its end.
    fn next(self, asked: u64) -> Result<Option<u64>, String> {
        if self.number != asked {
            return Err(format!("page {asked} was asked for, page {} came", self.number));
        }
        if !self.has_more {
            return Ok(None);
        }
        match self.last {
            Some(last) if asked >= last => Err(format!("page {asked} of {last} says that more follow")),
            _ if self.is_empty => Err(format!("page {asked} is empty and says that more follow")),
            _ if asked >= MAX_PAGES => Err(format!("no end after {asked} pages")),
            _ => Ok(Some(asked + 1)),
        }
    }
}

/// A list whose pages can be asked for by number.
pub(crate) trait List: Clone + Send + Sync + 'static {
    type Page: Paged;

    /// What it lists ("reports of guild 3468"), for errors.
    fn what(&self) -> &str;

    fn fetch(&self, number: u64) -> impl Future<Output = Result<Self::Page, Error>> + Send;
}

/// All pages, one after the other. Nothing is sent before the stream is read.
///
/// Ends with [`ErrorKind::CursorStuck`] where the service answers with another page than the one asked for, says that more
/// follow an empty or the last page, or has more than [`MAX_PAGES`].
pub(crate) fn pages<L: List>(list: L) -> impl Stream<Item = Result<L::Page, Error>> + Send + use<L> {
    futures_util::stream::try_unfold((list, Some(1)), |(list, next): (L, Option<u64>)| async move {
        let Some(asked) = next else { return Ok(None) };
        let page = list.fetch(asked).await?;
        let next = next_page(list.what(), &page, asked)?;
        Ok(Some((page, (list, next))))
    })
}

/// All entries, one after the other.
pub(crate) fn entries<L: List>(list: L) -> impl Stream<Item = Result<<L::Page as Paged>::Entry, Error>> + Send + use<L> {
    let start = (list, Some(1), VecDeque::new());
    futures_util::stream::try_unfold(start, |(list, mut next, mut here): (L, Option<u64>, VecDeque<_>)| async move {
        loop {
            if let Some(entry) = here.pop_front() {
                return Ok(Some((entry, (list, next, here))));
            }
            let Some(asked) = next else { return Ok(None) };
            let page = list.fetch(asked).await?;
            next = next_page(list.what(), &page, asked)?;
            here = page.into_entries()?.into();
        }
    })
}

/// All entries of a list that has at most so many. A longer one is an error, as soon as that is known: mostly after its first
/// page.
pub(crate) async fn whole<L: List>(list: L, most: u64) -> Result<Vec<<L::Page as Paged>::Entry>, Error> {
    let (mut all, mut next) = (Vec::new(), Some(1));
    while let Some(asked) = next {
        let page = list.fetch(asked).await?;
        next = next_page(list.what(), &page, asked)?;
        let told = page.position()?.total.unwrap_or_default();
        all.extend(page.into_entries()?);
        let length = told.max(all.len() as u64 + u64::from(next.is_some()));
        if length > most {
            let message = format!("{}: the list has {length} entries or more, and max_entries is {most}", list.what());
            return Err(Error::new(ErrorKind::Stopped, message)
                .with_hint("narrow the list down, raise max_entries, or read it with stream()"));
        }
    }
    Ok(all)
}

/// The number of the page after this one of a list.
fn next_page(what: &str, page: &impl Paged, asked: u64) -> Result<Option<u64>, Error> {
    next_after(what, page.position()?, asked)
}

/// The number of the page after the one that stands here.
pub(crate) fn next_after(what: &str, position: Position, asked: u64) -> Result<Option<u64>, Error> {
    position.next(asked).map_err(|why| Error::new(ErrorKind::CursorStuck, format!("{what}: {why}")))
}
