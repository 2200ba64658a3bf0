//! The ground truth is written without the server; what the server tells must be the same, byte for byte.

use std::fs;

use esologs_sim::truth::{self, Stream};
use esologs_sim::world::MAIN_GUILD_ID;
use esologs_sim::world::model::Access;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::support::{Client, client};

const NPC: &str = "{ id gameID instanceCount groupCount petOwner }";
const REGION: &str = "region { id compactName name slug }";

/// The raw text at the end of this path of keys.
fn raw<'t>(text: &'t str, path: &[&str]) -> &'t str {
    path.iter().fold(text, |text, key| {
        let map: std::collections::BTreeMap<&str, &RawValue> = serde_json::from_str(text).unwrap();
        map[*key].get()
    })
}

/// One element of a list per line, as the layout has it.
fn lines(list: &str) -> String {
    let items: Vec<&RawValue> = Deserialize::deserialize(&mut serde_json::Deserializer::from_str(list)).unwrap();
    items.iter().map(|item| format!("{}\n", item.get())).collect()
}

async fn report_field(client: &Client, code: &str, field: &str) -> String {
    let answer = client.ask(&format!("{{ reportData {{ report(code: \"{code}\") {{ {field} }} }} }}")).await;
    assert!(!answer.text().contains("\"errors\""), "{}", answer.text());
    raw(&answer.text(), &["data", "reportData", "report"]).to_owned()
}

#[tokio::test]
async fn the_server_tells_the_truth_byte_for_byte() {
    let client = client().await;
    let world = client.sim.world();
    let folder = tempfile::tempdir().unwrap();
    let truth_folder = folder.path().join("truth");
    let streams: Vec<Stream> = ["damage", "healing", "deaths", "buffs"].iter().map(|name| name.parse().unwrap()).collect();
    truth::write(world, MAIN_GUILD_ID, &streams, &truth_folder).unwrap();
    let truth = |path: &str| fs::read_to_string(truth_folder.join(path)).unwrap();

    let guild = format!(
        "{{ guildData {{ guild(id: {MAIN_GUILD_ID}) {{ id name description competitionMode stealthMode faction {{ id name }} \
         server {{ id name slug {REGION} }} tags {{ id name }} }} }} }}"
    );
    let told = client.ask(&guild).await.text();
    assert_eq!(format!("{}\n", raw(&told, &["data", "guildData", "guild"])), truth("guild.json"));

    for report in world.reports_of_guild(MAIN_GUILD_ID) {
        if report.access != Access::Public {
            continue;
        }
        let of = |file: &str| truth(&format!("reports/{}/{file}", report.code));
        let cover = report_field(
            &client,
            &report.code,
            &format!(
                "code title startTime endTime revision segments exportedSegments visibility \
                 archiveStatus {{ isArchived isAccessible archiveDate }} zone {{ id name }} {REGION} owner {{ id name }} \
                 guild {{ id name }} guildTag {{ id name }} masterData {{ logVersion gameVersion lang }}"
            ),
        )
        .await;
        assert_eq!(format!("{cover}\n"), of("report.json"));

        let inside = report_field(
            &client,
            &report.code,
            &format!(
                "fights {{ id encounterID originalEncounterID name difficulty size kill bossPercentage fightPercentage startTime endTime \
                 inProgress completeRaid averageItemLevel lastPhase lastPhaseAsAbsoluteIndex lastPhaseIsIntermission wipeCalledTime \
                 trialScore trialTime friendlyPlayers enemyPlayers friendlyNPCs {NPC} enemyNPCs {NPC} friendlyPets {NPC} enemyPets {NPC} \
                 phaseTransitions {{ id startTime }} maps {{ id name file }} gameZone {{ id name }} boundingBox {{ minX maxX minY maxY }} }} \
                 masterData {{ actors {{ id gameID name type subType server petOwner icon displayName anonymous }} \
                 abilities {{ gameID name icon type }} }}"
            ),
        )
        .await;
        assert_eq!(lines(raw(&inside, &["fights"])), of("fights.jsonl"));
        assert_eq!(lines(raw(&inside, &["masterData", "actors"])), of("actors.jsonl"));
        assert_eq!(lines(raw(&inside, &["masterData", "abilities"])), of("abilities.jsonl"));

        for (file, arguments) in [
            ("damage", "dataType: DamageDone"),
            ("healing", "dataType: Healing"),
            ("deaths", "dataType: Deaths"),
            ("buffs.friendlies", "dataType: Buffs, hostilityType: Friendlies"),
            ("buffs.enemies", "dataType: Buffs, hostilityType: Enemies"),
        ] {
            assert_eq!(events(&client, report, arguments).await, of(&format!("events/{file}.jsonl")), "{file}");
        }
    }
}

/// All pages of a stream, as the layout asks for them, joined.
async fn events(client: &Client, report: &esologs_sim::world::model::Report, arguments: &str) -> String {
    let ids: Vec<String> = report.fights.iter().map(|fight| fight.id.to_string()).collect();
    let (ids, end) = (ids.join(","), report.length_ms());
    let (mut start, mut joined) = ("0".to_owned(), String::new());
    loop {
        let field = format!(
            "events({arguments}, fightIDs: [{ids}], startTime: {start}, endTime: {end}, limit: 1000) {{ data nextPageTimestamp }}"
        );
        let page = report_field(client, &report.code, &field).await;
        joined += &lines(raw(&page, &["events", "data"]));
        start = raw(&page, &["events", "nextPageTimestamp"]).to_owned();
        if start == "null" {
            return joined;
        }
    }
}
