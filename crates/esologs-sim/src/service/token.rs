//! `POST /oauth/token`.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{carrier, told_to_connection, wait};
use crate::Simulator;
use crate::auth::request::{self, BadTokenRequest, Grant, TokenRequest};
use crate::auth::tokens::Bearer;
use crate::faults::answer::replacing;
use crate::faults::plan::{Target, signature};
use crate::faults::spoil::spoil_text;
use crate::faults::{Fault, FaultKind};
use crate::http::reply;

impl Simulator {
    pub(super) async fn answer_token(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let chosen = self.choose_fault(Target {
            is_token: true,
            operation: "",
            carrier: carrier(request),
            now: self.now(),
            signature: signature("token", request.body()),
        });
        if let Some(answer) = self.struck_before(chosen.as_ref()).await {
            return answer;
        }
        let answer = match request::read(request.headers(), request.body()) {
            Ok(asked) => self.grant(asked),
            Err(bad) => bad_request(&bad),
        };
        let Some(chosen) = chosen else {
            return answer;
        };
        self.strike(&chosen.fault);
        wait(&chosen.fault).await;
        let answer = replacing(&chosen.fault).unwrap_or_else(|| answer.map(|body| spoil_token(&chosen.fault, body)));
        told_to_connection(&chosen.fault, 0.0, answer)
    }

    fn grant(&self, asked: TokenRequest) -> Response<Bytes> {
        let settings = &self.shared.settings;
        let is_public = asked.client_secret.is_none() && settings.sign_in.public_clients.contains(&asked.client_id);
        let knows_secret = || {
            settings.credentials.iter().any(|key| key.id == asked.client_id && Some(&key.secret) == asked.client_secret.as_ref())
        };
        // Only users' grants are for who has no secret.
        if !(knows_secret() || is_public && asked.grant != Grant::ClientCredentials) {
            return invalid_client();
        }
        let (now, now_unix_ms) = (self.now(), self.now_unix_ms());
        let mut state = self.state();
        let granted = match asked.grant {
            Grant::ClientCredentials => Ok((Bearer { client_id: asked.client_id, user: None }, None)),
            Grant::Code { code, redirect, verifier } => {
                let traded = state.agreements.trade(&code, &asked.client_id, &redirect, verifier.as_deref(), now);
                traded.map(|bearer| (bearer.clone(), state.agreements.refresh_token(bearer)))
            }
            Grant::Refresh(token) => state.agreements.renew(&token, &asked.client_id, settings.sign_in.refresh_tokens),
        };
        let (bearer, refresh_token) = match granted {
            Ok(granted) => granted,
            Err(hint) => return invalid_grant(hint),
        };
        state.stats.tokens_issued += 1;
        let token = state.tokens.issue(bearer, now, now_unix_ms);
        let expires_in = state.tokens.expires_in_s();
        drop(state);
        let mut answer = json!({"token_type": "Bearer", "expires_in": expires_in, "access_token": token});
        if let Some(refresh_token) = refresh_token {
            answer["refresh_token"] = refresh_token.into();
        }
        reply::json_value(StatusCode::OK, &answer)
    }
}

/// The answer of the token endpoint, spoilt.
fn spoil_token(fault: &Fault, body: Bytes) -> Bytes {
    if fault.kind == FaultKind::MissingExpiresIn
        && let Ok(Value::Object(mut answer)) = serde_json::from_slice(&body)
    {
        answer.remove("expires_in");
        return Value::Object(answer).to_string().into();
    }
    spoil_text(fault, body.into()).into()
}

/// league/oauth2-server's form: `error`, `error_description`, and the same again as `message`.
pub(super) fn invalid_client() -> Response<Bytes> {
    let text = "Client authentication failed";
    let body = json!({"error": "invalid_client", "error_description": text, "message": text});
    reply::json_value(StatusCode::UNAUTHORIZED, &body)
}

/// A code or refresh token that is not taken.
fn invalid_grant(hint: &str) -> Response<Bytes> {
    let text = "The provided authorization grant or refresh token is invalid, expired, revoked, or was issued to another client.";
    let body = json!({"error": "invalid_grant", "error_description": text, "hint": hint, "message": text});
    reply::json_value(StatusCode::BAD_REQUEST, &body)
}

pub(super) const INVALID_REQUEST: &str = "The request lacks a parameter, or holds one that is malformed or given twice.";

fn bad_request(bad: &BadTokenRequest) -> Response<Bytes> {
    let (error, text, hint) = match bad {
        BadTokenRequest::Missing(parameter) => ("invalid_request", INVALID_REQUEST, format!("Check the `{parameter}` parameter")),
        BadTokenRequest::UnsupportedGrant => (
            "unsupported_grant_type",
            "This server does not support the grant type.",
            "The simulator has `client_credentials`, `authorization_code` and `refresh_token`".to_owned(),
        ),
    };
    let body = json!({"error": error, "error_description": text, "hint": hint, "message": text});
    reply::json_value(StatusCode::BAD_REQUEST, &body)
}
