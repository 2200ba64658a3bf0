//! How many calls are on their way at once, and how many are begun in a second.

mod rate;
mod slots;

pub use rate::RateSettings;
pub(crate) use rate::RequestRate;
pub use slots::Priority;
pub(crate) use slots::{LineFull, Slot, Slots};
