//! Whose turn it is to change a sign-in: a lock on a file beside it, which the system takes back however a process ends.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::time::Duration;

use super::Place;
use crate::disk;

/// How long is waited for another process that renews a token: its three tries take less.
const PATIENCE: Duration = Duration::from_secs(40);

/// The lock, given back when dropped.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing gives it back, too.
        let _ = self.0.unlock();
    }
}

/// The lock, if nobody has it.
pub(super) fn try_lock(place: &Place) -> io::Result<Option<Lock>> {
    let file = open(place)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The lock, once whoever has it is done.
pub(super) async fn wait_for(place: &Place) -> io::Result<Lock> {
    if let Some(lock) = try_lock(place)? {
        return Ok(lock);
    }
    let file = open(place)?;
    let waiting = tokio::task::spawn_blocking(move || file.lock().map(|()| Lock(file)));
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(lock) => lock.map_err(io::Error::other)?,
        Err(_) => {
            let seconds = PATIENCE.as_secs();
            Err(io::Error::new(ErrorKind::TimedOut, format!("another process has been busy with it for {seconds} s")))
        }
    }
}

fn open(place: &Place) -> io::Result<File> {
    let mut options = disk::private();
    options.read(true).write(true).create(true).truncate(false);
    disk::open_in_folder(&options, &place.lock(), place.folder())
}
