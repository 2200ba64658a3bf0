//! Signing in by the command line: with an API client, and as a user in a real browser.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::{fs, io};

use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PUBLIC_CLIENT_ID, Faults};

use crate::browser::{Browser, pause};
use crate::interruption::signal;
use crate::support::{Desk, Ran, Run as _, Server, files};

/// A client of the simulator without credentials in its environment.
fn at(desk: &Desk, server: &Server, arguments: &[&str]) -> Command {
    let mut command = desk.esologs(arguments);
    command.env("ESOLOGS_BASE_URL", server.running.base_url());
    command
}

fn with_stdin(mut command: Command, text: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).start();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Ran::from(child.wait_with_output().unwrap())
}

fn config(desk: &Desk) -> PathBuf {
    desk.path(".config/esologs")
}

/// Ways of saying how a file is protected.
fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn kept(desk: &Desk) -> Vec<String> {
    let names = files(&config(desk)).into_keys().map(|path| path.display().to_string());
    names.filter(|name| name.ends_with(".json")).collect()
}

#[test]
fn an_api_client_is_tried_kept_used_by_the_next_runs_and_forgotten() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let key = format!("{DEMO_CLIENT_ID}\n{DEMO_CLIENT_SECRET}\n");

    let login = with_stdin(at(&desk, &server, &["auth", "login", "--stdin"]), &key);
    let limits: Vec<Ran> = (0..2).map(|_| at(&desk, &server, &["limits", "--ledger", "memory"]).run()).collect();
    let stats = server.running.sim().stats();
    let logout = at(&desk, &server, &["auth", "logout"]).run();
    let after = at(&desk, &server, &["limits", "--ledger", "memory"]).run();

    assert_eq!((login.code, login.stdout.as_str()), (0, ""), "{}", login.stderr);
    assert!(
        login.stderr.contains("accepts this API client") && login.stderr.contains(".config/esologs/default/"),
        "{}",
        login.stderr
    );
    assert!(limits.iter().all(|ran| ran.code == 0), "{limits:?}");
    assert_eq!(stats.by_endpoint["/oauth/token"], 1, "the token of the sign-in serves the runs after it");
    assert!(logout.code == 0 && logout.stderr.contains("forgotten: the API client"), "{}", logout.stderr);
    assert_eq!(after.code, 4);
    assert_eq!(kept(&desk), [""; 0]);
    let all = format!("{}{limits:?}{}{}", login.stderr, logout.stderr, after.stderr);
    assert!(!all.contains(DEMO_CLIENT_SECRET));
}

#[test]
fn a_wrong_secret_is_not_kept_and_no_terminal_is_told_what_to_do() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    let wrong = with_stdin(at(&desk, &server, &["auth", "login", "--stdin"]), "someone\nhunter2\n");
    let half = with_stdin(at(&desk, &server, &["auth", "login", "--stdin"]), "someone\n");
    let nobody = at(&desk, &server, &["auth", "login"]).run();
    let no_client = at(&desk, &server, &["auth", "login", "--user"]).run();

    assert!(wrong.code == 4 && wrong.stderr.contains("does not accept this client id and secret"), "{}", wrong.stderr);
    assert!(!wrong.stderr.contains("hunter2"));
    assert!(half.code == 2 && half.stderr.contains("stdin ended early"), "{}", half.stderr);
    assert!(nobody.code == 2 && nobody.stderr.contains("no terminal") && nobody.stderr.contains("--stdin"), "{}", nobody.stderr);
    assert!(no_client.code == 2 && no_client.stderr.contains("--client-id"), "{}", no_client.stderr);
    assert!(!config(&desk).exists() || kept(&desk).is_empty());
}

#[test]
fn a_secret_that_is_typed_is_not_shown() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    // A terminal of its own.
    let login = format!("{} auth login", env!("CARGO_BIN_EXE_esologs"));
    let mut command = Command::new("script");
    command.args(["-qec", &login, "/dev/null"]).current_dir(desk.path("")).env_clear().env("HOME", desk.path(""));
    command.env("PATH", "/usr/bin:/bin").env("TERM", "xterm").env("ESOLOGS_BASE_URL", server.running.base_url());
    let mut child = match command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
        Err(error) if error.kind() == io::ErrorKind::NotFound && std::env::var("CI").is_err() => {
            return eprintln!("passed over: there is no `script` (util-linux) to make a terminal with");
        }
        started => started.unwrap(),
    };
    let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = String::new();
    let mut wait_for = |text: &str, shown: &mut String| {
        let mut bytes = [0; 1_024];
        while !shown.contains(text) {
            let read = screen.read(&mut bytes).unwrap();
            assert!(read > 0, "the terminal was closed before it showed '{text}': {shown}");
            shown.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    };

    wait_for("Client id: ", &mut shown);
    writeln!(keys, "{DEMO_CLIENT_ID}").unwrap();
    wait_for("Client secret (not shown): ", &mut shown);
    // It is hidden a moment after it is asked for.
    pause();
    writeln!(keys, "{DEMO_CLIENT_SECRET}").unwrap();
    wait_for("Kept for the next runs", &mut shown);

    assert!(child.wait().unwrap().success());
    assert!(!shown.contains(DEMO_CLIENT_SECRET), "{shown}");
    assert!(kept(&desk).iter().any(|name| name.ends_with(".key.json")), "{:?}", kept(&desk));
}

// The user.

/// A sign-in that waits for the user.
struct Waiting {
    child: Child,
    talk: BufReader<ChildStderr>,
    told: String,
    url: String,
}

