//! The figures of communes for tables of other programs: the columns that are asked for, and what stands in them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::table::{self, Kind, TableColumn};
use super::{Site, SiteError};
use crate::base::words::nearest;
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
        let mut all = table::columns(self);
        let key = ExportColumn::from(&all.remove(0));
        let chosen = chosen(all, columns)?;
        let values = communes.iter().map(|commune| {
            let values = chosen.iter().map(|column| column.value(self, commune));
            (commune.code.clone(), values.collect())
        });
        Ok(CommuneTable {
            communes: values.collect(),
            columns: chosen.iter().map(ExportColumn::from).collect(),
            key,
            departements: found,
        })
    }
}

/// The columns of these names, each once; those of sales where none is named.
fn chosen<'s>(
    all: Vec<TableColumn<'s>>,
    names: &[String],
) -> Result<Vec<TableColumn<'s>>, SiteError> {
    if names.is_empty() {
        let of_sales = all.into_iter().filter(|column| !column.is_indicator());
        return Ok(of_sales.collect());
    }
    let known = all.iter();
    let known = known.flat_map(|column| [column.name.clone(), column.stem().to_owned()]);
    let known: BTreeSet<String> = known.collect();
    let (mut all, mut chosen) = (all, Vec::new());
    for name in names.iter().filter(|name| *name != KEY) {
        if !known.contains(name) {
            let near = nearest(name, known.iter().map(String::as_str));
            return Err(SiteError::NoColumn {
                name: name.clone(),
                near: near.map(str::to_owned),
            });
        }
        let fits = |column: &mut TableColumn<'_>| column.name == *name || column.stem() == name;
        chosen.extend(all.extract_if(.., fits));
    }
    Ok(chosen)
}

impl From<&TableColumn<'_>> for ExportColumn {
    fn from(column: &TableColumn<'_>) -> Self {
        Self {
            name: column.name.clone(),
            label: column.meaning.clone(),
            kind: match column.kind {
                Kind::Text => ExportKind::Text,
                Kind::Whole => ExportKind::Whole,
                Kind::Percent | Kind::Number(_) => ExportKind::Number,
            },
        }
    }
}
