//! `includeResources`: the state of source and target, made up from the event itself.
//!
//! Nobody stores it. What is drawn depends on time, actor and role only, so that equal events stay equal with resources, too.

use super::store::Row;
use super::write::Json;
use crate::world::dice::derive;

/// Puts `sourceResources` and `targetResources` before the closing brace of the event that `out` ends with.
pub(super) fn with_resources(out: &mut Vec<u8>, row: &Row) {
    let brace = out.pop();
    debug_assert_eq!(brace, Some(b'}'), "an event is an object");
    actor_resources(out, b",\"sourceResources\":{", row.time, row.source, row.source_is_friendly);
    actor_resources(out, b",\"targetResources\":{", row.time, row.target, row.target_is_friendly);
    out.push(b'}');
}

fn actor_resources(out: &mut Vec<u8>, open: &[u8], time: u32, actor: i16, is_friendly: bool) {
    let mut draw = Draw(derive((u64::from(time) << 16) | u64::from(actor.unsigned_abs()), u64::from(is_friendly)));
    let of_friends = |low: i64, spread: i64| if is_friendly { low + draw.stable(actor, spread) } else { 0 };
    let (max_magicka, max_stamina, champion_points) =
        (of_friends(12_000, 20_000), of_friends(12_000, 19_000), of_friends(1_200, 1_300));
    let max_hit_points = if is_friendly { of_friends(18_000, 22_000) } else { 2_000_000 + draw.stable(actor, 60_000_000) };
    out.extend_from_slice(open);
    let mut json = Json::inside(out);
    json.int("hitPoints", draw.up_to(max_hit_points));
    json.int("maxHitPoints", max_hit_points);
    json.int("magicka", draw.up_to(max_magicka));
    json.int("maxMagicka", max_magicka);
    json.int("stamina", draw.up_to(max_stamina));
    json.int("maxStamina", max_stamina);
    json.int("ultimate", if is_friendly { draw.up_to(500) } else { 0 });
    json.int("maxUltimate", if is_friendly { 500 } else { 0 });
    json.int("werewolf", 0);
    json.int("maxWerewolf", if is_friendly { 1000 } else { 0 });
    json.int("absorb", 0);
    json.int("championPoints", champion_points);
    json.int("x", 2000 + draw.up_to(6000));
    json.int("y", 2000 + draw.up_to(6000));
    json.int("facing", draw.up_to(628));
    out.push(b'}');
}

/// Numbers from one seed. `stable` ones depend on the actor alone: maxima do not change from event to event.
struct Draw(u64);

impl Draw {
    fn up_to(&mut self, bound: i64) -> i64 {
        self.0 = derive(self.0, 1);
        scaled(self.0, bound)
    }

    fn stable(&self, actor: i16, bound: i64) -> i64 {
        scaled(derive(u64::from(actor.unsigned_abs()), bound.unsigned_abs()), bound)
    }
}

/// A number from 0 to `bound`, both included.
fn scaled(bits: u64, bound: i64) -> i64 {
    let share = (bits >> 32) * (bound.unsigned_abs() + 1);
    i64::try_from(share >> 32).unwrap_or(0)
}
