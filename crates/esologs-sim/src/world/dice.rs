//! Draws from a seed, the same on every machine.
//!
//! Only fixed-width integers are drawn: `usize` draws differ between 32 and 64 bits, and functions such as `sin` or `exp`
//! differ between maths libraries, so neither is used anywhere in the world.

use fastrand::Rng;

/// A stream of draws that depends on nothing but its seed.
#[derive(Debug, Clone)]
pub(crate) struct Dice(Rng);

impl Dice {
    /// Starts the stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }

    /// Draws a number below `bound` (0 when there is nothing to choose from).
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 { 0 } else { self.0.u32(0..bound) }
    }

    /// Draws from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.i64(low..=high.max(low))
    }

    /// True in `per_mille` of 1000 draws.
    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// Picks one of the items, each as likely as the other.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// Draws an index into a list of that length (0 for an empty one).
    pub(crate) fn index(&mut self, len: usize) -> usize {
        self.below(u32::try_from(len).unwrap_or(u32::MAX)) as usize
    }

    /// Puts the items into any order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}

/// Derives an independent seed for one thing among many (splitmix64), so that a report does not depend on the others.
pub(crate) fn derive(seed: u64, purpose: u64) -> u64 {
    let mut mixed = seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
