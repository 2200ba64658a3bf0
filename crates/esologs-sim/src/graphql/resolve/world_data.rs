//! `worldData`: regions, servers, zones and encounters.

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{flag, float, int, ints, text};
use super::super::node::{Resolve, Resolved, absent};
use super::super::paginate::{CharacterPagination, GuildPagination, ServerPagination};
use super::rankings::{character_rankings, fight_rankings, refuse_broken_metric};
use super::{fail_if_asked, list_of, priced_page};
use crate::limits::cost::Priced;
use crate::world::World;
use crate::world::model::{Bracket, Character, Encounter, Guild, Region, Server, Zone};

pub(super) struct WorldData;

impl Resolve for WorldData {
    const TYPE: &'static str = "WorldData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call, args)?;
        let world = call.world;
        let id = args.int("id");
        match name {
            "encounter" => Ok(call.nullable(id.and_then(|id| world.encounter(id)).map(EncounterNode::from))),
            "expansion" => Ok(call.nullable(id.filter(|id| *id == Expansion::ID).map(|_| Expansion))),
            "expansions" => Ok(call.list([Expansion])),
            "region" => Ok(call.nullable(id.and_then(|id| world.region(id)))),
            "regions" => Ok(call.list(&world.regions)),
            "server" => Ok(call.nullable(server(world, args))),
            "subregion" => Ok(call.nullable(id.and_then(|id| world.region(id)).map(Subregion))),
            "zone" => Ok(call.nullable(id.and_then(|id| world.zone(id)))),
            "zones" if args.int("expansion_id").is_some_and(|id| id != Expansion::ID) => Ok(list_of::<&Zone>(call, Vec::new())),
            "zones" => Ok(call.list(&world.zones)),
            _ => absent(),
        }
    }
}

fn server<'w>(world: &'w World, args: Args<'_>) -> Option<&'w Server> {
    match args.int("id") {
        Some(id) => world.server(id),
        None => world.server_by_slug(args.text("slug")?, args.text("region")?),
    }
}

fn servers_of(world: &World, region_id: i64) -> Vec<&Server> {
    world.servers.iter().filter(|server| server.region_id == region_id).collect()
}

impl Resolve for &Region {
    const TYPE: &'static str = "Region";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "compactName" => text(&self.compact_name),
            "name" => text(&self.name),
            "slug" => text(&self.slug),
            "subregions" => Ok(call.list([Subregion(self)])),
            "servers" => priced_page::<_, ServerPagination>(call, &servers_of(call.world, self.id), args),
            _ => absent(),
        }
    }
}

/// A region has one subregion of the same id and name.
struct Subregion<'w>(&'w Region);

impl Resolve for Subregion<'_> {
    const TYPE: &'static str = "Subregion";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.0.id),
            "name" => text(&self.0.name),
            "region" => Ok(call.object(self.0)),
            "servers" => priced_page::<_, ServerPagination>(call, &servers_of(call.world, self.0.id), args),
            _ => absent(),
        }
    }
}

impl Resolve for &Server {
    const TYPE: &'static str = "Server";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        let world = call.world;
        match name {
            "id" => int(self.id),
            "name" => text(&self.name),
            "normalizedName" => text(&self.name.to_lowercase().replace(' ', "")),
            "slug" => text(&self.slug),
            "region" => Ok(call.nullable(world.region(self.region_id))),
            "subregion" => Ok(call.nullable(world.region(self.region_id).map(Subregion))),
            "guilds" => {
                let here: Vec<&Guild> = world.guilds.iter().filter(|guild| guild.server_id == self.id).collect();
                priced_page::<_, GuildPagination>(call, &here, args)
            }
            "characters" => {
                let everybody = world.characters.iter();
                let here: Vec<&Character> = everybody.filter(|character| character.server_id == self.id).collect();
                priced_page::<_, CharacterPagination>(call, &here, args)
            }
            _ => absent(),
        }
    }
}

/// The site knows the whole game as one expansion.
struct Expansion;

impl Expansion {
    const ID: i64 = 1;
}

impl Resolve for Expansion {
    const TYPE: &'static str = "Expansion";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(Self::ID),
            "name" => text("The Elder Scrolls Online"),
            "zones" => Ok(call.list(&call.world.zones)),
            _ => absent(),
        }
    }
}

impl Resolve for &Zone {
    const TYPE: &'static str = "Zone";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "brackets" => Ok(call.nullable(self.brackets.as_ref())),
            "difficulties" => {
                let of = |id, name| Difficulty { id, name, size: self.group_size };
                Ok(call.list([of(121, "Veteran"), of(122, "Veteran Hard Mode")]))
            }
            "encounters" => Ok(call.list(self.encounters.iter().map(|encounter| EncounterNode { zone: self, encounter }))),
            "expansion" => Ok(call.object(Expansion)),
            "frozen" => flag(self.frozen),
            "name" => text(&self.name),
            "partitions" => Ok(call.list(self.partitions.iter().map(Partition))),
            _ => absent(),
        }
    }
}

impl Resolve for &Bracket {
    const TYPE: &'static str = "Bracket";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "min" => float(self.min),
            "max" => float(self.max),
            "bucket" => float(self.bucket),
            "type" => text(&self.kind),
            _ => absent(),
        }
    }
}

struct Difficulty {
    id: i64,
    name: &'static str,
    size: i64,
}

impl Resolve for Difficulty {
    const TYPE: &'static str = "Difficulty";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "name" => text(self.name),
            "sizes" => ints(&[self.size]),
            _ => absent(),
        }
    }
}

struct Partition<'w>(&'w (i64, String, String, bool));

impl Resolve for Partition<'_> {
    const TYPE: &'static str = "Partition";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        let (id, full_name, compact_name, is_default) = self.0;
        match name {
            "id" => int(*id),
            "name" => text(full_name),
            "compactName" => text(compact_name),
            "default" => flag(*is_default),
            _ => absent(),
        }
    }
}

/// A boss and the zone it stands in.
struct EncounterNode<'w> {
    zone: &'w Zone,
    encounter: &'w Encounter,
}

impl<'w> From<(&'w Zone, &'w Encounter)> for EncounterNode<'w> {
    fn from((zone, encounter): (&'w Zone, &'w Encounter)) -> Self {
        Self { zone, encounter }
    }
}

impl Resolve for EncounterNode<'_> {
    const TYPE: &'static str = "Encounter";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.encounter.id),
            "name" => text(&self.encounter.name),
            "zone" => Ok(call.object(self.zone)),
            "characterRankings" => {
                refuse_broken_metric(args, "metric")?;
                call.price(Priced::RankingsPage);
                Ok(call.json(character_rankings(call.world, self.encounter.id, args)))
            }
            "fightRankings" => {
                call.price(Priced::RankingsPage);
                Ok(call.json(fight_rankings(call.world, self.encounter.id, args)))
            }
            _ => absent(),
        }
    }
}
