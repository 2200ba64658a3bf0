//! Typed calls and models, a module for each root field of the API's schema.

mod any;
mod argument;
mod call;
pub mod catalogue;
mod characters;
mod draft;
mod drift;
mod enums;
mod field;
mod found;
mod game_data;
mod guilds;
mod lines;
mod list;
mod model;
mod page;
mod progress_race;
mod query;
mod rankings;
mod rate_limit;
mod reports;
mod scalar;
mod users;
mod verbatim;
mod world_data;

pub use any::{AnyAnswer, AnyCall, PageStart, RateLimit};
pub use argument::Parameter;
pub use call::CallFuture;
pub use characters::*;
pub use drift::{Drift, Watched};
pub use enums::*;
pub use game_data::*;
pub use guilds::*;
pub(crate) use lines::{Lines, on_one_line};
pub(crate) use list::{Paged, next_after};
pub use page::Page;
pub use progress_race::{DetailedComposition, ProgressRace};
#[cfg(feature = "fuzzing")]
pub(crate) use query::Data as QueryData;
pub use query::QueryAnswer;
pub use rankings::*;
pub(crate) use rate_limit::RateLimitCall;
pub use rate_limit::RateLimitData;
pub use reports::*;
#[cfg(feature = "fuzzing")]
pub(crate) use reports::{judged, read_lines};
#[cfg(feature = "export")]
pub(crate) use reports::{number, walk, whole_number};
pub use scalar::{JsonScalar, Raw};
pub use users::*;
pub use verbatim::Verbatim;
pub use world_data::*;
