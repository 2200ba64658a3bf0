//! A loop over guilds that keeps to the service's limits, without a pause of its own: the client paces its requests (5 a second,
//! or what the service says), and a patient call waits where the service asks for it.
//!
//! Run it with `cargo run -p esologs --example guilds_within_limits`: the second guild is refused at first, and comes 5 s later.

mod support;

use std::time::Duration;

use esologs::{ClientBuilder, Error, GuildId, Page, Report};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator};

/// What came of each guild: its newest reports, or why they cannot be had. One guild's trouble does not end the loop.
pub(crate) type Found = Vec<(GuildId, Result<Page<Report>, Error>)>;

/// The newest reports of each guild.
pub(crate) async fn run(builder: ClientBuilder, guilds: &[GuildId]) -> Result<Found, Error> {
    // Spent points come back within the hour; 70 minutes outlast that.
    let client = builder.build()?.patient(Duration::from_secs(70 * 60));
    let mut found = Found::new();
    for &guild in guilds {
        found.push((guild, client.guild(guild).reports().per_page(10).page(1).await));
    }
    Ok(found)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let throttled = ScriptedFault::new(On::Operation("GuildReports".to_owned()), FaultKind::Throttled).nth(2).retry_after(5);
    let sim = Simulator::builder().faults(Faults::none().with(throttled)).build().expect("these settings are good");
    let guilds: Vec<GuildId> = sim.world().guilds.iter().map(|guild| GuildId::new(guild.id)).collect();
    for (guild, reports) in run(support::demo(&sim)?, &guilds).await? {
        match reports {
            Ok(reports) => println!("guild {guild}: {} reports", reports.total),
            Err(error) => println!("guild {guild}: {error}"),
        }
    }
    Ok(())
}
