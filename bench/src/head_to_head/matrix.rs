//! Scenarios by contenders: runs them all, and prints who did how well.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::thread;

use super::contenders::Kind;

/// How well a contender did; the lower value is the better one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Score {
    pub(super) value: f64,
    pub(super) text: String,
}

/// One figure of a scenario.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) name: String,
    /// Two values that differ by no more than that are equal: chance, or the grain of the clock.
    pub(super) tolerance: f64,
    /// Why ours need not be first.
    pub(super) reason: Option<&'static str>,
}

impl Figure {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), tolerance: 0.0, reason: None }
    }

    pub(super) fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    pub(super) fn reason(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

/// The scores of one contender, one for each figure; `None` where there is nothing to compare.
pub(super) type Scores = Vec<Option<Score>>;

pub(super) type Run = Arc<dyn Fn(Kind) -> Pin<Box<dyn Future<Output = Result<Scores, Box<dyn Error>>>>> + Send + Sync>;

/// A scenario, and the figures that it brings.
#[derive(Clone)]
pub(super) struct Scenario {
    pub(super) figures: Vec<Figure>,
    pub(super) run: Run,
}

pub(super) struct Matrix {
    rows: Vec<(Figure, Vec<Option<Score>>)>,
}

impl Matrix {
    /// Runs the scenarios whose name holds `only`. Those on the machine's clock run at the same time, and mostly sleep; the
    /// others, on a clock of their own, after them.
    pub(super) fn fill(scenarios: Vec<Scenario>, only: &str) -> Result<Self, Box<dyn Error>> {
        let scenarios: Vec<Scenario> =
            scenarios.into_iter().filter(|scenario| scenario.figures.iter().any(|figure| figure.name.contains(only))).collect();
        let (paused, running): (Vec<Kind>, Vec<Kind>) = Kind::ALL.into_iter().partition(|kind| kind.is_virtual());
        let on_the_clock: Vec<_> = scenarios
            .iter()
            .flat_map(|scenario| running.iter().map(move |kind| (scenario.clone(), *kind)))
            .map(|(scenario, kind)| thread::spawn(move || alone(&scenario, kind)))
            .collect();
        let mut scores: Vec<Vec<(Kind, Scores)>> = vec![Vec::new(); scenarios.len()];
        for (number, thread) in on_the_clock.into_iter().enumerate() {
            let kind = running[number % running.len()];
            scores[number / running.len()].push((kind, thread.join().map_err(|_| "a scenario panicked")??));
        }
        for (scenario, scores) in scenarios.iter().zip(&mut scores) {
            for kind in &paused {
                scores.push((*kind, alone(scenario, *kind)?));
            }
        }
        let rows = scenarios.into_iter().zip(scores).flat_map(|(scenario, scores)| {
            scenario.figures.into_iter().enumerate().map(move |(number, figure)| {
                let of =
                    |kind: Kind| scores.iter().find(|(other, _)| *other == kind).and_then(|(_, all)| all.get(number)?.clone());
                (figure, Kind::ALL.map(of).to_vec())
            })
        });
        Ok(Self { rows: rows.collect() })
    }

    /// The figures in which ours is neither first nor excused.
    pub(super) fn unexplained(&self) -> impl Iterator<Item = &str> {
        let unexplained = self.rows.iter().filter(|(figure, scores)| figure.reason.is_none() && !is_first(figure, scores));
        unexplained.map(|(figure, _)| figure.name.as_str())
    }
}

/// Runs a scenario on a runtime of its own. An error is told as text, so that it can leave its thread.
fn alone(scenario: &Scenario, kind: Kind) -> Result<Scores, String> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().start_paused(kind.is_virtual());
    let runtime = builder.build().map_err(|error| error.to_string())?;
    runtime.block_on((scenario.run)(kind)).map_err(|error| format!("{}: {}: {error}", scenario.figures[0].name, kind.name()))
}

/// Whether the better of our two policies is at least as good as everybody else.
fn is_first(figure: &Figure, scores: &[Option<Score>]) -> bool {
    let best = |ours: bool| {
        let values = Kind::ALL.iter().zip(scores).filter(|(kind, _)| kind.is_ours() == ours);
        values.filter_map(|(_, score)| score.as_ref()).map(|score| score.value).fold(f64::INFINITY, f64::min)
    };
    best(true) <= best(false) + figure.tolerance
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| contender | version | configuration | clock |\n|---|---|---|---|")?;
        for kind in Kind::ALL {
            let clock = if kind.is_virtual() { "paused" } else { "the machine's, all times divided by 30" };
            writeln!(f, "| {} | {} | {} | {clock} |", kind.name(), kind.version(), kind.configuration())?;
        }
        write!(f, "\n| what |")?;
        Kind::ALL.iter().try_for_each(|kind| write!(f, " {} |", kind.name()))?;
        writeln!(f, " the better of ours first or equal |\n|---|{}---|", "---|".repeat(Kind::ALL.len()))?;
        for (figure, scores) in &self.rows {
            write!(f, "| {} |", figure.name)?;
            for score in scores {
                write!(f, " {} |", score.as_ref().map_or("–", |score| &score.text))?;
            }
            match (is_first(figure, scores), figure.reason) {
                (true, _) => writeln!(f, " yes |")?,
                (false, Some(reason)) => writeln!(f, " no: {reason} |")?,
                (false, None) => writeln!(f, " **no** |")?,
            }
        }
        Ok(())
    }
}
