//! What is said where the answer that is shown is older than it should be.

use esologs::{Clock, Served, StaleCause, UnixMillis};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// Where an answer comes from, in `--served` output. Names of fields are a promise.
#[derive(Debug, Serialize)]
struct Fields {
    from: &'static str,
    age_ms: u64,
    cause: Option<&'static str>,
    why: Option<String>,
    retry_at_unix_ms: Option<UnixMillis>,
}

impl From<&Served> for Fields {
    fn from(served: &Served) -> Self {
        let (from, age_ms) = (served.name(), served.age().as_millis() as u64);
        match served {
            Served::Stale { cause, retry_at, .. } => {
                let why = if let StaleCause::Failed(error) = cause { Some(error.to_string()) } else { None };
                Self { from, age_ms, cause: Some(cause.name()), why, retry_at_unix_ms: *retry_at }
            }
            _ => Self { from, age_ms, cause: None, why: None, retry_at_unix_ms: None },
        }
    }
}

/// The data with where it comes from beside it.
pub(crate) fn beside(served: &Served, data: &str) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Both<'a> {
        served: Fields,
        data: &'a RawValue,
    }
    let write = || {
        let data: &RawValue = serde_json::from_str(data.trim())?;
        serde_json::to_string(&Both { served: served.into(), data })
    };
    write().map_err(|error| Failure::new(Exit::Upstream, "bad_answer", format!("the answer cannot be printed: {error}")))
}

/// Says that what was shown is old, how old, why, and when to try again.
pub(crate) fn tell(served: &Served) {
    if let Some(words) = words_for(served, Clock::system().now()) {
        output::talk(format_args!("note: {words}"));
    }
}

fn words_for(served: &Served, now: UnixMillis) -> Option<String> {
    let Served::Stale { age, cause, retry_at, .. } = served else { return None };
    let why = match cause {
        StaleCause::Failed(error) => format!("since no newer one can be had: {}", words::plain(&error.to_string())),
        _ => "and may have changed since".to_owned(),
    };
    let again = retry_at.map(|at| format!("; try again {}", words::moment_ahead(at, now))).unwrap_or_default();
    Some(format!("this is an answer of {} ago, {why}{again}", words::about(*age)))
}
