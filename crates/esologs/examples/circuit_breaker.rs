//! A circuit breaker around any async function: after five failures in a row it is not asked for a minute.
//!
//! A client has one inside (`ClientBuilder::breaker`), which all its calls share. One of your own is for other services, or for
//! steps of several calls. Run it with `cargo run -p esologs --example circuit_breaker`.

mod support;

use std::time::Duration;

use esologs::{BreakerError, CallPolicy, CircuitBreaker, Client, ClientBuilder, Error, GuildId};
use esologs_sim::FaultKind;

/// A client without a breaker of its own and with one attempt for a call, so that this example shows its own breaker.
pub(crate) fn client(builder: ClientBuilder) -> Result<Client, Error> {
    builder.policy(CallPolicy::plain()).without_breaker().build()
}

/// A breaker that opens after five failures in a row and lets one call through as a probe after 60 s.
pub(crate) fn breaker() -> CircuitBreaker {
    CircuitBreaker::new(5, Duration::from_secs(60))
}

/// The guild's name, or in words why not.
pub(crate) async fn name(client: &Client, breaker: &CircuitBreaker, guild: GuildId) -> Result<String, String> {
    match breaker.call(|| async { client.guild(guild).get().await }).await {
        Ok(guild) => Ok(guild.into_value().name.unwrap_or_default()),
        Err(BreakerError::Open { retry_in }) => Err(format!("not asked; again in {:.0?}", retry_in.unwrap_or_default())),
        Err(BreakerError::Failed(error)) => Err(error.to_string()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, breaker) = (client(support::service("Guild", FaultKind::BadGateway, 6)?)?, breaker());
    for _ in 0..7 {
        match name(&client, &breaker, GuildId::new(3468)).await {
            Ok(name) => println!("{name}"),
            Err(why) => println!("{why}"),
        }
    }
    Ok(())
}
