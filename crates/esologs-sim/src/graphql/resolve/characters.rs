//! `characterData`: characters and their rankings.

use serde_json::{Value, json};

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{flag, int, text};
use super::super::node::{Resolve, Resolved, absent};
use super::super::paginate::{CharacterPagination, ReportPagination};
use super::guilds::members;
use super::reports::ReportNode;
use super::{fail_if_asked, priced_page};
use crate::limits::cost::Priced;
use crate::world::World;
use crate::world::model::Character;

pub(super) struct CharacterData;

impl Resolve for CharacterData {
    const TYPE: &'static str = "CharacterData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call)?;
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
            "claimed" => flag(false),
            "classID" => int(self.class_id),
            "displayName" => text(&self.display_name),
            "encounterRankings" => {
                call.price(Priced::Other(3.8));
                Ok(call.json(encounter_rankings(call.world, args)))
            }
            // 3 is "Member".
            "guildRank" => int(if self.guild_id.is_some() { 3 } else { 0 }),
            "guilds" => Ok(call.list(guild())),
            "hidden" => flag(self.hidden),
            "name" => text(&self.name),
            "raceID" => int(self.race_id),
            "recentReports" => {
                let reports = self.guild_id.map(|id| call.world.reports_of_guild(id)).unwrap_or_default();
                let reports: Vec<ReportNode<'_>> = reports.into_iter().map(|report| ReportNode::new(call, report)).collect();
                priced_page::<_, ReportPagination>(call, &reports, args)
            }
            "server" => Ok(call.nullable(call.world.server(self.server_id))),
            "zoneRankings" => {
                call.price(Priced::Other(3.8));
                Ok(call.json(zone_rankings(call.world, args)))
            }
            _ => absent(),
        }
    }
}

/// The shape of a character that has no ranked kill yet.
fn zone_rankings(world: &World, args: Args<'_>) -> Value {
    let zone = args.int("zoneID").and_then(|id| world.zone(id)).or_else(|| world.zones.last());
    let Some(zone) = zone else {
        return json!({"error": "Invalid zone id specified."});
    };
    let encounters = zone.encounters.iter();
    let rankings: Vec<Value> = encounters
        .map(|encounter| {
            json!({
                "encounter": {"id": encounter.id, "name": encounter.name},
                "rankPercent": null, "medianPercent": null, "lockedIn": true, "totalKills": 0,
                "fastestKill": 0, "allStars": null, "spec": null, "bestSpec": null, "bestAmount": 0,
            })
        })
        .collect();
    json!({
        "bestPerformanceAverage": null, "medianPerformanceAverage": null,
        "difficulty": args.int("difficulty").unwrap_or(122),
        "metric": args.text("metric").unwrap_or("dps"),
        "partition": args.int("partition").unwrap_or(-1),
        "zone": zone.id, "size": args.int("size").unwrap_or(12),
        "allStars": [], "rankings": rankings,
    })
}

fn encounter_rankings(world: &World, args: Args<'_>) -> Value {
    let known = args.int("encounterID").and_then(|id| world.encounter(id));
    let Some((zone, _)) = known else {
        return json!({"error": "Invalid encounter id specified."});
    };
    json!({
        "bestAmount": 0, "medianPerformance": null, "averagePerformance": null, "totalKills": 0, "fastestKill": 0,
        "difficulty": args.int("difficulty").unwrap_or(122),
        "metric": args.text("metric").unwrap_or("dps"),
        "partition": args.int("partition").unwrap_or(-1),
        "zone": zone.id, "ranks": [],
    })
}
