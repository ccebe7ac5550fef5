//! What figures are computed for: a commune, or something above it.

use std::collections::HashMap;
use std::fmt;

use foldhash::fast::FixedState;

/// A map by codes of places: short, and nobody's to choose, so that a fast hash does.
pub type CodeMap<Code, Value> = HashMap<Code, Value, FixedState>;

/// The scale of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// A commune, an arrondissement municipal, or the whole of Paris, Lyon or Marseille.
    Commune,
    /// A group of communes with its own taxation (établissement public de coopération intercommunale).
    Epci,
    /// A département, or a collectivity that stands for one in the tables of INSEE.
    Departement,
    /// A région as it has been since 2016.
    Region,
    /// All of France that DVF covers.
    Pays,
}

impl Level {
    /// From the smallest to the largest.
    pub const ALL: [Self; 5] = [
        Self::Commune,
        Self::Epci,
        Self::Departement,
        Self::Region,
        Self::Pays,
    ];

    /// The name used in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Epci => "epci",
            Self::Departement => "departement",
            Self::Region => "region",
            Self::Pays => "pays",
        }
    }

    /// The level of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// A place with figures.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The scale of the place, which says what its code is a code of.
    pub level: Level,
    /// INSEE code, SIREN of an EPCI, or `FR`.
    pub code: String,
}

impl Place {
    /// A place by its level and code.
    pub fn new(level: Level, code: impl Into<String>) -> Self {
        Self {
            level,
            code: code.into(),
        }
    }

    /// The country.
    pub fn france() -> Self {
        Self::new(Level::Pays, "FR")
    }
}

/// The codes of the départements, those of a region overseas included: 101 since 2011.
pub fn departements() -> Vec<String> {
    let mainland = (1..=95).flat_map(|number| match number {
        // Corsica is two since 1976.
        20 => vec!["2A".to_owned(), "2B".to_owned()],
        number => vec![format!("{number:02}")],
    });
    let overseas = ["971", "972", "973", "974", "976"].map(str::to_owned);
    mainland.chain(overseas).collect()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.level.name(), self.code)
    }
}
