//! Every call once against the simulator over TCP, and what it brings.

use std::collections::BTreeSet;

use esologs::{CallPolicy, ErrorKind, EventDataType, OneOf, ReportTime, SignedIn, TableDataType};
use esologs_sim::world::model::Access;
use esologs_sim::{DEMO_CLIENT_ID, FaultKind, Faults, On, ScriptedFault, Simulator, UserScopes};
use futures_util::TryStreamExt as _;

use super::every_call::{Called, Known, plainly};
use crate::support::served::Served;
use crate::support::{Rig, hasty, sockets};

fn simulator() -> Simulator {
    let builder = Simulator::builder().start_unix_ms(1_790_000_000_000).without_throttle().limit(1_000_000);
    builder.race_is_on(true).faults(Faults::none()).build().unwrap()
}

/// Things of the simulator's world. What is not in it (catalogues of the game) is asked for by the first number listed.
async fn known(served: &Served) -> Known {
    let (sim, client) = (served.sim(), &served.rig.client);
    let world = sim.world();
    let report = world.reports.iter().find(|report| report.access == Access::Public && report.fights.len() > 3).unwrap();
    let guild = world.guild(report.guild_id.unwrap()).unwrap();
    let zone = world.zone(report.zone_id).unwrap();
    macro_rules! first {
        ($list:ident) => {
            client.$list().page(1).await.unwrap().data[0].as_ref().unwrap().id.get()
        };
    }
    Known {
        code: report.code.parse().unwrap(),
        guild: guild.id,
        character: world.characters.iter().find(|character| !character.hidden).unwrap().id,
        encounter: zone.encounters[0].id,
        zone: zone.id,
        region: world.regions[0].id,
        server: guild.server_id,
        ability: first!(abilities),
        npc: first!(npcs),
        item: first!(items),
        item_set: first!(item_sets),
        map: first!(maps),
        user: 1,
        competition: 1,
    }
}

#[tokio::test]
async fn every_call_is_answered_over_tcp_and_holds_nothing_unknown() {
    let served = Served::of(simulator(), hasty(CallPolicy::interactive())).await;
    let known = known(&served).await;
    let mut refused = BTreeSet::new();

    for Called { operation, outcome } in plainly(&served.rig.client, &known) {
        match outcome.await {
            Ok(drift) => assert!(drift.is_empty(), "{operation}: {drift}"),
            Err(error) => {
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 0), "{operation}: {error}");
                refused.insert(operation);
            }
        }
    }

    assert_eq!(refused, BTreeSet::from(["CurrentUser", "CurrentUserRank", "User"]), "a client's own token has no user");
}

#[tokio::test]
async fn calls_on_users_bring_what_a_user_token_may_see() {
    let running = simulator().start_tcp("127.0.0.1:0").await.unwrap();
    let token = running.sim().issue_user_token(UserScopes { view_private_reports: true });
    let base = running.base_url();
    let user = SignedIn::with_token(DEMO_CLIENT_ID, token);
    let client = Rig::demo_builder(&base).transport(sockets()).signed_in(user).build().unwrap();
    let guild = running.sim().world().guilds[0].id;

    let user = client.current_user().await.unwrap();
    let same = client.user(user.value().id.unwrap()).await.unwrap();
    let rank = client.guild(guild).current_user_rank().await.unwrap();

    assert_eq!(user.value().name, same.value().name, "{base}");
    assert!(!user.value().guilds.as_ref().unwrap().is_empty() && !user.value().characters.as_ref().unwrap().is_empty());
    assert_eq!(rank, Some(OneOf::Known(esologs::GuildRank::Officer)));

    let drifts = ScriptedFault::new(On::Operation("CurrentUserRank".to_owned()), FaultKind::SchemaDrift);
    running.sim().set_faults(Faults::none().with(drifts));
    let rank = client.guild(guild).current_user_rank().await.unwrap();
    assert_eq!(rank, Some(OneOf::Unknown("somethingNew".to_owned())), "a rank of tomorrow");
}

