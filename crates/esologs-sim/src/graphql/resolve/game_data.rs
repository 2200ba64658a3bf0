//! `gameData`: catalogues of the game, as far as the world needs them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use apollo_compiler::resolvers::ResolvedValue;

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{int, text};
use super::super::node::{Resolve, Resolved, absent};
use super::super::paginate::{
    GameAbilityPagination, GameItemPagination, GameItemSetPagination, GameMapPagination, GameNPCPagination,
};
use super::{GameFaction, GameItemSet, GameMap, GameNPC, Named, fail_if_asked, page_of, priced_page};
use crate::limits::cost::Priced;
use crate::world::World;
use crate::world::atlas::{CLASSES, FACTIONS};
use crate::world::events::{SETS, SLOTS};
use crate::world::model::Ability;

/// Single pieces of gear beside those of the sets: id, name, icon.
const ITEMS: &[(i64, &str, &str)] = &[
    (56_042, "Helm of the Storm", "gear_heavy_head_a"),
    (94_461, "Cuirass of the Reef", "gear_medium_chest_b"),
    (97_187, "Staff of the Depths", "gear_staff_c"),
    (147_234, "Ring of the Wayfarer", "gear_ring_a"),
    (162_771, "Necklace of the Warden", "gear_neck_b"),
    (185_031, "Dagger of the Mirror", "gear_1hdagger_d"),
];

pub(super) struct GameData;

impl Resolve for GameData {
    const TYPE: &'static str = "GameData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call, args)?;
        let world = call.world;
        let id = args.int("id");
        match name {
            "abilities" => priced_page::<_, GameAbilityPagination>(call, &abilities(world), args),
            "ability" => {
                let listed = abilities(world).into_iter().find(|ability| Some(ability.0.game_id) == id);
                Ok(call.nullable(listed.or_else(|| unlisted(id).map(GameAbility::unlisted))))
            }
            "class" => Ok(call.nullable(classes_of(world, args).find(|class| Some(class.id) == id))),
            "classes" => {
                call.price(Priced::Classes);
                Ok(call.list(classes_of(world, args)))
            }
            "factions" => Ok(call.list(FACTIONS.iter().map(|(id, name)| Named::<GameFaction>::new(*id, *name)))),
            "item" => {
                let listed = items().into_iter().find(|item| Some(item.id) == id);
                Ok(call.nullable(listed.or_else(|| unlisted(id).map(GameItem::unlisted))))
            }
            "items" => {
                let page = page_of::<_, GameItemPagination>(&items(), args)?;
                call.price(Priced::Items(page.len()));
                Ok(call.object(page))
            }
            "item_set" => one(call, &item_sets(), id),
            "item_sets" => priced_page::<_, GameItemSetPagination>(call, &item_sets(), args),
            "map" => one(call, &maps(world), id),
            "maps" => priced_page::<_, GameMapPagination>(call, &maps(world), args),
            "npc" => one(call, &npcs(world), id),
            "npcs" => priced_page::<_, GameNPCPagination>(call, &npcs(world), args),
            _ => absent(),
        }
    }
}

fn one<'a, N: super::NamedType + Clone + 'a>(call: &'a Call<'a>, all: &[Named<'a, N>], id: Option<i64>) -> Resolved<'a> {
    let listed = all.iter().find(|named| Some(named.id) == id).cloned();
    let found = listed.or_else(|| unlisted(id).map(|id| Named::new(id, format!("Unlisted {id}"))));
    Ok(found.map_or_else(ResolvedValue::null, |named| call.object(named)))
}

/// The id, if the game could have something there: the game's catalogues hold all of that, and the lists of a world only what
/// its reports name. So whoever asks for an id that he knows from elsewhere gets an answer, and for a nonsensical one none.
fn unlisted(id: Option<i64>) -> Option<i64> {
    id.filter(|id| (1..=LARGEST_ID).contains(id))
}

/// No id of the game's is larger.
const LARGEST_ID: i64 = 500_000;

fn item_sets() -> Vec<Named<'static, GameItemSet>> {
    let mut sets: Vec<_> = SETS.iter().map(|(id, name)| Named::new(*id, *name)).collect();
    sets.sort_by_key(|set| set.id);
    sets
}

fn maps(world: &World) -> Vec<Named<'_, GameMap>> {
    let zones = world.zones.iter().map(|zone| Named::new(zone.game_zone_id, zone.name.as_str()));
    let encounters = world.zones.iter().flat_map(|zone| &zone.encounters);
    let bosses = encounters.map(|encounter| Named::new(encounter.map.id, encounter.map.name.as_str()));
    let mut maps: Vec<_> = zones.chain(bosses).collect();
    maps.sort_by_key(|map| map.id);
    maps
}

