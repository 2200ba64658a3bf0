//! The parameters of calls as options: `--kill-type wipes`, `--fight 3,4`, `--start-time 1:30`.

use clap::{Arg, ArgAction, ArgMatches};
use esologs::{Parameter, ReportTime};
use serde_json::Value;

use crate::args::read_date;

/// What a parameter takes, as it is said on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A word of an enum.
    Word,
    Flag,
    Fights,
    /// A time within a report.
    Time,
    Date,
    Number,
    Text,
}

impl Takes {
    fn of(parameter: &Parameter) -> Self {
        match parameter.takes {
            _ if !parameter.values.is_empty() => Self::Word,
            "bool" => Self::Flag,
            "FightIds" => Self::Fights,
            "ReportTime" => Self::Time,
            "Option<UnixMillis>" => Self::Date,
            _ if parameter.range.is_some() => Self::Number,
            _ => Self::Text,
        }
    }

    fn value_name(self) -> &'static str {
        match self {
            Self::Word => "WORD",
            Self::Flag => "true|false",
            Self::Fights => "N,…|last",
            Self::Time => "TIME",
            Self::Date => "DATE",
            Self::Number => "N",
            Self::Text => "TEXT",
        }
    }
}

/// The parameters whose usual names on the command line are shorter; the longer ones are taken, too.
const SHORT: &[(&str, &str)] = &[("data_type", "type"), ("fights", "fight"), ("view_by", "by")];

/// The parameter's option, without its dashes.
pub(crate) fn option_name(parameter: &Parameter) -> String {
    let short = SHORT.iter().find(|(method, _)| *method == parameter.method);
    short.map_or_else(|| parameter.method.replace('_', "-"), |(_, short)| (*short).to_owned())
}

/// Where the parameter stands among the matches of a command line.
fn id(parameter: &Parameter) -> String {
    format!("parameter.{}", parameter.method)
}

/// The parameter as an option of a command.
pub(crate) fn argument(parameter: &'static Parameter) -> Arg {
    let (takes, name) = (Takes::of(parameter), option_name(parameter));
    let long = parameter.method.replace('_', "-");
    let mut argument = Arg::new(id(parameter)).long(name.clone()).value_name(takes.value_name()).help(help(parameter, takes));
    if name != long {
        argument = argument.alias(long);
    }
    if takes == Takes::Flag {
        argument = argument.num_args(0..=1).require_equals(true).default_missing_value("true");
    }
    argument
        .action(ArgAction::Set)
        .allow_hyphen_values(matches!(takes, Takes::Number | Takes::Date | Takes::Time | Takes::Fights))
        .value_parser(move |text: &str| read(parameter, takes, text))
}

fn help(parameter: &Parameter, takes: Takes) -> String {
    let about = parameter.about().replace('`', "");
    let about = about.trim_end_matches('.');
    match takes {
        Takes::Word => {
            let words: Vec<String> = parameter.values.iter().map(|value| word(value)).collect();
            format!("{about} [one of: {}]", words.join(", "))
        }
        Takes::Date => format!("{} (2026-01-01, 7d)", about.replace(", milliseconds since 1970", "")),
        Takes::Time => {
            format!("{} (m:ss or ms since the report's start)", about.replace(", in milliseconds since the report's start", ""))
        }
        _ => about.to_owned(),
    }
}

/// The value that was said for the parameter.
pub(crate) fn value(parameter: &Parameter, matches: &ArgMatches) -> Option<Value> {
    matches.get_one::<Value>(&id(parameter)).cloned()
}

fn read(parameter: &Parameter, takes: Takes, text: &str) -> Result<Value, String> {
    match takes {
        Takes::Word => read_word(parameter, text),
        Takes::Flag => text.parse::<bool>().map(Value::from).map_err(|_| format!("'{text}' is neither true nor false")),
        Takes::Fights => read_fights(text),
        Takes::Time => read_time(text).map(|time| time.get().into()),
        Takes::Date => read_date(text).map(|date| date.0.get().into()),
        Takes::Number => read_number(parameter, text),
        Takes::Text => Ok(text.into()),
    }
}

/// A name of the schema as a word of a command line: `DamageDone` as `damage-done`, `DPS` as `dps`.
pub(crate) fn word(name: &str) -> String {
    let mut word = String::with_capacity(name.len() + 2);
    let mut after_small = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && after_small {
            word.push('-');
        }
        after_small = c.is_ascii_lowercase();
        word.push(c.to_ascii_lowercase());
    }
    word
}

/// Takes the schema's spelling, too; case and dashes do not count.
fn read_word(parameter: &Parameter, text: &str) -> Result<Value, String> {
    let bare = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
    match parameter.values.iter().find(|value| bare(value) == bare(text)) {
        Some(value) => Ok((*value).into()),
        None => {
            let words: Vec<String> = parameter.values.iter().map(|value| word(value)).collect();
            Err(format!("'{text}' is none of: {}", words.join(", ")))
        }
    }
}

