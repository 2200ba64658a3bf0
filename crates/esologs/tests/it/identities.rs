//! In whose name a call asks: the key's at `/api/v2/client`, a signed-in user's at `/api/v2/user`.

use esologs::{AuthScope, Cache, CallPolicy, Class, Client, ClientBuilder, Error, ErrorKind, Event, RetryVerdict, SignedIn};
use esologs_sim::world::model::Access;
use esologs_sim::{DEMO_CLIENT_ID, Simulator, UserScopes};
use serde_json::json as value;

use crate::support::in_process::builder_of;
use crate::support::{Reply, Rig, Script, Seen, To, graphql_error, json, rate_limit};

const CODE: &str = "xb7TKHXR8DJByp4Q";
const MISSING: &str = "This report does not exist.";
const ARCHIVED: &str = "This report has been archived. Use the /api/v2/user endpoint with a subscription.";

fn user() -> SignedIn {
    SignedIn::with_token("me", "token-of-user")
}

/// A client with a key and a user.
fn both(script: Script) -> Rig {
    Rig::with(script, CallPolicy::interactive(), |builder| builder.signed_in(user()))
}

fn report() -> Reply {
    json(value!({"data": {"reportData": {"report": {"code": CODE, "title": "Trial night", "fights": []}}}}))
}

/// A service that says this to keys, and shows the report to users.
fn hiding(message: &'static str) -> Script {
    Script::new().api_by(move |seen| if seen.is_users() { report() } else { graphql_error(message) })
}

async fn get(rig: &Rig) -> Result<(), Error> {
    rig.client.report(CODE.parse().unwrap()).fights().await.map(|_| ())
}

/// Who was asked as, in order.
fn askers(script: &Script) -> Vec<&'static str> {
    script.seen_by(To::Api).iter().map(|seen: &Seen| if seen.is_users() { "user" } else { "key" }).collect()
}

#[tokio::test(start_paused = true)]
async fn calls_ask_as_the_key_and_those_that_need_a_user_as_the_user_with_that_ones_token() {
    let script = Script::new().api_by(|seen| {
        if seen.is_users() {
            json(value!({"data": {"userData": {"currentUser": {"id": 7, "name": "Aela"}}}}))
        } else {
            rate_limit()
        }
    });
    let rig = both(script.clone());

    rig.call().await.unwrap();
    rig.client.current_user().await.unwrap();

    assert_eq!(askers(&script), ["key", "user"]);
    let tokens: Vec<String> = script.seen_by(To::Api).iter().map(|seen| seen.header("authorization").to_owned()).collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-of-user"]);
    assert_eq!(script.token_requests(), 1, "one for the key; the user's is there");
}

