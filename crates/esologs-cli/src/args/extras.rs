//! What a pull fetches beside fights, actors and events.

use clap::Args;
use esologs::pull::{Choices, ReportExtra};

#[derive(Debug, Args)]
pub(crate) struct ExtraArgs {
    /// Fetches the players of each report by role, with gear and skills, too: a request for each report
    #[arg(long)]
    pub(crate) player_details: bool,

    /// Fetches the parses of each report's kills, as they are then, too: a request for each report
    #[arg(long)]
    pub(crate) rankings: bool,

    /// Fetches the site's summary of each fight, too: a request for each fight
    #[arg(long)]
    pub(crate) tables: bool,

    /// Fetches events with health, magicka and place of source and target, 1.7 times as large
    #[arg(long)]
    pub(crate) include_resources: bool,

    /// Fetches who was there in all of the guild's reports, too: a request for each hundred reports
    #[arg(long)]
    pub(crate) attendance: bool,
}

impl ExtraArgs {
    /// What a pull was asked for.
    pub(crate) fn of(choices: &Choices) -> Self {
        let has = |extra| choices.extras.contains(&extra);
        Self {
            player_details: has(ReportExtra::PlayerDetails),
            rankings: has(ReportExtra::Rankings),
            tables: has(ReportExtra::Tables),
            include_resources: choices.include_resources,
            attendance: choices.attendance,
        }
    }

    /// Their names, as they were asked for.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let of_reports = self.chosen().into_iter().map(ReportExtra::name);
        let others = [(self.attendance, "attendance"), (self.include_resources, "include-resources")];
        of_reports.chain(others.into_iter().filter(|(is_chosen, _)| *is_chosen).map(|(_, name)| name)).collect()
    }

    /// Those of each report that were asked for.
    pub(crate) fn chosen(&self) -> Vec<ReportExtra> {
        let all = [
            (self.player_details, ReportExtra::PlayerDetails),
            (self.rankings, ReportExtra::Rankings),
            (self.tables, ReportExtra::Tables),
        ];
        all.into_iter().filter(|(is_chosen, _)| *is_chosen).map(|(_, extra)| extra).collect()
    }
}
