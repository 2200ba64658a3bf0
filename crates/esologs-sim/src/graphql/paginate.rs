//! Pages of a list: `{data total per_page current_page from to last_page has_more_pages}`, pages from 1.

use std::marker::PhantomData;

use super::args::Args;
use super::call::Call;
use super::json::{flag, int, opt_int};
use super::node::{Resolve, Resolved, absent};

/// One page of `T`s, answered as the pagination type `N`.
pub(crate) struct Page<T, N> {
    items: Vec<T>,
    total: usize,
    per_page: usize,
    number: usize,
    name: PhantomData<N>,
}

/// Name of a pagination type.
pub(crate) trait PageType {
    const TYPE: &'static str;
}

/// Declares pagination types of the schema.
macro_rules! page_types {
    ($($name:ident),+ $(,)?) => {
        $(
            #[doc = concat!("The schema's `", stringify!($name), "`.")]
            pub(crate) struct $name;
            impl PageType for $name {
                const TYPE: &'static str = stringify!($name);
            }
        )+
    };
}

page_types!(
    CharacterPagination,
    GameAbilityPagination,
    GameItemPagination,
    GameItemSetPagination,
    GameMapPagination,
    GameNPCPagination,
    GuildAttendancePagination,
    GuildPagination,
    ReportPagination,
    ServerPagination,
);

impl<T: Clone, N> Page<T, N> {
    /// Cuts page `number` (from 1) of `per_page` entries out of all of them. A page past the end is empty.
    pub(crate) fn cut(all: &[T], number: usize, per_page: usize) -> Self {
        let from = (number - 1).saturating_mul(per_page).min(all.len());
        let to = from.saturating_add(per_page).min(all.len());
        Self { items: all[from..to].to_vec(), total: all.len(), per_page, number, name: PhantomData }
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    fn last_page(&self) -> usize {
        self.total.div_ceil(self.per_page).max(1)
    }

    /// Number of the page's first entry among all, from 1.
    fn first_entry(&self) -> Option<usize> {
        (!self.items.is_empty()).then(|| (self.number - 1) * self.per_page + 1)
    }
}

impl<T: Resolve + Clone, N: PageType> Resolve for Page<T, N> {
    const TYPE: &'static str = N::TYPE;

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        let count = |entries: usize| i64::try_from(entries).unwrap_or(i64::MAX);
        match name {
            "data" => Ok(call.list(self.items.iter().cloned())),
            "total" => int(count(self.total)),
            "per_page" => int(count(self.per_page)),
            "current_page" => int(count(self.number)),
            "from" => opt_int(self.first_entry().map(count)),
            "to" => opt_int(self.first_entry().map(|from| count(from + self.items.len() - 1))),
            "last_page" => int(count(self.last_page())),
            "has_more_pages" => flag(self.number < self.last_page()),
            _ => absent(),
        }
    }
}
