//! `esologs auth …`: signing in for this and the next runs; who asks, and whether the service lets them.

mod browser;
mod doctor;
mod key;
mod prompt;
mod status;
mod store;
mod user;

use crate::args::AuthWhat;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) async fn run(what: AuthWhat) -> Result<Exit, Failure> {
    match what {
        AuthWhat::Login(args) if args.user => user::sign_in(args).await,
        AuthWhat::Login(args) => key::sign_in(&args).await,
        AuthWhat::Logout(args) => store::sign_out(&args).await,
        AuthWhat::Status(args) => status::run(args).await,
        AuthWhat::Doctor(args) => doctor::run(args).await,
    }
}
