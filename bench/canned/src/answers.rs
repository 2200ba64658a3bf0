//! Every answer of the server, as the bytes that go out: status line, headers and body.

use std::collections::HashMap;

use fastrand::Rng;

use super::append_event;

/// The guild of the canned world.
pub const GUILD: i64 = 3468;

/// A moment long past, so that every report counts as finished.
const FIRST_REPORT: u64 = 1_760_000_000_000;
const DAY_MS: u64 = 86_400_000;
/// Report time that a page covers.
pub const PAGE_MS: u64 = 100_000;
/// More points than the fastest client may spend: every call on its way, and of the last 5 s, is set aside.
const BUDGET: &str = r#""rateLimitData":{"limitPerHour":18000000000,"pointsSpentThisHour":123.5,"pointsResetIn":1800}"#;

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Of the guild.
    pub reports: usize,
    /// Of events.
    pub pages_per_report: usize,
    /// The same number on each.
    pub events_per_page: usize,
}

impl World {
    /// Enough for answers without events.
    pub const SMALL: Self = Self { reports: 1, pages_per_report: 1, events_per_page: 1 };

    /// All events of all reports.
    pub fn events(self) -> usize {
        self.reports * self.pages_per_report * self.events_per_page
    }

    /// The codes of the reports.
    pub fn codes(self) -> impl Iterator<Item = String> {
        (0..self.reports).map(|number| format!("cannedReport{number:04}"))
    }

    fn seed(self, report: usize, page: usize) -> u64 {
        (report * self.pages_per_report + page) as u64
    }

    /// The events of a page, one JSON text after the other, each followed by `between`.
    fn events_of(self, report: usize, page: usize, between: char) -> String {
        let mut rng = Rng::with_seed(self.seed(report, page));
        let mut text = String::with_capacity(self.events_per_page * 400);
        for number in 0..self.events_per_page {
            let time = page as u64 * PAGE_MS + number as u64 * PAGE_MS / self.events_per_page as u64;
            append_event(&mut text, time, &mut rng);
            text.push(between);
        }
        text
    }

    /// The file of events that a pull has to write for a report.
    pub fn lines(self, report: usize) -> String {
        (0..self.pages_per_report).map(|page| self.events_of(report, page, '\n')).collect()
    }

