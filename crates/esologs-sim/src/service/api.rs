//! `POST /api/v2/client` and `/api/v2/user`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, Response, StatusCode};

use super::undelivered::Undelivered;
use super::{carrier, told_to_connection, wait};
use crate::Simulator;
use crate::auth::tokens::Bearer;
use crate::faults::answer::{INTERNAL_ERROR, graphql_error, replacing};
use crate::faults::plan::{Chosen, Target, signature};
use crate::faults::spoil::{spoil_text, take_out_field};
use crate::faults::{Fault, FaultKind, Strikes};
use crate::graphql::call::{Audience, Call, Deviations};
use crate::graphql::documents::{ReadDocument, operation_label};
use crate::graphql::execute::{Executed, execute};
use crate::graphql::failing::FailingFields;
use crate::graphql::request::{self, GraphqlRequest};
use crate::graphql::write;
use crate::http::reply;
use crate::http::route::Endpoint;
use crate::http::serve::ClientAddress;
use crate::limits::cost::CostMeter;
use crate::limits::points::PointsSnapshot;
use crate::limits::throttle::ThrottleVerdict;

/// How far `report_grows` and `stale_report` move a live report, unless told otherwise: three of its segments.
const REPORTS_SHIFT: Duration = Duration::from_secs(60);

/// A request that was let in.
struct Admitted {
    /// Whose points it spends.
    account: String,
    audience: Audience,
    points: PointsSnapshot,
}

/// Why a request was not let in.
enum Refusal {
    /// By the throttle, for so many seconds.
    Throttled(u64),
    Unauthenticated,
    /// All points are spent, for so many seconds.
    PointsSpent(u64),
}

/// A request whose body makes sense.
struct Read {
    request: GraphqlRequest,
    document: Arc<ReadDocument>,
}

impl Simulator {
    pub(super) async fn answer_api(&self, endpoint: Endpoint, request: &Request<Bytes>) -> Response<Bytes> {
        let read = request::read(request.headers(), request.body())
            .map(|request| Read { document: self.shared.documents.read(&request.query), request });
        let operation = match &read {
            Ok(read) => operation_label(&read.document, read.request.operation_name.as_deref()),
            Err(_) => "unreadable".to_owned(),
        };
        self.state().stats.count_operation(&operation);
        let chosen = self.choose_fault(Target {
            is_token: false,
            operation: &operation,
            carrier: carrier(request),
            now: self.now(),
            signature: signature("api", request.body()),
        });
        if let Some(answer) = self.struck_before(chosen.as_ref()).await {
            return answer;
        }
        let throttle = self.hit_throttle(request);
        let answer = match (self.admit(endpoint, request, throttle), read) {
            (Ok(admitted), Ok(read)) => self.run(&read, &admitted, chosen.as_ref()).await,
            (Ok(_), Err(error)) => {
                self.give_back(chosen.as_ref());
                reply::json_bytes(StatusCode::OK, write::request_errors(&[error]))
            }
            (Err(refusal), _) => {
                self.give_back(chosen.as_ref());
                self.refuse(&refusal)
            }
        };
        reply::with_throttle(answer, throttle)
    }

    fn give_back(&self, chosen: Option<&Chosen>) {
        if let Some(chosen) = chosen {
            self.state().plan.give_back(chosen);
        }
    }

    fn hit_throttle(&self, request: &Request<Bytes>) -> Option<ThrottleVerdict> {
        let now = self.now();
        let mut state = self.state();
        Some(state.throttle.as_mut()?.hit(client_address(request), now))
    }

    /// Throttle, token, points: in this order, as the framework has its middleware.
    fn admit(
        &self,
        endpoint: Endpoint,
        request: &Request<Bytes>,
        throttle: Option<ThrottleVerdict>,
    ) -> Result<Admitted, Refusal> {
        if let Some(seconds) = throttle.and_then(|verdict| verdict.refused_for_s) {
            return Err(Refusal::Throttled(seconds));
        }
        let now = self.now();
        let mut state = self.state();
        let bearer = bearer_token(request.headers()).and_then(|token| state.tokens.bearer(token, now));
        let bearer = bearer.ok_or(Refusal::Unauthenticated)?;
        let audience = audience(endpoint, &bearer).ok_or(Refusal::Unauthenticated)?;
        let account = account(audience, &bearer);
        let ledger = state.ledger(&account, &self.shared.settings.points);
        ledger.admit(now).map_err(Refusal::PointsSpent)?;
        let points = ledger.snapshot(now);
        Ok(Admitted { account, audience, points })
    }

    fn refuse(&self, refusal: &Refusal) -> Response<Bytes> {
        let stats = &mut self.state().stats;
        match refusal {
            Refusal::Throttled(seconds) => {
                stats.refused_by_throttle += 1;
                reply::throttled(&seconds.to_string())
            }
            Refusal::Unauthenticated => reply::unauthenticated(),
            Refusal::PointsSpent(seconds) => {
                stats.refused_for_points += 1;
                reply::points_spent(&seconds.to_string())
            }
        }
    }

