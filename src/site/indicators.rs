//! The indicators that a site shows, those that are declared with a name for pages and of which something is known; their part of
//! the data file, and what the method tells of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Number, Value};

use super::atlas::Atlas;
use crate::base::place::Place;
use crate::config::{Config, Indicator, Table};
use crate::intake::table::Reading;
use crate::stats::IndicatorFigures;

/// An indicator with where it is declared and what is known of it.
pub(super) struct ShownIndicator<'a> {
    /// The id of its source.
    pub source: &'a str,
    pub table: &'a Table,
    pub indicator: &'a Indicator,
    pub figures: &'a IndicatorFigures,
}

/// All of them, in the order of their declarations.
pub(super) fn shown<'a>(config: &'a Config, atlas: &'a Atlas) -> Vec<ShownIndicator<'a>> {
    let declared = config.tables().flat_map(|(source, table)| {
        let labelled = table.indicators.iter().filter(|one| !one.label.is_empty());
        labelled.map(move |indicator| (source, table, indicator))
    });
    let known = declared.filter_map(|(source, table, indicator)| {
        Some(ShownIndicator {
            source,
            table,
            indicator,
            figures: atlas.indicator(&indicator.id)?,
        })
    });
    known.collect()
}

/// `indicators` in a data file: of the place itself, by id.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    inline,
    description = "Indicateurs d’autres sources officielles, par identifiant : value (un nombre) ou category ou absent (la raison : secret, unavailable, not-yet, nothing, not-concerned, merged)."
)]
pub(crate) struct Indicators<'s>(BTreeMap<&'s str, IndicatorData<'s>>);

#[derive(Serialize, JsonSchema)]
#[schemars(description = "")]
struct IndicatorData<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<f64>")]
    value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(
        description = "La somme laisse de côté des communes dont le chiffre est secret ou inconnu."
    )]
    at_least: bool,
    #[schemars(description = "Année des valeurs.")]
    period: u16,
    #[schemars(description = "Identifiant de la source.")]
    source: &'s str,
    #[schemars(description = "Année de l’édition de la source.")]
    vintage: u16,
}

impl Indicators<'_> {
    /// Whether there is none, so that a data file leaves the part out.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'s> Indicators<'s> {
    /// Of a place.
    pub(super) fn of(shown: &'s [ShownIndicator<'_>], place: &Place) -> Self {
        let known = shown.iter().filter_map(|shown| {
            let (indicator, figures) = (shown.indicator, shown.figures);
            let told = figures.get(place)?;
            let mut data = IndicatorData {
                value: None,
                category: None,
                absent: None,
                at_least: told.at_least,
                period: figures.period,
                source: shown.source,
                vintage: figures.edition,
            };
            match &told.reading {
                Reading::Number(number) => data.value = rounded(*number, indicator.decimals),
                Reading::Category(category) => data.category = Some(category),
                Reading::Absent(reason) => data.absent = Some(reason.name()),
            }
            Some((indicator.id.as_str(), data))
        });
        Self(known.collect())
    }
}

/// What a data file says of an indicator of a place: a number or a category, null where there is none.
pub(super) fn value(shown: &ShownIndicator<'_>, place: &Place) -> Value {
    match shown.figures.get(place).map(|told| &told.reading) {
        Some(Reading::Number(number)) => {
            let number = rounded(*number, shown.indicator.decimals);
            number.map_or(Value::Null, Value::Number)
        }
        Some(Reading::Category(category)) => category.as_str().into(),
        Some(Reading::Absent(_)) | None => Value::Null,
    }
}

/// A number to so many decimals; one that is whole is written as such.
fn rounded(number: f64, decimals: u8) -> Option<Number> {
    let parts = 10_f64.powi(decimals.into());
    let number = (number * parts).round() / parts;
    match number.fract() == 0.0 && number.abs() < 1e15 {
        true => Some(Number::from(number as i64)),
        false => Number::from_f64(number),
    }
}

/// What the method tells of an indicator: `page.indicators` in its template.
#[derive(Serialize, JsonSchema)]
pub(crate) struct IndicatorNote {
    label: String,
    note: String,
    attribution: String,
    licence: String,
}

/// What there is to know of each indicator that pages show.
pub(super) fn notes(shown: &[ShownIndicator<'_>]) -> Vec<IndicatorNote> {
    let notes = shown.iter().map(|shown| IndicatorNote {
        label: shown.indicator.label.clone(),
        note: shown.indicator.note.clone(),
        attribution: shown.table.attribution.clone(),
        licence: shown.table.licence.clone(),
    });
    notes.collect()
}
