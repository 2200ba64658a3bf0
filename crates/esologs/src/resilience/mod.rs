//! What surrounds a call so that it ends well: deadline, retry, attempt time-out. `pipeline` shows their order.

mod deadline;
mod final_error;
mod pipeline;
mod points;
mod retry;
mod wait;

pub(crate) use deadline::Deadline;
pub(crate) use points::PointsMeter;
pub use points::PointsSeen;
pub(crate) use retry::TokenBackoff;
