//! Where sign-ins are kept from one run to the next: a folder of small files that only their user can read.

mod entry;
mod file;
mod lock;
mod place;
#[cfg(test)]
mod tests;
mod tokens;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy as _;
use secrecy::SecretString;

pub(crate) use self::place::Place;
use self::{entry::Entry, tokens::StoredTokens};
use super::{SharedTokens, SignedIn};
use crate::clock::Clock;
use crate::config::{Credentials, Endpoint};
use crate::error::{Error, ErrorKind};

/// The profile that is used where none is named.
const DEFAULT_PROFILE: &str = "default";
/// The longest name of a profile, in bytes.
const LONGEST_PROFILE: usize = 64;

/// Where sign-ins are kept from one run to the next, for all processes of a user: API clients, users' sign-ins, and their tokens,
/// each under its profile and host.
///
/// The files have the mode 0600, in folders of mode 0700, from the moment they are made. They are replaced as a whole, so that whoever
/// is killed leaves the old one or the new one. One that cannot be read is moved aside, never written over.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenStore {
    folder: PathBuf,
    profile: String,
}

/// What was forgotten by [`TokenStore::forget`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forgotten {
    /// The API client was there.
    pub credentials: bool,
    /// A user's sign-in was there.
    pub signed_in: bool,
}

impl TokenStore {
    /// The store of this user, in the configuration folder of the platform: `$XDG_CONFIG_HOME/esologs` or `~/.config/esologs`,
    /// `~/Library/Preferences/esologs`, `%APPDATA%\esologs`.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where the user has no home folder.
    pub fn of_user() -> Result<Self, Error> {
        let user = etcetera::base_strategy::choose_native_strategy().map_err(|error| {
            Error::new(ErrorKind::LocalFile, format!("there is no place to keep a sign-in: {error}"))
                .with_hint("name a folder for it by XDG_CONFIG_HOME, or give the key by ESOLOGS_ID and ESOLOGS_SECRET")
        })?;
        Ok(Self::in_folder(user.config_dir().join("esologs")))
    }

