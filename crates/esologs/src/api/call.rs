//! Builders of calls, each from one description: what is asked for, where it lies in the answer, with which parameters.

use std::future::Future;
use std::pin::Pin;

use crate::error::Error;

/// A call on its way: what awaiting a builder polls.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Methods that set arguments: `method: Type = "variable"`, and `in (least, most)` where the schema's own limits are closer than
/// those of the type.
macro_rules! parameters {
    ($name:ident { $( $(#[doc = $doc:literal])* $method:ident: $type:ty = $variable:literal $(in $range:expr)?, )* }) => {
        impl $name {
            /// What can be set.
            pub(crate) const PARAMETERS: &'static [$crate::api::argument::Parameter] = &[$(
                $crate::api::argument::Parameter {
                    method: stringify!($method),
                    variable: $variable,
                    takes: stringify!($type),
                    range: $crate::api::call::parameters!(@range $type $(, $range)?),
                    values: <$type as $crate::api::argument::Argument>::VALUES,
                    doc: concat!($($doc),*),
                },
            )*];

            $(
                $(#[doc = $doc])*
                pub fn $method(mut self, value: impl Into<$type>) -> Self {
                    const PARAMETER: $crate::api::argument::Parameter = $crate::api::argument::Parameter {
                        method: stringify!($method),
                        variable: $variable,
                        takes: stringify!($type),
                        range: $crate::api::call::parameters!(@range $type $(, $range)?),
                        values: <$type as $crate::api::argument::Argument>::VALUES,
                        doc: concat!($($doc),*),
                    };
                    let value: $type = value.into();
                    self.draft.set(&PARAMETER, &value);
                    self
                }
            )*
        }
    };
    (@range $type:ty) => { <$type as $crate::api::argument::Argument>::RANGE };
    (@range $type:ty, $range:expr) => { Some($range) };
}
pub(crate) use parameters;

/// Defines the builder of a call. `-> one(Type)` for a value, `-> maybe(Type)`
/// where null is an answer, `-> pages(Page, Entry)` for a list.
macro_rules! call {
    (
        $(#[$doc:meta])*
        pub struct $name:ident -> $( maybe($maybe:ty) )? $( one($one:ty) )? $( pages($page:ty, $entry:ty) )? {
            method: $method:literal,
            at: $($step:literal)/+,
            operation: $operation:literal = $document:ident,
            peer: [$($peer:literal),*],
            $( needs_user: $needs_user:literal, )?
            parameters: { $($parameters:tt)* }
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        #[must_use = "nothing is sent before it is awaited"]
        pub struct $name {
            draft: $crate::api::draft::Draft,
            $( max_entries: $crate::api::call::call!(@first u64, $page), )?
        }

        impl $name {
            /// Whether the service answers it to users only.
            const NEEDS_USER: bool = $crate::api::call::call!(@or_false $( $needs_user )?);
            /// Where its value lies in the answer.
            const AT: $crate::api::found::At<$crate::api::found::Typed<$crate::api::call::call!(@which $($maybe)? $($one)? $($page)?)>> =
                $crate::api::found::At::typed(&[$($step),+]);

            pub(crate) fn info() -> $crate::api::catalogue::CallInfo {
                $crate::api::catalogue::CallInfo {
                    method: $method,
                    path: Self::AT.path(),
                    operation: $operation,
                    document: $crate::query::documents::$document.text(),
                    parameters: Self::PARAMETERS,
                    answer: concat!($( "Option<", stringify!($maybe), ">", )? $( stringify!($one), )? $( stringify!($page), )?),
                    paging: $crate::api::call::call!(@paging $( $page )?),
                    peer: &[$($peer),*],
                    needs_user: Self::NEEDS_USER,
                    drift: $crate::api::any::drift_of::<$crate::api::call::call!(@which $($maybe)? $($one)? $($page)?)>,
                }
            }
        }

        $crate::api::call::parameters!($name { $($parameters)* });
        $( $crate::api::call::call!(@maybe $name, $maybe, $operation, $document); )?
        $( $crate::api::call::call!(@one $name, $one, $operation, $document); )?
        $( $crate::api::call::call!(@pages $name, $page, $entry, $operation, $document); )?
    };
    (@first $first:ty, $rest:ty) => { $first };
    (@which $type:ty) => { $type };
    (@or_false) => { false };
    (@or_false $value:literal) => { $value };
    (@paging) => { $crate::api::catalogue::Paging::Single };
    (@paging $page:ty) => { $crate::api::catalogue::Paging::Pages };
    (@one $name:ident, $output:ty, $operation:literal, $document:ident) => {
        impl $name {
            pub(crate) fn of(draft: $crate::api::draft::Draft) -> Self {
                Self { draft: draft.for_user(Self::NEEDS_USER) }
            }

            /// Sends it; the same as awaiting it.
            ///
            /// # Errors
            /// [`ErrorKind::Usage`](crate::ErrorKind::Usage), before anything is sent, for an argument that the API does not
            /// take; [`ErrorKind::NotVisible`](crate::ErrorKind::NotVisible) where the service shows nothing of it to this
            /// key; otherwise those of every call.
            pub async fn get(&self) -> Result<$output, $crate::error::Error> {
                self.draft.fetch(&Self::AT, self.draft.operation($operation, &$crate::query::documents::$document)?).await
            }

            /// The same; tells with the value where it comes from: the service, or the cache, and how old it is.
            ///
            /// # Errors
            /// Those of [`get`](Self::get).
            pub async fn answered(&self) -> Result<$crate::resilience::Answered<$output>, $crate::error::Error> {
                let mut call = self.clone();
                let note = call.draft.note();
                Ok(note.beside(call.get().await?))
            }
        }
        $crate::api::any::any_call!($name, one($output), $operation, $document);
        $crate::api::call::call!(@future $name, $output, get);
    };
    (@maybe $name:ident, $output:ty, $operation:literal, $document:ident) => {
        impl $name {
            pub(crate) fn of(draft: $crate::api::draft::Draft) -> Self {
                Self { draft: draft.for_user(Self::NEEDS_USER) }
            }

            /// Sends it; the same as awaiting it. `None` where the service answers null.
            ///
            /// # Errors
            /// [`ErrorKind::Usage`](crate::ErrorKind::Usage), before anything is sent, for an argument that the API does not
            /// take; [`ErrorKind::NotVisible`](crate::ErrorKind::NotVisible) where the service does not show to this key what
            /// it is about; otherwise those of every call.
            pub async fn get(&self) -> Result<Option<$output>, $crate::error::Error> {
                self.draft.fetch_or_null(&Self::AT, self.draft.operation($operation, &$crate::query::documents::$document)?).await
            }

            /// The same; tells with the value where it comes from: the service, or the cache, and how old it is.
            ///
            /// # Errors
            /// Those of [`get`](Self::get).
            pub async fn answered(&self) -> Result<$crate::resilience::Answered<Option<$output>>, $crate::error::Error> {
                let mut call = self.clone();
                let note = call.draft.note();
                Ok(note.beside(call.get().await?))
            }
        }
        $crate::api::any::any_call!($name, maybe($output), $operation, $document);
        $crate::api::call::call!(@future $name, Option<$output>, get);
    };
    (@pages $name:ident, $page:ty, $entry:ty, $operation:literal, $document:ident) => {
        impl $name {
            /// The most pages that are followed: a bound against a list without an end.
            pub const MAX_PAGES: u64 = $crate::api::list::MAX_PAGES;
            /// The most entries that [`all`](Self::all) takes, where [`max_entries`](Self::max_entries) sets no other limit.
            pub const MAX_ENTRIES: u64 = $crate::api::list::MAX_ENTRIES;

            pub(crate) fn of(draft: $crate::api::draft::Draft) -> Self {
                Self { draft: draft.for_user(Self::NEEDS_USER).with_full_pages(Self::PARAMETERS), max_entries: Self::MAX_ENTRIES }
            }

            /// The most entries that [`all`](Self::all) takes. Default 10,000.
            pub fn max_entries(mut self, entries: u64) -> Self {
                self.max_entries = entries;
                self
            }

            /// One page, counted from 1. Awaiting the builder gives the first.
            ///
            /// # Errors
            /// [`ErrorKind::Usage`](crate::ErrorKind::Usage), before anything is sent, for an argument that the API does not
            /// take; [`ErrorKind::NotVisible`](crate::ErrorKind::NotVisible) where the list is not shown to this key;
            /// otherwise those of every call.
            pub async fn page(&self, number: u64) -> Result<$page, $crate::error::Error> {
                let draft = self.numbered(number);
                draft.fetch(&Self::AT, draft.operation($operation, &$crate::query::documents::$document)?).await
            }

            /// The first page; tells with the value where it comes from: the service, or the cache, and how old it is.
            ///
            /// # Errors
            /// Those of [`page`](Self::page).
            pub async fn answered(&self) -> Result<$crate::resilience::Answered<$page>, $crate::error::Error> {
                let mut call = self.clone();
                let note = call.draft.note();
                Ok(note.beside(call.first().await?))
            }

            /// All pages, one after the other. Nothing is sent before the stream is read, and no page more than is read.
            ///
            /// The stream ends with an error of kind [`ErrorKind::CursorStuck`](crate::ErrorKind::CursorStuck) where the service
            /// answers with another page than the one asked for, says that more follow an empty or the last page, or has more
            /// than [`MAX_PAGES`](Self::MAX_PAGES).
            pub fn pages(
                &self,
            ) -> impl futures_core::Stream<Item = Result<$page, $crate::error::Error>> + Send + use<> {
                $crate::api::list::pages(self.clone())
            }

            /// All entries, one after the other, page by page as they are read. Entries that the service sends as null are left
            /// out; the pages have them. Errors as for [`pages`](Self::pages).
            pub fn stream(
                &self,
            ) -> impl futures_core::Stream<Item = Result<$entry, $crate::error::Error>> + Send + use<> {
                $crate::api::list::entries(self.clone())
            }

            /// The whole list.
            ///
            /// # Errors
            /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) where it has more entries than
            /// [`max_entries`](Self::max_entries): nothing is cut silently. Otherwise those of [`page`](Self::page) and
            /// [`pages`](Self::pages).
            pub async fn all(
                &self,
            ) -> Result<Vec<$entry>, $crate::error::Error> {
                $crate::api::list::whole(self.clone(), self.max_entries).await
            }

            /// What asks for the page of this number.
            fn numbered(&self, number: u64) -> $crate::api::draft::Draft {
                const PARAMETER: $crate::api::argument::Parameter = $crate::api::argument::Parameter {
                    method: "page",
                    variable: "page",
                    takes: "u64",
                    range: Some((1.0, i32::MAX as f64)),
                    values: &[],
                    doc: "",
                };
                let mut draft = self.draft.clone();
                draft.set(&PARAMETER, &i64::try_from(number).unwrap_or(i64::MAX));
                draft
            }

            async fn first(&self) -> Result<$page, $crate::error::Error> {
                self.page(1).await
            }
        }

        impl $crate::api::list::List for $name {
            type Page = $page;

            fn what(&self) -> &str {
                self.draft.subject()
            }

            async fn fetch(&self, number: u64) -> Result<$page, $crate::error::Error> {
                self.page(number).await
            }
        }
        $crate::api::any::any_call!(page of $name, $page, $operation, $document);
        $crate::api::call::call!(@future $name, $page, first);
    };
    (@future $name:ident, $output:ty, $send:ident) => {
        impl IntoFuture for $name {
            type Output = Result<$output, $crate::error::Error>;
            type IntoFuture = $crate::api::call::CallFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(async move { self.$send().await })
            }
        }
    };
}
pub(crate) use call;
