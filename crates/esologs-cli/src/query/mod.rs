//! `esologs query`: a query of one's own, through the same pipeline as everything else.

mod json_text;

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::time::Duration;

use esologs::events::{Explanation, Story};
use esologs::{CallPolicy, Event, QueryAnswer};
use serde_json::{Map, Value};

use crate::args::QueryArgs;
use crate::connection::Connection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::listening::{self, Listening};
use crate::{input, output, words};

/// The demo answers queries at once: one question has nothing to show of repeats.
const NO_FAULTS: f64 = 0.0;
/// Shorter waits are not worth a line.
const TOLD_WAIT: Duration = Duration::from_secs(2);
/// The longest query, and the longest file of variables, in MiB. Real ones have some KiB.
const MAX_INPUT_MIB: u64 = 1;

pub(crate) async fn run(args: QueryArgs) -> Result<Exit, Failure> {
    let variables = read_variables(args.variables.as_deref())?;
    let document = read_document(&args.document)?;
    let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
    let connection = Connection::open(&args.host, NO_FAULTS).await?;
    let policy = if args.batch { CallPolicy::batch() } else { CallPolicy::interactive() };
    let listening = Listening::start(&args.listen)?;
    let client = listening.attach(connection.client.policy(policy).on_event(tell)).build()?;
    let answer = tokio::select! {
        answer = client.query(&document, variables) => answer.map(Some),
        signal = interrupts.next() => {
            output::talk(format_args!("stopped by {signal}; nothing was printed"));
            Ok(None)
        }
    };
    let exit = match answer {
        Ok(Some(answer)) => show(&answer, !args.compact && io::stdout().is_terminal()),
        Ok(None) => Ok(Exit::Interrupted),
        Err(error) => Err(explain(Failure::from(error), args.batch)),
    };
    if let Some(explanation) = listening.finish() {
        listening::tell(&story(&explanation));
    }
    exit
}

/// Prints the answer, and says what is missing from it.
fn show(answer: &QueryAnswer, indent: bool) -> Result<Exit, Failure> {
    output::data(&to_text(answer, indent)?)?;
    if answer.errors.is_empty() {
        return Ok(Exit::Done);
    }
    output::talk(format_args!("note: only a part of the data came; the service says:"));
    for error in &answer.errors {
        output::talk(format_args!("  {}", words::plain(&error.to_string())));
    }
    Ok(Exit::Missing)
}

/// The story of the one call. Probes of the breaker are shorter than the call that waits for them.
fn story(explanation: &Explanation) -> Vec<String> {
    explanation.longest.first().map_or_else(|| explanation.lines(), Story::lines)
}

/// The way out of a limit, as it is called here.
fn explain(failure: Failure, batch: bool) -> Failure {
    match failure.exit() {
        Exit::OwnLimit if !batch => failure.with_hint("try again then, or let it wait: --batch"),
        _ => failure,
    }
}

fn tell(event: &Event<'_>) {
    if let Event::Waiting { reason, delay, until, .. } = event
        && *delay >= TOLD_WAIT
    {
        let (until, delay) = (words::time_of_day(*until), words::duration(*delay));
        output::talk(format_args!("waiting for {} until {until} ({delay})", reason.words()));
    }
}

/// `data`, or the whole answer where a part is missing.
fn to_text(answer: &QueryAnswer, indent: bool) -> Result<String, Failure> {
    let data = answer.data.get();
    let text = if answer.errors.is_empty() {
        data.to_owned()
    } else {
        let errors = serde_json::to_string(&answer.errors)
            .map_err(|error| Failure::new(Exit::Upstream, "bad_answer", format!("the errors cannot be printed: {error}")))?;
        format!("{{\"data\":{data},\"errors\":{errors}}}")
    };
    Ok(if indent { json_text::indented(&text) } else { json_text::on_one_line(&text) })
}

fn read_document(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        return input::text(io::stdin().lock(), "the query from stdin", MAX_INPUT_MIB);
    }
    input::file(path, &format!("the query {}", path.display()), MAX_INPUT_MIB)
}

fn read_variables(given: Option<&str>) -> Result<Map<String, Value>, Failure> {
    let Some(given) = given else { return Ok(Map::new()) };
    let (text, place) = match given.strip_prefix('@') {
        Some(path) => {
            let text = input::file(Path::new(path), &format!("the variables {path}"), MAX_INPUT_MIB)?;
            (text, format!("the file {path}"))
        }
        None => (given.to_owned(), "--variables".to_owned()),
    };
    let example = r#"expected something like '{"code": "xb7TKHXR8DJByp4Q"}'"#;
    match serde_json::from_str(&text) {
        Ok(Value::Object(variables)) => Ok(variables),
        Ok(_) => Err(Failure::usage(format!("{place}: not a JSON object; {example}"))),
        Err(error) => Err(Failure::usage(format!("{place}: not valid JSON ({error}); {example}"))),
    }
}
