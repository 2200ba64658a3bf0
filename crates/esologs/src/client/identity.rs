//! Who asks: a token, the account of the points that are spent with it, and the address that answers it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Uri;
use tokio::time::Instant;

use super::{AuthScope, lock};
use crate::api::RateLimitData;
use crate::auth::TokenSource;
use crate::config::Origin;
use crate::resilience::{Gate, PointsMeter, PointsSeen};

/// One of those in whose name a client asks.
pub(crate) struct Identity {
    tokens: TokenSource,
    /// `None` where points are not planned with.
    gate: Option<Arc<Gate>>,
    points: Mutex<PointsMeter>,
    api: Uri,
    scope: AuthScope,
    origin: Origin,
}

impl Identity {
    pub(super) fn new(tokens: TokenSource, gate: Option<Arc<Gate>>, api: Uri, scope: AuthScope, origin: Origin) -> Self {
        Self { tokens, gate, points: Mutex::default(), api, scope, origin }
    }

    /// Whose answers it gets.
    pub(crate) fn scope(&self) -> &AuthScope {
        &self.scope
    }

    pub(crate) fn is_user(&self) -> bool {
        self.scope.is_user()
    }

    pub(crate) fn tokens(&self) -> &TokenSource {
        &self.tokens
    }

    pub(crate) fn gate(&self) -> Option<&Arc<Gate>> {
        self.gate.as_ref()
    }

    /// Where its queries go.
    pub(crate) fn api(&self) -> &Uri {
        &self.api
    }

    /// Where it was said who it is.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    pub(super) fn points_seen(&self) -> Option<PointsSeen> {
        lock(&self.points).seen()
    }

    pub(super) fn record_points(&self, snapshot: &RateLimitData, at: Instant) {
        lock(&self.points).record(snapshot, at);
    }

    pub(super) fn points_back_in(&self, service_said_spent: bool) -> Option<Duration> {
        let (points, now) = (lock(&self.points), Instant::now());
        if service_said_spent { points.window_left(now) } else { points.spent_until(now) }
    }
}
