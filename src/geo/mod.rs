//! The places of France: communes, arrondissements municipaux, EPCI, départements and régions, as they stand today,
//! and the way from any former commune code to today's commune.
//!
//! They are those of an edition of the Code officiel géographique, which [`crate::intake::cog`] reads. A place has one
//! code and one name; codes are text (`01004`, `2A004`, `97411`), and everything listed here is sorted by code.
//!
//! ```
//! let geography = immostats::intake::cog::embedded()?;
//! let oullins = geography.current("69152").expect("Pierre-Bénite is part of a commune of today");
//! assert_eq!(oullins.code, "69149");
//! assert_eq!(oullins.full_of(), "d'Oullins-Pierre-Bénite");
//! # Ok::<(), immostats::intake::cog::CogError>(())
//! ```

mod build;
mod code;
pub mod contours;
mod error;
mod names;
mod separations;
mod sphere;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::place::{CodeMap, Level, Place};

pub use build::{FormerCode, PlaceLists};
pub use code::is_commune_code;
pub use error::GeoError;
pub use names::{Liaison, sort_key};
pub use separations::{Separation, has_separated, separated_since};
pub use sphere::{EarthPoint, earth_point};

/// All places of one edition of the Code officiel géographique.
#[derive(Debug, Clone)]
pub struct Geography {
    communes: Vec<Commune>,
    /// Indexes in `communes` of the arrondissements municipaux.
    arrondissements: Vec<usize>,
    epcis: Vec<Epci>,
    departements: Vec<Departement>,
    regions: Vec<Region>,
    /// Every known code, current or former, to the index in `communes` of today's commune.
    current: CodeMap<Key, usize>,
    former_names: CodeMap<Key, String>,
    digest: blake3::Hash,
}

/// A commune code as a map's key: all have five bytes, and an array of them needs no allocation.
type Key = [u8; 5];

fn key(code: &str) -> Option<Key> {
    code.as_bytes().try_into().ok()
}

/// A commune of today, or an arrondissement municipal of Paris, Lyon or Marseille.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commune {
    /// INSEE code, five characters.
    pub code: String,
    /// Name with its article: "Le Havre", "Lyon 3e Arrondissement".
    pub name: String,
    /// Whether this is a commune or an arrondissement municipal.
    pub kind: CommuneKind,
    /// Code of its département.
    pub departement: String,
    /// Code of its région.
    pub region: String,
    /// Code of its EPCI; an arrondissement has that of its city. `None` on the four islands that belong to no EPCI and in
    /// the collectivités d'outre-mer.
    pub epci: Option<String>,
    /// Municipal population in inhabitants. `None` where there is no census; 0 is a true figure (the villages
    /// destroyed at Verdun).
    pub population: Option<u32>,
    /// Postal codes, as the data orders them; empty in the Terres australes et antarctiques françaises.
    pub postal_codes: Vec<String>,
    /// The city (`75056`, `69123`, `13055`) of an arrondissement, `None` for a commune.
    pub parent: Option<String>,
    /// How its name follows "de".
    pub liaison: Liaison,
}

/// What a [`Commune`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommuneKind {
    /// A commune in its own right.
    Commune,
    /// An arrondissement municipal, part of a commune.
    Arrondissement,
}

/// An établissement public de coopération intercommunale à fiscalité propre, or the Métropole de Lyon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epci {
    /// SIREN, nine digits.
    pub code: String,
    /// Name as published, mostly beginning with the kind's abbreviation: "CC Faucigny - Glières".
    pub name: String,
    /// Its legal form.
    pub kind: EpciKind,
    /// Codes of its communes. Arrondissements are not listed: Paris, Lyon and Marseille stand for theirs.
    pub members: Vec<String>,
}

/// The legal form of an EPCI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum EpciKind {
    /// Communauté de communes.
    #[serde(rename = "CC")]
    CommunauteDeCommunes,
    /// Communauté d'agglomération.
    #[serde(rename = "CA")]
    CommunauteDAgglomeration,
    /// Communauté urbaine.
    #[serde(rename = "CU")]
    CommunauteUrbaine,
    /// Métropole.
    #[serde(rename = "METRO")]
    Metropole,
    /// The Métropole de Lyon, a collectivité of its own kind that acts as an EPCI.
    #[serde(rename = "MET69")]
    MetropoleDeLyon,
}

