//! Integration tests that are repeated where the service was in trouble, and never where an assertion failed.
//!
//! In a test file each of these stands under `#[tokio::test]`; here they are run one after the other, so that the example can
//! be tried: `cargo run -p esologs --example integration_tests`. A line that begins with FLAKY tells what passed late.

mod support;

use std::time::Duration;

use esologs::testing::{TestRetry, retry};
use esologs::{Client, Error, GuildId};
use esologs_sim::FaultKind;

const GUILD: GuildId = GuildId::new(3468);

/// Repeated up to twice, after 1 s and 2 s.
pub(crate) async fn a_guild_has_its_number(client: &Client) -> Result<(), Error> {
    retry(TestRetry::new().named("a guild has its number"), || async {
        let guild = client.guild(GUILD).get().await?;
        assert_eq!(guild.value().id, GUILD);
        Ok(())
    })
    .await
}

/// Settings of its own: five attempts, with 2 s, 4 s, 8 s and 16 s between.
pub(crate) async fn a_guild_has_reports(client: &Client) -> Result<(), Error> {
    let settings = TestRetry::new().named("a guild has reports").attempts(5).initial_delay(Duration::from_secs(2));
    retry(settings, || async {
        let reports = client.guild(GUILD).reports().per_page(100).page(1).await?;
        assert!(!reports.data.is_empty());
        Ok(())
    })
    .await
}

/// Not repeated.
pub(crate) async fn points_are_told(client: &Client) -> Result<(), Error> {
    retry(TestRetry::off(), || async {
        assert!(client.rate_limit().await?.limit_per_hour.get() > 0.0);
        Ok(())
    })
    .await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // One attempt for a call: the tests do the repeating here.
    let client = support::service("Guild", FaultKind::Unavailable, 1)?.build()?.attempts(1);
    a_guild_has_its_number(&client).await?;
    a_guild_has_reports(&client).await?;
    points_are_told(&client).await
}
