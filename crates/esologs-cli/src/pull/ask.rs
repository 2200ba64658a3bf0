//! What a pull is asked to bring: read from the command line, or from the file that it names.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use esologs::pull::Target;
use esologs::{Endpoint, ReportCode, ReportRef};

use crate::args::{HostArgs, PullArgs, PullWhat, PullWhichArgs};
use crate::connection;
use crate::failure::Failure;
use crate::words;

/// More reports than these have to be meant: `--yes`.
const MANY: usize = 200;
/// A list of reports is not longer than this.
const LONGEST_FILE: u64 = 1024 * 1024;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) target: Target,
    /// The reports that were named.
    pub(super) codes: Vec<ReportCode>,
    pub(super) which: PullWhichArgs,
    pub(super) pull: PullArgs,
}

impl Ask {
    pub(super) fn of(what: PullWhat) -> Result<Self, Failure> {
        if what.pull().extras.attendance && !matches!(what, PullWhat::Guild(_)) {
            return Err(Failure::usage("--attendance is about the members of a guild: the service keeps it for guilds only"));
        }
        let list = |target, which, pull| Ok(Self { target, codes: Vec::new(), which, pull });
        match what {
            PullWhat::Guild(args) => list(Target::Guild(args.guild), args.which, args.pull),
            PullWhat::Character(args) => list(Target::Character(args.character), args.which, args.pull),
            PullWhat::User(args) => list(Target::User(args.user), args.which, args.pull),
            PullWhat::Report(args) => {
                let site = site(&args.pull.service.host)?;
                let codes = args.reports.iter().map(|text| Ok(ReportRef::on(&site, text)?.into()));
                Self::named(codes.collect::<Result<_, Failure>>()?, args.many.yes, args.pull)
            }
            PullWhat::List(args) => {
                let site = site(&args.pull.service.host)?;
                Self::named(codes_in(&text_of(&args.file)?, &site)?, args.many.yes, args.pull)
            }
        }
    }

    fn named(codes: Vec<ReportCode>, is_meant: bool, pull: PullArgs) -> Result<Self, Failure> {
        let count = codes.iter().collect::<HashSet<_>>().len();
        if count > MANY && !is_meant {
            let count = words::count(count as u64);
            return Err(Failure::usage(format!("{count} reports were named, which is more than {MANY}")).with_hint(
                "say --yes where they are your own or your guild's: the service's terms forbid copying the site into a database",
            ));
        }
        Ok(Self { target: Target::Reports, codes, which: PullWhichArgs::default(), pull })
    }

    /// Whether it is for all reports of a guild.
    pub(super) fn is_all_of_a_guild(&self) -> bool {
        let PullWhichArgs { since, until, last, zone, .. } = &self.which;
        matches!(self.target, Target::Guild(_)) && since.is_none() && until.is_none() && last.is_none() && zone.is_none()
    }
}

/// The site whose addresses are read.
fn site(host: &HostArgs) -> Result<Endpoint, Failure> {
    if host.demo { Ok(Endpoint::default()) } else { connection::quiet_endpoint(host.base_url.as_deref()) }
}

fn text_of(file: &Path) -> Result<String, Failure> {
    let shown = if file == Path::new("-") { "stdin".to_owned() } else { words::path(file) };
    let read = || {
        let mut text = String::new();
        if file == Path::new("-") {
            io::stdin().lock().take(LONGEST_FILE + 1).read_to_string(&mut text)?;
        } else {
            File::open(file)?.take(LONGEST_FILE + 1).read_to_string(&mut text)?;
        }
        Ok(text)
    };
    let text = read().map_err(|error: io::Error| Failure::local(&format!("cannot read {shown}"), &error))?;
    if text.len() as u64 > LONGEST_FILE {
        return Err(Failure::usage(format!("{shown} has more than 1 MiB: that is no list of reports")));
    }
    Ok(text)
}

/// The reports that the lines name.
fn codes_in(text: &str, site: &Endpoint) -> Result<Vec<ReportCode>, Failure> {
    let lines = (1..).zip(text.trim_start_matches('\u{feff}').lines().map(str::trim));
    let named = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let read = |(number, line): (usize, &str)| {
        let report = ReportRef::on(site, line).map_err(|error| Failure::usage(format!("line {number}: {error}")))?;
        Ok(report.into())
    };
    let codes: Vec<ReportCode> = named.map(read).collect::<Result<_, Failure>>()?;
    if codes.is_empty() {
        return Err(Failure::usage("the list names no report").with_hint("write a code or an address on each line"));
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let codes = codes_in(text, &Endpoint::default()).map_err(|failure| format!("{failure:?}"))?;
        Ok(codes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_line_is_a_code_or_an_address_and_comments_and_blanks_are_passed_over() {
        let text = "\u{feff}# raids\r\n\r\nxb7TKHXR8DJByp4Q\n  https://www.esologs.com/reports/k7mfhPdY36RfANY2?fight=3  \n# end";
        assert_eq!(read(text).unwrap(), ["xb7TKHXR8DJByp4Q", "k7mfhPdY36RfANY2"]);
    }

    #[test]
    fn a_line_that_names_no_report_is_told_by_its_number() {
        let why = read("xb7TKHXR8DJByp4Q\n\n# more\nnot a code\n").unwrap_err();
        assert!(why.contains("line 4: ") && why.contains("not a code"), "{why}");
        let why = read("https://www.warcraftlogs.com/reports/xb7TKHXR8DJByp4Q").unwrap_err();
        assert!(why.contains("line 1: "), "{why}");
    }

    #[test]
    fn a_list_that_names_nothing_is_a_mistake() {
        let why = read("# nothing yet\n\n").unwrap_err();
        assert!(why.contains("the list names no report"), "{why}");
    }
}