#[tokio::test(start_paused = true)]
async fn without_a_user_a_call_that_needs_one_sends_nothing_and_says_how_to_sign_in() {
    let script = Script::new();
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    for error in [
        rig.client.current_user().await.map(|_| ()).unwrap_err(),
        rig.client.guild(7).current_user_rank().await.map(|_| ()).unwrap_err(),
        rig.client.as_user().rate_limit().await.map(|_| ()).unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 0), "{error}");
        assert!(error.hint().unwrap().contains("esologs auth login --user"), "{error:?}");
    }
    assert_eq!(script.seen().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn where_there_is_a_user_alone_all_calls_ask_as_that_one() {
    let script = Script::new().api_always(rate_limit());
    let rig = Rig::of_user(script.clone(), CallPolicy::interactive(), user());

    rig.call().await.unwrap();

    assert_eq!((askers(&script), script.token_requests()), (vec!["user"], 0));
    assert!(rig.client.auth_scope().is_user());
}

#[tokio::test(start_paused = true)]
async fn a_client_can_be_told_to_ask_as_the_user() {
    let script = Script::new().api_always(rate_limit());
    let rig = both(script.clone());

    rig.client.as_user().rate_limit().await.unwrap();
    rig.call().await.unwrap();

    assert_eq!(askers(&script), ["user", "key"]);
    assert_eq!(*rig.client.auth_scope(), AuthScope::Key(Rig::ID.into()));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_the_key_is_not_shown_is_asked_for_once_more_as_the_user() {
    for message in [MISSING, ARCHIVED, "You do not have permission to view this report."] {
        let script = hiding(message);
        let verdicts = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let kept = std::sync::Arc::clone(&verdicts);
        let rig = Rig::with(script.clone(), CallPolicy::interactive(), |builder| {
            builder.signed_in(user()).on_event(move |event| {
                if let Event::Decided { verdict, .. } = event {
                    kept.lock().unwrap().push(*verdict);
                }
            })
        });

        get(&rig).await.unwrap();

        assert_eq!(askers(&script), ["key", "user"], "{message}");
        assert_eq!(*verdicts.lock().unwrap(), [RetryVerdict::AsUser]);
        assert_eq!(rig.elapsed().as_millis(), 0, "at once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_known_to_need_the_user_is_asked_for_as_the_user_at_once_for_an_hour() {
    let script = hiding(ARCHIVED);
    let rig = both(script.clone());

    get(&rig).await.unwrap();
    get(&rig).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(3_601)).await;
    get(&rig).await.unwrap();

    assert_eq!(askers(&script), ["key", "user", "user", "key", "user"]);
}

#[tokio::test(start_paused = true)]
async fn where_neither_is_shown_it_the_error_tells_both_answers() {
    let script = Script::new().api_by(|seen| graphql_error(if seen.is_users() { MISSING } else { ARCHIVED }));
    let same = Script::new().api_always(graphql_error(MISSING));
    let (rig, equal) = (both(script.clone()), both(same));

    let (error, neither) = (get(&rig).await.unwrap_err(), get(&equal).await.unwrap_err());

    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotVisible, 2));
    let told = error.message();
    assert!(told.starts_with(&format!("as the signed-in user: {MISSING}")), "{told}");
    assert!(told.contains(&format!("; as the key: {ARCHIVED}")), "{told}");
    assert!(neither.message().contains("neither to this key nor to the signed-in user"), "{neither}");
    assert_eq!(askers(&script), ["key", "user"]);
    get(&rig).await.unwrap_err();
    assert_eq!(askers(&script).len(), 4, "nothing was remembered of a report that the user is not shown");
}

/// Null in the place of the report, without an error.
fn null() -> Reply {
    json(value!({"data": {"reportData": {"report": null}}}))
}

#[tokio::test(start_paused = true)]
async fn a_report_that_the_key_is_answered_with_null_is_asked_for_once_more_as_the_user() {
    let shown_to_users = Script::new().api_by(|seen| if seen.is_users() { report() } else { null() });
    let shown_to_nobody = Script::new().api_always(null());
    let (rig, neither) = (both(shown_to_users.clone()), both(shown_to_nobody.clone()));

    get(&rig).await.unwrap();
    get(&rig).await.unwrap();
    let errors = [get(&neither).await.unwrap_err(), get(&neither).await.unwrap_err()];

    assert_eq!(askers(&shown_to_users), ["key", "user", "user"], "and then as the user at once");
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::NotVisible), "{errors:?}");
    assert_eq!(askers(&shown_to_nobody), ["key", "user", "key", "user"], "nothing is remembered of it");
}

#[tokio::test(start_paused = true)]
async fn null_inside_a_report_that_the_key_is_shown_is_its_answer() {
    let script = Script::new().api_always(json(value!({"data": {"reportData": {"report": {"code": CODE, "phases": null}}}})));
    let rig = both(script.clone());

    _ = rig.client.report(CODE.parse().unwrap()).phases().await;

    assert_eq!(askers(&script), ["key"]);
}

#[tokio::test(start_paused = true)]
async fn one_attempt_of_a_plain_call_does_not_count_the_users() {
    let script = hiding(MISSING);
    let rig = Rig::with(script.clone(), CallPolicy::plain(), |builder| builder.signed_in(user()));

    get(&rig).await.unwrap();

    assert_eq!(askers(&script), ["key", "user"]);
}

