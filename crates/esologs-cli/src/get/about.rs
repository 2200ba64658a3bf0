//! What a call is about: a report, a guild, a number, said on the command line.

use std::fmt::Display;
use std::str::FromStr;

use clap::{Arg, ArgMatches, Command};
use esologs::{CharacterCalls, Client, EncounterCalls, EncounterId, Endpoint, GuildCalls, ReportCalls, ReportRef, ServerCalls};

use crate::exit::Exit;
use crate::failure::Failure;

/// The arguments that a call cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Nothing,
    Report,
    Guild,
    GuildNumber,
    Character,
    CharacterAtEncounter,
    Server,
    Encounter,
    Zone,
    Expansion,
    Region,
    Subregion,
    Ability,
    Item,
    ItemSet,
    Class,
    Map,
    Npc,
    User,
}

const SUBJECT: &str = "about";
const ENCOUNTER: &str = "about.encounter";
const SLUG: &str = "about.server_slug";
const REGION: &str = "about.server_region";

impl Kind {
    /// Name and help of the argument; `None` where there is none.
    fn argument(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Nothing => return None,
            Self::Report => (
                "REPORT",
                "Code of the report, or the address of its page; a fight in the address (?fight=17, #fight=last) counts",
            ),
            Self::Guild => ("GUILD", "Number of the guild, or its name together with --server-slug and --server-region"),
            Self::GuildNumber => ("GUILD", "Number of the guild"),
            Self::Character | Self::CharacterAtEncounter => {
                ("CHARACTER", "Number of the character, or its name together with --server-slug and --server-region")
            }
            Self::Server => ("SERVER", "Number of the server, or its slug together with --server-region"),
            Self::Encounter => ("ENCOUNTER", "Number of the encounter; 'esologs get zones' lists them"),
            Self::Zone => ("ZONE", "Number of the zone; 'esologs get zones' lists them"),
            Self::Expansion => ("EXPANSION", "Number of the expansion"),
            Self::Region => ("REGION", "Number of the region"),
            Self::Subregion => ("SUBREGION", "Number of the part of a region"),
            Self::Ability => ("ABILITY", "Number of the ability"),
            Self::Item => ("ITEM", "Number of the item"),
            Self::ItemSet => ("SET", "Number of the item set"),
            Self::Class => ("CLASS", "Number of the class"),
            Self::Map => ("MAP", "Number of the map"),
            Self::Npc => ("NPC", "Number of the NPC"),
            Self::User => ("USER", "Number of the user"),
        })
    }

    /// Adds the arguments to a command.
    pub(crate) fn add_to(self, mut command: Command) -> Command {
        let Some((name, help)) = self.argument() else { return command };
        command = command.arg(Arg::new(SUBJECT).value_name(name).required(true).allow_negative_numbers(true).help(help));
        if self == Self::CharacterAtEncounter {
            let help = "Number of the encounter; 'esologs get zones' lists them";
            command =
                command.arg(Arg::new(ENCOUNTER).value_name("ENCOUNTER").required(true).allow_negative_numbers(true).help(help));
        }
        if matches!(self, Self::Guild | Self::Character | Self::CharacterAtEncounter) {
            let help = "Slug of the server of what is named, as in addresses (megaserver)";
            command = command.arg(Arg::new(SLUG).long("server-slug").value_name("SLUG").requires(REGION).help(help));
        }
        if matches!(self, Self::Guild | Self::Character | Self::CharacterAtEncounter | Self::Server) {
            let help = "Slug of the region of what is named (NA, EU)";
            let region = Arg::new(REGION).long("server-region").value_name("SLUG").help(help);
            command = command.arg(if self == Self::Server { region } else { region.requires(SLUG) });
        }
        command
    }
}

/// What a call is about, as it was said.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    subject: String,
    encounter: String,
    server_slug: Option<String>,
    server_region: Option<String>,
    report: Option<ReportRef>,
}

