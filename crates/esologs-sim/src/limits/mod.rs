//! The two limits of the service, which know nothing of each other: points per window and requests per address.
//!
//! Both are pure: they are given `now` as time since the simulator's start and answer with a value.

pub(crate) mod cost;
pub(crate) mod points;
pub(crate) mod throttle;

pub use cost::CostModel;
pub use points::PointsSettings;
pub use throttle::ThrottleSettings;
