//! Retry with exponential backoff around any async function: here a step of two calls that is repeated as a whole.
//!
//! Run it with `cargo run -p esologs --example retry_any_function`: the step fails once and is repeated after a second.

mod support;

use std::time::Duration;

use esologs::{CallPolicy, Client, ClientBuilder, Error, GuildId, RetryPolicy, retry};
use esologs_sim::FaultKind;

/// Any async function that can fail.
async fn name_and_reports(client: &Client, guild: GuildId) -> Result<(String, u64), Error> {
    let name = client.guild(guild).get().await?.into_value().name.unwrap_or_default();
    let reports = client.guild(guild).reports().per_page(1).page(1).await?.total;
    Ok((name, reports))
}

/// Runs it up to three times, with 1 s and 2 s between. `transient` repeats what can pass; `RetryPolicy::new` would repeat
/// every error, of whatever type.
pub(crate) async fn run(builder: ClientBuilder, guild: GuildId) -> Result<(String, u64), Error> {
    // The calls inside make one attempt each: attempts of two loops would multiply.
    let client = builder.policy(CallPolicy::plain()).build()?;
    let policy = RetryPolicy::transient().attempts(3).initial_delay(Duration::from_secs(1));
    retry(&policy, || name_and_reports(&client, guild)).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let builder = support::service("GuildReports", FaultKind::BadGateway, 1)?;
    let (name, reports) = run(builder, GuildId::new(3468)).await?;
    println!("{name}: {reports} reports");
    Ok(())
}
