//! What can be got: each call of the API, under the name it has on the command line.

use esologs::{
    AbilityId, AnyCall, ClassId, Client, EventDataType, ExpansionId, GuildId, ItemId, ItemSetId, MapId, NpcId, RateLimit,
    RegionId, SubregionId, UserId, ZoneId,
};

use super::about::{About, Kind};
use crate::failure::Failure;

/// A call that is ready to be given its arguments.
pub(crate) type Call = Box<dyn AnyCall>;

/// Something that can be got: one call of the library's catalogue.
#[derive(Debug)]
pub(crate) struct What {
    pub(crate) name: &'static str,
    /// The call's name in the catalogue.
    pub(crate) operation: &'static str,
    /// What it is about: the arguments that have to be said.
    pub(crate) kind: Kind,
    /// In a few words, for the help.
    pub(crate) brief: &'static str,
    pub(crate) make: fn(&Client, &About) -> Result<Call, Failure>,
}

/// Things of one kind, under a heading of the help.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) heading: &'static str,
    pub(crate) things: &'static [What],
}

/// `"name" = "Operation", Kind, "brief": |client, about| call;`
macro_rules! things {
    ($( $name:literal = $operation:literal, $kind:ident, $brief:literal: |$client:ident, $about:tt| $call:expr; )+) => {
        &[$( What {
            name: $name,
            operation: $operation,
            kind: Kind::$kind,
            brief: $brief,
            make: |$client, $about| Ok(Box::new($call)),
        }, )+]
    };
}

