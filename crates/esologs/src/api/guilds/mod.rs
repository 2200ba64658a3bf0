//! `guildData`: a guild, its reports, members and attendance.

mod calls;
mod models;

pub use calls::{CurrentUserRank, GuildAttendanceList, GuildCalls, GuildList, GuildMembers, GuildReports, GuildZoneRankingCall};
pub use models::{Guild, GuildAttendance, GuildTag, GuildZoneRankings, PlayerAttendance, Rank, RankPositions};

use super::catalogue::CallInfo;

/// The calls under this root field.
pub(super) fn calls() -> Vec<CallInfo> {
    vec![
        GuildCalls::info(),
        GuildReports::info(),
        GuildAttendanceList::info(),
        GuildMembers::info(),
        GuildZoneRankingCall::info(),
        CurrentUserRank::info(),
        GuildList::info(),
    ]
}
