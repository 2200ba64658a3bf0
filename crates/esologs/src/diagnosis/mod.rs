//! Why calls fail: a look at each step on the way to an answer, one try each, and what to do about the first that fails.
//!
//! ```no_run
//! # async fn example() {
//! let diagnosis = esologs::Client::builder().diagnose().await;
//! for finding in &diagnosis.findings {
//!     println!("{}: {}", finding.step, finding.found);
//! }
//! if let Some(fix) = diagnosis.failure().and_then(|failure| failure.fix()) {
//!     println!("what to do: {fix}");
//! }
//! # }
//! ```

mod cause;
mod finding;
mod network;
mod reading;
mod service;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

pub use self::cause::Cause;
pub use self::finding::{Diagnosis, Finding, State, Step};
use crate::client::{AskedBy, AskedWith, Client, ClientBuilder};
use crate::config::CallPolicy;
use crate::error::{Error, ErrorKind};
use crate::events::Event;

/// The whole look takes no longer, whatever is silent.
const LONGEST: Duration = Duration::from_secs(20);
/// One question takes no longer.
const LONGEST_QUESTION: Duration = Duration::from_secs(5);

/// What was found so far; a step that failed ends the look.
struct Look {
    findings: Vec<Finding>,
    end: Instant,
}

/// A step failed: nothing more is asked.
struct Ended;

impl Look {
    fn note(&mut self, finding: Finding) -> Result<(), Ended> {
        let has_failed = finding.state == State::Failed;
        self.findings.push(finding);
        if has_failed { Err(Ended) } else { Ok(()) }
    }

    /// How long the next question may take.
    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now()).min(LONGEST_QUESTION)
    }

    /// The findings in the order of the steps, with those that were not taken.
    fn findings(mut self) -> Vec<Finding> {
        for step in Step::ALL {
            if !self.findings.iter().any(|finding| finding.step == step) {
                self.findings.push(Finding::not_taken(step, "not looked at"));
            }
        }
        self.findings.sort_by_key(|finding| finding.step);
        self.findings
    }
}

/// Looks at everything, with the settings of this builder.
pub(crate) async fn diagnose(builder: ClientBuilder) -> Diagnosis {
    let (started, host) = (Instant::now(), builder.host());
    let mut look = Look { findings: Vec::new(), end: started + LONGEST };
    // What is not noted is not needed: a failed step ends the look.
    let _ended = look_at_all(&mut look, builder).await;
    Diagnosis { host, findings: look.findings(), elapsed: started.elapsed() }
}

async fn look_at_all(look: &mut Look, builder: ClientBuilder) -> Result<(), Ended> {
    let policy = CallPolicy::plain().timeout(LONGEST_QUESTION).deadline(LONGEST_QUESTION);
    let troubles = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&troubles);
    let builder = builder.on_event(move |event| {
        if let Event::SignInTrouble { why } = event {
            heard.lock().unwrap_or_else(PoisonError::into_inner).push((*why).to_owned());
        }
    });
    let built = builder.policy(policy).without_breaker().build();
    for trouble in std::mem::take(&mut *troubles.lock().unwrap_or_else(PoisonError::into_inner)) {
        look.note(Finding::odd(Step::Settings, Cause::SignInFile, trouble))?;
    }
    let client = match built {
        Ok(client) => client,
        Err(error) => return look.note(unusable(&error)),
    };
    settings(look, &client)?;
    network::look(look, &client).await?;
    service::look(look, &client).await
}

/// Settings that no client can be made with.
fn unusable(error: &Error) -> Finding {
    let cause = match error.kind() {
        ErrorKind::Auth => Cause::NoCredentials,
        ErrorKind::LocalFile => Cause::SignInFile,
        _ => Cause::Setting,
    };
    let hint = error.hint().filter(|_| cause == Cause::Setting).map(|hint| format!("; {hint}")).unwrap_or_default();
    Finding::failed(Step::Settings, cause, format!("{}{hint}", error.message()))
}

fn settings(look: &mut Look, client: &Client) -> Result<(), Ended> {
    for by in client.asked_by() {
        look.note(Finding::fine(Step::Settings, said(&by)))?;
    }
    for oddity in client.oddities() {
        look.note(Finding::odd(Step::Settings, Cause::OddSetting, oddity.clone()))?;
    }
    Ok(())
}

/// Who asks, and where that is said.
fn said(by: &AskedBy) -> String {
    let what = match by.with {
        AskedWith::Credentials => "id and secret are said",
        AskedWith::Token if by.scope.is_user() => "a user's token is said",
        AskedWith::Token => "a token is said",
        AskedWith::SignIn => "a user's sign-in is said",
    };
    format!("{what} by {}", by.origin)
}
