//! Where a sign-in is kept, and how it is forgotten.

use esologs::{Endpoint, TokenStore};

use crate::args::{LogoutArgs, StoreArgs};
use crate::connection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// Where the sign-in is kept, and for which host.
pub(super) fn store_of(args: &StoreArgs) -> Result<(TokenStore, Endpoint), Failure> {
    let endpoint = connection::endpoint(args.base_url.as_deref())?;
    let store = TokenStore::of_user()?;
    let store = match &args.profile {
        Some(name) => store.profile(name)?,
        None => store,
    };
    Ok((store, endpoint))
}

pub(super) async fn sign_out(args: &LogoutArgs) -> Result<Exit, Failure> {
    let (store, endpoint) = store_of(&args.store)?;
    let forgotten = store.forget(&endpoint).await?;
    let what = match (forgotten.credentials, forgotten.signed_in) {
        (false, false) => "nothing was kept".to_owned(),
        (true, false) => "forgotten: the API client".to_owned(),
        (false, true) => "forgotten: the user's sign-in".to_owned(),
        (true, true) => "forgotten: the API client and the user's sign-in".to_owned(),
    };
    output::talk(format_args!("{what} (profile {}, {})", store.profile_name(), words::plain(&endpoint.host())));
    if forgotten.signed_in {
        output::talk(format_args!("The site still lists the leave that you gave it; take it back in your settings there."));
    }
    Ok(Exit::Done)
}
