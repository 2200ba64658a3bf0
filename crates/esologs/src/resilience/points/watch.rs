//! Which calls are watched to learn what they cost.

/// Where calls come fast, they are watched now and then only: what is learned from each call takes longer than the rest of what
/// happens around it.
#[derive(Debug, Default)]
pub(super) struct Watch {
    since_ms: i64,
    /// Calls watched since then, and those of known prices among them since the last rest.
    all: u32,
    known: u32,
    pub(super) rests_until_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Watched {
    Yes,
    /// What came before it was not seen.
    Anew,
    No,
}

impl Watch {
    /// So many calls of known prices within a rest's time are enough, and so many of whatever price.
    const KNOWN: u32 = 200;
    const ALL: u32 = 400;
    const REST_MS: i64 = 10_000;

    /// Whether it is still the time to rest; it is not where the clock was set back.
    pub(super) fn rests(until_ms: i64, now_ms: i64) -> bool {
        now_ms < until_ms && until_ms <= now_ms + Self::REST_MS
    }

    /// Whether this call is watched; and whether it is the first after a rest. One of unknown price ends a rest.
    pub(super) fn call(&mut self, is_known: bool, now_ms: i64) -> Watched {
        if now_ms - self.since_ms > Self::REST_MS || now_ms < self.since_ms {
            (self.since_ms, self.all, self.known) = (now_ms, 0, 0);
        }
        if Self::rests(self.rests_until_ms, now_ms) && (is_known || self.all >= Self::ALL) {
            return Watched::No;
        }
        let begins = self.rests_until_ms != 0;
        if begins {
            (self.known, self.rests_until_ms) = (0, 0);
        }
        self.all += 1;
        self.known += u32::from(is_known);
        if self.known >= Self::KNOWN || self.all >= Self::ALL {
            self.rests_until_ms = now_ms + Self::REST_MS;
        }
        if begins { Watched::Anew } else { Watched::Yes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_come_at_a_human_pace_are_all_watched() {
        let mut watch = Watch::default();
        for call in 0..1_000 {
            assert_eq!(watch.call(true, call * 200), Watched::Yes, "five a second");
        }
    }

    #[test]
    fn of_calls_that_come_fast_a_few_are_watched_and_those_of_unknown_price_always() {
        let mut watch = Watch::default();
        let watched = (0..100_000).filter(|call| watch.call(true, call / 10) != Watched::No).count();
        assert_eq!(watched, Watch::KNOWN as usize, "in ten seconds");
        assert_eq!(watch.call(false, 10_000), Watched::Anew);
        let mut watch = Watch { rests_until_ms: 10_000, ..Watch::default() };
        assert_eq!(watch.call(true, 9_999), Watched::No);
        assert_eq!(watch.call(true, 10_000), Watched::Anew);
        assert_eq!(watch.call(true, 10_001), Watched::Yes);
    }

    #[test]
    fn prices_that_never_come_to_be_known_do_not_keep_it_at_work() {
        let mut watch = Watch::default();
        let watched = (0..100_000).filter(|call| watch.call(call % 50 != 0, call / 10) != Watched::No).count();
        assert_eq!(watched, Watch::ALL as usize, "in ten seconds");
        assert_eq!(watch.call(false, 20_000), Watched::Anew, "and then again");
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_make_the_rest_last() {
        let mut watch = Watch { rests_until_ms: 1_000_000, ..Watch::default() };
        assert_eq!(watch.call(true, 5_000), Watched::Anew);
    }
}
