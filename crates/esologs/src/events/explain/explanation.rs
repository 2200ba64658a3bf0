//! Where the time of many calls went.

use std::fmt;

use serde::Serialize;

use super::cause::Cause;
use super::story::Story;
use super::time::Shown;

/// Where the time of many calls went: sums by cause, and the stories of the longest. `Display` tells it in lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// Calls that came to an end.
    pub calls: u64,
    /// Their times, added up; calls at the same time count each. In milliseconds.
    pub total_ms: u64,
    /// What it was spent on, the most first.
    pub causes: Vec<Spent>,
    /// The calls that took longest, the longest first.
    pub longest: Vec<Story>,
}

/// What was spent on one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Spent {
    /// On what.
    pub cause: Cause,
    /// How often.
    pub count: u64,
    /// How long in all, in milliseconds.
    pub ms: u64,
}

impl Explanation {
    /// The explanation in lines without line ends.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        if self.calls == 0 {
            return vec!["No call came to an end, so there is nothing to explain.".to_owned()];
        }
        let times: Vec<u64> = self.causes.iter().map(|spent| spent.ms).collect();
        let shown = Shown::new(self.total_ms, &times);
        let mut lines = vec![match self.calls {
            1 => format!("One call took {}:", shown.total()),
            calls => format!("{calls} calls took {}, added up:", shown.total()),
        }];
        // What is too short to be seen in these units is left out.
        let seen = self.causes.iter().zip(shown.parts()).filter(|(_, (units, _))| *units > 0);
        let seen: Vec<(&Spent, String)> = seen.map(|(spent, (_, time))| (spent, time)).collect();
        let width = seen.iter().map(|(_, time)| time.len()).max().unwrap_or_default();
        lines.extend(seen.iter().map(|(spent, time)| format!("  {time:>width$} {} ({} ×)", spent.cause.words(), spent.count)));
        lines.push(if self.longest.len() == 1 { "The longest:".to_owned() } else { "The longest of them:".to_owned() });
        lines.extend(self.longest.iter().flat_map(Story::lines).map(|line| format!("  {line}")));
        lines
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}
