//! A real browser without a window: Debian's chromium, told what to do by its chromedriver over HTTP (WebDriver).

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long the browser may take for one thing, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);
/// What WebDriver calls the reference of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser, ended when dropped.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: TempDir,
}

impl Browser {
    /// Starts one. `None` where the machine has none, which fails in CI: there it has to be.
    pub(crate) fn start() -> Option<Self> {
        let (Some(chromium), Some(chromedriver)) = (program("chromium"), program("chromedriver")) else {
            let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!is_ci, "chromium or chromedriver is missing (apt-get install chromium chromium-driver)");
            eprintln!("passed over: chromium or chromedriver is missing (apt-get install chromium chromium-driver)");
            return None;
        };
        let mut command = Command::new(chromedriver);
        let mut driver = command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let port = port_of(&mut driver);
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self { driver, port, session: String::new(), profile };
        browser.session = browser.begin(&chromium);
        Some(browser)
    }

    fn begin(&self, chromium: &Path) -> String {
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        // As root, and in small containers.
        let arguments =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", profile.as_str()];
        let options = json!({"binary": chromium, "args": arguments});
        let wanted = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}});
        let begun = self.ask("POST", "/session", &wanted);
        begun["sessionId"].as_str().unwrap().to_owned()
    }

    /// Opens an address.
    pub(crate) fn open(&self, url: &str) {
        self.say("POST", "/url", &json!({"url": url}));
    }

    /// Clicks what this CSS selector finds.
    pub(crate) fn click(&self, selector: &str) {
        let found = self.say("POST", "/element", &json!({"using": "css selector", "value": selector}));
        let element = found[ELEMENT].as_str().unwrap();
        self.say("POST", &format!("/element/{element}/click"), &json!({}));
    }

    /// What the page says, once this is in it.
    pub(crate) fn text_with(&self, wanted: &str) -> String {
        let started = tokio::time::Instant::now();
        loop {
            let text = self.say("POST", "/execute/sync", &json!({"script": "return document.body.innerText", "args": []}));
            let text = text.as_str().unwrap_or_default();
            if text.contains(wanted) {
                return text.to_owned();
            }
            assert!(started.elapsed() < TIMEOUT, "the page does not say '{wanted}': {text}");
            pause();
        }
    }

    fn say(&self, method: &str, path: &str, body: &Value) -> Value {
        self.ask(method, &format!("/session/{}{path}", self.session), body)
    }

    /// One command; what it brought.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            self.port,
            body.len()
        );
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        // By its length: the driver leaves the connection open.
        let mut answer = BufReader::new(stream);
        let (mut head, mut body) = (String::new(), Vec::new());
        while !head.ends_with("\r\n\r\n") {
            assert!(answer.read_line(&mut head).unwrap() > 0, "{path}: {head}");
        }
        let length = head.lines().find_map(|line| {
            let line = line.to_lowercase();
            line.strip_prefix("content-length:").map(|length| length.trim().to_owned())
        });
        let length = length.unwrap_or_else(|| panic!("{path}: {head:?}"));
        answer.take(length.parse().unwrap()).read_to_end(&mut body).unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}{}", String::from_utf8_lossy(&body));
        serde_json::from_slice::<Value>(&body).unwrap()["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The session ends the browser; a test that failed before it ends the driver all the same.
        if !self.session.is_empty() && !std::thread::panicking() {
            self.say("DELETE", "", &json!({}));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A moment of real time.
pub(crate) fn pause() {
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    let _ = receiver.recv_timeout(Duration::from_millis(50));
}

fn port_of(driver: &mut Child) -> u16 {
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
    let told = lines.filter_map(|line| line.split_once("successfully on port ").map(|(_, port)| port.to_owned())).next();
    told.unwrap().trim_end_matches('.').parse().unwrap()
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
