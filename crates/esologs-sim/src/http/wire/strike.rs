//! Carries faults of the connection out.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use h2::Reason;
use http::header::CONNECTION;
use http::{HeaderValue, Response};

use super::pieces::Pieces;
use super::steps::{Step, over_http1, over_http2};
use super::{GLANCE, How, OpenCall, SETTLE, frames};
use crate::faults::{Fault, FaultKind, Struck};
use crate::http::serve::{Link, PortOrder};
use crate::service::undelivered::Undelivered;

/// How long a connection stays idle before `close_idle` ends it, unless told otherwise: long enough for a client to put it by.
const CLOSE_IDLE_AFTER: Duration = Duration::from_millis(50);
const ACCEPT_LATE_FOR: Duration = Duration::from_secs(1);
/// What clients were seen to survive by repeating.
const PORT_CLOSED_FOR: Duration = Duration::from_millis(800);
/// How long other streams may go on after a GOAWAY.
const GOAWAY_PATIENCE: Duration = Duration::from_secs(1);

/// An answer whose connection has a fault. Where the connection ends, this does not: it is dropped with it.
///
/// The error is what makes hyper reset one HTTP/2 stream.
pub(crate) async fn carry_out(
    struck: Struck,
    response: Response<Bytes>,
    is_http2: bool,
    link: &Link,
    call: OpenCall,
) -> Result<Response<Pieces>, h2::Error> {
    let Struck { fault, cost } = struck;
    let undelivered = Undelivered::new(link.sim(), cost);
    match fault.kind {
        FaultKind::RefusedStream => return Err(Reason::REFUSED_STREAM.into()),
        FaultKind::GoAway => match go_away(link, &call).await {},
        FaultKind::PortClosed => {
            link.order(PortOrder::RefuseFor(fault.lasts.unwrap_or(PORT_CLOSED_FOR))).await;
            match end(link, How::Reset).await {}
        }
        FaultKind::ResetBeforeHeaders if is_http2 => match end(link, How::Reset).await {},
        FaultKind::CloseBeforeHeaders if is_http2 => match end(link, How::Close).await {},
        FaultKind::StallBeforeHeaders => {
            if link.pause(fault.lasts).await {
                match end(link, How::Close).await {}
            }
        }
        FaultKind::SlowAccept => {
            link.order(PortOrder::AcceptLateBy(fault.lasts.unwrap_or(ACCEPT_LATE_FOR))).await;
            return Ok(last_of_connection(response, is_http2, link, call, undelivered));
        }
        FaultKind::CloseIdle => link.end_when_idle_for(fault.lasts.unwrap_or(CLOSE_IDLE_AFTER)),
        _ if is_http2 => return Ok(in_pieces(&fault, response, link, call, undelivered)),
        _ => match write_past_hyper(over_http1(&fault, &response), link, undelivered).await {},
    }
    undelivered.delivered();
    Ok(response.map(|body| Pieces::whole(body, link, call)))
}

async fn end(link: &Link, how: How) -> Infallible {
    link.end(how);
    pending().await
}

/// Other streams may end before the connection does.
async fn go_away(link: &Link, call: &OpenCall) -> Infallible {
    if let Some(wire) = call.wire.upgrade() {
        let _ = wire.inject(&frames::goaway(call.stream_before())).await;
    }
    let others_done = async {
        while call.wire.upgrade().is_some_and(|wire| wire.idle_for(1) < SETTLE) {
            tokio::time::sleep(GLANCE).await;
        }
    };
    let _ = tokio::time::timeout(GOAWAY_PATIENCE, others_done).await;
    end(link, How::Close).await
}

/// A good answer after which the connection is closed.
fn last_of_connection(
    mut response: Response<Bytes>,
    is_http2: bool,
    link: &Link,
    call: OpenCall,
    undelivered: Undelivered,
) -> Response<Pieces> {
    if is_http2 {
        link.end_when_idle_for(CLOSE_IDLE_AFTER);
    } else {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    undelivered.delivered();
    response.map(|body| Pieces::whole(body, link, call))
}

fn in_pieces(
    fault: &Fault,
    response: Response<Bytes>,
    link: &Link,
    call: OpenCall,
    undelivered: Undelivered,
) -> Response<Pieces> {
    response.map(|body| Pieces::by(over_http2(fault, &body), link, call, Some(undelivered)))
}

/// An HTTP/1.1 answer that hyper has no part in: it would not write one that is wrong.
async fn write_past_hyper(steps: Vec<Step>, link: &Link, undelivered: Undelivered) -> Infallible {
    for step in steps {
        let go_on = match step {
            Step::Write(bytes) => link.write_all(&bytes).await.is_ok(),
            Step::Wait(time) => !link.pause(time).await,
            Step::End(how) => {
                undelivered.delivered();
                match end(link, how).await {}
            }
        };
        if !go_on {
            break;
        }
    }
    end(link, How::Close).await
}
