//! The verbs of these tests: a simulator, a token, a query, an answer.

use bytes::Bytes;
use esologs_sim::world::model::{Access, Report};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Simulator, SimulatorBuilder};
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

pub const NOW: i64 = 1_780_000_000_000;

/// A small world at a fixed moment.
pub fn sim() -> Simulator {
    sim_with(|builder| builder)
}

pub fn sim_with(configure: impl FnOnce(SimulatorBuilder) -> SimulatorBuilder) -> Simulator {
    configure(Simulator::builder().start_unix_ms(NOW)).build().unwrap()
}

/// A client with a token.
pub struct Client {
    pub sim: Simulator,
    pub token: String,
}

/// An answer, read.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// `data` of an answer without errors.
    pub fn data(&self) -> Value {
        let json = self.json();
        assert_eq!(json.get("errors"), None, "{}", self.text());
        json["data"].clone()
    }

    pub fn message(&self) -> String {
        self.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
    }
}

impl From<Response<Bytes>> for Answer {
    fn from(response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body }
    }
}

pub fn token_request(body: &str) -> Request<Bytes> {
    let request = Request::post("/oauth/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Bytes::from(body.to_owned())).unwrap()
}

pub fn demo_form() -> String {
    format!("grant_type=client_credentials&client_id={DEMO_CLIENT_ID}&client_secret={DEMO_CLIENT_SECRET}")
}

pub async fn token(sim: &Simulator) -> String {
    let answer = Answer::from(sim.handle(token_request(&demo_form())).await);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

pub fn api_request(path: &str, token: &str, body: &Value) -> Request<Bytes> {
    let request = Request::post(path).header(CONTENT_TYPE, "application/json").header(AUTHORIZATION, format!("Bearer {token}"));
    request.body(Bytes::from(body.to_string())).unwrap()
}

impl Client {
    pub async fn of(sim: &Simulator) -> Self {
        Self { sim: sim.clone(), token: token(sim).await }
    }

    pub async fn ask(&self, query: &str) -> Answer {
        self.send(&json!({"query": query})).await
    }

    pub async fn send(&self, body: &Value) -> Answer {
        self.sim.handle(api_request("/api/v2/client", &self.token, body)).await.into()
    }

    pub async fn ask_gzipped(&self, query: &str) -> Answer {
        let mut request = api_request("/api/v2/client", &self.token, &json!({"query": query}));
        request.headers_mut().insert(ACCEPT_ENCODING, "br;q=0.1, gzip".parse().unwrap());
        self.sim.handle(request).await.into()
    }

    pub async fn data(&self, query: &str) -> Value {
        let answer = self.ask(query).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.data()
    }

    pub async fn points_spent(&self) -> f64 {
        let data = self.data("{ rateLimitData { pointsSpentThisHour } }").await;
        data["rateLimitData"]["pointsSpentThisHour"].as_f64().unwrap()
    }
}

pub async fn client() -> Client {
    Client::of(&sim()).await
}

/// The first report of the world with that access.
pub fn report_that(sim: &Simulator, wanted: impl Fn(&Access) -> bool) -> &Report {
    let mut reports = sim.world().reports.iter();
    reports.find(|report| wanted(&report.access)).unwrap()
}

pub fn public_report(sim: &Simulator) -> &Report {
    report_that(sim, |access| *access == Access::Public)
}

pub const RATE: &str = "{ rateLimitData { limitPerHour pointsSpentThisHour pointsResetIn } }";
