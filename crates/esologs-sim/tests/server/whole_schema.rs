//! Every field that can be reached from `Query` is answered, over a small world: walked by the schema itself, so that a new field fails here.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use esologs_sim::world::model::Access;
use esologs_sim::world::{MAIN_GUILD_ID, World};
use esologs_sim::{FaultKind, Faults, SCHEMA, Simulator, UserScopes};
use serde_json::{Value, json};

use crate::support::{Answer, NOW, api_request, sim_with};

/// What is null in every recorded answer of ESO, and so here; an answer that drifts fills it.
const NULL_FOR_ESO: [&str; 6] = [
    "Character.gameData",
    "Report.phases",
    "ReportFight.averageItemLevel",
    "ReportFight.dungeonPulls",
    "ReportFight.phaseTransitions",
    "ReportFight.wipeCalledTime",
];

/// Types that are reached by nothing but these.
const BEHIND_THEM: [&str; 5] =
    ["EncounterPhases", "PhaseMetadata", "PhaseTransition", "ReportDungeonPull", "ReportDungeonPullNPC"];

/// Paths that are tried for one type before its fields count as unanswered.
const PATHS_OF_A_TYPE: usize = 12;

/// Arguments that fields need to have something to answer.
fn arguments(world: &World) -> BTreeMap<&'static str, String> {
    let report = world.reports.iter().find(|it| it.access == Access::Public && it.guild_tag.is_some());
    let report = report.or_else(|| world.reports.iter().find(|it| it.access == Access::Public)).unwrap();
    let character = world.characters.iter().find(|it| !it.hidden).unwrap();
    let ability = world.reports[0].abilities[0].game_id;
    let npc = world.reports[0].actors.iter().find(|actor| actor.kind == "NPC").unwrap().game_id;
    BTreeMap::from([
        ("CharacterData.character", format!("id: {}", character.id)),
        ("CharacterData.characters", format!("guildID: {MAIN_GUILD_ID}")),
        ("Character.encounterRankings", "encounterID: 52".to_owned()),
        ("GameData.ability", format!("id: {ability}")),
        ("GameData.class", "id: 1".to_owned()),
        ("GameData.item", "id: 94461".to_owned()),
        ("GameData.item_set", "id: 350".to_owned()),
        ("GameData.map", "id: 1344".to_owned()),
        ("GameData.npc", format!("id: {npc}")),
        ("GuildData.guild", format!("id: {MAIN_GUILD_ID}")),
        ("ProgressRaceData.detailedComposition", format!("guildID: {MAIN_GUILD_ID}")),
        ("ReportData.report", format!("code: \"{}\"", report.code)),
        ("ReportData.reports", "limit: 20".to_owned()),
        ("Report.events", "fightIDs: [1, 2, 3, 4], limit: 100".to_owned()),
        ("UserData.user", "id: 1".to_owned()),
        ("WorldData.encounter", "id: 52".to_owned()),
        ("WorldData.expansion", "id: 1".to_owned()),
        ("WorldData.region", "id: 1".to_owned()),
        ("WorldData.server", "id: 1".to_owned()),
        ("WorldData.subregion", "id: 1".to_owned()),
        ("WorldData.zone", "id: 16".to_owned()),
    ])
}

/// A night long enough that the last boss dies, and an archived report.
const WORLD: &str = r#"
    seed = 3
    [[guild]]
    id = 3468
    name = "Lanterns of Emberwatch"
    tags = 2
    [[guild]]
    id = 4000
    name = "Paper Lions"
    server = "EU"
    [[report]]
    zone = 16
    fights = 40
    events = 6000
    [[report]]
    access = "archived"
    zone = 16
    events = 1000
"#;

fn sim_of(faults: Faults) -> Simulator {
    let world = World::from_toml(WORLD, NOW).unwrap();
    sim_with(|builder| builder.world(world).race_is_on(true).without_throttle().limit(1_000_000).faults(faults))
}

