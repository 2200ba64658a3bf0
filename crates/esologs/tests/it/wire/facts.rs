//! The failures that were met in practice, and the classification table: which test shows each, and the tests of those that no
//! other module has.
//!
//! Met in practice:
//!
//! | what | shown by |
//! |---|---|
//! | Cloudflare 520 to 527 with a page; mostly maintenance, about 10 s | `a_content_network_that_does_not_reach_the_server_is_repeated`, `a_content_network_that_lost_the_server_is_repeated`, `broken_tls_behind_the_content_network_is_final`, `ten_seconds_of_maintenance_behind_the_content_network_are_outlived` |
//! | 403 challenge, `cf-mitigated`, also where a data centre asks | `a_challenge_of_the_content_network_is_final_whatever_its_status`, `a_challenge_page_is_known_without_its_header`, `a_banned_client_and_a_human_check_are_final_at_the_token_endpoint_too` |
//! | a bare user agent got an empty body at the token endpoint | `the_token_endpoint_is_told_who_asks_and_an_empty_answer_of_it_is_repeated` |
//! | 500 with a page | `a_500_or_504_is_repeated_as_page_and_as_json` |
//! | no JSON from an endpoint for hours | `an_endpoint_that_answers_with_pages_for_hours_is_given_up_after_ten_minutes_as_an_outage` |
//! | 502 outages | `a_batch_call_waits_through_an_outage_of_eight_minutes`, `a_batch_call_gives_up_after_ten_minutes_of_outage` |
//! | 200 with a page of maintenance or the text of a PHP error | `a_maintenance_page_with_status_200_is_repeated_twice_by_an_interactive_call`, `the_text_of_a_php_error_with_status_200_is_repeated_twice_by_an_interactive_call`, `a_maintenance_page_is_an_outage_for_a_batch_call_where_nothing_else_gets_an_answer` |
//! | 200 with nothing | `an_empty_answer_is_repeated_twice` |
//! | 200 without a needed field (`fights`) | `a_report_without_its_fights_is_an_incomplete_answer` |
//! | invalid JSON inside strings | `raw_control_characters_and_bad_escapes_inside_strings_are_repaired_at_no_further_request` |
//! | the connection dropped in the middle | `a_reset_or_close_in_the_body_is_a_broken_body_with_a_length_and_in_chunks`, `an_answer_cut_at_any_byte_is_found_and_repeated_once_and_comes_whole` |
//! | a body that stalls, for 26 minutes | `a_body_that_stands_still_is_given_up_long_before_the_attempt`, `a_drip_that_would_never_end_is_cut_with_its_attempt` |
//! | tokens revoked by maintenance | `maintenance_that_ends_all_tokens_costs_one_new_token` |
//! | a live report answered from a cache as it was before | `a_live_report_that_is_answered_as_it_was_before_is_handed_over_and_not_final` |
//! | 429 where one key is used concurrently | `concurrent_calls_beyond_the_throttle_all_get_their_answers` |
//!
//! The classification table, row by row:
//!
//! | outcome | shown by |
//! |---|---|
//! | name, connect, handshake | `a_refused_connection_is_repeated`, `a_name_that_is_not_found_is_repeated`, `a_port_that_is_closed_for_a_second_is_outlived_with_the_patience_for_people`, `a_tls_handshake_that_is_not_answered_ends_with_the_connect_time_out` |
//! | certificate | `an_invalid_certificate_is_final`, `a_call_to_a_host_with_a_bad_certificate_is_final_and_says_what_to_check` |
//! | REFUSED_STREAM, GOAWAY below our stream | `a_refused_stream_and_a_goodbye_before_it_are_repeated_free_at_once` |
//! | reset or end before the headers | `a_reset_instead_of_an_answer_is_a_lost_connection`, `a_close_instead_of_an_answer_is_a_lost_connection` |
//! | attempt time-out | `silence_instead_of_an_answer_ends_with_the_attempt`, `silence_is_repeated_until_the_deadline` |
//! | body truncated, wrong length, not to be unpacked, stalled | `a_length_that_is_too_large_is_a_broken_body`, `a_reset_or_close_in_a_compressed_body_is_a_broken_body`, `a_body_that_stands_still_is_given_up_long_before_the_attempt` |
//! | 200 but no JSON | `a_page_ends_a_batch_call_after_five_times_where_other_calls_get_their_answers_meanwhile` |
//! | challenge | `a_challenge_of_the_content_network_is_final_whatever_its_status` |
//! | 200, empty | `an_empty_answer_is_repeated_twice` |
//! | 200, invalid JSON | `json_that_ends_early_is_repeated_twice`, `text_that_is_no_json_although_it_begins_so_is_repeated_twice_and_shown` |
//! | 200, nothing of what was asked for | `an_answer_with_neither_data_nor_errors_is_repeated_once`, `null_data_without_errors_is_repeated_once`, `an_answer_without_a_needed_field_is_repeated_once_and_the_field_is_named` |
//! | 400 | `a_query_that_the_api_refuses_is_final_with_status_400_and_with_200` |
//! | 401 | `a_rejected_token_is_renewed_and_the_request_repeated_once_in_each_of_its_forms` |
//! | 403 | `a_403_is_final` |
//! | 404, 405, 410, 413, 422 | `other_client_errors_are_final` |
//! | 408 | `a_408_is_repeated` |
//! | 425 | `a_425_is_repeated_once` |
//! | 429 | `a_429_of_the_request_throttle_is_repeated_twice_or_waited_out`, `a_429_that_speaks_of_points_is_the_hourly_budget` |
//! | 500, 502, 503, 504 | `a_500_or_504_is_repeated_as_page_and_as_json`, `a_502_or_503_is_repeated`, `a_503_waits_as_long_as_the_server_asks_and_a_little_longer` |
//! | 501, 505, 511 | `what_the_server_does_not_support_is_final` |
//! | 520 to 524, 527 | `a_content_network_that_lost_the_server_is_repeated` |
//! | 525, 526 | `broken_tls_behind_the_content_network_is_final` |
//! | other 5xx | `any_other_5xx_is_repeated` |
//! | redirects | `a_redirect_is_not_followed` |
//! | GraphQL internal | `an_internal_error_of_the_api_is_repeated_twice` |
//! | GraphQL rate limit | `a_rate_limit_inside_a_200_is_a_429` |
//! | GraphQL errors beside data | `data_beside_errors_is_handed_over_with_them` |
//! | not visible, archived, permission, arguments | `what_this_key_cannot_see_is_final_and_says_so`, `argument_errors_and_excess_complexity_are_final` |
//! | deadline | `a_wait_that_does_not_fit_before_the_deadline_is_not_begun` |
//! | caller cancelled | `a_call_that_is_dropped_sends_nothing_more` |
//!
//! Open, for the stages that bring them: two processes on one cache file (cache); the columns for the breaker, older answers and
//! charged points (breaker, cache, points); failed aliases asked for again alone (aliases); breaker open, budget empty, points
//! spent before sending, queue full (breaker, budget, points, slots); guards given back by a cancelled call (slots).

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use esologs::{CallPolicy, Class, ErrorKind};
use esologs_sim::world::model::Access;
use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator, ThrottleSettings};
use tokio::time::Instant;

