//! A guild whose lists, reports and events are written by the test, to the letter.

use std::collections::BTreeMap;
use std::path::Path;

use esologs::CallPolicy;
use esologs::pull::{Pull, Summary};
use serde_json::{Value, json as value};

use super::wire::{GUILD, operation_of};
use crate::support::{Reply, Rig, Script, Seen, To, json, status};

/// A finished report's times, long past on the clock of a [`Rig`].
const START: u64 = 1_771_000_000_000;
const END: u64 = 1_771_000_600_000;

/// The fields of a fight that the API may leave empty.
const OF_A_FIGHT: [&str; 30] = [
    "encounterID",
    "originalEncounterID",
    "difficulty",
    "size",
    "kill",
    "bossPercentage",
    "fightPercentage",
    "inProgress",
    "completeRaid",
    "averageItemLevel",
    "lastPhase",
    "lastPhaseAsAbsoluteIndex",
    "lastPhaseIsIntermission",
    "wipeCalledTime",
    "trialScore",
    "trialTime",
    "friendlyPlayers",
    "enemyPlayers",
    "friendlyNPCs",
    "enemyNPCs",
    "friendlyPets",
    "enemyPets",
    "phaseTransitions",
    "maps",
    "gameZone",
    "boundingBox",
    "name",
    "startTime",
    "endTime",
    "id",
];

/// A list of no entries that is the last page of events.
const NO_EVENTS: &str = r#"{"data":[],"nextPageTimestamp":null}"#;

/// The guild.
#[derive(Default)]
pub(super) struct FakeGuild {
    pages: Vec<Vec<Value>>,
    reports: BTreeMap<String, String>,
    events: BTreeMap<String, String>,
}

impl FakeGuild {
    /// A guild without reports.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The next page of the list, with a report of one fight behind each entry.
    pub(super) fn page(mut self, codes: &[&str]) -> Self {
        self.pages.push(codes.iter().map(|code| listed(code)).collect());
        for code in codes {
            self.reports.entry((*code).to_owned()).or_insert_with(|| report(code, &format!("[{}]", fight(1)), MASTER_DATA));
        }
        self
    }

    /// One more entry on the last page, whatever it is.
    pub(super) fn entry(mut self, entry: Value) -> Self {
        self.pages.last_mut().unwrap().push(entry);
        self
    }

    /// A report's JSON.
    pub(super) fn report(mut self, code: &str, json: String) -> Self {
        self.reports.insert(code.to_owned(), json);
        self
    }

    /// The JSON of `events` of a report, for every kind of events.
    pub(super) fn events(mut self, code: &str, json: &str) -> Self {
        self.events.insert(code.to_owned(), json.to_owned());
        self
    }

    /// Serves it.
    pub(super) fn serve(self) -> Script {
        Script::new().api_by(move |seen| self.answer(seen))
    }

    pub(super) fn answer(&self, seen: &Seen) -> Reply {
        let (operation, variables) = operation_of(&seen.body);
        let code = variables["code"].as_str().unwrap_or_default();
        let in_report_data = |json: String| status(200).body(format!(r#"{{"data":{{"reportData":{{{json}}}}}}}"#));
        match operation.as_str() {
            "Guild" => json(value!({"data": {"guildData": {"guild": {"id": GUILD, "name": "Lanterns"}}}})),
            "GuildReports" => json(value!({"data": {"reportData": {"reports": self.list(&variables)}}})),
            "Report" => in_report_data(format!(r#""report":{}"#, self.reports.get(code).map_or("null", String::as_str))),
            "ReportEvents" => {
                let events = self.events.get(code).map_or(NO_EVENTS, String::as_str);
                in_report_data(format!(r#""report":{{"events":{events}}}"#))
            }
            other => panic!("the pull asks for {other}"),
        }
    }

    fn list(&self, variables: &Value) -> Value {
        let number = usize::try_from(variables["page"].as_u64().unwrap()).unwrap();
        let total: usize = self.pages.iter().map(Vec::len).sum();
        let last = self.pages.len().max(1);
        let data = self.pages.get(number - 1).cloned().unwrap_or_default();
        value!({
            "data": data, "total": total, "per_page": 100, "current_page": number, "from": 1, "to": total,
            "last_page": last, "has_more_pages": number < last,
        })
    }
}

pub(super) const MASTER_DATA: &str = r#"{"logVersion":15,"gameVersion":1,"lang":"en","actors":[],"abilities":[]}"#;

/// An entry of the list.
pub(super) fn listed(code: &str) -> Value {
    value!({
        "code": code, "title": "Tuesday", "startTime": START, "endTime": END, "revision": 3, "segments": 1, "visibility": "public",
        "archiveStatus": {"isArchived": false, "isAccessible": true, "archiveDate": null}, "zone": null, "owner": null,
    })
}

/// A report's JSON with these fights and this master data.
pub(super) fn report(code: &str, fights: &str, master_data: &str) -> String {
    let start = format!(r#"{{"code":"{code}","title":"Tuesday","startTime":{START},"endTime":{END},"revision":3,"segments":1,"#);
    let end = r#""exportedSegments":1,"visibility":"public","archiveStatus":null,"zone":null,"region":null,"owner":null,"guild":null,"guildTag":null"#;
    format!(r#"{start}{end},"masterData":{master_data},"fights":{fights}}}"#)
}

/// A fight's JSON.
pub(super) fn fight(id: u64) -> String {
    let fields = OF_A_FIGHT.map(|field| match field {
        "id" => format!(r#""id":{id}"#),
        other => format!(r#""{other}":null"#),
    });
    format!("{{{}}}", fields.join(","))
}

/// A pull of the fake guild.
pub(super) fn pull(script: &Script, folder: &Path) -> Pull {
    Pull::guild(Rig::new(script.clone(), CallPolicy::batch()).client, GUILD, folder)
}

pub(super) async fn pulled(script: &Script, folder: &Path) -> Summary {
    pull(script, folder).run(|_| {}).await.unwrap()
}

/// The operations that the fake guild was asked for, with the reports they were about.
pub(super) fn asked(script: &Script) -> Vec<String> {
    let label = |seen: Seen| {
        let (operation, variables) = operation_of(&seen.body);
        variables["code"].as_str().map_or(operation.clone(), |code| format!("{operation} {code}"))
    };
    script.seen_by(To::Api).into_iter().map(label).collect()
}
