//! Settings: where the API is, who asks, how patient a call is.

mod credentials;
mod endpoint;
mod policy;

pub use credentials::Credentials;
pub use endpoint::Endpoint;
pub use policy::{Backoff, CallPolicy, MaxWait, RetryIf};
