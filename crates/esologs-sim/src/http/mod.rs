//! HTTP around the service: paths, bodies, compression, the TCP server.

pub(crate) mod gzip;
pub(crate) mod reply;
pub(crate) mod route;
pub(crate) mod serve;

pub use serve::{ClientAddress, Running};
