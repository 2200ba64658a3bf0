//! `esologs get`: a command for each call of the catalogue, made of the catalogue.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};
use esologs::catalogue::{self, CallInfo, Paging};
use serde_json::Value;

use super::cache::CacheArgs;
use super::service::ServiceArgs;
use crate::get::about::About;
use crate::get::option;
use crate::get::what::{self, GROUPS, What};

/// The most entries that `--all` brings, where `--max` says nothing else.
pub(crate) const DEFAULT_MAX: u64 = 10_000;

const PAGE: &str = "page";
const ALL: &str = "all";
const MAX: &str = "max";
const CHART: &str = "chart";
const FORCE: &str = "force";

/// What is to be got, and how it is to be shown.
#[derive(Debug)]
pub(crate) struct GetArgs {
    pub(crate) what: &'static What,
    pub(crate) about: About,
    /// The arguments that were given, by the names that the library has for them.
    pub(crate) arguments: Vec<(&'static str, Value)>,
    pub(crate) extent: Extent,
    pub(crate) chart: Option<Chart>,
    pub(crate) show: ShowArgs,
    pub(crate) cache: CacheArgs,
    pub(crate) service: ServiceArgs,
}

/// How much of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One page; `None` is the first.
    Page(Option<u64>),
    /// All pages. `None` is the usual bound.
    All { max: Option<u64> },
}

/// Where a chart goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chart {
    Terminal,
    File { path: PathBuf, overwrite: bool },
}

// A doc comment here would become the help of each command.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Prints JSON, as the service sent it; a list as one array of its entries
    #[arg(long)]
    pub(crate) json: bool,

    /// Prints JSON on one line [default: indented on a terminal, one line elsewhere]
    #[arg(long, requires = "json")]
    pub(crate) compact: bool,

    /// Prints {"served": …, "data": …}: with the JSON, where it comes from and how old it is
    #[arg(long, requires = "json")]
    pub(crate) served: bool,

    /// Tells times in UTC [default: the time zone of this machine]
    #[arg(long)]
    pub(crate) utc: bool,

    /// Is patient: waits for points (up to 70 minutes) and through outages (10 minutes), instead of 30 s in all
    #[arg(long)]
    pub(crate) batch: bool,
}

/// The catalogue, for as long as the program runs.
static CALLS: LazyLock<Vec<CallInfo>> = LazyLock::new(catalogue::calls);

fn info(what: &What) -> Option<&'static CallInfo> {
    CALLS.iter().find(|call| call.operation == what.operation)
}