/// A département, or a collectivité d'outre-mer that takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departement {
    /// Two characters, three overseas.
    pub code: String,
    /// Name without article: "Ain", "Var" ("La Réunion" keeps its own).
    pub name: String,
    /// Code of its région.
    pub region: String,
    /// How its name follows "de".
    pub liaison: Liaison,
}

/// A région, or a collectivité d'outre-mer that takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Two digits; a collectivité d'outre-mer has the three of its département.
    pub code: String,
    /// Name without article: "Bretagne", "Grand Est" ("La Réunion" keeps its own).
    pub name: String,
    /// How its name follows "de".
    pub liaison: Liaison,
}

impl Geography {
    /// Today's communes and the arrondissements municipaux, by code.
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    /// Today's commune or arrondissement with this very code; `None` for a former code.
    pub fn commune(&self, code: &str) -> Option<&Commune> {
        self.current(code).filter(|commune| commune.code == code)
    }

    /// Today's commune for any code since 1943: itself for a current code or an arrondissement, else the commune it has
    /// become a part of. `None` for a code that the data does not know.
    ///
    /// A code that a commune nouvelle shares with one of its communes déléguées is the commune nouvelle's.
    pub fn current(&self, code: &str) -> Option<&Commune> {
        let &index = self.current.get(&key(code)?)?;
        Some(&self.communes[index])
    }

    /// The name that goes with a code: today's for a current one, its own for a commune déléguée or associée. `None` for
    /// unknown codes, and for communes that merged without leaving a name in the data.
    pub fn name_of(&self, code: &str) -> Option<&str> {
        match self.commune(code) {
            Some(commune) => Some(&commune.name),
            None => self.former_names.get(&key(code)?).map(String::as_str),
        }
    }

    /// The names of former communes, each with what it is part of today, by code.
    pub fn former(&self) -> Vec<(&str, &Commune)> {
        let mut former: Vec<_> = self.former_names.iter().collect();
        former.sort();
        let today = |(key, name)| {
            let &index = self.current.get(key)?;
            Some((String::as_str(name), &self.communes[index]))
        };
        former.into_iter().filter_map(today).collect()
    }

    /// The arrondissements of Paris, Lyon or Marseille; empty for every other commune.
    pub fn children_of_city(&self, parent: &str) -> Vec<&Commune> {
        let arrondissements = self
            .arrondissements
            .iter()
            .map(|&index| &self.communes[index]);
        arrondissements
            .filter(|commune| commune.parent.as_deref() == Some(parent))
            .collect()
    }

    /// All EPCI, by code.
    pub fn epcis(&self) -> &[Epci] {
        &self.epcis
    }

    /// The EPCI with this code.
    pub fn epci(&self, code: &str) -> Option<&Epci> {
        find(&self.epcis, code, |epci| &epci.code)
    }

    /// All départements and collectivités d'outre-mer, by code (`2A` and `2B` after `29`).
    pub fn departements(&self) -> &[Departement] {
        &self.departements
    }

    /// The département with this code.
    pub fn departement(&self, code: &str) -> Option<&Departement> {
        find(&self.departements, code, |departement| &departement.code)
    }

    /// All régions and collectivités d'outre-mer, by code.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The région with this code.
    pub fn region(&self, code: &str) -> Option<&Region> {
        find(&self.regions, code, |region| &region.code)
    }

    /// Whether two places are one territory: Paris is a commune and a département, Mayotte a département and a région.
    pub fn are_one_territory(&self, one: &Place, other: &Place) -> bool {
        one == other || self.territory(one) == self.territory(other)
    }

    /// The smallest place that has the whole territory of another.
    pub fn territory(&self, place: &Place) -> Place {
        match place.level {
            Level::Region => {
                let parts = self.departements.iter();
                let mut parts = parts.filter(|departement| departement.region == place.code);
                match (parts.next(), parts.next()) {
                    (Some(only), None) => {
                        self.territory(&Place::new(Level::Departement, &*only.code))
                    }
                    _ => place.clone(),
                }
            }
            Level::Departement => {
                // The code of a commune begins with that of its département.
                let first = self
                    .communes
                    .partition_point(|commune| commune.code < place.code);
                let communes = self.communes[first..].iter();
                let communes = communes.take_while(|commune| commune.departement == place.code);
                let mut communes = communes.filter(|commune| commune.parent.is_none());
                match (communes.next(), communes.next()) {
                    (Some(only), None) => Place::new(Level::Commune, &*only.code),
                    _ => place.clone(),
                }
            }
            Level::Commune | Level::Epci | Level::Pays => place.clone(),
        }
    }

