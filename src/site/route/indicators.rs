//! `data/indicateurs.json`: what the indicators of the data files mean, where any are known.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::config::PlaceKind;
use crate::site::block::schema;
use crate::site::maker::{Maker, alone};
use crate::site::{Site, SiteError};

/// The file.
pub(super) struct IndicatorCatalogue;

/// An indicator, for programs that show what the data files have of it.
#[derive(Serialize, JsonSchema)]
#[schemars(description = "Un indicateur des fichiers de territoires, après son identifiant.")]
struct Entry<'s> {
    label: &'s str,
    unit: &'s str,
    decimals: u8,
    #[schemars(description = "Noms des catégories, par ce qu’en disent les fichiers.")]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    categories: &'s BTreeMap<String, String>,
    #[schemars(
        description = "Ce dont est fait le chiffre d’un territoire plus large, à partir de ceux de ses communes : sum, mean ou median ; absent s’il n’y en a pas, ou si la source en donne elle-même."
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    rollup: Option<&'static str>,
    note: &'s str,
    source: &'s str,
    attribution: &'s str,
    licence: &'s str,
}

impl Maker for IndicatorCatalogue {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        match site.indicators.is_empty() {
            true => Vec::new(),
            false => alone(),
        }
    }

    fn render(&self, site: &Site<'_>, _: &str) -> Result<Vec<u8>, SiteError> {
        // In the order of their declarations, which is that of pages.
        let entries = site.indicators.iter().map(|shown| {
            let (indicator, table) = (shown.indicator, shown.table);
            let entry = Entry {
                label: &indicator.label,
                unit: &indicator.unit,
                decimals: indicator.decimals,
                categories: &indicator.categories,
                rollup: (table.places == PlaceKind::Commune)
                    .then(|| indicator.rollup.name())
                    .flatten(),
                note: &indicator.note,
                source: shown.source,
                attribution: &table.attribution,
                licence: &table.licence,
            };
            (&indicator.id, entry)
        });
        let entries: Vec<_> = entries.collect();
        serde_json::to_vec(&entries).map_err(SiteError::Context)
    }
}

/// The JSON Schema of the file: a list of identifiers, each with what it means.
pub(super) fn indicators_schema() -> Value {
    schema::schema_of::<Vec<(String, Entry<'_>)>>()
}
