//! `esologs query`: a query of one's own, through the same pipeline as everything else.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use esologs::QueryAnswer;
use serde_json::{Map, Value};

use crate::args::QueryArgs;
use crate::asking::Asking;
use crate::cache::served;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{input, json_text, output, words};

/// The longest query, and the longest file of variables, in MiB. Real ones have some KiB.
const MAX_INPUT_MIB: u64 = 1;

pub(crate) async fn run(args: QueryArgs) -> Result<Exit, Failure> {
    let variables = read_variables(args.variables.as_deref())?;
    let document = read_document(&args.document)?;
    let indent = !args.compact && io::stdout().is_terminal();
    let asking = Asking { name: "esologs query", service: &args.service, batch: args.batch, cache: Some(&args.cache) };
    asking
        .ask(|client, _| async move {
            let answer = client.query(&document, variables).await?;
            show(&answer, args.served, indent)
        })
        .await
}

/// Prints the answer, and says what is missing from it.
fn show(answer: &QueryAnswer, with_served: bool, indent: bool) -> Result<Exit, Failure> {
    let mut text = to_text(answer)?;
    if with_served {
        text = served::beside(&answer.served, &text)?;
    }
    output::data(&json_text::laid_out(&text, indent))?;
    if answer.errors.is_empty() {
        return Ok(Exit::Done);
    }
    output::talk(format_args!("note: only a part of the data came; the service says:"));
    for error in &answer.errors {
        output::talk(format_args!("  {}", words::plain(&error.to_string())));
    }
    Ok(Exit::Missing)
}

/// `data`, or the whole answer where a part is missing.
fn to_text(answer: &QueryAnswer) -> Result<String, Failure> {
    let data = answer.data.get();
    if answer.errors.is_empty() {
        return Ok(data.to_owned());
    }
    let errors = serde_json::to_string(&answer.errors)
        .map_err(|error| Failure::new(Exit::Upstream, "bad_answer", format!("the errors cannot be printed: {error}")))?;
    Ok(format!("{{\"data\":{data},\"errors\":{errors}}}"))
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
