//! Filters of `events`: each selects exactly what it describes.

use serde_json::{Value, json};

use crate::support::{Client, client, public_report};

/// The events of the whole report under these arguments.
async fn events(client: &Client, arguments: &str) -> Vec<Value> {
    let report = public_report(&client.sim);
    let query = format!(
        "{{ reportData {{ report(code: \"{}\") {{ events({arguments}, startTime: 0, endTime: 1e9, limit: 10000) {{ data nextPageTimestamp }} }} }} }}",
        report.code
    );
    let page = client.data(&query).await["reportData"]["report"]["events"].clone();
    assert_eq!(page["nextPageTimestamp"], Value::Null);
    page["data"].as_array().unwrap().clone()
}

/// Those of `all` that fit.
fn that(all: &[Value], fits: impl Fn(&Value) -> bool) -> Vec<Value> {
    all.iter().filter(|event| fits(event)).cloned().collect()
}

#[tokio::test]
async fn an_expression_selects_by_type_ability_and_actor_and_one_that_is_not_understood_is_ignored() {
    let client = client().await;
    let all = events(&client, "dataType: All").await;
    for (expression, fits) in [
        ("type = \\\"death\\\"", (|event| event["type"] == "death") as fn(&Value) -> bool),
        ("ability.id = 20805", |event| event["abilityGameID"] == 20805),
        ("type = 'damage' and amount >= 20000", |event| event["type"] == "damage" && event["amount"].as_i64() >= Some(20_000)),
        ("source.id = 1 or target.id = 1", |event| event["sourceID"] == 1 || event["targetID"] == 1),
    ] {
        let expected = that(&all, fits);
        assert!(!expected.is_empty(), "{expression}");
        assert_eq!(events(&client, &format!("filterExpression: \"{expression}\"")).await, expected, "{expression}");
    }
    assert_eq!(events(&client, "filterExpression: \"moon = full\"").await, all);
}

#[tokio::test]
async fn copies_and_classes_are_told_apart() {
    let client = client().await;
    let all = events(&client, "dataType: DamageDone").await;
    let second = that(&all, |event| event["targetInstance"] == 2);
    assert!(!second.is_empty());
    assert_eq!(events(&client, "dataType: DamageDone, targetInstanceID: 2").await, second);

    let report = public_report(&client.sim);
    let class = report.actors[5].sub_type.clone();
    let of_class = |event: &Value| report.actor(event["sourceID"].as_i64().unwrap()).is_some_and(|actor| actor.sub_type == class);
    let expected = that(&all, of_class);
    assert!(!expected.is_empty() && expected.len() < all.len());
    assert_eq!(events(&client, &format!("dataType: DamageDone, sourceClass: \"{class}\"")).await, expected);
}

#[tokio::test]
async fn aura_filters_part_the_events_into_those_with_the_aura_and_those_without() {
    let client = client().await;
    // "Major Courage" comes and goes; damage lists the buffs of its source.
    let all = events(&client, "dataType: DamageDone").await;
    let with = events(&client, "dataType: DamageDone, sourceAurasPresent: \"109966\"").await;
    let without = events(&client, "dataType: DamageDone, sourceAurasAbsent: \"109966\"").await;

    assert!(!with.is_empty() && !without.is_empty());
    assert_eq!(with.len() + without.len(), all.len());
    let listed =
        |events: &[Value]| that(events, |event| event["buffs"].as_str().is_some_and(|buffs| buffs.contains("109966."))).len();
    assert!(listed(&with) > 0);
    assert!(listed(&without) * 20 < listed(&with) + 20, "{} of {}", listed(&without), without.len());
}

#[tokio::test]
async fn a_death_selects_what_led_to_it_and_a_cutoff_ends_each_fight_after_so_many() {
    let client = client().await;
    let report = public_report(&client.sim);
    let wipe = report.fights.iter().find(|fight| fight.kill == Some(false)).unwrap();
    let fight = format!("fightIDs: [{}]", wipe.id);
    let deaths = events(&client, &format!("dataType: Deaths, {fight}")).await;
    assert!(deaths.len() >= 3, "{deaths:?}");
    let (time, who) = (deaths[1]["timestamp"].as_i64().unwrap(), deaths[1]["targetID"].clone());

    let led_to = events(&client, &format!("dataType: DamageTaken, {fight}, death: 2")).await;
    let taken = events(&client, &format!("dataType: DamageTaken, {fight}")).await;
    let window = time - 10_000..=time;
    assert_eq!(led_to, that(&taken, |it| it["targetID"] == who && window.contains(&it["timestamp"].as_i64().unwrap())));
    assert_eq!(events(&client, &format!("dataType: DamageTaken, {fight}, death: 99")).await, Vec::<Value>::new());

    let cut = events(&client, &format!("dataType: DamageTaken, {fight}, wipeCutoff: 2")).await;
    assert_eq!(cut, that(&taken, |it| it["timestamp"].as_i64().unwrap() <= time));
    assert!(cut.len() < taken.len());
    assert_eq!(events(&client, &format!("dataType: DamageTaken, {fight}, wipeCutoff: 0, viewOptions: 7")).await, taken);
}

#[tokio::test]
async fn pages_of_filtered_events_join_to_all_of_them() {
    let client = client().await;
    let code = &public_report(&client.sim).code;
    let filter = "dataType: All, filterExpression: \"type = 'damage' and source.type = 'player'\"";
    let all = events(&client, filter).await;
    let (mut start, mut joined) = (json!(0), Vec::new());
    loop {
        let query = format!(
            "{{ reportData {{ report(code: \"{code}\") {{ events({filter}, startTime: {start}, endTime: 1e9, limit: 100) {{ data nextPageTimestamp }} }} }} }}"
        );
        let page = client.data(&query).await["reportData"]["report"]["events"].clone();
        joined.extend(page["data"].as_array().unwrap().clone());
        start = page["nextPageTimestamp"].clone();
        if start.is_null() {
            break;
        }
    }
    assert!(all.len() > 1_000);
    assert_eq!(joined, all);
}
