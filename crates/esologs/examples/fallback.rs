//! Degradation: an older copy where the service is in trouble, the little that is known where there is none, and never a guess
//! where the service said no.
//!
//! Run it with `cargo run -p esologs --example fallback`: the guild comes once, then from the copy, another not at all.

mod support;

use std::collections::HashMap;

use esologs::{Client, Error, Fallback, GuildId, OrFallback};
use esologs_sim::FaultKind;

/// What a page shows of a guild.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GuildInfo {
    pub(crate) id: GuildId,
    pub(crate) name: String,
}

/// Guilds seen earlier.
pub(crate) type Copies = HashMap<GuildId, GuildInfo>;

/// The guild as it is now; in trouble as it was, or "Unknown". The result says which, and why.
pub(crate) async fn guild_info(client: &Client, copies: &mut Copies, id: GuildId) -> Result<OrFallback<GuildInfo, Error>, Error> {
    let fresh = async {
        let guild = client.guild(id).get().await?.into_value();
        Ok(GuildInfo { id, name: guild.name.unwrap_or_default() })
    };
    let minimal = || GuildInfo { id, name: "Unknown".to_owned() };
    let older = |_: &Error| copies.get(&id).cloned().unwrap_or_else(minimal);
    let info = Fallback::in_trouble().or(fresh, older).await?;
    if info.is_real() {
        copies.insert(id, info.value.clone());
    }
    Ok(info)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut copies = Copies::new();
    for (failures, id) in [(0, 3468), (9, 3468), (9, 3469)] {
        let client = support::service("Guild", FaultKind::Unavailable, failures)?.build()?;
        let info = guild_info(&client, &mut copies, GuildId::new(id)).await?;
        println!("{}: {}", info.value.name, info.error.map_or("as it is now".to_owned(), |error| error.to_string()));
    }
    Ok(())
}
