//! What is read out of an answer before it is kept: its data without the points, and what it says of reports.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::facts::Look;
use crate::query::document::POINTS;
use crate::units::UnixMillis;

/// The way to a report that an answer shows.
const REPORT: [&str; 3] = ["data", "reportData", "report"];
/// The library's own documents ask for the points under their own name.
const OWN_POINTS: &str = "rateLimitData";
/// Deeper nesting is not looked into.
const MAX_DEPTH: usize = 16;

/// What an answer says of reports.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The report that it is about, shown by the service.
    pub(crate) shown: Option<(String, Look)>,
    /// Beside that report there is nothing in it.
    pub(crate) is_alone: bool,
    /// Reports that it names, in a list for instance.
    pub(crate) named: Vec<(String, Look)>,
    /// Of a page of events: where it says that the next one begins.
    next_start: Option<i64>,
    /// Of a page of a list: the number that it says it has.
    page: Option<i64>,
    /// A scalar of a report, whose shape nobody looks at before it is used, lacks what it always has.
    pub(crate) is_hollow: bool,
}

/// The page that was asked for, by number or by where it starts.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct AskedPage {
    pub(crate) number: Option<i64>,
    pub(crate) start: Option<f64>,
}

impl Seen {
    /// Whether this is no answer to what was asked: another page, or one that is its own successor. Whoever follows it would never come
    /// to an end.
    pub(crate) fn is_stuck(&self, asked: AskedPage) -> bool {
        let is_another = asked.number.zip(self.page).is_some_and(|(asked, came)| asked != came);
        let goes_nowhere = asked.start.zip(self.next_start).is_some_and(|(start, next)| next as f64 <= start);
        is_another || goes_nowhere
    }
}

/// The body that is kept: its data alone, to the letter, without the points. `None` where it is no answer of that form.
pub(crate) fn without_points(body: &[u8], is_of_the_library: bool) -> Option<Vec<u8>> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        data: &'a RawValue,
    }
    struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);
    impl<'de> Deserialize<'de> for Fields<'de> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct InOrder;
            impl<'de> Visitor<'de> for InOrder {
                type Value = Fields<'de>;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                    let mut fields = Vec::new();
                    while let Some(field) = map.next_entry()? {
                        fields.push(field);
                    }
                    Ok(Fields(fields))
                }
            }
            deserializer.deserialize_map(InOrder)
        }
    }
    let envelope: Envelope<'_> = serde_json::from_slice(body).ok()?;
    let fields: Fields<'_> = serde_json::from_str(envelope.data.get()).ok()?;
    let is_points = |name: &str| name == POINTS || (is_of_the_library && name == OWN_POINTS);
    let mut kept = Vec::with_capacity(body.len());
    kept.extend_from_slice(br#"{"data":{"#);
    for (at, (name, value)) in fields.0.iter().filter(|(name, _)| !is_points(name)).enumerate() {
        if at > 0 {
            kept.push(b',');
        }
        kept.extend_from_slice(Value::String(name.clone().into_owned()).to_string().as_bytes());
        kept.push(b':');
        kept.extend_from_slice(value.get().as_bytes());
    }
    kept.extend_from_slice(b"}}");
    Some(kept)
}

/// What this body says of reports.
pub(crate) fn look_for_reports(body: &[u8]) -> Seen {
    let mut seen = Seen::default();
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    // It was read once already; what cannot be read now tells nothing.
    if (Place { seen: &mut seen, depth: 0, on_the_way: true }).deserialize(&mut deserializer).is_err() {
        return Seen::default();
    }
    seen.is_alone = seen.shown.is_some() && is_alone(body);
    seen
}

/// Whether nothing stands beside the report.
fn is_alone(body: &[u8]) -> bool {
    type Fields = BTreeMap<String, IgnoredAny>;
    #[derive(Deserialize)]
    struct Envelope {
        data: BTreeMap<String, Fields>,
    }
    serde_json::from_slice::<Envelope>(body).is_ok_and(|Envelope { data }| {
        data.len() == 1 && data.get(REPORT[1]).is_some_and(|fields| fields.len() == 1 && fields.contains_key(REPORT[2]))
    })
}

