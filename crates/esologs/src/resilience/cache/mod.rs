//! Answers that the service gave before: for as long as they are good, and after that where it fails.
//!
//! `kind` is the table of what is kept, `lifetime` decides for how long, `facts` and `reading` know whether a report is final, `key` what
//! is the same question. `answers` is the cache of a client: `memory` in front of a `folder`. Where it stands in a call: `caching`.

mod answers;
mod entry;
mod facts;
mod figures;
mod folder;
mod key;
mod kind;
mod lifetime;
mod memory;
mod reading;
mod served;
mod settings;

pub(crate) use answers::{Answers, Question};
pub(crate) use entry::Entry;
pub use figures::KeptAnswer;
pub(crate) use key::Realm;
pub(crate) use lifetime::Standing;
pub use served::{Answered, Served, StaleCause};
pub use settings::{Cache, CacheRow, CacheStatus, CacheVerified};