use crate::support::in_process::{InProcess, client_of};
use crate::support::sources::collect;
use crate::support::{Rig, Script, To, rate_limit, status, token};

const SECOND: Duration = Duration::from_secs(1);

fn simulator(faults: Faults) -> Simulator {
    Simulator::builder().start_unix_ms(1_790_000_000_000).faults(faults).build().unwrap()
}

#[test]
fn every_test_that_these_tables_name_is_there() {
    let (root, mut files) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"), Vec::new());
    collect(&root, "rs", &mut files);
    let text: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let lines = include_str!("facts.rs").lines().take_while(|line| line.starts_with("//!"));
    let rows: Vec<&str> = lines.filter(|line| line.starts_with("//! | ") && !line.contains("| shown by |")).collect();
    let named: BTreeSet<&str> =
        rows.iter().flat_map(|row| row.rsplit('|').nth(1).unwrap().split('`').skip(1).step_by(2)).collect();

    assert!(rows.len() == 15 + 30 && named.len() > 50, "{} rows, {} tests", rows.len(), named.len());
    let missing: Vec<_> = named.iter().filter(|name| !text.iter().any(|text| text.contains(&format!("fn {name}()")))).collect();
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
}

#[tokio::test(start_paused = true)]
async fn ten_seconds_of_maintenance_behind_the_content_network_are_outlived() {
    for code in [520, 521, 522, 523, 524, 527] {
        let started = Instant::now();
        let script =
            Script::new().api_by(move |_| if started.elapsed() <= 10 * SECOND { status(code).html() } else { rate_limit() });
        let rig = Rig::new(script.clone(), CallPolicy::batch());

        rig.call().await.unwrap();

        assert!((10 * SECOND..30 * SECOND).contains(&rig.elapsed()), "{code}: {:?}", rig.elapsed());
        assert!(script.api_requests() <= 12, "{code}: {} requests", script.api_requests());
    }
}

