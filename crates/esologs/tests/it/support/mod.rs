//! Set-up with the domain's verbs: a scripted service, a client on it, and what happened between them.

pub(crate) mod alone;
pub(crate) mod cutting;
pub(crate) mod in_process;
pub(crate) mod own_process;
pub(crate) mod reply;
pub(crate) mod rig;
pub(crate) mod script;
pub(crate) mod served;
pub(crate) mod server;
pub(crate) mod sources;

pub(crate) use reply::{Reply, broken, graphql_error, hangs, json, rate_limit, snapshot, status, token};
pub(crate) use rig::{BASE, Rig, Told, brisk, hasty, sockets};
pub(crate) use script::{Script, Seen, To};

use std::error::Error as StdError;

/// What a person could come to see of an error: its text, its debug output, its hint, and the same of every cause.
pub(crate) fn everything_shown(error: &(dyn StdError + 'static)) -> String {
    let mut shown = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        shown.push_str(&format!("{error}\n{error:?}\n{error:#?}\n"));
        if let Some(error) = error.downcast_ref::<esologs::Error>() {
            shown.push_str(error.hint().unwrap_or_default());
        }
        next = error.source();
    }
    shown
}
