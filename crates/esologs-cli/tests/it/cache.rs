//! What is kept between commands, what is said of it, and `esologs cache`.

use std::fs;
use std::process::Command;

use esologs_sim::{FaultKind, Faults, On, ScriptedFault};
use serde_json::Value;

use crate::support::{Desk, Ran, Run as _, Server, assert_same, files};

/// The program with a cache of the desk's own.
fn with_cache(desk: &Desk, server: &Server, arguments: &[&str]) -> Command {
    let mut command = desk.esologs_at(server, arguments);
    command.env_remove("ESOLOGS_CACHE").env("XDG_CACHE_HOME", desk.path(".cache"));
    command
}

fn cache(desk: &Desk, arguments: &[&str]) -> Ran {
    let mut command = desk.esologs(&[&["cache"], arguments].concat());
    command.env_remove("ESOLOGS_CACHE").env("XDG_CACHE_HOME", desk.path(".cache")).run()
}

fn object(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr))
}

fn requests(server: &Server) -> u64 {
    server.running.sim().stats().requests
}

/// Everything fails from now on.
fn take_down(server: &Server) {
    let down = ScriptedFault::new(On::Any, FaultKind::Unavailable).times(u64::MAX / 2);
    server.running.sim().set_faults(Faults::none().with(down));
}

#[test]
fn a_second_get_or_query_of_the_same_asks_nothing_and_shows_the_same() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let code = server.report();
    desk.write("mine.graphql", &format!("{{ reportData {{ report(code: \"{code}\") {{ code title endTime revision }} }} }}"));
    for arguments in
        [vec!["get", "fights", &code], vec!["get", "members", "3468", "--all", "--json"], vec!["query", "mine.graphql"]]
    {
        let first = with_cache(&desk, &server, &arguments).run();
        let (asked, points) = (requests(&server), server.running.sim().stats().points_spent);

        let second = with_cache(&desk, &server, &arguments).run();

        assert_eq!((requests(&server), server.running.sim().stats().points_spent), (asked, points), "{arguments:?}");
        assert_eq!((second.code, &second.stdout, second.talk()), (0, &first.stdout, first.talk()), "{arguments:?}");
    }
}

#[test]
fn no_cache_refresh_and_the_environment_say_otherwise() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let get = ["get", "guild", "3468"];
    let asks = |command: &mut Command| {
        let before = requests(&server);
        assert_eq!(command.run().code, 0);
        requests(&server) > before
    };
    assert!(asks(&mut with_cache(&desk, &server, &["get", "guild", "3468", "--no-cache"])));
    assert!(!desk.path(".cache").exists());
    assert!(asks(with_cache(&desk, &server, &get).env("ESOLOGS_CACHE", "off")));
    assert!(!desk.path(".cache").exists());
    assert!(asks(&mut with_cache(&desk, &server, &get)));
    assert!(!asks(&mut with_cache(&desk, &server, &get)));
    assert!(asks(&mut with_cache(&desk, &server, &["get", "guild", "3468", "--refresh"])));
    assert!(asks(with_cache(&desk, &server, &get).env("ESOLOGS_CACHE", desk.path("elsewhere"))));
    assert!(desk.path("elsewhere/answers/format").is_file());
}

#[test]
fn where_the_service_is_down_an_older_answer_is_shown_and_said_to_be_old() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let get = ["get", "guild", "3468", "--json"];
    let fresh = with_cache(&desk, &server, &get).run();
    make_older(&desk, 2 * 3_600_000);
    take_down(&server);

    let stale = with_cache(&desk, &server, &get).run();

    assert_eq!((stale.code, &stale.stdout), (0, &fresh.stdout), "{}", stale.stderr);
    let told = stale.last_line();
    assert!(told.starts_with("note: this is an answer of 2 h ago, since no newer one can be had: Guild: "), "{told}");
    let served = object(&with_cache(&desk, &server, &["get", "guild", "3468", "--json", "--served"]).run());
    let data: Value = serde_json::from_str(&fresh.stdout).unwrap();
    assert_eq!((&served["data"], &served["served"]["from"]), (&data, &"stale".into()));
    assert!(served["served"]["age_ms"].as_u64().unwrap() >= 7_200_000, "{served}");
    assert!(served["served"]["why"].as_str().unwrap().starts_with("Guild: "), "{served}");
    assert!(served["served"].get("retry_at_unix_ms").is_some());
    let refused = with_cache(&desk, &server, &["get", "guild", "3468", "--refresh"]).run();
    assert_eq!(refused.code, 7, "who asks for a new one is not shown an old one");
}

