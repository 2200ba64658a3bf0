//! Where answers are kept.

use std::env::VarError;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::failure::Failure;

/// Says the folder, or that there is none.
const CACHE: &str = "ESOLOGS_CACHE";
const OFF: &str = "off";

/// The folder of the cache; `None` where none is wanted, or the user has no home.
pub(super) fn folder() -> Result<Option<PathBuf>, Failure> {
    match std::env::var(CACHE) {
        Ok(text) if text.trim() == OFF => Ok(None),
        Ok(text) if text.trim().is_empty() => Ok(of_user()),
        Ok(text) => Ok(Some(text.into())),
        Err(VarError::NotPresent) => Ok(of_user()),
        Err(VarError::NotUnicode(path)) => Ok(Some(path.into())),
    }
}

fn of_user() -> Option<PathBuf> {
    let user = etcetera::base_strategy::choose_native_strategy().ok()?;
    let cache = user.cache_dir();
    let has_home = user.home_dir().is_dir() || !cache.starts_with(user.home_dir());
    has_home.then(|| cache.join("esologs"))
}
