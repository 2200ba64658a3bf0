//! `userData`: users of the site. A client token has none; the simulator's user tokens belong to one and the same.

use super::super::args::Args;
use super::super::call::{Audience, Call};
use super::super::json::{int, text};
use super::super::node::{Resolve, Resolved, absent};
use super::fail_if_asked;
use super::guilds::members;
use crate::world::World;
use crate::world::model::{Character, Guild};

/// Id and name of the user that tokens of `/api/v2/user` belong to.
const TOKENS_USER: (i64, &str) = (1, "Simulated User");
/// Characters of that user: the first of the first guild.
const CHARACTERS: usize = 3;

pub(super) struct UserData;

impl Resolve for UserData {
    const TYPE: &'static str = "UserData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call, args)?;
        match name {
            _ if !has_user(call) => absent(),
            "user" => Ok(call.nullable(args.int("id").and_then(|id| User::find(call.world, id)))),
            "currentUser" => Ok(call.nullable(User::find(call.world, TOKENS_USER.0))),
            _ => absent(),
        }
    }
}

fn has_user(call: &Call<'_>) -> bool {
    matches!(call.audience, Audience::User { .. })
}

/// Rank of the token's user in a guild: an officer of the first one, and in no other.
pub(super) fn rank_in(call: &Call<'_>, guild: &Guild) -> Option<&'static str> {
    let of_user = own_guild(call.world).is_some_and(|own| own.id == guild.id);
    has_user(call).then_some(if of_user { "Officer" } else { "NonMember" })
}

fn own_guild(world: &World) -> Option<&Guild> {
    world.guilds.first()
}

fn own_characters(world: &World) -> Vec<&Character> {
    own_guild(world).map(|guild| members(world, guild)).unwrap_or_default().into_iter().take(CHARACTERS).collect()
}

/// Somebody with an account on the site.
pub(super) struct User<'w> {
    pub(super) id: i64,
    pub(super) name: &'w str,
}

impl<'w> User<'w> {
    /// The token's user, or somebody who uploaded a report.
    fn find(world: &'w World, id: i64) -> Option<Self> {
        if id == TOKENS_USER.0 {
            return Some(Self { id, name: TOKENS_USER.1 });
        }
        let mut owners = world.reports.iter().map(|report| &report.owner);
        owners.find(|owner| owner.0 == id).map(|owner| Self { id, name: &owner.1 })
    }
}

impl Resolve for User<'_> {
    const TYPE: &'static str = "User";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        let world = call.world;
        match name {
            "id" => int(self.id),
            "name" => text(self.name),
            // Only the user's own token may see the rest.
            _ if !has_user(call) || self.id != TOKENS_USER.0 => absent(),
            "guilds" => Ok(call.list(own_guild(world))),
            "characters" => Ok(call.list(own_characters(world))),
            "naDisplayName" => text("@simulated_user"),
            "euDisplayName" => text("@simulated_user_eu"),
            _ => absent(),
        }
    }
}
