//! Tests that need variables of the environment run once more, in a process of their own: which certificates are trusted is
//! such a variable.

use std::process::Command;

use super::server::Identity;

const CHILD: &str = "ESOLOGS_TEST_IN_ITS_OWN_PROCESS";
const AUTHORITY: &str = "ESOLOGS_TEST_AUTHORITY";

/// Runs the test of this name (with its modules) again in a process of its own, with these variables set.
pub(crate) fn again(test: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(CHILD, test);
    for (name, value) in variables {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert!(out.contains("1 passed"), "the test did not run in its own process:\n{out}");
}

/// Whether this is that process.
pub(crate) fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// Runs the rest of a test where this authority is trusted.
pub(crate) fn trusting(test: &str, identity: &Identity) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, &identity.authority_pem).unwrap();
    again(test, &[("SSL_CERT_FILE", file.to_str().unwrap()), ("SSL_CERT_DIR", ""), (AUTHORITY, &identity.to_text())]);
}

/// The identity that is trusted in this process.
pub(crate) fn trusted() -> Identity {
    Identity::from_text(&std::env::var(AUTHORITY).unwrap())
}
