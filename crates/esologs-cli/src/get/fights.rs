//! Which fights of a report are meant: numbers, or the last one there is.

use esologs::{Client, FightChoice, ReportCode, ReportRef};
use serde_json::Value;

use crate::failure::Failure;
use crate::words;

/// The parameter that takes them.
pub(crate) const METHOD: &str = "fights";

/// The fights that were said (`--fight`), else the one of the report's address. The last one is looked up.
pub(crate) async fn asked(client: &Client, report: &ReportRef, said: Option<&Value>) -> Result<Vec<i64>, Failure> {
    let is_last = match (said, report.fight()) {
        (Some(Value::Array(numbers)), _) => return Ok(numbers.iter().filter_map(Value::as_i64).collect()),
        (Some(_), _) | (None, Some(FightChoice::Last)) => true,
        (None, Some(FightChoice::Number(id))) => return Ok(vec![id.get()]),
        (None, None) => false,
    };
    if !is_last {
        return Ok(Vec::new());
    }
    match numbers(client, report.code()).await?.last() {
        Some(last) => Ok(vec![*last]),
        None => Err(Failure::usage(format!("report {} has no fights", report.code()))),
    }
}

/// Says which of the fights is not there: asked where an answer was empty, since the service answers about a fight that is not
/// there with nothing.
pub(crate) async fn check(client: &Client, code: &ReportCode, asked: &[i64]) -> Result<(), Failure> {
    let there = numbers(client, code).await?;
    match asked.iter().find(|asked| !there.contains(asked)) {
        Some(missing) => Err(Failure::usage(format!("report {code} has no fight {missing}; it has {}", told(&there)))),
        None => Ok(()),
    }
}

fn told(there: &[i64]) -> String {
    match there {
        [] => "none".to_owned(),
        [only] => format!("only fight {only}"),
        [first, .., last] => format!("{}, {first} to {last}", words::of(there.len(), "fight", "fights")),
    }
}

async fn numbers(client: &Client, code: &ReportCode) -> Result<Vec<i64>, Failure> {
    let fights = client.report(code.clone()).fights().await?;
    Ok(fights.value().iter().map(|fight| fight.id.get()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fights_that_there_are_are_told_in_a_few_words() {
        assert_eq!([told(&[]), told(&[3]), told(&[1, 2, 9])], ["none", "only fight 3", "3 fights, 1 to 9"]);
    }
}