#[tokio::test]
async fn what_calls_bring_is_what_the_world_holds() {
    let served = Served::of(simulator(), hasty(CallPolicy::interactive())).await;
    let (known, client, world) = (known(&served).await, &served.rig.client, served.sim().world().clone());
    let truth = world.report(known.code.as_str()).unwrap();
    let report = client.report(known.code.clone());

    let guild = world.guild(known.guild).unwrap();
    let server = world.server(guild.server_id).unwrap();
    let region = &world.region(server.region_id).unwrap().slug;
    let by_name = client.guild_by_name(&guild.name, &server.slug, region);
    assert_eq!(by_name.get().await.unwrap().value().id.get(), known.guild);
    let by_name: Vec<_> = by_name.reports().stream().try_collect().await.unwrap();
    assert_eq!(by_name, client.guild(known.guild).reports().all().await.unwrap());

    let members = client.guild(known.guild).members().per_page(10).all().await.unwrap();
    assert_eq!(members.len(), guild.member_ids.len());

    let fights = report.fights().fights([2, 3]).await.unwrap().into_value();
    assert_eq!(fights.iter().map(|fight| fight.id.get()).collect::<Vec<_>>(), [2, 3]);
    let players = report.master_data().actor_type("Player").await.unwrap().into_value();
    let expected = truth.actors.iter().filter(|actor| actor.kind == "Player").count();
    assert_eq!(players.actors.unwrap().len(), expected);

    let boss = truth.fights.iter().find(|fight| fight.kill == Some(true)).unwrap();
    let table = report.table().data_type(TableDataType::DamageDone).fight(boss.id).await.unwrap().read().unwrap();
    let data = table.data.unwrap();
    let rows: f64 = data.entries.unwrap().iter().filter_map(|entry| entry.total).sum();
    let events = report.events(EventDataType::DamageDone).fight(boss.id);
    let events: Vec<_> = events.stream().try_collect().await.unwrap();
    let amounts = events.iter().map(|event| serde_json::from_str::<serde_json::Value>(event.get()).unwrap()["amount"].clone());
    assert_eq!(rows, amounts.filter_map(|amount| amount.as_f64()).sum::<f64>());
    assert!(data.total_time.unwrap() > 0.0);

    let graph = report.graph().fight(boss.id).await.unwrap().read().unwrap().data.unwrap();
    assert!(graph.start_time.unwrap() >= ReportTime::ZERO && !graph.series.unwrap().is_empty());
    let roles = report.player_details().include_combatant_info(true).await.unwrap().read().unwrap();
    let roles = roles.data.unwrap().player_details.unwrap();
    let tank = &roles.tanks.unwrap()[0];
    assert!(tank.specs.as_ref().unwrap()[0].name().is_some());
    assert!(!tank.combatant_info.as_ref().unwrap().gear.as_ref().unwrap().is_empty());

    let best: Vec<_> = client.encounter(known.encounter).character_rankings().stream().try_collect().await.unwrap();
    assert!(best.windows(2).all(|pair| pair[0].amount >= pair[1].amount) && best.len() > 1, "{} ranks", best.len());
}

#[tokio::test]
async fn a_service_that_has_moved_on_fails_no_call_and_what_is_new_is_counted() {
    for kind in [FaultKind::StringScalars, FaultKind::NumberStrings, FaultKind::SchemaDrift] {
        let served = Served::of(simulator(), hasty(CallPolicy::interactive())).await;
        let known = known(&served).await;
        served.sim().set_faults(Faults::none().with(ScriptedFault::new(On::Api, kind).times(1_000)));
        let mut fields = BTreeSet::new();

        for Called { operation, outcome } in plainly(&served.rig.client, &known) {
            let drift = match outcome.await {
                Ok(drift) => drift,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Auth, "{kind}: {operation}: {error}");
                    continue;
                }
            };
            assert_eq!(drift.unreadable().len(), 0, "{kind}: {operation}: {drift}");
            fields.extend(drift.unknown_fields().keys().cloned());
        }

        if kind == FaultKind::SchemaDrift {
            assert!(fields.len() > 10 && fields.iter().all(|field| field.ends_with(".introducedLater")), "{fields:?}");
        } else {
            assert_eq!(fields.len(), 0, "{kind}: {fields:?}");
        }
    }
}
