//! How the service answered, told with what became of it: for whoever hands it on.

use std::time::Duration;

use esologs::{CallPolicy, Class, Client, Clock, Credentials, Endpoint, ErrorKind};
use futures_util::future::join_all;
use serde_json::{Map, json as value};

use crate::support::{BASE, Rig, Script, hangs, json, status};

const QUERY: &str = "query Mine { guildData { guild(id: 7) { name } } }";

#[tokio::test(start_paused = true)]
async fn an_error_tells_how_the_last_attempt_was_answered() {
    let page = status(503).header("retry-after", "1").html();
    let script = Script::new().api(status(500).json(value!({"message": "Server Error"}))).api_always(page);
    let rig = Rig::new(script, CallPolicy::interactive().attempts(2));

    let error = rig.client.query(QUERY, Map::new()).await.unwrap_err();

    let answer = error.answer().unwrap();
    assert_eq!((error.class(), answer.status().as_u16()), (Some(Class::ServerUnavailable), 503));
    assert_eq!(answer.headers()["retry-after"], "1");
    assert!(answer.body().starts_with(b"<!DOCTYPE html>"), "{:?}", answer.body());
    assert!(!format!("{error:?}").contains("DOCTYPE"), "it may repeat what was sent, so it is not shown by the way");
}

#[tokio::test(start_paused = true)]
async fn where_no_answer_came_there_is_none() {
    let rig = Rig::new(Script::new().api_always(hangs()), CallPolicy::interactive().attempts(1));

    let error = rig.client.query(QUERY, Map::new()).await.unwrap_err();

    assert_eq!((error.kind(), error.answer().is_none()), (ErrorKind::Timeout, true));
}

#[tokio::test(start_paused = true)]
async fn equal_calls_that_fail_together_all_tell_the_answer() {
    let refused = json(value!({"errors": [{"message": "No such guild"}]}));
    let script = Script::new().expecting(2).api(refused.after(Duration::from_secs(1)));
    let client = &Client::builder()
        .credentials(Credentials::new(Rig::ID, Rig::SECRET).unwrap())
        .endpoint(Endpoint::new("https://logs.test").unwrap())
        .clock(Clock::starting_at(BASE))
        .transport(script.clone())
        .policy(CallPolicy::plain())
        .without_ledger()
        .build()
        .unwrap();

    let outcomes = join_all((0..5).map(|_| client.query(QUERY, Map::new()))).await;

    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert!(error.answer().unwrap().body().starts_with(b"{\"errors\""));
    }
    assert_eq!(script.api_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_relies_on_every_field_is_not_given_an_answer_that_lacks_one() {
    let lacking = json(value!({"data": {"guildData": {"guild": {}}}}));
    let whole = json(value!({"data": {"guildData": {"guild": {"name": null}}}}));
    let script = Script::new().api(lacking.clone()).api(whole).api_always(lacking);
    let rig = Rig::new(script.clone(), CallPolicy::interactive().attempts(3));

    let repeated = rig.client.query_whole(QUERY, Map::new()).await.unwrap();
    let error = rig.client.query_whole(QUERY, Map::new()).await.unwrap_err();
    let as_it_came = rig.client.query(QUERY, Map::new()).await.unwrap();

    assert_eq!(repeated.data.get(), r#"{"guildData":{"guild":{"name":null}}}"#);
    assert_eq!((error.class(), error.attempts()), (Some(Class::Incomplete), 2));
    assert_eq!(error.message(), "the answer lacks the field guildData.guild.name, which was asked for");
    assert_eq!(error.answer().unwrap().body(), r#"{"data":{"guildData":{"guild":{}}}}"#);
    assert_eq!(as_it_came.data.get(), r#"{"guildData":{"guild":{}}}"#);
}
