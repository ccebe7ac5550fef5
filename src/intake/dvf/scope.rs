//! What a file is a file of: the months and the territory that it replaces in the database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use jiff::civil::Date;
use thiserror::Error;

use super::content::DvfContent;
use super::filled::Apart;
use super::parse::Code;

use crate::base::month::{Month, Months};

/// A file with at least this many départements is one of the whole country, which has 97 that DVF covers.
const NATIONAL: usize = 90;

/// The territory that a file covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Territory {
    /// The whole country, as far as DVF covers it.
    France,
    /// Codes of départements.
    Departements(BTreeSet<String>),
    /// The INSEE code of one commune.
    Commune(Code),
}

/// What a file replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Where the sales lie that the file replaces.
    pub territory: Territory,
    /// The months, first and last included, whose sales the file replaces.
    pub months: Months,
}

/// A `--scope` that cannot be read, or a file that does not fit it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ScopeError {
    /// The text given as a scope follows none of the forms that are known.
    #[error(
        "the scope \"{0}\" was not understood; expected FR, départements such as 83 or 69,01, or a commune such as 83137, and months if need be: 83@2024-01..2024-12"
    )]
    Syntax(String),
    /// The file holds a mutation that the given scope does not cover.
    #[error("the file holds a mutation of {commune} on {date}, outside the scope {scope}")]
    Outside {
        /// The INSEE code of the commune of that mutation.
        commune: String,
        /// The day of that mutation.
        date: Date,
        /// The scope that was given, as text.
        scope: String,
    },
    /// The file has two parts, with nothing between them.
    #[error(
        "it holds sales of {} to {} and of {} to {}, and next to nothing between them; split it, or say what it covers, as in --scope FR@2024-01..2024-12",
        first.first, first.last, second.first, second.last
    )]
    Apart {
        /// The months of the first part.
        first: Months,
        /// The months of the second part.
        second: Months,
    },
}

impl From<Apart> for ScopeError {
    fn from(Apart { first, second }: Apart) -> Self {
        Self::Apart { first, second }
    }
}

/// A `--scope` as given: the months may be left to the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenScope {
    /// The territory that was given.
    pub territory: Territory,
    /// The months that were given; `None` where they are those of the file.
    pub months: Option<Months>,
}

impl Territory {
    /// Whether a commune lies within.
    pub fn contains(&self, commune: Code) -> bool {
        match self {
            Self::France => true,
            Self::Departements(codes) => codes.contains(commune.departement()),
            Self::Commune(code) => commune == *code,
        }
    }

    /// The codes that it covers whole: `FR`, départements, or a commune.
    pub fn codes(&self) -> Vec<&str> {
        match self {
            Self::France => vec!["FR"],
            Self::Departements(codes) => codes.iter().map(String::as_str).collect(),
            Self::Commune(code) => vec![code.as_str()],
        }
    }
}

impl Scope {
    /// The scope of a file of some months, by its content; its name tells a file of a département that happens to hold one
    /// commune from a file of that commune.
    pub(super) fn infer(path: &Path, months: Months, content: &DvfContent) -> Self {
        let departements: BTreeSet<_> = content
            .mutations
            .chunk_by(|a, b| a.commune == b.commune)
            .map(|mutations| mutations[0].commune.departement().to_owned())
            .collect();
        let first = content.mutations[0].commune;
        let one_commune = content.mutations.iter().all(|m| m.commune == first);
        let territory = if departements.len() >= NATIONAL {
            Territory::France
        } else if one_commune && !names_departement(path, first.departement()) {
            Territory::Commune(first)
        } else {
            Territory::Departements(departements)
        };
        Self { territory, months }
    }

    /// The commune that a file is a file of, as its lines name it: by the scope that was given, else because it names no
    /// other and its name is that of no département.
    pub(super) fn only_commune(
        path: &Path,
        given: Option<&GivenScope>,
        content: &DvfContent,
    ) -> Option<Code> {
        match given.map(|given| &given.territory) {
            Some(Territory::Commune(code)) => return Some(*code),
            Some(_) => return None,
            None => {}
        }
        let named = |code: Code| {
            let mut moved = content.separated.keys();
            moved
                .find(|(_, today)| *today == code)
                .map_or(code, |(named, _)| *named)
        };
        let own = named(content.mutations.first()?.commune);
        let is_only = content.mutations.iter().all(|m| named(m.commune) == own);
        (is_only && !names_departement(path, own.departement())).then_some(own)
    }

    /// The scope of a file of some months and a territory that was given by hand.
    ///
    /// # Errors
    /// When the file holds a mutation outside of it: it would be added and never replaced.
    pub(super) fn given(
        territory: &Territory,
        months: Months,
        content: &DvfContent,
    ) -> Result<Self, ScopeError> {
        let scope = Self {
            territory: territory.clone(),
            months,
        };
        let outside = content.mutations.iter().find(|m| {
            !scope.months.contains(Month::of(m.date)) || !scope.territory.contains(m.commune)
        });
        match outside {
            None => Ok(scope),
            Some(mutation) => Err(ScopeError::Outside {
                commune: mutation.commune.as_str().to_owned(),
                date: mutation.date,
                scope: scope.to_string(),
            }),
        }
    }

    /// The codes that the scope covers whole: `FR`, départements, or a commune.
    pub fn codes(&self) -> Vec<&str> {
        self.territory.codes()
    }

