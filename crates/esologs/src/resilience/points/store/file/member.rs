//! Who is alive: each member keeps a file of its own locked, and the system lets go of it however the process ends. This holds in
//! containers, where a process is not seen under its number, and needs nothing but what locks the ledger itself.

use std::fs::{self, File, TryLockError};
use std::io;

use super::place::Place;

/// One store of a process, as long as it lives.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: u64,
    /// A fork has this member in its memory, too, but is another one.
    pid: u32,
    place: Place,
    file: File,
}

impl Member {
    /// Enters as a new member. Only who holds the ledger's lock may, so that nobody finds the file before it is locked.
    pub(super) fn enter(place: &Place) -> io::Result<Self> {
        let id = fastrand::u64(1..);
        Ok(Self { id, pid: std::process::id(), place: place.clone(), file: locked(place, id)? })
    }

    /// Whether this process is the member, and not a fork of it.
    pub(super) fn is_this_process(&self) -> bool {
        self.pid == std::process::id()
    }

    /// The members that live, this one included; the files of others are cleared away. Only who holds the ledger's lock may look.
    pub(super) fn living(&mut self) -> io::Result<Vec<u64>> {
        let mut living = Vec::new();
        for entry in fs::read_dir(self.place.folder())? {
            let name = entry?.file_name();
            let Some(id) = name.to_str().and_then(|name| self.place.member(name)) else { continue };
            if id == self.id || is_alive(&self.place, id)? {
                living.push(id);
            }
        }
        if !living.contains(&self.id) {
            // Somebody cleared the folder.
            self.file = locked(&self.place, self.id)?;
            living.push(self.id);
        }
        Ok(living)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if self.is_this_process() {
            // If it stays, the next who looks finds it unlocked.
            let _ = fs::remove_file(self.place.alive(self.id));
        }
    }
}

fn locked(place: &Place, id: u64) -> io::Result<File> {
    let file = place.open(&place.alive(id), true)?;
    file.try_lock()?;
    Ok(file)
}

fn is_alive(place: &Place, id: u64) -> io::Result<bool> {
    let path = place.alive(id);
    let file = match File::options().write(true).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        // Of another user, perhaps. Its reservations end with their leases.
        Err(_) => return Ok(true),
    };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
        Ok(()) => {
            drop(file);
            fs::remove_file(&path)?;
            Ok(false)
        }
    }
}
