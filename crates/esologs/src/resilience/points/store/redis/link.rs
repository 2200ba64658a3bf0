//! The connection to Redis, and in which words its trouble is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, ErrorKind as RedisErrorKind, RedisError, Script, ServerErrorKind};

use super::request::Request;
use crate::error::{Error, ErrorKind};

/// How long a connection may take, with the greeting.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(400);

const EXAMPLE: &str = "redis://HOST:6379 or redis://:PASSWORD@HOST:6379/0";

/// A connection, with its number among those of this process.
#[derive(Clone)]
pub(super) struct Connection {
    pub(super) number: u64,
    pub(super) inner: MultiplexedConnection,
}

/// Where Redis is, and the script that it runs. Prints without the password.
pub(super) struct Place {
    client: Client,
    address: String,
    bucket: String,
    connections: AtomicU64,
    script: Script,
    keys: [String; 4],
    costs: String,
}

impl Place {
    /// Nothing is connected yet.
    pub(super) fn new(url: &str, bucket: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Error::new(ErrorKind::Usage, format!("points ledger in Redis: {why}"));
        if bucket.is_empty() || bucket.contains(['{', '}']) {
            return Err(refuse("the name of the account is empty or holds a brace; any other characters will do"));
        }
        // The words of the crate may hold the address, and the address the password.
        let client = Client::open(url).map_err(|error| {
            let is_tls = url.starts_with("rediss:") || url.starts_with("valkeys:");
            let no_tls = is_tls && error.kind() == RedisErrorKind::InvalidClientConfig;
            let what = if no_tls { "this build speaks to Redis without TLS only" } else { "the address cannot be read" };
            refuse(&format!("{what}; give it as {EXAMPLE}"))
        })?;
        Ok(Self {
            address: spoken(client.get_connection_info().addr()),
            client,
            bucket: bucket.to_owned(),
            connections: AtomicU64::new(0),
            script: Script::new(include_str!("account.lua")),
            keys: ["account", "points", "calls", "told"].map(|part| key(bucket, part)),
            costs: key(bucket, "costs"),
        })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn bucket(&self) -> &str {
        &self.bucket
    }

    pub(super) fn costs(&self) -> &str {
        &self.costs
    }

    pub(super) async fn connect(&self) -> Result<Connection, Arc<str>> {
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT)).set_response_timeout(None);
        let connecting = self.client.get_multiplexed_async_connection_with_config(&config);
        let inner = connecting.await.map_err(|error| self.trouble(&error))?;
        Ok(Connection { number: 1 + self.connections.fetch_add(1, Ordering::Relaxed), inner })
    }

    /// One round trip; three where Redis has forgotten the script.
    pub(super) async fn run(
        &self,
        mut connection: MultiplexedConnection,
        request: &Request<'_>,
    ) -> Result<Vec<String>, Arc<str>> {
        let request = serde_json::to_string(request).map_err(|error| Arc::from(format!("a step cannot be written: {error}")))?;
        let [account, points, calls, told] = &self.keys;
        let mut call = self.script.key(account);
        call.key(points).key(calls).key(told).arg(request);
        call.invoke_async(&mut connection).await.map_err(|error| self.trouble(&error))
    }

    pub(super) fn no_answer(&self, within: Duration) -> Arc<str> {
        format!("Redis at {} gave no answer within {} ms", self.address, within.as_millis()).into()
    }

    pub(super) fn strange_answer(&self) -> Arc<str> {
        format!("Redis at {} gave an answer that this version does not understand", self.address).into()
    }

    /// What is wrong, without the password.
    pub(super) fn trouble(&self, error: &RedisError) -> Arc<str> {
        let what = match error.kind() {
            RedisErrorKind::AuthenticationFailed => "does not accept the password".to_owned(),
            RedisErrorKind::Server(ServerErrorKind::BusyLoading) => "is still loading its data".to_owned(),
            RedisErrorKind::Server(ServerErrorKind::ReadOnly) => "is a replica, which takes no writes".to_owned(),
            _ if error.is_connection_refusal() => "refuses connections".to_owned(),
            _ if error.is_timeout() => "gave no answer in time".to_owned(),
            _ if error.is_connection_dropped() => "ended the connection".to_owned(),
            RedisErrorKind::Io => format!("cannot be reached ({})", error.category()),
            _ => match error.code() {
                Some("OOM") => "has no memory left for writes".to_owned(),
                Some("NOAUTH" | "WRONGPASS") => "does not accept the password".to_owned(),
                Some(code) => format!("answered {code}: {}", error.detail().unwrap_or_default()),
                None => format!("failed ({})", error.category()),
            },
        };
        format!("Redis at {} {what}", self.address).into()
    }
}

/// One slot of a cluster holds all keys of an account, by what stands in the braces.
pub(super) fn key(bucket: &str, part: &str) -> String {
    format!("esologs:{{{bucket}}}:v2:{part}")
}

fn spoken(address: &ConnectionAddr) -> String {
    match address {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => format!("{host}:{port}"),
        ConnectionAddr::Unix(path) => path.display().to_string(),
        _ => "an address of another kind".to_owned(),
    }
}
