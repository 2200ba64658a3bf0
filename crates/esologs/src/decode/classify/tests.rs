//! What an answer is taken for, at the edges: the stories of whole calls are in `tests/it/classification.rs`.

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::*;
use crate::api::Lines;
use crate::decode::{Answerable, Form};

/// An answer that needs a name, and is usable beside errors where the name is "whole".
#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

impl Answerable for Named {
    fn is_usable_beside_errors(&self, _: &[GraphqlError]) -> bool {
        self.name == "whole"
    }
}

/// An answer that says nothing of errors.
#[derive(Debug, Deserialize)]
struct Silent {
    #[serde(rename = "name")]
    _name: String,
}

impl Answerable for Silent {}

/// An answer with a list that is taken out of the body where that can be done.
#[derive(Debug, Deserialize)]
struct Listed {
    list: Vec<u8>,
    #[serde(skip)]
    lines: Bytes,
}

impl Answerable for Listed {
    fn put_list(&mut self, entries: Lines) {
        self.lines = entries.text;
    }
}

struct WithList;

impl Form for WithList {
    type Data = Listed;

    fn long_list(&self) -> &'static [&'static str] {
        &["data", "list"]
    }

    fn read<'de, D: Deserializer<'de>>(&self, deserializer: D) -> Result<Listed, D::Error> {
        Listed::deserialize(deserializer)
    }
}

