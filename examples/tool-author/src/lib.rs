//! The fights of a report, with how each went.

use esologs::{Client, Error, FightId};

/// A line for each fight: its number, its name, and whether the boss fell.
pub async fn fights(client: &Client, code_or_address: &str) -> Result<Vec<(FightId, String, bool)>, Error> {
    let report = client.report_at(code_or_address)?.get().await?;
    let fights = report.value().fights.iter().flatten();
    Ok(fights.map(|fight| (fight.id, fight.name.clone().unwrap_or_default(), fight.kill == Some(true))).collect())
}
