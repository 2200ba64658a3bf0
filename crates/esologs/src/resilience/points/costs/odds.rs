//! Which charges each of several readings holds: the odds of each place in the light of all of them (forward and backward).
//!
//! A single reading leaves several places open; those after it tell which was right, since what is not in this one is in the next.

use super::sight::{MOST_PLACES, Place, Sight};
use super::stretch::{Stretch, Sum};

/// The most places of one reading that are weighed up.
const MOST_NODES: usize = 14;
/// A place that fits the times worse than the best by this, in squared deviations, is none.
const WORST_MISFIT: f64 = 12.0;
/// The odds of something else than all that is reckoned with, for each reading.
const SURPRISE: f64 = 1e-5;

/// A place in both rows of charges.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Node {
    pub(super) ordered: u64,
    pub(super) loose: u64,
    /// What is charged up to it.
    pub(super) sum: Sum,
    /// What of that teaches nothing: of others, and of calls that failed.
    pub(super) foreign: f64,
    /// Its odds.
    pub(super) odds: f64,
    misfit: f64,
    forward: f64,
    backward: f64,
}

/// The places of several readings. Kept, so that their space is made once.
#[derive(Debug, Default)]
pub(super) struct Odds {
    nodes: Vec<Node>,
    starts: Vec<usize>,
}

impl Odds {
    /// The places of one reading.
    pub(super) fn of(&self, reading: usize) -> &[Node] {
        &self.nodes[self.starts[reading]..self.end(reading)]
    }

    fn end(&self, reading: usize) -> usize {
        self.starts.get(reading + 1).copied().unwrap_or(self.nodes.len())
    }

    /// The likeliest place of one reading.
    pub(super) fn likeliest(&self, reading: usize) -> Node {
        self.of(reading).iter().copied().max_by(|a, b| a.odds.total_cmp(&b.odds)).unwrap_or_default()
    }

    /// Lays the places out; their odds by the times alone.
    pub(super) fn lay(&mut self, stretch: &Stretch<'_>, sight: Sight) {
        self.nodes.clear();
        self.starts.clear();
        let (mut ordered_from, mut loose_from) = stretch.from;
        let (mut ordered_places, mut loose_places) = ([Place::default(); MOST_PLACES], [Place::default(); MOST_PLACES]);
        for (at, reading) in stretch.readings.iter().enumerate() {
            let timeline = stretch.timeline;
            if stretch.begins_window(at) {
                // What was charged before is of a window that is over, and comes into sight no more.
                ordered_from = ordered_from.max(reading.carrier);
            }
            let carrier = Some(reading.carrier);
            let ordered = sight.places(&timeline.ordered, ordered_from, reading, carrier, &mut ordered_places);
            let loose = sight.places(&timeline.loose, loose_from, reading, None, &mut loose_places);
            let start = self.nodes.len();
            for one in ordered {
                for other in loose {
                    let misfit = one.misfit + other.misfit;
                    self.nodes.push(Node { ordered: one.number, loose: other.number, misfit, ..Node::default() });
                }
            }
            self.prune(start);
            self.starts.push(start);
            (ordered_from, loose_from) = (ordered[0].number, loose[0].number);
        }
    }

    fn prune(&mut self, start: usize) {
        let nodes = &mut self.nodes[start..];
        nodes.sort_unstable_by(|a, b| a.misfit.total_cmp(&b.misfit));
        let best = nodes.first().map_or(0.0, |node| node.misfit);
        let kept = nodes.iter().take(MOST_NODES).take_while(|node| node.misfit <= best + WORST_MISFIT).count();
        self.nodes.truncate(start + kept.max(1));
        self.by_the_times(start, self.nodes.len());
    }

    fn by_the_times(&mut self, start: usize, end: usize) {
        let nodes = &mut self.nodes[start..end];
        let best = nodes.first().map_or(0.0, |node| node.misfit);
        let mut all = 0.0;
        for node in nodes.iter_mut() {
            node.odds = (-0.5 * (node.misfit - best)).exp();
            all += node.odds;
        }
        nodes.iter_mut().for_each(|node| node.odds /= all);
    }

