//! `/oauth/authorize`: the page at which a user agrees, and where the browser goes then.

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::json;
use url::form_urlencoded;

use super::token::{INVALID_REQUEST, invalid_client};
use crate::Simulator;
use crate::auth::authorize::{self, AuthorizeRequest, BadAuthorizeRequest, back};
use crate::http::reply;

impl Simulator {
    /// GET shows the page, POST (its buttons) sends the browser back.
    pub(super) fn answer_authorize(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let settings = &self.shared.settings;
        let is_client = |id: &str| self.knows_client(id);
        let asked = match authorize::read(request.uri().query().unwrap_or_default(), &settings.sign_in, is_client) {
            Ok(asked) => asked,
            Err(bad) => return refuse(bad),
        };
        if request.method() == http::Method::GET { self.page(&asked) } else { self.decide(asked, request.body()) }
    }

    pub(super) fn knows_client(&self, id: &str) -> bool {
        let settings = &self.shared.settings;
        settings.credentials.iter().any(|key| key.id == id) || settings.sign_in.public_clients.iter().any(|client| client == id)
    }

    /// The form goes to the address that it came from, with its query.
    fn page(&self, asked: &AuthorizeRequest) -> Response<Bytes> {
        let scopes: String = asked.scopes.names().iter().map(|name| format!("<li>{name}</li>")).collect();
        let users: String = self
            .shared
            .settings
            .sign_in
            .users
            .iter()
            .map(|user| format!("<option value=\"{}\">{}</option>", user.id, escaped(&user.name)))
            .collect();
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Authorization Request</title></head>\n\
             <body>\n<h1>Authorization Request</h1>\n<p><b>{}</b> asks for leave to use your account, to:</p>\n<ul>{scopes}</ul>\n\
             <form method=\"post\">\n<p><label>Sign in as <select name=\"user\" id=\"user\">{users}</select></label></p>\n\
             <button name=\"decision\" value=\"allow\" id=\"allow\">Allow</button>\n\
             <button name=\"decision\" value=\"deny\" id=\"deny\">Deny</button>\n</form>\n</body>\n</html>\n",
            escaped(&asked.client_id)
        );
        reply::raw_html(StatusCode::OK, page)
    }

    fn decide(&self, asked: AuthorizeRequest, form: &[u8]) -> Response<Bytes> {
        let field = |name: &str| form_urlencoded::parse(form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let settings = &self.shared.settings.sign_in;
        let user = field("user").and_then(|id| id.parse().ok()).or_else(|| settings.users.first().map(|user| user.id));
        let Some(user) = user.filter(|id| settings.users.iter().any(|user| user.id == *id)) else {
            return reply::html(StatusCode::FORBIDDEN, "Forbidden", "There is no such user.");
        };
        let (redirect, state) = (asked.redirect.clone(), asked.state.clone());
        if field("decision").as_deref() != Some("allow") {
            let text = "The resource owner or authorization server denied the request.";
            let fields = [
                ("error", "access_denied"),
                ("error_description", text),
                ("hint", "The user denied the request"),
                ("message", text),
            ];
            return sent(&back(&redirect, &fields, state.as_deref()));
        }
        let now = self.now();
        match self.state().agreements.agree(asked, user, settings, now) {
            Some(code) => sent(&back(&redirect, &[("code", &code)], state.as_deref())),
            None => reply::html(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable", "There are too many open sign-ins."),
        }
    }
}

fn refuse(bad: BadAuthorizeRequest) -> Response<Bytes> {
    match bad {
        BadAuthorizeRequest::InvalidClient => invalid_client(),
        BadAuthorizeRequest::Invalid { error, hint } => {
            let body = json!({"error": error, "error_description": INVALID_REQUEST, "hint": hint, "message": INVALID_REQUEST});
            reply::json_value(StatusCode::BAD_REQUEST, &body)
        }
        BadAuthorizeRequest::InvalidScope { redirect, state } => {
            let text = "The requested scope is invalid, unknown, or malformed";
            sent(&back(
                &redirect,
                &[("error", "invalid_scope"), ("error_description", text), ("message", text)],
                state.as_deref(),
            ))
        }
    }
}

/// To another address. What cannot stand in a header was encoded when the address was made.
fn sent(address: &str) -> Response<Bytes> {
    let mut response = reply::empty(StatusCode::FOUND);
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(LOCATION, address);
    }
    response
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
