//! `reportData`: single reports, listings, events.

use apollo_compiler::resolvers::{FieldError, ResolvedValue};

use super::super::args::Args;
use super::super::call::{Audience, Call};
use super::super::json::{flag, int, millis, opt_float, opt_int, text};
use super::super::node::{Resolve, Resolved, absent, field_error};
use super::super::paginate::{Page, ReportPagination};
use super::drifted::EncounterPhases;
use super::fights::{FightNode, meant_fights};
use super::guilds::GuildTag;
use super::master_data::MasterData;
use super::rankings::{refuse_broken_metric, report_rankings};
use super::users::User;
use super::{PAGE_DEFAULT, PAGE_LIMITS, analysis, fail_if_asked};
use crate::limits::cost::Priced;
use crate::world::events::expression::Expression;
use crate::world::model::{Access, Character, Report, ReportView};
use crate::world::{EventFilter, Narrowing, World};

/// What the service says of a report that does not exist and of one that is private: the two cannot be told apart.
const NO_SUCH_REPORT: &str = "This report does not exist.";
/// What it says of a listing by a guild that there is not (so the public tests of esologs-python expect it).
const NO_SUCH_GUILD: &str = "No guild exists for this id.";
const NOT_PERMITTED: &str = "You do not have permission to view this report.";
const IS_ARCHIVED: &str =
    "This report has been archived. Its contents need the /api/v2/user endpoint and a user with an active subscription.";

pub(super) struct ReportData;

impl Resolve for ReportData {
    const TYPE: &'static str = "ReportData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call, args)?;
        match name {
            "report" => {
                call.price(Priced::Report);
                let known = args.text("code").and_then(|code| call.world.report(code));
                let report = known.filter(|report| report.access != Access::Private || sees_private(call));
                let report = report.ok_or_else(|| field_error(NO_SUCH_REPORT))?;
                Ok(call.object(ReportNode::new(call, report)))
            }
            "reports" => {
                let limit = args.limit(PAGE_LIMITS, PAGE_DEFAULT)?;
                let page = Page::<_, ReportPagination>::cut(&listed(call, args)?, args.page(), limit);
                call.price(Priced::ListedReports(page.len()));
                Ok(call.object(page))
            }
            _ => absent(),
        }
    }
}

fn sees_private(call: &Call<'_>) -> bool {
    call.audience == Audience::User { sees_private_reports: true }
}

/// The reports that a listing means, newest first. Times are those of a report's start, both ends included.
fn listed<'a>(call: &'a Call<'a>, args: Args<'_>) -> Result<Vec<ReportNode<'a>>, FieldError> {
    if args.int("guildID").is_some_and(|id| call.world.guild(id).is_none()) {
        return Err(field_error(NO_SUCH_GUILD));
    }
    let Ok(guild_id) = meant_guild(call.world, args) else {
        return Ok(Vec::new());
    };
    let admits = |report: &&Report| {
        let started = report.start_unix_ms as f64;
        guild_id.is_none_or(|id| report.guild_id == Some(id))
            && args.int("guildTagID").is_none_or(|id| report.guild_tag.as_ref().is_some_and(|tag| tag.0 == id))
            && args.int("userID").is_none_or(|id| id == report.owner.0)
            && args.int("zoneID").is_none_or(|id| id == report.zone_id)
            && args.int("gameZoneID").is_none_or(|id| call.world.zone(report.zone_id).is_some_and(|zone| zone.game_zone_id == id))
            && args.float("startTime").is_none_or(|from| started >= from)
            && args.float("endTime").is_none_or(|to| started <= to)
    };
    let mut reports: Vec<&Report> = call.world.reports.iter().filter(admits).collect();
    reports.sort_by(|a, b| b.start_unix_ms.cmp(&a.start_unix_ms).then_with(|| a.code.cmp(&b.code)));
    Ok(reports.into_iter().map(|report| ReportNode::new(call, report)).collect())
}

/// The guild a listing is limited to, or `Err` if it names one that is not there.
fn meant_guild(world: &World, args: Args<'_>) -> Result<Option<i64>, ()> {
    if let Some(id) = args.int("guildID") {
        return Ok(Some(id));
    }
    let Some(name) = args.text("guildName") else {
        return Ok(None);
    };
    let server = args.text("guildServerSlug").unwrap_or_default();
    let region = args.text("guildServerRegion").unwrap_or_default();
    world.guild_by_name(name, server, region).map(|guild| Some(guild.id)).ok_or(())
}

