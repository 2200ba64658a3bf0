//! Connections under full control: time to connect, to read and to write, for a place among the calls on their way, how many
//! calls there are at once, and how many idle connections are kept.
//!
//! Run it with `cargo run -p esologs --example http_settings`. It starts a simulator on a port of this machine, since these
//! settings are about sockets.

use std::time::Duration;

use esologs::transport::HttpSettings;
use esologs::{CallPolicy, Client, ClientBuilder, Credentials, Endpoint, Error, GuildId};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Simulator};

/// What the connections do is said in `HttpSettings`, what a call does in `CallPolicy`.
pub(crate) fn client(builder: ClientBuilder) -> Result<Client, Error> {
    let http = HttpSettings { connect_timeout: Duration::from_secs(10), ..HttpSettings::default() };
    let policy = CallPolicy {
        concurrency: 100,                           // calls on their way, and so connections, at most
        slot_timeout: Some(Duration::from_secs(5)), // the wait for a place among them: the pool time-out
        ..CallPolicy::interactive().timeout(Duration::from_secs(45))
    };
    builder.http(http).policy(policy).build()
}

/// The guild's name, from a service at this address.
pub(crate) async fn run(base_url: &str, guild: GuildId) -> Result<String, Error> {
    let credentials = Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)?;
    let client = client(Client::builder().endpoint(Endpoint::new(base_url)?).credentials(credentials))?;
    Ok(client.guild(guild).get().await?.into_value().name.unwrap_or_default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let service = Simulator::builder().build()?.start_tcp("127.0.0.1:0").await?;
    println!("{}", run(&service.base_url(), GuildId::new(3468)).await?);
    Ok(())
}
