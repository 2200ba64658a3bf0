//! What must not be in the sources. ARCHITECTURE.md lists these with their reasons; each test here holds one of them, and
//! names file and line where it is broken.
//!
//! The scans read code only: comments, the contents of strings and unit tests do not count.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use esologs::{CallPolicy, Class};

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
        "query",
        "decode",
        "resilience/retry/backoff.rs",
        "resilience/retry/decide.rs",
        "resilience/breaker/machine.rs",
        "resilience/breaker/window.rs",
        "resilience/breaker/settings.rs",
        "resilience/deadline.rs",
        "resilience/points.rs",
        "resilience/final_error.rs",
        "resilience/standalone/retry_step.rs",
        "config/policy.rs",
        "config/endpoint.rs",
        "units.rs",
        "ids.rs",
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
    let why = "Waits stand in the retry loop (by resilience/wait.rs), in the token task, in the breaker's probe and in a time-out of the transport; one elsewhere is a second retry loop.";
    let places = ["auth/mod.rs", "resilience/probe.rs", "resilience/wait.rs", "transport/sending.rs"];
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
        "resilience/standalone/retry_step.rs",
        "testing/settings.rs",
    ];
    only_in(&["RetryPolicy"], &loops, why);
    let why = "Requests are sent from one attempt and from the token task, so that each is counted and classified.";
    only_in(&[".send(request"], &["auth/mod.rs", "resilience/pipeline.rs"], why);
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
    for name in ["Credentials", "Token", "TokenAnswer"] {
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

#[test]
fn the_table_of_policies_md_holds_the_defaults_that_the_code_has() {
    let page = text("docs/policies.md");
    let policies = [CallPolicy::interactive(), CallPolicy::batch(), CallPolicy::plain()];
    let row = |name: &str, value: &dyn Fn(&CallPolicy) -> String| {
        let cells: Vec<String> = policies.iter().map(value).collect();
        let row = format!("| `{name}` | {} |", cells.join(" | "));
        assert!(page.contains(&row), "docs/policies.md lacks the row\n{row}");
    };
    let time = |duration: std::time::Duration| match duration.as_millis() {
        0 => "0".to_owned(),
        millis if millis % 60_000 == 0 => format!("{} min", millis / 60_000),
        millis if millis % 1000 == 0 => format!("{} s", millis / 1000),
        millis => format!("{millis} ms"),
    };
    let backoff = |backoff: esologs::Backoff| format!("{} × 2, at most {}", time(backoff.base), time(backoff.cap));
    row("deadline", &|policy| policy.deadline.map_or("none".into(), time));
    row("attempt_timeout", &|policy| time(policy.attempt_timeout));
    row("body_stall", &|policy| time(policy.body_stall));
    row("attempts", &|policy| policy.attempts.map_or("no count".into(), |attempts| attempts.to_string()));
    row("backoff", &|policy| backoff(policy.backoff));
    row("throttle_backoff", &|policy| backoff(policy.throttle_backoff));
    row("max_wait.points", &|policy| time(policy.max_wait.points));
    row("max_wait.outage", &|policy| time(policy.max_wait.outage));
    row("max_wait.never_answered", &|policy| time(policy.max_wait.never_answered));
    row("max_wait.breaker", &|policy| time(policy.max_wait.breaker));
    row("priority", &|policy| format!("{:?}", policy.priority).to_lowercase());
    row("concurrency", &|policy| policy.concurrency.to_string());
    row("slot_timeout", &|policy| policy.slot_timeout.map_or("none".into(), time));
    row("retry_budget", &|policy| {
        policy.retry_budget.map_or("none".into(), |budget| {
            let (gain, seconds) = if budget.per_second < 1.0 { (1.0, 1.0 / budget.per_second) } else { (budget.per_second, 1.0) };
            let each = if seconds > 1.0 { format!("in {seconds:.0} s") } else { "a second".into() };
            let empty = format!("{:?}", budget.when_empty).to_lowercase();
            format!("{:.0}, +{} a success, +{gain:.0} {each}; empty: {empty}", budget.cap, budget.per_success)
        })
    });
    row("content_failures", &|policy| policy.content_failures.map_or("by class".into(), |most| most.to_string()));
}