fn answered(status: u16, body: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

fn judged<T: Answerable + DeserializeOwned>(status: u16, body: &str) -> Result<Answer<T>, Failure> {
    classify(Ok(answered(status, body)), &As::<T>::FORM, || UnixMillis::new(0)).map(|answer| answer.typed().unwrap())
}

fn failed(status: u16, body: &Value) -> Failure {
    judged::<Named>(status, &body.to_string()).unwrap_err()
}

fn errors(messages: &[&str]) -> Value {
    json!({"data": null, "errors": messages.iter().map(|message| json!({"message": message})).collect::<Vec<_>>()})
}

#[test]
fn data_beside_errors_are_an_answer_where_the_type_says_so_and_only_there() {
    let beside = |name: &str| json!({"data": {"name": name}, "errors": [{"message": "Internal server error"}]}).to_string();
    let answer = judged::<Named>(200, &beside("whole")).unwrap();
    assert_eq!((answer.data.name.as_str(), answer.errors.len(), answer.was_repaired), ("whole", 1, false));
    assert_eq!(judged::<Named>(200, &beside("half")).unwrap_err().class, Class::GraphqlInternal);
    assert_eq!(judged::<Silent>(200, &beside("whole")).unwrap_err().class, Class::GraphqlInternal);
    assert!(judged::<Silent>(200, r#"{"data": {"name": "half"}}"#).is_ok());
}

#[test]
fn an_exchange_that_broke_has_its_class_the_words_of_its_cause_and_the_cause_itself() {
    use TransportErrorKind as Kind;
    for (kind, class) in [
        (Kind::Dns, Class::ConnectFailed),
        (Kind::Connect, Class::ConnectFailed),
        (Kind::Certificate, Class::CertificateInvalid),
        (Kind::NotProcessed, Class::NotProcessed),
        (Kind::TimedOut, Class::AttemptTimeout),
        (Kind::ClosedBeforeHeaders, Class::ConnectionLost),
        (Kind::BodyBroken, Class::BodyBroken),
        (Kind::BodyTooLarge, Class::BodyTooLarge),
        (Kind::InvalidRequest, Class::ClientError),
    ] {
        let broken = TransportError::new(kind, "the wire was cut");
        let failure = classify(Err(broken), &As::<Named>::FORM, || UnixMillis::new(0)).map(drop).unwrap_err();
        assert_eq!((failure.class, failure.detail.as_str()), (class, "the wire was cut"));
        assert!(failure.cause.is_some_and(|cause| cause.is::<TransportError>()), "{kind:?}");
    }
}

#[test]
fn a_type_without_parts_and_without_a_list_has_none() {
    let mut named = Named { name: "whole".to_owned() };
    named.put_list(Lines { text: Bytes::new(), count: 0 });
    named.take_parts(Box::new(Named { name: "other".to_owned() }));
    assert_eq!(named.name, "whole");
    assert!(As::<Silent>::FORM.long_list().is_empty());
}

#[test]
fn an_answer_is_had_as_the_type_that_it_was_read_as_and_as_no_other() {
    let answer = || classify(Ok(answered(200, r#"{"data":{"name":"whole"}}"#)), &As::<Named>::FORM, || UnixMillis::new(0));

    assert_eq!(answer().ok().unwrap().typed::<Named>().unwrap().data.name, "whole");
    assert!(answer().ok().unwrap().typed::<Silent>().is_err());
}

#[test]
fn a_field_of_the_envelope_comes_once_and_null_is_none() {
    let failure = judged::<Named>(200, r#"{"data":{"name":"whole"},"data":{"name":"half"}}"#).unwrap_err();
    assert_eq!(failure.class, Class::Incomplete);
    assert!(failure.detail.contains("duplicate field `data`"), "{}", failure.detail);
    assert!(judged::<Named>(200, r#"{"other":1,"data":{"name":"whole"},"errors":null,"other":2,"error":null}"#).is_ok());
    assert_eq!(judged::<Named>(200, r#"{"data":null,"errors":null}"#).unwrap_err().class, Class::Incomplete);
}

#[test]
fn a_long_list_comes_as_lines_and_is_left_to_the_type_where_it_cannot() {
    let read = |body: &str| {
        let answer = classify(Ok(answered(200, body)), &WithList, || UnixMillis::new(0)).ok().unwrap();
        let Listed { list, lines } = answer.typed().unwrap().data;
        (list, lines)
    };
    assert_eq!(read(r#"{"data":{"list":[1,2]}}"#), (vec![], Bytes::from_static(b"1\n2\n")));
    assert_eq!(read(r#"{"data":{"list":[1, 2]}}"#), (vec![1, 2], Bytes::new()));
}

#[test]
fn an_answer_that_was_mended_says_so() {
    let answer = judged::<Named>(200, "{\"data\": {\"name\": \"a\tb\"}}").unwrap();
    assert_eq!((answer.data.name.as_str(), answer.was_repaired), ("a\tb", true));
}

#[test]
fn each_status_has_its_class_and_only_that_of_a_success_has_its_body_read() {
    for (statuses, class) in [
        (&[300, 304, 399][..], Class::Redirected),
        (&[400, 402, 404, 407, 424, 426, 430, 499], Class::ClientError),
        (&[401], Class::Unauthenticated),
        (&[403], Class::Forbidden),
        (&[408], Class::RequestTimeout),
        (&[425], Class::TooEarly),
        (&[429], Class::Throttled),
        (&[500, 504], Class::ServerError),
        (&[501, 505, 511], Class::NotSupported),
        (&[502, 503], Class::ServerUnavailable),
        (&[520, 522, 523, 524], Class::OriginBroken),
        (&[521, 527], Class::OriginUnreachable),
        (&[525, 526], Class::OriginTls),
        (&[506, 510, 512, 519, 528, 599, 600], Class::OtherServerError),
    ] {
        for status in statuses {
            let failure = judged::<Named>(*status, "<p>no</p>").unwrap_err();
            assert_eq!((failure.class, failure.detail), (class, format!("HTTP {status}: no")));
        }
    }
    for status in [200, 203, 299] {
        assert!(judged::<Named>(status, r#"{"data": {"name": "whole"}}"#).is_ok(), "{status}");
    }
}

#[test]
fn a_refusal_says_when_to_come_back_where_the_service_did() {
    for (asked, expected) in [("7", 7), ("Thu, 01 Jan 1970 00:00:09 GMT", 4)] {
        let mut response = answered(503, "");
        response.headers_mut().insert(http::header::RETRY_AFTER, asked.parse().unwrap());
        let failure = classify(Ok(response), &As::<Named>::FORM, || UnixMillis::new(5_000)).map(drop).unwrap_err();
        assert_eq!((failure.retry_after, failure.detail.as_str()), (Some(Duration::from_secs(expected)), "HTTP 503"));
    }
    assert_eq!(judged::<Named>(503, "").unwrap_err().retry_after, None);
}

#[test]
fn a_challenge_is_known_by_its_header_or_by_the_title_of_its_page() {
    let title = "<title>Just a moment...</title>";
    let class = |status, body: &str| judged::<Named>(status, body).unwrap_err().class;
    assert_eq!(class(403, &format!(" <html>{title}")), Class::CdnBlocked);
    assert_eq!(class(200, &format!("<html>{title}")), Class::CdnBlocked);
    assert_eq!(class(403, "<html><head><title>Forbidden</title></head></html>"), Class::Forbidden);
    assert_eq!(class(403, &format!("no page: {title}")), Class::Forbidden);

    let mut response = answered(503, "");
    response.headers_mut().insert("cf-mitigated", "challenge".parse().unwrap());
    assert_eq!(classify(Ok(response), &As::<Named>::FORM, || UnixMillis::new(0)).map(drop).unwrap_err().class, Class::CdnBlocked);
}

#[test]
fn a_200_with_nothing_or_a_page_in_it_is_no_broken_json() {
    let class = |body| judged::<Named>(200, body).unwrap_err().class;
    assert_eq!([class(""), class(" \r\n")], [Class::EmptyBody; 2]);
    assert_eq!([class("<html>"), class("PHP Fatal error"), class("[1]")], [Class::NotJson; 3]);
    assert_eq!([class("{\"data\": {"), class("{\"data\": oh no}")], [Class::InvalidJson; 2]);
}

#[test]
fn a_400_with_json_is_the_query_s_fault_and_one_with_a_page_is_not() {
    assert_eq!(failed(400, &errors(&["Syntax Error"])).class, Class::QueryInvalid);
    assert_eq!(judged::<Named>(400, "<html>Bad Request</html>").unwrap_err().class, Class::ClientError);
}

#[test]
fn a_plain_message_in_a_200_is_read_and_a_429_beside_it_tells_of_a_limit() {
    assert_eq!(failed(200, &json!({"status": 429, "error": "slow down"})).class, Class::Throttled);
    assert_eq!(failed(200, &json!({"status": 429, "error": "all points are spent"})).class, Class::PointsSpent);
    assert_eq!(failed(200, &json!({"status": 500, "error": "slow down"})).class, Class::GraphqlUnknown);
    assert_eq!(failed(200, &json!({"error": "Unauthenticated."})).class, Class::Unauthenticated);
}

#[test]
fn of_many_messages_of_the_class_that_decides_three_are_told_and_the_rest_counted() {
    let told = |count: usize| {
        let mut messages: Vec<String> = (0..count).map(|number| format!("Internal server error {number}")).collect();
        messages.push("Der Mond ist aus grünem Käse".to_owned());
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        failed(200, &errors(&messages)).detail
    };
    assert_eq!(told(1), "Internal server error 0");
    assert_eq!(told(3), "Internal server error 0; Internal server error 1; Internal server error 2");
    assert_eq!(told(5), "Internal server error 0; Internal server error 1; Internal server error 2; and 2 more");
}

#[test]
fn data_of_another_shape_are_explained_by_errors_beside_them_or_named_by_their_place() {
    let beside = json!({"data": {"other": 1}, "errors": [{"message": "This report does not exist."}]});
    assert_eq!(failed(200, &beside).class, Class::NotVisible);
    let plain = json!({"data": {"other": 1}, "error": "Unauthenticated."});
    assert_eq!(failed(200, &plain).class, Class::Unauthenticated);

    let failure = failed(200, &json!({"data": {"name": 7}}));
    assert_eq!(failure.class, Class::Incomplete);
    assert!(failure.detail.contains("at data.name: invalid type: integer `7`"), "{}", failure.detail);
}

#[test]
fn a_token_answer_that_is_a_page_is_not_taken_for_a_wrong_secret_and_nothing_of_a_token_is_quoted() {
    let judged = |status, body: &str| {
        classify_token_answer::<Named>(Ok(answered(status, body)), Asked::Credentials, || UnixMillis::new(0))
            .map(|named| named.name)
            .map_err(|failure| {
                assert_eq!(failure.stage, Stage::Token);
                (failure.class, failure.detail)
            })
    };
    assert_eq!(judged(401, r#"{"error":"invalid_client"}"#).unwrap_err().0, Class::CredentialsRejected);
    assert_ne!(judged(401, " <html>proxy</html>").unwrap_err().0, Class::CredentialsRejected);
    assert_eq!(judged(200, r#"{"name":"bearer"}"#).unwrap(), "bearer");

    let renewal = |body: &str| {
        let answer = Ok(answered(401, body));
        classify_token_answer::<Named>(answer, Asked::Renewal, || UnixMillis::new(0)).map(|_| ()).unwrap_err().class
    };
    assert_eq!(renewal(r#"{"error":"invalid_client"}"#), Class::CredentialsRejected);
    assert_eq!(renewal(r#"{"error":"invalid_request"}"#), Class::SignInNeeded);

    let (class, detail) = judged(200, r#"{"name": "s3cret"#).unwrap_err();
    assert_eq!(class, Class::InvalidJson);
    assert!(detail.starts_with("the answer ends early (") && detail.ends_with(')') && !detail.contains("s3cret"), "{detail}");
}

#[test]
fn our_own_refusals_say_when_to_come_back_where_that_is_known() {
    assert_eq!(Failure::line_full().pause, Some(Duration::from_secs(1)));
    let turn_in = |is_shared_out: bool| TurnIn { time: Duration::from_secs(7), is_shared_out };
    assert_eq!(Failure::too_slow_a_pace(turn_in(false)).pause, Some(Duration::from_secs(7)));
    assert!(
        Failure::too_slow_a_pace(turn_in(true))
            .detail
            .contains("used up, by this and other programs; its turn would come in 7.0 s")
    );
    assert_eq!(Failure::too_late().pause, None);
    for retry_in in [Some(Duration::from_secs(3)), None] {
        assert_eq!(Failure::breaker_open(BreakerOpen { retry_in }).pause, retry_in);
    }
}
