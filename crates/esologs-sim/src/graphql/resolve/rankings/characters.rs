//! `encounterRankings` and `zoneRankings` of a character.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::super::args::Args;
use super::super::super::call::{Audience, Call};
use super::percent::{mean, median, percent, rank};
use super::performance::{Performance, bracket_of, performances};
use super::wanted::{Wanted, newest_partition};
use super::{error, guild, guild_of};
use crate::world::model::{Character, Encounter, Zone};

/// What the site says of a character whose rankings are hidden; the words are ours.
const HIDDEN: &str = "The rankings of this character are hidden.";

/// Points that the best of an encounter gets.
const POSSIBLE_POINTS: f64 = 120.0;

/// The ranked kills of one encounter.
pub(in super::super) fn encounter_rankings(call: &Call<'_>, character: &Character, args: Args<'_>) -> Value {
    let known = args.int("encounterID").and_then(|id| call.world.encounter(id));
    let Some((zone, encounter)) = known else {
        return error("Invalid encounter id specified.");
    };
    let wanted = match checked(call, character, args) {
        Ok(wanted) => wanted,
        Err(message) => return error(message),
    };
    let field = Field::of(call, character, encounter, &wanted, args);
    let ranks: Vec<Value> = field.own.iter().map(|own| field.rank_json(call, character, own)).collect();
    let percents = field.percents();
    json!({
        "bestAmount": field.best_amount(), "medianPerformance": median(percents.clone()), "averagePerformance": mean(&percents),
        "totalKills": field.own.len(), "fastestKill": field.fastest(), "difficulty": wanted.difficulty,
        "metric": metric_name(wanted.metric), "partition": wanted.told_partition(args), "zone": zone.id, "ranks": ranks,
    })
}

/// The best kills of all encounters of a zone.
pub(in super::super) fn zone_rankings(call: &Call<'_>, character: &Character, args: Args<'_>) -> Value {
    let zone = match args.int("zoneID") {
        Some(id) => call.world.zone(id),
        None => call.world.zones.last(),
    };
    let Some(zone) = zone else {
        return error("Invalid zone id specified.");
    };
    let wanted = match checked(call, character, args) {
        Ok(wanted) => wanted,
        Err(message) => return error(message),
    };
    let fields: Vec<Field<'_>> =
        zone.encounters.iter().map(|encounter| Field::of(call, character, encounter, &wanted, args)).collect();
    let best: Vec<f64> = fields.iter().filter_map(Field::best_percent).collect();
    let medians: Vec<f64> = fields.iter().filter_map(|field| median(field.percents())).collect();
    json!({
        "bestPerformanceAverage": mean(&best), "medianPerformanceAverage": mean(&medians), "difficulty": wanted.difficulty,
        "metric": metric_name(wanted.metric), "partition": wanted.told_partition(args), "zone": zone.id, "size": wanted.size,
        "allStars": all_stars(zone, &fields),
        "rankings": fields.iter().map(Field::zone_json).collect::<Vec<_>>(),
    })
}

fn checked<'a>(call: &Call<'_>, character: &Character, args: Args<'a>) -> Result<Wanted<'a>, &'static str> {
    if character.hidden { Err(HIDDEN) } else { Wanted::read(call.world, args) }
}

fn metric_name(metric: &str) -> &str {
    if metric == "default" { "dps" } else { metric }
}

/// A character among all who killed an encounter.
struct Field<'w> {
    encounter: &'w Encounter,
    metric: String,
    partition: i64,
    /// The character's kills, the best first.
    own: Vec<Performance<'w>>,
    /// What the others and the character are measured by.
    amounts: Vec<f64>,
}

impl<'w> Field<'w> {
    fn of(call: &Call<'w>, character: &Character, encounter: &'w Encounter, wanted: &Wanted<'_>, args: Args<'_>) -> Self {
        let sees_private = call.audience == Audience::User { sees_private_reports: true };
        let private_too = sees_private && args.flag("includePrivateLogs").unwrap_or(false);
        let all = performances(call.world, encounter.id, wanted, private_too);
        let is_own = |performance: &&Performance<'_>| performance.actor.character_id == Some(character.id);
        let mut own: Vec<Performance<'_>> = all.iter().filter(is_own).copied().collect();
        let amount = |performance: &Performance<'_>| performance.amount(wanted.metric);
        own.sort_by(|a, b| amount(b).total_cmp(&amount(a)));
        let bracket = own.first().map(|own| bracket_of(own.champion_points())).filter(|_| wanted.by_bracket);
        let compared = all.iter().filter(|it| bracket.is_none_or(|bracket| bracket == bracket_of(it.champion_points())));
        let amounts = if wanted.all_parses { compared.map(amount).collect() } else { best_of_each(compared, amount) };
        Self {
            encounter,
            metric: wanted.metric.to_owned(),
            partition: wanted.partition.unwrap_or(newest_partition(call.world)),
            own,
            amounts,
        }
    }

