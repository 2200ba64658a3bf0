//! The body of an answer, as hyper asks for it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::steps::{Plan, Step};
use super::{How, OpenCall};
use crate::http::serve::Link;
use crate::service::undelivered::Undelivered;

/// Whether the server stops.
type Waiting = Pin<Box<dyn Future<Output = bool> + Send>>;

/// A body that comes step by step. The request counts as open until it is dropped.
pub(crate) struct Pieces {
    steps: VecDeque<Step>,
    length: Option<usize>,
    waiting: Option<Waiting>,
    link: Link,
    undelivered: Option<Undelivered>,
    _call: OpenCall,
}

impl Pieces {
    /// Everything at once.
    pub(crate) fn whole(body: Bytes, link: &Link, call: OpenCall) -> Self {
        let length = Some(body.len());
        let steps = if body.is_empty() { Vec::new() } else { vec![Step::Write(body)] };
        Self::by(Plan { length, steps }, link, call, None)
    }

    pub(crate) fn by(plan: Plan, link: &Link, call: OpenCall, undelivered: Option<Undelivered>) -> Self {
        let Plan { length, steps } = plan;
        Self { steps: steps.into(), length, waiting: None, link: link.clone(), undelivered, _call: call }
    }

    fn delivered_if_complete(&mut self) {
        if self.steps.is_empty()
            && let Some(undelivered) = self.undelivered.take()
        {
            undelivered.delivered();
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        loop {
            if let Some(waiting) = &mut self.waiting {
                let stopping = ready!(waiting.as_mut().poll(context));
                self.waiting = None;
                if stopping {
                    self.steps.push_front(Step::End(How::Close));
                }
            }
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Write(bytes)) if bytes.is_empty() => self.delivered_if_complete(),
                Some(Step::Write(bytes)) => {
                    self.delivered_if_complete();
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Step::Wait(time)) => {
                    let link = self.link.clone();
                    self.waiting = Some(Box::pin(async move { link.pause(time).await }));
                }
                Some(Step::End(how)) => {
                    self.link.end(how);
                    // The connection's task was told, and drops this with the connection.
                    self.steps.push_front(Step::Wait(None));
                    return Poll::Pending;
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty() && self.waiting.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, |length| SizeHint::with_exact(length as u64))
    }
}
