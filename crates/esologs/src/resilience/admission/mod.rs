//! How many calls are on their way at once, and how many are begun in a second.

mod pace;
mod rate;
mod slots;
mod throttle;

pub(crate) use pace::TurnIn;
pub use rate::RateSettings;
pub(crate) use rate::{Pacing, RequestRate, Turn};
pub use slots::Priority;
pub(crate) use slots::{LineFull, Slot, Slots};
