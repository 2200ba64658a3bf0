//! A client that puts up with trouble: 60 s for an attempt, up to three repeats.
//!
//! Run it with `cargo run -p esologs --example resilient_client`: two requests fail, the third one is answered.

mod support;

use std::time::Duration;

use esologs::{CallPolicy, Client, ClientBuilder, Error, GuildId, Page, Report};
use esologs_sim::FaultKind;

/// A client with this time for an attempt that repeats a failed request up to so many times. Repeats make one attempt more
/// than there are repeats; the deadline leaves room for all of them.
pub(crate) fn resilient_client(builder: ClientBuilder, timeout: Duration, max_retries: u32) -> Result<Client, Error> {
    let attempts = max_retries + 1;
    let policy = CallPolicy::interactive().timeout(timeout).attempts(attempts).deadline(timeout * (attempts + 1));
    builder.policy(policy).build()
}

/// The ten newest reports of the guild.
pub(crate) async fn run(builder: ClientBuilder, guild: GuildId) -> Result<Page<Report>, Error> {
    let client = resilient_client(builder, Duration::from_secs(60), 3)?;
    client.guild(guild).reports().per_page(10).page(1).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let builder = support::service("GuildReports", FaultKind::Unavailable, 2)?;
    for report in run(builder, GuildId::new(3468)).await?.data.into_iter().flatten() {
        println!("{} {}", report.code, report.title.unwrap_or_default());
    }
    Ok(())
}
