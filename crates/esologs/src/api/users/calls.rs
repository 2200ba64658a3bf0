//! The calls on users of the site. They need a user token.

use super::models::User;
use crate::api::call::call;
use crate::api::draft::Draft;
use crate::api::verbatim::Verbatim;
use crate::client::Client;
use crate::ids::UserId;

call! {
    /// A user of the site; made by [`Client::user`]. Guilds, characters and account names are there for the user's own
    /// token only.
    pub struct UserCall -> one(Verbatim<User>) {
        method: "client.user(id)",
        at: "userData" / "user",
        operation: "User" = USER,
        peer: ["get_user_by_id", "get_user_data"],
        needs_user: true,
        parameters: {}
    }
}

call! {
    /// The token's own user; made by [`Client::current_user`]. Needs a user token.
    pub struct CurrentUserCall -> one(Verbatim<User>) {
        method: "client.current_user()",
        at: "userData" / "currentUser",
        operation: "CurrentUser" = CURRENT_USER,
        peer: ["get_current_user"],
        needs_user: true,
        parameters: {}
    }
}

/// What a client's own token is told of users: nothing.
const HINT: &str = "users are shown to user tokens only";

impl Client {
    /// The user of this number. The service answers null to a client's own token: needs a user token.
    pub fn user(&self, id: impl Into<UserId>) -> UserCall {
        let id = id.into();
        let unseen = format!("there is no user {id} that this key can see");
        UserCall::of(Draft::about_one(self, format!("user {id}"), unseen, Some(HINT)).with("id", id))
    }

    /// The user whose token it is. The service answers null to a client's own token: needs a user token.
    pub fn current_user(&self) -> CurrentUserCall {
        let unseen = "this key has no user".to_owned();
        CurrentUserCall::of(Draft::about_one(self, "the token's user", unseen, Some(HINT)))
    }
}
