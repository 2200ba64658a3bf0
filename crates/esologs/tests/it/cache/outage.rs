//! Answers while the service is down, and what must not be covered by them.

use std::time::Duration;

use esologs::{Answered, Cache, CallPolicy, Client, Error, ErrorKind, Points, Priority, ReportCode, Served, StaleCause};
use esologs_sim::world::model::Access;
use serde_json::json as value;
use tokio::time::Instant;

use super::{Asked, DAY, GUILD, HOUR, SECOND, Service};
use crate::support::{Reply, graphql_error, hangs, json, status};

/// Calls of every lifetime; each tells where its answer comes from.
const CALLS: usize = 8;

async fn ask(client: &Client, codes: &(ReportCode, ReportCode), number: usize) -> Result<Served, Error> {
    fn served<T>(answered: Answered<T>) -> Served {
        answered.served
    }
    let (public, live) = codes;
    Ok(match number % CALLS {
        0 => served(client.guild(GUILD).answered().await?),
        1 => served(client.guild(GUILD).members().answered().await?),
        2 => served(client.zones().answered().await?),
        3 => served(client.report(public.clone()).answered().await?),
        4 => served(client.report(live.clone()).answered().await?),
        5 => served(client.report(live.clone()).fights().answered().await?),
        6 => served(client.guild(GUILD).reports().answered().await?),
        _ => client.query("{ worldData { regions { id name } } }", serde_json::Map::new()).await?.served,
    })
}

/// Five interactive calls a second for ten minutes; what each came to.
async fn ten_minutes(client: &Client, codes: &(ReportCode, ReportCode)) -> Vec<Result<Served, Error>> {
    const CALLS_IN_ALL: usize = 5 * 600;
    let (began, mut calls) = (Instant::now(), Vec::new());
    for number in 0..CALLS_IN_ALL {
        tokio::time::sleep_until(began + SECOND * number as u32 / 5).await;
        let (client, codes) = (client.clone(), codes.clone());
        calls.push(tokio::spawn(async move { ask(&client, &codes, number).await }));
    }
    let mut results = Vec::new();
    for call in calls {
        results.push(call.await.unwrap());
    }
    results
}

#[tokio::test(start_paused = true)]
async fn in_an_outage_of_ten_minutes_every_warm_call_is_served_and_told_with_its_age_and_no_request_is_added() {
    let mut requests = Vec::new();
    for cached in [true, false] {
        let service = Service::new();
        let codes = (service.report(&Access::Public), service.report(&Access::Live));
        let builder = service.builder();
        let client = if cached { builder.cache(Cache::in_memory()) } else { builder }.build().unwrap();
        for number in 0..CALLS {
            ask(&client, &codes, number).await.unwrap();
        }
        // Past all lifetimes but those of the world and of the finished report, and past what may be refreshed behind.
        let warm = 2 * HOUR;
        tokio::time::sleep(warm).await;
        let before = service.requests();
        service.answer(status(503));

        let results = ten_minutes(&client, &codes).await;

        requests.push(service.requests() - before);
        if !cached {
            assert!(results.iter().all(Result::is_err), "without a cache there is nothing to serve");
            continue;
        }
        let (mut stale, mut fresh_enough) = (0, 0);
        for (number, result) in results.iter().enumerate() {
            match result {
                Ok(Served::Stale { age, cause: StaleCause::Failed(error), .. }) => {
                    assert!(*age >= warm && *age <= warm + Duration::from_secs(700), "{age:?}");
                    assert!(matches!(error.kind(), ErrorKind::Upstream | ErrorKind::Unavailable), "{error}");
                    assert!(error.kind() != ErrorKind::Unavailable || error.retry_at().is_some());
                    stale += 1;
                }
                Ok(Served::Cached { .. }) if [2, 3].contains(&(number % CALLS)) => fresh_enough += 1,
                other => panic!("call {number}: {other:?}"),
            }
        }
        assert_eq!((stale, fresh_enough), (2_250, 750), "of 3,000");
    }
    assert!(requests[0] <= requests[1], "{requests:?}: with the cache, and without");
    assert!(requests[0] > 0, "the service is asked before an old answer is shown");
}

/// A warm client whose answers are old, so that they may stand in for failures.
async fn warmed() -> (Service, Client, ReportCode) {
    let service = Service::new();
    let client = service.client(CallPolicy::interactive());
    let code = service.report(&Access::Live);
    client.report(code.clone()).fights().await.unwrap();
    tokio::time::sleep(HOUR).await;
    (service, client, code)
}

