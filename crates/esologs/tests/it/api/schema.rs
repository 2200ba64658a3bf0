//! Every field, argument and enum of the schema can be had typed, and each call sends what it was given.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use esologs::catalogue::{self, CallInfo};
use esologs::{CallPolicy, SchemaEnum, SignedIn};
use serde_json::Value;

use super::every_call::{Called, Known, plainly, with_everything_set};
use super::synthetic::{parsed, schema, service};
use crate::support::{Rig, Script, To};

/// Fields that no call asks for, each with its reason.
const LEFT_OUT: &[(&str, &str)] = &[];

/// Types that no field of the schema leads to, so that nothing of them can be asked for.
const OUT_OF_REACH: &[&str] = &["GameAchievement", "GameAffix", "GameEnchant", "SubscriptionStatus"];

/// `Type.field` and `Type.field(argument)` of all that a document asks for.
fn asked_for(document: &ExecutableDocument, set: &SelectionSet, found: &mut BTreeSet<String>) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                let place = format!("{}.{}", set.ty, field.name);
                found.extend(field.arguments.iter().map(|argument| format!("{place}({})", argument.name)));
                found.insert(place);
                asked_for(document, &field.selection_set, found);
            }
            Selection::FragmentSpread(spread) => {
                asked_for(document, &document.fragments[&spread.fragment_name].selection_set, found);
            }
            Selection::InlineFragment(inline) => asked_for(document, &inline.selection_set, found),
        }
    }
}

/// The same of the whole schema, as far as queries can come.
fn reachable(schema: &Schema) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut places, mut types, mut open) = (BTreeSet::new(), BTreeSet::new(), vec!["Query".to_owned()]);
    while let Some(name) = open.pop() {
        if !types.insert(name.clone()) {
            continue;
        }
        let Some(ExtendedType::Object(object)) = schema.types.get(name.as_str()) else { continue };
        for field in object.fields.values() {
            let place = format!("{name}.{}", field.name);
            open.extend(field.arguments.iter().map(|argument| argument.ty.inner_named_type().to_string()));
            places.extend(field.arguments.iter().map(|argument| format!("{place}({})", argument.name)));
            open.push(field.ty.inner_named_type().to_string());
            places.insert(place);
        }
    }
    (places, types)
}

#[test]
fn every_field_and_argument_of_the_schema_is_asked_for_by_some_call() {
    let schema = schema();
    let mut asked = BTreeSet::new();
    for call in catalogue::calls() {
        let document = parsed(&schema, call.document);
        for operation in document.operations.iter() {
            asked_for(&document, &operation.selection_set, &mut asked);
        }
    }

    let (places, types) = reachable(&schema);
    let missing: Vec<&String> = places.difference(&asked).collect();

    let reasons: Vec<&str> = LEFT_OUT.iter().map(|(place, _)| *place).collect();
    assert_eq!(missing, reasons, "what the schema has and no call asks for");
    let own = schema.types.values().filter(|ty| !ty.is_built_in());
    let beyond: BTreeSet<&str> = own.map(|ty| ty.name().as_str()).filter(|name| !types.contains(*name)).collect();
    assert_eq!(beyond, OUT_OF_REACH.iter().copied().collect(), "types that nothing leads to");
}

/// A client that may ask everything.
fn signed_in(script: Script) -> Rig {
    Rig::with(script, CallPolicy::plain(), |builder| builder.signed_in(SignedIn::with_token("me", "token-of-user")))
}

#[tokio::test(start_paused = true)]
async fn every_call_reads_everything_that_it_asks_for_into_typed_fields() {
    let rig = signed_in(service());
    let mut seen = BTreeSet::new();

    for Called { operation, outcome } in plainly(&rig.client, &Known::anything()) {
        let drift = outcome.await.unwrap_or_else(|error| panic!("{operation}: {error}"));
        assert!(drift.is_empty(), "{operation}: no typed field for\n{drift}");
        seen.insert(operation);
    }

    let all: BTreeSet<&str> = catalogue::calls().iter().map(|call| call.operation).collect();
    assert_eq!(seen, all, "left: called here; right: the catalogue");
}

