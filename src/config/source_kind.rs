//! The kinds of source, and what holds of all sources of one.

use serde::{Deserialize, Serialize};

/// What the files of a source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Sales, comma-separated, with coordinates.
    GeoDvf,
    /// Sales, as the tax office publishes them.
    Dgfip,
    /// Communes, EPCI, départements and régions: the JSON files of `@etalab/decoupage-administratif`.
    Cog,
    /// Contours of communes: GeoJSON.
    Contours,
    /// Indicators of places: a table that the source declares.
    Table,
    /// Facts by place and day: files of a folder, as the source declares them.
    Facts,
    /// Notes on communes: a table of an operator's, as the source declares it.
    Grist,
}

/// The items of a source of [`SourceKind::Cog`].
pub const COG_ITEMS: [&str; 4] = ["communes", "epci", "departements", "regions"];

/// What of a scope one source alone may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SoleSubject {
    /// The places of France.
    Places,
    /// Sales, whatever the format of their files.
    Sales,
}

impl SourceKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Cog,
        Self::Contours,
        Self::Table,
        Self::Facts,
        Self::Grist,
        Self::GeoDvf,
        Self::Dgfip,
    ];

    /// What no two of its sources may bring for one scope. Those of other kinds replace only what is their own.
    pub(super) fn sole_subject(self) -> Option<SoleSubject> {
        match self {
            Self::Cog => Some(SoleSubject::Places),
            Self::GeoDvf | Self::Dgfip => Some(SoleSubject::Sales),
            Self::Contours | Self::Table | Self::Facts | Self::Grist => None,
        }
    }

    /// The items that each of its sources has, where these are always the same.
    pub(super) fn items(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Cog => Some(&COG_ITEMS),
            Self::Contours
            | Self::Table
            | Self::Facts
            | Self::Grist
            | Self::GeoDvf
            | Self::Dgfip => None,
        }
    }
}
