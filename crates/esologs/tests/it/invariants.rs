//! What must not be in the sources. ARCHITECTURE.md lists these with their reasons; each test here holds one of them, and
//! names file and line where it is broken.
//!
//! The scans read code only: comments, the contents of strings and unit tests do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use esologs::transport::HttpSettings;
use esologs::{Backoff, BreakerSettings, Cache, CallPolicy, Class, Ledger, RateSettings, RetryBudgetSettings};

use crate::support::sources::{self, Source};

/// Fails with the places where one of the words stands in a file that is asked about.
fn absent(words: &[&str], asked: impl Fn(&Source) -> bool, why: &str) {
    let sources = sources::library();
    let asked: Vec<&Source> = sources.iter().filter(|source| asked(source)).collect();
    assert!(!asked.is_empty(), "the scan looks at no file any more: has a folder moved?");
    let places: Vec<String> = asked.iter().flat_map(|source| source.places_of(words)).collect();
    assert!(places.is_empty(), "{why}\n{}", places.join("\n"));
}

/// Fails unless the words stand in exactly these files of the library, and says which are too many or too few.
fn only_in(words: &[&str], files: &[&str], why: &str) {
    let sources = sources::library();
    let found: Vec<String> = sources
        .iter()
        .filter(|source| !files.contains(&source.path.as_str()))
        .flat_map(|source| source.places_of(words))
        .collect();
    assert!(found.is_empty(), "{why}\n{}", found.join("\n"));
    for file in files {
        let there = sources.iter().any(|source| source.path == *file && !source.places_of(words).is_empty());
        assert!(there, "none of {words:?} stands in src/{file} any more: take it off this test's list");
    }
}

