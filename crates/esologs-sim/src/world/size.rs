//! How big a world is.

use std::fmt;
use std::str::FromStr;

/// How much is in a generated world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// At most 20,000 events in all finished reports, and some 2,000 in those that other people's tests ask for: for tests by the dozen.
    Small,
    /// One guild night, at least 500,000 events in its two finished reports.
    Night,
    /// What a newcomer watches: nine finished reports of some 60,000 events each, and one of every other kind.
    Demo,
    /// At least 5,000,000 events in twelve finished reports: for benches. Takes 1.5 GB once everything is built.
    Huge,
}

impl Size {
    /// Every size, smallest first.
    pub const ALL: [Self; 4] = [Self::Small, Self::Night, Self::Demo, Self::Huge];

    /// The name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Night => "night",
            Self::Demo => "demo",
            Self::Huge => "huge",
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The name of a size that there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no world size is called {0:?}; there are small, night, demo and huge")]
pub struct UnknownSize(String);

impl FromStr for Size {
    type Err = UnknownSize;

    fn from_str(text: &str) -> Result<Self, UnknownSize> {
        let known = Self::ALL.into_iter().find(|size| size.name() == text);
        known.ok_or_else(|| UnknownSize(text.to_owned()))
    }
}

/// What a world is generated from. The same configuration gives the same world, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorldConfig {
    /// Everything that is drawn is drawn from this.
    pub seed: u64,
    /// How much there is.
    pub size: Size,
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn a_size_is_read_from_its_name_and_a_wrong_one_names_those_there_are() {
        for size in Size::ALL {
            assert_eq!(size.to_string().parse(), Ok(size));
        }
        let refused = "big".parse::<Size>().unwrap_err();
        assert_eq!(refused.to_string(), "no world size is called \"big\"; there are small, night, demo and huge");
    }
}
