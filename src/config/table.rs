//! `[sources.table]`: how a file of indicators is to be read. To add a source of them is to declare it; no code is written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::container::{Container, OneOrMore, TableEncoding, TableFormat, one, point};

/// The declaration of a source of indicators: what its files are, and what stands in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The container.
    #[serde(default)]
    pub format: TableFormat,
    /// The file of a zip that is read, where the zip holds several: its name without folders, with `*` for anything and
    /// `{year}` for a year.
    pub member: Option<String>,
    /// As [`Container::separator`].
    pub separator: Option<char>,
    /// Of the bytes of CSV.
    #[serde(default)]
    pub encoding: TableEncoding,
    /// Between the whole and the decimals of a number: `,` or `.`.
    #[serde(default = "point")]
    pub decimal: char,
    /// The sheet of a workbook; its first where none is named.
    pub sheet: Option<String>,
    /// The line of the header, counted from 1.
    #[serde(default = "one")]
    pub header: u32,
    /// Where the list of records stands in a JSON document: a JSON Pointer, empty for the document itself.
    #[serde(default)]
    pub records: String,
    /// A field of a JSON document that counts what was left out of it; a document where one such is not 0 is refused.
    pub left_out: Option<String>,
    /// The column of the place, as [`Indicator::column`].
    #[serde(default)]
    pub place: OneOrMore,
    /// The source in whose lines the place is found: what stands in the column of the place is one of their [`Table::key`].
    pub via: Option<String>,
    /// The column by which other sources find the place of a line of this one, such as the number of a school.
    pub key: Option<String>,
    /// What the codes in it may be of.
    #[serde(default)]
    pub places: PlaceKind,
    /// The edition of the Code officiel géographique, a year, whose codes they are; that of the values where it is not said.
    pub vintage: Option<u16>,
    /// How the source tells of Paris, Lyon and Marseille.
    #[serde(default)]
    pub plm: Plm,
    /// The lines that are read: those with these values in these columns. The others are left out.
    #[serde(default)]
    pub r#where: BTreeMap<String, OneOrMore>,
    /// The column of the year, where each year has lines of its own.
    pub period: Option<String>,
    /// The edition, where no column tells a year.
    pub edition: Option<u16>,
    /// Why there is no number, by what stands in its place.
    #[serde(default)]
    pub absent: BTreeMap<String, Absence>,
    /// What a blank cell means.
    #[serde(default)]
    pub blank: Blank,
    /// Whether each file is of one département, that of most of its lines; lines of others are left out.
    #[serde(default)]
    pub by_departement: bool,
    /// Lines with the same value in this column are counted once.
    pub distinct: Option<String>,
    /// What it means that a place has no line.
    #[serde(default)]
    pub missing: Missing,
    /// Who made the data, as its licence asks to name them, in French.
    #[serde(default)]
    pub attribution: String,
    /// The licence, in French.
    #[serde(default = "licence_ouverte")]
    pub licence: String,
    /// Years after which an edition is shown as old.
    #[serde(default = "two")]
    pub old_after: u16,
    /// What is taken from it.
    #[serde(default)]
    pub indicators: Vec<Indicator>,
}

/// What the codes of places are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// Communes and arrondissements, with their leading zero or without.
    #[default]
    Commune,
    /// EPCI, by SIREN.
    Epci,
    /// Départements.
    Departement,
    /// Régions.
    Region,
    /// Plots of the land register: the commune is that of the first in the cell, plain or in a list of JSON.
    Plot,
    /// Several in one column: communes, `D83`, `R93`, EPCI by SIREN.
    Mixed,
}

/// How a source tells of Paris, Lyon and Marseille, whose arrondissements have codes of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plm {
    /// Of the city alone: an arrondissement inherits nothing.
    #[default]
    #[serde(rename = "ville")]
    City,
    /// Of the arrondissements alone: the city is made of them.
    #[serde(rename = "arrondissements")]
    Arrondissements,
    /// Of both: sums leave the arrondissements out.
    #[serde(rename = "les deux")]
    Both,
}

/// Why there is no value. None of the reasons is a zero.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Absence {
    /// Statistical secrecy: too few are counted.
    Secret,
    /// The producer has no value.
    #[default]
    Unavailable,
    /// Not known yet; a later edition will tell.
    NotYet,
    /// There is none: no such tax was voted.
    Nothing,
    /// The place is not concerned.
    NotConcerned,
    /// Communes that became one had different values, and nothing says how to join them.
    Merged,
}

impl Absence {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Secret,
        Self::Unavailable,
        Self::NotYet,
        Self::Nothing,
        Self::NotConcerned,
        Self::Merged,
    ];

    /// The name used in the database and in data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Unavailable => "unavailable",
            Self::NotYet => "not-yet",
            Self::Nothing => "nothing",
            Self::NotConcerned => "not-concerned",
            Self::Merged => "merged",
        }
    }

    /// The reason of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// What a blank cell means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a reason was expected, such as \"unavailable\", \"secret\", \"not-yet\", \"nothing\" or \"not-concerned\", or \"zero\""
)]
pub enum Blank {
    /// There is no number, for a reason.
    Absent(Absence),
    /// The number is 0.
    Zero(Zero),
}