impl About {
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        // Each kind has only some of them.
        let said = |id: &str| matches.try_get_one::<String>(id).ok().flatten().cloned();
        Self {
            subject: said(SUBJECT).unwrap_or_default(),
            encounter: said(ENCOUNTER).unwrap_or_default(),
            server_slug: said(SLUG),
            server_region: said(REGION),
            report: None,
        }
    }

    /// About what has this number or code.
    pub(crate) fn named(subject: String) -> Self {
        Self { subject, ..Self::default() }
    }

    /// Reads the report's code or address, as the site of this endpoint has them.
    pub(crate) fn read_report(&mut self, endpoint: &Endpoint) -> Result<(), Failure> {
        self.report = Some(ReportRef::on(endpoint, &self.subject)?);
        Ok(())
    }

    /// The report with the fight that its address named.
    pub(crate) fn report_ref(&self) -> Option<&ReportRef> {
        self.report.as_ref()
    }

    pub(crate) fn report(&self, client: &Client) -> Result<ReportCalls, Failure> {
        match &self.report {
            Some(report) => Ok(client.report(report.code().clone())),
            None => Ok(client.report_at(&self.subject)?),
        }
    }

    pub(crate) fn id<T: FromStr<Err: Display>>(&self) -> Result<T, Failure> {
        self.subject.parse().map_err(|error: T::Err| Failure::usage(error.to_string()))
    }

    pub(crate) fn guild(&self, client: &Client) -> Result<GuildCalls, Failure> {
        match self.place() {
            Some((slug, region)) => Ok(client.guild_by_name(&self.subject, slug, region)),
            None => Ok(client.guild(self.id::<esologs::GuildId>().map_err(|failure| by_name(failure, "guild"))?)),
        }
    }

    pub(crate) fn character(&self, client: &Client) -> Result<CharacterCalls, Failure> {
        match self.place() {
            Some((slug, region)) => Ok(client.character_by_name(&self.subject, slug, region)),
            None => Ok(client.character(self.id::<esologs::CharacterId>().map_err(|failure| by_name(failure, "character"))?)),
        }
    }

    pub(crate) fn server(&self, client: &Client) -> Result<ServerCalls, Failure> {
        match &self.server_region {
            Some(region) => Ok(client.server_by_slug(region, &self.subject)),
            None => {
                Ok(client.server(self.id::<esologs::ServerId>().map_err(|failure| {
                    failure.with_hint("a server can be named by its slug, together with --server-region NA")
                })?))
            }
        }
    }

    pub(crate) fn at_encounter(&self, client: &Client) -> Result<EncounterCalls, Failure> {
        Ok(client.encounter(self.id::<EncounterId>()?))
    }

    pub(crate) fn encounter(&self) -> Result<EncounterId, Failure> {
        Ok(self.encounter.parse::<EncounterId>()?)
    }

    /// A failure about something that is named by its server, with where the slugs are found.
    pub(crate) fn explained(&self, failure: Failure) -> Failure {
        match (failure.exit(), &self.server_region) {
            (Exit::NotFound, Some(_)) => failure.with_hint(
                "names count without capitals, but servers and regions by their slugs: esologs get regions, esologs get region-servers",
            ),
            _ => failure,
        }
    }

    /// Slug and region of the server, where something is named by its name.
    fn place(&self) -> Option<(&str, &str)> {
        self.server_slug.as_deref().zip(self.server_region.as_deref())
    }

    /// Something of this kind, for tests.
    #[cfg(test)]
    pub(crate) fn example(kind: Kind) -> Self {
        let subject = if kind == Kind::Report { "xb7TKHXR8DJByp4Q" } else { "7" };
        Self { subject: subject.to_owned(), encounter: "7".to_owned(), ..Self::default() }
    }
}

fn by_name(failure: Failure, what: &str) -> Failure {
    failure.with_hint(format!("a {what} can be named, together with its server: --server-slug megaserver --server-region NA"))
}
