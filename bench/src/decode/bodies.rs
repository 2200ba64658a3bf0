//! The answers that are read, and a client that gets them from memory.

use std::error::Error;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{Client, Credentials, Endpoint};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response};
use serde_json::{Value, json};

use crate::canned::{Answers, World};

const TOKEN: &[u8] = br#"{"token_type":"Bearer","expires_in":31104000,"access_token":"canned"}"#;
const FIGHTS: i64 = 40;
const ACTORS: i64 = 250;
const ABILITIES: usize = 300;

/// The bodies of three answers.
pub(super) struct Bodies {
    /// The code of the report that the last two are about.
    pub(super) code: String,
    pub(super) small: Bytes,
    pub(super) report: Bytes,
    pub(super) page: Bytes,
}

impl Bodies {
    /// With so many events on the page.
    pub(super) fn new(events: usize) -> Result<Self, Box<dyn Error>> {
        let world = World { events_per_page: events, ..World::SMALL };
        let answers = Answers::of(world);
        let code = world.codes().next().ok_or("a world without reports")?;
        let page = world.page_requests().pop().ok_or("a world without pages")?;
        let report = body(&answers, &format!(r#"{{"query":"query Report(","variables":{{"code":"{code}"}}}}"#))?;
        Ok(Self {
            small: body(&answers, r#"{"query":"query RateLimit {"}"#)?,
            report: as_of_an_evening(&report)?,
            page: body(&answers, &page)?,
            code,
        })
    }
}

/// What the server answers to this query, without status line and headers.
fn body(answers: &Answers, query: &str) -> Result<Bytes, Box<dyn Error>> {
    let answer = answers.to(b"POST /api/v2/client", query.as_bytes());
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("an answer without a body")?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        return Err(format!("the server knows no answer to {query}").into());
    }
    Ok(Bytes::copy_from_slice(&answer[head + 4..]))
}

/// The canned report with as many fights, actors and abilities as there are on a long evening.
fn as_of_an_evening(body: &[u8]) -> Result<Bytes, Box<dyn Error>> {
    let mut answer: Value = serde_json::from_slice(body)?;
    let report = &mut answer["data"]["reportData"]["report"];
    let mut fight = report["fights"][0].clone();
    fight["friendlyPlayers"] = (1..13).collect();
    fight["enemyNPCs"] =
        (30..36).map(|id| json!({"id":id,"gameID":id * 1000,"instanceCount":1,"groupCount":1,"petOwner":null})).collect();
    report["fights"] = numbered(&fight, FIGHTS);
    let actor = report["masterData"]["actors"][0].clone();
    report["masterData"]["actors"] = numbered(&actor, ACTORS);
    let ability = report["masterData"]["abilities"][0].clone();
    report["masterData"]["abilities"] = vec![ability; ABILITIES].into();
    Ok(serde_json::to_vec(&answer)?.into())
}

/// So many of this, each with a number of its own.
fn numbered(model: &Value, count: i64) -> Value {
    let numbered = |id: i64| {
        let mut entry = model.clone();
        entry["id"] = id.into();
        entry
    };
    (1..=count).map(numbered).collect()
}

/// Answers every request with the same body, which is there already.
struct Memory(Bytes);

impl Transport for Memory {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        let body = if request.uri().path() == "/oauth/token" { Bytes::from_static(TOKEN) } else { self.0.clone() };
        Box::pin(async move {
            let mut response = Response::new(body);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(response)
        })
    }
}

/// A client as it comes but for the pace of its requests, for which this is the answer to everything.
pub(super) fn client(answer: &Bytes) -> Result<Client, Box<dyn Error>> {
    let builder = Client::builder()
        .credentials(Credentials::new("canned", "canned")?)
        .endpoint(Endpoint::new("https://canned.test")?)
        .transport(Memory(answer.clone()))
        .without_request_rate();
    Ok(builder.build()?)
}
