//! What a caller can say of single calls.

use esologs::{AnyCall as _, Cache, CallPolicy, ErrorKind, Served};
use esologs_sim::world::model::Access;

use super::{GUILD, HOUR, SECOND, Service};
use crate::support::status;

#[tokio::test(start_paused = true)]
async fn a_call_can_do_without_the_cache_ask_anew_or_take_only_what_is_kept() {
    let service = Service::new();
    let builder = service.builder().without_breaker().policy(CallPolicy::batch());
    let client = builder.cache(Cache::in_memory()).build().unwrap();
    let name = async |client: esologs::Client| client.guild(GUILD).get().await;
    assert_eq!(name(client.only_cached()).await.unwrap_err().kind(), ErrorKind::NotCached);
    name(client.without_cache()).await.unwrap();
    assert_eq!(name(client.only_cached()).await.unwrap_err().kind(), ErrorKind::NotCached, "nothing was kept");
    assert_eq!(service.requests(), 1);

    name(client.clone()).await.unwrap();
    name(client.clone()).await.unwrap();
    assert_eq!(service.requests(), 2);
    name(client.only_cached()).await.unwrap();
    name(client.without_cache()).await.unwrap();
    assert_eq!(service.requests(), 3);

    tokio::time::sleep(4 * 60 * SECOND).await;
    name(client.refreshing()).await.unwrap();
    assert_eq!(service.requests(), 4);
    tokio::time::sleep(2 * 60 * SECOND).await;
    name(client.clone()).await.unwrap();
    assert_eq!(service.requests(), 4, "what was asked anew is kept");

    tokio::time::sleep(HOUR).await;
    let old = client.only_cached().guild(GUILD).answered().await.unwrap();
    assert!(matches!(old.served, Served::Stale { age, .. } if age >= HOUR));
    service.answer(status(503));
    for strict in [client.never_stale(), client.refreshing(), client.without_cache()] {
        assert_eq!(name(strict).await.unwrap_err().kind(), ErrorKind::Upstream);
    }
    assert!(client.guild(GUILD).answered().await.unwrap().served.is_stale());
}

#[tokio::test(start_paused = true)]
async fn a_client_without_a_cache_tells_that_its_answers_are_fresh() {
    let service = Service::new();
    let client = service.builder().build().unwrap();

    let answered = client.guild(GUILD).answered().await.unwrap();

    assert!(matches!(answered.served, Served::Fresh));
    assert_eq!(client.only_cached().guild(GUILD).get().await.unwrap_err().kind(), ErrorKind::NotCached);
}

#[tokio::test(start_paused = true)]
async fn every_way_to_ask_tells_where_the_answer_comes_from() {
    let service = Service::new();
    let client = service.client(CallPolicy::interactive());
    let code = service.report(&Access::Public);
    let text = "{ guildData { guild(id: 3468) { name } } }";
    let served = async || {
        let typed = client.guild(GUILD).answered().await.unwrap().served.name();
        let maybe = client.report(code.clone()).phases().answered().await.unwrap().served.name();
        let list = client.guild(GUILD).members().answered().await.unwrap().served.name();
        let any = client.guild(GUILD).reports().fetch(None).await.unwrap().served.name();
        let query = client.query(text, serde_json::Map::new()).await.unwrap().served.name();
        [typed, maybe, list, any, query]
    };
    assert_eq!(served().await, ["fresh"; 5]);
    assert_eq!(served().await, ["cached", "fresh", "cached", "cached", "cached"], "null is not kept");
}

#[tokio::test(start_paused = true)]
async fn some_work_is_as_good_as_the_worst_of_its_answers() {
    let service = Service::new();
    let client = service.client(CallPolicy::interactive());
    client.guild(GUILD).members().all().await.unwrap();
    tokio::time::sleep(60 * SECOND).await;

    let both = client.answered(async |client| {
        let guild = client.guild(GUILD).get().await?;
        Ok((guild, client.guild(GUILD).members().all().await?))
    });

    assert!(matches!(both.await.unwrap().served, Served::Cached { age, .. } if age >= 60 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_bound_that_holds_nothing_is_refused_by_name() {
    let service = Service::new();
    let error = service.builder().cache(Cache::in_memory().max_memory_bytes(10)).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("max_memory_bytes is 10, less than 1 MiB"), "{error}");
}

#[cfg(feature = "blocking")]
#[test]
fn a_program_without_a_runtime_is_told_as_well() {
    use esologs::blocking::{Wait as _, wait_for};
    let service = wait_for(async { Service::new() }).unwrap();
    let client = service.client(CallPolicy::interactive());

    assert_eq!(client.guild(GUILD).answered().wait().unwrap().served.name(), "fresh");
    assert_eq!(client.guild(GUILD).answered().wait().unwrap().served.name(), "cached");
}