    /// The request for each page of events, as another client would send it: no more than the server looks at.
    pub fn page_requests(self) -> Vec<String> {
        let request = |code: &str, page: usize| {
            let start = page as u64 * PAGE_MS;
            format!(r#"{{"query":"query ReportEvents(","variables":{{"code":"{code}","startTime":{start}.0}}}}"#)
        };
        self.codes().flat_map(|code| (0..self.pages_per_report).map(move |page| request(&code, page))).collect()
    }
}

/// The answers, by what is asked for.
#[derive(Debug)]
pub struct Answers {
    token: Vec<u8>,
    rate_limit: Vec<u8>,
    guild: Vec<u8>,
    /// As the Python packages ask for it.
    guild_by_id: Vec<u8>,
    guild_reports: Vec<u8>,
    reports: HashMap<String, ReportAnswers>,
    unknown: Vec<u8>,
}

#[derive(Debug)]
struct ReportAnswers {
    report: Vec<u8>,
    pages: Vec<Vec<u8>>,
}

impl Answers {
    /// All answers about this world.
    pub fn of(world: World) -> Self {
        let codes: Vec<String> = world.codes().collect();
        let reports = codes.iter().enumerate().map(|(number, code)| {
            let pages = (0..world.pages_per_report).map(|page| events_page(world, number, page)).collect();
            (code.clone(), ReportAnswers { report: report(world, number, code), pages })
        });
        Self {
            token: ok(r#"{"token_type":"Bearer","expires_in":31104000,"access_token":"canned"}"#),
            rate_limit: ok(&format!("{{\"data\":{{{BUDGET}}}}}")),
            guild: data(&format!(
                r#""guildData":{{"guild":{{"id":{GUILD},"name":"Canned Goods","description":"","competitionMode":false,"stealthMode":false,"faction":{{"id":1,"name":"The Aldmeri Dominion"}},"server":null,"tags":[]}}}}"#
            )),
            guild_by_id: data_with_alias(&format!(
                r#""guildData":{{"guild":{{"id":{GUILD},"name":"Canned Goods","description":"","faction":{{"name":"The Aldmeri Dominion"}},"server":{{"name":"Megaserver","region":{{"name":"North America"}}}},"tags":[]}}}}"#
            )),
            guild_reports: data(&format!(
                r#""reportData":{{"reports":{{"data":[{}],"total":{total},"per_page":100,"current_page":1,"from":1,"to":{total},"last_page":1,"has_more_pages":false}}}}"#,
                codes.iter().enumerate().map(|(number, code)| listed(world, number, code)).collect::<Vec<_>>().join(","),
                total = world.reports,
            )),
            reports: reports.collect(),
            unknown: whole("404 Not Found", r#"{"error":"not canned"}"#),
        }
    }

    /// The answer to a request with this first line and body.
    pub fn to(&self, request_line: &[u8], body: &[u8]) -> &[u8] {
        if request_line.starts_with(b"POST /oauth/token") {
            return &self.token;
        }
        self.to_query(body).unwrap_or(&self.unknown)
    }

    fn to_query(&self, body: &[u8]) -> Option<&[u8]> {
        let body = std::str::from_utf8(body).ok()?;
        // However its JSON is laid out: the first thing that is called a query is its name.
        let (name, _) = body.split_once("query ")?.1.split_once([' ', '('])?;
        match name {
            "RateLimit" => Some(&self.rate_limit),
            "Guild" => Some(&self.guild),
            "getGuildById" => Some(&self.guild_by_id),
            "GuildReports" => Some(&self.guild_reports),
            "Report" => Some(&self.reports.get(text(body)?)?.report),
            "ReportEvents" | "getReportEvents" => {
                let page = start_time(body)? as u64 / PAGE_MS;
                self.reports.get(text(body)?)?.pages.get(usize::try_from(page).ok()?).map(Vec::as_slice)
            }
            _ => None,
        }
    }
}

/// The variable `code`.
fn text(body: &str) -> Option<&str> {
    body.split_once(r#""code":"#)?.1.trim_start().strip_prefix('"')?.split('"').next()
}

/// The variable `startTime`.
fn start_time(body: &str) -> Option<f64> {
    body.split_once(r#""startTime":"#)?.1.split([',', '}']).next()?.trim().parse().ok()
}

fn listed(world: World, number: usize, code: &str) -> String {
    let start = FIRST_REPORT + number as u64 * DAY_MS;
    let end = start + world.pages_per_report as u64 * PAGE_MS;
    format!(
        r#"{{"code":"{code}","title":"Canned {number}","startTime":{start},"endTime":{end},"revision":1,"segments":1,"visibility":"public","archiveStatus":{{"isArchived":false,"isAccessible":true,"archiveDate":null}},"zone":{{"id":1,"name":"Aetherian Archive"}},"owner":{{"id":7,"name":"canner"}}}}"#
    )
}

fn report(world: World, number: usize, code: &str) -> Vec<u8> {
    let listed = listed(world, number, code);
    // More fields follow, so the object stays open.
    let open = listed.strip_suffix('}').unwrap_or(&listed);
    let length = world.pages_per_report as u64 * PAGE_MS;
    data(&format!(
        r#""reportData":{{"report":{open},"exportedSegments":1,"region":null,"guild":null,"guildTag":null,"masterData":{MASTER_DATA},"fights":[{{"id":1,"startTime":0,"endTime":{length},{FIGHT}}}]}}}}"#
    ))
}

const MASTER_DATA: &str = r#"{"logVersion":15,"gameVersion":1,"lang":"en","actors":[{"id":1,"gameID":0,"name":"Canned Hero","type":"Player","subType":"Nightblade","server":"NA Megaserver","petOwner":null,"icon":"Nightblade","displayName":"@canned","anonymous":false}],"abilities":[{"gameID":61919,"name":"Merciless Resolve","icon":"ability_nightblade_005_b","type":"64"}]}"#;

/// The fields of a fight beside its number and times.
const FIGHT: &str = r#""encounterID":1,"originalEncounterID":null,"name":"The Mage","difficulty":122,"size":12,"kill":true,"bossPercentage":0.01,"fightPercentage":0.01,"inProgress":false,"completeRaid":false,"averageItemLevel":2410,"lastPhase":0,"lastPhaseAsAbsoluteIndex":0,"lastPhaseIsIntermission":false,"wipeCalledTime":null,"trialScore":null,"trialTime":null,"friendlyPlayers":[1],"enemyPlayers":[],"friendlyNPCs":[],"enemyNPCs":[],"friendlyPets":[],"enemyPets":[],"phaseTransitions":null,"maps":[],"gameZone":{"id":638,"name":"Aetherian Archive"},"boundingBox":{"minX":1,"maxX":2,"minY":1,"maxY":2}"#;

fn events_page(world: World, report: usize, page: usize) -> Vec<u8> {
    let events = world.events_of(report, page, ',');
    let next = if page + 1 < world.pages_per_report { ((page as u64 + 1) * PAGE_MS).to_string() } else { "null".to_owned() };
    data_with_alias(&format!(
        r#""reportData":{{"report":{{"events":{{"data":[{}],"nextPageTimestamp":{next}}}}}}}"#,
        events.trim_end_matches(',')
    ))
}

/// A 200 with these fields as its data, and the budget.
fn data(fields: &str) -> Vec<u8> {
    ok(&format!("{{\"data\":{{{fields},{BUDGET}}}}}"))
}

/// The same for who asks for the budget under our alias, as every query of a caller's own is made to; and for everybody else.
fn data_with_alias(fields: &str) -> Vec<u8> {
    let aliased = BUDGET.replacen("rateLimitData", "esologsPoints", 1);
    ok(&format!("{{\"data\":{{{fields},{BUDGET},{aliased}}}}}"))
}

fn ok(body: &str) -> Vec<u8> {
    whole("200 OK", body)
}

fn whole(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
