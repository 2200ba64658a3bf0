//! Different operations, different time-outs, one client: its token, its limits and its connections are shared.
//!
//! Run it with `cargo run -p esologs --example timeouts_per_operation`.

mod support;

use std::time::Duration;

use esologs::{ClientBuilder, Error, GuildId, UnixMillis};
use esologs_sim::FaultKind;

/// A quick look-up with 15 s, a search over a span of time with 60 s.
pub(crate) async fn run(
    builder: ClientBuilder,
    guild: GuildId,
    from: UnixMillis,
    to: UnixMillis,
) -> Result<(String, u64), Error> {
    let client = builder.build()?;

    let quick = client.timeout(Duration::from_secs(15));
    let name = quick.guild(guild).get().await?.into_value().name.unwrap_or_default();

    let thorough = client.timeout(Duration::from_secs(60));
    let search = thorough.guild(guild).reports().since(Some(from)).until(Some(to)).per_page(100);
    Ok((name, search.page(1).await?.total))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let builder = support::service("GuildReports", FaultKind::Delay, 1)?;
    let (from, to) = (UnixMillis::new(1_700_000_000_000), UnixMillis::new(1_790_000_000_000));
    let (name, reports) = run(builder, GuildId::new(3468), from, to).await?;
    println!("{name}: {reports} reports");
    Ok(())
}
