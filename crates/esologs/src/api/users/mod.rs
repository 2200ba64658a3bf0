//! `userData`: users of the site. They need a user token.

mod calls;
mod models;

pub use calls::{CurrentUserCall, UserCall};
pub use models::User;

use super::catalogue::CallInfo;

/// The calls under this root field.
pub(super) fn calls() -> Vec<CallInfo> {
    vec![UserCall::info(), CurrentUserCall::info()]
}