/// A value somewhere in an answer.
struct Place<'a> {
    seen: &'a mut Seen,
    depth: usize,
    /// It lies on the way to the report that the answer shows.
    on_the_way: bool,
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth > MAX_DEPTH {
            IgnoredAny::deserialize(deserializer).map(|_| ())
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let is_report = self.on_the_way && self.depth == REPORT.len();
        let (mut code, mut end, mut revision) = (None, None, None);
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match &*name {
                "code" => code = map.next_value::<Scalar>()?.text,
                "endTime" => end = map.next_value::<Scalar>()?.number,
                "revision" => revision = map.next_value::<Scalar>()?.number,
                "current_page" => self.seen.page = map.next_value::<Scalar>()?.number,
                "events" if is_report => self.seen.next_start = map.next_value::<Events>()?.next,
                "table" | "graph" | "playerDetails" | "rankings" if is_report => {
                    self.seen.is_hollow |= !map.next_value::<Analysis>()?.has_data;
                }
                // Nothing inside of a report tells of reports, and it is long.
                _ if is_report => _ = map.next_value::<IgnoredAny>()?,
                _ => {
                    let on_the_way = self.on_the_way && REPORT.get(self.depth).is_some_and(|step| *step == name);
                    map.next_value_seed(Place { seen: &mut *self.seen, depth: self.depth + 1, on_the_way })?;
                }
            }
        }
        if let (Some(code), Some(end), Some(revision)) = (code, end, revision) {
            let look = Look { end: UnixMillis::new(end), revision };
            if is_report {
                self.seen.shown = Some((code, look));
            } else {
                self.seen.named.push((code, look));
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Place { seen: &mut *self.seen, depth: self.depth + 1, on_the_way: false })?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A page of events, as far as it says what follows it.
#[derive(Default)]
struct Events {
    next: Option<i64>,
}

impl<'de> Deserialize<'de> for Events {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Page {
            #[serde(default)]
            next_page_timestamp: Scalar,
        }
        let page = Option::<Page>::deserialize(deserializer)?;
        Ok(page.map_or_else(Self::default, |page| Self { next: page.next_page_timestamp.number }))
    }
}

/// A scalar of a report: `{"data": …}`, or a string that holds that.
struct Analysis {
    has_data: bool,
}

impl<'de> Deserialize<'de> for Analysis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        let unpacked: Option<String> = serde_json::from_str(json.get()).ok();
        let fields: BTreeMap<String, IgnoredAny> =
            serde_json::from_str(unpacked.as_deref().unwrap_or(json.get())).unwrap_or_default();
        Ok(Self { has_data: fields.contains_key("data") })
    }
}

