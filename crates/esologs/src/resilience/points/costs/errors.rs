//! How far off predictions were: a histogram that forgets.

/// Upper edges of its bars: |predicted - actual| / actual. What is beyond the last counts as the last.
const EDGES: [f64; 14] = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0];
/// With so many samples all bars are halved.
const MOST: u16 = 512;
/// Calls that cost less than this in points tell nothing of relative errors.
const LEAST_ACTUAL: f64 = 0.05;

/// Errors of predictions, relative to what was charged.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Errors {
    bars: [u16; EDGES.len()],
    samples: u16,
}

impl Errors {
    pub(super) fn note(&mut self, predicted: f64, actual: f64) {
        if !(actual >= LEAST_ACTUAL && predicted.is_finite()) {
            return;
        }
        let error = (predicted - actual).abs() / actual;
        let bar = EDGES.iter().position(|edge| error <= *edge).unwrap_or(EDGES.len() - 1);
        self.bars[bar] += 1;
        self.samples += 1;
        if self.samples >= MOST {
            self.bars.iter_mut().for_each(|bar| *bar /= 2);
            self.samples = self.bars.iter().sum();
        }
    }

    /// The error that this share of predictions does not pass, as a share of what was charged; `None` before there are any.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = (f64::from(self.samples) * share).ceil().max(1.0);
        let mut seen = 0.0;
        (self.samples > 0).then_some(())?;
        self.bars.iter().zip(EDGES).find_map(|(bar, edge)| {
            seen += f64::from(*bar);
            (seen >= wanted).then_some(edge)
        })
    }
}
