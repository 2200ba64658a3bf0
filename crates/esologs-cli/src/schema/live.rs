//! A set of calls, asked for the sake of what is unknown in their answers.

use esologs::{AnyCall, Client, GraphDataType, ReportRef, TableDataType};
use serde_json::Value;

use super::findings::Findings;
use crate::args::DriftArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::get::about::{About, Kind};
use crate::get::what::{self, What};

/// The guild of the demo.
const DEMO_GUILD: &str = "3468";

/// Calls that are not asked: the list of everybody's reports is none of our business.
const LEFT_OUT: &[&str] = &["Reports"];

pub(super) async fn look(client: &Client, args: &DriftArgs) -> Result<Findings, Failure> {
    let mut findings = Findings::default();
    // What cannot be a report is told before anything is asked.
    let mut report = match &args.report {
        Some(text) => Some(ReportRef::on(client.endpoint(), text)?.code().to_string()),
        None => None,
    };
    let guild = args.guild.map(|guild| guild.to_string()).or_else(|| args.service.host.demo.then(|| DEMO_GUILD.to_owned()));
    ask_all(client, &About::default(), &[Kind::Nothing], &mut findings).await?;
    if let Some(guild) = guild {
        ask_all(client, &About::named(guild.clone()), &[Kind::Guild, Kind::GuildNumber], &mut findings).await?;
        if report.is_none() {
            report = newest_report(client, guild).await?;
        }
    }
    if let Some(code) = report {
        ask_all(client, &About::named(code), &[Kind::Report], &mut findings).await?;
    }
    Ok(findings)
}

/// Asks everything that is about things of these kinds.
async fn ask_all(client: &Client, about: &About, kinds: &[Kind], findings: &mut Findings) -> Result<(), Failure> {
    let asked = what::all().filter(|what| kinds.contains(&what.kind) && !LEFT_OUT.contains(&what.operation));
    for what in asked {
        let call = (what.make)(client, about)?;
        if call.info().needs_user && !client.has_user() {
            continue;
        }
        for data_type in data_types(what) {
            let mut call = (what.make)(client, about)?;
            if let Some(data_type) = data_type {
                call.set("data_type", &Value::from(*data_type))?;
            }
            let name = data_type.map_or_else(|| what.name.to_owned(), |data_type| format!("{} of {data_type}", what.name));
            ask(&*call, &name, findings).await;
        }
    }
    Ok(())
}

/// Tables and graphs have shapes of their own for each type.
fn data_types(what: &What) -> Vec<Option<&'static &'static str>> {
    match what.operation {
        "ReportTable" => TableDataType::NAMES.iter().map(Some).collect(),
        "ReportGraph" => GraphDataType::NAMES.iter().map(Some).collect(),
        _ => vec![None],
    }
}

/// A call that fails is told at the end; the others are asked nevertheless.
async fn ask(call: &dyn AnyCall, name: &str, findings: &mut Findings) {
    let answer = match call.fetch(None).await {
        Ok(answer) => answer,
        Err(error) => {
            findings.met_limit |= Exit::of(error.kind()) == Exit::OwnLimit;
            return findings.failed(name, error.to_string());
        }
    };
    match call.info().drift_of(&answer.json) {
        Ok(drift) if call.info().operation == "ReportEvents" => {
            findings.add_events(&drift, answer.entries.map_or(0, |entries| entries.len() as u64));
        }
        Ok(drift) => findings.add(&drift),
        Err(error) => findings.failed(name, error.to_string()),
    }
}

/// The code of the guild's newest report.
async fn newest_report(client: &Client, guild: String) -> Result<Option<String>, Failure> {
    let reports = About::named(guild).guild(client)?.reports().await?;
    Ok(reports.data.into_iter().flatten().map(|report| report.code.to_string()).next())
}
