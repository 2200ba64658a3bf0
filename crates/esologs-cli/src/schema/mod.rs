//! `esologs schema drift`: what the API sends and this version does not know.

mod findings;
mod live;
mod saved;

use esologs::Client;

use crate::args::{DriftArgs, SchemaWhat};
use crate::asking::Asking;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout::Screen;
use crate::output;
use findings::Findings;

pub(crate) async fn run(what: SchemaWhat) -> Result<Exit, Failure> {
    let SchemaWhat::Drift(args) = what;
    if !args.from.is_empty() {
        return show(&saved::look(&args.from, args.kind.as_deref())?, &args);
    }
    let name = "esologs schema drift";
    let asking = Asking { name, service: &args.service, batch: args.batch, cache: None };
    asking.ask(async |client: Client, _| show(&live::look(&client, &args).await?, &args)).await
}

fn show(findings: &Findings, args: &DriftArgs) -> Result<Exit, Failure> {
    let text = if args.json { findings.json()? } else { findings.lines(&Screen::of_stdout(false)).join("\n") + "\n" };
    output::data(&text)?;
    findings.tell_failures();
    if findings.met_limit {
        return Ok(Exit::OwnLimit);
    }
    Ok(if findings.has_failures() || (args.fail && !findings.drift.is_empty()) { Exit::Missing } else { Exit::Done })
}
