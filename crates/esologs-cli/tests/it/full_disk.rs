//! A disk that is full. Files that may not grow stand for it, which needs no rights: the write fails in the same place.

use esologs_sim::Faults;

use crate::support::{Desk, GUILD, Run as _, Server, assert_same, files};

#[cfg(unix)]
#[test]
fn a_full_disk_ends_the_pull_and_leaves_no_half_report_that_looks_whole() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let pull = ["pull", "guild", GUILD, "-o", "logs"];
    // 64 blocks of 512 bytes: less than a report's events, more than a manifest.
    let mut command = desk.esologs_after("trap '' XFSZ; ulimit -f 64", &pull);
    server.introduce_to(&mut command);

    let ran = command.run();

    assert_eq!(ran.code, 8, "{}", ran.stderr);
    assert!(ran.stderr.contains("error: cannot write logs/.unfinished/"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains(
            "hint: raise the limit on the size of files (ulimit -f) and run the same command again; what was fetched is kept"
        ),
        "{}",
        ran.stderr
    );
    let (found, truth) = (files(&desk.path("logs/data")), server.truth());
    for (name, bytes) in &found {
        assert!(truth[name] == *bytes, "{} is not whole", name.display());
    }
    assert!(found.len() < truth.len());

    assert_eq!(desk.esologs_at(&server, &pull).run().code, 0);
    assert_same(&files(&desk.path("logs/data")), &truth);
}
