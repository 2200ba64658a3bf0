//! Selective retry: time-outs are repeated, other failures are not.
//!
//! Run it with `cargo run -p esologs --example retry_on_timeouts`: the first request times out, the second one is answered.

mod support;

use std::future::Future;
use std::time::Duration;

use esologs::{CallPolicy, ClientBuilder, Error, ErrorKind, GuildId, RetryPolicy, retry};
use esologs_sim::FaultKind;

/// Repeats any async function twice, after 1 s and 2 s, where no answer came in time.
pub(crate) async fn retry_on_timeout<T, F: Future<Output = Result<T, Error>>>(work: impl FnMut() -> F) -> Result<T, Error> {
    let policy = RetryPolicy::new()
        .attempts(3)
        .initial_delay(Duration::from_secs(1))
        .retry_if(|error: &Error| error.kind() == ErrorKind::Timeout);
    retry(&policy, work).await
}

/// The guild's name, by a client without repeats of its own.
pub(crate) async fn around_calls(builder: ClientBuilder, guild: GuildId) -> Result<String, Error> {
    let client = builder.policy(CallPolicy::plain()).build()?;
    let guild = retry_on_timeout(|| async { client.guild(guild).get().await }).await?;
    Ok(guild.into_value().name.unwrap_or_default())
}

/// The same as a setting of the client, which is shorter where every call shall do so.
pub(crate) async fn inside_the_client(builder: ClientBuilder, guild: GuildId) -> Result<String, Error> {
    let client = builder.policy(CallPolicy::interactive().retry_if(|error| error.is_timeout())).build()?;
    Ok(client.guild(guild).get().await?.into_value().name.unwrap_or_default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let slow = || support::service("Guild", FaultKind::RequestTimeout, 1);
    println!("{}", around_calls(slow()?, GuildId::new(3468)).await?);
    println!("{}", inside_the_client(slow()?, GuildId::new(3468)).await?);
    Ok(())
}
