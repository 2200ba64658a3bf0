//! A client whose requests have so much time and no more.
//!
//! Run it with `cargo run -p esologs --example client_with_timeout`: the first request is answered by a gateway's time-out, the
//! second one well.

mod support;

use std::time::Duration;

use esologs::{CallPolicy, Client, ClientBuilder, Error, GuildId};
use esologs_sim::FaultKind;

/// A client that gives each attempt this time, from the connection to the last byte of the answer. Other failures are still
/// repeated, as [`CallPolicy::interactive`] does.
pub(crate) fn client_with_timeout(builder: ClientBuilder, timeout: Duration) -> Result<Client, Error> {
    builder.policy(CallPolicy::interactive().timeout(timeout)).build()
}

/// The guild's name.
pub(crate) async fn run(builder: ClientBuilder, guild: GuildId) -> Result<String, Error> {
    let client = client_with_timeout(builder, Duration::from_secs(30))?;
    let guild = client.guild(guild).get().await?;
    Ok(guild.into_value().name.unwrap_or_default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let builder = support::service("Guild", FaultKind::GatewayTimeout, 1)?;
    println!("{}", run(builder, GuildId::new(3468)).await?);
    Ok(())
}
