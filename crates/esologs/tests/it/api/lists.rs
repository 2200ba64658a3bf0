//! Lists that come page by page: each kind of page, all entries, and the limits.

use esologs::{CallPolicy, Error, ErrorKind};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json as value};

use crate::support::{Reply, Rig, Script, Seen, To, json};

/// A page of abilities 1 to `total`, as many as are asked for.
fn abilities(seen: &Seen, total: u64) -> Reply {
    let (page, limit) = (seen.variable("page").as_u64().unwrap(), seen.variable("limit").as_u64().unwrap());
    let from = (page - 1) * limit + 1;
    let to = (page * limit).min(total);
    let data: Vec<Value> = (from..=to).map(|id| value!({"id": id, "icon": "x", "name": format!("Ability {id}")})).collect();
    let last = total.div_ceil(limit);
    json(value!({"data": {"gameData": {"abilities": {
        "data": data, "total": total, "per_page": limit, "current_page": page, "from": from, "to": to, "last_page": last,
        "has_more_pages": page < last,
    }}}}))
}

/// Pages of character rankings, as often as wanted.
fn rankings(seen: &Seen, last: u64) -> Reply {
    let page = seen.variable("page").as_u64().unwrap();
    let board = value!({"page": page, "hasMorePages": page < last, "count": 1, "rankings": [{"name": format!("Nr {page}")}]});
    // Every second one in a string.
    let board = if page.is_multiple_of(2) { value!(board.to_string()) } else { board };
    json(value!({"data": {"worldData": {"encounter": {"characterRankings": board}}}}))
}

#[tokio::test(start_paused = true)]
async fn a_list_is_read_entry_by_entry_and_no_page_more_than_is_read() {
    let script = Script::new().api_by(|seen| abilities(seen, 250));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let mut stream = Box::pin(rig.client.abilities().stream());
    assert_eq!(script.seen().len(), 0, "nothing is sent before it is read");
    for id in 1..=100 {
        assert_eq!(stream.next().await.unwrap().unwrap().id.get(), id);
    }
    assert_eq!(script.api_requests(), 1);
    assert_eq!(stream.count().await, 150);
    assert_eq!(script.api_requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn awaiting_a_list_gives_its_first_page_as_full_as_can_be() {
    let script = Script::new().api_by(|seen| abilities(seen, 250));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let page = rig.client.abilities().await.unwrap();

    assert_eq!((page.data.len(), page.has_more_pages, script.api_requests()), (100, true, 1));
}

#[tokio::test(start_paused = true)]
async fn a_whole_list_is_one_within_its_limit_and_told_as_soon_as_it_is_longer() {
    let script = Script::new().api_by(|seen| abilities(seen, 250));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    assert_eq!(rig.client.abilities().max_entries(250).all().await.unwrap().len(), 250);
    assert_eq!(script.api_requests(), 3);
    let error = rig.client.abilities().max_entries(249).all().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Stopped);
    assert_eq!(error.to_string(), "abilities of the game: the list has 250 entries or more, and max_entries is 249");
    assert_eq!(script.api_requests(), 4, "its length stands on the first page");
}

#[tokio::test(start_paused = true)]
async fn rankings_are_a_list_although_they_come_as_json() {
    let script = Script::new().api_by(|seen| rankings(seen, 3));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let all: Vec<_> = rig.client.encounter(27).character_rankings().stream().try_collect().await.unwrap();

    assert_eq!(all.iter().filter_map(|rank| rank.name.as_deref()).collect::<Vec<_>>(), ["Nr 1", "Nr 2", "Nr 3"]);
    let pages: Vec<Value> = script.seen_by(To::Api).iter().map(|seen| seen.variable("page")).collect();
    assert_eq!(pages, [value!(1), value!(2), value!(3)]);
}

#[tokio::test(start_paused = true)]
async fn a_whole_list_of_rankings_is_stopped_at_its_limit_though_nobody_tells_its_length() {
    let script = Script::new().api_by(|seen| rankings(seen, u64::MAX));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let error = rig.client.encounter(27).character_rankings().max_entries(5).all().await.unwrap_err();

    assert_eq!((error.kind(), script.api_requests()), (ErrorKind::Stopped, 5));
}

#[tokio::test(start_paused = true)]
async fn rankings_that_answer_with_another_page_or_go_on_with_nothing_are_left() {
    let same = Script::new().api_by(|_| {
        json(value!({"data": {"worldData": {"encounter": {"characterRankings":
            {"page": 1, "hasMorePages": true, "count": 1, "rankings": [{"name": "Nr 1"}]}}}}}))
    });
    let empty = Script::new().api_by(|seen| {
        json(value!({"data": {"worldData": {"encounter": {"characterRankings":
            {"page": seen.variable("page"), "hasMorePages": true, "count": 0, "rankings": []}}}}}))
    });
    for (script, told) in [(same, "page 2 was asked for, page 1 came"), (empty, "page 1 is empty and says that more follow")] {
        let rig = Rig::new(script.clone(), CallPolicy::batch());

        let items: Vec<Result<_, Error>> = rig.client.encounter(27).character_rankings().stream().collect().await;

        let error = items.last().unwrap().as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CursorStuck);
        assert_eq!(error.to_string(), format!("character rankings of encounter 27: {told}"));
        assert!(script.api_requests() <= 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_without_an_end_is_left_after_its_last_allowed_page() {
    let script = Script::new().api_by(|seen| rankings(seen, u64::MAX));
    let rig = Rig::new(script.clone(), CallPolicy::plain());

    let items: Vec<Result<_, Error>> = rig.client.encounter(27).character_rankings().stream().collect().await;

    let error = items.last().unwrap().as_ref().unwrap_err();
    assert_eq!(error.to_string(), "character rankings of encounter 27: no end after 1000 pages");
    assert_eq!(script.api_requests(), 1_000);
}
