//! `gameData` and `worldData`: pages and their bounds, single entries, what belongs to what.

use serde_json::{Value, json};

use crate::support::client;

const CATALOGUES: [(&str, &str); 5] =
    [("abilities", "ability"), ("items", "item"), ("item_sets", "item_set"), ("maps", "map"), ("npcs", "npc")];

#[tokio::test]
async fn every_entry_of_a_catalogue_is_found_by_its_id_and_pages_join_to_all_of_them() {
    let client = client().await;
    for (list, single) in CATALOGUES {
        let (mut ids, mut pages) = (Vec::new(), 0);
        loop {
            pages += 1;
            let query =
                format!("{{ gameData {{ {list}(limit: 7, page: {pages}) {{ data {{ id name }} total has_more_pages }} }} }}");
            let page = client.data(&query).await["gameData"][list].clone();
            ids.extend(page["data"].as_array().unwrap().iter().map(|entry| entry["id"].as_i64().unwrap()));
            if page["has_more_pages"] == false {
                assert_eq!(page["total"], ids.len(), "{list}");
                break;
            }
        }
        assert!(pages > 1 && ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]), "{list}: {ids:?}");
        let (last, beyond) = (ids[ids.len() - 1], pages + 1);
        let query = format!(
            "{{ gameData {{ known: {single}(id: {last}) {{ id name }} unknown: {single}(id: 999999999) {{ id }} beyond: {list}(limit: 7, page: {beyond}) {{ data {{ id }} current_page from to has_more_pages }} }} }}"
        );
        let data = client.data(&query).await["gameData"].clone();
        assert_eq!((&data["known"]["id"], &data["unknown"]), (&json!(last), &Value::Null), "{single}");
        assert_eq!(
            data["beyond"],
            json!({"data": [], "current_page": beyond, "from": null, "to": null, "has_more_pages": false}),
            "{list}"
        );
    }
}

#[tokio::test]
async fn an_id_that_no_list_names_is_answered_where_the_game_could_have_it() {
    let client = client().await;
    for (_, single) in CATALOGUES {
        let query = format!("{{ gameData {{ known: {single}(id: 71063) {{ id name }} none: {single}(id: 0) {{ id }} }} }}");
        let data = client.data(&query).await["gameData"].clone();

        assert_eq!(data, json!({"known": {"id": 71_063, "name": "Unlisted 71063"}, "none": null}), "{single}");
    }
}

#[tokio::test]
async fn a_limit_out_of_1_to_100_is_refused_by_every_catalogue_and_a_huge_one_as_too_complex() {
    let client = client().await;
    for (list, _) in CATALOGUES {
        for limit in [0, -10, 101] {
            let answer = client.ask(&format!("{{ gameData {{ {list}(limit: {limit}) {{ total }} }} }}")).await;
            assert_eq!(answer.message(), "The limit argument must be between 1 and 100.", "{list}: {limit}");
        }
        let answer = client.ask(&format!("{{ gameData {{ {list}(limit: 999999) {{ total }} }} }}")).await;
        assert!(answer.message().contains("complexity"), "{list}: {}", answer.text());
    }
}

#[tokio::test]
async fn catalogues_hold_what_reports_and_their_gear_name() {
    let client = client().await;
    let query = "{ gameData { ability(id: 61927) { name icon description } classes { slug specs { slug class { name } } } \
                 none: classes(zone_id: 999) { id } factions { name } items { total } } }";
    let data = client.data(query).await["gameData"].clone();

    assert_eq!(data["ability"]["name"], "Relentless Focus");
    assert!(data["ability"]["description"].as_str().is_some_and(|text| !text.is_empty()));
    assert_eq!(data["classes"].as_array().unwrap().len(), 7);
    assert_eq!(data["classes"][0]["specs"][0]["class"]["name"], data["classes"][0]["slug"]);
    assert_eq!((&data["none"], data["factions"].as_array().unwrap().len()), (&json!([]), 3));
    assert!(data["items"]["total"].as_i64() > Some(100), "more than one page at the largest limit");
}

#[tokio::test]
async fn zones_tell_their_brackets_unless_they_are_frozen_and_all_that_is_in_them() {
    let client = client().await;
    let query = "{ worldData { zones { id frozen brackets { min max bucket type } difficulties { id sizes } encounters { id } \
                 partitions { compactName default } expansion { id } } } }";
    let zones = client.data(query).await["worldData"]["zones"].clone();

    for zone in zones.as_array().unwrap() {
        assert_eq!(zone["brackets"].is_null(), zone["frozen"] == true, "{zone}");
        let defaults = zone["partitions"].as_array().unwrap().iter().filter(|partition| partition["default"] == true);
        assert_eq!(defaults.count(), 1);
        assert_eq!(zone["difficulties"][1]["id"], 122);
    }
    assert!(zones.as_array().unwrap().iter().any(|zone| zone["brackets"]["type"] == "Champion Points"));
}

#[tokio::test]
async fn what_is_unknown_in_the_world_is_null() {
    let client = client().await;
    let query = "{ worldData { encounter(id: 0) { id } expansion(id: 0) { id } region(id: 0) { id } subregion(id: 0) { id } \
                 zone(id: 0) { id } server(region: \"EU\", slug: \"nowhere\") { id } } }";
    let data = client.data(query).await["worldData"].clone();
    assert!(data.as_object().unwrap().values().all(Value::is_null), "{data}");

    let query = "{ worldData { server(region: \"eu\", slug: \"megaserver\") { normalizedName region { slug } subregion { region { id } servers { total } } } } }";
    let server = client.data(query).await["worldData"]["server"].clone();
    assert_eq!((&server["normalizedName"], &server["region"]["slug"]), (&json!("eumegaserver"), &json!("EU")));
    assert_eq!(server["subregion"]["servers"]["total"], 1);
}