#[tokio::test(start_paused = true)]
async fn every_call_sends_each_argument_that_it_is_given_and_every_variable_can_be_set() {
    let script = service();
    let rig = signed_in(script.clone());
    let calls: BTreeMap<&str, CallInfo> = catalogue::calls().into_iter().map(|call| (call.operation, call)).collect();
    let mut sent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();

    for known in [plainly(&rig.client, &Known::anything()), with_everything_set(&rig.client)] {
        for Called { operation, outcome } in known {
            outcome.await.unwrap_or_else(|error| panic!("{operation}: {error}"));
        }
    }

    let schema = schema();
    for request in script.seen_by(To::Api) {
        let document = parsed(&schema, request.json()["query"].as_str().unwrap());
        let operation = document.operations.iter().next().unwrap();
        let name = operation.name.as_ref().unwrap().to_string();
        let Value::Object(variables) = request.json()["variables"].clone() else { panic!("{name}: no variables") };
        for (variable, value) in &variables {
            let declared = operation.variables.iter().find(|declared| declared.name.as_str() == variable);
            let declared = declared.unwrap_or_else(|| panic!("{name}: ${variable} is sent and not declared"));
            assert!(fits(&schema, &declared.ty, value), "{name}: ${variable}: {} cannot be {value}", declared.ty);
        }
        sent.entry(name).or_default().extend(variables.keys().cloned());
    }
    for (operation, call) in &calls {
        let document = parsed(&schema, call.document);
        let declared = document.operations.iter().flat_map(|operation| &operation.variables).map(|it| it.name.to_string());
        let sent = sent.get(*operation).cloned().unwrap_or_default();
        assert_eq!(declared.collect::<BTreeSet<_>>(), sent, "{operation}: left: declared, right: sent");
        for parameter in call.parameters {
            assert!(sent.contains(parameter.variable), "{operation}: {} sets what is not sent", parameter.method);
        }
    }
}

/// Whether the API takes this value for an argument of this type.
fn fits(schema: &Schema, ty: &Type, value: &Value) -> bool {
    if ty.is_list() {
        return value.as_array().is_some_and(|list| list.iter().all(|entry| fits(schema, ty.item_type(), entry)));
    }
    match (schema.types.get(ty.inner_named_type()), ty.inner_named_type().as_str()) {
        (_, "Int") => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        (_, "Float") => value.is_number(),
        (_, "Boolean") => value.is_boolean(),
        (_, "String") => value.is_string(),
        (Some(ExtendedType::Enum(values)), _) => value.as_str().is_some_and(|name| values.values.contains_key(name)),
        _ => false,
    }
}

#[test]
fn the_limits_that_the_schema_tells_are_those_that_are_checked() {
    let schema = schema();
    let mut compared = 0;
    for call in catalogue::calls() {
        let (mut ty, mut arguments) = ("Query".to_owned(), Vec::new());
        for name in call.path {
            let field = schema.type_field(&ty, name).unwrap();
            arguments = field.arguments.clone();
            ty = field.ty.inner_named_type().to_string();
        }
        for argument in arguments {
            let told = argument.description.as_deref().and_then(limits);
            let parameter = call.parameters.iter().find(|parameter| parameter.variable == argument.name.as_str());
            if let (Some(told), Some(parameter)) = (told, parameter) {
                assert_eq!(parameter.range, Some(told), "{}: {}", call.operation, parameter.method);
                compared += 1;
            }
        }
    }
    assert!(compared >= 15, "only {compared} limits are told");
}

/// "1 to 100" of a description.
fn limits(description: &str) -> Option<(f64, f64)> {
    let words: Vec<&str> = description.split([' ', ',', ';', '.']).collect();
    words.windows(3).find_map(|three| match three {
        [least, "to", most] => Some((least.parse().ok()?, most.parse().ok()?)),
        _ => None,
    })
}

fn same_values<E: SchemaEnum>(schema: &Schema, found: &mut BTreeSet<String>) {
    let Some(ExtendedType::Enum(values)) = schema.types.get(E::NAME) else { panic!("the schema has no enum {}", E::NAME) };
    let names: Vec<&str> = values.values.keys().map(|name| name.as_str()).collect();
    assert_eq!(E::ALL.iter().map(|value| value.name()).collect::<Vec<_>>(), names, "{}", E::NAME);
    found.insert(E::NAME.to_owned());
}

#[test]
fn every_enum_has_the_values_of_the_schema() {
    use esologs::*;
    let (schema, mut found) = (schema(), BTreeSet::new());

    same_values::<CharacterRankingMetricType>(&schema, &mut found);
    same_values::<EventDataType>(&schema, &mut found);
    same_values::<ExternalBuffRankFilter>(&schema, &mut found);
    same_values::<FightRankingMetricType>(&schema, &mut found);
    same_values::<GraphDataType>(&schema, &mut found);
    same_values::<GuildRank>(&schema, &mut found);
    same_values::<HardModeLevelRankFilter>(&schema, &mut found);
    same_values::<HostilityType>(&schema, &mut found);
    same_values::<KillType>(&schema, &mut found);
    same_values::<LeaderboardRank>(&schema, &mut found);
    same_values::<RankingCompareType>(&schema, &mut found);
    same_values::<RankingTimeframeType>(&schema, &mut found);
    same_values::<ReportRankingMetricType>(&schema, &mut found);
    same_values::<RoleType>(&schema, &mut found);
    same_values::<SubscriptionStatus>(&schema, &mut found);
    same_values::<TableDataType>(&schema, &mut found);
    same_values::<ViewType>(&schema, &mut found);

    let enums = schema.types.values().filter(|ty| ty.is_enum() && !ty.is_built_in());
    assert_eq!(enums.map(|ty| ty.name().to_string()).collect::<BTreeSet<_>>(), found);
}
