//! One fault with its parameters.

use std::time::Duration;

use super::kind::{Damage, FaultKind, Strikes};

/// What an error status carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyForm {
    /// A page, as proxies and the CDN write it.
    Html,
    /// An object, as the API writes it.
    Json,
    /// Nothing.
    Empty,
}

/// How an HTTP/1.1 answer says where its body ends. HTTP/2 has frames for that: there, `Chunked` only leaves `content-length` out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length`.
    Length,
    /// `Transfer-Encoding: chunked`.
    Chunked,
}

/// A fault to be injected once: its kind and what differs from the kind's defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What happens.
    pub kind: FaultKind,
    /// Status of kinds that have a choice (`cloudflare`, `status`).
    pub status: Option<u16>,
    /// Body of kinds that have a choice.
    pub body: Option<BodyForm>,
    /// Value of `Retry-After`, as it is written: seconds, a date, or nonsense.
    pub retry_after: Option<String>,
    /// Time before the answer, on top of what else happens.
    pub delay: Duration,
    /// Whether points are charged; `None` is the kind's own way.
    pub strikes: Option<Strikes>,
    /// Byte after which a kind cuts, resets, closes or stalls; `None` is the kind's default.
    ///
    /// In a body it counts what is on the wire: compressed if the client allows that, with the lines of chunks. Beyond the end it means
    /// the last byte.
    pub at: Option<usize>,
    /// How many bytes, for kinds that count some.
    pub bytes: Option<usize>,
    /// Time from one piece to the next, for kinds that have pieces.
    pub every: Option<Duration>,
    /// How the body's end is told, for kinds that have a choice; default by length.
    pub framing: Option<Framing>,
    /// Field that `missing_field` takes out; `None` is one that the answer needs. Fields that `partial_data` lets fail, with commas
    /// between them; `None` is the first.
    pub field: Option<String>,
    /// How long it lasts, for kinds that last; `None` is the kind's default.
    pub lasts: Option<Duration>,
    /// Decides what is left open, so that the same fault is the same again.
    pub(crate) luck: u64,
}

impl Fault {
    /// A fault of that kind with the kind's defaults.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            status: None,
            body: None,
            retry_after: None,
            delay: if kind == FaultKind::Delay { Duration::from_secs(1) } else { Duration::ZERO },
            strikes: None,
            at: None,
            bytes: None,
            every: None,
            framing: None,
            field: None,
            lasts: None,
            luck: 0,
        }
    }

    /// When it strikes, and so whether the request is charged.
    #[must_use]
    pub fn strikes(&self) -> Strikes {
        let by_status = match (self.kind, self.status) {
            // Down, or its certificate is bad, or the tunnel is: the request never got there.
            (FaultKind::Cloudflare, Some(521 | 525..=527)) => Some(Strikes::Before),
            _ => None,
        };
        self.strikes.or(by_status).unwrap_or_else(|| self.kind.strikes())
    }

    /// Whether the answer is of no use to the client.
    #[must_use]
    pub fn breaks_answer(&self) -> bool {
        let goes_on = matches!(self.kind, FaultKind::StallBeforeHeaders | FaultKind::StallInBody) && self.lasts.is_some();
        !goes_on && self.kind.damage() != Damage::Harmless
    }
}
