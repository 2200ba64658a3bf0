//! The files: read, replaced as a whole, moved aside. Small and local, so they are read and written where they are needed.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};

use super::Place;
use super::entry::{Entry, Read};
use super::lock::try_lock;
use crate::disk::{self, private};

/// What is larger is not ours, in bytes.
const MOST_BYTES: u64 = 1_024 * 1_024;

/// What is kept at this place. A file that cannot be made sense of is moved aside; one that others can read is closed to them first. Both
/// are told, in sentences for the user.
pub(super) fn read(place: &Place, told: &mut Vec<String>) -> io::Result<Option<Entry>> {
    if let Some(found) = look(place, told)? {
        return Ok(found);
    }
    // Whoever has the lock may be about to replace it: what is moved then would be the new one.
    match try_lock(place)? {
        Some(_lock) => read_locked(place, told),
        None => Err(io::Error::other("it makes no sense, and another process is busy with it; try again")),
    }
}

/// The same for who holds the lock.
pub(super) fn read_locked(place: &Place, told: &mut Vec<String>) -> io::Result<Option<Entry>> {
    if let Some(found) = look(place, told)? {
        return Ok(found);
    }
    let aside = disk::move_aside(place.file(), |number| place.file().with_extension(format!("unreadable-{number}")))?;
    let (file, aside) = (place.file().display(), aside.file_name().unwrap_or_default().to_string_lossy());
    told.push(format!("the sign-in at {file} makes no sense and was moved aside, to {aside}"));
    Ok(None)
}

/// What is there, if anything; the outer `None` is for a file that makes no sense.
fn look(place: &Place, told: &mut Vec<String>) -> io::Result<Option<Option<Entry>>> {
    let mut file = match File::open(place.file()) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Some(None)),
        opened => opened?,
    };
    if let Some(mode) = close_to_others(&file)? {
        let path = place.file().display();
        told.push(format!("others could read the sign-in at {path} (mode {mode:o}), and cannot now; consider a new secret"));
    }
    let mut bytes = Vec::new();
    (&mut file).take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    match Entry::read(&bytes, place.service()) {
        Read::Entry(entry) => Ok(Some(Some(entry))),
        Read::Foreign => Ok(Some(None)),
        Read::Later(format) => {
            let why = format!("it has format {format}, of a later version of this program; update this one");
            Err(io::Error::new(ErrorKind::InvalidData, why))
        }
        Read::Unreadable => Ok(None),
    }
}

/// Replaces what is kept at this place. Only who holds the lock may.
pub(super) fn write(place: &Place, entry: &Entry, told: &mut Vec<String>) -> io::Result<()> {
    disk::make_private_folder(place.folder())?;
    // Never over something that is not ours or makes no sense.
    read_locked(place, told)?;
    sweep(place)?;
    // Random, so that nobody has put something else there before.
    let new = place.file().with_extension(format!("{:016x}.new", fastrand::u64(..)));
    let options = private().write(true).create_new(true).to_owned();
    disk::replace(&options, &new, place.file(), &entry.to_bytes(place.service()))
}

/// Whether something was there to be removed. Only who holds the lock may.
pub(super) fn remove(place: &Place) -> io::Result<bool> {
    sweep(place)?;
    match fs::remove_file(place.file()) {
        Ok(()) => disk::sync_folder_of(place.file()).map(|()| true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The places whose name begins like this one's.
pub(super) fn all_of(place: &Place) -> io::Result<Vec<Place>> {
    let begin = format!("{}.", stem(place));
    let files = names(place)?.into_iter().filter(|name| name.starts_with(&begin) && name.ends_with(".json"));
    Ok(files.map(|name| place.sibling(place.folder().join(name))).collect())
}

/// Removes what a process left behind that was killed while it wrote.
fn sweep(place: &Place) -> io::Result<()> {
    let begin = format!("{}.", stem(place));
    for name in names(place)?.into_iter().filter(|name| name.starts_with(&begin) && name.ends_with(".new")) {
        fs::remove_file(place.folder().join(name))?;
    }
    Ok(())
}

fn stem(place: &Place) -> String {
    place.file().file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn names(place: &Place) -> io::Result<Vec<String>> {
    match fs::read_dir(place.folder()) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect(),
    }
}

/// Where others could read it, the secret may be known to them: that ends now. The mode that it had.
#[cfg(unix)]
fn close_to_others(file: &File) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(None);
    }
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(Some(mode))
}

#[cfg(not(unix))]
fn close_to_others(_: &File) -> io::Result<Option<u32>> {
    Ok(None)
}