/// Walks the schema breadth first, and remembers which fields it saw answered.
struct Walk {
    sim: Simulator,
    token: String,
    schema: Valid<Schema>,
    arguments: BTreeMap<&'static str, String>,
    /// Fields that were something else than null, by type.
    answered: BTreeMap<String, BTreeSet<String>>,
}

impl Walk {
    fn over(sim: Simulator) -> Self {
        let token = sim.issue_user_token(UserScopes { view_private_reports: true });
        let schema = Schema::parse_and_validate(SCHEMA, "schema").unwrap();
        let arguments = arguments(sim.world());
        Self { sim, token, schema, arguments, answered: BTreeMap::new() }
    }

    async fn go(mut self) -> Self {
        let mut queue = VecDeque::from([("Query".to_owned(), Vec::<String>::new())]);
        let mut tried: BTreeMap<String, usize> = BTreeMap::new();
        while let Some((name, path)) = queue.pop_front() {
            let times = tried.entry(name.clone()).or_default();
            *times += 1;
            if *times > PATHS_OF_A_TYPE || self.missing_of(&name).is_empty() {
                continue;
            }
            self.ask(&name, &path).await;
            for (field, of_type) in self.fields(&name) {
                if matches!(self.schema.types[of_type.as_str()], ExtendedType::Object(_)) {
                    queue.push_back((of_type, [path.clone(), vec![self.call(&name, &field)]].concat()));
                }
            }
        }
        self
    }

    /// Fields of a type, with the names of their types.
    fn fields(&self, name: &str) -> Vec<(String, String)> {
        let ExtendedType::Object(object) = &self.schema.types[name] else { return Vec::new() };
        object.fields.iter().map(|(field, of)| (field.to_string(), of.ty.inner_named_type().to_string())).collect()
    }

    fn missing_of(&self, name: &str) -> Vec<String> {
        let seen = |field: &str| self.answered.get(name).is_some_and(|fields| fields.contains(field));
        self.fields(name).into_iter().map(|(field, _)| field).filter(|field| !seen(field)).collect()
    }

    fn call(&self, name: &str, field: &str) -> String {
        let arguments = self.arguments.get(format!("{name}.{field}").as_str());
        arguments.map_or_else(|| field.to_owned(), |arguments| format!("{field}({arguments})"))
    }

    async fn ask(&mut self, name: &str, path: &[String]) {
        let selected = self.fields(name).into_iter().map(|(field, of_type)| {
            let of_objects = matches!(self.schema.types[of_type.as_str()], ExtendedType::Object(_));
            format!("{}{}", self.call(name, &field), if of_objects { " { __typename }" } else { "" })
        });
        let innermost = format!("{{ __typename {} }}", selected.collect::<Vec<_>>().join(" "));
        let query = path.iter().rev().fold(innermost, |inner, field| format!("{{ {field} {inner} }}"));
        let answer = self.sim.handle(api_request("/api/v2/user", &self.token, &json!({"query": query}))).await;
        let answer = Answer::from(answer).json();
        assert!(answer["data"].is_object(), "{query}: {answer}");
        let keys: Vec<&str> = path.iter().map(|field| field.split('(').next().unwrap()).collect();
        let mut found = Vec::new();
        collect(&answer["data"], &keys, &mut found);
        let fields = self.answered.entry(name.to_owned()).or_default();
        for object in found {
            assert_eq!(object["__typename"], name, "{query}");
            let told = object.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
            fields.extend(told.map(|(field, _)| field.clone()));
        }
        fields.remove("__typename");
    }

    /// `Type.field` of every field that was never answered, but for types that were never reached; and those types.
    fn missing(&self) -> (Vec<String>, Vec<String>) {
        let (mut fields, mut types) = (Vec::new(), Vec::new());
        for name in self.reachable() {
            match self.answered.get(&name) {
                Some(seen) if !seen.is_empty() => {
                    fields.extend(self.missing_of(&name).into_iter().map(|field| format!("{name}.{field}")));
                }
                _ => types.push(name),
            }
        }
        (fields, types)
    }