    /// Whether a file's name says that it is one of this territory: a single département, or a commune.
    pub(super) fn is_named(&self, path: &Path) -> bool {
        match &self.territory {
            Territory::France => false,
            Territory::Departements(codes) => {
                codes.len() == 1 && codes.iter().all(|code| names_departement(path, code))
            }
            Territory::Commune(_) => true,
        }
    }

    /// Whether a whole year of a département lies within.
    pub fn holds(&self, departement: &str, year: i16) -> bool {
        let territory = match &self.territory {
            Territory::France => true,
            Territory::Departements(codes) => codes.contains(departement),
            Territory::Commune(_) => false,
        };
        territory && self.months.hold(Months::of_year(year))
    }
}

/// Mutations of other communes, or of another département, in per cent of those of a file's own, that are slips: none of the
/// départements that DVF covers has so few beside another.
const STRAY_SHARE: u64 = 1;

/// The share of such slips, in per cent, where the file's name says what it is a file of.
const NAMED_STRAY_SHARE: u64 = 10;

/// The communes of which a file has next to nothing beside the commune, or the département, that it is a file of, with their
/// mutations: one line would have the file cover the whole département that it names.
pub(super) fn stray_communes(path: &Path, content: &DvfContent) -> BTreeMap<Code, u64> {
    let mut communes = BTreeMap::<Code, u64>::new();
    for mutation in &content.mutations {
        *communes.entry(mutation.commune).or_default() += 1;
    }
    let mut departements = BTreeMap::<String, u64>::new();
    for (commune, count) in &communes {
        let departement = departements.entry(commune.departement().to_owned());
        *departement.or_default() += count;
    }
    let largest = communes.iter().max_by_key(|(_, count)| **count);
    let Some((&own, &own_count)) = largest else {
        return communes;
    };
    let is_few = |count: u64, own: u64, is_named: bool| {
        let share = if is_named {
            NAMED_STRAY_SHARE
        } else {
            STRAY_SHARE
        };
        count * 100 <= own * share
    };
    let others = content.mutations.len() as u64 - own_count;
    // Of communes that have separated from it, the parcels tell.
    let separated = |code: Code| content.separated.keys().any(|(_, today)| *today == code);
    if !names_departement(path, own.departement())
        && is_few(others, own_count, names_commune(path, own))
    {
        communes.retain(|code, _| *code != own && !separated(*code));
        return communes;
    }
    if departements.len() >= NATIONAL {
        return BTreeMap::new();
    }
    let largest = departements.iter().max_by_key(|(_, count)| **count);
    let Some((largest, largest_count)) = largest else {
        return BTreeMap::new();
    };
    let is_named = names_departement(path, largest);
    communes.retain(|code, _| {
        let departement = code.departement();
        // Saint-Martin and Saint-Barthélemy stand in the files of the Guadeloupe.
        let is_overseas = departement.starts_with("97") && largest.starts_with("97");
        !is_overseas && is_few(departements[departement], *largest_count, is_named)
    });
    communes
}

/// Whether a file's name begins with a commune's code: `95127.csv`.
fn names_commune(path: &Path, code: Code) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(code.as_str())
}

/// Whether a file's name begins with a département's code and nothing that could be a commune's: `69.csv.gz`.
fn names_departement(path: &Path, code: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.strip_prefix(code)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::France => write!(f, "France"),
            Self::Departements(codes) => {
                let codes: Vec<_> = codes.iter().map(String::as_str).collect();
                let name = if codes.len() > 1 {
                    "départements"
                } else {
                    "département"
                };
                write!(f, "{name} {}", codes.join(", "))
            }
            Self::Commune(code) => write!(f, "commune {}", code.as_str()),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Months { first, last } = self.months;
        write!(f, "{}, {first} to {last}", self.territory)
    }
}

impl FromStr for GivenScope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let wrong = || ScopeError::Syntax(text.to_owned());
        let (territory, months) = match text.split_once('@') {
            None => (text, None),
            Some((territory, months)) => {
                let (first, last) = months.split_once("..").unwrap_or((months, months));
                let first = first.parse().map_err(|_| wrong())?;
                let last = last.parse().map_err(|_| wrong())?;
                if first > last {
                    return Err(wrong());
                }
                (territory, Some(Months { first, last }))
            }
        };
        let territory = if territory == "FR" {
            Territory::France
        } else if territory.len() == 5 && !territory.contains(',') {
            Territory::Commune(Code::parse(territory.as_bytes()).ok_or_else(wrong)?)
        } else {
            let codes = territory.split(',').map(|code| {
                let known = (2..=3).contains(&code.len())
                    && (code.bytes().all(|b| b.is_ascii_digit()) || matches!(code, "2A" | "2B"));
                known.then(|| code.to_owned()).ok_or_else(wrong)
            });
            Territory::Departements(codes.collect::<Result<_, _>>()?)
        };
        Ok(Self { territory, months })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_and_refused() {
        let scope: GivenScope = "83@2024-01..2024-12".parse().unwrap();
        assert_eq!(scope.months, Some(Months::of_year(2024)));
        assert_eq!(
            scope.territory,
            Territory::Departements(["83".to_owned()].into())
        );
        assert_eq!(
            "FR".parse::<GivenScope>().unwrap().territory,
            Territory::France
        );
        for wrong in [
            "",
            "XX",
            "83@2024-13",
            "83@2024-02..2024-01",
            "8313",
            "831370",
        ] {
            assert!(wrong.parse::<GivenScope>().is_err(), "{wrong}");
        }
    }
}
