//! What a client is told of its ledger: where the account of its key is kept, and how the points are shared out.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::costs::stable_hash;
use super::store::FileStore;
#[cfg(feature = "redis")]
use super::store::redis::RedisStore;
use super::{LedgerSettings, Store};
use crate::error::Error;
use crate::units::Points;

/// The ledger of a client: before a request is sent, the points that it may cost are set aside; after it, what it did cost is
/// settled by the snapshot in its answer. So the hourly budget is planned with instead of run into.
///
/// ```
/// use esologs::{Client, Ledger, Points};
///
/// # fn main() -> Result<(), esologs::Error> {
/// # let credentials = esologs::Credentials::new("id", "secret")?;
/// let client = Client::builder()
///     .credentials(credentials)
///     .ledger(Ledger::in_memory().reserve_for_interactive(0.3).max_points(Points::new(500.0)))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) settings: LedgerSettings,
    pub(super) place: Place,
    pub(super) owner: Option<String>,
}

/// Where an account is kept.
#[derive(Clone)]
pub(super) enum Place {
    Memory,
    Folder(PathBuf),
    #[cfg(feature = "redis")]
    Redis {
        address: String,
        shares_token: bool,
    },
}

impl Ledger {
    /// An account of this client and its clones alone. What others spend on the same key shows in the answers only. The
    /// default.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { settings: LedgerSettings::default(), place: Place::Memory, owner: None }
    }

    /// One account for all clients on this host that name this folder and have the same key: command lines, bots, services. It is a
    /// small file, made with its folder where it is not there, readable by its owner only; it holds no secret, and what was
    /// learned of costs. A folder of a network file system will not do.
    ///
    /// Where the file cannot be used (a full disk, a folder that may not be written), the client plans with its share of what was
    /// left, and says why: [`PointsView::alone`](crate::PointsView::alone).
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { place: Place::Folder(folder.into()), ..Self::in_memory() }
    }

    /// One account for all clients, of whatever host, that name this Redis (or Valkey) server and have the same key:
    /// `redis://:password@host:6379/0`. Each step is one script in one round trip. While the server is away, each process goes
    /// on with what was promised to it; what was spent meanwhile is booked when it is back.
    ///
    /// One primary without TLS; the password appears in no message.
    ///
    /// The key's token is shared as well, so that a fleet fetches one. It lies in Redis **in clear text**, until it ends: who may
    /// read there can use the API as this key. [`without_shared_token`](Self::without_shared_token) switches that off.
    #[cfg(feature = "redis")]
    #[must_use]
    pub fn in_redis(address: impl Into<String>) -> Self {
        Self { place: Place::Redis { address: address.into(), shares_token: true }, ..Self::in_memory() }
    }

    /// Each client of a ledger in Redis fetches a token of its own, and writes none there. For a Redis that others read.
    #[cfg(feature = "redis")]
    #[must_use]
    pub fn without_shared_token(mut self) -> Self {
        if let Place::Redis { shares_token, .. } = &mut self.place {
            *shares_token = false;
        }
        self
    }

    /// The share of a window's points that is never planned with: 0 to 0.5. Default 0.01; never less than one snapshot costs.
    #[must_use]
    pub fn safety(mut self, share: f64) -> Self {
        self.settings.safety = share;
        self
    }

    /// How far the service's counter is behind at most: up to 10 minutes. Until a snapshot is so much younger than a call, the
    /// call counts with all that it may have cost. Default 5 s.
    #[must_use]
    pub fn settle_lag(mut self, lag: Duration) -> Self {
        self.settings.settle_lag = lag;
        self
    }

    /// The share of a window's points that batch calls leave to interactive ones: 0 to 0.9. It falls to nothing over the last
    /// quarter of the window. Default 0.15.
    #[must_use]
    pub fn reserve_for_interactive(mut self, share: f64) -> Self {
        self.settings.reserve_for_interactive = share;
        self
    }

    /// The most points that this client and its clones spend; then calls end with
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped). Default: no limit but the service's.
    #[must_use]
    pub fn max_points(mut self, most: Points) -> Self {
        self.settings.max_points = Some(most);
        self
    }

    /// The name under which this client's spending is listed beside that of others. Default: the program's name.
    #[must_use]
    pub fn owner(mut self, name: impl Into<String>) -> Self {
        self.owner = Some(name.into());
        self
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        self.settings.check()
    }

    /// `key` stands for whose points they are, where.
    pub(super) fn store(&self, key: &str) -> Result<Store, Error> {
        let bucket = format!("{:016x}", stable_hash(key));
        Ok(match &self.place {
            Place::Memory => Store::memory(),
            Place::Folder(folder) => Store::Shared(Arc::new(FileStore::open(folder, &bucket, self.settings))),
            #[cfg(feature = "redis")]
            Place::Redis { address, shares_token } => {
                let store = RedisStore::connect(address, &bucket, self.settings)?;
                Store::Shared(Arc::new(if *shares_token { store.sharing_the_token_of(key) } else { store }))
            }
        })
    }

    /// Its name, and the process, since two of one name may run.
    pub(super) fn spender(&self) -> String {
        let name = self.owner.clone().or_else(program).unwrap_or_else(|| "esologs".to_owned());
        format!("{name} ({})", std::process::id())
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self::in_memory()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("Memory"),
            // The address may hold a password.
            #[cfg(feature = "redis")]
            Self::Redis { .. } => f.write_str("Redis(..)"),
            Self::Folder(folder) => write!(f, "Folder({})", folder.display()),
        }
    }
}

fn program() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(path.file_stem()?.to_string_lossy().into_owned())
}
