//! A walk through the API: a line for each kind of call.
//!
//! Run it with `cargo run -p esologs --example api_tour`.

mod support;

use esologs::{CharacterRankingMetricType, Client, Error, EventDataType, GuildId, ReportCode, ReportTime, TableDataType, ZoneId};
use esologs_sim::Simulator;
use futures_util::TryStreamExt as _;

// tour: begin
/// What the walk found, in words.
async fn tour(client: &Client, guild: GuildId, code: ReportCode) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    let mut tell = |line: String| found.push(line);

    // One thing: awaiting a builder sends it.
    let guild = client.guild(guild);
    tell(format!("guild: {:?}", guild.clone().await?.value().name));

    // A list: the first page, all pages, all entries, or the whole within a limit.
    tell(format!("reports: {}", guild.reports().await?.total));
    let members = guild.members().per_page(50).max_entries(1_000).all().await?;
    tell(format!("members: {}", members.len()));
    let zones = client.zones().await?.into_value();
    let encounters = zones.iter().flat_map(|zone| zone.encounters.iter().flatten());

    // Arguments are methods, enums are enums; what cannot be sent is refused before it is.
    for id in encounters.filter_map(|encounter| encounter.id).take(1) {
        let rankings = client.encounter(id).character_rankings().metric(CharacterRankingMetricType::Dps);
        let best: Vec<_> = rankings.stream().try_collect().await?;
        tell(format!("best of encounter {id}: {:?}", best.first().and_then(|rank| rank.amount)));
    }
    if let Err(error) = guild.zone_ranking().zone_id(ZoneId::new(-1)).await {
        tell(format!("refused: {error}"));
    }

    // A report: its fights, its tables (typed or as they came), its events page by page.
    let report = client.report(code);
    let fights = report.fights().await?.into_value();
    tell(format!("fights: {}", fights.len()));
    let table = report.table().data_type(TableDataType::DamageDone).await?;
    let rows = table.read()?.data.and_then(|data| data.entries).unwrap_or_default();
    tell(format!("rows of damage: {} in {} bytes", rows.len(), table.json().get().len()));
    let deaths = report.events(EventDataType::Deaths).between(ReportTime::ZERO, ReportTime::new(60_000.0));
    tell(format!("deaths in the first minute: {}", deaths.stream().try_collect::<Vec<_>>().await?.len()));
    Ok(found)
}
// tour: end

/// The walk through a service.
pub(crate) async fn run(client: &Client, guild: GuildId, code: ReportCode) -> Result<Vec<String>, Error> {
    tour(client, guild, code).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let sim = Simulator::builder().build().expect("these settings are good");
    let client = support::demo(&sim)?.build()?;
    let guild = GuildId::new(3468);
    let Some(report) = client.guild(guild).reports().await?.data.into_iter().flatten().nth(3) else { return Ok(()) };
    for line in run(&client, guild, report.code).await? {
        println!("{line}");
    }
    Ok(())
}