/// Everything, in the order of the help.
pub(crate) const GROUPS: &[Group] = &[
    Group {
        heading: "Reports",
        things: things! {
            "report" = "Report", Report, "a report with its fights, actors and abilities": |client, about| about.report(client)?;
            "reports" = "Reports", Nothing, "reports of a guild, a user, a zone or a span of time": |client, _| client.reports();
            "fights" = "ReportFights", Report, "the fights of a report": |client, about| about.report(client)?.fights();
            "events" = "ReportEvents", Report, "what happened in a report, event by event":
                |client, about| about.report(client)?.events(EventDataType::All);
            "table" = "ReportTable", Report, "sums of a report: damage, healing, deaths, buffs": |client, about| about.report(client)?.table();
            "graph" = "ReportGraph", Report, "the same over time": |client, about| about.report(client)?.graph();
            "rankings" = "ReportRankings", Report, "the parses of a report's kills": |client, about| about.report(client)?.rankings();
            "player-details" = "ReportPlayerDetails", Report, "the players of a report by role, with gear where asked for":
                |client, about| about.report(client)?.player_details();
            "master-data" = "ReportMasterData", Report, "actors and abilities of a report": |client, about| about.report(client)?.master_data();
            "phases" = "ReportPhases", Report, "the phases of a report's encounters": |client, about| about.report(client)?.phases();
            "ranked-characters" = "ReportRankedCharacters", Report, "the characters with ranked kills in a report":
                |client, about| about.report(client)?.ranked_characters();
        },
    },
    Group {
        heading: "Guilds",
        things: things! {
            "guild" = "Guild", Guild, "a guild": |client, about| about.guild(client)?;
            "guilds" = "Guilds", Nothing, "guilds, of one server or of all": |client, _| client.guilds();
            "guild-reports" = "GuildReports", Guild, "a guild's reports, newest first": |client, about| about.guild(client)?.reports();
            "attendance" = "GuildAttendance", Guild, "who was there, report by report": |client, about| about.guild(client)?.attendance();
            "members" = "GuildMembers", Guild, "a guild's characters": |client, about| about.guild(client)?.members();
            "guild-ranking" = "GuildZoneRanking", Guild, "a guild's places in a zone": |client, about| about.guild(client)?.zone_ranking();
            "guild-rank" = "CurrentUserRank", Guild, "your own rank in a guild (user tokens only)":
                |client, about| about.guild(client)?.current_user_rank();
        },
    },
    Group {
        heading: "Characters",
        things: things! {
            "character" = "Character", Character, "a character": |client, about| about.character(client)?;
            "characters" = "Characters", GuildNumber, "the characters of a guild, as the site lists them": |client, about| client.characters(about.id::<GuildId>()?);
            "character-reports" = "CharacterReports", Character, "the reports that a character was in":
                |client, about| about.character(client)?.recent_reports();
            "encounter-rankings" = "CharacterEncounterRankings", CharacterAtEncounter, "a character's ranked kills of an encounter":
                |client, about| about.character(client)?.encounter_rankings(about.encounter()?);
            "zone-rankings" = "CharacterZoneRankings", Character, "a character's best kills in a zone":
                |client, about| about.character(client)?.zone_rankings();
            "game-data" = "CharacterGameData", Character, "what the game's own service tells of a character":
                |client, about| about.character(client)?.game_data();
        },
    },
    Group {
        heading: "Rankings and races",
        things: things! {
            "character-rankings" = "EncounterCharacterRankings", Encounter, "the best characters of an encounter":
                |client, about| about.at_encounter(client)?.character_rankings();
            "fight-rankings" = "EncounterFightRankings", Encounter, "the best fights of an encounter":
                |client, about| about.at_encounter(client)?.fight_rankings();
            "progress-race" = "ProgressRace", Nothing, "the standing of a race to a first kill": |client, _| client.progress_race();
            "detailed-composition" = "DetailedComposition", Nothing, "the group of one guild in a race": |client, _| client.detailed_composition();
        },
    },
    Group {
        heading: "The world",
        things: things! {
            "world" = "World", Nothing, "expansions, regions and zones in one answer": |client, _| client.world();
            "zone" = "Zone", Zone, "a zone with its encounters": |client, about| client.zone(about.id::<ZoneId>()?);
            "zones" = "Zones", Nothing, "the zones with their encounters": |client, _| client.zones();
            "encounter" = "Encounter", Encounter, "an encounter": |client, about| about.at_encounter(client)?;
            "expansion" = "Expansion", Expansion, "an expansion": |client, about| client.expansion(about.id::<ExpansionId>()?);
            "expansions" = "Expansions", Nothing, "the expansions": |client, _| client.expansions();
            "region" = "Region", Region, "a region": |client, about| client.region(about.id::<RegionId>()?);
            "regions" = "Regions", Nothing, "the regions": |client, _| client.regions();
            "region-servers" = "RegionServers", Region, "the servers of a region":
                |client, about| client.region(about.id::<RegionId>()?).servers();
            "subregion" = "Subregion", Subregion, "a part of a region": |client, about| client.subregion(about.id::<SubregionId>()?);
            "subregion-servers" = "SubregionServers", Subregion, "the servers of a part of a region":
                |client, about| client.subregion(about.id::<SubregionId>()?).servers();
            "server" = "Server", Server, "a server": |client, about| about.server(client)?;
            "server-guilds" = "ServerGuilds", Server, "the guilds of a server": |client, about| about.server(client)?.guilds();
            "server-characters" = "ServerCharacters", Server, "the characters of a server": |client, about| about.server(client)?.characters();
        },
    },
    Group {
        heading: "The game",
        things: things! {
            "ability" = "Ability", Ability, "an ability": |client, about| client.ability(about.id::<AbilityId>()?);
            "abilities" = "Abilities", Nothing, "the abilities": |client, _| client.abilities();
            "item" = "Item", Item, "an item": |client, about| client.item(about.id::<ItemId>()?);
            "items" = "Items", Nothing, "the items": |client, _| client.items();
            "item-set" = "ItemSet", ItemSet, "an item set": |client, about| client.item_set(about.id::<ItemSetId>()?);
            "item-sets" = "ItemSets", Nothing, "the item sets": |client, _| client.item_sets();
            "class" = "Class", Class, "a class": |client, about| client.class(about.id::<ClassId>()?);
            "classes" = "Classes", Nothing, "the classes": |client, _| client.classes();
            "factions" = "Factions", Nothing, "the factions (alliances)": |client, _| client.factions();
            "map" = "Map", Map, "a map": |client, about| client.map(about.id::<MapId>()?);
            "maps" = "Maps", Nothing, "the maps": |client, _| client.maps();
            "npc" = "Npc", Npc, "an NPC": |client, about| client.npc(about.id::<NpcId>()?);
            "npcs" = "Npcs", Nothing, "the NPCs": |client, _| client.npcs();
        },
    },
    Group {
        heading: "Users and points",
        things: things! {
            "user" = "User", User, "a user of the site (user tokens only)": |client, about| client.user(about.id::<UserId>()?);
            "current-user" = "CurrentUser", Nothing, "the user whose token it is (user tokens only)": |client, _| client.current_user();
            "rate-limit" = "RateLimit", Nothing, "the points of this hour": |client, _| RateLimit::of(client);
        },
    },
];

/// Everything.
pub(crate) fn all() -> impl Iterator<Item = &'static What> {
    GROUPS.iter().flat_map(|group| group.things)
}

/// What has this name.
pub(crate) fn named(name: &str) -> Option<&'static What> {
    all().find(|what| what.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use esologs::{Credentials, catalogue};

    use super::*;
    use crate::get::about::About;

    #[test]
    fn every_call_of_the_catalogue_can_be_got_and_each_name_is_one_call() {
        let names: BTreeSet<&str> = all().map(|what| what.name).collect();
        let operations: BTreeSet<&str> = all().map(|what| what.operation).collect();
        let catalogue: BTreeSet<&str> = catalogue::calls().iter().map(|call| call.operation).collect();

        assert_eq!(operations, catalogue);
        assert_eq!((names.len(), all().count()), (catalogue.len(), catalogue.len()), "no name and no call stands there twice");
    }

    #[tokio::test]
    async fn each_makes_the_call_that_it_names() {
        let client = Client::builder().credentials(Credentials::new("id", "secret").unwrap()).build().unwrap();

        for what in all() {
            let about = About::example(what.kind);
            let call = (what.make)(&client, &about).unwrap_or_else(|failure| panic!("{}: {failure:?}", what.name));
            assert_eq!(call.info().operation, what.operation, "{}", what.name);
        }
    }
}
