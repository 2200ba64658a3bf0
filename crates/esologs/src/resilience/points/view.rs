//! How a ledger stands, for people and programs.

use std::time::Duration;

use super::spenders::Spender;
use super::{Gate, Standing};
use crate::client::Client;
use crate::units::{Points, UnixMillis};

/// How the points of a key stand, as far as this client's ledger knows. Made by [`Client::points`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PointsView {
    /// Points of a window; `None` before the first answer that told.
    pub limit: Option<Points>,
    /// Spent in the running window, as the service told it last.
    pub spent: Points,
    /// Set aside for requests on their way.
    pub reserved: Points,
    /// Set aside for requests that are over, but whose charge no snapshot is sure to hold yet.
    pub unsettled: Points,
    /// What batch calls leave to interactive ones now.
    pub kept_for_interactive: Points,
    /// Requests on their way, of all who share the ledger.
    pub calls_on_their_way: usize,
    /// When the window ends, at the latest; `None` where no answer told of the running one.
    pub resets_at: Option<UnixMillis>,
    /// The longest time to a window's end that was seen: no window is known to be longer.
    pub window: Option<Duration>,
    /// The service refused for its points, and nothing is asked before then.
    pub closed_until: Option<UnixMillis>,
    /// Who spent the points of the running window, the largest first.
    pub spenders: Vec<PointsSpender>,
}

/// What one process spent on one operation in the running window.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PointsSpender {
    /// Who: the client's name, and the number of its process.
    pub owner: String,
    /// On what.
    pub operation: String,
    /// Requests that were, or may have been, charged.
    pub calls: u64,
    /// Points, about: by what such calls cost in the mean.
    pub points: Points,
}

impl PointsView {
    /// What is left of the window for this client's calls, with all that may be charged yet taken off; `None` where the limit is
    /// not known.
    #[must_use]
    pub fn left(&self) -> Option<Points> {
        let open = self.spent.get() + self.reserved.get() + self.unsettled.get();
        self.limit.map(|limit| Points::new((limit.get() - open).max(0.0)))
    }

    fn of(standing: &Standing, spenders: Vec<Spender>) -> Self {
        Self {
            limit: standing.limit.map(Points::new),
            spent: Points::new(standing.spent),
            reserved: Points::new(standing.reserved),
            unsettled: Points::new(standing.settling + standing.ambiguous),
            kept_for_interactive: Points::new(standing.kept_for_interactive),
            calls_on_their_way: standing.calls_on_their_way,
            resets_at: standing.end_ms.map(UnixMillis::new),
            window: standing.length_ms.map(|length_ms| Duration::from_millis(u64::try_from(length_ms).unwrap_or(0))),
            closed_until: standing.closed_until_ms.map(UnixMillis::new),
            spenders: spenders.into_iter().map(PointsSpender::from).collect(),
        }
    }
}

impl From<Spender> for PointsSpender {
    fn from(row: Spender) -> Self {
        Self { owner: row.owner, operation: row.operation, calls: row.calls, points: Points::new(row.points) }
    }
}

impl Gate {
    async fn view(&self) -> PointsView {
        let standing = self.look().await;
        PointsView::of(&standing, self.spenders().await)
    }
}

impl Client {
    /// How the points stand by this client's ledger; asks the service for nothing. `None` where points are not planned with
    /// ([`without_ledger`](crate::ClientBuilder::without_ledger)).
    pub async fn points(&self) -> Option<PointsView> {
        match self.gate() {
            Some(gate) => Some(gate.view().await),
            None => None,
        }
    }
}
