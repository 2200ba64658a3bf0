//! Which columns a table of the API's objects has.

use crate::layout::Screen;
use crate::layout::cell::{cell, heading};
use crate::layout::grid::Column;
use crate::layout::node::Node;

/// The columns of lists whose objects have more fields than anybody reads: under the operation's name, or the name of the field
/// that holds the list. `heading=path`, `path`, `heading=path|other` for the first of two that is there, or `heading=start~end` for the
/// time between; `_` is a blank in a heading.
///
/// Other lists show their fields in the order in which they come, as far as the screen is wide.
const COLUMNS: &[(&str, &str)] = &[
    ("Reports", REPORTS),
    ("GuildReports", REPORTS),
    ("CharacterReports", REPORTS),
    (
        "ReportFights",
        "id name kill boss=bossPercentage start=startTime length=startTime~endTime difficulty size deaths hard_mode=hardModeLevel",
    ),
    ("fights", "id name kill boss=bossPercentage start=startTime length=startTime~endTime difficulty size"),
    (
        "ReportEvents",
        "time=timestamp type source=source|sourceID target=target|targetID ability=ability|abilityGameID amount hit=hitType fight",
    ),
    ("GuildAttendance", "code start=startTime zone players"),
    (
        "EncounterCharacterRankings",
        "name class spec amount length=duration start=startTime guild server report=report.code fight=report.fightID",
    ),
    (
        "EncounterFightRankings",
        "guild length=duration start=startTime deaths damage_taken=damageTaken server report=report.code fight=report.fightID",
    ),
    (
        "ReportRankings",
        "fight=fightID encounter start=startTime length=duration deaths speed=speed.rankPercent execution=execution.rankPercent",
    ),
    (
        "entries",
        "name type total active=activeTime uses hits=hitCount crits=critHitCount time=timestamp killing_blow=killingBlow overkill fight",
    ),
    ("damageDone", "name type total"),
    ("healingDone", "name type total"),
    ("damageTaken", "name type total"),
    ("deathEvents", "name type time=deathTime ability"),
    ("composition", "name type specs"),
    ("auras", "name uptime=totalUptime uses=totalUses"),
    ("series", "name type total from=pointStart every=pointInterval values=data"),
    ("zones", "id name encounters frozen expansion"),
    ("Zones", "id name encounters frozen expansion"),
    ("rankings", "encounter rank=rankPercent median=medianPercent kills=totalKills fastest=fastestKill best=bestAmount spec"),
    ("ranks", "rank=rankPercent amount length=duration start=startTime spec report=report.code fight=report.fightID"),
    ("tanks", PLAYERS),
    ("healers", PLAYERS),
    ("dps", PLAYERS),
    ("actors", "id name type kind=subType account=displayName game_id=gameID owner=petOwner"),
    ("Characters", CHARACTERS),
    ("GuildMembers", CHARACTERS),
    ("ServerCharacters", CHARACTERS),
    ("ReportRankedCharacters", CHARACTERS),
    ("Guilds", GUILDS),
    ("ServerGuilds", GUILDS),
];

const REPORTS: &str = "code title start=startTime length=startTime~endTime zone owner guild";
const PLAYERS: &str = "id name class=type account=displayName specs potions=potionUse healthstones=healthstoneUse";
const CHARACTERS: &str = "id name level class=classID server guilds hidden";
const GUILDS: &str = "id name server faction";

/// The columns of a list of objects of this name. A column in which nothing stands is left out.
pub(crate) fn of(name: &str, rows: &[&Node], screen: &Screen) -> Vec<Column> {
    let chosen = COLUMNS.iter().find(|(listed, _)| *listed == name).map(|(_, columns)| *columns);
    let columns: Vec<Column> = match chosen {
        Some(columns) => columns.split(' ').map(|column| written(column, rows, screen)).collect(),
        None => fields(rows).into_iter().map(|field| of_path(&heading(field), field, rows, screen)).collect(),
    };
    columns.into_iter().filter(|column| column.cells.iter().any(|cell| cell.text != "-")).collect()
}

/// A column as the table above writes it.
fn written(column: &str, rows: &[&Node], screen: &Screen) -> Column {
    let (title, path) = column.split_once('=').unwrap_or((column, column));
    let title = heading(&title.replace('_', " "));
    match path.split_once('~') {
        Some((start, end)) => {
            let between = |row: &&Node| Some(Node::Number(row.at(end).as_number()? - row.at(start).as_number()?));
            let cells = rows.iter().map(|row| cell("length", &between(row).unwrap_or(Node::Null), &screen.zone)).collect();
            Column { heading: title, cells }
        }
        None => of_path(&title, path, rows, screen),
    }
}

fn of_path(title: &str, paths: &str, rows: &[&Node], screen: &Screen) -> Column {
    let shown = |row: &&Node| {
        let there = paths.split('|').find(|path| !row.at(path).is_null()).unwrap_or_default();
        let value = if there.is_empty() { Node::NULL } else { row.at(there) };
        cell(there.rsplit('.').next().unwrap_or_default(), value, &screen.zone)
    };
    Column { heading: title.to_owned(), cells: rows.iter().map(shown).collect() }
}

/// The fields of the objects, in the order in which they are first met.
fn fields<'a>(rows: &[&'a Node]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        let Node::Object(fields) = row else { continue };
        for (name, _) in fields {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    names
}
