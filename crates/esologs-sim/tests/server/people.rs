//! Characters, guilds, users and races: who is found, who may see what.

use esologs_sim::UserScopes;
use esologs_sim::world::MAIN_GUILD_ID;
use esologs_sim::world::model::Access;
use serde_json::{Value, json};

use crate::support::{Answer, Client, api_request, client, sim, sim_with};

#[tokio::test]
async fn a_character_is_found_by_id_and_by_name_on_its_server_and_an_unknown_one_is_null() {
    let client = client().await;
    let character = &client.sim.world().characters[3];
    let fields = "{ id canonicalID name displayName classID raceID guildRank hidden anonymous claimed server { slug region { slug } } guilds { id } }";
    let name = character.name.to_uppercase();
    let query = format!(
        "{{ characterData {{ a: character(id: {}) {fields} b: character(name: \"{name}\", serverSlug: \"megaserver\", serverRegion: \"na\") {fields} c: character(id: 5) {fields} d: character(name: \"{name}\") {fields} }} }}",
        character.id
    );
    let found = client.data(&query).await["characterData"].clone();

    assert_eq!(found["a"]["name"], character.name);
    assert_eq!(found["a"], found["b"]);
    assert_eq!((&found["c"], &found["d"]), (&Value::Null, &Value::Null));
    assert_eq!(found["a"]["guilds"], json!([{"id": character.guild_id}]));
}

#[tokio::test]
async fn recent_reports_are_those_that_the_character_is_in_but_no_private_ones() {
    let client = client().await;
    let world = client.sim.world();
    let private = world.reports.iter().find(|report| report.access == Access::Private).unwrap();
    let in_private = private.actors.iter().find(|actor| actor.character_id.is_some() && !actor.anonymous).unwrap();
    let id = in_private.character_id.unwrap();
    let query =
        format!("{{ characterData {{ character(id: {id}) {{ recentReports {{ total data {{ code startTime }} }} }} }} }}");
    let recent = client.data(&query).await["characterData"]["character"]["recentReports"].clone();

    let is_in = |report: &&esologs_sim::world::model::Report| report.actors.iter().any(|actor| actor.character_id == Some(id));
    let visible = world.reports.iter().filter(|report| report.access != Access::Private).filter(is_in);
    assert_eq!(recent["total"], visible.count());
    let starts: Vec<i64> = recent["data"].as_array().unwrap().iter().map(|it| it["startTime"].as_i64().unwrap()).collect();
    assert!(starts.is_sorted_by(|a, b| a >= b));
    assert!(recent["data"].as_array().unwrap().iter().all(|it| it["code"] != private.code));
}

#[tokio::test]
async fn members_and_attendance_of_a_guild_come_in_pages() {
    let client = client().await;
    let query = format!(
        "{{ guildData {{ guild(id: {MAIN_GUILD_ID}) {{ members(limit: 10, page: 4) {{ total from to last_page data {{ id }} }} attendance(limit: 2) {{ total data {{ code startTime zone {{ id }} players {{ name type presence }} }} }} tags {{ id name guild {{ id }} }} zoneRanking {{ progress {{ worldRank {{ number percentile color }} }} }} none: zoneRanking(zoneId: 999) {{ speed {{ worldRank {{ number }} }} }} }} }} }}"
    );
    let guild = client.data(&query).await["guildData"]["guild"].clone();

    assert_eq!((&guild["members"]["from"], &guild["members"]["to"]), (&json!(31), &json!(34)));
    let reports = client.sim.world().reports_of_guild(MAIN_GUILD_ID);
    let visible = reports.iter().filter(|report| report.access != Access::Private);
    assert_eq!(guild["attendance"]["total"], visible.count());
    let players = guild["attendance"]["data"][0]["players"].as_array().unwrap();
    assert!(players.len() >= 12 && players.iter().all(|player| matches!(player["presence"].as_i64(), Some(1 | 2))));
    assert_eq!(guild["tags"][0]["guild"]["id"], MAIN_GUILD_ID);
    assert!(guild["zoneRanking"]["progress"]["worldRank"]["number"].as_i64() >= Some(1));
    assert_eq!(guild["none"]["speed"], Value::Null);
}

#[tokio::test]
async fn users_are_told_to_user_tokens_only_and_what_is_theirs_to_themselves() {
    let sim = sim();
    let owner = sim.world().reports[0].owner.clone();
    let fields = "{ id name naDisplayName euDisplayName guilds { id currentUserRank } characters { id } }";
    let query = format!(
        "{{ userData {{ currentUser {fields} own: user(id: 1) {fields} other: user(id: {}) {fields} nobody: user(id: 3) {fields} }} guildData {{ guilds {{ data {{ currentUserRank }} }} }} }}",
        owner.0
    );
    let token = sim.issue_user_token(UserScopes { view_private_reports: false });
    let told = Answer::from(sim.handle(api_request("/api/v2/user", &token, &json!({"query": query}))).await).data();

    assert_eq!(told["userData"]["currentUser"], told["userData"]["own"]);
    let own = &told["userData"]["own"];
    assert_eq!(own["guilds"], json!([{"id": MAIN_GUILD_ID, "currentUserRank": "Officer"}]));
    assert!(own["naDisplayName"].is_string() && own["characters"].as_array().unwrap().len() == 3);
    let other =
        json!({"id": owner.0, "name": owner.1, "naDisplayName": null, "euDisplayName": null, "guilds": null, "characters": null});
    assert_eq!((&told["userData"]["other"], &told["userData"]["nobody"]), (&other, &Value::Null));
    assert_eq!(told["guildData"]["guilds"]["data"][1]["currentUserRank"], "NonMember");

    let told = Client::of(&sim).await.data(&query).await;
    assert!(told["userData"].as_object().unwrap().values().all(Value::is_null), "{told}");
    assert_eq!(told["guildData"]["guilds"]["data"][0]["currentUserRank"], Value::Null);
}

const RACE: &str = "{ progressRaceData { now: progressRace past: progressRace(competitionID: 1) \
                    group: detailedComposition(competitionID: 1, guildID: 3468) } }";

#[tokio::test]
async fn a_race_is_told_by_its_id_and_the_present_one_only_while_it_is_on() {
    let quiet = client().await.data(RACE).await["progressRaceData"].clone();
    let racing = Client::of(&sim_with(|builder| builder.race_is_on(true))).await.data(RACE).await["progressRaceData"].clone();

    assert_eq!(quiet["now"], Value::Null);
    assert_eq!((&quiet["past"], &quiet["group"]), (&racing["past"], &racing["group"]));
    for standing in [&racing["now"], &racing["past"]] {
        let killed: Vec<i64> = standing.as_array().unwrap().iter().map(|it| it["killedCount"].as_i64().unwrap()).collect();
        assert!(killed.len() > 1 && killed.is_sorted_by(|a, b| a >= b), "{killed:?}");
    }
    assert_eq!(quiet["group"]["players"].as_array().unwrap().len(), 12);
}
