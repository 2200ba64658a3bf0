//! Ready-made answers of the API, and a server that gives them.

mod answers;
mod events;
mod server;

pub use answers::{Answers, GUILD, PAGE_MS, World};
pub use events::append_event;
pub use server::serve;
