//! `characterData`: characters and their rankings.

use serde_json::json;

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{flag, int, text};
use super::super::node::{Resolve, Resolved, absent};
use super::super::paginate::{CharacterPagination, ReportPagination};
use super::guilds::members;
use super::rankings::{encounter_rankings, refuse_broken_metric, zone_rankings};
use super::reports::ReportNode;
use super::{fail_if_asked, page_of, priced_page};
use crate::limits::cost::Priced;
use crate::world::World;
use crate::world::model::{Access, Actor, Character, Report};

pub(super) struct CharacterData;

impl Resolve for CharacterData {
    const TYPE: &'static str = "CharacterData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call, args)?;
        match name {
            "character" => Ok(call.nullable(find(call.world, args))),
            "characters" => {
                let guild = args.int("guildID").and_then(|id| call.world.guild(id));
                let members = guild.map(|guild| members(call.world, guild)).unwrap_or_default();
                priced_page::<_, CharacterPagination>(call, &members, args)
            }
            _ => absent(),
        }
    }
}

fn find<'w>(world: &'w World, args: Args<'_>) -> Option<&'w Character> {
    if let Some(id) = args.int("id") {
        return world.character(id);
    }
    world.character_by_name(args.text("name")?, args.text("serverSlug")?, args.text("serverRegion")?)
}

impl Resolve for &Character {
    const TYPE: &'static str = "Character";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        let guild = || self.guild_id.and_then(|id| call.world.guild(id));
        match name {
            "anonymous" => flag(self.anonymous),
            "canonicalID" | "id" => int(self.id),
            "claimed" => flag(self.id % 3 == 0),
            "classID" => int(self.class_id),
            "displayName" => text(&self.display_name),
            "encounterRankings" => {
                refuse_broken_metric(args, "metric")?;
                call.price(Priced::CharacterRankings);
                Ok(call.json(encounter_rankings(call, self, args)))
            }
            // There is no such service for ESO; the sister sites pass on what their game tells.
            "gameData" if call.deviations.schema_drift => Ok(call.json(json!({"global": {"level": 50, "name": self.name}}))),
            // 3 is "Member".
            "guildRank" => int(if self.guild_id.is_some() { 3 } else { 0 }),
            "guilds" => Ok(call.list(guild())),
            "hidden" => flag(self.hidden),
            "name" => text(&self.name),
            "raceID" => int(self.race_id),
            "recentReports" => {
                let reports: Vec<ReportNode<'_>> = with_character(call, self);
                let page = page_of::<_, ReportPagination>(&reports, args)?;
                call.price(Priced::ListedReports(page.len()));
                Ok(call.object(page))
            }
            "server" => Ok(call.nullable(call.world.server(self.server_id))),
            "zoneRankings" => {
                refuse_broken_metric(args, "metric")?;
                call.price(Priced::CharacterRankings);
                Ok(call.json(zone_rankings(call, self, args)))
            }
            _ => absent(),
        }
    }
}

/// Reports that tell of the character, newest first: not private ones, nor those in which it is anonymous.
fn with_character<'a>(call: &'a Call<'a>, character: &Character) -> Vec<ReportNode<'a>> {
    let is_it = |actor: &Actor| actor.character_id == Some(character.id) && !actor.anonymous;
    let tells = |report: &&Report| report.access != Access::Private && report.actors.iter().any(is_it);
    let mut reports: Vec<&Report> = call.world.reports.iter().filter(tells).collect();
    reports.sort_by(|a, b| b.start_unix_ms.cmp(&a.start_unix_ms).then_with(|| a.code.cmp(&b.code)));
    reports.into_iter().map(|report| ReportNode::new(call, report)).collect()
}
