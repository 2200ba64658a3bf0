//! What the examples share: where their client goes.
#![allow(dead_code, reason = "each example uses a part of it")]

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{Client, ClientBuilder, Clock, Credentials, Endpoint, Error, UnixMillis};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, FaultKind, Faults, On, ScriptedFault, Simulator};
use http::Request;

/// The simulator in this process, without sockets.
struct InProcess(Simulator);

impl Transport for InProcess {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move { Ok(self.0.handle(request).await) })
    }
}

/// A builder for a client of the service whose address is the program's first argument (`https://www.esologs.com`; credentials
/// from the environment). Without one: of a simulator in this process whose operation of this name fails so often.
pub(crate) fn service(operation: &str, kind: FaultKind, times: u64) -> Result<ClientBuilder, Error> {
    if let Some(address) = std::env::args().nth(1) {
        return Ok(Client::builder().endpoint(Endpoint::new(&address)?));
    }
    let fault = ScriptedFault::new(On::Operation(operation.to_owned()), kind).times(times);
    let sim = Simulator::builder().faults(Faults::none().with(fault)).build().expect("these settings are good");
    demo(&sim)
}

/// A builder for a client of this simulator.
pub(crate) fn demo(sim: &Simulator) -> Result<ClientBuilder, Error> {
    let clock = Clock::starting_at(UnixMillis::new(sim.now_unix_ms()));
    let credentials = Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)?;
    Ok(Client::builder().credentials(credentials).transport(InProcess(sim.clone())).clock(clock))
}
