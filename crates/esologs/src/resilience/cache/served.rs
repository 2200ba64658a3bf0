//! Where an answer comes from, told with it.

use std::time::Duration;

use crate::error::Error;
use crate::units::UnixMillis;

/// Where an answer comes from.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Served {
    /// The service has just given it.
    #[default]
    Fresh,
    /// The cache holds it, and it is as good as a new one.
    #[non_exhaustive]
    Cached {
        /// How long ago the service gave it.
        age: Duration,
    },
    /// The cache holds it, and it is older than it should be: it may have changed since.
    #[non_exhaustive]
    Stale {
        /// How long ago the service gave it.
        age: Duration,
        /// Why it is shown all the same.
        cause: StaleCause,
        /// When it makes sense to ask for a newer one, where that is known.
        retry_at: Option<UnixMillis>,
    },
}

/// Why an answer is shown that is older than it should be.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum StaleCause {
    /// A newer one is being fetched behind it, if there are points to spare: the next call will show that.
    Refreshing,
    /// The service, or the way to it, is in trouble, or the call was not sent: with this error it would have ended.
    Failed(Error),
    /// The service was not to be asked ([`Client::only_cached`](crate::Client::only_cached)).
    NotAsked,
}

impl Served {
    /// How long ago the service gave the answer; zero for one that has just come.
    #[must_use]
    pub const fn age(&self) -> Duration {
        match self {
            Self::Fresh => Duration::ZERO,
            Self::Cached { age } | Self::Stale { age, .. } => *age,
        }
    }

    /// Whether the answer is older than it should be.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        matches!(self, Self::Stale { .. })
    }

    /// A name in lower case, for logs and JSON: `fresh`, `cached`, `stale`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Cached { .. } => "cached",
            Self::Stale { .. } => "stale",
        }
    }

    /// Where several answers together come from: as the worst of them.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let rank = |served: &Self| match served {
            Self::Fresh => 0,
            Self::Cached { .. } => 1,
            Self::Stale { .. } => 2,
        };
        if (rank(&other), other.age()) > (rank(&self), self.age()) { other } else { self }
    }
}

impl StaleCause {
    /// A name in lower case, for logs and JSON: `refreshing`, `not_asked`, or the kind of the error.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refreshing => "refreshing",
            Self::NotAsked => "not_asked",
            Self::Failed(error) => error.kind().name(),
        }
    }
}

/// What a call brought, and where it comes from. Made by [`Client::answered`](crate::Client::answered) and by `answered()` of
/// every call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answered<T> {
    /// What the call brought.
    pub value: T,
    /// Where it comes from; where it took several calls, the worst of them.
    pub served: Served,
}

impl<T> Answered<T> {
    pub(crate) const fn new(value: T, served: Served) -> Self {
        Self { value, served }
    }

    /// The same of something made of the value.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Answered<U> {
        Answered { value: make(self.value), served: self.served }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn stale(age: Duration) -> Served {
        Served::Stale { age, cause: StaleCause::NotAsked, retry_at: None }
    }

    #[test]
    fn several_answers_are_as_good_as_the_worst_of_them() {
        let together = |one: Served, other: Served| (one.clone().and(other.clone()).name(), other.and(one).age());
        assert_eq!(together(Served::Fresh, Served::Cached { age: SECOND }), ("cached", SECOND));
        assert_eq!(together(Served::Cached { age: 9 * SECOND }, stale(SECOND)), ("stale", SECOND));
        assert_eq!(together(stale(2 * SECOND), stale(SECOND)), ("stale", 2 * SECOND));
        assert_eq!(together(Served::Fresh, Served::Fresh), ("fresh", Duration::ZERO));
    }
}
