//! Tokens: how they are asked for, what they open, when they end.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use esologs_sim::{Credentials, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Simulator};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::{Answer, Client, RATE, api_request, demo_form, sim, sim_with, token, token_request};

async fn ask_token(sim: &Simulator, request: Request<Bytes>) -> Answer {
    sim.handle(request).await.into()
}

#[tokio::test]
async fn a_token_is_given_for_basic_form_and_json_credentials() {
    let sim = sim();
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{DEMO_CLIENT_ID}:{DEMO_CLIENT_SECRET}"));
    let mut by_header = token_request("grant_type=client_credentials");
    by_header.headers_mut().insert(AUTHORIZATION, format!("Basic {basic}").parse().unwrap());
    let by_form = token_request(&demo_form());
    let mut by_json = token_request("");
    *by_json.body_mut() = Bytes::from(
        json!({"grant_type": "client_credentials", "client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET}).to_string(),
    );
    by_json.headers_mut().insert(CONTENT_TYPE, "application/json".parse().unwrap());

    let mut tokens = Vec::new();
    for request in [by_header, by_form, by_json] {
        let answer = ask_token(&sim, request).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(31_536_000)));
        assert_eq!(body.get("scope"), None);
        tokens.push(body["access_token"].as_str().unwrap().to_owned());
    }

    let payload: Vec<u8> = URL_SAFE_NO_PAD.decode(tokens[0].split('.').nth(1).unwrap()).unwrap();
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!((&payload["aud"], &payload["scopes"]), (&json!(DEMO_CLIENT_ID), &json!([])));
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 3);
    assert_eq!(sim.stats().tokens_issued, 3);
}

#[tokio::test]
async fn a_request_without_what_is_needed_is_400_and_a_wrong_secret_401() {
    let sim = sim();
    for (body, error) in [
        ("", "invalid_request"),
        ("grant_type=client_credentials", "invalid_request"),
        ("grant_type=password&client_id=a", "unsupported_grant_type"),
    ] {
        let answer = ask_token(&sim, token_request(body)).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (400, &json!(error)));
    }
    let wrong = format!("grant_type=client_credentials&client_id={DEMO_CLIENT_ID}&client_secret=nope");
    let answer = ask_token(&sim, token_request(&wrong)).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.json(),
        json!({
            "error": "invalid_client",
            "error_description": "Client authentication failed",
            "message": "Client authentication failed",
        })
    );
    assert_eq!(sim.stats().tokens_issued, 0);
}

#[tokio::test]
async fn keys_of_ones_own_replace_the_demo_key_and_have_accounts_of_their_own() {
    let sim = sim_with(|builder| builder.credentials(Credentials::new("a", "1")).credentials(Credentials::new("b", "2")));
    assert_eq!(ask_token(&sim, token_request(&demo_form())).await.status, 401);
    let mut spent = Vec::new();
    for (id, secret) in [("a", "1"), ("b", "2")] {
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let token = ask_token(&sim, token_request(&form)).await.json()["access_token"].as_str().unwrap().to_owned();
        let client = Client { sim: sim.clone(), token };
        spent.push(client.points_spent().await);
    }
    assert_eq!(spent, [1.2, 1.2]);
}

#[tokio::test(start_paused = true)]
async fn a_missing_wrong_expired_or_revoked_token_is_401_in_one_form() {
    let sim = sim_with(|builder| builder.token_lifetime(Duration::from_secs(60)));
    let query = json!({"query": RATE});
    let unauthenticated = |answer: Answer| {
        assert_eq!(answer.status, 401);
        assert_eq!(answer.text(), "{\"error\":\"Unauthenticated.\"}");
    };

    let mut without = api_request("/api/v2/client", "x", &query);
    without.headers_mut().remove(AUTHORIZATION);
    unauthenticated(sim.handle(without).await.into());
    unauthenticated(sim.handle(api_request("/api/v2/client", "wrong", &query)).await.into());

    let client = Client::of(&sim).await;
    assert_eq!(client.ask(RATE).await.status, 200);
    tokio::time::sleep(Duration::from_secs(60)).await;
    unauthenticated(client.ask(RATE).await);

    let client = Client::of(&sim).await;
    sim.revoke_tokens();
    unauthenticated(client.ask(RATE).await);
    assert_eq!(Client::of(&sim).await.ask(RATE).await.status, 200);
    assert_eq!(sim.stats().executed, 2);
}

#[tokio::test]
async fn a_client_token_has_no_user_and_a_user_token_sees_public_data_at_the_client_endpoint() {
    let sim = sim();
    let query = json!({"query": "{ userData { currentUser { id name } } }"});
    let client_token = token(&sim).await;
    let user_token = sim.issue_user_token(esologs_sim::UserScopes::default());

    assert_eq!(sim.handle(api_request("/api/v2/user", &client_token, &query)).await.status(), 401);
    let at_user = Answer::from(sim.handle(api_request("/api/v2/user", &user_token, &query)).await);
    assert_eq!(at_user.data()["userData"]["currentUser"]["id"], 1);
    let at_client = Answer::from(sim.handle(api_request("/api/v2/client", &user_token, &query)).await);
    assert_eq!(at_client.data()["userData"]["currentUser"], Value::Null);
}

#[tokio::test]
async fn a_get_on_the_api_and_an_unknown_path_are_404_with_an_empty_message() {
    let sim = sim();
    for (method, path, status) in
        [("GET", "/api/v2/client", 404), ("GET", "/nowhere", 404), ("POST", "/api/v3/client", 404), ("GET", "/oauth/token", 405)]
    {
        let request = Request::builder().method(method).uri(path).body(Bytes::new()).unwrap();
        let answer = Answer::from(sim.handle(request).await);
        assert_eq!(answer.status, status, "{method} {path}");
        if status == 404 {
            assert_eq!(answer.text(), "{\"message\":\"\"}");
        }
    }
}

#[tokio::test]
async fn a_query_may_come_as_a_form_but_not_as_plain_text() {
    let sim = sim();
    let token = token(&sim).await;
    for (kind, readable) in [("application/x-www-form-urlencoded", true), ("text/plain", false)] {
        let request = Request::post("/api/v2/client")
            .header(CONTENT_TYPE, kind)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Bytes::from_static(
                b"query=query+Q%28%24a%3AInt%29%7BguildData%7Bguild%28id%3A%24a%29%7Bid%7D%7D%7D&variables=%7B%22a%22%3A3468%7D",
            ))
            .unwrap();
        let answer = Answer::from(sim.handle(request).await);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["data"]["guildData"]["guild"]["id"] == 3468, readable, "{}", answer.text());
    }
    assert_eq!(sim.stats().by_operation["unreadable"], 1);
}
