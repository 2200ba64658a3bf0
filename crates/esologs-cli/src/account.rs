//! Where the account of the points is kept.

use std::env::VarError;
use std::fmt;
use std::path::PathBuf;

use esologs::Ledger;
use etcetera::BaseStrategy as _;

use crate::failure::Failure;
use crate::words;

/// Says the place where no option does.
const LEDGER: &str = "ESOLOGS_LEDGER";

/// A place for the account.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Account {
    /// The folder of this user, for all programs that name it.
    File,
    /// This process alone.
    Memory,
    /// For the processes of many hosts. The address may hold a password.
    Redis(String),
}

impl Account {
    /// # Errors
    /// A text that names no place. It is not repeated: it may be a misspelled address with a password.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        match text.trim() {
            "file" => Ok(Self::File),
            "memory" => Ok(Self::Memory),
            url if url.starts_with("redis://") => Ok(Self::Redis(url.to_owned())),
            _ => Err("expected 'file', 'memory' or an address such as redis://localhost:6379".to_owned()),
        }
    }

    /// What the environment says; `None` where it says nothing.
    pub(crate) fn of_environment() -> Result<Option<Self>, Failure> {
        match std::env::var(LEDGER) {
            Ok(text) if text.trim().is_empty() => Ok(None),
            Ok(text) => Self::read(&text).map(Some).map_err(|why| Failure::usage(format!("{LEDGER}: {why}"))),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(Failure::usage(format!("{LEDGER} is not valid UTF-8"))),
        }
    }

    /// The ledger with its account at this place, and the place in words.
    pub(crate) fn ledger(&self) -> Result<(Ledger, String), Failure> {
        match self {
            // Without a home (a service, a container) nobody else's account could be there.
            Self::File => Ok(match folder() {
                Some(folder) => (Ledger::in_folder(&folder), words::path(&folder)),
                None => in_memory(),
            }),
            Self::Memory => Ok(in_memory()),
            Self::Redis(url) => in_redis(url),
        }
    }
}

fn in_memory() -> (Ledger, String) {
    (Ledger::in_memory(), "memory".to_owned())
}

#[cfg(feature = "redis")]
fn in_redis(url: &str) -> Result<(Ledger, String), Failure> {
    // What stands before an '@' may be a password.
    let host = url.rsplit('@').next().unwrap_or_default().trim_start_matches("redis://");
    Ok((Ledger::in_redis(url), format!("redis://{}", words::plain(host))))
}

#[cfg(not(feature = "redis"))]
fn in_redis(_: &str) -> Result<(Ledger, String), Failure> {
    Err(Failure::usage("--ledger: this esologs was built without Redis").with_hint(
        "build it with 'cargo install esologs-cli --features redis', or share points within this machine: --ledger file",
    ))
}

/// Where programs of this user keep what they know from one run to the next; `None` where the user has no home.
pub(crate) fn folder() -> Option<PathBuf> {
    let user = etcetera::base_strategy::choose_native_strategy().ok()?;
    // Only XDG has a place for such things. On Windows the roaming profile is the wrong one: it goes from machine to machine.
    let state = user.state_dir().unwrap_or_else(|| if cfg!(windows) { user.cache_dir() } else { user.data_dir() });
    let has_home = user.home_dir().is_dir() || !state.starts_with(user.home_dir());
    has_home.then(|| state.join("esologs").join("points"))
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "File",
            Self::Memory => "Memory",
            Self::Redis(_) => "Redis(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_and_its_password_is_never_shown() {
        assert_eq!(Account::read("file"), Ok(Account::File));
        assert_eq!(Account::read(" memory "), Ok(Account::Memory));
        let redis = Account::read("redis://:hunter2@localhost:6379/0").unwrap();
        assert!(!format!("{redis:?}").contains("hunter2"));
        for wrong in ["redsi://:hunter2@localhost", "disk", ""] {
            let why = Account::read(wrong).unwrap_err();
            assert!(why.starts_with("expected 'file', 'memory'") && !why.contains("hunter2"), "{why}");
        }
    }

    #[cfg(not(feature = "redis"))]
    #[test]
    fn a_program_without_redis_says_how_to_get_it() {
        let failure = Account::Redis("redis://:hunter2@localhost".to_owned()).ledger().unwrap_err();
        assert_eq!(failure.exit(), crate::exit::Exit::Usage);
        let told = format!("{failure:?}");
        assert!(told.contains("--features redis") && !told.contains("hunter2"), "{told}");
    }
}