/// As if every answer had been kept so long ago: its header says so, and is sealed anew.
fn make_older(desk: &Desk, by_ms: i64) {
    for (path, bytes) in files(&desk.path(".cache/esologs/answers/entries")) {
        let length = u32::from_le_bytes(bytes[16..20].try_into().unwrap()) as usize;
        let mut header: Value = serde_json::from_slice(&bytes[28..28 + length]).unwrap();
        header["kept_at"] = (header["kept_at"].as_i64().unwrap() - by_ms).into();
        let header = header.to_string().into_bytes();
        let mut file =
            [&bytes[..16], &(header.len() as u32).to_le_bytes()[..], &bytes[20..28], &header, &bytes[28 + length..]].concat();
        let checksum = checksum(&file[16..]);
        file[8..16].copy_from_slice(&checksum.to_le_bytes());
        fs::write(desk.path(".cache/esologs/answers/entries").join(path), file).unwrap();
    }
}

/// The checksum of an entry, written once more from its description: FNV-1a over words of eight bytes in four lanes, then spread.
fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    let mix = |hash: u64, number: u64| (hash.rotate_left(23) ^ number).wrapping_mul(PRIME);
    let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap());
    let mut lanes = [OFFSET, OFFSET ^ 1, OFFSET ^ 2, OFFSET ^ 3];
    let blocks = bytes.chunks_exact(32);
    let rest = blocks.remainder();
    for block in blocks {
        for (lane, bytes) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            *lane = mix(*lane, word(bytes));
        }
    }
    let mut hash = lanes.into_iter().fold(bytes.len() as u64, mix);
    let words = rest.chunks_exact(8);
    let last = words.remainder();
    for bytes in words {
        hash = mix(hash, word(bytes));
    }
    for byte in last {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    }
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

#[test]
fn a_no_is_not_covered_by_an_older_answer() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let get = ["get", "guild", "3468"];
    assert_eq!(with_cache(&desk, &server, &get).run().code, 0);
    make_older(&desk, 2 * 3_600_000);
    let banned = ScriptedFault::new(On::Api, FaultKind::Banned).times(u64::MAX / 2);
    server.running.sim().set_faults(Faults::none().with(banned));

    let ran = with_cache(&desk, &server, &get).run();

    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""), "{}", ran.stderr);
}

#[test]
fn a_second_pull_into_another_folder_buys_no_finished_report_again() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let pull = |folder: &str| with_cache(&desk, &server, &["pull", "guild", "3468", "-o", folder]).run();
    assert_eq!(pull("first").code, 0);
    let before = server.running.sim().stats().by_operation;

    assert_eq!(pull("second").code, 0);

    let after = server.running.sim().stats().by_operation;
    let new = |operation: &str| after.get(operation).unwrap_or(&0) - before.get(operation).unwrap_or(&0);
    assert_eq!((new("Guild"), new("GuildReports")), (1, 1));
    let live = server
        .running
        .sim()
        .world()
        .reports_of_guild(3468)
        .iter()
        .filter(|report| !matches!(report.access, esologs_sim::world::model::Access::Public))
        .count() as u64;
    assert!(new("Report") <= live && new("ReportEvents") <= 3 * live, "{before:?} {after:?}");
    assert_same(&files(&desk.path("second/data")), &server.truth());
}