#[tokio::test(start_paused = true)]
async fn a_no_of_the_service_is_never_covered_by_an_older_answer() {
    let refusals: [(&str, Reply, ErrorKind); 8] = [
        ("401", status(401).json(value!({"error": "Unauthenticated."})), ErrorKind::Auth),
        ("403", status(403).json(value!({"error": "This client is not valid"})), ErrorKind::Forbidden),
        ("not visible", graphql_error("This report does not exist."), ErrorKind::NotVisible),
        ("null", json(value!({"data": {"reportData": {"report": null}}})), ErrorKind::NotVisible),
        (
            "archived",
            graphql_error("This report is archived and can only be viewed with the /user endpoint."),
            ErrorKind::Archived,
        ),
        ("no permission", graphql_error("You do not have permission to view this report."), ErrorKind::PermissionDenied),
        ("validation", graphql_error("Cannot query field \"x\" on type \"Report\"."), ErrorKind::QueryInvalid),
        ("404", status(404), ErrorKind::Upstream),
    ];
    for (name, refusal, kind) in refusals {
        let (service, client, code) = warmed().await;
        service.answer(refusal);

        let error = client.report(code).fights().answered().await.unwrap_err();

        assert_eq!(error.kind(), kind, "{name}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_not_shown_in_a_later_outage_either() {
    for refusal in [graphql_error("This report does not exist."), json(value!({"data": {"reportData": {"report": null}}}))] {
        let (service, client, code) = warmed().await;
        service.answer(refusal);
        client.report(code.clone()).fights().await.unwrap_err();
        service.answer(status(503));

        let error = client.report(code).fights().answered().await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Upstream, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_passes_is_covered_also_what_is_not_sent_at_all() {
    let spent = status(429).json(value!({"status": 429, "error": "You have used all your points"})).retry_after(600);
    let challenge = status(403).header("cf-mitigated", "challenge").html();
    for (name, trouble) in
        [("5xx", status(500)), ("hang", hangs()), ("page", status(200).html()), ("points", spent), ("cdn", challenge)]
    {
        let (service, client, code) = warmed().await;
        service.answer(trouble);

        let answered = client.report(code).fights().answered().await.unwrap();

        assert!(
            matches!(&answered.served, Served::Stale { age, cause: StaleCause::Failed(_), .. } if *age >= HOUR),
            "{name}: {answered:?}"
        );
    }

    let (service, client, code) = warmed().await;
    client.breaker().unwrap().isolate();
    let (answered, requests, _) = service.cost(client.report(code.clone()).fights().answered()).await;
    assert!(answered.unwrap().served.is_stale() && requests == 0, "an open breaker");

    let ledger = esologs::Ledger::in_memory().max_points(Points::new(40.0));
    let poor = service.builder().ledger(ledger).cache(Cache::in_memory()).build().unwrap();
    poor.guild(GUILD).members().await.unwrap();
    while poor.refreshing().guild(GUILD).reports().await.is_ok() {}
    tokio::time::sleep(2 * HOUR).await;
    let (answered, requests, _) = service.cost(poor.guild(GUILD).members().answered()).await;
    assert!(answered.unwrap().served.is_stale() && requests == 0, "a limit of one's own");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_too_old_covers_nothing_and_a_final_report_covers_longer() {
    let service = Service::new();
    let client = service.client(CallPolicy::batch());
    let (public, live) = (client.report(service.report(&Access::Public)), client.report(service.report(&Access::Live)));
    live.fights().await.unwrap();
    public.fights().await.unwrap();
    tokio::time::sleep(26 * HOUR).await;
    public.fights().await.unwrap();
    service.answer(status(503));

    let error = live.fights().answered().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Upstream);
    tokio::time::sleep(31 * DAY).await;
    let answered = public.fights().answered().await.unwrap();
    assert!(matches!(answered.served, Served::Stale { age, .. } if age >= 31 * DAY));
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_is_refreshed_behind_it_once_and_from_points_to_spare_only() {
    let asked = Asked::default();
    let service = Service::new();
    let client = asked.listen(service.builder()).cache(Cache::in_memory()).build().unwrap();
    client.guild(GUILD).members().await.unwrap();
    tokio::time::sleep(HOUR / 2).await;

    let (shown, requests, _) = service
        .cost(async {
            let calls = (0..20).map(|_| async { client.guild(GUILD).members().answered().await.unwrap().served });
            let shown = futures_util::future::join_all(calls).await;
            tokio::time::sleep(SECOND).await;
            shown
        })
        .await;

    assert_eq!(shown.len(), 20);
    let refreshing = |served: &Served| matches!(served, Served::Stale { cause: StaleCause::Refreshing, .. });
    assert!(shown.iter().all(refreshing), "{shown:?}");
    assert_eq!(requests, 1, "all are shown the old one, and one refresh runs behind them");
    assert!(matches!(client.guild(GUILD).members().answered().await.unwrap().served, Served::Cached { .. }));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_refreshed_behind_from_the_points_that_interactive_calls_need() {
    let service = Service::new();
    let client = service.client(CallPolicy::interactive());
    client.guild(GUILD).members().await.unwrap();
    let limit = client.rate_limit().await.unwrap().limit_per_hour.get();
    tokio::time::sleep(6 * 60 * SECOND).await;
    // What is left is less than the share that is kept for interactive calls.
    service.sim.spend_elsewhere(esologs_sim::DEMO_CLIENT_ID, limit * 0.88);
    client.rate_limit().await.unwrap();
    tokio::time::sleep(10 * SECOND).await;

    let (answered, requests, _) = service
        .cost(async {
            let answered = client.guild(GUILD).members().answered().await.unwrap();
            tokio::time::sleep(SECOND).await;
            answered
        })
        .await;

    assert!(answered.served.is_stale());
    assert_eq!(requests, 0, "no points to spare, no refresh");
    let batch = CallPolicy { priority: Priority::Interactive, ..CallPolicy::interactive() };
    client.with_policy(batch).never_stale().guild(GUILD).members().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_batch_call_is_never_shown_what_is_only_good_enough_for_a_person() {
    let service = Service::new();
    let client = service.client(CallPolicy::batch());
    client.guild(GUILD).members().await.unwrap();
    tokio::time::sleep(HOUR / 2).await;

    let (answered, requests, _) = service.cost(client.guild(GUILD).members().answered()).await;

    assert!(matches!(answered.unwrap().served, Served::Fresh));
    assert_eq!(requests, 1);
}