/// A text or a number; nothing, where it is neither.
#[derive(Default)]
struct Scalar {
    text: Option<String>,
    number: Option<i64>,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The schema has Floats where integers come.
        Ok(match Value::deserialize(deserializer)? {
            Value::String(text) => Self { text: Some(text), number: None },
            Value::Number(number) => Self { text: None, number: number.as_f64().map(|number| number.round() as i64) },
            _ => Self::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(end: i64, revision: i64) -> Look {
        Look { end: UnixMillis::new(end), revision }
    }

    fn kept(body: &str, is_of_the_library: bool) -> Option<String> {
        without_points(body.as_bytes(), is_of_the_library).map(|body| String::from_utf8(body).unwrap())
    }

    #[test]
    fn the_data_is_kept_to_the_letter_and_the_points_are_not() {
        let own = r#"{"data":{"a":{"x": 1.50},"rateLimitData":{"limitPerHour":1}},"errors":[]}"#;
        assert_eq!(kept(own, true).unwrap(), r#"{"data":{"a":{"x": 1.50}}}"#);
        let callers = r#"{"data":{"ü\n":[1, 2],"esologsPoints":{"limitPerHour":1},"rateLimitData":3}}"#;
        assert_eq!(kept(callers, false).unwrap(), r#"{"data":{"ü\n":[1, 2],"rateLimitData":3}}"#);
        assert_eq!(kept(r#"{"data":{}}"#, true).unwrap(), r#"{"data":{}}"#);
    }

    #[test]
    fn what_is_cut_or_no_object_is_not_kept() {
        for body in [r#"{"data":{"a":1}"#, r#"{"data":{"a":"#, r#"{"data":null}"#, r#"{"data":[1]}"#, "{}", "", "<html>"] {
            assert_eq!(kept(body, true), None, "{body}");
        }
    }

    #[test]
    fn the_report_that_is_shown_is_told_from_those_that_are_named() {
        let shown = r#"{"data":{"reportData":{"report":{"code":"a","endTime":5.0,"revision":2,"fights":[{"code":"x","endTime":1,"revision":1}]}}}}"#;
        let seen = look_for_reports(shown.as_bytes());
        assert_eq!(seen, Seen { shown: Some(("a".to_owned(), look(5, 2))), is_alone: true, ..Seen::default() });

        let list = r#"{"data":{"reportData":{"reports":{"data":[{"code":"a","endTime":5,"revision":2},null,{"code":"b","endTime":6,"revision":1},{"code":"c"}]}}}}"#;
        let seen = look_for_reports(list.as_bytes());
        assert_eq!((seen.shown, seen.named), (None, vec![("a".to_owned(), look(5, 2)), ("b".to_owned(), look(6, 1))]));
    }

    #[test]
    fn a_page_that_is_another_one_or_its_own_successor_is_stuck() {
        let events = |next: &str| {
            let body = format!(
                r#"{{"data":{{"reportData":{{"report":{{"code":"a","endTime":5,"revision":2,"events":{{"data":[{{"current_page":9}}],"nextPageTimestamp":{next}}}}}}}}}}}"#
            );
            look_for_reports(body.as_bytes())
        };
        let from = |start: f64| AskedPage { number: None, start: Some(start) };
        assert!(events("100").is_stuck(from(100.0)) && events("99").is_stuck(from(100.0)));
        assert!(!events("101").is_stuck(from(100.0)) && !events("null").is_stuck(from(100.0)));
        assert!(events("101").shown.is_some(), "what follows is read as well");

        let list = look_for_reports(br#"{"data":{"guildData":{"guilds":{"data":[],"current_page":2}}}}"#);
        let page = |number: i64| AskedPage { number: Some(number), start: None };
        assert!(list.is_stuck(page(1)) && !list.is_stuck(page(2)) && !list.is_stuck(AskedPage::default()));
    }

    #[test]
    fn a_table_without_its_data_is_hollow() {
        let of = |table: &str| {
            let body =
                format!(r#"{{"data":{{"reportData":{{"report":{{"code":"a","endTime":5,"revision":2,"table":{table}}}}}}}}}"#);
            look_for_reports(body.as_bytes()).is_hollow
        };
        assert!(of("{}") && of("[]") && of("null") && of(r#""{}""#));
        assert!(!of(r#"{"data":{}}"#) && !of(r#""{\"data\":[]}""#));
    }

    #[test]
    fn a_report_with_something_beside_it_is_not_alone() {
        let report = r#""report":{"code":"a","endTime":5,"revision":2}"#;
        for beside in [
            format!(r#"{{"data":{{"reportData":{{{report},"x":1}}}}}}"#),
            format!(r#"{{"data":{{"reportData":{{{report}}},"x":{{}}}}}}"#),
        ] {
            let seen = look_for_reports(beside.as_bytes());
            assert!(seen.shown.is_some() && !seen.is_alone, "{beside}");
        }
        assert_eq!(look_for_reports(br#"{"data":{"reportData":{"report":null}}}"#), Seen::default());
        assert_eq!(look_for_reports(b"{\"data\":"), Seen::default());
    }
}