#[tokio::test(start_paused = true)]
async fn what_the_key_is_refused_for_another_reason_is_not_asked_for_as_the_user() {
    let script = Script::new().api_always(graphql_error("Cannot query field \"foo\" on type \"Report\"."));
    let rig = both(script.clone());

    let error = get(&rig).await.unwrap_err();

    assert_eq!((error.class(), askers(&script)), (Some(Class::QueryInvalid), vec!["key"]));
}

#[tokio::test(start_paused = true)]
async fn equal_calls_of_key_and_user_are_not_shared() {
    let script = Script::new().api_always(rate_limit().after(std::time::Duration::from_secs(1)));
    let rig = Rig::with(script.clone(), CallPolicy::interactive(), |builder| builder.signed_in(user()));
    let as_user = rig.client.as_user();

    let (one, other) = tokio::join!(rig.client.rate_limit(), as_user.rate_limit());

    assert!(one.is_ok() && other.is_ok());
    assert_eq!(script.api_requests(), 2);
}

/// A token that names its user.
fn token_of(user: &str) -> String {
    use base64::Engine as _;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value!({"aud": "me", "sub": user}).to_string());
    format!("eyJ0eXAi.{payload}.c2lnbg")
}

fn shown(revision: i64) -> Reply {
    let report = value!({"code": CODE, "title": "Trial night",
        "endTime": 1_700_000_000_000_i64, "revision": revision, "phases": [], "fights": []});
    json(value!({"data": {"reportData": {"report": report}}}))
}

/// A program of its own on the cache in this folder: with a key, and this user.
fn on_folder(folder: &std::path::Path, script: &Script, user: Option<&str>) -> Rig {
    Rig::with(script.clone(), CallPolicy::interactive(), |builder| {
        let builder = builder.cache(Cache::in_folder(folder));
        user.map(|user| SignedIn::with_token("me", token_of(user))).into_iter().fold(builder, ClientBuilder::signed_in)
    })
}

#[tokio::test(start_paused = true)]
async fn what_the_key_is_refused_is_kept_for_the_user_who_was_shown_it_and_for_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let script = Script::new().api_by(|seen| if seen.is_users() { shown(1) } else { graphql_error(MISSING) });
    let of = |user| on_folder(folder.path(), &script, user);
    let kept_for = async |client: &Client| client.only_cached().report(CODE.parse().unwrap()).fights().await.is_ok();
    let (first, again, other, key) = (of(Some("1")), of(Some("1")), of(Some("2")), of(None));

    get(&first).await.unwrap();
    get(&first).await.unwrap();
    get(&again).await.unwrap();

    assert_eq!(askers(&script), ["key", "user"], "the second time it is there, in another program as well");
    assert!(kept_for(&again.client).await && kept_for(&again.client.as_user()).await);
    assert!(!kept_for(&other.client).await && !kept_for(&other.client.as_user()).await && !kept_for(&key.client).await);
    assert_eq!(get(&key).await.unwrap_err().kind(), ErrorKind::NotVisible);
}

