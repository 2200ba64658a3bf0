//! What was learned of costs, in a file beside the account. It is replaced as a whole, so that a reader finds the old or the new.

use std::fs;
use std::io::{self, ErrorKind, Read as _};

use super::place::Place;
use crate::disk;

/// What is larger than this is not ours, in bytes.
const MOST_BYTES: u64 = 16 * 1_024 * 1_024;

pub(super) fn load(place: &Place) -> Option<Vec<u8>> {
    let mut costs = Vec::new();
    let read = fs::File::open(place.costs()).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut costs));
    match read {
        Ok(bytes) => (bytes as u64 <= MOST_BYTES).then_some(costs),
        Err(error) => {
            if error.kind() != ErrorKind::NotFound {
                tracing::warn!(%error, "the costs that were learned are not read");
            }
            None
        }
    }
}

/// Costs that cannot be kept are learned again, so a failure is told and no more.
pub(super) fn save(place: &Place, costs: &[u8]) {
    if let Err(error) = replace(place, costs) {
        tracing::warn!(%error, "the costs that were learned are not kept");
    }
}

fn replace(place: &Place, costs: &[u8]) -> io::Result<()> {
    // A name that nobody else writes to at the same time.
    let new = place.costs().with_extension(format!("costs.{:016x}.new", fastrand::u64(..)));
    disk::make_private_folder(place.folder())?;
    disk::replace(disk::private().write(true).create_new(true), &new, &place.costs(), costs)
}