fn read_number(parameter: &Parameter, text: &str) -> Result<Value, String> {
    let (least, most) = parameter.range.unwrap_or((f64::from(i32::MIN), f64::from(i32::MAX)));
    match text.trim().parse::<i64>() {
        Ok(number) if (least..=most).contains(&(number as f64)) => Ok(number.into()),
        Ok(number) => Err(format!("{number} is not taken: expected {least} to {most}")),
        Err(_) => Err(format!("'{text}' is not a whole number")),
    }
}

/// `3`, `3,4`, `3-7`, or `last`, which is looked up later.
fn read_fights(text: &str) -> Result<Value, String> {
    if text.trim() == "last" {
        return Ok("last".into());
    }
    let wrong = || format!("'{text}' names no fights: expected their numbers (3 or 3,4 or 3-7), or 'last'");
    let mut fights: Vec<i64> = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse().ok().filter(|number| (1..=MAX_FIGHT).contains(number));
        let (Some(first), Some(last)) = (number(first), number(last)) else { return Err(wrong()) };
        if first > last {
            return Err(wrong());
        }
        fights.extend(first..=last);
    }
    Ok(fights.into())
}

/// The largest number of a fight that is taken; real reports have some hundreds.
const MAX_FIGHT: i64 = 100_000;

/// A time within a report: milliseconds, `m:ss` or `h:mm:ss`, with fractions of a second where wanted.
fn read_time(text: &str) -> Result<ReportTime, String> {
    let wrong = || format!("'{text}' is no time within a report: expected 1:30, 1:02:03 or milliseconds");
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0).ok_or_else(wrong);
    let text = text.trim();
    if !text.contains(':') {
        return number(text).map(ReportTime::new);
    }
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return Err(wrong());
    }
    let mut seconds = 0.0;
    for (place, part) in parts.iter().enumerate() {
        let part = number(part)?;
        if place > 0 && part >= 60.0 {
            return Err(wrong());
        }
        seconds = seconds * 60.0 + part;
    }
    Ok(ReportTime::new((seconds * 1000.0).round()))
}

#[cfg(test)]
mod tests {
    use esologs::catalogue;
    use serde_json::json;

    use super::*;

    fn parameter(operation: &str, method: &str) -> Parameter {
        let calls = catalogue::calls();
        let call = calls.iter().find(|call| call.operation == operation).unwrap();
        *call.parameters.iter().find(|parameter| parameter.method == method).unwrap()
    }

    fn said(method: &str, text: &str) -> Result<Value, String> {
        let parameter = parameter("ReportEvents", method);
        read(&parameter, Takes::of(&parameter), text)
    }

    #[test]
    fn words_are_taken_as_the_schema_and_as_command_lines_write_them() {
        for text in ["damage-done", "DamageDone", "damagedone", "DAMAGE_DONE"] {
            assert_eq!(said("data_type", text), Ok(json!("DamageDone")), "{text}");
        }
        assert_eq!(said("hostility", "friends").unwrap_err(), "'friends' is none of: friendlies, enemies");
        assert_eq!(["DPS", "Level0", "bosscdps", "LogsOnly"].map(word), ["dps", "level0", "bosscdps", "logs-only"]);
    }

    #[test]
    fn fights_are_numbers_lists_and_ranges() {
        assert_eq!(said("fights", "3"), Ok(json!([3])));
        assert_eq!(said("fights", "3,5-7"), Ok(json!([3, 5, 6, 7])));
        assert_eq!(said("fights", "last"), Ok(json!("last")));
        for wrong in ["", "0", "7-3", "-1", "first", "1-9999999"] {
            assert!(said("fights", wrong).unwrap_err().contains("names no fights"), "{wrong}");
        }
    }

    #[test]
    fn times_are_milliseconds_or_as_clocks_show_them() {
        let read = |text: &str| said("start_time", text).map(|value| value.as_f64().unwrap());
        assert_eq!(
            [read("264591"), read("1:30"), read("1:02:03"), read("0:01.5")],
            [Ok(264_591.0), Ok(90_000.0), Ok(3_723_000.0), Ok(1_500.0)]
        );
        for wrong in ["-1", "1:60", "1:2:3:4", "soon", "NaN", ""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_told_with_what_the_api_takes() {
        assert_eq!(said("per_page", "50").unwrap_err(), "50 is not taken: expected 100 to 10000");
        assert_eq!(said("source_id", "-1"), Ok(json!(-1)), "the environment");
        assert_eq!(said("per_page", "many").unwrap_err(), "'many' is not a whole number");
    }

    #[test]
    fn every_parameter_of_the_catalogue_has_an_option_of_its_own_with_a_help() {
        for call in catalogue::calls() {
            let mut names: Vec<String> = call.parameters.iter().map(option_name).collect();
            assert!(call.parameters.iter().all(|parameter| parameter.about().len() > 10), "{}", call.operation);
            names.sort();
            names.dedup();
            assert_eq!(names.len(), call.parameters.len(), "{}", call.operation);
        }
    }
}
