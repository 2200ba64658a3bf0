//! Settings: where the API is, who asks, how patient a call is.

mod credentials;
mod endpoint;
mod environment;
mod policy;

pub use credentials::Credentials;
pub use endpoint::Endpoint;
pub use environment::Origin;
pub(crate) use environment::{Environment, Found};
pub use policy::{Backoff, CallPolicy, MaxWait, RetryIf};
