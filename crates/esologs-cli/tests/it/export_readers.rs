//! DuckDB, Polars and pandas read what `esologs export` has made, by the very lines of `docs/export.md` and of the summary.
//!
//! They come from PyPI, in the versions of `tests/readers.txt`, into an environment under `target/`, once.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use esologs_sim::Faults;
use serde_json::{Value, json};

use crate::support::{Desk, GUILD, Ran, Run as _, Server, files};

const REQUIREMENTS: &str = include_str!("../readers.txt");

/// The Python that has the readers; `None` where there is none and nobody insists.
fn python() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_BIN_EXE_esologs")).parent()?.parent()?;
    let environment = target.join("readers");
    let python = environment.join("bin").join("python");
    // Written last, so that an environment that was not finished is made anew.
    let done = environment.join("readers.txt");
    if fs::read_to_string(&done).is_ok_and(|made_of| made_of == REQUIREMENTS) && python.exists() {
        return Some(python);
    }
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers.txt");
    let made = output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment)).and_then(|()| {
        let mut pip = Command::new(&python);
        output(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&requirements))
    });
    match made {
        Ok(()) => {
            fs::write(done, REQUIREMENTS).unwrap();
            Some(python)
        }
        Err(why) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "the readers cannot be installed: {why}");
            let _ = writeln!(std::io::stderr(), "passed over: no python3 with venv, or no PyPI: {why}");
            None
        }
    }
}

