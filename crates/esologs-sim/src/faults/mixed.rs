//! The set for demonstrations: everything transient that the service was seen to do, mixed.
//!
//! A patient client gets through all of it. Therefore it holds nothing final (403, 404, 525, redirects), nothing that may be repeated once
//! only (425), no long waits (`Retry-After` at most 2 s, delays at most 1 s), and no `points_spent`: a client that believes it waits for the
//! end of the window. `bad_escapes` and `control_characters` are left out because a client may repair them, and which repair gives what
//! the service meant cannot be told.

use std::time::Duration;

use super::fault::{Fault, Framing};
use super::kind::FaultKind::{self, *};

/// Kinds and their weights.
pub(crate) const WEIGHTS: &[(FaultKind, f64)] = &[
    (BadGateway, 3.0),
    (Unavailable, 3.0),
    (Cloudflare, 3.0),
    (GatewayTimeout, 2.0),
    (ServerErrorHtml, 2.0),
    (ServerErrorJson, 1.0),
    (RequestTimeout, 1.0),
    (Throttled, 2.0),
    (ThrottledHtml, 0.5),
    (Maintenance, 1.0),
    (PhpError, 1.0),
    (EmptyBody, 1.0),
    (TruncatedJson, 2.0),
    (DataNull, 1.0),
    (NoData, 0.5),
    (MissingField, 1.0),
    (InternalError, 2.0),
    (GraphqlRateLimit, 0.5),
    (PartialData, 1.0),
    (Unauthenticated, 1.0),
    (UnauthenticatedMessage, 0.5),
    (UnauthenticatedGraphql, 0.5),
    (StringScalars, 2.0),
    (Delay, 2.0),
];

/// Statuses of [`Cloudflare`] that a retry can cure.
const TRANSIENT_CLOUDFLARE: [u16; 6] = [520, 521, 522, 523, 524, 527];

/// A fault of that kind whose parameters are drawn.
pub(crate) fn draw_parameters(kind: FaultKind, random: &mut fastrand::Rng) -> Fault {
    let mut fault = Fault::new(kind);
    fault.luck = random.u64(..);
    match kind {
        Cloudflare => fault.status = random.choice(TRANSIENT_CLOUDFLARE),
        Unavailable if random.bool() => fault.retry_after = Some("1".to_owned()),
        Throttled | PointsSpent => fault.retry_after = Some(random.u8(1..=2).to_string()),
        Delay => fault.delay = Duration::from_millis(random.u64(100..=1_000)),
        ResetInBody | CloseInBody | StallInBody | Drip => fault.framing = random.choice([Framing::Length, Framing::Chunked]),
        PortClosed => fault.lasts = Some(Duration::from_millis(random.u64(200..=800))),
        _ => {}
    }
    // One stall in four is for ever.
    if matches!(kind, StallBeforeHeaders | StallInBody) && random.u8(..) >= 64 {
        fault.lasts = Some(Duration::from_millis(random.u64(1_000..=8_000)));
    }
    fault
}
