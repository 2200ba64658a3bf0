//! A redis-server of a test's own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A server on a port of its own, which keeps nothing on the disk. Killed when dropped.
pub(super) struct Server {
    child: Option<Child>,
    folder: TempDir,
    pub(super) port: u16,
    extra: Vec<String>,
}

impl Server {
    /// `None` where this machine has no redis-server, which is a failure where CI is set.
    pub(super) async fn start(extra: &[&str]) -> Option<Self> {
        let is_there = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_ok();
        if !is_there {
            assert!(std::env::var("CI").is_err(), "redis-server is missing; install it with: apt-get install redis-server");
            eprintln!("passed over: redis-server is not installed");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let extra = extra.iter().map(|&word| word.to_owned()).collect();
        let mut server = Self { child: None, folder: TempDir::new().unwrap(), port, extra };
        server.start_again().await;
        Some(server)
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Starts it where it was, with nothing in its memory.
    pub(super) async fn start_again(&mut self) {
        self.kill();
        let mut command = Command::new("redis-server");
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        command.args(&self.extra).current_dir(self.folder.path()).stdout(Stdio::null());
        self.child = Some(command.spawn().unwrap());
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("redis-server does not listen after 5 s");
    }

    pub(super) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Sends it a signal: `STOP`, `CONT`.
    pub(super) fn signal(&self, name: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// What `redis-cli`, speaking the words given, would get.
    pub(super) async fn ask<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]).query_async(&mut connection).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
