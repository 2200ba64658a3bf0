//! `report.masterData`: who and what the events name by id.

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{flag, float, int, opt_int, opt_text, text};
use super::super::node::{Resolve, Resolved, absent};
use crate::limits::cost::Priced;
use crate::world::model::{Ability, Actor, Report};

pub(super) struct MasterData<'w>(pub(super) &'w Report);

impl Resolve for MasterData<'_> {
    const TYPE: &'static str = "ReportMasterData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        let report = self.0;
        match name {
            "logVersion" => int(report.log_version),
            "gameVersion" => int(report.game_version),
            "lang" => text(&report.lang),
            "abilities" => {
                call.price(Priced::Abilities);
                Ok(call.list(&report.abilities))
            }
            "actors" => {
                call.price(Priced::Actors);
                let (kind, sub_type) = (args.text("type"), args.text("subType"));
                let meant = report.actors.iter().filter(move |actor| {
                    kind.is_none_or(|kind| kind == actor.kind) && sub_type.is_none_or(|sub_type| sub_type == actor.sub_type)
                });
                Ok(call.list(meant))
            }
            _ => absent(),
        }
    }
}

impl Resolve for &Ability {
    const TYPE: &'static str = "ReportAbility";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "gameID" => float(self.game_id as f64),
            "icon" => text(&self.icon),
            "name" => text(&self.name),
            "type" => text(&self.kind),
            _ => absent(),
        }
    }
}

impl Resolve for &Actor {
    const TYPE: &'static str = "ReportActor";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "anonymous" => flag(self.anonymous),
            "displayName" => text(&self.display_name),
            "gameID" => float(self.game_id as f64),
            "icon" => text(&self.icon),
            "id" => int(self.id),
            "name" => text(&self.name),
            "petOwner" => opt_int(self.pet_owner),
            "server" => opt_text(self.server.as_deref()),
            "subType" if self.kind != "Player" => text(call.word(&self.sub_type)),
            "subType" => text(&self.sub_type),
            "type" if self.kind == "Pet" => text(call.word(&self.kind)),
            "type" => text(&self.kind),
            _ => absent(),
        }
    }
}
