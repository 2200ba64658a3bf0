//! `guildData`: a guild, and the list of its reports.

use futures_core::Stream;

use super::found::{At, Found, place};
use super::model::model;
use super::page::Page;
use super::reports::{Region, Report};
use super::verbatim::Verbatim;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::{GuildId, ServerId};
use crate::query::{Operation, documents};
use crate::units::UnixMillis;

model! {
    /// A guild.
    pub struct Guild {
        [
            /// The guild's number.
            id: GuildId = "id",
        ]
        /// The guild's name.
        name: String = "name",
        /// What the guild says of itself.
        description: String = "description",
        /// Whether the guild hides its reports until a race is over.
        competition_mode: bool = "competitionMode",
        /// Whether the guild's reports and its name are hidden.
        stealth_mode: bool = "stealthMode",
        /// The guild's faction.
        faction: GuildFaction = "faction",
        /// The server the guild plays on.
        server: GuildServer = "server",
        /// The guild's tags for its reports (teams).
        tags: Vec<GuildTag> = "tags",
    }
}

model! {
    /// A faction of the game.
    pub struct GuildFaction {
        /// The faction's number.
        id: i64 = "id",
        /// The faction's name.
        name: String = "name",
    }
}

model! {
    /// A game server.
    pub struct GuildServer {
        /// The server's number.
        id: ServerId = "id",
        /// The server's name.
        name: String = "name",
        /// The server's name in addresses.
        slug: String = "slug",
        /// The region of the server.
        region: Region = "region",
    }
}

model! {
    /// A tag that a guild puts on reports, for instance the name of a team.
    pub struct GuildTag {
        /// The tag's number.
        id: i64 = "id",
        /// The tag's name.
        name: String = "name",
    }
}

/// The calls on one guild; made by [`Client::guild`].
#[derive(Debug, Clone)]
pub struct GuildCalls {
    client: Client,
    id: GuildId,
}

impl Client {
    /// The calls on the guild with this number. Sends nothing yet.
    #[must_use]
    pub fn guild(&self, id: impl Into<GuildId>) -> GuildCalls {
        GuildCalls { client: self.clone(), id: id.into() }
    }
}

place!(TheGuild = "guildData" / "guild");
place!(TheReports = "reportData" / "reports");

impl GuildCalls {
    /// The guild itself, with the JSON it was read from.
    ///
    /// # Errors
    /// [`ErrorKind::NotVisible`] where the service knows no guild of this number; otherwise those of every call.
    pub async fn get(&self) -> Result<Verbatim<Guild>, Error> {
        let operation = Operation::new("Guild", &documents::GUILD).with("id", self.id.get());
        match self.client.call::<At<TheGuild, _>>(operation).await?.data.found {
            Found::Value(guild) => Ok(guild),
            Found::Null { .. } => {
                Err(Error::new(ErrorKind::NotVisible, format!("there is no guild {} that this key can see", self.id))
                    .with_hint("the number stands in the guild's address: https://www.esologs.com/guild/id/NUMBER"))
            }
        }
    }

    /// The list of the guild's reports, newest first.
    #[must_use]
    pub fn reports(&self) -> GuildReports {
        GuildReports { client: self.client.clone(), id: self.id, since: None, until: None, per_page: GuildReports::MAX_PER_PAGE }
    }
}

/// The list of a guild's reports; made by [`GuildCalls::reports`].
#[derive(Debug, Clone)]
pub struct GuildReports {
    client: Client,
    id: GuildId,
    since: Option<UnixMillis>,
    until: Option<UnixMillis>,
    per_page: u32,
}

impl GuildReports {
    /// The most entries that the API puts on a page.
    pub const MAX_PER_PAGE: u32 = 100;
    /// The most pages that are followed: a bound against a list without an end. 100,000 reports.
    pub const MAX_PAGES: u64 = 1_000;

    /// Only reports that start at or after this moment.
    #[must_use]
    pub fn since(mut self, since: Option<UnixMillis>) -> Self {
        self.since = since;
        self
    }

    /// Only reports that start before this moment.
    #[must_use]
    pub fn until(mut self, until: Option<UnixMillis>) -> Self {
        self.until = until;
        self
    }

    /// Entries on a page, 1 to 100. Default 100. More is cut to 100.
    #[must_use]
    pub fn per_page(mut self, entries: u32) -> Self {
        self.per_page = entries.clamp(1, Self::MAX_PER_PAGE);
        self
    }

    /// One page, counted from 1.
    ///
    /// # Errors
    /// [`ErrorKind::NotVisible`] where the list is not shown to this key; otherwise those of every call.
    pub async fn page(&self, page: u64) -> Result<Page<Report>, Error> {
        let operation = Operation::new("GuildReports", &documents::GUILD_REPORTS)
            .with("guildID", self.id.get())
            .with_some("startTime", self.since.map(UnixMillis::get))
            .with_some("endTime", self.until.map(UnixMillis::get))
            .with("limit", self.per_page)
            .with("page", page);
        match self.client.call::<At<TheReports, _>>(operation).await?.data.found {
            Found::Value(page) => Ok(page),
            Found::Null { .. } => {
                let message = format!("the reports of guild {} are not visible to this key", self.id);
                Err(Error::new(ErrorKind::NotVisible, message))
            }
        }
    }

    /// All pages, one after the other.
    ///
    /// The stream ends with an error of kind [`ErrorKind::CursorStuck`] where the service answers with another page than
    /// the one asked for, says that more follow an empty or the last page, or has more than [`MAX_PAGES`](Self::MAX_PAGES).
    pub fn pages(&self) -> impl Stream<Item = Result<Page<Report>, Error>> + Send + use<> {
        let list = self.clone();
        futures_util::stream::try_unfold(Some(1), move |next: Option<u64>| {
            let list = list.clone();
            async move {
                let Some(number) = next else { return Ok(None) };
                let page = list.page(number).await?;
                let stuck = |why: String| Err(Error::new(ErrorKind::CursorStuck, format!("reports of guild {}: {why}", list.id)));
                if page.current_page != number {
                    return stuck(format!("page {number} was asked for, page {} came", page.current_page));
                }
                if page.has_more_pages && (page.data.is_empty() || number >= page.last_page) {
                    return stuck(format!("page {number} of {} says that more follow", page.last_page));
                }
                if page.has_more_pages && number >= Self::MAX_PAGES {
                    return stuck(format!("no end after {number} pages"));
                }
                let next = page.has_more_pages.then_some(number + 1);
                Ok(Some((page, next)))
            }
        })
    }
}
