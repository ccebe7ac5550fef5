//! `[sources.facts]`: how files of facts by place and day are to be read. As with tables, to add a source is to declare it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::container::{Container, OneOrMore, TableEncoding, TableFormat, one, point};
use super::source_kind::SourceKind;
use super::source_section::{SourceSection, WrongDeclaration};
use super::table::licence_ouverte;

/// How many dimensions facts may have.
const MOST_DIMENSIONS: usize = 3;

/// How many facts a statement may store: SQLite takes some 32,000 values.
const MOST_A_BATCH: usize = 4_000;

/// The declaration of a source of facts: where its files are, and what stands in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The folder of its files, from that of the project on.
    pub folder: String,
    /// Which files of the folder are meant: those whose name fits one of these, where `{year}` and `{yy}` stand for the digits
    /// of a year and `*` for anything.
    pub files: Vec<String>,
    /// The container.
    #[serde(default)]
    pub format: TableFormat,
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
    /// The column of the day, such as `2024-03-18`, or of a week, such as `2024-S12`, which stands for its Monday.
    pub date: String,
    /// The column of the place: the code of a commune, or the name of a zone where there are zones.
    pub place: String,
    /// The communes of each zone.
    pub zones: Option<Zones>,
    /// The column of the number.
    pub value: String,
    /// Whether numbers of 0 or less are left out.
    #[serde(default)]
    pub positive: bool,
    /// The lines that are read: those with these values in these columns. The others are left out.
    #[serde(default)]
    pub r#where: BTreeMap<String, OneOrMore>,
    /// Further columns by which facts are told apart.
    #[serde(default)]
    pub dimensions: Vec<String>,
    /// How lines of one zone, day and dimensions make a fact, and facts those of a month.
    #[serde(default)]
    pub aggregate: Aggregate,
    /// Facts that one statement stores.
    #[serde(default = "five_hundred")]
    pub batch: usize,
    /// Who made the data.
    pub attribution: String,
    /// The licence.
    #[serde(default = "licence_ouverte")]
    pub licence: String,
}

/// What zones are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "the name of a file or a table of communes was expected, such as \"zones.csv\" or { \"Aurillac\" = [\"15014\"] }"
)]
pub enum Zones {
    /// A file of CSV, from the project's folder on, with the columns `zone` and `commune`: a line a commune.
    File(String),
    /// The codes of the communes of each zone, by its name.
    Listed(BTreeMap<String, Vec<String>>),
}

/// How numbers become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aggregate {
    /// They are added up.
    #[default]
    Sum,
    /// Their mean.
    Mean,
}

const fn five_hundred() -> usize {
    500
}

impl Facts {
    /// The container of its files.
    pub fn container(&self) -> Container<'_> {
        Container {
            format: self.format,
            separator: self.separator,
            encoding: self.encoding,
            sheet: self.sheet.as_deref(),
            header: self.header,
            ..Container::default()
        }
    }
}

impl SourceSection for Facts {
    const KIND: SourceKind = SourceKind::Facts;
    const NAME: &'static str = "facts";
    const PURPOSE: &'static str = "says how to read it, such as folder = \"flux-vision\", files = [\"Nuitee_{year}B*_Cantal.csv\"], date = \"Date\"";
    const ORIGIN: Option<&'static str> = Some("its files come from facts.folder");

    fn validate(&self, _: &BTreeSet<&str>) -> Result<(), WrongDeclaration<'_>> {
        self.container().validate(self.decimal, "facts")?;
        if self.files.is_empty() {
            return Err(
                "facts.files is empty; the names of files were expected, such as [\"Nuitee_{year}B*_Cantal.csv\"]".into(),
            );
        }
        let columns = [
            ("date", &self.date),
            ("place", &self.place),
            ("value", &self.value),
        ];
        let dimensions = self.dimensions.iter().map(|column| ("dimensions", column));
        let mut known = BTreeMap::new();
        for (key, column) in columns.into_iter().chain(dimensions) {
            if column.trim().is_empty() {
                return Err(format!(
                    "facts.{key} has an empty name; that of a column was expected, such as \"Volume\""
                ).into());
            }
            if let Some(other) = known.insert(column, key) {
                return Err(format!(
                    "facts.{other} and facts.{key} both name the column {column}; each has one of its own, such as date = \"Date\""
                ).into());
            }
        }
        if self.dimensions.len() > MOST_DIMENSIONS {
            return Err(format!(
                "facts.dimensions names {} columns; {MOST_DIMENSIONS} at most were expected, such as [\"Provenance\", \"CategorieVisiteur\"]",
                self.dimensions.len()
            ).into());
        }
        if !(1..=MOST_A_BATCH).contains(&self.batch) {
            return Err(format!(
                "facts.batch is {}; 1 to {MOST_A_BATCH} rows were expected, such as 500",
                self.batch
            )
            .into());
        }
        if let Some(Zones::Listed(zones)) = &self.zones
            && let Some((zone, _)) = zones.iter().find(|(_, communes)| communes.is_empty())
        {
            return Err(format!(
                "facts.zones has no commune of {zone}; codes were expected, such as [\"15014\"]"
            )
            .into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(more: &str) -> Result<Facts, String> {
        let text = format!(
            "folder = \"in\"\nplace = \"Zone\"\nvalue = \"Volume\"\nattribution = \"Orange\"\n{more}"
        );
        let facts: Facts = toml::from_str(&text).map_err(|error| error.to_string())?;
        let valid = facts.validate(&BTreeSet::new());
        valid.map_err(|wrong| wrong.reason).map(|()| facts)
    }

    #[test]
    fn a_declaration_that_cannot_be_is_told_with_an_example() {
        let needed = "files = [\"a*.csv\"]\ndate = \"Date\"\n";
        for (more, told) in [
            (
                "files = []\ndate = \"Date\"",
                "[\"Nuitee_{year}B*_Cantal.csv\"]",
            ),
            ("files = [\"a\"]", "missing field `date`"),
            (
                "files = [\"a\"]\ndate = \" \"",
                "facts.date has an empty name",
            ),
            (
                "files = [\"a\"]\ndate = \"Zone\"",
                "facts.date and facts.place both name",
            ),
            (
                &format!("{needed}dimensions = [\"Volume\"]"),
                "facts.value and facts.dimensions",
            ),
            (
                &format!("{needed}dimensions = [\"a\", \"b\", \"c\", \"d\"]"),
                "names 4 columns",
            ),
            (&format!("{needed}batch = 0"), "facts.batch is 0"),
            (&format!("{needed}header = 0"), "facts.header is 0"),
            (&format!("{needed}decimal = \";\""), "facts.decimal is ';'"),
            (
                &format!("{needed}zones = {{ Aurillac = [] }}"),
                "[\"15014\"]",
            ),
            (&format!("{needed}zones = 3"), "zones"),
            (
                &format!("{needed}aggregate = \"median\""),
                "expected `sum` or `mean`",
            ),
            (&format!("{needed}valeur = \"Volume\""), "unknown field"),
        ] {
            let error = facts(more).unwrap_err();
            assert!(error.contains(told), "{more}: {error}");
        }
        let read = facts(&format!("{needed}zones = {{ Aurillac = [\"15014\"] }}")).unwrap();
        assert!(matches!(read.zones, Some(Zones::Listed(_))));
        assert!(
            facts(&format!("{needed}zones = \"zones.csv\""))
                .unwrap()
                .zones
                == Some(Zones::File("zones.csv".into()))
        );
    }
}
