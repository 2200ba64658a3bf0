//! What is known of a report from the answers that told of it: whether it is final, and whether it changed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::units::UnixMillis;

/// A report that ended so long ago grows no more, as a rule.
pub(crate) const LONG_PAST: Duration = Duration::from_secs(24 * 3600);
/// Two looks that are closer together than this are one look.
pub(crate) const LOOKS_APART: Duration = Duration::from_secs(3600);

/// What an answer said of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Look {
    /// The report's end.
    pub(crate) end: UnixMillis,
    pub(crate) revision: i64,
}

impl Look {
    /// Whether the report's end is long past at this moment.
    pub(crate) fn is_long_past(self, now: UnixMillis) -> bool {
        now.since(self.end) >= LONG_PAST
    }
}

/// What is known of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) look: Look,
    /// When it looked like this first, its end long past.
    first_at: Option<UnixMillis>,
    /// When it looked like this last.
    last_at: UnixMillis,
    /// When the service last showed it, not only its name in a list.
    pub(crate) shown_at: Option<UnixMillis>,
    /// When the service last said that it does not show it.
    pub(crate) refused_at: Option<UnixMillis>,
}

impl Facts {
    /// After one look.
    pub(crate) fn new(look: Look, was_shown: bool, now: UnixMillis) -> Self {
        let first_at = look.is_long_past(now).then_some(now);
        Self { look, first_at, last_at: now, shown_at: was_shown.then_some(now), refused_at: None }
    }

    /// It was seen unchanged by two looks after its end was long past.
    pub(crate) fn is_final(&self) -> bool {
        self.first_at.is_some_and(|first| self.last_at.since(first) >= LOOKS_APART)
    }

    /// When it was looked at last.
    pub(crate) const fn last_at(&self) -> UnixMillis {
        self.last_at
    }

    /// What both know. A revision never goes back: who says so has an old answer in hand.
    pub(crate) fn with(self, other: Self) -> Self {
        let (newer, older) = match self.look.revision.cmp(&other.look.revision) {
            std::cmp::Ordering::Less => (other, self),
            std::cmp::Ordering::Greater => (self, other),
            std::cmp::Ordering::Equal if self.last_at < other.last_at => (other, self),
            std::cmp::Ordering::Equal => (self, other),
        };
        let first_at = if newer.look == older.look { earlier(newer.first_at, older.first_at) } else { newer.first_at };
        let last_at = if newer.look == older.look { newer.last_at.max(older.last_at) } else { newer.last_at };
        Self {
            look: newer.look,
            first_at,
            last_at,
            shown_at: newer.shown_at.max(older.shown_at),
            refused_at: newer.refused_at.max(older.refused_at),
        }
    }

    /// The service said at this moment that it does not show it.
    pub(crate) fn refused(self, now: UnixMillis) -> Self {
        Self { refused_at: Some(now), ..self }
    }

    /// Whether others need not be told of the difference.
    pub(crate) fn is_no_news_after(&self, before: &Self) -> bool {
        const A_DAY: Duration = Duration::from_secs(24 * 3600);
        let shown_alike = match (self.shown_at, before.shown_at) {
            (Some(now), Some(before)) => now.since(before) < A_DAY,
            (now, before) => now == before,
        };
        self.look == before.look
            && self.first_at == before.first_at
            && self.is_final() == before.is_final()
            && self.refused_at == before.refused_at
            && shown_alike
    }
}

fn earlier(one: Option<UnixMillis>, other: Option<UnixMillis>) -> Option<UnixMillis> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const END: UnixMillis = UnixMillis::new(1_790_000_000_000);

    fn look(revision: i64) -> Look {
        Look { end: END, revision }
    }

    fn seen(revision: i64, hours_after_the_end: u32) -> Facts {
        Facts::new(look(revision), true, END.plus(HOUR * hours_after_the_end))
    }

    #[test]
    fn two_looks_an_hour_apart_a_day_after_the_end_make_a_report_final() {
        assert!(!seen(3, 30).is_final(), "one look");
        assert!(seen(3, 30).with(seen(3, 31)).is_final());
        assert!(seen(3, 31).with(seen(3, 30)).is_final(), "in whatever order they are heard of");
        assert!(!seen(3, 23).with(seen(3, 30)).is_final(), "the first was too early");
        assert!(!seen(3, 30).with(Facts::new(look(3), true, END.plus(HOUR * 30 + HOUR / 2))).is_final(), "too close");
        assert!(!seen(3, 30).with(seen(4, 40)).is_final(), "it changed");
    }

    #[test]
    fn a_revision_never_goes_back() {
        let facts = seen(4, 30).with(seen(3, 40));

        assert_eq!((facts.look.revision, facts.is_final()), (4, false));
        assert_eq!(facts.shown_at, Some(END.plus(HOUR * 40)), "shown it was");
        let moved = Facts::new(Look { end: END.plus(HOUR), revision: 3 }, true, END.plus(HOUR * 50));
        assert_eq!(seen(3, 30).with(moved).look.end, END.plus(HOUR), "an end that moved counts as well");
        assert!(!seen(3, 30).with(moved).is_final());
    }

    #[test]
    fn only_what_changes_anything_for_others_is_news() {
        let before = seen(3, 30);
        assert!(before.with(Facts::new(look(3), false, END.plus(HOUR * 30 + HOUR / 2))).is_no_news_after(&before));
        assert!(!before.with(seen(3, 31)).is_no_news_after(&before), "it is final now");
        assert!(!before.with(seen(4, 30)).is_no_news_after(&before));
        assert!(!before.refused(END.plus(HOUR * 30)).is_no_news_after(&before));
    }
}
