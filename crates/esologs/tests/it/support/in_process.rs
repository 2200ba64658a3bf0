//! The simulator as a transport, without sockets, so that time can be paused.

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{CallPolicy, Client, ClientBuilder, Clock, Credentials, UnixMillis};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Simulator};
use http::Request;

/// A simulator in the same process.
pub(crate) struct InProcess(pub(crate) Simulator);

impl Transport for InProcess {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move { Ok(self.0.handle(request).await) })
    }
}

/// A client of this simulator, with its demo key and its clock.
pub(crate) fn client_of(sim: &Simulator, policy: CallPolicy) -> Client {
    builder_of(sim).policy(policy).build().unwrap()
}

/// The same, not yet built.
pub(crate) fn builder_of(sim: &Simulator) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET).unwrap())
        .transport(InProcess(sim.clone()))
        .clock(Clock::starting_at(UnixMillis::new(sim.now_unix_ms())))
        .seed(1)
}