fn text(path: &str) -> String {
    fs::read_to_string(sources::workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_http_crate_is_named_in_the_transport_only() {
    let why = "Only transport/ knows the HTTP crate, so that it can be replaced and no type of it reaches a caller.";
    absent(
        &["reqwest", "hyper", "h2", "rustls", "rustls_native_certs", "webpki_roots"],
        |source| !source.is_in("transport"),
        why,
    );
}

#[test]
fn the_transport_knows_nothing_of_graphql_tokens_or_policies() {
    let words = [
        "crate::query",
        "crate::api",
        "crate::auth",
        "crate::decode",
        "crate::resilience",
        "crate::config",
        "Operation",
        "GraphqlError",
        "Token",
        "Credentials",
        "serde_json",
    ];
    absent(
        &words,
        |source| source.is_in("transport"),
        "A transport carries bytes: what they mean is for decode, whether they are sent again for resilience.",
    );
}

#[test]
fn typed_calls_see_no_status_header_or_token() {
    let words = [
        "http::",
        "StatusCode",
        "HeaderMap",
        "HeaderValue",
        "Response",
        "Token",
        "TokenSource",
        "crate::auth",
        "crate::transport",
    ];
    absent(
        &words,
        |source| source.is_in("api"),
        "api/ asks for data and gets data or an error: HTTP ends in decode/ and resilience/pipeline.rs.",
    );
}

#[test]
fn queries_and_decisions_do_nothing_but_decide() {
    let pure = [
        "auth/claims.rs",
        "auth/sign_in/callback.rs",
        "auth/sign_in/page.rs",
        "auth/sign_in/scope.rs",
        "query",
        "decode",
        "resilience/points/account.rs",
        "resilience/points/account/rhythm.rs",
        "resilience/points/own.rs",
        "resilience/points/spenders.rs",
        "resilience/points/step.rs",
        "resilience/points/unsettled.rs",
        "resilience/points/window.rs",
        "resilience/retry/backoff.rs",
        "resilience/retry/decide.rs",
        "resilience/cache/facts.rs",
        "resilience/cache/key.rs",
        "resilience/cache/kind.rs",
        "resilience/cache/lifetime.rs",
        "resilience/cache/reading.rs",
        "resilience/breaker/machine.rs",
        "resilience/breaker/window.rs",
        "resilience/breaker/settings.rs",
        "resilience/deadline.rs",
        "resilience/points/seen.rs",
        "resilience/points/costs",
        "pull/journal/inventory.rs",
        "pull/journal/line.rs",
        "pull/journal/state.rs",
        "pull/listing.rs",
        "pull/plan.rs",
        "pull/sizes.rs",
        "export/tables.rs",
        "export/cells.rs",
        "export/columns.rs",
        "export/batches.rs",
        "export/extra.rs",
        "resilience/final_error.rs",
        "resilience/standalone/retry_step.rs",
        "config/policy.rs",
        "config/endpoint.rs",
        "units.rs",
        "ids.rs",
        "report_ref.rs",
        "resilience/parts.rs",
    ];
    let words = [
        "async",
        ".await",
        "sleep",
        "tokio::time::timeout",
        "timeout_at",
        "Instant::now",
        "SystemTime::now",
        "elapsed",
        "tokio::fs",
        "tokio::net",
        "tokio::spawn",
        "std::fs",
        "std::net::TcpStream",
        "std::env",
        "thread",
        "fastrand::u64",
        "Rng::new",
    ];
    let why =
        "Decisions take what happened and `now`, and answer with a value: no I/O, no waiting, no clock, no chance of their own.";
    absent(&words, |source| pure.iter().any(|place| source.is_in(place)), why);
    let sources = sources::library();
    for place in pure {
        assert!(sources.iter().any(|source| source.is_in(place)), "src/{place} is gone: change this test's list");
    }
}

#[test]
fn wall_clock_time_is_asked_for_in_one_file() {
    only_in(&["SystemTime::now"], &["clock.rs"], "Everything else asks the client's `Clock`, which tests can pause.");
    absent(
        &["std::time::Instant", "std::thread::sleep", "Timestamp::now", "Utc::now", "Local::now"],
        |_| true,
        "Time goes through tokio and `Clock`, which tests can pause.",
    );
    let bans = text("clippy.toml");
    for ban in ["std::time::SystemTime::now", "std::time::Instant::now", "std::thread::sleep"] {
        assert!(bans.contains(&format!("path = \"{ban}\"")), "clippy.toml does not ban {ban} any more");
    }
}

#[test]
fn there_is_one_retry_loop() {
    let sources = sources::library();
    let calls: Vec<String> =
        sources.iter().flat_map(|source| source.places_of(&["decide("])).filter(|place| !place.contains("fn decide(")).collect();
    assert!(
        calls.len() == 1 && calls[0].starts_with("src/resilience/pipeline.rs:"),
        "Whether an attempt is repeated is decided in one place, `call` of resilience/pipeline.rs; two loops multiply their attempts.\n{}",
        calls.join("\n")
    );
    let why = "Waits stand in the retry loop (by resilience/wait.rs), in the token task and in a time-out of the transport, and where a pull waits for its folder; one elsewhere is a second retry loop.";
    let places = ["auth/fetch.rs", "auth/shared.rs", "pull/store.rs", "resilience/wait.rs", "transport/sending.rs"];
    only_in(&["sleep", "sleep_until", "interval"], &places, why);
    only_in(&["wait(delay, "], &["resilience/pipeline.rs", "resilience/standalone/retry_loop.rs"], why);
    let why =
        "`retry` is for callers' own functions and for tests; around anything of the library it would be a second retry loop.";
    let loops = [
        "lib.rs",
        "resilience/mod.rs",
        "resilience/standalone/mod.rs",
        "resilience/standalone/retry_loop.rs",
        "resilience/standalone/retry_policy.rs",
        "resilience/standalone/retry_run.rs",
        "resilience/standalone/retry_step.rs",
        "testing/settings.rs",
    ];
    only_in(&["RetryPolicy"], &loops, why);
    let why = "Requests are sent from one attempt and from the token task, so that each is counted and classified.";
    only_in(&[".send(request"], &["auth/request.rs", "resilience/pipeline.rs"], why);
}

#[test]
fn one_function_decides_whether_an_answer_is_a_failure() {
    only_in(
        &["StatusCode"],
        &["decode/classify.rs"],
        "A status is judged in decode/classify.rs, every arm with its evidence, and nowhere else.",
    );
    let why = "What a message of the API means is decided in decode/message.rs and nowhere else.";
    only_in(&["to_lowercase()"], &["decode/classify.rs", "decode/message.rs"], why);
}

#[test]
fn the_library_does_not_panic_or_print_by_habit() {
    let words =
        [".unwrap()", "panic!", "todo!", "unimplemented!", "unreachable!", "dbg!", "println!", "eprintln!", "print!", "eprint!"];
    absent(
        &words,
        |_| true,
        "Failures are errors with a message, and talk is for subscribers. (`expect` is for what the lines above it prove.)",
    );
    let why =
        "Only the report on a test that passed late writes to stderr: the harness would keep it from whoever runs the tests.";
    only_in(&["stdout", "stderr"], &["testing/report.rs"], why);
}

#[test]
fn types_of_other_crates_stay_out_of_the_public_interface() {
    let foreign = [
        "reqwest",
        "hyper",
        "rustls",
        "h2",
        "url::",
        "Url",
        "secrecy",
        "SecretString",
        "tokio",
        "Instant",
        "fastrand",
        "Rng",
        "httpdate",
        "base64",
        "dotenvy",
        "anyhow",
        "thiserror",
        "serde_path_to_error",
        "apollo_parser",
        "arrow_array",
        "arrow_schema",
        "ArrayRef",
        "RecordBatch",
        "SchemaRef",
        "ArrowWriter",
        "ParquetError",
    ];
    let mut places = Vec::new();
    for source in sources::library() {
        for (line, signature) in public_signatures(&source.code()) {
            if let Some(word) = foreign.iter().find(|word| words(&signature).any(|found| found == word.trim_end_matches("::"))) {
                places.push(format!("src/{}:{line}: `{word}` in: {}", source.path, signature.trim()));
            }
        }
    }
    assert!(
        places.is_empty(),
        "Another crate's major version would become ours; only std, http, bytes, serde and futures may show.\n{}",
        places.join("\n")
    );
}

/// Public items up to their body or end, public fields, and conversions, with their lines.
fn public_signatures(code: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = code.lines().collect();
    let starts = |line: &str| line.trim_start().starts_with("pub ") || line.trim_start().starts_with("impl From<");
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| starts(line)) {
        let mut signature = (*line).to_owned();
        for next in &lines[at + 1..] {
            if signature.contains(['{', ';']) || signature.trim_end().ends_with(',') {
                break;
            }
            signature.push(' ');
            signature.push_str(next.trim());
        }
        let end = signature.find('{').unwrap_or(signature.len());
        found.push((at + 1, signature[..end].to_owned()));
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[test]
fn what_holds_a_secret_does_not_print_or_serialise_itself() {
    let mut checked = Vec::new();
    for source in sources::library() {
        let code = source.code();
        for (at, _) in code.match_indices("struct ") {
            let body = &code[at..at + code[at..].find(['}', ';']).unwrap_or(code.len() - at)];
            if !["SecretString", "access_token", "refresh_token", "header: HeaderValue", "secret:"]
                .iter()
                .any(|mark| body.contains(mark))
            {
                continue;
            }
            let name = words(body).nth(1).unwrap_or_default().to_owned();
            // The attributes of the struct: what stands between it and the item before.
            let before = &code[..at];
            let attributes = &before[before.rfind(['}', ';']).unwrap_or(0)..];
            for derived in ["Debug", "Serialize", "Display"] {
                assert!(
                    !words(attributes).any(|word| word == derived),
                    "src/{}: {name} holds a secret and derives {derived}",
                    source.path
                );
            }
            checked.push(name);
        }
    }
    for name in [
        "Credentials",
        "Token",
        "TokenAnswer",
        "TokenRequest",
        "Fetching",
        "Kept",
        "AccessToken",
        "SignedIn",
        "SignIn",
        "Proof",
        "Entry",
    ] {
        assert!(
            checked.iter().any(|found| found == name),
            "the scan does not find the type {name} any more; it found {checked:?}"
        );
    }
}

#[test]
fn the_simulator_does_not_depend_on_the_client() {
    let manifest = text("crates/esologs-sim/Cargo.toml");
    for (at, line) in manifest.lines().enumerate() {
        let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
        assert!(
            name != "esologs" && !line.contains("package = \"esologs\"") && line.trim() != "[dependencies.esologs]",
            "A type shared by both would let one mistake cancel the other.\ncrates/esologs-sim/Cargo.toml:{}: {line}",
            at + 1
        );
    }
    let ours = text("crates/esologs/Cargo.toml");
    let normal = ours.split("[dev-dependencies]").next().unwrap();
    assert!(!normal.contains("esologs-sim"), "The library needs the simulator for its tests only.");
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace_and_none_allows_unsafe_code() {
    assert!(text("Cargo.toml").contains("unsafe_code = \"forbid\""), "Cargo.toml does not forbid unsafe code any more");
    let folders = fs::read_dir(sources::workspace().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    for manifest in folders.map(|folder| folder.join("Cargo.toml")).filter(|manifest| manifest.is_file()) {
        let text = fs::read_to_string(&manifest).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{} does not take the lints of the workspace", manifest.display());
    }
}

#[test]
fn architecture_md_names_every_invariant_test_and_no_other() {
    let source = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/invariants.rs")).unwrap();
    let tests: BTreeSet<&str> = source.split("#[test]\nfn ").skip(1).filter_map(|rest| rest.split('(').next()).collect();
    let page = text("ARCHITECTURE.md");
    let missing: Vec<&&str> = tests.iter().filter(|test| !page.contains(&format!("`{test}`"))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not list {missing:?}");
    let gone: Vec<&str> = page
        .split('`')
        .filter(|word| word.matches('_').count() >= 4 && !word.contains(['/', ' ', '.', '=', ':']) && !tests.contains(word))
        .collect();
    assert!(gone.is_empty(), "ARCHITECTURE.md lists tests that are not in invariants.rs: {gone:?}");
}

#[test]
fn architecture_md_names_every_class_of_failure() {
    let page = text("ARCHITECTURE.md");
    let missing: Vec<&str> =
        Class::ALL.iter().map(|class| class.name()).filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "the classification table of ARCHITECTURE.md lacks {missing:?}");
}

// The pages of the policies.

const SHAPE: [&str; 7] = ["What", "Use", "Defaults", "Events", "Happy path", "Unhappy path", "Do / Do not"];

/// Every page of `docs/policies/` but the overview: its file name and its text.
fn policy_pages() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources::collect(&sources::workspace().join("docs/policies"), "md", &mut files);
    let name = |file: &PathBuf| file.file_name().unwrap().to_str().unwrap().to_owned();
    let pages: Vec<_> = files.iter().filter(|file| name(file) != "README.md").map(|file| (name(file), file)).collect();
    assert!(pages.len() >= 10, "only {} pages: has the folder moved?", pages.len());
    pages.into_iter().map(|(name, file)| (name, fs::read_to_string(file).unwrap())).collect()
}

/// What stands under a heading of a page.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("there is no '## {heading}'"));
    rest.split("\n## ").next().unwrap_or(rest)
}

/// The rows of the tables in a text, without their heads.
fn table_rows(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let is_rule = |at: usize| lines.get(at).is_some_and(|line| line.starts_with("|---"));
    (0..lines.len()).filter(|at| lines[*at].starts_with('|') && !is_rule(*at) && !is_rule(at + 1)).map(|at| lines[at]).collect()
}

/// The words of a text that are set as code.
fn code_words(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_page_of_a_policy_has_the_same_shape_is_compiled_and_linked() {
    let (overview, compiled) = (text("docs/policies/README.md"), text("crates/esologs/src/doc_pages.rs"));
    assert!(compiled.contains("\"docs/policies/README.md\""), "src/doc_pages.rs does not compile the overview");
    for (name, page) in policy_pages() {
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, SHAPE, "docs/policies/{name} is not of the shape of the others");
        assert!(page.contains("\n```rust\n"), "docs/policies/{name} shows no use that runs");
        assert!(overview.contains(&format!("]({name})")), "docs/policies/README.md does not link {name}");
        assert!(compiled.contains(&format!("\"docs/policies/{name}\"")), "src/doc_pages.rs does not compile {name}");
    }
}

fn time(duration: Duration) -> String {
    match duration.as_millis() {
        0 => "0".to_owned(),
        millis if millis % 60_000 == 0 => format!("{} min", millis / 60_000),
        millis if millis % 1000 == 0 => format!("{} s", millis / 1000),
        millis if millis > 1000 => format!("{} s", duration.as_secs_f64()),
        millis => format!("{millis} ms"),
    }
}

/// The fields of a struct, from what it prints.
fn fields(value: &impl Debug) -> Vec<String> {
    let shown = format!("{value:#?}");
    let of_the_first_level =
        shown.lines().filter_map(|line| line.strip_prefix("    ")).filter(|line| !line.starts_with([' ', '}']));
    of_the_first_level.filter_map(|line| line.split_once(':')).map(|(name, _)| name.to_owned()).collect()
}

/// What a constant of the library is set to, as its source says.
fn constant(file: &str, name: &str) -> String {
    let sources = sources::library();
    let source = sources.iter().find(|source| source.path == file).unwrap_or_else(|| panic!("src/{file} is gone"));
    let code = source.code();
    let (_, rest) = code.split_once(&format!("const {name}: ")).unwrap_or_else(|| panic!("src/{file} has no constant {name}"));
    rest[rest.find("= ").unwrap() + 2..rest.find(';').unwrap()].to_owned()
}

/// The durations in an expression, in their order.
fn durations(expression: &str) -> Vec<Duration> {
    let product = |text: &str| text.split('*').map(|factor| factor.trim().replace('_', "").parse::<u64>().unwrap()).product();
    expression
        .split("Duration::from_")
        .skip(1)
        .map(|rest| {
            let (unit, rest) = rest.split_once('(').unwrap();
            let number = product(rest.split(')').next().unwrap());
            if unit == "millis" { Duration::from_millis(number) } else { Duration::from_secs(number) }
        })
        .collect()
}

fn row<const N: usize>(name: &str, cells: [impl Display; N]) -> String {
    let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
    format!("| {name} | {} |", cells.join(" | "))
}

fn backoff(backoff: Backoff) -> String {
    format!("{} × 2, at most {}", time(backoff.base), time(backoff.cap))
}

/// The defaults of a call, one row for each setting: interactive, batch, plain.
fn defaults_of_a_call() -> Vec<String> {
    let policies = [CallPolicy::interactive(), CallPolicy::batch(), CallPolicy::plain()];
    let row = |name: &str, value: &dyn Fn(&CallPolicy) -> String| row(&format!("`{name}`"), policies.each_ref().map(value));
    let or = |value: Option<String>, none: &str| value.unwrap_or_else(|| none.to_owned());
    let budget = |budget: RetryBudgetSettings| {
        let gain = if budget.per_second < 1.0 { per_second(budget) } else { format!("{} a second", budget.per_second) };
        let empty = format!("{:?}", budget.when_empty).to_lowercase();
        format!("{}, +{} a success, +{gain}; empty: {empty}", budget.cap, budget.per_success)
    };
    let rows = vec![
        row("deadline", &|policy| or(policy.deadline.map(time), "none")),
        row("attempt_timeout", &|policy| time(policy.attempt_timeout)),
        row("body_stall", &|policy| time(policy.body_stall)),
        row("attempts", &|policy| or(policy.attempts.map(|attempts| attempts.to_string()), "no count")),
        row("backoff", &|policy| backoff(policy.backoff)),
        row("throttle_backoff", &|policy| backoff(policy.throttle_backoff)),
        row("max_wait.points", &|policy| time(policy.max_wait.points)),
        row("max_wait.breaker", &|policy| time(policy.max_wait.breaker)),
        row("max_wait.outage", &|policy| policy.max_wait.outage.map_or("none".into(), time)),
        row("max_wait.never_answered", &|policy| time(policy.max_wait.never_answered)),
        row("content_failures", &|policy| or(policy.content_failures.map(|most| most.to_string()), "by class")),
        row("retry_budget", &|policy| or(policy.retry_budget.map(budget), "none")),
        row("retry_if", &|policy| or(policy.retry_if.as_ref().map(|_| "some".to_owned()), "all")),
        row("priority", &|policy| format!("{:?}", policy.priority).to_lowercase()),
        row("concurrency", &|policy| policy.concurrency.to_string()),
        row("slot_timeout", &|policy| or(policy.slot_timeout.map(time), "none")),
    ];
    has_a_row_for_each_field(&rows, &policies[0]);
    rows
}

fn per_second(budget: RetryBudgetSettings) -> String {
    if budget.per_second < 1.0 { format!("1 in {:.0} s", 1.0 / budget.per_second) } else { budget.per_second.to_string() }
}

/// A lifetime of the cache.
fn lifetime(name: &str) -> String {
    let lifetime = durations(&constant("resilience/cache/lifetime.rs", name))[0];
    match lifetime.as_secs() {
        86_400 => "1 day".to_owned(),
        seconds if seconds % 86_400 == 0 => format!("{} days", seconds / 86_400),
        seconds if seconds % 3_600 == 0 => format!("{} h", seconds / 3_600),
        _ => time(lifetime),
    }
}

/// The defaults of what a client has once.
fn defaults_of_a_client() -> Vec<String> {
    let budgets = [RetryBudgetSettings::interactive(), RetryBudgetSettings::batch()];
    let of_budget =
        |name: &str, value: &dyn Fn(&RetryBudgetSettings) -> String| row(&format!("`{name}`"), budgets.each_ref().map(value));
    let breakers = [BreakerSettings::interactive(), BreakerSettings::batch()];
    let of_breaker =
        |name: &str, value: &dyn Fn(&BreakerSettings) -> String| row(&format!("`{name}`"), breakers.each_ref().map(value));
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let (rate, http) = (RateSettings::default(), HttpSettings::default());
    let or_none = |value: Option<Duration>| value.map_or("none".to_owned(), time);
    let ledger = format!("{:?}", Ledger::default());
    let of_ledger = |name: &str| {
        let (_, rest) = ledger.split_once(&format!("{name}: ")).unwrap();
        rest.split([',', ' ', '}']).next().unwrap().to_owned()
    };
    let in_client =
        |code: &str| sources::library().iter().any(|source| source.path == "client/builder.rs" && source.code().contains(code));
    let token = |file: &str, name: &str| durations(&constant(file, name))[0];
    let of_fleet = |file: &str, name: &str| time(durations(&constant(file, name))[0]);
    let tries = durations(&constant("resilience/retry/backoff.rs", "BACKOFF"));
    let line: usize = constant("resilience/admission/slots.rs", "LONGEST_LINE").parse().unwrap();
    let lives = |name: &str, constants: [&str; 3]| row(name, constants.map(lifetime));
    let rows = vec![
        of_budget("cap", &|budget| budget.cap.to_string()),
        of_budget("per_success", &|budget| budget.per_success.to_string()),
        of_budget("per_second", &|budget| per_second(*budget)),
        of_budget("when_empty", &|budget| format!("{:?}", budget.when_empty).to_lowercase()),
        of_breaker("failure_rate", &|breaker| percent(breaker.failure_rate)),
        of_breaker("min_attempts", &|breaker| breaker.min_attempts.to_string()),
        of_breaker("window", &|breaker| time(breaker.window)),
        of_breaker("consecutive_failures", &|breaker| breaker.consecutive_failures.to_string()),
        of_breaker("open_for", &|breaker| time(breaker.open_for)),
        of_breaker("open_growth", &|breaker| format!("× {}", breaker.open_growth)),
        of_breaker("open_cap", &|breaker| time(breaker.open_cap)),
        of_breaker("open_jitter", &|breaker| format!("± {}", percent(breaker.open_jitter))),
        of_breaker("lease", &|breaker| time(breaker.lease)),
        of_breaker("healthy_after", &|breaker| time(breaker.healthy_after)),
        row("`safety`", [percent(of_ledger("safety").parse().unwrap())]),
        row("`settle_lag`", [of_ledger("settle_lag").replace('s', " s")]),
        row("`reserve_for_interactive`", [percent(of_ledger("reserve_for_interactive").parse().unwrap())]),
        row("`max_points`", [of_ledger("max_points").to_lowercase()]),
        row("`per_second`", [rate.per_second]),
        row("`burst`", [rate.burst]),
        row("single-flight", [if in_client("single_flight: true") { "on" } else { "off" }]),
        row("`cache`", [if in_client("cache: None,") { "none" } else { "some" }]),
        row("`max_memory_bytes`", [format!("{} MiB", Cache::MEMORY_BYTES >> 20)]),
        row("`max_disk_bytes`", [format!("{} MiB", Cache::DISK_BYTES >> 20)]),
        row("refreshed at once, at most", [constant("resilience/cache/answers.rs", "MOST_REFRESHING")]),
        lives("a report that may grow, races to a first kill", ["LIVE", "REVALIDATE_LIVE", "ON_ERROR"]),
        lives("a report whose end is 24 hours past, after one look", ["CLOSED", "REVALIDATE", "ON_ERROR"]),
        row("a final report", [lifetime("FINAL"), "never".to_owned(), lifetime("FINAL_ON_ERROR")]),
        lives("lists, guilds, characters, users, rankings, queries of one's own", ["LIST", "REVALIDATE", "ON_ERROR"]),
        lives("the game and its world", ["WORLD", "REVALIDATE", "ON_ERROR"]),
        row("`connect_timeout`", [time(http.connect_timeout)]),
        row("`read_timeout`", [or_none(http.read_timeout)]),
        row("`write_timeout`", [or_none(http.write_timeout)]),
        row("`max_body_bytes`", [format!("{} MiB", http.max_body_bytes >> 20)]),
        row("`idle_timeout`", [time(http.idle_timeout)]),
        row("`max_idle_connections`", [http.max_idle_connections]),
        row("`use_system_proxy`", [if http.use_system_proxy { "yes" } else { "no" }]),
        row("`around_call`", [if in_client("call_hooks: Vec::new()") { "none" } else { "some" }]),
        row("`around_attempt`", [if in_client("attempt_hooks: Vec::new()") { "none" } else { "some" }]),
        row("calls in a line, at most", [format!("{},{:03}", line / 1000, line % 1000)]),
        row("time for one request for a token", [time(token("auth/request.rs", "TOKEN_TIMEOUT"))]),
        row("backoff between its tries", [backoff(Backoff { base: tries[0], cap: tries[1] })]),
        row("nobody asks after a failure for", [time(token("auth/mod.rs", "PAUSE"))]),
        row("that pause doubled, at most", [time(token("auth/mod.rs", "LONGEST_PAUSE"))]),
        row("wait for what another process fetches, at most", [of_fleet("auth/shared.rs", "PATIENCE")]),
        row("wait for a process of the same host, at most", [of_fleet("auth/store/tokens.rs", "PATIENCE")]),
        row("its turn ends without a word after", [of_fleet("resilience/points/store/redis/tokens.rs", "LEASE")]),
    ];
    has_a_row_for_each_field(&rows, &budgets[0]);
    has_a_row_for_each_field(&rows, &breakers[0]);
    has_a_row_for_each_field(&rows, &rate);
    has_a_row_for_each_field(&rows, &http);
    rows
}

fn has_a_row_for_each_field(rows: &[String], settings: &impl Debug) {
    for field in fields(settings) {
        let is_there =
            rows.iter().any(|row| row.starts_with(&format!("| `{field}` ")) || row.starts_with(&format!("| `{field}.")));
        assert!(is_there, "the setting {field} is new: give it a row here and on its page in docs/policies/");
    }
}

#[test]
fn the_tables_of_the_policies_hold_the_defaults_that_the_code_has_and_no_others() {
    let (of_a_call, of_a_client) = (defaults_of_a_call(), defaults_of_a_client());
    let is_so = |row: &str| of_a_call.iter().chain(&of_a_client).any(|expected| expected == row);
    let overview = text("docs/policies/README.md");
    let mut shown = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, page) in policy_pages() {
        let rows = table_rows(section(&page, "Defaults"));
        assert!(!rows.is_empty(), "docs/policies/{name} has no table of defaults");
        wrong.extend(rows.iter().filter(|row| !is_so(row)).map(|row| format!("{name}: {row}")));
        shown.extend(rows.into_iter().map(str::to_owned));
    }
    let in_overview = table_rows(section(&overview, "Three profiles"));
    wrong.extend(in_overview.iter().filter(|row| !is_so(row)).map(|row| format!("README.md: {row}")));
    let missing: Vec<&String> = of_a_call.iter().chain(&of_a_client).filter(|row| !shown.contains(*row)).collect();
    assert!(wrong.is_empty() && missing.is_empty(), "not what the code has:\n{}\nmissing:\n{missing:#?}", wrong.join("\n"));
    let missing: Vec<&String> = of_a_call.iter().filter(|row| !in_overview.contains(&row.as_str())).collect();
    assert!(missing.is_empty(), "docs/policies/README.md lacks\n{missing:#?}");
    let probes = durations(&constant("resilience/probe.rs", "DEMAND"))[0].as_secs() / 60;
    assert!(
        text("docs/policies/circuit-breaker.md").contains(&format!("last {probes} minutes")),
        "probes go on for {probes} min"
    );
}

/// The variants of a public enum of the library, each with its fields.
fn variants(name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let (head, generic) = (format!("pub enum {name} {{\n"), format!("pub enum {name}<'a> {{\n"));
    let body = sources::library()
        .iter()
        .find_map(|source| {
            let code = source.code();
            let from = [&head, &generic].iter().find_map(|head| code.find(head.as_str()).map(|at| at + head.len()))?;
            code[from..].split("\n}").next().map(str::to_owned)
        })
        .unwrap_or_else(|| panic!("there is no public enum {name}"));
    let mut variants = BTreeMap::<String, BTreeSet<String>>::new();
    let mut last = String::new();
    for line in body.lines() {
        let word = line.trim().split([' ', ',', ':', '(']).next().unwrap_or_default();
        if line.starts_with("        ") && line.contains(':') {
            variants.get_mut(&last).unwrap().insert(word.to_owned());
        } else if word.starts_with(char::is_uppercase) {
            last = word.to_owned();
            variants.insert(last.clone(), BTreeSet::new());
        }
    }
    variants
}

#[test]
fn events_and_classes_that_the_policies_name_are_in_the_code() {
    let mut pages = policy_pages();
    pages.push(("README.md".to_owned(), text("docs/policies/README.md")));
    for name in ["Event", "WaitReason", "RetryVerdict", "BreakerCause", "BreakerState", "ErrorKind", "WhenEmpty", "Priority"] {
        let known = variants(name);
        for (page, text) in &pages {
            for rest in text.split(&format!("{name}::")).skip(1) {
                let variant = words(rest).next().unwrap_or_default();
                assert!(known.contains_key(variant), "docs/policies/{page} names {name}::{variant}, which is not in the code");
            }
        }
    }
    let events = variants("Event");
    for (name, page) in policy_pages() {
        for row in table_rows(section(&page, "Events")) {
            let [_, event, when, fields, _] = &row.split('|').collect::<Vec<_>>()[..] else { panic!("{name}: {row}") };
            let event = event.trim().trim_matches('`').strip_prefix("Event::").unwrap_or_else(|| panic!("{name}: {row}"));
            let known = &events[event];
            let foreign: Vec<&str> = code_words(fields).filter(|field| !known.contains(*field)).collect();
            assert!(foreign.is_empty(), "docs/policies/{name}: Event::{event} has no {foreign:?}");
            let is_class = |word: &str| Class::ALL.iter().any(|class| class.name() == word);
            let unknown: Vec<&str> =
                code_words(when).filter(|word| !word.contains("::") && !is_class(word) && !known.contains(*word)).collect();
            assert!(unknown.is_empty(), "docs/policies/{name}: neither class nor field: {unknown:?} in\n{row}");
        }
    }
}