    /// Prices the places anew and weighs them up with what the counter did between them; how badly that fits, per reading.
    pub(super) fn weigh(&mut self, stretch: &Stretch<'_>) -> f64 {
        self.price(stretch);
        let count = stretch.readings.len();
        let mut badness = 0.0;
        for reading in 0..count {
            let end = self.end(reading);
            self.by_the_times(self.starts[reading], end);
            let (old, new) = self.nodes[..end].split_at_mut(self.starts[reading]);
            let mut all = 0.0;
            for node in new.iter_mut() {
                node.forward = node.odds;
                if reading > 0 && !stretch.begins_window(reading) {
                    let edge = stretch.edge(reading);
                    let old = &old[self.starts[reading - 1]..];
                    node.forward *= old.iter().map(|earlier| earlier.forward * odds(earlier, node, edge)).sum::<f64>();
                }
                all += node.forward;
            }
            badness -= 2.0 * all.ln();
            new.iter_mut().for_each(|node| node.forward /= all);
        }
        for reading in (0..count).rev() {
            let (start, end) = (self.starts[reading], self.end(reading));
            let last = if reading + 1 < count { self.end(reading + 1) } else { end };
            let (old, new) = self.nodes[..last].split_at_mut(end);
            let mut all = 0.0;
            for node in &mut old[start..] {
                node.backward = 1.0;
                if reading + 1 < count && !stretch.begins_window(reading + 1) {
                    let edge = stretch.edge(reading + 1);
                    node.backward = new.iter().map(|later| later.backward * later.odds * odds(node, later, edge)).sum::<f64>();
                }
                all += node.backward;
            }
            old[start..].iter_mut().for_each(|node| node.backward /= all);
        }
        for reading in 0..count {
            let end = self.end(reading);
            let nodes = &mut self.nodes[self.starts[reading]..end];
            let all: f64 = nodes.iter().map(|node| node.forward * node.backward).sum();
            nodes.iter_mut().for_each(|node| node.odds = node.forward * node.backward / all);
        }
        badness / count.max(1) as f64
    }

    /// What is charged up to each place.
    pub(super) fn price(&mut self, stretch: &Stretch<'_>) {
        let (mut ordered, mut loose) = stretch.from;
        let (mut ordered_sum, mut loose_sum, mut foreign) = (Sum::default(), Sum::default(), 0.0);
        for reading in 0..self.starts.len() {
            let end = self.end(reading);
            let nodes = &mut self.nodes[self.starts[reading]..end];
            let first_ordered = nodes.iter().map(|node| node.ordered).min().unwrap_or(ordered);
            let first_loose = nodes.iter().map(|node| node.loose).min().unwrap_or(loose);
            for number in ordered..first_ordered {
                ordered_sum.add(stretch.price(stretch.timeline.ordered.get(number)));
            }
            for number in loose..first_loose {
                let charged = stretch.timeline.loose.get(number);
                loose_sum.add(stretch.price(charged));
                foreign += stretch.foreign(charged);
            }
            (ordered, loose) = (ordered.max(first_ordered), loose.max(first_loose));
            for node in nodes {
                node.sum = ordered_sum;
                node.sum.add(loose_sum);
                node.foreign = foreign;
                for number in ordered..node.ordered {
                    node.sum.add(stretch.price(stretch.timeline.ordered.get(number)));
                }
                for number in loose..node.loose {
                    let charged = stretch.timeline.loose.get(number);
                    node.sum.add(stretch.price(charged));
                    node.foreign += stretch.foreign(charged);
                }
            }
        }
    }
}

/// The odds that the counter grew by so much between two places.
fn odds(before: &Node, after: &Node, edge: Sum) -> f64 {
    if before.ordered > after.ordered || before.loose > after.loose {
        // Going back is not impossible but very unlikely: there is always a way.
        return SURPRISE * SURPRISE;
    }
    let variance = (after.sum.variance - before.sum.variance).max(0.0) + edge.variance;
    let off_by = edge.mean - (after.sum.mean - before.sum.mean);
    (-0.5 * off_by * off_by / variance).exp() / variance.sqrt() + SURPRISE
}
