//! The blocking face: the same client, without an async runtime.

use std::time::Duration;

use esologs::blocking::{Wait as _, WaitEach as _, wait_for};
use esologs::{CallPolicy, Client, Credentials, Endpoint, ErrorKind, EventDataType, ReportCode};
use serde_json::{Value, json as value};

use crate::support::{Reply, Script, hasty, json, rate_limit, status};

const CODE: &str = "aBcDeFgHiJkLmNpQ";

fn client(script: &Script) -> Client {
    let builder = Client::builder()
        .credentials(Credentials::new("wayrest-client", "s3cret-of-wayrest").unwrap())
        .endpoint(Endpoint::new("https://logs.test").unwrap())
        .transport(script.clone())
        .without_request_rate();
    builder.policy(hasty(CallPolicy::interactive())).build().unwrap()
}

fn page(times: &[u32], next: Value) -> Reply {
    let events: Vec<Value> = times.iter().map(|time| value!({"timestamp": time, "type": "death"})).collect();
    json(value!({"data": {"reportData": {"report": {"events": {"data": events, "nextPageTimestamp": next}}}}}))
}

#[test]
fn a_call_is_waited_for_through_its_repeats() {
    let script = Script::new().api(status(503)).api(rate_limit());

    let limit = client(&script).rate_limit().wait().unwrap();

    assert_eq!(limit.limit_per_hour.get(), 3600.0);
    assert_eq!(script.api_requests(), 2);
}

#[test]
fn a_stream_is_an_iterator_that_asks_for_no_page_more_than_is_read() {
    let script = Script::new().api(page(&[1, 2], value!(3))).api(page(&[3], Value::Null));
    let events = client(&script).report(CODE.parse().unwrap()).events(EventDataType::Deaths).typed();

    let mut each = events.stream().wait_each();
    assert_eq!(script.seen().len(), 0);
    assert_eq!(each.next().unwrap().unwrap().timestamp.get(), 1.0);
    assert_eq!(script.api_requests(), 1);
    let rest: Vec<f64> = each.by_ref().map(|event| event.unwrap().timestamp.get()).collect();

    assert_eq!((rest, script.api_requests()), (vec![2.0, 3.0], 2));
    assert!(each.next().is_none(), "it stays at its end");
}

#[test]
fn a_builder_is_waited_for_as_it_would_be_awaited() {
    let script = Script::new().api(json(value!({"data": {"worldData": {"zones": []}}})));
    assert!(client(&script).zones().wait().unwrap().value().is_empty());
    assert_eq!(script.api_requests(), 1);
}

#[test]
fn errors_come_as_they_are() {
    let script = Script::new().api(json(value!({"data": {"reportData": {"report": null}}})));
    let error = client(&script).report(CODE.parse().unwrap()).get().wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotVisible);
}

#[tokio::test]
async fn inside_of_a_runtime_it_is_an_error_and_no_panic_and_nothing_is_sent() {
    let script = Script::new();
    let client = client(&script);

    let error = client.rate_limit().wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("on a thread of an async runtime"), "{error}");
    assert!(error.hint().unwrap().contains(".await"));
    let mut each = client.report(CODE.parse().unwrap()).events(EventDataType::Deaths).stream().wait_each();
    assert_eq!(each.next().unwrap().unwrap_err().kind(), ErrorKind::Usage);
    assert!(each.next().is_none());
    assert_eq!(script.seen().len(), 0);
}

#[test]
fn threads_wait_at_the_same_time() {
    let script = Script::new().api_always(rate_limit().after(Duration::from_millis(200)));
    let client = client(&script);
    let began = tokio::time::Instant::now();

    std::thread::scope(|scope| {
        for _ in 0..4 {
            let client = client.clone();
            scope.spawn(move || client.rate_limit().wait().unwrap());
        }
    });

    // Four calls one after the other take 0.8 s. (They are equal, so they may share one flight; either way nobody queues.)
    assert!(began.elapsed() < Duration::from_millis(790), "{:?}", began.elapsed());
}

#[test]
fn any_future_can_be_waited_for() {
    let codes: [ReportCode; 0] = [];
    let batched = wait_for(client(&Script::new()).report_batch(codes).get()).unwrap();
    assert!(batched.is_empty());
}