/// A report as it stands at the moment of the call.
#[derive(Clone)]
pub(super) struct ReportNode<'w> {
    pub(super) report: &'w Report,
    pub(super) view: ReportView,
}

impl<'w> ReportNode<'w> {
    pub(super) fn new(call: &Call<'_>, report: &'w Report) -> Self {
        Self { report, view: report.view(call.now_unix_ms) }
    }

    /// One that does not grow any more.
    pub(super) fn finished(report: &'w Report) -> Self {
        Self { report, view: report.view(report.end_unix_ms) }
    }

    /// Whether the caller may see what is inside: fights, actors, events, tables.
    fn contents(&self, call: &Call<'_>) -> Result<(), FieldError> {
        match (&self.report.access, call.audience) {
            (Access::Public | Access::Live, _) | (Access::Archived { .. }, Audience::User { .. }) => Ok(()),
            (Access::Archived { .. }, Audience::Public) => Err(field_error(IS_ARCHIVED)),
            (Access::Private, _) if sees_private(call) => Ok(()),
            (Access::Private, _) => Err(field_error(NOT_PERMITTED)),
        }
    }
}

impl Resolve for ReportNode<'_> {
    const TYPE: &'static str = "Report";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        let Self { report, view } = self;
        match name {
            "code" => text(&report.code),
            "title" => text(&report.title),
            "startTime" => millis(report.start_unix_ms),
            "endTime" => millis(view.end_unix_ms),
            "revision" => int(view.revision),
            "segments" | "exportedSegments" => int(view.segments),
            "visibility" => text(call.word(if report.access == Access::Private { "private" } else { "public" })),
            "archiveStatus" => Ok(call.object(ArchiveStatus(report))),
            "zone" => Ok(call.nullable(call.world.zone(report.zone_id))),
            "region" => Ok(call.nullable(call.world.region(report.region_id))),
            "owner" => Ok(call.object(User { id: report.owner.0, name: &report.owner.1 })),
            "guild" => Ok(call.nullable(report.guild_id.and_then(|id| call.world.guild(id)))),
            "guildTag" => Ok(call.nullable(self.guild_tag(call))),
            _ => {
                self.contents(call)?;
                self.inner_field(call, name, args)
            }
        }
    }
}

impl<'w> ReportNode<'w> {
    fn guild_tag<'a>(&'a self, call: &'a Call<'a>) -> Option<GuildTag<'a>> {
        let tag = self.report.guild_tag.as_ref()?;
        let guild = call.world.guild(self.report.guild_id?)?;
        Some(GuildTag { guild, tag })
    }

    /// Fields that archived and private reports keep to themselves.
    fn inner_field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        match name {
            "events" => {
                let page = self.events(call, args)?;
                Ok(call.object(page))
            }
            "fights" => {
                call.price(Priced::Fights);
                let fights = meant_fights(self, args);
                Ok(call.list(fights.map(|fight| FightNode { of: self, fight })))
            }
            "masterData" => Ok(call.object(MasterData(self.report))),
            "rankings" => {
                refuse_broken_metric(args, "playerMetric")?;
                call.price(Priced::Analysis);
                Ok(call.json(report_rankings(call.world, self, args)))
            }
            "table" | "graph" | "playerDetails" => {
                call.price(Priced::Analysis);
                Ok(call.json(analysis::of(name, self, args)))
            }
            "rankedCharacters" => Ok(call.list(self.players(call.world))),
            // The game tells no phases.
            "phases" if call.deviations.schema_drift => {
                let zone = call.world.zone(self.report.zone_id);
                let encounters = zone.into_iter().flat_map(|zone| &zone.encounters);
                Ok(call.list(encounters.map(|encounter| EncounterPhases(encounter.id))))
            }
            _ => absent(),
        }
    }

    /// Characters of the world that play in this report.
    fn players(&self, world: &'w World) -> Vec<&'w Character> {
        let players = self.report.actors.iter().filter(|actor| actor.kind == "Player" && !actor.anonymous);
        let character = |name: &str| world.characters.iter().find(|character| character.name == name);
        players.filter_map(|actor| character(&actor.name)).collect()
    }

    /// One page of events.
    ///
    /// Times are milliseconds since the report's start. Without `startTime` it starts at 0. Without `endTime` the range is empty and so
    /// is the answer, without an error; only `fightIDs` alone stand for the whole of their fights.
    fn events<'a>(&self, call: &'a Call<'a>, args: Args<'a>) -> Result<EventPaginator, FieldError> {
        let limit = args.lenient_limit(EVENT_LIMITS, EVENT_DEFAULT)?;
        let (start, end) = (args.float("startTime"), args.float("endTime"));
        let fights_alone = args.ints("fightIDs").is_some() && start.is_none();
        let end = end.or_else(|| fights_alone.then_some(self.view.until as f64));
        let Some(end) = end else {
            call.price(Priced::EventPage(0));
            return Ok(EventPaginator { data: call.keep_page(b"[]".to_vec()), next_page_timestamp: None });
        };
        let events = self.report.events();
        let page = events.page(self.report, &event_filter(args), start.unwrap_or(0.0), end, self.view.until, limit);
        call.price(Priced::EventPage(page.count));
        let stuck = call.deviations.stuck_cursor.then(|| start.unwrap_or(0.0));
        Ok(EventPaginator { data: call.keep_page(page.data), next_page_timestamp: stuck.or(page.next_page_timestamp) })
    }
}

