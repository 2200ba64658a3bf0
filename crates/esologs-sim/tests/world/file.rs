//! Worlds described by files.

use esologs_sim::world::World;
use esologs_sim::world::model::Access;

use crate::helpers::NOW;

const WORLD: &str = r#"
seed = 11

[[guild]]
id = 3468
name = "The Quiet Kettle"
members = 20

[[guild]]
id = 99
name = "Other \"People\""
server = "EU"

[[report]]
code = "AbCdEfGh12345678"
title = "Reef, first night"
zone = 16
density = 0.8
events = 2000
fights = 5
start_unix_ms = 1770000000000

[[report]]
code = "a:ZbCdEfGh12345678"
guild = 99
access = "archived"

[[report]]
access = "private"
combat_seconds = 10

[[report]]
access = "live"
"#;

#[test]
fn a_world_is_what_its_file_says() {
    let world = World::from_toml(WORLD, NOW).unwrap();

    assert_eq!(world.seed, 11);
    let kettle = world.guild_by_name("The Quiet Kettle", "megaserver", "NA").unwrap();
    assert_eq!((kettle.id, kettle.member_ids.len()), (3468, 20));
    assert_eq!(world.guild(99).unwrap().server_id, 2);
    let reef = world.report("AbCdEfGh12345678").unwrap();
    assert_eq!((reef.title.as_str(), reef.zone_id, reef.guild_id), ("Reef, first night", 16, Some(3468)));
    assert_eq!((reef.fights.len(), reef.start_unix_ms, &reef.access), (5, 1_770_000_000_000, &Access::Public));
    assert!((1_900..2_600).contains(&reef.events().len()), "{}", reef.events().len());
    assert!(matches!(world.report("a:ZbCdEfGh12345678").unwrap().access, Access::Archived { .. }));
    assert_eq!(world.reports[2].access, Access::Private);
    assert_eq!(world.reports[3].access, Access::Live);
    let codes = |world: &World| world.reports.iter().map(|report| report.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&world), codes(&World::from_toml(WORLD, NOW).unwrap()), "what is left out is drawn from the seed");
}

/// What is said about a world whose only report has this line.
fn refusal(line: &str) -> String {
    let text = format!("[[guild]]\nid = 7\nname = \"A\"\n\n[[report]]\n{line}\n");
    World::from_toml(&text, NOW).unwrap_err().to_string()
}

#[test]
fn a_value_that_is_not_allowed_is_refused_with_its_line_and_what_is_allowed() {
    assert_eq!(refusal("density = 5.0"), "world file: line 6: report.density is 5; allowed is 0.6 to 1.8");
    assert_eq!(refusal("events = 3"), "world file: line 6: report.events is 3; allowed is 100 to 5000000");
    assert_eq!(refusal("fights = 0"), "world file: line 6: report.fights is 0; allowed is 1 to 500");
    assert_eq!(
        refusal("code = \"short\""),
        "world file: line 6: report.code is \"short\"; allowed are 16 letters and digits, with \"a:\" before them if anonymous"
    );
    assert_eq!(refusal("guild = 8"), "world file: line 6: report.guild is 8, but no [[guild]] has that id; there are 7");
    assert_eq!(
        refusal("zone = 4"),
        "world file: line 6: report.zone is 4; allowed is 1, 2, 3, 5, 6, 7, 8, 9, 12, 14, 15, 16, 17, 18"
    );
    assert_eq!(
        refusal("events = 500\ncombat_seconds = 3.0"),
        "world file: line 6: report.events and report.combat_seconds exclude each other"
    );
    assert!(refusal("access = \"live\"\nstart_unix_ms = 1770000000000").contains("not for a live report"));
    let twice = refusal("code = \"AbCdEfGh12345678\"\n[[report]]\ncode = \"AbCdEfGh12345678\"");
    assert!(twice.contains("line 8: report.code \"AbCdEfGh12345678\" is used twice"), "{twice}");
}

#[test]
fn a_file_names_the_ids_of_characters_and_those_of_others_are_numbered() {
    let named = |ids: &str| format!("[[guild]]\nid = 7\nname = \"A\"\ncharacters = [{ids}]\n");
    let world = World::from_toml(&named("34663, 5"), NOW).unwrap();
    let refused = |text: &str| World::from_toml(text, NOW).unwrap_err().to_string();

    assert_eq!(world.guild(7).unwrap().member_ids[..4], [34_663, 5, 700_003, 700_004]);
    assert!(world.character(34_663).is_some_and(|character| character.guild_id == Some(7)));
    assert_eq!(refused(&named("0")), "world file: line 4: guild.characters is 0; allowed is 1 to 700000");
    assert_eq!(refused(&named("8, 8")), "world file: line 4: guild.characters 8 is used twice");
    let two_guilds = format!("{}{}", named("8"), named("8").replace("= 7", "= 9"));
    assert_eq!(refused(&two_guilds), "world file: line 8: guild.characters 8 is used twice");
}

#[test]
fn an_unknown_key_and_a_wrong_type_are_refused_with_their_line() {
    let unknown = refusal("colour = \"red\"");
    assert!(
        unknown.contains("line 6") && unknown.contains("unknown field `colour`") && unknown.contains("`density`"),
        "{unknown}"
    );
    let wrong = refusal("access = \"secret\"");
    assert!(wrong.contains("line 6") && wrong.contains("`archived`"), "{wrong}");
    assert!(World::from_toml("sise = 3", NOW).unwrap_err().to_string().contains("unknown field `sise`"));
}

#[test]
fn a_world_without_a_guild_is_refused() {
    let message = World::from_toml("seed = 1", NOW).unwrap_err().to_string();
    assert_eq!(message, "world file: there is no [[guild]]; a world needs one at least");
}