fn output(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Runs a program of Python in the desk's folder; what it prints is JSON.
fn run_python(python: &Path, desk: &Desk, program: &str) -> Value {
    let ran = Command::new(python).args(["-c", program]).current_dir(desk.path("")).output().unwrap();
    let ran = Ran::from(ran);
    assert_eq!(ran.code, 0, "{program}\n{}", ran.stderr);
    serde_json::from_str(ran.stdout.lines().last().unwrap()).unwrap_or_else(|error| panic!("{error}: {}", ran.stdout))
}

/// The programs of the page.
fn examples() -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/export.md")).unwrap();
    page.split("```python\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// Events and the sum of their amounts, by stream, as the JSON Lines have them.
fn counted(logs: &Path) -> BTreeMap<String, (u64, i64)> {
    let mut sums = BTreeMap::<String, (u64, i64)>::new();
    for (path, bytes) in files(&logs.join("data")) {
        let is_events = path.parent().is_some_and(|parent| parent.ends_with("events"));
        let stream = path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap().to_owned();
        for line in String::from_utf8(bytes).unwrap().lines().filter(|_| is_events) {
            let event: Value = serde_json::from_str(line).unwrap();
            let sum = sums.entry(stream.clone()).or_default();
            sum.0 += 1;
            // A number in a string is a number, too.
            sum.1 += event["amount"].as_i64().or_else(|| event["amount"].as_str()?.parse().ok()).unwrap_or_default();
        }
    }
    sums
}

/// Makes of whatever an example calls `events` a list of stream, count, sum.
const ROWS: &str = "
import json
rows = events if isinstance(events, list) else events.rows() if hasattr(events, 'rows') else list(events.itertuples(name=None))
print(json.dumps(sorted([str(stream), int(count), int(amount or 0)] for stream, count, amount in rows)))
";

#[test]
fn duckdb_polars_and_pandas_read_all_files_by_the_lines_of_the_page() {
    let Some(python) = python() else { return };
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let pull = ["pull", "guild", GUILD, "-o", "demo-logs", "--streams", "deaths,damage,buffs"];
    let extras = ["--player-details", "--rankings", "--tables", "--attendance"];
    let pulled = desk.esologs_at(&server, &[&pull[..], &extras].concat()).run();
    assert_eq!(pulled.code, 0, "{}", pulled.stderr);
    the_line_of_a_pull_counts_its_events(&python, &desk, &pulled);
    with_an_event_of_tomorrow(&desk.path("demo-logs"));

    let ran = desk.esologs(&["export", "demo-logs"]).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let counted = counted(&desk.path("demo-logs"));
    assert!(counted.len() == 3 && counted["damage"].0 > 1_000, "{counted:?}");
    let expected = json!(counted.iter().map(|(stream, (events, amount))| json!([stream, events, amount])).collect::<Vec<_>>());
    let examples = examples();
    assert_eq!(examples.len(), 3);
    for example in &examples {
        assert_eq!(run_python(&python, &desk, &(example.clone() + ROWS)), expected, "{example}");
    }
    the_lines_of_the_summary_run(&python, &desk, &ran);
    the_files_have_one_schema(&python, &desk);
    what_has_no_column_is_found(&python, &desk);
    the_lines_about_extras_find_them(&python, &desk);
}

/// What the service may send one day.
fn with_an_event_of_tomorrow(logs: &Path) {
    let damage = files(logs).into_keys().find(|path| path.ends_with("events/damage.jsonl")).unwrap();
    let mut file = fs::File::options().append(true).open(logs.join(damage)).unwrap();
    writeln!(file, r#"{{"timestamp":7,"type":"damage","fight":1,"amount":"17","novelty":[1,2]}}"#).unwrap();
}

fn the_line_of_a_pull_counts_its_events(python: &Path, desk: &Desk, pulled: &Ran) {
    let sql = pulled.stderr.lines().find_map(|line| line.strip_prefix("Into DuckDB: ")).unwrap();
    let program = format!("import json, duckdb\nprint(json.dumps(sum(row[1] for row in duckdb.sql({}).fetchall())))", json!(sql));
    let events: u64 = counted(&desk.path("demo-logs")).values().map(|(events, _)| events).sum();
    assert_eq!(run_python(python, desk, &program), json!(events), "{sql}");
}

fn the_lines_of_the_summary_run(python: &Path, desk: &Desk, ran: &Ran) {
    let line = |tool: &str| ran.stderr.lines().find_map(|line| line.trim().strip_prefix(tool)).unwrap().trim().to_owned();
    let program = format!(
        "import json, duckdb, pandas, polars\nsql = {}\nprint(json.dumps([len(duckdb.sql(sql).fetchall()), len({}), len({})]))",
        json!(line("DuckDB")),
        line("Polars"),
        line("pandas")
    );
    assert_eq!(run_python(python, desk, &program), json!([3, 3, 3]));
}

fn the_files_have_one_schema(python: &Path, desk: &Desk) {
    let program = r#"
import glob, json
import pyarrow.parquet
counts = {}
for table in ["events", "fights", "actors", "abilities", "reports"]:
    schemas = [pyarrow.parquet.read_schema(path) for path in glob.glob(f"demo-logs/parquet/{table}/**/*.parquet", recursive=True)]
    assert len(schemas) > 1 and all(schema.equals(schemas[0], check_metadata=True) for schema in schemas), table
    counts[table] = len(schemas[0])
assert str(schemas[0].field("start_utc").type) == "timestamp[us, tz=UTC]", schemas[0]
print(json.dumps(counts))
"#;
    let columns = run_python(python, desk, program);
    assert!(columns["events"].as_u64().unwrap() > 40, "{columns}");
}

/// The SQL of the page about extras, each with how many rows it finds.
fn the_lines_about_extras_find_them(python: &Path, desk: &Desk) {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/export.md")).unwrap();
    let blocks = page.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let lines: Vec<&str> = blocks.flat_map(|block| block.split(';')).map(str::trim).filter(|line| !line.is_empty()).collect();

    let program = format!("import json, duckdb\nprint(json.dumps([duckdb.sql(line).fetchall() for line in {}]))", json!(lines));
    let found = run_python(python, desk, &program);

    let data = files(&desk.path("demo-logs/data"));
    let fights = data.iter().filter(|(path, _)| path.ends_with("tables.jsonl"));
    let fights: usize = fights.map(|(_, text)| text.iter().filter(|byte| **byte == b'\n').count()).sum();
    let rows = |number: usize| found[number].as_array().unwrap();
    assert_eq!((lines.len(), rows(0).len()), (3, fights), "{found}");
    assert!(rows(0).iter().all(|row| row[2].as_str().is_some_and(|ms| ms.parse::<f64>().is_ok())), "{found}");
    assert!(!rows(1).is_empty() && rows(1).iter().all(|row| row[1].is_string()), "{found}");
    let who = String::from_utf8(data[Path::new("attendance.jsonl")].clone()).unwrap();
    let nights: usize = who.matches("\"presence\":1").count();
    assert_eq!(rows(2).iter().map(|row| row[1].as_u64().unwrap()).sum::<u64>(), nights as u64, "{found}");
}

fn what_has_no_column_is_found(python: &Path, desk: &Desk) {
    let program = r#"
import json, duckdb
sql = """SELECT amount, json_extract(events.extra, '$.novelty')::VARCHAR, epoch_ms(time_utc) - start_unix_ms
         FROM 'demo-logs/parquet/events/**/*.parquet' AS events
         JOIN 'demo-logs/parquet/reports/*.parquet' AS reports USING (report)
         WHERE events.extra IS NOT NULL"""
print(json.dumps([list(row) for row in duckdb.sql(sql).fetchall()]))
"#;
    assert_eq!(run_python(python, desk, program), json!([[17, "[1,2]", 7]]));
}
