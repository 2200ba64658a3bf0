//! A report: what was recorded when, by whom, and who took part.

use super::fight::Fight;
use crate::api::guilds::{Guild, GuildTag};
use crate::api::model::model;
use crate::api::users::User;
use crate::api::world_data::{Region, Zone};
use crate::ids::{ActorId, ReportCode};
use crate::units::UnixMillis;

model! {
    /// A report. Which fields are there depends on the query: a list asks for fewer than [`Client::report`](crate::Client::report).
    pub struct Report {
        [
            /// The report's code.
            code: ReportCode = "code",
        ]
        /// The title its owner gave it.
        title: String = "title",
        /// When the recording began.
        start_time: UnixMillis = "startTime",
        /// The end of the last thing recorded; moves while the report is live.
        end_time: UnixMillis = "endTime",
        /// Grows when the report is exported anew.
        revision: i64 = "revision",
        /// Parts uploaded so far; grows while the report is live.
        segments: i64 = "segments",
        /// Parts processed so far.
        exported_segments: i64 = "exportedSegments",
        /// `public`, `private` or `unlisted`.
        visibility: String = "visibility",
        /// Whether the report is archived, and whether this key can still read it.
        archive_status: ArchiveStatus = "archiveStatus",
        /// The main zone.
        zone: Zone = "zone",
        /// The region it was recorded in.
        region: Region = "region",
        /// Who uploaded it.
        owner: User = "owner",
        /// The guild it belongs to.
        guild: Guild = "guild",
        /// The guild's tag on it.
        guild_tag: GuildTag = "guildTag",
        /// Who and what appears in the report.
        master_data: MasterData = "masterData",
        /// The fights, in order of time.
        fights: Vec<Fight> = "fights",
    }
}

model! {
    /// Whether a report is archived. Reports older than about two years are; they need a user token with a subscription.
    pub struct ArchiveStatus {
        /// Whether it is archived.
        is_archived: bool = "isArchived",
        /// Whether this key can read it all the same.
        is_accessible: bool = "isAccessible",
        /// When it was or will be archived, in seconds since 1970.
        archive_date: i64 = "archiveDate",
    }
}

model! {
    /// Who and what appears in a report: what the numbers in its events mean.
    pub struct MasterData {
        /// Version of the log format.
        log_version: i64 = "logVersion",
        /// Version of the game.
        game_version: i64 = "gameVersion",
        /// Language of the log.
        lang: String = "lang",
        /// Players, pets and enemies.
        actors: Vec<ReportActor> = "actors",
        /// Abilities.
        abilities: Vec<ReportAbility> = "abilities",
    }
}

model! {
    /// A player, pet or enemy of a report.
    pub struct ReportActor {
        /// The number that events use.
        id: ActorId = "id",
        /// The game's own number.
        game_id: f64 = "gameID",
        /// The name in the game.
        name: String = "name",
        /// `Player`, `NPC` or `Pet`.
        kind: String = "type",
        /// A player's class, `Boss` or `NPC` for an enemy.
        sub_type: String = "subType",
        /// A player's server.
        server: String = "server",
        /// The owner of a pet.
        pet_owner: ActorId = "petOwner",
        /// Name of the icon.
        icon: String = "icon",
        /// The account's name (`@name`).
        display_name: String = "displayName",
        /// Whether the player hides the name.
        anonymous: bool = "anonymous",
    }
}

model! {
    /// An ability of a report.
    pub struct ReportAbility {
        /// The game's own number, as `abilityGameID` of events.
        game_id: f64 = "gameID",
        /// The ability's name.
        name: String = "name",
        /// Name of the icon.
        icon: String = "icon",
        /// The kind of damage, a number in a string.
        kind: String = "type",
    }
}
