//! Offline: a simulated service in the same process, with the faults that a test names. Time is virtual, so waits cost none.

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{Client, Credentials, ErrorKind};
use esologs_sim::world::model::Access;
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, FaultKind, Faults, On, ScriptedFault, Simulator};

/// The way from the client to the simulator.
struct InProcess(Simulator);

impl Transport for InProcess {
    fn send(&self, request: http::Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move { Ok(self.0.handle(request).await) })
    }
}

/// A service with this fault, and a client of it.
fn service(fault: Option<ScriptedFault>) -> (Simulator, Client) {
    let faults = fault.map_or(Faults::none(), |fault| Faults::none().with(fault));
    let simulator = Simulator::builder().seed(7).faults(faults).build().unwrap();
    let credentials = Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET).unwrap();
    let client = Client::builder().credentials(credentials).transport(InProcess(simulator.clone())).build().unwrap();
    (simulator, client)
}

/// The code of a report that everybody may read and that does not grow.
fn readable(simulator: &Simulator) -> String {
    let world = simulator.world();
    let mut reports = world.guilds.iter().flat_map(|guild| world.reports_of_guild(guild.id));
    reports.find(|report| report.access == Access::Public).unwrap().code.clone()
}

#[tokio::test(start_paused = true)]
async fn the_fights_of_a_report_come_by_its_address() {
    let (simulator, client) = service(None);
    let code = readable(&simulator);

    let fights = deaths::fights(&client, &format!("https://www.esologs.com/reports/{code}?fight=last")).await.unwrap();

    let world = simulator.world();
    assert_eq!(fights.len(), world.report(&code).unwrap().fights.len());
    assert!(fights.iter().any(|(_, _, is_kill)| *is_kill));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stumbles_twice_is_asked_again_and_answers() {
    let (simulator, client) = service(None);
    let code = readable(&simulator);
    let expected = deaths::fights(&client, &code).await.unwrap();

    for kind in [FaultKind::Unavailable, FaultKind::TruncatedJson, FaultKind::InternalError] {
        let twice = ScriptedFault::new(On::Operation("Report".to_owned()), kind).times(2);
        simulator.set_faults(Faults::none().with(twice));
        assert_eq!(deaths::fights(&client, &code).await.unwrap(), expected, "{kind:?}");
    }

    assert_eq!(simulator.stats().faults_total, 6);
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_nobodys_and_the_address_of_another_site_are_told_apart() {
    let (_, client) = service(None);

    let nobodys = deaths::fights(&client, "aaaaaaaaaaaaaaaa").await.unwrap_err();
    assert_eq!(nobodys.kind(), ErrorKind::NotVisible);

    let foreign = deaths::fights(&client, "https://www.fflogs.com/reports/aaaaaaaaaaaaaaaa").await.unwrap_err();
    assert_eq!(foreign.kind(), ErrorKind::Usage);
    assert!(foreign.to_string().contains("fflogs.com"), "{foreign}");
}
