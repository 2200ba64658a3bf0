//! The way to the host: proxy, name, connection, certificate, an answer.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use tokio::time::timeout;

use super::finding::{Finding, Step};
use super::{Cause, Ended, Look, reading};
use crate::api::RateLimitCall;
use crate::client::{Client, USER_AGENT_VALUE};
use crate::decode::{As, classify};
use crate::transport::{Obstacle, ProxyAddress, Route, TransportError, TransportErrorKind, knock, resolve};

/// Time for a TCP connection: a lost SYN is sent again after 3 s.
const CONNECT: Duration = Duration::from_millis(3_100);

/// Looks at each step of the way, and asks the host once, without a token.
pub(super) async fn look(look: &mut Look, client: &Client) -> Result<(), Ended> {
    let endpoint = client.endpoint();
    let route = client.transport().route(endpoint.client_api_url());
    let by_proxy = matches!(route, Some(Route::Proxy(_)));
    match &route {
        // The way is the caller's own.
        None => {}
        Some(Route::Direct) => {
            look.note(Finding::fine(Step::Proxy, "none is used"))?;
            let (host, port) = endpoint.address();
            reach(look, &host, port).await?;
        }
        Some(Route::Proxy(proxy)) => reach_proxy(look, proxy).await?,
    }
    let is_encrypted = endpoint.client_api_url().scheme_str() == Some("https");
    let limit = look.left();
    let outcome = timeout(limit, client.transport().send(question(client))).await.unwrap_or_else(|_| {
        let words = format!("no answer within {:.0} s", limit.as_secs_f64());
        Err(TransportError::new(TransportErrorKind::TimedOut, words))
    });
    if let Err(error) = &outcome {
        let (step, cause) = reading::broken(error, by_proxy);
        return look.note(Finding::failed(step, cause, words(error, cause, client)));
    }
    if let Some(Route::Proxy(proxy)) = &route {
        look.note(Finding::fine(Step::Proxy, format!("{} lets the connection through", named(proxy))))?;
    }
    if route.is_some() {
        let good = Finding::fine(Step::Tls, "the host's certificate is good");
        look.note(if is_encrypted { good } else { Finding::not_taken(Step::Tls, "plain http, within this machine") })?;
    }
    let headers = outcome.as_ref().map(|response| response.headers().clone()).unwrap_or_default();
    let failure = classify(outcome, &As::<RateLimitCall>::FORM, || client.clock().now()).err();
    look.note(reading::answer(failure.as_ref()))?;
    look.note(reading::clock(&headers, client.clock().now()))
}

/// A question without a token: it is answered with 401, and costs nothing.
fn question(client: &Client) -> http::Request<Bytes> {
    let mut request = http::Request::new(Bytes::from_static(br#"{"query":"{ __typename }"}"#));
    *request.method_mut() = http::Method::POST;
    *request.uri_mut() = client.endpoint().client_api_url().clone();
    let json = http::HeaderValue::from_static("application/json");
    request.headers_mut().insert(USER_AGENT, http::HeaderValue::from_static(USER_AGENT_VALUE));
    request.headers_mut().insert(ACCEPT, json.clone());
    request.headers_mut().insert(CONTENT_TYPE, json);
    request
}

async fn reach(look: &mut Look, host: &str, port: u16) -> Result<(), Ended> {
    let addresses = match resolve(host, port, look.left()).await {
        Ok(addresses) => addresses,
        Err(error) => return look.note(Finding::failed(Step::Dns, Cause::NameNotFound, format!("{host}: {error}"))),
    };
    let more = if addresses.len() > 1 { format!(" (and {} more)", addresses.len() - 1) } else { String::new() };
    let first = addresses[0].ip().to_string();
    let is_address = first == host.trim_start_matches('[').trim_end_matches(']');
    let words = if is_address { format!("{host} is an address already") } else { format!("{host} is {first}{more}") };
    look.note(Finding::fine(Step::Dns, words))?;
    match knock(&addresses, look.left().min(CONNECT)).await {
        Ok(address) => look.note(Finding::fine(Step::Connect, format!("{address} takes connections"))),
        Err(error) => {
            let cause = if error.obstacle() == Some(Obstacle::Refused) { Cause::Refused } else { Cause::NoAnswer };
            look.note(Finding::failed(Step::Connect, cause, format!("{host} at port {port}: {error}")))
        }
    }
}

/// The proxy itself; what it says of the host comes with the first question.
async fn reach_proxy(look: &mut Look, proxy: &ProxyAddress) -> Result<(), Ended> {
    let left_to_it = "left to the proxy";
    let reached = match resolve(&proxy.host, proxy.port, look.left()).await {
        Ok(addresses) => knock(&addresses, look.left().min(CONNECT)).await.map(|_| ()),
        Err(error) => Err(error),
    };
    if let Err(error) = reached {
        return look.note(Finding::failed(Step::Proxy, Cause::ProxyUnreachable, format!("{}: {error}", named(proxy))));
    }
    look.note(Finding::not_taken(Step::Dns, left_to_it))?;
    look.note(Finding::not_taken(Step::Connect, left_to_it))
}

fn named(proxy: &ProxyAddress) -> String {
    format!("{}:{} (by {})", proxy.host, proxy.port, proxy.variable)
}

/// What broke, and for certificates, what this machine takes the time to be.
fn words(error: &TransportError, cause: Cause, client: &Client) -> String {
    let is_about_time = matches!(cause, Cause::CertificateExpired | Cause::CertificateNotYetValid);
    let time = if is_about_time {
        format!("; this machine's clock says {}", reading::date_of(client.clock().now()))
    } else {
        String::new()
    };
    let is_proxy = matches!(cause, Cause::ProxyUnreachable | Cause::ProxyWantsPassword | Cause::ProxyRefused);
    match client.transport().route(client.endpoint().client_api_url()) {
        Some(Route::Proxy(proxy)) if is_proxy => format!("{}: {error}", named(&proxy)),
        _ => format!("{error}{time}"),
    }
}
