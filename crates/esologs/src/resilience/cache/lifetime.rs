//! How long an answer is good for, by what it is: a pure decision. `docs/policies/cache.md` has the table.

use std::time::Duration;

use super::facts::{Facts, Look};
use super::kind::Kind;
use crate::units::UnixMillis;

/// What grows while one looks.
pub(crate) const LIVE: Duration = Duration::from_secs(10);
/// A report whose end is long past, after one look.
pub(crate) const CLOSED: Duration = Duration::from_secs(24 * 3600);
/// A final report, from when the service last showed it: then is looked whether it still does.
pub(crate) const FINAL: Duration = Duration::from_secs(30 * 24 * 3600);
/// Lists, rankings, callers' own queries.
pub(crate) const LIST: Duration = Duration::from_secs(5 * 60);
/// The game and its world.
pub(crate) const WORLD: Duration = Duration::from_secs(3 * 24 * 3600);
/// After its lifetime, what is live may be shown for so long while a newer answer is fetched behind it.
pub(crate) const REVALIDATE_LIVE: Duration = Duration::from_secs(60);
/// The same for everything else.
pub(crate) const REVALIDATE: Duration = Duration::from_secs(3600);
/// After its lifetime, an answer may stand in for so long where the service fails.
pub(crate) const ON_ERROR: Duration = Duration::from_secs(24 * 3600);
/// The same for a final report, which is the same whenever it was fetched.
pub(crate) const FINAL_ON_ERROR: Duration = Duration::from_secs(30 * 24 * 3600);
/// Clocks of two processes may differ by this.
const SKEW: Duration = Duration::from_secs(60);

/// An answer that is kept, as far as its lifetime depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) kind: Kind,
    pub(crate) at: UnixMillis,
    /// What it said itself of the report that it is of.
    pub(crate) look: Option<Look>,
}

/// For how long an answer is good, from when it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime {
    pub(crate) fresh: Duration,
    /// After that it may be shown for so long while a newer one is fetched.
    pub(crate) revalidate: Duration,
    /// After that it may stand in for so long where the service fails.
    pub(crate) on_error: Duration,
}

/// What may be done with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is as good as a new one.
    Fresh,
    /// It may be shown while a newer one is fetched, or stand in for a failure.
    Stale { may_revalidate: bool },
    /// It is no answer any more.
    Gone,
}

impl Lifetime {
    const NONE: Self = Self { fresh: Duration::ZERO, revalidate: Duration::ZERO, on_error: Duration::ZERO };
    const OF_LIVE: Self = Self { fresh: LIVE, revalidate: REVALIDATE_LIVE, on_error: ON_ERROR };

    /// How long this answer is good for, with what is known of its report now. `None`: it is wrong by now.
    pub(crate) fn of(kept: Kept, facts: Option<&Facts>) -> Option<Self> {
        match kept.kind {
            Kind::Never => Some(Self::NONE),
            Kind::Live => Some(Self::OF_LIVE),
            Kind::List => Some(Self { fresh: LIST, revalidate: REVALIDATE, on_error: ON_ERROR }),
            Kind::World => Some(Self { fresh: WORLD, revalidate: REVALIDATE, on_error: ON_ERROR }),
            Kind::Report => Self::of_report(kept, facts),
        }
    }

    fn of_report(kept: Kept, facts: Option<&Facts>) -> Option<Self> {
        if let Some(facts) = facts {
            let changed = kept.look.is_some_and(|look| look != facts.look);
            if changed || facts.refused_at.is_some_and(|refused| refused >= kept.at) {
                return None;
            }
        }
        // An answer that was taken while the report could still grow may lack what came without a new revision.
        let Some(look) = kept.look.filter(|look| look.is_long_past(kept.at)) else { return Some(Self::OF_LIVE) };
        match facts.filter(|facts| facts.look == look && facts.is_final()) {
            Some(facts) => {
                let until = facts.shown_at.unwrap_or(kept.at).max(kept.at).plus(FINAL);
                Some(Self { fresh: until.since(kept.at), revalidate: Duration::ZERO, on_error: FINAL_ON_ERROR })
            }
            None => Some(Self { fresh: CLOSED, revalidate: REVALIDATE, on_error: ON_ERROR }),
        }
    }
}

