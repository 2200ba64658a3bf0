//! Arguments of calls: checked before anything is sent.

use serde_json::Value;

use super::reports::FightIds;
use crate::error::{Error, ErrorKind};
use crate::ids::{
    AbilityId, ActorId, CharacterId, ClassId, EncounterId, ExpansionId, FactionId, FightId, GuildId, GuildTagId, ItemId,
    ItemSetId, MapId, NpcId, RegionId, ReportCode, ServerId, SpecId, SubregionId, UserId, ZoneId,
};
use crate::units::{ReportTime, UnixMillis};

/// An argument that a call can be given: how it is set here, and what it is for the API.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// The method that sets it.
    pub method: &'static str,
    /// The variable of the document, named as the schema's argument.
    pub variable: &'static str,
    /// The Rust type that the method takes.
    pub takes: &'static str,
    /// The least and the greatest number that the API takes, both included; `None` where it is no number.
    pub range: Option<(f64, f64)>,
    /// The names that the schema allows, in its order; empty where it is no enum.
    pub values: &'static [&'static str],
    /// What it does; as it stands in the sources, with blanks around.
    pub(crate) doc: &'static str,
}

impl Parameter {
    /// What it does, in a sentence or two.
    #[must_use]
    pub fn about(&self) -> &'static str {
        self.doc.trim()
    }
}

/// A value that can be an argument.
pub(crate) trait Argument {
    /// The numbers that the schema allows, where it is one: of `Int`, those of 32 bits.
    const RANGE: Option<(f64, f64)> = None;
    /// The names that the schema allows, where it is an enum.
    const VALUES: &'static [&'static str] = &[];

    fn to_json(&self) -> Value;

    /// Whether it stands for no argument at all, so that the API's default holds.
    fn is_absent(&self) -> bool {
        false
    }
}

const INT: (f64, f64) = (i32::MIN as f64, i32::MAX as f64);
const ID: (f64, f64) = (1.0, i32::MAX as f64);
/// Trash is encounter 0, the environment actor -1.
const ENCOUNTER: (f64, f64) = (0.0, i32::MAX as f64);

macro_rules! ids {
    ($($name:ident in $range:expr),+ $(,)?) => {
        $( impl Argument for $name {
            const RANGE: Option<(f64, f64)> = Some($range);

            fn to_json(&self) -> Value {
                self.get().into()
            }
        } )+
    };
}

ids!(
    AbilityId in ID, ActorId in INT, CharacterId in ID, ClassId in ID, EncounterId in ENCOUNTER, ExpansionId in ID,
    FactionId in ID, FightId in ID, GuildId in ID, GuildTagId in ID, ItemId in ID, ItemSetId in ID, MapId in ID, NpcId in ID,
    RegionId in ID, ServerId in ID, SpecId in ID, SubregionId in ID, UserId in ID, ZoneId in ID,
);

impl Argument for i64 {
    const RANGE: Option<(f64, f64)> = Some(INT);

    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl Argument for bool {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl Argument for String {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }
}

impl Argument for ReportCode {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }
}

impl Argument for ReportTime {
    const RANGE: Option<(f64, f64)> = Some((0.0, f64::MAX));

    fn to_json(&self) -> Value {
        self.get().into()
    }
}

impl Argument for UnixMillis {
    const RANGE: Option<(f64, f64)> = Some((0.0, f64::MAX));

    fn to_json(&self) -> Value {
        self.get().into()
    }
}

impl<T: Argument> Argument for Option<T> {
    const RANGE: Option<(f64, f64)> = T::RANGE;
    const VALUES: &'static [&'static str] = T::VALUES;

    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, Argument::to_json)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Argument> Argument for Vec<T> {
    const RANGE: Option<(f64, f64)> = T::RANGE;

    fn to_json(&self) -> Value {
        self.iter().map(Argument::to_json).collect()
    }
}

impl Argument for FightIds {
    const RANGE: Option<(f64, f64)> = FightId::RANGE;

    fn to_json(&self) -> Value {
        self.0.to_json()
    }
}

macro_rules! enums {
    ($($name:ident),+ $(,)?) => {
        $( impl Argument for super::enums::$name {
            const VALUES: &'static [&'static str] = Self::NAMES;

            fn to_json(&self) -> Value {
                self.name().into()
            }
        } )+
    };
}

enums!(
    CharacterRankingMetricType,
    EventDataType,
    ExternalBuffRankFilter,
    FightRankingMetricType,
    GraphDataType,
    HardModeLevelRankFilter,
    HostilityType,
    KillType,
    LeaderboardRank,
    RankingCompareType,
    RankingTimeframeType,
    ReportRankingMetricType,
    RoleType,
    TableDataType,
    ViewType,
);

/// The value as JSON, where the API can take it.
///
/// # Errors
/// [`ErrorKind::Usage`] for a number out of its range and a text without anything in it; names parameter, value and range.
pub(crate) fn checked(parameter: &Parameter, value: &impl Argument) -> Result<Value, Error> {
    in_range(parameter, value.to_json())
}

