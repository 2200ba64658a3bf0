//! The client's own limit of points, at the gate.

use std::sync::Mutex;
use std::time::Duration;

use super::{Gate, Want, YIELD};
use crate::resilience::points::own::OwnSpending;
use crate::resilience::points::store::lock;
use crate::resilience::points::{Standing, Why};
use crate::units::Points;

/// Points that are counted against the client's own limit; taken off again when dropped.
pub(super) struct Counted<'a>(Option<(&'a Mutex<OwnSpending>, f64)>);

impl Counted<'_> {
    /// Where there is no such limit.
    pub(super) fn nothing() -> Self {
        Self(None)
    }

    /// They are set aside, and counted until the attempt is over.
    pub(super) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        if let Some((own, amount)) = self.0 {
            lock(own).end(amount, false);
        }
    }
}

impl Gate {
    /// Counts what is asked for against the client's own limit, before it is asked for, so that two at once do not both find
    /// room for one. Otherwise why not, and when it makes sense to come back.
    pub(super) fn count_own(
        &self,
        want: &Want<'_>,
        most: Points,
        standing: &Standing,
        now_ms: i64,
    ) -> Result<Counted<'_>, (Why, Option<Duration>)> {
        let amount = want.price.at_most;
        let mut own = lock(&self.own);
        let needed = want.price.needed();
        let admitted = if want.is_probe { Ok(()) } else { own.admit(needed, most.get(), standing) };
        admitted.map_err(|why| {
            let settles_in_ms = standing.settles_ms.map_or(0, |settles_ms| settles_ms - now_ms).max(1);
            let retry_in = match why {
                Why::OwnLimit => None,
                Why::Unsettled => Some(Duration::from_millis(settles_in_ms.unsigned_abs())),
                _ => Some(YIELD),
            };
            (why, retry_in)
        })?;
        own.open(amount);
        Ok(Counted(Some((&self.own, amount))))
    }
}