/// Events on one page: at least, at most, and if nothing is asked for.
const EVENT_LIMITS: std::ops::RangeInclusive<i64> = 100..=10_000;
const EVENT_DEFAULT: i64 = 300;

/// The filters that the world knows: all but `viewOptions` and `translate` (the world has one language). What they name and the report
/// does not have selects nothing; what cannot be understood is ignored silently, as the service does.
pub(super) fn event_filter(args: Args<'_>) -> EventFilter {
    let defaults = EventFilter::default();
    EventFilter {
        data_type: named(args, "dataType").unwrap_or(defaults.data_type),
        hostility: named(args, "hostilityType").unwrap_or(defaults.hostility),
        fight_ids: args.ints("fightIDs"),
        encounter_id: args.int("encounterID"),
        difficulty: args.int("difficulty"),
        kill_type: named(args, "killType"),
        source_id: args.int("sourceID"),
        target_id: args.int("targetID"),
        ability_id: args.float("abilityID"),
        narrowing: narrowing(args),
        include_resources: args.flag("includeResources").unwrap_or(false),
        use_ability_ids: args.flag("useAbilityIDs").unwrap_or(true),
        use_actor_ids: args.flag("useActorIDs").unwrap_or(true),
    }
}

fn narrowing(args: Args<'_>) -> Narrowing {
    let text = |name: &str| args.text(name).map(str::to_owned);
    let ids = |name: &str| {
        let listed = args.text(name).unwrap_or_default().split(|it: char| !it.is_ascii_digit());
        listed.filter_map(|id| id.parse().ok()).collect()
    };
    Narrowing {
        source_instance: args.int("sourceInstanceID"),
        target_instance: args.int("targetInstanceID"),
        source_class: text("sourceClass"),
        target_class: text("targetClass"),
        source_auras_present: ids("sourceAurasPresent"),
        source_auras_absent: ids("sourceAurasAbsent"),
        target_auras_present: ids("targetAurasPresent"),
        target_auras_absent: ids("targetAurasAbsent"),
        expression: args.text("filterExpression").and_then(Expression::parse),
        death: args.int("death"),
        wipe_cutoff: args.int("wipeCutoff").filter(|count| *count != 0),
    }
}

/// An enum of the schema; validation let only its names through.
pub(super) fn named<T: std::str::FromStr>(args: Args<'_>, name: &str) -> Option<T> {
    args.text(name)?.parse().ok()
}

struct EventPaginator {
    data: apollo_compiler::response::JsonValue,
    next_page_timestamp: Option<f64>,
}

impl Resolve for EventPaginator {
    const TYPE: &'static str = "ReportEventPaginator";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "data" => Ok(ResolvedValue::Leaf(self.data.clone())),
            "nextPageTimestamp" => opt_float(self.next_page_timestamp),
            _ => absent(),
        }
    }
}

struct ArchiveStatus<'w>(&'w Report);

impl Resolve for ArchiveStatus<'_> {
    const TYPE: &'static str = "ReportArchiveStatus";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        let archive_date = match self.0.access {
            Access::Archived { archive_date_unix_s } => Some(archive_date_unix_s),
            _ => None,
        };
        match name {
            "isArchived" => flag(archive_date.is_some()),
            "isAccessible" => flag(archive_date.is_none() || call.audience != Audience::Public),
            "archiveDate" => opt_int(archive_date),
            _ => absent(),
        }
    }
}