/// What may be done with this answer now.
pub(crate) fn standing(kept: Kept, facts: Option<&Facts>, now: UnixMillis) -> Standing {
    let Some(lifetime) = Lifetime::of(kept, facts) else { return Standing::Gone };
    // Kept at a time that is still to come: a clock was wrong, so nobody knows how old it is.
    if kept.at.since(now) > SKEW {
        return Standing::Gone;
    }
    let age = now.since(kept.at);
    match age.checked_sub(lifetime.fresh) {
        None => Standing::Fresh,
        Some(over) if over < lifetime.revalidate => Standing::Stale { may_revalidate: true },
        Some(over) if over < lifetime.on_error => Standing::Stale { may_revalidate: false },
        Some(_) => Standing::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3600);
    const DAY: Duration = Duration::from_secs(24 * 3600);
    const END: UnixMillis = UnixMillis::new(1_790_000_000_000);
    const LOOK: Look = Look { end: END, revision: 3 };
    const FRESH: Standing = Standing::Fresh;
    const BEHIND: Standing = Standing::Stale { may_revalidate: true };
    const ON_ERROR_ONLY: Standing = Standing::Stale { may_revalidate: false };

    fn after(time: Duration) -> UnixMillis {
        END.plus(time)
    }

    fn report(at: Duration) -> Kept {
        Kept { kind: Kind::Report, at: after(at), look: Some(LOOK) }
    }

    fn seen(look: Look, at: Duration) -> Facts {
        Facts::new(look, true, after(at))
    }

    fn of_kind(kind: Kind, age: Duration) -> Standing {
        standing(Kept { kind, at: END, look: None }, None, after(age))
    }

    #[test]
    fn lists_are_short_the_world_is_long_and_the_points_are_never_good() {
        assert_eq!(of_kind(Kind::Never, Duration::ZERO), Standing::Gone);
        for (kind, fresh, behind) in [
            (Kind::Live, LIVE, MINUTE),
            (Kind::List, 5 * MINUTE, HOUR),
            (Kind::World, 3 * DAY, HOUR),
            (Kind::Report, LIVE, MINUTE),
        ] {
            assert_eq!(of_kind(kind, fresh - SECOND), FRESH, "{kind:?}");
            assert_eq!(of_kind(kind, fresh), BEHIND, "{kind:?}");
            assert_eq!(of_kind(kind, fresh + behind), ON_ERROR_ONLY, "{kind:?}");
            assert_eq!(of_kind(kind, fresh + DAY - SECOND), ON_ERROR_ONLY, "{kind:?}");
            assert_eq!(of_kind(kind, fresh + DAY), Standing::Gone, "{kind:?}");
        }
    }

    #[test]
    fn a_live_report_is_never_frozen_however_long_ago_it_ended_since() {
        let kept_live = report(23 * HOUR);
        let final_by_now = seen(LOOK, 30 * HOUR).with(seen(LOOK, 40 * HOUR));

        assert_eq!(standing(kept_live, None, after(23 * HOUR + 9 * SECOND)), FRESH);
        assert_eq!(standing(kept_live, Some(&final_by_now), after(40 * HOUR)), ON_ERROR_ONLY);
        assert_eq!(standing(kept_live, Some(&final_by_now), after(48 * HOUR)), Standing::Gone);
    }

    #[test]
    fn a_report_after_one_look_is_good_for_a_day_and_after_two_until_its_visibility_is_looked_at_again() {
        let kept = report(30 * HOUR);
        let one_look = seen(LOOK, 30 * HOUR);
        assert_eq!(standing(kept, Some(&one_look), after(30 * HOUR + DAY - SECOND)), FRESH);
        assert_eq!(standing(kept, Some(&one_look), after(30 * HOUR + DAY)), BEHIND);

        let two_looks = one_look.with(seen(LOOK, 60 * HOUR));
        assert_eq!(standing(kept, Some(&two_looks), after(60 * HOUR + 30 * DAY - SECOND)), FRESH);
        assert_eq!(standing(kept, Some(&two_looks), after(60 * HOUR + 30 * DAY)), ON_ERROR_ONLY);
        let listed = two_looks.with(Facts::new(LOOK, false, after(700 * HOUR)));
        assert_eq!(standing(kept, Some(&listed), after(60 * HOUR + 30 * DAY)), ON_ERROR_ONLY, "a list shows no more than a name");
        let shown = two_looks.with(seen(LOOK, 700 * HOUR));
        assert_eq!(standing(kept, Some(&shown), after(60 * HOUR + 30 * DAY)), FRESH);
    }

    #[test]
    fn a_higher_revision_another_end_and_a_no_make_older_answers_wrong() {
        let (kept, now) = (report(30 * HOUR), after(31 * HOUR));
        for look in [Look { revision: 4, ..LOOK }, Look { end: after(HOUR), ..LOOK }] {
            assert_eq!(standing(kept, Some(&seen(look, 31 * HOUR)), now), Standing::Gone, "{look:?}");
        }
        let refused = seen(LOOK, 30 * HOUR).refused(now);
        assert_eq!(standing(kept, Some(&refused), now), Standing::Gone);
        assert_eq!(standing(report(32 * HOUR), Some(&refused), after(32 * HOUR)), FRESH, "shown again since");
    }

    #[test]
    fn an_answer_from_the_future_is_no_answer() {
        let kept = Kept { kind: Kind::World, at: after(HOUR), look: None };
        assert_eq!(standing(kept, None, END), Standing::Gone);
        assert_eq!(standing(kept, None, after(HOUR - 30 * SECOND)), FRESH, "clocks differ a little");
    }
}
