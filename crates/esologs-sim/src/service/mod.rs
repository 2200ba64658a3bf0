//! A request's way through the service.
//!
//! Token: fault → id and secret → token. API: fault → throttle → token → points → execution → charge → fault.

mod api;
mod authorize;
mod token;
pub(crate) mod undelivered;

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use crate::Simulator;
use crate::faults::answer::replacing;
use crate::faults::plan::{Chosen, Target};
use crate::faults::{Carrier, Fault, FaultKind, Strikes, Struck};
use crate::http::route::Route;
use crate::http::{gzip, reply};

impl Simulator {
    /// Answers one request, in process.
    ///
    /// Delays are tokio's, so a test with paused time does not wait for them. The client's address is taken from the extension
    /// [`ClientAddress`](crate::ClientAddress). Nothing here fails: what goes wrong is an answer, as it is over HTTP. Faults of the
    /// connection ([`FaultKind::is_below_http`](crate::FaultKind::is_below_http)) need one, so they do not strike here: scripted ones
    /// wait for a request that comes over TCP, and drawn ones leave their share to the other kinds.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let route = Route::of(request.method(), request.uri().path());
        self.count_arrival(route);
        let gzip_accepted = gzip::accepted(request.headers());
        let response = match route {
            Route::Token => self.answer_token(&request).await,
            Route::Authorize => self.answer_authorize(&request),
            Route::Api(endpoint) => self.answer_api(endpoint, &request).await,
            // A GET on the API is 404, as seen; the token endpoint says 405, as Laravel does.
            Route::WrongMethod("/oauth/token") => reply::empty(StatusCode::METHOD_NOT_ALLOWED),
            Route::WrongMethod(_) | Route::Unknown => reply::not_found(),
        };
        let seen = response.extensions().get::<Struck>().is_none_or(|struck| !struck.fault.kind.leaves_no_answer());
        if seen {
            *self.state().stats.by_status.entry(response.status().as_u16()).or_default() += 1;
        }
        if gzip_accepted { gzip::compress(response) } else { response }
    }

    fn count_arrival(&self, route: Route) {
        let stats = &mut self.state().stats;
        stats.requests += 1;
        *stats.by_endpoint.entry(route.label()).or_default() += 1;
    }

    fn choose_fault(&self, target: Target<'_>) -> Option<Chosen> {
        self.state().plan.choose(target)
    }

    /// Counts a fault that strikes now, and does what it does besides answering.
    fn strike(&self, fault: &Fault) {
        let mut state = self.state();
        state.stats.count_fault(fault.kind.name());
        if fault.kind == FaultKind::RevokeTokens {
            state.tokens.revoke_all();
        }
    }

    /// The answer of a fault that strikes before anything is executed, if this one does.
    async fn struck_before(&self, chosen: Option<&Chosen>) -> Option<Response<Bytes>> {
        let fault = &chosen?.fault;
        if fault.strikes() == Strikes::After {
            return None;
        }
        let answer = if fault.kind.leaves_no_answer() { reply::empty(StatusCode::OK) } else { replacing(fault)? };
        self.strike(fault);
        wait(fault).await;
        Some(told_to_connection(fault, 0.0, answer))
    }
}

/// The answer with what its connection shall do, if the fault is one of the connection.
fn told_to_connection(fault: &Fault, cost: f64, mut answer: Response<Bytes>) -> Response<Bytes> {
    if fault.kind.is_below_http() {
        answer.extensions_mut().insert(Struck { fault: fault.clone(), cost });
    }
    answer
}

/// How the request came here.
fn carrier(request: &Request<Bytes>) -> Carrier {
    request.extensions().get().copied().unwrap_or(Carrier::InProcess)
}

async fn wait(fault: &Fault) {
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }
}
