//! Whatever goes wrong with an answer, what is kept is whole and right.

use esologs::{AnyCall, Cache, CallPolicy, Client, EventDataType, ReportCode};
use esologs_sim::world::model::Access;
use esologs_sim::{FaultKind, Faults, On, ScriptedFault};

use super::{GUILD, Service};

/// Calls of all forms: a report, a page of events, a table, a list, and a single object.
fn calls(client: &Client, code: &ReportCode) -> Vec<Box<dyn AnyCall>> {
    let report = client.report(code.clone());
    vec![
        Box::new(report.clone()),
        Box::new(report.events(EventDataType::Deaths)),
        Box::new(report.table()),
        Box::new(client.guild(GUILD).members()),
        Box::new(client.guild(GUILD)),
    ]
}

#[tokio::test(start_paused = true)]
async fn after_any_fault_the_store_holds_the_right_answer_or_none() {
    let (mut struck, mut kept) = (0, 0);
    let kinds = FaultKind::ALL.iter().filter(|kind| kind.fits_api() && !kind.is_below_http() && !kind.is_harmless());
    for kind in kinds {
        let service = Service::new();
        let folder = tempfile::tempdir().unwrap();
        let code = service.report(&Access::Public);
        let builder = || service.builder().policy(CallPolicy::plain()).without_breaker().cache(Cache::in_folder(folder.path()));
        let (client, reader) = (builder().build().unwrap(), builder().build().unwrap());
        let spoilt = Faults::none().with(ScriptedFault::new(On::Api, *kind).times(u64::MAX / 2).status(500));
        let sound = service.builder().without_ledger().build().unwrap();
        let triples = calls(&client, &code).into_iter().zip(calls(&reader.only_cached(), &code)).zip(calls(&sound, &code));
        for ((call, read), truth) in triples {
            service.sim.set_faults(Faults::none());
            let truth = truth.fetch(None).await.unwrap();
            service.sim.set_faults(spoilt.clone());

            let came = call.fetch(None).await;

            struck += usize::from(came.is_err());
            match read.fetch(None).await {
                Ok(stored) => {
                    kept += 1;
                    assert!(
                        stored.json.get() == truth.json.get(),
                        "{} of {}: {}",
                        kind.name(),
                        call.info().operation,
                        stored.json
                    );
                }
                Err(error) => assert_eq!(error.kind(), esologs::ErrorKind::NotCached, "{error}"),
            }
        }
    }
    assert!(struck > 60, "only {struck} calls were struck");
    assert!(kept < 20, "{kept} answers were kept of calls that were all to be spoilt");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_mended_or_came_in_part_serves_once_and_is_not_kept() {
    for kind in [FaultKind::BadEscapes, FaultKind::ControlCharacters, FaultKind::PartialData] {
        let service = Service::with(Faults::none().with(ScriptedFault::new(On::Api, kind)));
        let client = service.client(CallPolicy::interactive());
        let text = "{ guildData { guild(id: 3468) { name } other: guild(id: 3468) { name } } }";

        let first = client.query(text, serde_json::Map::new()).await.unwrap();
        let second = client.query(text, serde_json::Map::new()).await.unwrap();

        assert_eq!((first.served.name(), second.served.name()), ("fresh", "fresh"), "{}", kind.name());
        assert_eq!(client.query(text, serde_json::Map::new()).await.unwrap().served.name(), "cached");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_its_own_successor_is_not_kept() {
    let service =
        Service::with(Faults::none().with(ScriptedFault::new(On::Operation("ReportEvents".to_owned()), FaultKind::StuckCursor)));
    let client = service.client(CallPolicy::interactive());
    let deaths = client.report(service.report(&Access::Public)).events(EventDataType::Deaths);

    assert_eq!(deaths.fetch(None).await.unwrap_err().kind(), esologs::ErrorKind::CursorStuck);
    assert_eq!(deaths.fetch(None).await.unwrap().served.name(), "fresh");
    assert_eq!(deaths.fetch(None).await.unwrap().served.name(), "cached");
}