    fn reachable(&self) -> BTreeSet<String> {
        let (mut reached, mut queue) = (BTreeSet::new(), vec!["Query".to_owned()]);
        while let Some(name) = queue.pop() {
            let is_object = matches!(self.schema.types[name.as_str()], ExtendedType::Object(_));
            if is_object && reached.insert(name.clone()) {
                queue.extend(self.fields(&name).into_iter().map(|(_, of_type)| of_type));
            }
        }
        reached
    }
}

/// The objects at the end of a path, through lists.
fn collect<'v>(value: &'v Value, path: &[&str], found: &mut Vec<&'v Value>) {
    match (value, path) {
        (Value::Array(items), _) => items.iter().for_each(|item| collect(item, path, found)),
        (Value::Object(_), []) => found.push(value),
        (Value::Object(map), [first, rest @ ..]) => {
            if let Some(inner) = map.get(*first) {
                collect(inner, rest, found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_field_is_answered_but_for_those_that_eso_leaves_null() {
    let walk = Walk::over(sim_of(Faults::none())).go().await;
    let (fields, types) = walk.missing();
    assert_eq!(fields, NULL_FOR_ESO);
    assert_eq!(types, BEHIND_THEM);
}

#[tokio::test]
async fn an_answer_that_drifts_fills_those_too_and_uses_words_that_nobody_knows() {
    let walk = Walk::over(sim_of(Faults::only(FaultKind::SchemaDrift, 1.0, 1))).go().await;
    let (fields, types) = walk.missing();
    assert_eq!(types, Vec::<String>::new());
    assert!(!fields.iter().any(|field| NULL_FOR_ESO.contains(&field.as_str())), "{fields:?}");
    let behind_them = |field: &String| BEHIND_THEM.iter().any(|name| field.starts_with(&format!("{name}.")));
    assert!(!fields.iter().any(behind_them), "{fields:?}");

    let code = &crate::support::public_report(&walk.sim).code;
    let query = format!(
        "{{ guildData {{ guild(id: {MAIN_GUILD_ID}) {{ currentUserRank }} }} reportData {{ report(code: \"{code}\") {{ visibility events(fightIDs: [1], limit: 300) {{ data }} table }} }} }}"
    );
    let answer = walk.sim.handle(api_request("/api/v2/user", &walk.token, &json!({"query": query}))).await;
    let data = Answer::from(answer).data();
    assert_eq!(data["guildData"]["guild"]["currentUserRank"], "somethingNew");
    let report = &data["reportData"]["report"];
    assert_eq!(report["visibility"], "somethingNew");
    let events = report["events"]["data"].as_array().unwrap();
    assert!(events.iter().any(|event| event["type"] == "mechanic"));
    assert!(events.iter().all(|event| event["introducedLater"].is_object()));
    assert!(report["table"]["data"]["introducedLater"].is_object());
}

#[tokio::test]
async fn numbers_inside_scalars_can_be_strings_and_typed_ones_stay_numbers() {
    let faults = Faults::only(FaultKind::NumberStrings, 1.0, 1);
    let sim = sim_with(|builder| builder.faults(faults));
    let client = crate::support::Client::of(&sim).await;
    let code = &crate::support::public_report(&sim).code;
    let query = format!("{{ reportData {{ report(code: \"{code}\") {{ startTime table events(fightIDs: [1]) {{ data }} }} }} }}");
    let report = client.data(&query).await["reportData"]["report"].clone();
    assert!(report["startTime"].is_i64());
    assert!(report["table"]["data"]["totalTime"].is_string());
    assert!(report["events"]["data"][0]["timestamp"].is_string() && report["events"]["data"][0]["sourceID"].is_string());
}
