//! A fault of the connection as what is done, one after the other. Decisions only.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};

use super::{How, SETTLE};
use crate::faults::{Fault, FaultKind, Framing};

/// One thing that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Write(Bytes),
    /// For ever if `None`.
    Wait(Option<Duration>),
    End(How),
}

/// An answer as steps.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Length that is told; `None` is chunked.
    pub(crate) length: Option<usize>,
    pub(crate) steps: Vec<Step>,
}

/// Time for the client to meet what came after the end.
const AFTER_TOO_MANY: Duration = Duration::from_secs(1);
/// Pieces of a drip, unless told otherwise, and their distance.
const DRIP_PIECES: usize = 20;
const DRIP_EVERY: Duration = Duration::from_millis(100);
/// A chunked answer has so many chunks, so that there is something between chunks.
const CHUNKS: usize = 3;

/// The answer as HTTP/1.1 text, headers included.
pub(crate) fn over_http1(fault: &Fault, response: &Response<Bytes>) -> Vec<Step> {
    let chunked = fault.framing == Some(Framing::Chunked);
    let body = if chunked { in_chunks(response.body()) } else { response.body().clone() };
    let Plan { length, mut steps } = of_body(fault, response.body().len(), body);
    let head = head(response, length, matches!(steps.last(), Some(Step::Write(_))));
    if fault.kind.leaves_no_answer() {
        let begun = head.slice(..fault.at.unwrap_or(0).min(head.len() - 1));
        return vec![Step::Write(begun), Step::Wait(Some(SETTLE)), end_of(fault.kind)];
    }
    steps.insert(0, Step::Write(head));
    if !matches!(steps.last(), Some(Step::End(_))) {
        steps.push(Step::End(How::Close));
    }
    steps
}

/// The body as HTTP/2 sends it: in frames, so without chunks.
pub(crate) fn over_http2(fault: &Fault, body: &Bytes) -> Plan {
    let mut plan = of_body(fault, body.len(), body.clone());
    // What was handed over has to get through hyper, too.
    if let Some(Step::End(_)) = plan.steps.last() {
        plan.steps.insert(plan.steps.len() - 1, Step::Wait(Some(SETTLE)));
    }
    if fault.kind == FaultKind::LengthTooSmall || fault.kind == FaultKind::LengthTooLarge {
        plan.steps.retain(|step| matches!(step, Step::Write(_)));
    }
    plan
}

/// `length` is that of the contents, `body` what is sent of them, framing included.
fn of_body(fault: &Fault, length: usize, body: Bytes) -> Plan {
    let told = (fault.framing != Some(Framing::Chunked)).then_some(length);
    let (before, after) = cut(fault, &body);
    let bytes = fault.bytes.unwrap_or(1);
    match fault.kind {
        FaultKind::ResetInBody => {
            Plan { length: told, steps: vec![Step::Write(before), Step::Wait(Some(SETTLE)), Step::End(How::Reset)] }
        }
        FaultKind::CloseInBody => Plan { length: told, steps: vec![Step::Write(before), Step::End(How::Close)] },
        FaultKind::LengthTooLarge => Plan {
            length: Some(length.saturating_add(bytes)),
            steps: vec![Step::Write(body), Step::Wait(Some(fault.lasts.unwrap_or(Duration::ZERO))), Step::End(How::Close)],
        },
        FaultKind::LengthTooSmall => Plan {
            length: Some(length.saturating_sub(bytes)),
            steps: vec![Step::Write(body), Step::Wait(Some(fault.lasts.unwrap_or(AFTER_TOO_MANY))), Step::End(How::Close)],
        },
        FaultKind::StallInBody => {
            Plan { length: told, steps: vec![Step::Write(before), Step::Wait(fault.lasts), Step::Write(after)] }
        }
        FaultKind::Drip => Plan { length: told, steps: dripping(fault, &body) },
        _ => Plan { length: told, steps: vec![Step::Write(body)] },
    }
}

/// The body in two; the second part is not empty if the body is not.
fn cut(fault: &Fault, body: &Bytes) -> (Bytes, Bytes) {
    let last = body.len().saturating_sub(1);
    let drawn = usize::try_from(fault.luck % body.len().max(1) as u64).unwrap_or(0);
    let at = fault.at.unwrap_or(drawn).min(last);
    (body.slice(..at), body.slice(at..))
}

fn dripping(fault: &Fault, body: &Bytes) -> Vec<Step> {
    let size = fault.bytes.unwrap_or(body.len().div_ceil(DRIP_PIECES)).max(1);
    let pause = Step::Wait(Some(fault.every.unwrap_or(DRIP_EVERY)));
    let offsets = (0..body.len()).step_by(size);
    let pieces = offsets.map(|from| Step::Write(body.slice(from..body.len().min(from + size))));
    let mut steps: Vec<Step> = pieces.flat_map(|piece| [pause.clone(), piece]).collect();
    if !steps.is_empty() {
        // The first piece comes with the headers.
        steps.remove(0);
    }
    steps
}

fn end_of(kind: FaultKind) -> Step {
    Step::End(if kind == FaultKind::CloseBeforeHeaders { How::Close } else { How::Reset })
}

/// Status line and headers, up to and with the blank line. `ends`: the connection is announced to be closed after this answer.
fn head(response: &Response<Bytes>, length: Option<usize>, ends: bool) -> Bytes {
    let status = response.status();
    let mut head = format!("HTTP/1.1 {} {}\r\n", status.as_str(), status.canonical_reason().unwrap_or("")).into_bytes();
    let mut line = |name: &str, value: &[u8]| {
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    };
    for (name, value) in response.headers() {
        line(name.as_str(), value.as_bytes());
    }
    match length {
        Some(length) => line(CONTENT_LENGTH.as_str(), length.to_string().as_bytes()),
        None => line(TRANSFER_ENCODING.as_str(), b"chunked"),
    }
    if ends {
        line(CONNECTION.as_str(), b"close");
    }
    head.extend_from_slice(b"\r\n");
    head.into()
}

fn in_chunks(body: &Bytes) -> Bytes {
    let mut text = Vec::with_capacity(body.len() + 64);
    for chunk in body.chunks(body.len().div_ceil(CHUNKS).max(1)) {
        text.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        text.extend_from_slice(chunk);
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(b"0\r\n\r\n");
    text.into()
}
