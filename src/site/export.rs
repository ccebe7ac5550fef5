//! The figures of communes for tables of other programs: the columns that are asked for, and what stands in them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::indicators::{self, ShownIndicator};
use super::table::{self, Kind};
use super::{Site, SiteError};
use crate::base::place::{Level, Place};
use crate::geo::Commune;

/// The column that says which commune it is.
const KEY: &str = "code";

/// What a column holds. A value that is missing is null in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// Text, codes among it.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportColumn {
    /// The name of the column in the CSV of communes, or the id of an indicator.
    pub name: String,
    /// What it holds in words, in French.
    pub label: String,
    /// The kind of its values.
    pub kind: ExportKind,
}

/// Communes, and what stands in the columns that were asked for.
#[derive(Clone, Debug)]
pub struct CommuneTable {
    /// The column of the codes.
    pub key: ExportColumn,
    /// All others, in the order in which they were asked for.
    pub columns: Vec<ExportColumn>,
    /// The values of each commune, in the order of the columns, by its code.
    pub communes: BTreeMap<String, Vec<Value>>,
    /// The départements that the table is of; all of its communes lie in one of them.
    pub departements: BTreeSet<String>,
}

/// Where the values of a column come from.
enum Origin<'s, 'a> {
    Column(table::Column),
    Indicator(&'s ShownIndicator<'a>),
}

impl Site<'_> {
    /// The communes that have a page, of some départements or of all where none is named, with the columns of the CSV of
    /// communes or those named: by its name, by its name without the kind of home for flats and houses both, or by the
    /// id of an indicator.
    ///
    /// # Errors
    /// When there is no such column or indicator, or no commune of a département has a page.
    pub fn commune_table(
        &self,
        departements: &[String],
        columns: &[String],
    ) -> Result<CommuneTable, SiteError> {
        let lies_in = |commune: &&&Commune| {
            departements.is_empty() || departements.contains(&commune.departement)
        };
        let communes: Vec<_> = self.communes.iter().filter(lies_in).collect();
        let found = communes.iter().map(|commune| commune.departement.clone());
        let found: BTreeSet<_> = found.collect();
        if let Some(code) = departements.iter().find(|code| !found.contains(*code)) {
            return Err(SiteError::NoCommunes { code: code.clone() });
        }
        let mut all = table::columns();
        let key = all.remove(0);
        let origins = self.chosen(all, columns)?;
        let values = communes.iter().map(|commune| {
            let values = origins.iter().map(|origin| origin.value(self, commune));
            (commune.code.clone(), values.collect())
        });
        Ok(CommuneTable {
            communes: values.collect(),
            columns: origins.iter().map(Origin::column).collect(),
            key: Origin::Column(key).column(),
            departements: found,
        })
    }

    /// The columns of these names, each once; all of the table where none is named.
    fn chosen(
        &self,
        all: Vec<table::Column>,
        names: &[String],
    ) -> Result<Vec<Origin<'_, '_>>, SiteError> {
        if names.is_empty() {
            return Ok(all.into_iter().map(Origin::Column).collect());
        }
        let mut all: Vec<_> = all.into_iter().map(Some).collect();
        let known: BTreeSet<String> = all
            .iter()
            .flatten()
            .flat_map(|column| [column.name.clone(), column.stem().to_owned()])
            .collect();
        let ids = self.indicators.iter().map(|shown| &shown.indicator.id);
        let ids: Vec<_> = ids.collect();
        let mut chosen: Vec<Origin<'_, '_>> = Vec::new();
        let mut taken = BTreeSet::new();
        for name in names.iter().filter(|name| *name != KEY) {
            if !taken.insert(name) {
                continue;
            }
            if known.contains(name) {
                let fits = |column: &table::Column| column.name == *name || column.stem() == name;
                let fitting = all
                    .iter_mut()
                    .filter(|column| column.as_ref().is_some_and(fits));
                chosen.extend(fitting.filter_map(Option::take).map(Origin::Column));
            } else if let Some(index) = ids.iter().position(|id| *id == name) {
                chosen.push(Origin::Indicator(&self.indicators[index]));
            } else {
                let all = known.iter().chain(ids.iter().copied());
                let near = all.max_by(|a, b| {
                    strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b))
                });
                return Err(SiteError::NoColumn {
                    name: name.clone(),
                    near: near.cloned(),
                });
            }
        }
        Ok(chosen)
    }
}

impl Origin<'_, '_> {
    fn column(&self) -> ExportColumn {
        match self {
            Self::Column(column) => ExportColumn {
                name: column.name.clone(),
                label: column.meaning.clone(),
                kind: match column.kind {
                    Kind::Text => ExportKind::Text,
                    Kind::Whole => ExportKind::Whole,
                    Kind::Percent => ExportKind::Number,
                },
            },
            Self::Indicator(shown) => {
                let indicator = shown.indicator;
                let unit = match indicator.unit.as_str() {
                    "" => String::new(),
                    unit => format!(" ({unit})"),
                };
                ExportColumn {
                    name: indicator.id.clone(),
                    label: format!("{}{unit}, {}", indicator.label, shown.figures.period),
                    kind: match indicator.categories.is_empty() {
                        true => ExportKind::Number,
                        false => ExportKind::Text,
                    },
                }
            }
        }
    }

    fn value(&self, site: &Site<'_>, commune: &Commune) -> Value {
        match self {
            Self::Column(column) => column.value(site, commune),
            Self::Indicator(shown) => {
                let place = Place::new(Level::Commune, &*commune.code);
                indicators::value(shown, &place)
            }
        }
    }
}