#[tokio::test(start_paused = true)]
async fn what_neither_is_shown_any_more_is_not_shown_from_what_was_kept_for_the_user() {
    let folder = tempfile::tempdir().unwrap();
    let is_hidden = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let hidden = std::sync::Arc::clone(&is_hidden);
    let script = Script::new().api_by(move |seen| {
        let is_shown = seen.is_users() && !hidden.load(std::sync::atomic::Ordering::SeqCst);
        if is_shown { shown(1) } else { graphql_error(MISSING) }
    });
    let of = || on_folder(folder.path(), &script, Some("1"));
    get(&of()).await.unwrap();
    is_hidden.store(true, std::sync::atomic::Ordering::SeqCst);

    let refreshed = of().client.refreshing().report(CODE.parse().unwrap()).fights().await.map(|_| ());

    assert_eq!(refreshed.unwrap_err().kind(), ErrorKind::NotVisible);
    assert_eq!(get(&of()).await.unwrap_err().kind(), ErrorKind::NotVisible);
    assert_eq!(askers(&script), ["key", "user", "key", "user", "key", "user"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_for_the_user_is_no_answer_where_the_key_has_heard_that_the_report_changed() {
    let folder = tempfile::tempdir().unwrap();
    let script = Script::new().api_by(|seen| if seen.is_users() { shown(1) } else { shown(2) });
    let rig = on_folder(folder.path(), &script, Some("1"));
    rig.client.as_user().report(CODE.parse().unwrap()).fights().await.unwrap();

    rig.client.report(CODE.parse().unwrap()).phases().await.unwrap();
    get(&rig).await.unwrap();

    assert_eq!(askers(&script), ["user", "key", "key"]);
}

// On the simulator.

fn simulated() -> (Simulator, SignedIn) {
    let sim = Simulator::builder().build().unwrap();
    let token = sim.issue_user_token(UserScopes { view_private_reports: true });
    (sim, SignedIn::with_token(DEMO_CLIENT_ID, token))
}

#[tokio::test(start_paused = true)]
async fn private_and_archived_reports_come_by_the_user_and_cost_the_users_points() {
    let (sim, user) = simulated();
    let client = builder_of(&sim).signed_in(user).build().unwrap();
    let hidden: Vec<_> =
        sim.world().reports.iter().filter(|report| !matches!(report.access, Access::Public | Access::Live)).collect();
    assert!(hidden.len() > 1);

    for report in &hidden {
        let fights = client.report(report.code.parse().unwrap()).fights().await.unwrap();
        assert_eq!(fights.value().len(), report.fights.len(), "{}", report.code);
    }

    let (key, user) = (client.points().await.unwrap(), client.as_user().points().await.unwrap());
    let calls = |points: &esologs::PointsView| points.spenders.iter().map(|row| row.calls).sum::<u64>();
    assert_eq!((calls(&key), calls(&user)), (hidden.len() as u64, hidden.len() as u64), "each attempt on the account of its own");
    assert!(user.spent.get() > 0.0 && key.limit.is_none(), "the key's refusals told nothing of points: {key:?}");
}

#[tokio::test(start_paused = true)]
async fn a_user_who_did_not_agree_to_private_reports_is_refused_them_as_content() {
    let sim = Simulator::builder().build().unwrap();
    let token = sim.issue_user_token(UserScopes { view_private_reports: false });
    let client = builder_of(&sim).signed_in(SignedIn::with_token(DEMO_CLIENT_ID, token)).build().unwrap();
    let private = sim.world().reports.iter().find(|report| report.access == Access::Private).unwrap();

    let error = client.report(private.code.parse().unwrap()).fights().await.map(|_| ()).unwrap_err();

    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotVisible, 2));
    assert_eq!(sim.stats().by_endpoint["/api/v2/user"], 1);
}

#[tokio::test(start_paused = true)]
async fn of_several_reports_at_once_those_that_the_key_is_not_shown_are_asked_for_as_the_user() {
    let (sim, user) = simulated();
    let client = builder_of(&sim).signed_in(user).build().unwrap();
    let codes: Vec<esologs::ReportCode> =
        sim.world().reports.iter().take(20).map(|report| report.code.parse().unwrap()).collect();

    let reports = client.report_batch(codes.iter().cloned()).per_request(20).get().await;

    assert!(reports.iter().all(|batched| batched.report.is_ok()), "{reports:?}");
    let asked = sim.stats().by_endpoint;
    assert_eq!((asked["/api/v2/client"], asked["/api/v2/user"]), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_users_account_of_points_is_named_by_the_user_and_not_by_the_token() {
    let sim = Simulator::builder().build().unwrap();
    let scope = || {
        let token = sim.issue_user_token(UserScopes::default());
        let client = builder_of(&sim).signed_in(SignedIn::with_token(DEMO_CLIENT_ID, token)).build().unwrap();
        client.as_user().auth_scope().clone()
    };
    assert_eq!((scope(), scope()), (AuthScope::User("1".into()), AuthScope::User("1".into())));
}