#[test]
fn what_is_kept_is_told_pruned_checked_and_cleared() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let empty = object(&cache(&desk, &["status", "--json"]));
    assert_eq!((&empty["answers"], &empty["bytes"]), (&0.into(), &0.into()));
    with_cache(&desk, &server, &["get", "guild", "3468"]).run();
    with_cache(&desk, &server, &["get", "fights", &server.report()]).run();

    let status = object(&cache(&desk, &["status", "--json"]));
    assert_eq!((&status["answers"], &status["reports"], &status["damaged"]), (&2.into(), &1.into(), &0.into()));
    let operations: Vec<_> =
        status["operations"].as_array().unwrap().iter().map(|row| (&row["operation"], &row["kind"])).collect();
    assert_eq!(operations, [(&"Guild".into(), &"list".into()), (&"ReportFights".into(), &"report".into())]);
    let shown = cache(&desk, &["status"]).stdout;
    assert!(shown.contains("answers        2\n") && shown.contains("ReportFights"), "{shown}");

    assert_eq!(cache(&desk, &["verify"]).code, 0);
    let (path, mut bytes) = files(&desk.path(".cache/esologs/answers/entries")).pop_first().unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(desk.path(".cache/esologs/answers/entries").join(path), bytes).unwrap();
    let verified = cache(&desk, &["verify", "--json"]);
    assert_eq!((verified.code, &object(&verified)["damaged"], &object(&verified)["whole"]), (8, &1.into(), &1.into()));

    assert_eq!(object(&cache(&desk, &["prune", "--json"]))["removed"], 0);
    make_older(&desk, 40 * 24 * 3_600_000);
    assert_eq!(object(&cache(&desk, &["prune", "--json"]))["removed"], 1);
    with_cache(&desk, &server, &["get", "guild", "3468"]).run();
    assert_eq!(object(&cache(&desk, &["clear", "--json"]))["removed"], 1);
    assert!(!desk.path(".cache/esologs/answers").exists());
}

#[test]
fn a_folder_that_cannot_be_used_is_told_once_and_costs_nothing_else() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let file = desk.write("file", "");

    let ran = with_cache(&desk, &server, &["get", "guild", "3468"]).env("ESOLOGS_CACHE", &file).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("note: the cache in ").count(), 1, "{}", ran.stderr);
    assert!(ran.talk().contains("cannot be made: ") && ran.talk().contains("; this goes on without it"), "{}", ran.stderr);
    assert!(ran.stdout.contains("Lanterns"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_once_and_costs_nothing_else() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    // Files that may not grow stand for it.
    let mut command = desk.esologs_after("trap '' XFSZ; ulimit -f 0", &["get", "fights", &server.report(), "--ledger", "memory"]);
    server.introduce_to(&mut command);
    command.env("ESOLOGS_CACHE", desk.path("cache"));

    let ran = command.run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("note: the cache in ").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("File too large"), "{}", ran.stderr);
    assert!(!ran.stdout.is_empty());
    let left: Vec<_> = files(&desk.path("cache")).into_iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
    assert!(left.is_empty(), "no half file is left: {left:?}");
}

#[test]
fn a_store_of_a_later_version_is_kept_and_said_to_be() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    fs::create_dir_all(desk.path(".cache/esologs/answers")).unwrap();
    fs::write(desk.path(".cache/esologs/answers/format"), "esologs answers 7\n").unwrap();

    let first = with_cache(&desk, &server, &["get", "guild", "3468"]).run();
    let second = with_cache(&desk, &server, &["get", "guild", "3468"]).run();

    assert!(first.talk().contains("is not used: it is no store of this version. It was moved to "), "{}", first.stderr);
    assert!(first.talk().trim_end().ends_with(", and a new one is begun"), "{}", first.stderr);
    assert_eq!((first.code, second.code, second.talk().as_str()), (0, 0, ""));
    assert_eq!(fs::read_to_string(desk.path(".cache/esologs/answers.aside-1/format")).unwrap(), "esologs answers 7\n");
    assert!(cache(&desk, &["status"]).stdout.contains("was moved aside; it may be removed by hand"));
}

#[test]
fn a_demo_keeps_nothing() {
    let desk = Desk::new();
    let mut command = desk.esologs(&["get", "guild", "3468", "--demo"]);
    command.env_remove("ESOLOGS_CACHE").env("XDG_CACHE_HOME", desk.path(".cache"));

    assert_eq!(command.run().code, 0);

    assert!(!desk.path(".cache").exists());
}
