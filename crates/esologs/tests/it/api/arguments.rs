//! What cannot be sent is told before anything is, with parameter, value and range.

use esologs::{CallPolicy, ErrorKind, EventDataType, GuildId, ReportTime, ZoneId};

use crate::support::{Rig, Script};

const CODE: &str = "aBcDeFgHiJkLmNpQ";

#[tokio::test(start_paused = true)]
async fn an_argument_out_of_its_range_is_told_and_nothing_is_sent() {
    let script = Script::new();
    let rig = Rig::new(script.clone(), CallPolicy::batch());
    let (client, report) = (&rig.client, rig.client.report(CODE.parse().unwrap()));

    for (error, told) in [
        (client.abilities().per_page(101).await.unwrap_err(), "per_page is 101, but the API takes 1 to 100"),
        (client.guild(3468).reports().per_page(0).await.unwrap_err(), "per_page is 0, but the API takes 1 to 100"),
        (client.guild(3468).members().page(0).await.unwrap_err(), "page is 0, but the API takes 1 to 2147483647"),
        (client.guild(0).await.unwrap_err(), "id is 0, but the API takes 1 to 2147483647"),
        (
            client.guild(GuildId::new(1 << 40)).reports().await.unwrap_err(),
            "id is 1099511627776, but the API takes 1 to 2147483647",
        ),
        (client.guild_by_name(" ", "megaserver", "NA").await.unwrap_err(), "name is an empty text: leave it out instead"),
        (
            report.events(EventDataType::All).per_page(99).page(ReportTime::ZERO).await.unwrap_err(),
            "per_page is 99, but the API takes 100 to 10000",
        ),
        (
            report.table().between(ReportTime::new(-1.0), ReportTime::ZERO).await.unwrap_err(),
            "start_time is -1, but the API takes 0 or more",
        ),
        (report.graph().fights([1, -4]).await.unwrap_err(), "fights is -4, but the API takes 1 to 2147483647"),
        // The first of several.
        (
            client.encounter(53).character_rankings().partition(1_i64 << 40).size(-1_i64 << 40).await.unwrap_err(),
            "partition is 1099511627776, but the API takes -2147483648 to 2147483647",
        ),
    ] {
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Usage, told));
    }
    assert_eq!(script.seen().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_list_with_an_argument_out_of_its_range_ends_its_stream_with_that() {
    use futures_util::TryStreamExt as _;
    let rig = Rig::new(Script::new(), CallPolicy::batch());
    let list = rig.client.guild(3468).attendance().zone_id(ZoneId::new(-2));

    let error = list.stream().try_collect::<Vec<_>>().await.unwrap_err();

    assert_eq!(error.to_string(), "zone_id is -2, but the API takes 1 to 2147483647");
}
