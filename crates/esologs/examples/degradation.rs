//! Degradation in three levels: the answer itself, or as good as that; an older one with its age; the little that is known anyway.
//! Where the service said no (not visible, wrong key), none of them: that is an error.
//!
//! The cache of the client has the first two, [`Fallback`] the third. Run it with `cargo run -p esologs --example degradation`: the guild as
//! it is, two hours later while the service is down, and another guild that nobody has asked for before.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use esologs::{Cache, Client, Clock, Error, Fallback, GuildId, Served, UnixMillis};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator};

/// What a page shows of a guild.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GuildInfo {
    pub(crate) id: GuildId,
    pub(crate) name: String,
}

/// How good it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Level {
    /// As it is now, or as good as that.
    Full,
    /// As it was so long ago.
    Older(Duration),
    /// Nothing is known but its number, for this reason.
    Minimal(String),
}

/// The guild, as well as it can be had.
pub(crate) async fn guild_info(client: &Client, id: GuildId) -> Result<(GuildInfo, Level), Error> {
    let full_or_older = async {
        let guild = client.guild(id).answered().await?;
        let level = match guild.served {
            Served::Stale { age, .. } => Level::Older(age),
            _ => Level::Full,
        };
        Ok((GuildInfo { id, name: guild.value.into_value().name.unwrap_or_default() }, level))
    };
    let minimal = |error: &Error| (GuildInfo { id, name: "Unknown".to_owned() }, Level::Minimal(error.to_string()));
    Ok(Fallback::in_trouble().or(full_or_older, minimal).await?.value)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let sim = Simulator::builder().build().expect("these settings are good");
    // A clock that the example can set, so that nobody has to wait for two hours.
    let now = Arc::new(AtomicI64::new(sim.now_unix_ms()));
    let shown = Arc::clone(&now);
    let clock = Clock::custom(move || UnixMillis::new(shown.load(Ordering::Relaxed)));
    let client = support::demo(&sim)?.clock(clock).cache(Cache::in_memory()).build()?;

    let show = async |id: i64| {
        let (guild, level) = guild_info(&client, GuildId::new(id)).await?;
        println!("{}: {level:?}", guild.name);
        Ok::<_, Error>(())
    };
    show(3468).await?;
    now.fetch_add(2 * 3_600_000, Ordering::Relaxed);
    let down = ScriptedFault::new(On::Api, FaultKind::Unavailable).times(1_000);
    sim.set_faults(Faults::none().with(down));
    show(3468).await?;
    show(3469).await
}
