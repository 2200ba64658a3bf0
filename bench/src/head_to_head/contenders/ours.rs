//! Our client.

use std::error::Error;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport, TransportError, TransportErrorKind};
use esologs::{CallPolicy, Client, Clock, Credentials, Endpoint, UnixMillis};
use http::header::AUTHORIZATION;
use http::{Request, Response};

use super::{CONCURRENCY, CallFuture, Contender};
use crate::head_to_head::scenarios::EPOCH_MS;
use crate::head_to_head::wire::{Arrived, Wire};

pub(super) struct Ours(Client);

impl Ours {
    pub(super) fn new(wire: Wire, policy: CallPolicy) -> Result<Self, Box<dyn Error>> {
        let start = UnixMillis::new(EPOCH_MS).plus(wire.now());
        let client = Client::builder()
            .credentials(Credentials::new("head-to-head", "secret")?)
            .endpoint(Endpoint::new("https://wire.test")?)
            .clock(Clock::starting_at(start))
            .policy(CallPolicy { concurrency: CONCURRENCY, ..policy })
            // The calls of a scenario are all equal; shared, they would not be as many as it says.
            .without_single_flight()
            // How many calls there are a second is the scenario's own business.
            .without_request_rate()
            .seed(7)
            .transport(OnWire(wire))
            .build()?;
        Ok(Self(client))
    }
}

impl Contender for Ours {
    fn call(&self) -> CallFuture<'_> {
        Box::pin(async { self.0.rate_limit().await.is_ok() })
    }
}

struct OnWire(Wire);

impl Transport for OnWire {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move {
            if request.uri().path() == "/oauth/token" {
                let token = self.0.token().await;
                let body = format!(r#"{{"token_type":"Bearer","expires_in":31104000,"access_token":"{token}"}}"#);
                return Ok(Response::new(Bytes::from(body)));
            }
            let token = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
            match self.0.ask(token.map(str::to_owned)).await {
                Arrived::Whole(response) => Ok(response),
                Arrived::Broken(_) => Err(TransportError::new(TransportErrorKind::BodyBroken, "the answer broke off")),
                Arrived::Reset => Err(TransportError::new(TransportErrorKind::ClosedBeforeHeaders, "the connection was reset")),
            }
        })
    }
}