/// Everybody who is no player, by id in the game.
fn npcs(world: &World) -> Vec<Named<'_, GameNPC>> {
    let actors = world.reports.iter().flat_map(|report| &report.actors);
    let npcs = actors.filter(|actor| actor.kind == "NPC" && actor.game_id != 0);
    let by_id: BTreeMap<i64, &str> = npcs.map(|actor| (actor.game_id, actor.name.as_str())).collect();
    by_id.into_iter().map(|(id, name)| Named::new(id, name)).collect()
}

/// Every ability that some report names, by id.
fn abilities(world: &World) -> Vec<GameAbility<'_>> {
    let named = world.reports.iter().flat_map(|report| &report.abilities);
    let by_id: BTreeMap<i64, &Ability> = named.map(|ability| (ability.game_id, ability)).collect();
    by_id.into_values().map(|ability| GameAbility(Cow::Borrowed(ability))).collect()
}

#[derive(Clone)]
struct GameAbility<'w>(Cow<'w, Ability>);

impl GameAbility<'_> {
    fn unlisted(id: i64) -> Self {
        let (name, icon) = (format!("Unlisted {id}"), "ability_mage_065".to_owned());
        Self(Cow::Owned(Ability { game_id: id, name, icon, kind: "1".to_owned() }))
    }
}

impl Resolve for GameAbility<'_> {
    const TYPE: &'static str = "GameAbility";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.0.game_id),
            "icon" => text(&self.0.icon),
            "name" => text(&self.0.name),
            "description" => text(description(&self.0)),
            _ => absent(),
        }
    }
}

/// What the game says of an ability, invented: by its school.
fn description(ability: &Ability) -> &'static str {
    match ability.kind.as_str() {
        "2" => "Works with poison and disease.",
        "4" => "Works with flame.",
        "8" => "Works with shock.",
        "16" => "Works with frost.",
        "64" => "Works with magic.",
        _ => "Works by strength of arm.",
    }
}

struct GameClass {
    id: i64,
    name: &'static str,
}

fn classes() -> impl Iterator<Item = GameClass> {
    CLASSES.iter().map(|&(id, name)| GameClass { id, name })
}

/// The classes of a faction and a zone: all of them, if there is such a faction and such a zone.
fn classes_of(world: &World, args: Args<'_>) -> impl Iterator<Item = GameClass> + use<> {
    let faction = args.int("faction_id").is_none_or(|id| FACTIONS.iter().any(|(faction, _)| *faction == id));
    let zone = args.int("zone_id").is_none_or(|id| world.zone(id).is_some());
    classes().filter(move |_| faction && zone)
}

impl Resolve for GameClass {
    const TYPE: &'static str = "GameClass";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "name" | "slug" => text(self.name),
            "specs" => Ok(call.list(SPECS.map(|(id, name, slug)| GameSpec { id, name, slug, class: self.id }))),
            _ => absent(),
        }
    }
}

const SPECS: [(i64, &str, &str); 4] =
    [(1, "Magicka DPS", "MagickaDPS"), (2, "Stamina DPS", "StaminaDPS"), (3, "Healer", "Healer"), (4, "Tank", "Tank")];

struct GameSpec {
    id: i64,
    name: &'static str,
    slug: &'static str,
    class: i64,
}

impl Resolve for GameSpec {
    const TYPE: &'static str = "GameSpec";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "class" => Ok(call.nullable(classes().find(|class| class.id == self.class))),
            "name" => text(self.name),
            "slug" => text(self.slug),
            _ => absent(),
        }
    }
}

#[derive(Clone)]
struct GameItem {
    id: i64,
    name: String,
    icon: String,
}

impl GameItem {
    fn unlisted(id: i64) -> Self {
        Self { id, name: format!("Unlisted {id}"), icon: "gear_ring_a".to_owned() }
    }
}

/// The pieces of every set, and some that belong to none; by id.
fn items() -> Vec<GameItem> {
    let single = ITEMS.iter().map(|&(id, name, icon)| GameItem { id, name: name.to_owned(), icon: icon.to_owned() });
    let pieces = SETS.iter().flat_map(|set| SLOTS.iter().filter_map(move |slot| piece(*set, *slot)));
    let mut items: Vec<GameItem> = single.chain(pieces).collect();
    items.sort_by_key(|item| item.id);
    items
}

fn piece((set, set_name): (i64, &str), (slot, piece, icon): (i64, &str, &str)) -> Option<GameItem> {
    let item =
        || GameItem { id: 200_000 + set * 32 + slot, name: format!("{set_name} {piece}"), icon: format!("gear_{icon}_medium_a") };
    (!piece.is_empty()).then(item)
}

impl Resolve for GameItem {
    const TYPE: &'static str = "GameItem";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.id),
            "icon" => text(&self.icon),
            "name" => text(&self.name),
            _ => absent(),
        }
    }
}