    fn percent_of(&self, own: &Performance<'_>) -> f64 {
        percent(own.amount(&self.metric), &self.amounts)
    }

    fn percents(&self) -> Vec<f64> {
        self.own.iter().map(|own| self.percent_of(own)).collect()
    }

    fn best_amount(&self) -> f64 {
        self.own.first().map_or(0.0, |best| best.amount(&self.metric))
    }

    fn best_percent(&self) -> Option<f64> {
        self.own.first().map(|best| self.percent_of(best))
    }

    fn fastest(&self) -> i64 {
        self.own.iter().map(|own| own.fight.end - own.fight.start).min().unwrap_or(0)
    }

    fn points(&self) -> f64 {
        self.best_percent().map_or(0.0, |percent| (percent * POSSIBLE_POINTS).round() / 100.0)
    }

    fn rank_json(&self, call: &Call<'_>, character: &Character, own: &Performance<'_>) -> Value {
        let (percent, total) = (self.percent_of(own), self.amounts.len());
        json!({
            "lockedIn": true, "rankPercent": percent, "historicalPercent": percent, "todayPercent": percent,
            "rankTotalParses": total, "historicalTotalParses": total, "todayTotalParses": total,
            "guild": guild(guild_of(call.world, character)), "report": own.report_json(),
            "duration": own.fight.end - own.fight.start, "startTime": own.start_unix_ms(), "amount": own.amount(&self.metric),
            "bracketData": own.champion_points(), "spec": own.spec(), "bestSpec": own.spec(), "class": character.class_id,
        })
    }

    fn zone_json(&self) -> Value {
        let best = self.own.first();
        json!({
            "encounter": {"id": self.encounter.id, "name": self.encounter.name},
            "rankPercent": self.best_percent(), "medianPercent": median(self.percents()), "lockedIn": true,
            "totalKills": self.own.len(), "fastestKill": self.fastest(), "bestAmount": self.best_amount(),
            "spec": best.map(Performance::spec), "bestSpec": best.map(Performance::spec),
            "allStars": best.map(|best| self.stars(best.amount(&self.metric))),
        })
    }

    fn stars(&self, amount: f64) -> Value {
        let rank = rank(amount, &self.amounts);
        json!({
            "partition": self.partition, "points": self.points(), "possiblePoints": POSSIBLE_POINTS, "rank": rank,
            "regionRank": rank, "serverRank": rank, "rankPercent": percent(amount, &self.amounts), "total": self.amounts.len(),
        })
    }
}

fn best_of_each<'a, 'w: 'a>(
    all: impl Iterator<Item = &'a Performance<'w>>,
    amount: impl Fn(&Performance<'w>) -> f64,
) -> Vec<f64> {
    let mut best: BTreeMap<i64, f64> = BTreeMap::new();
    for performance in all {
        // Anonymous players have no character that anybody sees, but they count.
        let who = performance.actor.character_id.unwrap_or(-performance.actor.id);
        let amount = amount(performance);
        let known = best.entry(who).or_insert(amount);
        *known = known.max(amount);
    }
    best.into_values().collect()
}

/// The sum over a zone, for the specialisation of the best kills; empty without any.
fn all_stars(zone: &Zone, fields: &[Field<'_>]) -> Value {
    let Some((partition, best)) = fields.iter().find_map(|field| Some((field.partition, field.own.first()?))) else {
        return json!([]);
    };
    let total = fields.iter().map(|field| field.amounts.len()).max().unwrap_or(0);
    let percents: Vec<f64> = fields.iter().filter_map(Field::best_percent).collect();
    let percent = mean(&percents).unwrap_or(0.0);
    let rank = 1 + (total as f64 * (100.0 - percent) / 100.0) as usize;
    json!([{
        "partition": partition, "spec": best.spec(), "points": fields.iter().map(Field::points).sum::<f64>(),
        "possiblePoints": POSSIBLE_POINTS * zone.encounters.len() as f64, "rank": rank, "regionRank": rank,
        "serverRank": null, "rankPercent": percent, "total": total,
    }])
}
