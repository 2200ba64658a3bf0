//! `esologs get`: anything of the API, as a table, a chart or JSON.

pub(crate) mod about;
mod columns;
mod fetch;
pub(crate) mod fights;
pub(crate) mod option;
pub(crate) mod view;
pub(crate) mod what;

use std::io::{self, IsTerminal as _};

use esologs::{AnyCall, Client};
use serde_json::Value;

use crate::args::{Extent, GetArgs, ShowArgs};
use crate::asking::Asking;
use crate::cache::served;
use crate::chart::Origin;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout::Screen;
use crate::{chart, json_text, output};
use about::Kind;
use fetch::{Found, JsonForm};

/// Events on a page where only one is asked for: as many as can be looked at, and the least that the API takes.
const EVENTS_TO_LOOK_AT: i64 = 100;

pub(crate) async fn run(args: GetArgs) -> Result<Exit, Failure> {
    let GetArgs { what, about, arguments, extent, chart, show, cache, service } = args;
    // A chart that cannot be written is told before anything is spent on it.
    if let Some(chart) = &chart {
        chart::check(chart)?;
    }
    let name = format!("esologs get {}", what.name);
    let asking = Asking { name: &name, service: &service, batch: show.batch, cache: Some(&cache) };
    asking
        .ask(async |client: Client, _| {
            let mut about = about;
            if what.kind == Kind::Report {
                about.read_report(client.endpoint())?;
            }
            let mut call = (what.make)(&client, &about)?;
            if what.operation == "ReportEvents" {
                set_for_looking_at(&mut *call, extent, &show)?;
            }
            let kind = kind_of(&arguments);
            let asked = set(&mut *call, &client, &about, arguments).await?;
            let found = fetch::fetch(&*call, extent).await.map_err(|failure| about.explained(failure))?;
            if let (Some(report), false) = (about.report_ref(), asked.is_empty())
                && found.node()?.is_bare()
            {
                fights::check(&client, report.code(), &asked).await?;
            }
            match (&chart, about.report_ref()) {
                (Some(chart), Some(report)) => {
                    let origin = Origin { operation: what.operation, kind: &kind, code: report.code(), fights: &asked };
                    chart::draw(chart, &origin, &found.node()?, &Screen::of_stdout(show.utc))?;
                }
                _ => print(what.operation, &found, &show)?,
            }
            Ok(found.tell())
        })
        .await
}

/// What people want of events, unless they say otherwise: a page that can be looked at, with names rather than numbers.
fn set_for_looking_at(call: &mut dyn AnyCall, extent: Extent, show: &ShowArgs) -> Result<(), Failure> {
    if matches!(extent, Extent::Page(_)) {
        call.set("per_page", &EVENTS_TO_LOOK_AT.into())?;
    }
    if !show.json {
        call.set("use_actor_ids", &false.into())?;
        call.set("use_ability_ids", &false.into())?;
    }
    Ok(())
}

/// The data type that was said, as a word; the API's default where none was.
fn kind_of(arguments: &[(&'static str, Value)]) -> String {
    let said = arguments.iter().find(|(method, _)| *method == "data_type").and_then(|(_, value)| value.as_str());
    option::word(said.unwrap_or("Summary"))
}

/// Sets what was said on the command line and in the report's address. Hands out the fights that were asked for.
async fn set(
    call: &mut dyn AnyCall,
    client: &Client,
    about: &about::About,
    arguments: Vec<(&'static str, Value)>,
) -> Result<Vec<i64>, Failure> {
    let takes_fights = call.info().parameters.iter().any(|parameter| parameter.method == fights::METHOD);
    let mut asked = Vec::new();
    if let Some(report) = about.report_ref() {
        let said = arguments.iter().find(|(method, _)| *method == fights::METHOD).map(|(_, value)| value);
        if takes_fights {
            asked = fights::asked(client, report, said).await?;
        } else if report.fight().is_some() {
            output::talk(format_args!("note: the fight of the address does not count here: this is about the whole report"));
        }
        if !asked.is_empty() {
            call.set(fights::METHOD, &asked.clone().into())?;
        }
    }
    for (method, value) in arguments.into_iter().filter(|(method, _)| *method != fights::METHOD) {
        call.set(method, &value)?;
    }
    Ok(asked)
}

fn print(operation: &str, found: &Found, show: &ShowArgs) -> Result<(), Failure> {
    if show.json {
        let form = match (show.compact, io::stdout().is_terminal()) {
            (true, _) => JsonForm::Compact,
            (false, true) => JsonForm::Indented,
            (false, false) => JsonForm::Usual,
        };
        if show.served {
            return output::data(&json_text::laid_out(
                &served::beside(found.served(), &found.json(JsonForm::Compact))?,
                form == JsonForm::Indented,
            ));
        }
        return output::data(&found.json(form));
    }
    let lines = view::lines(operation, &found.node()?, &Screen::of_stdout(show.utc));
    output::data(&(lines.join("\n") + "\n"))
}