impl Waiting {
    fn start(mut command: Command) -> Self {
        let mut child = command.start();
        let talk = BufReader::new(child.stderr.take().unwrap());
        let mut waiting = Self { child, talk, told: String::new(), url: String::new() };
        while !waiting.told.contains("Waiting for the answer") {
            assert!(waiting.talk.read_line(&mut waiting.told).unwrap() > 0, "{}", waiting.told);
        }
        let is_address = |line: &&str| line.starts_with("http") && line.contains("/oauth/authorize?");
        waiting.url = waiting.told.lines().map(str::trim).find(is_address).unwrap().to_owned();
        waiting
    }

    /// Where it waits.
    fn address(&self) -> String {
        let (_, rest) = self.told.split_once("Waiting for the answer at ").unwrap();
        rest.split(' ').next().unwrap().to_owned()
    }

    fn end(mut self) -> (Option<i32>, String) {
        self.talk.read_to_string(&mut self.told).unwrap();
        (self.child.wait().unwrap().code(), self.told)
    }
}

const LOGIN: [&str; 7] = ["auth", "login", "--user", "--port", "0", "--client-id", DEMO_PUBLIC_CLIENT_ID];

fn sign_in(desk: &Desk, server: &Server) -> Waiting {
    let mut command = at(desk, server, &LOGIN);
    command.arg("--no-browser");
    Waiting::start(command)
}

#[test]
fn a_user_agrees_denies_and_is_misled_in_a_real_browser() {
    let Some(browser) = Browser::start() else { return };
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    // Denied.
    let denied = sign_in(&desk, &server);
    browser.open(&denied.url);
    browser.text_with("view-private-reports");
    browser.click("#deny");
    browser.text_with("You are not signed in");
    let (code, told) = denied.end();
    assert!(code == Some(4) && told.contains("was denied in the browser"), "{told}");
    assert!(!config(&desk).exists(), "nothing was written");

    // Misled: an answer with another state is refused, and the right one waited for.
    let misled = sign_in(&desk, &server);
    browser.open(&format!("{}?code=def50200&state=of-somebody-else", misled.address()));
    browser.text_with("does not belong to the sign-in");
    assert!(!config(&desk).exists(), "nothing was written");
    browser.open(&misled.url);
    browser.click("#allow");
    browser.text_with("You are signed in");
    let (code, told) = misled.end();
    assert_eq!(code, Some(0), "{told}");

    // Granted, by the browser that `$BROWSER` names: a program that is given the address.
    let script = desk.write("browser", "#!/bin/sh\nprintf %s \"$1\" > \"$OPENED.part\"; mv \"$OPENED.part\" \"$OPENED\"\n");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = at(&desk, &server, &LOGIN);
    command.args(["--profile", "raid", "--scope", "view-user-profile"]);
    command.env("BROWSER", &script).env("OPENED", desk.path("opened")).env("PATH", "/usr/bin:/bin");
    let granted = Waiting::start(command);
    while !desk.path("opened").exists() {
        pause();
    }
    let opened = fs::read_to_string(desk.path("opened")).unwrap();
    assert_eq!(opened, granted.url);
    browser.open(&opened);
    browser.click("#user option[value='2']");
    browser.click("#allow");
    browser.text_with("You are signed in");
    let (code, told) = granted.end();
    assert!(code == Some(0) && told.contains("as user 2."), "{told}");

    let host = server.running.base_url().trim_start_matches("http://").replace(':', "_");
    for profile in ["default", "raid"] {
        let path = config(&desk).join(profile).join(format!("{host}.user.json"));
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap()), text.contains("def50200")), (0o600, 0o700, true));
    }
    assert!(!told.contains("def50200") && !told.contains("eyJ"), "no token is told: {told}");
}

#[test]
fn ctrl_c_ends_a_sign_in_and_leaves_nothing() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let waiting = sign_in(&desk, &server);

    signal(&waiting.child, "INT");

    let (code, told) = waiting.end();
    assert_eq!(code, Some(130), "{told}");
    assert!(told.ends_with("stopped by Ctrl-C; nothing was changed\n"), "{told}");
    assert!(!config(&desk).exists());
}

#[test]
fn a_sign_in_that_cannot_be_says_why() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let taken = sign_in(&desk, &server);
    let port = taken.address().rsplit_once(':').unwrap().1.trim_end_matches("/callback").to_owned();
    let run = |more: &[&str]| {
        let arguments = ["auth", "login", "--user", "--no-browser", "--client-id", DEMO_PUBLIC_CLIENT_ID];
        let mut command = at(&desk, &server, &arguments);
        command.args(more).run()
    };

    let busy = run(&["--port", &port]);
    let late = run(&["--port", "0", "--timeout", "1s"]);
    let elsewhere = run(&["--redirect", "http://example.org/callback"]);
    let scope = run(&["--scope", "view-everything"]);

    assert!(busy.code == 8 && busy.stderr.contains(&format!("on port {port}")), "{}", busy.stderr);
    assert!(late.code == 5 && late.stderr.contains("nobody answered the sign-in within 1 s"), "{}", late.stderr);
    assert!(elsewhere.code == 2 && elsewhere.stderr.contains("is not of this machine"), "{}", elsewhere.stderr);
    assert!(scope.code == 2 && scope.stderr.contains("there is no scope 'view-everything'"), "{}", scope.stderr);
    signal(&taken.child, "TERM");
    taken.end();
}

#[test]
fn without_a_browser_the_address_is_there_all_the_same() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let mut command = at(&desk, &server, &LOGIN);
    command.env("BROWSER", "/no/such/browser:/nor/this").env("PATH", "");

    let waiting = Waiting::start(command);

    assert!(waiting.told.contains("No browser could be started (BROWSER="), "{}", waiting.told);
    signal(&waiting.child, "INT");
    waiting.end();
}
