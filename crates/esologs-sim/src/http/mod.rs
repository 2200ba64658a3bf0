//! HTTP around the service: paths, bodies, compression, the TCP server.

pub(crate) mod gzip;
pub(crate) mod port;
pub(crate) mod reply;
pub(crate) mod route;
pub(crate) mod serve;
pub(crate) mod wire;

pub use serve::{ClientAddress, Running};
