//! Regions and servers, zones and encounters.

use crate::api::model::model;
use crate::ids::{EncounterId, ExpansionId, RegionId, ServerId, SubregionId, ZoneId};

model! {
    /// What there is of the world.
    pub struct World {
        /// All expansions.
        expansions: Vec<Expansion> = "expansions",
        /// All regions.
        regions: Vec<Region> = "regions",
        /// All zones.
        zones: Vec<Zone> = "zones",
    }
}

model! {
    /// A region of game servers.
    pub struct Region {
        /// Id, as the site numbers them.
        id: RegionId = "id",
        /// Short name ("NA").
        compact_name: String = "compactName",
        /// Name in full.
        name: String = "name",
        /// Name in look-ups and addresses.
        slug: String = "slug",
        /// Its parts.
        subregions: Vec<Subregion> = "subregions",
    }
}

model! {
    /// A part of a region.
    pub struct Subregion {
        /// Id, as the site numbers them.
        id: SubregionId = "id",
        /// Name in full.
        name: String = "name",
        /// Its region.
        region: Region = "region",
    }
}

model! {
    /// A game server.
    pub struct Server {
        /// Id, as the site numbers them.
        id: ServerId = "id",
        /// Name in full.
        name: String = "name",
        /// Name without blanks and capitals.
        normalized_name: String = "normalizedName",
        /// Name in look-ups and addresses.
        slug: String = "slug",
        /// Its region.
        region: Region = "region",
        /// Its part of the region.
        subregion: Subregion = "subregion",
    }
}

model! {
    /// An expansion of the game: a group of zones.
    pub struct Expansion {
        /// Id, as the site numbers them.
        id: ExpansionId = "id",
        /// Name in full.
        name: String = "name",
        /// Its zones.
        zones: Vec<Zone> = "zones",
    }
}

model! {
    /// A trial, arena or dungeon.
    pub struct Zone {
        /// Id, as the site numbers them.
        id: ZoneId = "id",
        /// Brackets of its rankings; null if they have none.
        brackets: Bracket = "brackets",
        /// Its difficulties.
        difficulties: Vec<Difficulty> = "difficulties",
        /// Its bosses, in order.
        encounters: Vec<Encounter> = "encounters",
        /// Its expansion.
        expansion: Expansion = "expansion",
        /// Whether its rankings are closed.
        frozen: bool = "frozen",
        /// Name in full.
        name: String = "name",
        /// Partitions of its rankings.
        partitions: Vec<Partition> = "partitions",
    }
}

model! {
    /// A boss of a zone.
    pub struct Encounter {
        /// Id, as the site numbers them.
        id: EncounterId = "id",
        /// Name in full.
        name: String = "name",
        /// Its zone.
        zone: Zone = "zone",
    }
}

model! {
    /// A difficulty of a zone.
    pub struct Difficulty {
        /// Id, as the site numbers them.
        id: i64 = "id",
        /// Name in full.
        name: String = "name",
        /// Group sizes it can be fought with.
        sizes: Vec<i64> = "sizes",
    }
}

model! {
    /// Brackets that a zone's rankings are parted into.
    pub struct Bracket {
        /// Lowest value.
        min: f64 = "min",
        /// Highest value.
        max: f64 = "max",
        /// Width of one bracket.
        bucket: f64 = "bucket",
        /// What is measured; null if the site names it nowhere.
        kind: String = "type",
    }
}

model! {
    /// A stretch of time or of patches that rankings are parted into.
    pub struct Partition {
        /// Id, as the site numbers them.
        id: i64 = "id",
        /// Name in full.
        name: String = "name",
        /// Short name.
        compact_name: String = "compactName",
        /// Whether rankings use it if no partition is asked for.
        default: bool = "default",
    }
}
