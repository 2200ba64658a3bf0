//! Who is in a report: players, their pets, a helper, bosses, adds, trash. Ids count from 1, in that order.

use super::World;
use super::atlas::CLASSES;
use super::dice::Dice;
use super::model::{Actor, Character, Guild, Role, Zone};
use super::names::{ADDS, TRASH};

/// Most players of one fight.
pub(super) const GROUP_SIZE: usize = 12;

/// The actors of a report, and which of them are what.
#[derive(Debug, Default)]
pub(super) struct Roster {
    pub(super) actors: Vec<Actor>,
    /// Actor ids of players: twelve and up to three substitutes.
    pub(super) players: Vec<i64>,
    pub(super) pets: Vec<i64>,
    /// Friends without a player behind them.
    pub(super) helpers: Vec<i64>,
    /// Actor id of the boss of each encounter of the zone, in the zone's order.
    pub(super) bosses: Vec<i64>,
    pub(super) adds: Vec<i64>,
    pub(super) trash: Vec<i64>,
}

impl Roster {
    pub(super) fn draw(world: &World, guild: &Guild, zone: &Zone, dice: &mut Dice) -> Self {
        let mut roster = Self::default();
        roster.enlist_players(world, guild, dice);
        roster.call_pets(dice);
        let helper = roster.add(unplayed("Soul-Bound Sentry", 1_000_073, "NPC"));
        roster.helpers.push(helper);
        for encounter in &zone.encounters {
            let id = roster.add(unplayed(&encounter.name, 120_000 + encounter.id * 10, "Boss"));
            roster.bosses.push(id);
        }
        for (name, game_id) in some_of(ADDS, 4, dice) {
            let id = roster.add(unplayed(name, game_id, "NPC"));
            roster.adds.push(id);
        }
        for (name, game_id) in some_of(TRASH, 8, dice) {
            let id = roster.add(unplayed(name, game_id, "NPC"));
            roster.trash.push(id);
        }
        roster
    }

    /// Gives the actor the next id.
    fn add(&mut self, actor: Actor) -> i64 {
        let id = i64::try_from(self.actors.len()).unwrap_or(0) + 1;
        self.actors.push(Actor { id, ..actor });
        id
    }

    fn enlist_players(&mut self, world: &World, guild: &Guild, dice: &mut Dice) {
        let mut members: Vec<&Character> = guild.member_ids.iter().filter_map(|&id| world.character(id)).collect();
        dice.shuffle(&mut members);
        members.truncate(GROUP_SIZE + dice.below(4) as usize);
        let server = world.server(guild.server_id).map(|server| server.name.clone());
        for (place, member) in members.into_iter().enumerate() {
            let id = self.add(player(member, role(place, dice), server.clone(), place));
            self.players.push(id);
        }
    }

    fn call_pets(&mut self, dice: &mut Dice) {
        let owners: Vec<(i64, &str)> =
            self.actors.iter().filter_map(|actor| Some((actor.id, pet_of(&actor.sub_type)?))).collect();
        for (owner, name) in owners.into_iter().take(4) {
            let id = self.add(Actor {
                kind: "Pet".to_owned(),
                sub_type: "Pet".to_owned(),
                icon: "Pet".to_owned(),
                game_id: 61_000 + dice.between(0, 900),
                pet_owner: Some(owner),
                ..unplayed(name, 0, "Pet")
            });
            self.pets.push(id);
        }
    }
}

/// Two tanks, one to three healers, the others deal damage; substitutes do, too.
fn role(place: usize, dice: &mut Dice) -> Role {
    match place {
        0 | 1 => Role::Tank,
        2 => Role::Healer,
        3 if dice.chance(900) => Role::Healer,
        4 if dice.chance(150) => Role::Healer,
        _ => Role::Damage,
    }
}

fn pet_of(class: &str) -> Option<&'static str> {
    match class {
        "Sorcerer" => Some("Twilight Tormentor"),
        "Warden" => Some("Feral Guardian"),
        "Necromancer" => Some("Skeletal Mage"),
        _ => None,
    }
}

fn player(member: &Character, role: Role, server: Option<String>, place: usize) -> Actor {
    let class = CLASSES.iter().find(|(id, _)| *id == member.class_id).map_or("Dragonknight", |(_, name)| name);
    let specialty = match role {
        Role::Tank => "Tank",
        Role::Healer => "Healer",
        Role::Damage => "DPS",
    };
    Actor {
        id: 0,
        game_id: 0,
        name: if member.anonymous { format!("Anonymous {}", place + 1) } else { member.name.clone() },
        kind: "Player".to_owned(),
        sub_type: class.to_owned(),
        server,
        pet_owner: None,
        icon: format!("{class}-{specialty}"),
        display_name: if member.anonymous { "nil".to_owned() } else { member.display_name.clone() },
        anonymous: member.anonymous,
        role: Some(role),
        character_id: Some(member.id),
    }
}

/// An actor without a player behind it.
fn unplayed(name: &str, game_id: i64, sub_type: &str) -> Actor {
    Actor {
        id: 0,
        game_id,
        name: name.to_owned(),
        kind: "NPC".to_owned(),
        sub_type: sub_type.to_owned(),
        server: None,
        pet_owner: None,
        icon: sub_type.to_owned(),
        display_name: String::new(),
        anonymous: false,
        role: None,
        character_id: None,
    }
}

fn some_of<T: Copy>(table: &[T], count: usize, dice: &mut Dice) -> Vec<T> {
    let mut items = table.to_vec();
    dice.shuffle(&mut items);
    items.truncate(count);
    items
}
