//! `esologs auth …`: who asks, and whether the service lets them.

mod doctor;
mod status;

use crate::args::AuthWhat;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) async fn run(what: AuthWhat) -> Result<Exit, Failure> {
    match what {
        AuthWhat::Status(args) => status::run(args).await,
        AuthWhat::Doctor(args) => doctor::run(args).await,
    }
}