/// The word for a number that is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zero {
    /// As `"zero"`.
    Zero,
}

impl Default for Blank {
    fn default() -> Self {
        Self::Absent(Absence::default())
    }
}

/// What it means that a place that a file covers has no line in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Nothing is known.
    #[default]
    Unavailable,
    /// None is there: the number is 0.
    Zero,
    /// The place is not concerned.
    NotConcerned,
}

/// An indicator: a column of numbers or of categories, lines that are counted, or a share of others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name in data files and on the command line, of its own among all indicators.
    pub id: String,
    /// Its name on pages, in French; one without stands in no page.
    #[serde(default)]
    pub label: String,
    /// The column: a name, where `{yy}` and `{year}` stand for the two or four digits of a year, `*` for anything. Of several
    /// years the newest is taken; of several names, which files of other years or makers have, the first that a file has.
    pub column: Option<OneOrMore>,
    /// Lines are counted.
    #[serde(default)]
    pub count: bool,
    /// Sums of other indicators, over sums of others.
    pub share: Option<Share>,
    /// Whether all years of the column are kept, as a series.
    #[serde(default)]
    pub series: bool,
    /// Only files whose name, without its endings, fits one of these patterns hold it; all do where there is none.
    #[serde(default)]
    pub files: Vec<String>,
    /// Only lines with these values are of it, besides those of the table.
    #[serde(default)]
    pub r#where: BTreeMap<String, OneOrMore>,
    /// Whether its values are categories: their names on pages, by what stands in the column.
    #[serde(default)]
    pub categories: BTreeMap<String, String>,
    /// How many years before the one in the name of its column its values are of.
    #[serde(default)]
    pub years_before: u16,
    /// What follows a value on pages: €/m², %.
    #[serde(default)]
    pub unit: String,
    /// Decimals on pages.
    #[serde(default)]
    pub decimals: u8,
    /// What the figure of a wider place is made of.
    #[serde(default)]
    pub rollup: Rollup,
    /// The indicator that weighs a mean.
    pub weight: Option<String>,
    /// The indicators that are its lower and its upper bound.
    pub interval: Option<[String; 2]>,
    /// The indicator whose value stands beside it on pages: how many there are, beside how many for so many inhabitants.
    pub beside: Option<String>,
    /// Which of our own figures it is a check of: the method shows both, département by département.
    pub check: Option<Checked>,
    /// The indicator of another definition in whose place it stands, where that one has no number and this one has: a place has one
    /// of the two, never both.
    pub instead_of: Option<String>,
    /// The title, in French, of the list of the communes where it is highest, on the pages of wider places; no list where there is none.
    #[serde(default)]
    pub ranking: String,
    /// What a reader has to know of it, a sentence of French.
    #[serde(default)]
    pub note: String,
}

/// A figure of ours that others publish too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Checked {
    /// The median price of flats, €/m².
    #[serde(rename = "prix-appartement")]
    Flats,
    /// The median price of houses, €/m².
    #[serde(rename = "prix-maison")]
    Houses,
}

/// A share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// What is added up above.
    pub parts: Vec<String>,
    /// What is added up below.
    pub of: Vec<String>,
    /// What the share is multiplied by: 100 for per cent.
    #[serde(default = "hundred")]
    pub times: f64,
    /// Over how many of the newest years the parts are added up.
    #[serde(default = "single")]
    pub years: u16,
}

/// How the figure of a place comes from those of its communes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rollup {
    /// It does not.
    #[default]
    None,
    /// They are added up.
    Sum,
    /// Their mean, weighted by another indicator.
    Mean,
    /// The commune in the middle.
    Median,
}

impl Rollup {
    /// The name used in declarations and data files; `None` where there is no figure.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Sum => Some("sum"),
            Self::Mean => Some("mean"),
            Self::Median => Some("median"),
        }
    }
}

const fn two() -> u16 {
    2
}

const fn single() -> u16 {
    1
}

const fn hundred() -> f64 {
    100.0
}

/// The licence of most open data of the State.
pub const LICENCE_OUVERTE: &str = "Licence Ouverte 2.0";

pub(super) fn licence_ouverte() -> String {
    LICENCE_OUVERTE.into()
}

impl Indicator {
    /// Whether its values are numbers of things, of which those of several places make that of all.
    pub(super) fn adds_up(&self) -> bool {
        let is_of_lines = self.count || self.column.is_some() && self.rollup == Rollup::Sum;
        is_of_lines && self.categories.is_empty()
    }

    /// Whether wider places have one as well, made of those of their communes.
    pub fn is_of_wider(&self) -> bool {
        self.share.is_some() || self.rollup != Rollup::None
    }
}

impl Table {
    /// The container of its files.
    pub fn container(&self) -> Container<'_> {
        Container {
            format: self.format,
            separator: self.separator,
            encoding: self.encoding,
            sheet: self.sheet.as_deref(),
            header: self.header,
            records: &self.records,
            left_out: self.left_out.as_deref(),
            member: self.member.as_deref(),
            declared: self
                .indicators
                .iter()
                .flat_map(|one| &one.column)
                .flat_map(OneOrMore::all)
                .map(String::as_str)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_found_by_their_names() {
        for reason in Absence::ALL {
            assert_eq!(Absence::from_name(reason.name()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
        }
    }
}
