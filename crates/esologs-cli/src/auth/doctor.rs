//! `esologs auth doctor`: why calls fail, step by step, and what to do about it.

use esologs::diagnosis::{Diagnosis, Finding, State};
use serde::Serialize;

use crate::args::DoctorArgs;
use crate::connection::Connection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// The demo has nothing to be found.
const NO_FAULTS: f64 = 0.0;

pub(crate) async fn run(args: DoctorArgs) -> Result<Exit, Failure> {
    let connection = Connection::open(&args.host, NO_FAULTS).await?;
    let diagnosis = connection.client.diagnose().await;
    let exit = exit(&diagnosis);
    if args.json {
        output::data(&json(&diagnosis, exit)?)?;
    } else {
        output::data(&(lines(&diagnosis).join("\n") + "\n"))?;
    }
    Ok(exit)
}

/// As calls would end.
fn exit(diagnosis: &Diagnosis) -> Exit {
    let kind = diagnosis.failure().and_then(|failure| failure.cause).map(|cause| cause.kind());
    kind.map_or(Exit::Done, Exit::of)
}

/// The steps as text: a mark, the step, what was found; behind them, what to do.
fn lines(diagnosis: &Diagnosis) -> Vec<String> {
    let mut lines = vec![format!("How calls to {} fare, step by step:", words::plain(&diagnosis.host)), String::new()];
    let wide = diagnosis.findings.iter().map(|finding| finding.step.to_string().len()).max().unwrap_or_default();
    lines.extend(diagnosis.findings.iter().map(|finding| {
        let found = words::plain(&finding.found);
        format!("{}  {:wide$}  {found}", mark(finding.state), finding.step.to_string())
    }));
    lines.push(String::new());
    let wrong = diagnosis.findings.iter().filter(|finding| matches!(finding.state, State::Odd | State::Failed));
    lines.extend(wrong.filter_map(|finding| Some(format!("{}: {}", verb(finding), finding.fix()?))));
    if diagnosis.is_well() {
        lines.push("Calls go through.".to_owned());
    }
    lines
}

const fn mark(state: State) -> &'static str {
    match state {
        State::Fine => "ok  ",
        State::Odd => "odd ",
        State::Failed => "FAIL",
        _ => "-   ",
    }
}

fn verb(finding: &Finding) -> String {
    let what = if finding.state == State::Failed { "what to do" } else { "worth a look" };
    format!("{what} ({})", finding.step)
}

/// What `--json` prints: described in `docs/cli.md`. Names of fields are a promise.
#[derive(Serialize)]
struct Told<'a> {
    host: &'a str,
    is_well: bool,
    cause: Option<&'static str>,
    fix: Option<&'static str>,
    exit_code: u8,
    took_ms: u64,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    step: &'static str,
    state: &'static str,
    found: &'a str,
    cause: Option<&'static str>,
    fix: Option<&'static str>,
}

fn json(diagnosis: &Diagnosis, exit: Exit) -> Result<String, Failure> {
    let failure = diagnosis.failure();
    let told = Told {
        host: &diagnosis.host,
        is_well: diagnosis.is_well(),
        cause: failure.and_then(|failure| failure.cause).map(|cause| cause.name()),
        fix: failure.and_then(Finding::fix),
        exit_code: exit.code(),
        took_ms: u64::try_from(diagnosis.elapsed.as_millis()).unwrap_or(u64::MAX),
        steps: diagnosis
            .findings
            .iter()
            .map(|finding| Step {
                step: finding.step.name(),
                state: finding.state.name(),
                found: &finding.found,
                cause: finding.cause.map(|cause| cause.name()),
                fix: finding.fix(),
            })
            .collect(),
    };
    let text = serde_json::to_string_pretty(&told)
        .map_err(|error| Failure::new(Exit::Local, "local_file", format!("cannot write the diagnosis as JSON: {error}")))?;
    Ok(text + "\n")
}
