use std::env;

use esologs::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let report = env::args().nth(1).unwrap_or_default();
    for (id, name, is_kill) in deaths::fights(&Client::from_env()?, &report).await? {
        println!("{id:>3} {} {name}", if is_kill { "kill" } else { "    " });
    }
    Ok(())
}
