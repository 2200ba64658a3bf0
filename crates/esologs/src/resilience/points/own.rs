//! What this client has spent itself, for a limit of its own.

use super::{Standing, Why};

/// So much of the limit is as good as all of it.
const NEARLY_ALL: f64 = 0.9;

/// What this client spent, at most.
#[derive(Debug, Default)]
pub(crate) struct OwnSpending {
    /// Set aside for attempts on their way.
    open: f64,
    /// Set aside for attempts that were, or may have been, charged.
    charged: f64,
    /// How far the service's counter had grown when this client began.
    began_at: Option<f64>,
    /// Charged before any snapshot had told of the counter.
    before_first: f64,
}

impl OwnSpending {
    /// Whether another `amount` stays below `most`; otherwise whether it may when others of this client are over.
    pub(crate) fn admit(&mut self, amount: f64, most: f64, standing: &Standing) -> Result<(), Why> {
        let grown = self.grown(standing);
        let unsettled = standing.unsettled();
        // By two reckonings, of which the smaller holds: what was set aside, and how much the service's counter has grown.
        let certain = self.charged.min(grown);
        let spent = self.charged.min(grown + unsettled);
        // Where little is left, waiting for what is not settled yet would bring a call or two every few seconds.
        if certain + amount > most || (spent + amount > most && certain >= NEARLY_ALL * most) {
            return Err(Why::OwnLimit);
        }
        if spent + amount > most {
            return Err(Why::Unsettled);
        }
        if spent + self.open + amount > most { Err(Why::OnTheirWay) } else { Ok(()) }
    }

    /// How much the service's counter has grown since this client began, by whoever.
    fn grown(&mut self, standing: &Standing) -> f64 {
        if standing.limit.is_none() {
            return f64::INFINITY;
        }
        let began_at = match self.began_at {
            Some(began_at) => began_at,
            None => {
                self.before_first = self.charged;
                *self.began_at.insert(standing.grown)
            }
        };
        standing.grown - began_at + self.before_first
    }

    pub(crate) fn open(&mut self, amount: f64) {
        self.open += amount;
    }

    /// An attempt for which so much was set aside is over.
    pub(crate) fn end(&mut self, amount: f64, is_charged: bool) {
        self.open = (self.open - amount).max(0.0);
        if is_charged {
            self.charged += amount;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(grown: f64, settling: f64) -> Standing {
        Standing {
            window: 1,
            limit: Some(1_000.0),
            spent: 500.0,
            reserved: 0.0,
            settling,
            ambiguous: 0.0,
            kept_for_interactive: 0.0,
            calls_on_their_way: 0,
            end_ms: None,
            length_ms: None,
            settles_ms: None,
            closed_until_ms: None,
            is_passive: false,
            grown,
        }
    }

    #[test]
    fn what_is_on_its_way_counts_until_it_is_over() {
        let mut own = OwnSpending::default();
        own.admit(6.0, 10.0, &standing(0.0, 0.0)).unwrap();
        own.open(6.0);
        assert_eq!(own.admit(6.0, 10.0, &standing(0.0, 0.0)), Err(Why::OnTheirWay));

        own.end(6.0, false);

        assert_eq!(own.admit(6.0, 10.0, &standing(0.0, 0.0)), Ok(()));
    }

    #[test]
    fn the_limit_is_reached_by_what_was_charged_and_not_by_what_was_thought() {
        let mut own = OwnSpending::default();
        own.admit(6.0, 20.0, &standing(0.0, 0.0)).unwrap();
        for _ in 0..3 {
            own.open(6.0);
            own.end(6.0, true);
        }

        assert_eq!(own.admit(6.0, 20.0, &standing(2.0, 18.0)), Err(Why::Unsettled), "no snapshot holds the 18 yet");
        assert_eq!(own.admit(6.0, 20.0, &standing(5.0, 0.0)), Ok(()), "they were 5");
        assert_eq!(own.admit(1.0, 18.0, &standing(16.0, 1.5)), Err(Why::Unsettled), "a ninth is left");
        assert_eq!(own.admit(1.0, 18.0, &standing(16.5, 1.0)), Err(Why::OwnLimit), "nearly all is spent");
        assert_eq!(own.admit(6.0, 20.0, &standing(500.0, 0.0)), Err(Why::OwnLimit), "others grew it: 18 at most were ours");
    }

    #[test]
    fn the_limit_may_be_reached_exactly() {
        let mut own = OwnSpending::default();
        own.open(4.0);
        assert_eq!(own.admit(6.0, 10.0, &standing(0.0, 0.0)), Ok(()));
        assert_eq!(own.admit(6.5, 10.0, &standing(0.0, 0.0)), Err(Why::OnTheirWay));
        own.end(4.0, true);

        assert_eq!(own.admit(6.0, 10.0, &standing(4.0, 0.0)), Ok(()));
        assert_eq!(own.admit(6.5, 10.0, &standing(4.0, 0.0)), Err(Why::OwnLimit));
        own.open(16.0);
        own.end(16.0, true);
        assert_eq!(own.admit(2.0, 20.0, &standing(18.0, 0.0)), Ok(()), "with the last of it, too");
        assert_eq!(own.admit(1.0, 20.0, &standing(18.0, 2.0)), Err(Why::OwnLimit), "nine tenths are nearly all");
    }

    #[test]
    fn before_a_snapshot_has_told_of_the_counter_what_was_set_aside_counts() {
        let mut own = OwnSpending::default();
        own.open(6.0);
        own.end(6.0, true);
        let unknown = Standing { limit: None, ..standing(0.0, 0.0) };
        assert_eq!(own.admit(5.0, 10.0, &unknown), Err(Why::OwnLimit));

        // The counter stands at 500 when it is seen first; how much of that was this client's own, nobody knows.
        assert_eq!(own.admit(5.0, 10.0, &standing(500.0, 0.0)), Err(Why::OwnLimit));
        assert_eq!(own.admit(4.0, 10.0, &standing(500.0, 0.0)), Ok(()));
        own.open(4.0);
        own.end(4.0, true);
        assert_eq!(own.admit(3.0, 10.0, &standing(501.0, 0.0)), Ok(()), "it has grown by 1 since");
    }
}
