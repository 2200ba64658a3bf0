//! The fields of the schema, one module per corner of it.

mod analysis;
mod characters;
mod drifted;
mod fights;
mod game_data;
mod guilds;
mod master_data;
mod progress_race;
mod rankings;
mod reports;
mod users;
mod world_data;

use std::borrow::Cow;

use apollo_compiler::resolvers::{FieldError, ResolvedValue};
use apollo_compiler::response::JsonMap;
use serde_json::Value;

use super::args::Args;
use super::call::{Call, SPENT_PLACEHOLDER};
use super::json::{float, int, text};
use super::node::{Resolve, Resolved, absent, field_error};
use super::paginate::{Page, PageType};
use crate::limits::cost::Priced;
use crate::world::World;
use crate::world::model::Report;

/// Entries of a catalogue's page: at least, at most, and if nothing is asked for.
const PAGE_LIMITS: std::ops::RangeInclusive<i64> = 1..=100;
const PAGE_DEFAULT: i64 = 100;

/// The schema's `Query`.
pub(crate) struct Query;

impl Resolve for Query {
    const TYPE: &'static str = "Query";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        Ok(match name {
            "characterData" => call.object(characters::CharacterData),
            "gameData" => call.object(game_data::GameData),
            "guildData" => call.object(guilds::GuildData),
            "progressRaceData" => call.object(progress_race::ProgressRaceData),
            "rateLimitData" => call.object(RateLimitData),
            "reportData" => call.object(reports::ReportData),
            "userData" => call.object(users::UserData),
            "worldData" => call.object(world_data::WorldData),
            _ => return absent(),
        })
    }
}

/// Fails where a fault wants one field of an answer to fail. Called first by the namespaces under `Query`, whose fields are all
/// nullable, so that the rest of the answer stays.
fn fail_if_asked(call: &Call<'_>, args: Args<'_>) -> Result<(), FieldError> {
    if call.must_fail_now(args.key()) {
        return Err(field_error(crate::faults::answer::INTERNAL_ERROR));
    }
    Ok(())
}

/// What `table` of a finished report is.
pub(crate) fn table_of(report: &Report, arguments: &JsonMap) -> Value {
    analysis::of("table", &reports::ReportNode::finished(report), Args::given(arguments))
}

/// What `playerDetails` of a finished report is.
pub(crate) fn player_details_of(report: &Report, arguments: &JsonMap) -> Value {
    analysis::of("playerDetails", &reports::ReportNode::finished(report), Args::given(arguments))
}

/// What `rankings` of a finished report is.
pub(crate) fn rankings_of(world: &World, report: &Report, arguments: &JsonMap) -> Value {
    rankings::report_rankings(world, &reports::ReportNode::finished(report), Args::given(arguments))
}

struct RateLimitData;

impl Resolve for RateLimitData {
    const TYPE: &'static str = "RateLimitData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            // The schema has an `Int` for it.
            "limitPerHour" => int(i64::from(call.points.limit).min(i64::from(i32::MAX))),
            "pointsSpentThisHour" => float(SPENT_PLACEHOLDER),
            "pointsResetIn" => int(i64::try_from(call.points.reset_in_s).unwrap_or(i64::from(i32::MAX))),
            _ => absent(),
        }
    }
}

/// An id with a name: several types of the schema are no more than that.
#[derive(Clone)]
struct Named<'w, N> {
    id: i64,
    name: Cow<'w, str>,
    kind: std::marker::PhantomData<N>,
}

impl<'w, N> Named<'w, N> {
    fn new(id: i64, name: impl Into<Cow<'w, str>>) -> Self {
        Self { id, name: name.into(), kind: std::marker::PhantomData }
    }
}

/// Name of such a type.
trait NamedType {
    const TYPE: &'static str;
}

macro_rules! named_types {
    ($($name:ident),+ $(,)?) => {
        $(
            #[derive(Clone, Copy)]
            struct $name;
            impl NamedType for $name {
                const TYPE: &'static str = stringify!($name);
            }
        )+
    };
}

named_types!(GameFaction, GameItemSet, GameMap, GameNPC);

impl<N: NamedType> Resolve for Named<'_, N> {
    const TYPE: &'static str = N::TYPE;

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "name" => text(&self.name),
            _ => absent(),
        }
    }
}

/// A page of a catalogue, with its price.
fn priced_page<'a, T, N>(call: &'a Call<'a>, all: &[T], args: Args<'a>) -> Resolved<'a>
where
    T: Resolve + Clone + 'a,
    N: PageType + 'a,
{
    let page = page_of::<T, N>(all, args)?;
    call.price(Priced::Page(page.len()));
    Ok(call.object(page))
}

/// The page that the arguments ask for, or the complaint about their `limit`.
fn page_of<T: Clone, N>(all: &[T], args: Args<'_>) -> Result<Page<T, N>, FieldError> {
    Ok(Page::cut(all, args.page(), args.limit(PAGE_LIMITS, PAGE_DEFAULT)?))
}

/// A list of objects that may be absent as a whole.
fn list_of<'a, T: Resolve + 'a>(call: &'a Call<'a>, items: Vec<T>) -> ResolvedValue<'a> {
    call.list(items)
}
