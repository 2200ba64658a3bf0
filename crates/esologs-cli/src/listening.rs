//! Who listens to a client: for `--explain`, and for `--decision-log`.

use std::fs::File;
use std::path::PathBuf;

use esologs::events::{Explainer, Explanation};
use esologs::{ClientBuilder, Clock, DecisionLog};

use crate::args::ListenArgs;
use crate::failure::Failure;
use crate::{output, words};

/// The listeners that were asked for.
#[derive(Debug)]
pub(crate) struct Listening {
    explainer: Option<Explainer>,
    log: Option<(DecisionLog, PathBuf)>,
}

impl Listening {
    /// # Errors
    /// Where the file of the decision log cannot be made.
    pub(crate) fn start(args: &ListenArgs) -> Result<Self, Failure> {
        let explainer = args.explain.then(|| Explainer::new(Clock::system()));
        let log = match &args.decision_log {
            Some(path) => {
                let file = File::create(path)
                    .map_err(|error| Failure::local(&format!("cannot write the decision log {}", words::path(path)), &error))?;
                Some((DecisionLog::new(file, Clock::system()), path.clone()))
            }
            None => None,
        };
        Ok(Self { explainer, log })
    }

    pub(crate) fn attach(&self, mut client: ClientBuilder) -> ClientBuilder {
        if let Some(explainer) = &self.explainer {
            client = client.on_event(explainer.subscriber());
        }
        if let Some((log, _)) = &self.log {
            client = client.on_event(log.subscriber());
        }
        client
    }

    /// Writes the rest of the decision log, and hands out where the time went, where that was asked for. A log that could
    /// not be written is told; what was asked for came nevertheless.
    pub(crate) fn finish(&self) -> Option<Explanation> {
        if let Some((log, path)) = &self.log
            && let Err(error) = log.finish()
        {
            output::talk(format_args!("note: the decision log {} is not complete: {error}", words::path(path)));
        }
        self.explainer.as_ref().map(Explainer::explanation)
    }
}

/// Says the lines of an explanation on stderr. Names of operations come from whoever wrote the query.
pub(crate) fn tell(lines: &[String]) {
    for line in lines {
        output::talk(format_args!("{}", words::plain(line)));
    }
}