    /// Executes, charges, and spoils the answer if a fault wants it.
    async fn run(&self, read: &Read, admitted: &Admitted, chosen: Option<&Chosen>) -> Response<Bytes> {
        let fault = chosen.map(|chosen| &chosen.fault);
        let executed = self.execute(read, admitted, fault);
        let (cost, points_spent) = self.charge(&executed, admitted, fault);
        let Some(fault) = fault else {
            return reply::json_bytes(StatusCode::OK, executed.into_body(points_spent));
        };
        self.strike(fault);
        // Points of a broken answer are counted as such already.
        let at_stake = if fault.breaks_answer() { 0.0 } else { cost };
        let undelivered = Undelivered::new(self, at_stake);
        wait(fault).await;
        undelivered.delivered();
        let answer = replacing(fault).unwrap_or_else(|| spoilt(fault, executed, points_spent));
        told_to_connection(fault, at_stake, answer)
    }

    fn execute(&self, read: &Read, admitted: &Admitted, fault: Option<&Fault>) -> Executed {
        let shared = &self.shared;
        let is = |kind| fault.is_some_and(|fault| fault.kind == kind);
        let call = Call::new(
            &shared.world,
            self.shown_unix_ms(fault),
            admitted.audience,
            shared.settings.race_is_on,
            admitted.points,
            CostMeter::new(shared.settings.points.cost_model),
            Deviations {
                json_as_strings: is(FaultKind::StringScalars),
                failing: fault.filter(|fault| fault.kind == FaultKind::PartialData).map(FailingFields::of),
                numbers_as_strings: is(FaultKind::NumberStrings),
                schema_drift: is(FaultKind::SchemaDrift),
                stuck_cursor: is(FaultKind::StuckCursor),
            },
        );
        execute(shared.documents, &read.document, &read.request, call)
    }

    /// The moment as which live reports are told.
    fn shown_unix_ms(&self, fault: Option<&Fault>) -> i64 {
        let lasts = fault.and_then(|fault| fault.lasts).unwrap_or(REPORTS_SHIFT);
        let shift_ms = i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX);
        let mut state = self.state();
        if fault.is_some_and(|fault| fault.kind == FaultKind::ReportGrows) {
            state.live_ahead_ms = state.live_ahead_ms.saturating_add(shift_ms);
        }
        let now = self.now_unix_ms().saturating_add(state.live_ahead_ms);
        if fault.is_some_and(|fault| fault.kind == FaultKind::StaleReport) { now.saturating_sub(shift_ms) } else { now }
    }

    /// Books the cost. Answers it, and what `pointsSpentThisHour` tells.
    fn charge(&self, executed: &Executed, admitted: &Admitted, fault: Option<&Fault>) -> (f64, f64) {
        let settings = &self.shared.settings.points;
        let free = fault.is_some_and(|fault| fault.strikes() == Strikes::Before);
        let cost = if free { 0.0 } else { executed.cost };
        let now = self.now();
        let mut state = self.state();
        state.ledger(&admitted.account, settings).charge(now, cost);
        state.stats.count_points(cost, fault.is_some_and(Fault::breaks_answer));
        let shows_own = settings.snapshot_includes_own_query && settings.snapshot_lag.is_zero();
        let own = if shows_own { cost } else { 0.0 };
        (cost, ((admitted.points.spent + own) * 100.0).round() / 100.0)
    }
}

/// The good answer, spoilt.
fn spoilt(fault: &Fault, mut executed: Executed, points_spent: f64) -> Response<Bytes> {
    if fault.kind == FaultKind::PartialData && fault.field.is_none() && executed.errors.is_empty() {
        // No field could fail by itself (a query for points only), so all fail.
        return graphql_error(INTERNAL_ERROR);
    }
    if fault.kind == FaultKind::MissingField
        && let Some(data) = &mut executed.data
    {
        take_out_field(fault, data);
    }
    reply::json_bytes(StatusCode::OK, spoil_text(fault, executed.into_body(points_spent)))
}

/// A client token is good at `/client` only, a user token at both: at `/client` it sees public data.
fn audience(endpoint: Endpoint, bearer: &Bearer) -> Option<Audience> {
    match endpoint {
        Endpoint::Client => Some(Audience::Public),
        Endpoint::User => bearer.user_audience(),
    }
}

/// At `/client` the key's points are spent, at `/user` the user's, whatever the key.
fn account(audience: Audience, bearer: &Bearer) -> String {
    match (audience, bearer.user) {
        (Audience::User { .. }, Some(user)) => format!("user {}", user.id),
        _ => bearer.client_id.clone(),
    }
}

fn client_address(request: &Request<Bytes>) -> IpAddr {
    let address = request.extensions().get::<ClientAddress>();
    address.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.0.ip())
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