impl Args for GetArgs {
    fn augment_args(command: Command) -> Command {
        let commands = what::all().map(|what| Command::new(what.name).about(sentence(what)).defer(filled));
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .subcommand_value_name("WHAT")
            .help_template("{about-with-newline}\n{usage-heading} {usage}{after-help}")
            .after_help(list_of_commands())
            .subcommands(commands)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// `a guild` as `A guild`.
fn sentence(what: &What) -> String {
    let mut letters = what.brief.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The commands under their headings; clap has one heading for all.
fn list_of_commands() -> String {
    let mut text = String::new();
    for group in GROUPS {
        if !text.is_empty() {
            text.push('\n');
        }
        text += &format!("{}:\n", group.heading);
        for what in group.things {
            text += &format!("  {:<21} {}\n", what.name, what.brief);
        }
    }
    text + "\nA report is named by its code or by the address of its page.\n`esologs get WHAT --help` lists the options of each.\n\nExamples:\n  \
            esologs get fights --demo DDGzY2jHNDCp7xYw\n  \
            esologs get table xb7TKHXR8DJByp4Q --fight 17 --type damage-done --chart\n  \
            esologs get guild-reports 3468 --since '3 months ago' --all --json\n  \
            esologs get character-rankings 27 --metric dps --page 2"
}

/// A command with its arguments, once it is the one that is meant.
fn filled(command: Command) -> Command {
    let Some(what) = what::named(command.get_name()) else { return command };
    let Some(info) = info(what) else { return command };
    let mut command = what.kind.add_to(command).next_help_heading("Arguments of the call");
    command = command.args(info.parameters.iter().map(option::argument));
    command = command.next_help_heading("How much, and how it is shown");
    if info.paging != Paging::Single {
        command = command.args(extent_arguments(info.paging));
    }
    if matches!(what.operation, "ReportTable" | "ReportGraph") {
        command = command.args(chart_arguments());
    }
    command = ShowArgs::augment_args(command).next_help_heading("How it is asked");
    ServiceArgs::augment_args(CacheArgs::augment_args(command))
}

fn extent_arguments(paging: Paging) -> Vec<Arg> {
    let number = || value_parser!(u64).range(1..=i64::from(i32::MAX) as u64);
    let mut arguments = Vec::new();
    if paging == Paging::Pages {
        let page = Arg::new(PAGE).long(PAGE).value_name("N").value_parser(number()).conflicts_with(ALL);
        arguments.push(page.help("Which page, from 1 [default: the first]"));
    }
    let all = Arg::new(ALL).long(ALL).action(ArgAction::SetTrue);
    arguments.push(all.help("All pages, one after the other"));
    let max = Arg::new(MAX).long(MAX).value_name("N").value_parser(number()).requires(ALL);
    arguments.push(max.help(format!("The most entries that --all brings [default: {DEFAULT_MAX}]")));
    arguments
}

fn chart_arguments() -> [Arg; 2] {
    let chart = Arg::new(CHART).long(CHART).value_name("FILE.svg").num_args(0..=1).value_parser(value_parser!(PathBuf));
    let force = Arg::new(FORCE).long(FORCE).action(ArgAction::SetTrue).requires(CHART);
    [
        chart.help("Draws a chart in the terminal, or into an SVG file").conflicts_with("json"),
        force.help("Writes the chart over a file that is there"),
    ]
}

impl FromArgMatches for GetArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::raw(clap::error::ErrorKind::MissingSubcommand, "nothing is said to get\n");
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let what = what::named(name).ok_or_else(missing)?;
        let parameters = info(what).map(|info| info.parameters).unwrap_or_default();
        let arguments =
            parameters.iter().filter_map(|parameter| Some((parameter.method, option::value(parameter, matches)?))).collect();
        Ok(Self {
            what,
            about: About::of(matches),
            arguments,
            extent: extent(matches),
            chart: chart(matches),
            show: ShowArgs::from_arg_matches(matches)?,
            cache: CacheArgs::from_arg_matches(matches)?,
            service: ServiceArgs::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn extent(matches: &ArgMatches) -> Extent {
    let number = |id: &str| matches.try_get_one::<u64>(id).ok().flatten().copied();
    match matches.try_get_one::<bool>(ALL) {
        Ok(Some(true)) => Extent::All { max: number(MAX) },
        _ => Extent::Page(number(PAGE)),
    }
}

fn chart(matches: &ArgMatches) -> Option<Chart> {
    // Neither is there with most commands.
    if !matches.ids().any(|id| id.as_str() == CHART) {
        return None;
    }
    Some(match matches.get_one::<PathBuf>(CHART) {
        Some(path) => Chart::File { path: path.clone(), overwrite: matches.get_flag(FORCE) },
        None => Chart::Terminal,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use esologs::{Client, Credentials, Parameter};

    use super::*;
    use crate::args::{Cli, Command};
    use crate::get::about::{About, Kind};

    /// Something that the parameter takes, as it is said.
    fn example(parameter: &Parameter) -> String {
        match (parameter.values, parameter.takes) {
            ([.., last], _) => option::word(last),
            (_, "bool") => "true".to_owned(),
            (_, "FightIds") => "3,5-7".to_owned(),
            (_, "ReportTime") => "1:30".to_owned(),
            (_, "Option<UnixMillis>") => "2026-01-01".to_owned(),
            _ => parameter.range.map_or_else(|| "some-text".to_owned(), |(_, most)| most.to_string()),
        }
    }

    fn read(arguments: &[String]) -> GetArgs {
        let cli = Cli::try_parse_from(["esologs", "get"].into_iter().map(str::to_owned).chain(arguments.iter().cloned()));
        match cli.unwrap_or_else(|error| panic!("{arguments:?}: {error}")).command {
            Command::Get(args) => args,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn every_parameter_of_every_call_can_be_said_and_is_taken_by_the_call() {
        let client = Client::builder().credentials(Credentials::new("id", "secret").unwrap()).build().unwrap();
        for what in what::all() {
            let parameters = info(what).unwrap().parameters;
            let mut line = vec![what.name.to_owned()];
            line.extend(match what.kind {
                Kind::Nothing => Vec::new(),
                Kind::CharacterAtEncounter => vec!["7".to_owned(), "50".to_owned()],
                _ => vec!["7".to_owned()],
            });
            line.extend(
                parameters.iter().map(|parameter| format!("--{}={}", option::option_name(parameter), example(parameter))),
            );

            let args = read(&line);

            let mut call = (what.make)(&client, &About::example(what.kind)).unwrap();
            let said: Vec<&str> = args.arguments.iter().map(|(method, _)| *method).collect();
            assert_eq!(said, parameters.iter().map(|parameter| parameter.method).collect::<Vec<_>>(), "{}", what.name);
            for (method, value) in &args.arguments {
                call.set(method, value).unwrap_or_else(|error| panic!("{}: {error}", what.name));
            }
        }
    }

    #[test]
    fn what_is_said_of_lists_and_charts_is_read() {
        let read = |line: &str| read(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(read("members 7").extent, Extent::Page(None));
        assert_eq!(read("members 7 --page 3").extent, Extent::Page(Some(3)));
        assert_eq!(read("members 7 --all --max 5").extent, Extent::All { max: Some(5) });
        assert_eq!(read("zones").extent, Extent::Page(None), "no list");
        assert_eq!((read("table 7").chart, read("table 7 --chart --fight 3").chart), (None, Some(Chart::Terminal)));
        let file = Chart::File { path: "a.svg".into(), overwrite: true };
        assert_eq!(read("graph 7 --chart a.svg --force").chart, Some(file));
        assert_eq!(read("table 7 --data-type Healing --fights 1").arguments.len(), 2, "the long names are taken, too");
    }
}