/// The same for a value that comes as JSON, whose type is not known to be right.
///
/// # Errors
/// [`ErrorKind::Usage`] also for a value of another type than the argument's, and for a word that is none of the enum's.
pub(crate) fn checked_json(parameter: &Parameter, json: Value) -> Result<Value, Error> {
    let expected = match parameter {
        Parameter { range: Some(_), takes: "FightIds", .. } => (json.is_array(), "a list of numbers"),
        Parameter { range: Some(_), .. } => (json.is_number(), "a number"),
        Parameter { takes: "bool", .. } => (json.is_boolean(), "true or false"),
        _ => (json.is_string(), "a text"),
    };
    if let (false, expected) = expected {
        return Err(Error::new(ErrorKind::Usage, format!("{} is {json}: expected {expected}", parameter.method)));
    }
    if let (Some(word), [_, ..]) = (json.as_str(), parameter.values)
        && !parameter.values.contains(&word)
    {
        let (method, values) = (parameter.method, parameter.values.join(", "));
        return Err(Error::new(ErrorKind::Usage, format!("{method}: '{word}' is none of {values}")));
    }
    in_range(parameter, json)
}

fn in_range(parameter: &Parameter, json: Value) -> Result<Value, Error> {
    let numbers: &mut dyn Iterator<Item = &Value> = match &json {
        Value::Array(list) => &mut list.iter(),
        other => &mut std::iter::once(other),
    };
    for number in numbers {
        if let (Some((least, most)), Some(number)) =
            (parameter.range, number.as_f64().or_else(|| number.is_null().then_some(f64::NAN)))
            && !(least..=most).contains(&number)
        {
            return Err(out_of_range(parameter, number, least, most));
        }
    }
    if json.as_str().is_some_and(|text| text.trim().is_empty()) {
        return Err(Error::new(ErrorKind::Usage, format!("{} is an empty text: leave it out instead", parameter.method)));
    }
    Ok(json)
}

fn out_of_range(parameter: &Parameter, number: f64, least: f64, most: f64) -> Error {
    let allowed = if most == f64::MAX { format!("{least} or more") } else { format!("{least} to {most}") };
    Error::new(ErrorKind::Usage, format!("{} is {number}, but the API takes {allowed}", parameter.method))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(range: Option<(f64, f64)>) -> Parameter {
        Parameter { method: "limit", variable: "limit", takes: "i64", range, values: &[], doc: "" }
    }

    #[test]
    fn a_number_out_of_its_range_is_told_with_the_range() {
        let limit = parameter(Some((1.0, 100.0)));
        assert_eq!(checked(&limit, &500_i64).unwrap_err().to_string(), "limit is 500, but the API takes 1 to 100");
        assert_eq!(checked(&limit, &vec![7_i64, 0]).unwrap_err().to_string(), "limit is 0, but the API takes 1 to 100");
        assert_eq!(checked(&limit, &100_i64).unwrap(), 100);
    }

    #[test]
    fn a_time_is_neither_negative_nor_no_number() {
        let time = parameter(ReportTime::RANGE);
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            let error = checked(&time, &ReportTime::new(bad)).unwrap_err();
            assert!(error.to_string().contains("the API takes 0 or more"), "{error}");
        }
        assert_eq!(checked(&time, &ReportTime::new(0.5)).unwrap(), 0.5);
    }

    #[test]
    fn an_id_has_the_bits_that_the_schema_gives_it() {
        assert!(checked(&parameter(GuildId::RANGE), &GuildId::new(1 << 32)).is_err());
        assert!(checked(&parameter(GuildId::RANGE), &GuildId::new(0)).is_err());
        assert!(checked(&parameter(EncounterId::RANGE), &EncounterId::new(0)).is_ok(), "trash");
    }

    #[test]
    fn a_value_of_another_type_or_of_no_enum_is_told() {
        let refused = |parameter: &Parameter, value: Value| checked_json(parameter, value).unwrap_err().to_string();
        let hostility = Parameter { takes: "HostilityType", values: &["Friendlies", "Enemies"], ..parameter(None) };
        let fights = Parameter { takes: "FightIds", ..parameter(Some((1.0, 9.0))) };
        let flag = Parameter { takes: "bool", ..parameter(None) };

        assert_eq!(refused(&parameter(Some((1.0, 9.0))), "7".into()), "limit is \"7\": expected a number");
        assert_eq!(refused(&hostility, "Friends".into()), "limit: 'Friends' is none of Friendlies, Enemies");
        assert_eq!(refused(&fights, 7.into()), "limit is 7: expected a list of numbers");
        assert_eq!(refused(&fights, vec![7, 10].into()), "limit is 10, but the API takes 1 to 9");
        assert_eq!(refused(&flag, 1.into()), "limit is 1: expected true or false");
        assert_eq!(checked_json(&hostility, "Enemies".into()).unwrap(), "Enemies");
    }

    #[test]
    fn an_empty_text_is_refused() {
        assert!(checked(&parameter(None), &String::from(" ")).is_err());
    }
}
