//! How long answers are good, and what a second question costs.

use esologs::{Cache, CallPolicy, EventDataType, ReportTime, Served, TableDataType};
use esologs_sim::world::model::Access;
use futures_util::TryStreamExt as _;

use super::{Asked, DAY, GUILD, HOUR, SECOND, Service};
use esologs::CacheResult::{Hit, Miss};

#[tokio::test(start_paused = true)]
async fn a_second_question_about_a_finished_report_costs_nothing_in_this_process_and_in_the_next() {
    let (service, folder) = (Service::new(), tempfile::tempdir().unwrap());
    let code = service.report(&Access::Public);
    let client = || service.builder().cache(Cache::in_folder(folder.path())).build().unwrap();
    let (first, second) = (client(), client());
    let ask = async |client: &esologs::Client| {
        let report = client.report(code.clone());
        let whole = report.get().await.unwrap();
        let events: Vec<_> = report.events(EventDataType::Deaths).stream().try_collect().await.unwrap();
        let table = report.table().data_type(TableDataType::DamageDone).await.unwrap();
        (
            whole.json().get().to_owned(),
            events.iter().map(|event| event.get().to_owned()).collect::<Vec<_>>(),
            format!("{table:?}"),
        )
    };
    let fresh = ask(&first).await;

    for client in [&first, &second, &first] {
        let (again, requests, points) = service.cost(ask(client)).await;

        assert_eq!((requests, points), (0, 0.0));
        assert!(again == fresh, "the same to the letter");
    }
}

#[tokio::test(start_paused = true)]
async fn a_finished_report_is_good_for_a_day_and_once_seen_unchanged_for_thirty() {
    let (service, asked) = (Service::new(), Asked::default());
    let client = asked.listen(service.builder()).policy(CallPolicy::batch()).cache(Cache::in_memory()).build().unwrap();
    let report = client.report(service.report(&Access::Public));
    let mut results = Vec::new();
    for wait in [DAY - SECOND, SECOND, 29 * DAY, DAY + SECOND] {
        report.get().await.unwrap();
        asked.take();
        tokio::time::sleep(wait).await;
        report.get().await.unwrap();
        results.extend(asked.take());
    }

    assert_eq!(results, [Hit, Miss, Hit, Miss], "a day, a second look, 29 days, and whether it is visible still");
}

#[tokio::test(start_paused = true)]
async fn a_live_report_is_never_frozen() {
    let service = Service::new();
    let client = service.client(CallPolicy::batch());
    let code = service.report(&Access::Live);
    let last = async |client: &esologs::Client| {
        let events: Vec<_> = client.report(code.clone()).events(EventDataType::DamageDone).stream().try_collect().await.unwrap();
        events.len()
    };
    let (mut cached, mut before) = (0, 0);
    for _ in 0..20 {
        let (seen, requests, _) = service.cost(last(&client)).await;
        let true_now = last(&client.without_cache()).await;
        cached += usize::from(requests == 0);

        assert!(requests == 0 || seen == true_now, "what is asked for is as it is now");
        assert!(seen >= before, "it only grows");
        before = true_now.min(seen.max(before));
        tokio::time::sleep(6 * SECOND).await;
        let (seen, requests, _) = service.cost(last(&client)).await;
        assert!(seen >= before && (requests == 0 || seen >= true_now));
        tokio::time::sleep(60 * SECOND).await;
    }
    assert_eq!(cached, 0, "a minute later it is asked for anew each time");
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_is_shown_a_live_report_of_a_minute_ago_only_with_its_age() {
    let service = Service::new();
    let client = service.client(CallPolicy::interactive());
    let fights = client.report(service.report(&Access::Live)).fights();
    assert!(matches!(fights.answered().await.unwrap().served, Served::Fresh));

    tokio::time::sleep(9 * SECOND).await;
    assert!(matches!(fights.answered().await.unwrap().served, Served::Cached { age, .. } if age == 9 * SECOND));
    tokio::time::sleep(20 * SECOND).await;
    assert!(matches!(fights.answered().await.unwrap().served, Served::Stale { age, .. } if age == 29 * SECOND));
    tokio::time::sleep(5 * SECOND).await;
    assert!(
        matches!(fights.answered().await.unwrap().served, Served::Cached { age, .. } if age == 5 * SECOND),
        "refreshed behind it"
    );
    tokio::time::sleep(100 * SECOND).await;
    assert!(matches!(fights.answered().await.unwrap().served, Served::Fresh));
}

#[tokio::test(start_paused = true)]
async fn lists_are_short_the_world_is_good_for_days_and_the_points_are_asked_for_each_time() {
    let service = Service::new();
    let client = service.client(CallPolicy::batch());
    let guild = client.guild(GUILD);
    guild.members().await.unwrap();
    client.zones().await.unwrap();
    client.rate_limit().await.unwrap();

    tokio::time::sleep(4 * 60 * SECOND).await;
    let (_, requests, _) = service.cost(async { (guild.members().await.unwrap(), client.zones().await.unwrap()) }).await;
    assert_eq!(requests, 0);
    assert_eq!(service.cost(async { client.rate_limit().await.unwrap() }).await.1, 1);
    tokio::time::sleep(2 * 60 * SECOND).await;
    assert_eq!(service.cost(async { guild.members().await.unwrap() }).await.1, 1);
    tokio::time::sleep(2 * DAY + 23 * HOUR).await;
    assert_eq!(service.cost(async { client.zones().await.unwrap() }).await.1, 0);
    tokio::time::sleep(HOUR).await;
    assert_eq!(service.cost(async { client.zones().await.unwrap() }).await.1, 1);
}

#[tokio::test(start_paused = true)]
async fn another_key_never_gets_what_this_one_was_shown() {
    let (service, folder) = (Service::new(), tempfile::tempdir().unwrap());
    let of_key = |id: &str| {
        let credentials = esologs::Credentials::new(id, "s3cret").unwrap();
        service.builder().credentials(credentials).cache(Cache::in_folder(folder.path())).build().unwrap()
    };
    let (own, other) = (service.builder().cache(Cache::in_folder(folder.path())).build().unwrap(), of_key("somebody-else"));
    own.guild(GUILD).get().await.unwrap();

    let error = other.guild(GUILD).get().await.unwrap_err();

    assert_eq!(error.kind(), esologs::ErrorKind::Auth, "it had to ask, and may not");
    assert_eq!(other.only_cached().guild(GUILD).get().await.unwrap_err().kind(), esologs::ErrorKind::NotCached);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_events_is_kept_by_where_it_starts() {
    let service = Service::new();
    let client = service.client(CallPolicy::interactive());
    let events = client.report(service.report(&Access::Public)).events(EventDataType::DamageDone).per_page(100);
    let first = events.page(ReportTime::ZERO).await.unwrap();
    let next = first.next_page_timestamp().unwrap();

    let (second, requests, _) = service.cost(async { events.page(next).await.unwrap() }).await;

    assert_eq!(requests, 1);
    assert!(second.json().get() != first.json().get());
    let ((again, once_more), requests, _) =
        service.cost(async { (events.page(ReportTime::ZERO).await.unwrap(), events.page(next).await.unwrap()) }).await;
    assert_eq!(requests, 0);
    assert!(again.json().get() == first.json().get() && once_more.json().get() == second.json().get());
}
