//! Why a call took as long as it did.

use esologs::events::{Explainer, Explanation, explain, read_records};
use esologs::transport::Transport;
use esologs::{CallPolicy, ClientBuilder, DecisionLog, RateSettings};
use futures_util::future::join_all;

use super::{Paper, SECOND, answer, answer_to, ask, breaker, builder, clock};
use crate::support::{Script, hangs, status, token};

/// The stories of some calls, told from their decision log.
async fn told(transport: impl Transport, set: impl FnOnce(ClientBuilder) -> ClientBuilder, names: &[&str]) -> Vec<String> {
    told_by(transport, CallPolicy::interactive(), set, names).await
}

async fn told_by(
    transport: impl Transport,
    policy: CallPolicy,
    set: impl FnOnce(ClientBuilder) -> ClientBuilder,
    names: &[&str],
) -> Vec<String> {
    let paper = Paper::default();
    let log = DecisionLog::new(paper.clone(), clock());
    let client = set(builder(transport, policy, 1)).on_event(log.subscriber()).build().unwrap();
    join_all(names.iter().map(|name| ask(&client, name))).await;
    log.finish().unwrap();
    let records = read_records(paper.text().as_bytes()).unwrap();
    (1..=names.len() as u64).map(|call| explain(&records, call).unwrap().to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_repeated_is_told_step_by_step() {
    let script = Script::new()
        .token(token("token-1").after(1100 * SECOND / 1000))
        .api(hangs())
        .api(status(503))
        .api(answer().after(2600 * SECOND / 1000));

    let stories = told(script, |builder| builder, &["Fights"]).await;

    insta::assert_snapshot!(stories[0]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_gave_up_tells_why_it_was_not_repeated() {
    let stories = told(Script::new().api_always(status(503)), |builder| builder, &["Fights"]).await;

    insta::assert_snapshot!(stories[0]);
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_token_sent_nothing_and_says_so() {
    let stories = told(Script::new().token_always(status(500)), |builder| builder.without_breaker(), &["Fights"]).await;

    insta::assert_snapshot!(stories[0]);
}

#[tokio::test(start_paused = true)]
async fn lines_and_the_request_rate_are_told_apart() {
    let rate = RateSettings { per_second: 2.0, burst: 1 };
    let policy = CallPolicy { concurrency: 1, ..CallPolicy::batch() };
    let script = Script::new().api_always(answer().after(SECOND / 5));

    let stories = told_by(script, policy, |builder| builder.request_rate(rate), &["First", "Second"]).await;

    insta::assert_snapshot!(stories.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn an_equal_call_tells_that_it_shared_the_answer() {
    let stories = told(Script::new().api(answer().after(3 * SECOND)), |builder| builder, &["Fights", "Fights"]).await;

    insta::assert_snapshot!(stories.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_patient_call_tells_how_long_the_breaker_held_it() {
    let script = Script::new().api_by(|seen| if seen.at < 10 * SECOND { status(503) } else { answer_to(seen) });

    let stories = told_by(script, CallPolicy::batch(), |builder| builder.breaker(breaker(3, 4 * SECOND)), &["Fights"]).await;

    insta::assert_snapshot!(stories[0]);
}

#[tokio::test(start_paused = true)]
async fn many_calls_are_told_by_cause_with_the_longest_in_full() {
    let explainer = Explainer::new(clock());
    let script = Script::new().api(status(502)).api(status(429).retry_after(3)).api_always(answer().after(SECOND / 2));
    let client = builder(script, CallPolicy::batch(), 1).on_event(explainer.subscriber()).build().unwrap();

    join_all(["First", "Second", "Third", "Fourth", "Fifth"].map(|name| ask(&client, name))).await;

    insta::assert_snapshot!(explainer.explanation());
}

#[tokio::test(start_paused = true)]
async fn nothing_asked_is_nothing_to_explain() {
    let explanation = Explainer::new(clock()).explanation();
    assert_eq!(explanation.to_string(), "No call came to an end, so there is nothing to explain.");
}

#[tokio::test(start_paused = true)]
async fn the_parts_of_every_story_add_up_to_its_total() {
    let explainer = Explainer::new(clock());
    let paper = Paper::default();
    let log = DecisionLog::new(paper.clone(), clock());
    let script = Script::new().api_by(|seen| if seen.at.as_millis() % 3 == 0 { status(502) } else { answer().after(SECOND / 7) });
    let client =
        builder(script, CallPolicy::batch(), 3).on_event(explainer.subscriber()).on_event(log.subscriber()).build().unwrap();

    let names: Vec<String> = (0..60).map(|number| format!("Call{number}")).collect();
    join_all(names.iter().map(|name| ask(&client, name))).await;
    log.finish().unwrap();

    let explanation = explainer.explanation();
    assert_eq!(explanation.causes.iter().map(|spent| spent.ms).sum::<u64>(), explanation.total_ms);
    assert_eq!((explanation.calls, explanation.longest.len()), (60, 3));
    for story in &explanation.longest {
        assert_eq!(story.parts.iter().map(|part| part.ms).sum::<u64>(), story.total_ms, "{story}");
        assert_eq!(story.total().as_millis(), u128::from(story.total_ms));
    }
    assert!(explanation.longest.is_sorted_by(|longer, shorter| longer.total_ms >= shorter.total_ms));
    let records = read_records(paper.text().as_bytes()).unwrap();
    assert_eq!(Explanation::of(&records), explanation, "the log says the same");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_dropped_tells_where_it_stood_and_one_that_goes_on_has_no_story_yet() {
    let paper = Paper::default();
    let log = DecisionLog::new(paper.clone(), clock());
    let client = builder(Script::new().api(hangs()), CallPolicy::batch(), 1).on_event(log.subscriber()).build().unwrap();
    let records = || {
        log.finish().unwrap();
        read_records(paper.text().as_bytes()).unwrap()
    };

    let asked = tokio::spawn({
        let client = client.clone();
        async move { ask(&client, "Fights").await }
    });
    tokio::time::sleep(3 * SECOND).await;
    assert_eq!(explain(&records(), 1), None);
    asked.abort();
    let _ = asked.await;

    insta::assert_snapshot!(explain(&records(), 1).unwrap());
}