    /// The store in a folder of one's own. It is made when something is kept.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), profile: DEFAULT_PROFILE.to_owned() }
    }

    /// The same store for another profile, for who uses several accounts. Default: `default`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] unless the name consists of up to 64 letters, digits, `-`, `_` and `.`, and begins with none of these signs.
    pub fn profile(mut self, name: &str) -> Result<Self, Error> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !begins || name.len() > LONGEST_PROFILE || !name.chars().all(fits) {
            let message = format!("the profile name '{}' cannot be used", name.escape_default());
            return Err(Error::new(ErrorKind::Usage, message).with_hint(format!(
                "use up to {LONGEST_PROFILE} letters, digits, '-', '_' and '.', beginning with a letter or digit"
            )));
        }
        self.profile = name.to_owned();
        Ok(self)
    }

    /// The name of the profile.
    #[must_use]
    pub fn profile_name(&self) -> &str {
        &self.profile
    }

    /// The file of the API client for this host.
    #[must_use]
    pub fn credentials_path(&self, endpoint: &Endpoint) -> PathBuf {
        self.place(endpoint, "key").file().to_owned()
    }

    /// The file of the user's sign-in at this host.
    #[must_use]
    pub fn signed_in_path(&self, endpoint: &Endpoint) -> PathBuf {
        self.place(endpoint, "user").file().to_owned()
    }

    /// The API client that is kept for this host.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where there is a file that cannot be read.
    pub fn credentials(&self, endpoint: &Endpoint) -> Result<Option<Credentials>, Error> {
        logged(|told| self.look_for_credentials(endpoint, told))
    }

    /// The user's sign-in that is kept for this host. A client that is given it renews its token there, for all who use it.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where there is a file that cannot be read.
    pub fn signed_in(&self, endpoint: &Endpoint) -> Result<Option<SignedIn>, Error> {
        logged(|told| self.look_for_signed_in(endpoint, told))
    }

    /// [`TokenStore::credentials`], with what the user should hear.
    pub(crate) fn look_for_credentials(&self, endpoint: &Endpoint, told: &mut Vec<String>) -> Result<Option<Credentials>, Error> {
        let place = self.place(endpoint, "key");
        let entry = file::read(&place, told).map_err(|error| unreadable(place.file(), &error))?;
        Ok(entry.and_then(|entry| entry.credentials()))
    }

    /// [`TokenStore::signed_in`], with what the user should hear.
    pub(crate) fn look_for_signed_in(&self, endpoint: &Endpoint, told: &mut Vec<String>) -> Result<Option<SignedIn>, Error> {
        let place = self.place(endpoint, "user");
        let entry = file::read(&place, told).map_err(|error| unreadable(place.file(), &error))?;
        Ok(entry.and_then(|entry| entry.signed_in(place)))
    }

    /// Keeps an API client for this host, in place of an earlier one.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where the file cannot be written.
    pub async fn keep_credentials(&self, endpoint: &Endpoint, credentials: &Credentials) -> Result<(), Error> {
        self.keep(self.place(endpoint, "key"), Entry::of_credentials(credentials)).await
    }

    /// Keeps a user's sign-in for this host, in place of an earlier one.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where the file cannot be written.
    pub async fn keep_signed_in(&self, endpoint: &Endpoint, user: &SignedIn) -> Result<(), Error> {
        self.keep(self.place(endpoint, "user"), Entry::of_user(user)).await
    }

    /// Forgets what is kept for this host: API client, user's sign-in, tokens. The service still accepts the tokens until they end.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where a file cannot be removed.
    pub async fn forget(&self, endpoint: &Endpoint) -> Result<Forgotten, Error> {
        let of = |what: &str| self.place(endpoint, what);
        let (key, user) = (of("key"), of("user"));
        let tokens = file::all_of(&of("token")).map_err(|error| unwritable(key.file(), &error))?;
        for place in tokens {
            remove(place).await?;
        }
        Ok(Forgotten { credentials: remove(key).await?, signed_in: remove(user).await? })
    }

    /// Where the tokens of these credentials are kept between runs.
    pub(crate) fn tokens_of(&self, endpoint: &Endpoint, credentials: &Credentials, clock: &Clock) -> Arc<dyn SharedTokens> {
        let place = self.place(endpoint, &format!("token.{}", entry::fingerprint(credentials)));
        Arc::new(StoredTokens::new(place, Entry::of_key_tokens(credentials), clock.clone()))
    }

    fn place(&self, endpoint: &Endpoint, what: &str) -> Place {
        Place::new(&self.folder, &self.profile, endpoint, what)
    }

    async fn keep(&self, place: Place, entry: Entry) -> Result<(), Error> {
        let lock = lock::wait_for(&place).await.map_err(|error| unwritable(place.file(), &error))?;
        let kept = logged(|told| file::write(&place, &entry, told)).map_err(|error| unwritable(place.file(), &error));
        drop(lock);
        kept
    }
}

/// The tokens of a user whose sign-in is kept at this place.
pub(super) fn tokens_of_user(place: Place, user: &SignedIn, clock: &Clock) -> Arc<dyn SharedTokens> {
    Arc::new(StoredTokens::new(place, Entry::of_user(user), clock.clone()))
}

async fn remove(place: Place) -> Result<bool, Error> {
    // Nobody who renews at this moment writes it back afterwards.
    let lock = lock::wait_for(&place).await.map_err(|error| unwritable(place.file(), &error))?;
    let removed = file::remove(&place).map_err(|error| unwritable(place.file(), &error));
    drop(lock);
    removed
}

/// Does what tells something, and logs that: whoever calls has no ear for it.
fn logged<T>(work: impl FnOnce(&mut Vec<String>) -> T) -> T {
    let mut told = Vec::new();
    let done = work(&mut told);
    for why in told {
        tracing::warn!(target: "esologs", why, "a sign-in is not kept as it should be");
    }
    done
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::LocalFile, format!("the sign-in at {} cannot be read: {error}", path.display()))
        .with_hint("forget it with `esologs auth logout` and sign in again; ESOLOGS_ID and ESOLOGS_SECRET need no sign-in")
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::LocalFile, format!("the sign-in at {} cannot be written: {error}", path.display()))
}

impl fmt::Debug for TokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenStore").field("folder", &self.folder).field("profile", &self.profile).finish()
    }
}

/// What is kept of a token, with the moment of its end by the wall clock, since it outlives this process.
#[derive(Clone)]
pub(super) struct KeptToken {
    pub(super) token: SecretString,
    pub(super) ends_at_ms: Option<i64>,
    pub(super) renew_at_ms: Option<i64>,
}
