//! Several reports in one request: what fails by itself is asked for again by itself.
//!
//! The service is the simulator, so that documents are executed and points charged; what stands between it and the client spoils
//! its answers.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{BatchedReport, CallPolicy, Class, ErrorKind, ReportBatch, ReportCode};
use esologs_sim::world::{Size, WorldConfig};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator};
use http::{Request, Response, StatusCode};
use serde_json::{Value, json as value};

use crate::support::{Rig, Told};

/// Changes the answer to a batch; the number counts batches from 1.
type Spoil = dyn Fn(usize, &mut Value) + Send + Sync;

/// A simulator whose answers to batches are spoilt on the way.
#[derive(Clone)]
struct Spoilt {
    sim: Simulator,
    spoil: Arc<Spoil>,
    /// The bodies of the batches that came, and the points that each was charged.
    seen: Arc<Mutex<Vec<(Value, f64)>>>,
}

impl Transport for Spoilt {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move {
            let body: Option<Value> = serde_json::from_slice(request.body()).ok();
            let before = self.sim.stats().points_spent;
            let response = self.sim.handle(request).await;
            let Some(asked) = body.filter(|body| body["query"].as_str().is_some_and(|query| query.contains("ReportBatch")))
            else {
                return Ok(response);
            };
            let number = {
                let mut seen = self.seen.lock().unwrap();
                seen.push((asked, self.sim.stats().points_spent - before));
                seen.len()
            };
            let mut answer: Value = serde_json::from_slice(response.body()).unwrap();
            (self.spoil)(number, &mut answer);
            if answer == Value::Null {
                let mut broken = Response::new(Bytes::new());
                *broken.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                return Ok(broken);
            }
            Ok(response.map(|_| Bytes::from(answer.to_string())))
        })
    }
}

impl Spoilt {
    fn new(spoil: impl Fn(usize, &mut Value) + Send + Sync + 'static) -> Self {
        let world = WorldConfig { seed: 1, size: Size::Small };
        let sim = Simulator::builder().world_config(world).start_unix_ms(1_790_000_000_000).build().unwrap();
        Self { sim, spoil: Arc::new(spoil), seen: Arc::default() }
    }

    /// Codes of reports that everybody may read.
    async fn codes(&self, count: usize) -> Vec<ReportCode> {
        let rig = Rig::over_transport(
            Self { spoil: Arc::new(|_, _| ()), seen: Arc::default(), ..self.clone() },
            CallPolicy::interactive(),
        );
        let all = self.sim.world().guilds.iter().flat_map(|guild| self.sim.world().reports_of_guild(guild.id));
        let mut codes: Vec<ReportCode> = all.map(|report| report.code.parse().unwrap()).collect();
        codes.dedup();
        let batched = rig.client.report_batch(codes).per_request(20).get().await;
        let readable: Vec<_> = batched.into_iter().filter(|one| one.report.is_ok()).map(|one| one.code).take(count).collect();
        assert_eq!(readable.len(), count, "the world has too few reports");
        readable
    }

    fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The aliases that the request with this number asked for, from 1.
    fn aliases(&self, number: usize) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        let query = seen[number - 1].0["query"].as_str().unwrap();
        query.lines().filter_map(|line| Some(line.trim().split_once(": report(code:")?.0.to_owned())).collect()
    }

    fn points(&self, number: usize) -> f64 {
        self.seen.lock().unwrap()[number - 1].1
    }
}

/// Lets the report with this alias fail with this message.
fn fail(answer: &mut Value, alias: &str, message: &str) {
    if answer["data"]["reportData"].get(alias).is_none() {
        return;
    }
    answer["data"]["reportData"][alias] = Value::Null;
    let error = value!({"message": message, "locations": [{"line": 1, "column": 1}], "path": ["reportData", alias]});
    match &mut answer["errors"] {
        Value::Array(errors) => errors.push(error),
        none => *none = value!([error]),
    }
}

fn succeeded(batched: &[BatchedReport]) -> Vec<bool> {
    batched.iter().map(|one| one.report.is_ok()).collect()
}