    /// Hash of the data this was read from: what is made from a `Geography` is up to date as long as it stays the same.
    pub fn digest(&self) -> blake3::Hash {
        self.digest
    }
}

impl Commune {
    /// The name after "de": "d'Annecy", "du Havre", "de La Rochelle", "des Sables-d'Olonne".
    pub fn full_of(&self) -> String {
        self.liaison.with_de(&self.name)
    }

    /// The number of an arrondissement and its city: "3e" and "Lyon". `None` for a commune.
    pub fn arrondissement(&self) -> Option<(&str, &str)> {
        let name = self.name.strip_suffix(" Arrondissement")?;
        let (city, number) = name.rsplit_once(' ')?;
        self.parent.is_some().then_some((number, city))
    }
}

impl Departement {
    /// Where something is that is there: "dans l'Ain", "dans le Var", "en Moselle", "à Paris".
    pub fn within(&self) -> String {
        self.liaison.within(&self.name)
    }

    /// The name after "de": "de l'Ain", "du Var", "des Landes", "de Paris".
    pub fn full_of(&self) -> String {
        self.liaison.with_de(&self.name)
    }
}

impl Region {
    /// Where something is that is there: "en Bretagne", "dans le Grand Est", "à La Réunion".
    pub fn within(&self) -> String {
        self.liaison.within(&self.name)
    }

    /// The name after "de": "de Bretagne", "d'Occitanie", "du Grand Est".
    pub fn full_of(&self) -> String {
        self.liaison.with_de(&self.name)
    }
}

impl EpciKind {
    /// What it is called in French, in lower case.
    pub fn label(self) -> &'static str {
        match self {
            EpciKind::CommunauteDeCommunes => "communauté de communes",
            EpciKind::CommunauteDAgglomeration => "communauté d'agglomération",
            EpciKind::CommunauteUrbaine => "communauté urbaine",
            EpciKind::Metropole | EpciKind::MetropoleDeLyon => "métropole",
        }
    }
}

/// The département that a commune's code begins with: three characters in `97` and `98`, two elsewhere.
///
/// True of every commune of today; five communes associées lie in another département than their code says.
pub fn departement_of(code_commune: &str) -> &str {
    let length = if code_commune.starts_with("97") || code_commune.starts_with("98") {
        3
    } else {
        2
    };
    code_commune.get(..length).unwrap_or(code_commune)
}

/// The département that most of some communes lie in, the first by code of those with as many; `None` of no commune.
pub fn main_departement<'c>(communes: impl Iterator<Item = &'c Commune>) -> Option<&'c str> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for commune in communes {
        *counts.entry(&commune.departement).or_default() += 1;
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map(|(code, _)| code)
}

/// Why DVF has no sale of a département.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DvfGap {
    /// Bas-Rhin, Haut-Rhin and Moselle: sales are in the land register (livre foncier), which the courts keep.
    LivreFoncier,
    /// Mayotte.
    Mayotte,
    /// A collectivité d'outre-mer.
    OutreMer,
}

/// Whether and why DVF leaves a département out.
pub fn dvf_gap(departement: &str) -> Option<DvfGap> {
    match departement {
        "57" | "67" | "68" => Some(DvfGap::LivreFoncier),
        "976" => Some(DvfGap::Mayotte),
        "975" | "977" | "978" | "984" | "986" | "987" | "988" | "989" => Some(DvfGap::OutreMer),
        _ => None,
    }
}

/// Whether DVF records the sales of a département.
pub fn is_covered_by_dvf(departement: &str) -> bool {
    dvf_gap(departement).is_none()
}

/// The item with this code in a list sorted by code.
fn find<'a, T>(sorted: &'a [T], code: &str, code_of: fn(&T) -> &String) -> Option<&'a T> {
    let index = sorted
        .binary_search_by(|item| code_of(item).as_str().cmp(code))
        .ok()?;
    Some(&sorted[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departements_come_from_codes() {
        for (code, departement) in [
            ("01004", "01"),
            ("2A004", "2A"),
            ("97411", "974"),
            ("98818", "988"),
            ("97", "97"),
            ("1", "1"),
            ("", ""),
            ("éa", "é"),
            ("aé", "aé"),
        ] {
            assert_eq!(departement_of(code), departement);
        }
    }
}