#[tokio::test(start_paused = true)]
async fn the_token_endpoint_is_told_who_asks_and_an_empty_answer_of_it_is_repeated() {
    let script = Script::new().token(status(200)).token(token("second")).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.call().await.unwrap();

    let asked = script.seen_by(To::Token);
    assert_eq!((asked.len(), script.api_requests()), (2, 1));
    for seen in asked {
        assert!(seen.header("user-agent").starts_with("esologs/"), "{:?}", seen.headers);
        assert_eq!(seen.header("accept"), "application/json");
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_answers_with_pages_for_hours_is_given_up_after_ten_minutes_as_an_outage() {
    for code in [200, 500] {
        let script = Script::new().api_always(status(code).html());
        let rig = Rig::new(script.clone(), CallPolicy::batch());

        let error = rig.call().await.unwrap_err();

        assert!(error.is_outage() && error.is_retryable() && error.retry_at().is_some(), "{code}: {error:?}");
        assert!((8 * 60 * SECOND..=10 * 60 * SECOND).contains(&rig.elapsed()), "{code}: {:?}", rig.elapsed());
        assert!(script.api_requests() < 60, "{code}: {} requests at a service that is down", script.api_requests());
    }
}

#[tokio::test(start_paused = true)]
async fn maintenance_that_ends_all_tokens_costs_one_new_token() {
    let sim = simulator(Faults::weather("maintenance").unwrap().seeded(4));
    let client = client_of(&sim, CallPolicy::batch());

    for _ in 0..40 {
        client.rate_limit().await.unwrap();
        tokio::time::sleep(SECOND).await;
    }

    let stats = sim.stats();
    assert_eq!((stats.tokens_issued, stats.by_status[&401]), (2, 1), "{stats:?}");
    assert!(stats.faults_total >= 4, "{stats:?}");
}

#[tokio::test(start_paused = true)]
async fn a_live_report_that_is_answered_as_it_was_before_is_handed_over_and_not_final() {
    let stale = ScriptedFault::new(On::Operation("Report".to_owned()), FaultKind::StaleReport).nth(2).lasts(300 * SECOND);
    let sim = simulator(Faults::none().with(stale));
    let live = sim.world().reports.iter().find(|report| report.access == Access::Live).unwrap();
    let report = client_of(&sim, CallPolicy::interactive()).report(live.code.parse().unwrap());
    let ends = async || report.get().await.unwrap().value().end_time.unwrap();

    let (fresh, old, again) = (ends().await, ends().await, ends().await);

    // It cannot be told from a report that is younger; what is on its way to grow is asked for again, and not kept as final.
    assert!(old < fresh && again >= fresh, "{old:?}, {fresh:?}, {again:?}");
    assert_eq!((sim.stats().faults_total, sim.stats().by_operation["Report"]), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_beyond_the_throttle_all_get_their_answers() {
    let throttle = ThrottleSettings { requests: 10, window: 10 * SECOND };
    let sim = Simulator::builder().start_unix_ms(1_790_000_000_000).throttle(throttle).build().unwrap();
    let rig = Rig::over_transport(InProcess(sim.clone()), CallPolicy::batch());

    let calls = futures_util::future::join_all((0..30).map(|_| rig.call())).await;

    assert!(calls.iter().all(Result::is_ok), "{calls:?}");
    assert!(rig.classes().iter().all(|class| *class == Class::Throttled), "{:?}", rig.classes());
    let stats = sim.stats();
    assert!((20..=120).contains(&stats.refused_by_throttle), "{stats:?}");
    let impatient = client_of(&sim, CallPolicy::plain());
    let refused = futures_util::future::join_all((0..30).map(|_| impatient.rate_limit())).await;
    let refused: Vec<_> = refused.into_iter().filter_map(Result::err).collect();
    assert!(!refused.is_empty() && refused.iter().all(|error| error.kind() == ErrorKind::RateLimited), "{refused:?}");
}