#[tokio::test(start_paused = true)]
async fn several_reports_come_in_one_request_in_the_order_of_their_codes() {
    let service = Spoilt::new(|_, _| ());
    let mut codes = service.codes(4).await;
    codes.reverse();
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes.clone()).get().await;

    assert_eq!(batched.iter().map(|one| one.code.clone()).collect::<Vec<_>>(), codes);
    for one in &batched {
        let report = one.report.as_ref().unwrap();
        assert_eq!(report.value().code, one.code);
        assert_eq!(
            report.value(),
            rig.client.report(one.code.clone()).get().await.unwrap().value(),
            "equal to that asked for alone"
        );
    }
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_the_reports_that_failed_are_asked_for_again_and_only_they_are_paid_for() {
    let service = Spoilt::new(|number, answer| {
        if number == 1 {
            fail(answer, "r1", "Internal server error");
            fail(answer, "r4", "Internal server error");
        }
    });
    let codes = service.codes(5).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes).per_request(5).get().await;

    assert_eq!(succeeded(&batched), [true; 5]);
    for one in &batched {
        assert_eq!(one.report.as_ref().unwrap().value().code, one.code, "each part came to its own code");
    }
    assert_eq!(service.requests(), 2);
    assert_eq!(service.aliases(1), ["r0", "r1", "r2", "r3", "r4"]);
    assert_eq!(service.aliases(2), ["r1", "r4"]);
    // Row 19: at most k of n of the whole, and what any request costs (1.2 points).
    let (whole, again) = (service.points(1), service.points(2));
    assert!(again > 0.0 && again <= whole * 2.0 / 5.0 + 1.2, "{again} points for two, {whole} for five");
    // One call of two attempts, repeated by the one retry loop: it waits, and its failure has its class.
    assert_eq!(rig.classes(), [Class::GraphqlInternal]);
    assert_eq!(rig.attempts(), [2]);
    assert_eq!(rig.waits().len(), 1);
    let told = rig.told();
    let detail =
        told.iter().find_map(|told| if let Told::Failed(_, detail) = told { Some(detail.as_str()) } else { None }).unwrap();
    assert!(detail.starts_with("2 of 5 parts failed: report "), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn for_every_count_of_failed_reports_the_repeat_asks_for_those_alone() {
    for failed in 1..5_usize {
        let service = Spoilt::new(move |number, answer| {
            if number == 1 {
                (0..failed).for_each(|part| fail(answer, &format!("r{part}"), "Internal server error"));
            }
        });
        let codes = service.codes(5).await;
        let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

        let batched = rig.client.report_batch(codes).per_request(5).get().await;

        assert_eq!(succeeded(&batched), [true; 5]);
        assert_eq!((service.requests(), service.aliases(2).len()), (2, failed));
        let bound = service.points(1) * failed as f64 / 5.0 + 1.2;
        assert!(service.points(2) <= bound, "{failed} failed: {} points, bound {bound}", service.points(2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_cannot_be_had_has_its_own_error_and_is_not_asked_for_again() {
    let service = Spoilt::new(|_, answer| fail(answer, "r2", "This report does not exist."));
    let codes = service.codes(4).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes.clone()).get().await;

    assert_eq!(succeeded(&batched), [true, true, false, true]);
    let error = batched[2].report.as_ref().unwrap_err();
    assert_eq!((error.kind(), error.is_retryable(), error.attempts()), (ErrorKind::NotVisible, false, 1));
    assert!(error.to_string().contains(codes[2].as_str()), "{error}");
    assert_eq!((service.requests(), rig.classes().len()), (1, 0), "a no is an answer");
}

#[tokio::test(start_paused = true)]
async fn a_null_without_an_error_is_a_report_that_is_not_visible() {
    let service = Spoilt::new(|_, answer| answer["data"]["reportData"]["r0"] = Value::Null);
    let codes = service.codes(2).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes).get().await;

    assert_eq!(batched[0].report.as_ref().unwrap_err().kind(), ErrorKind::NotVisible);
    assert!(batched[1].report.is_ok());
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_lost_a_field_or_did_not_come_at_all_is_asked_for_again() {
    let service = Spoilt::new(|number, answer| {
        if number == 1 {
            answer["data"]["reportData"]["r0"].as_object_mut().unwrap().remove("fights");
            answer["data"]["reportData"].as_object_mut().unwrap().remove("r2");
        }
    });
    let codes = service.codes(3).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes).get().await;

    assert_eq!(succeeded(&batched), [true; 3]);
    assert_eq!(service.aliases(2), ["r0", "r2"]);
    assert_eq!(rig.classes(), [Class::Incomplete]);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_goes_on_failing_ends_with_the_policy_and_costs_no_other() {
    let service = Spoilt::new(|_, answer| fail(answer, "r1", "Internal server error"));
    let codes = service.codes(3).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes).get().await;

    assert_eq!(succeeded(&batched), [true, false, true]);
    let error = batched[1].report.as_ref().unwrap_err();
    // `graphql_internal` is repeated twice. Each time alone it is a failure of the whole answer.
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Upstream, 3));
    assert_eq!(service.requests(), 3);
    assert_eq!((service.aliases(2), service.aliases(3)), (vec!["r1".to_owned()], vec!["r1".to_owned()]));
    assert_eq!(rig.classes(), [Class::GraphqlInternal; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_fails_as_a_whole_is_repeated_as_a_whole_and_keeps_what_came_before() {
    let service = Spoilt::new(|number, answer| match number {
        1 | 3 => *answer = Value::Null, // 503
        2 => fail(answer, "r1", "Internal server error"),
        _ => {}
    });
    let codes = service.codes(3).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes).get().await;

    assert_eq!(succeeded(&batched), [true; 3]);
    assert_eq!(
        (service.aliases(2).len(), service.aliases(3), service.aliases(4)),
        (3, vec!["r1".to_owned()], vec!["r1".to_owned()])
    );
    assert_eq!(rig.classes(), [Class::ServerUnavailable, Class::GraphqlInternal, Class::ServerUnavailable]);
}

#[tokio::test(start_paused = true)]
async fn where_all_fail_in_a_way_that_may_heal_the_attempt_has_failed() {
    let service = Spoilt::new(|number, answer| {
        if number == 1 {
            (0..3).for_each(|part| fail(answer, &format!("r{part}"), "Internal server error"));
        }
    });
    let codes = service.codes(3).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes).get().await;

    assert_eq!(succeeded(&batched), [true; 3]);
    assert_eq!(service.aliases(2).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_one_attempt_asks_once_and_names_what_failed() {
    let service = Spoilt::new(|_, answer| fail(answer, "r0", "Internal server error"));
    let codes = service.codes(2).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::plain());

    let batched = rig.client.report_batch(codes).get().await;

    assert_eq!(succeeded(&batched), [false, true]);
    assert_eq!(service.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn many_codes_go_in_several_requests_and_each_code_once() {
    let service = Spoilt::new(|_, _| ());
    let codes = service.codes(5).await;
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());
    let twice: Vec<ReportCode> = codes.iter().chain(&codes).cloned().collect();

    let batched = rig.client.report_batch(twice).per_request(2).get().await;

    assert_eq!((batched.len(), service.requests()), (5, 3));
    assert!(rig.client.report_batch([]).get().await.is_empty());
    assert_eq!(service.requests(), 3, "nothing is sent for nothing");
    assert_eq!((ReportBatch::DEFAULT_PER_REQUEST, ReportBatch::MAX_PER_REQUEST), (5, 20));
}

#[tokio::test(start_paused = true)]
async fn after_an_error_that_befalls_every_call_the_rest_is_not_asked_for() {
    let service = Spoilt::new(|_, _| ());
    let codes = service.codes(5).await;
    let rig = Rig::with_credentials(service.clone(), "nobody", "no secret");

    let batched = rig.client.report_batch(codes).per_request(2).get().await;

    assert_eq!(batched.len(), 5);
    assert!(batched.iter().all(|one| one.report.as_ref().is_err_and(|error| error.kind() == ErrorKind::Auth)));
    let tokens = service.sim.stats().by_endpoint["/oauth/token"];
    assert!(tokens <= 2, "{tokens} requests for a token");
}

#[tokio::test(start_paused = true)]
async fn reports_that_the_service_itself_lets_fail_are_asked_for_again() {
    let service = Spoilt::new(|_, _| ());
    let codes = service.codes(5).await;
    let fault = ScriptedFault::new(On::Operation("ReportBatch".to_owned()), FaultKind::PartialData).field("r1, r3");
    service.sim.set_faults(Faults::none().with(fault));
    let rig = Rig::over_transport(service.clone(), CallPolicy::interactive());

    let batched = rig.client.report_batch(codes).get().await;

    assert_eq!(succeeded(&batched), [true; 5]);
    assert_eq!((service.requests(), service.aliases(2)), (2, vec!["r1".to_owned(), "r3".to_owned()]));
    assert_eq!(service.sim.stats().faults_total, 1);
    // What failed is not charged, so that all five together cost what they cost without a fault, and the request once more.
    let alone = Spoilt::new(|_, _| ());
    let codes = alone.codes(5).await;
    Rig::over_transport(alone.clone(), CallPolicy::interactive()).client.report_batch(codes).get().await;
    let extra = service.points(1) + service.points(2) - alone.points(1);
    assert!(extra <= 1.2 + 1e-6, "{extra} points more than without a fault");
}
