//! The indicators that a site shows, those that are declared with a name for pages and of which something is known; their part of
//! the data file, and what the method tells of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Number;

use super::atlas::Atlas;
use super::french;
use crate::config::{Config, Indicator, Table};
use crate::intake::table::Reading;
use crate::stats::{IndicatorFigures, IndicatorPlace};

/// An indicator with where it is declared and what is known of it.
pub(super) struct ShownIndicator<'a> {
    /// The id of its source.
    pub source: &'a str,
    pub table: &'a Table,
    pub indicator: &'a Indicator,
    pub figures: &'a IndicatorFigures,
    /// The tables that it comes from: of a share, those of its parts too.
    pub tables: Vec<&'a Table>,
    /// Of the one in whose place it stands.
    preferred: Option<&'a IndicatorFigures>,
    /// Of the one that stands in its place.
    stand_in: Option<&'a IndicatorFigures>,
}

impl ShownIndicator<'_> {
    /// Whether a place has it: of two that tell the same by different definitions, the one of which there is a number, and of two
    /// numbers the preferred one.
    pub(super) fn is_of(&self, place: IndicatorPlace) -> bool {
        let has_number = |figures: Option<&IndicatorFigures>| {
            figures.is_some_and(|figures| figures.number(place).is_some())
        };
        let is_known = || has_number(Some(self.figures));
        match self.preferred {
            Some(preferred) if has_number(Some(preferred)) => false,
            Some(preferred) => preferred.get(place).is_none() || is_known(),
            None => !has_number(self.stand_in) || is_known(),
        }
    }
}

/// All of them, in the order of their declarations.
pub(super) fn shown<'a>(config: &'a Config, atlas: &'a Atlas) -> Vec<ShownIndicator<'a>> {
    let declared = config.tables().flat_map(|(source, table)| {
        let labelled = table.indicators.iter().filter(|one| !one.label.is_empty());
        labelled.map(move |indicator| (source, table, indicator))
    });
    let known = declared.filter_map(|(source, table, indicator)| {
        let is_stand_in = |other: &&Indicator| other.instead_of.as_ref() == Some(&indicator.id);
        let mut all = config.tables().flat_map(|(_, table)| &table.indicators);
        let stand_in = all.find(is_stand_in);
        let share = indicator.share.iter();
        let made_of: Vec<_> = share
            .flat_map(|share| share.parts.iter().chain(&share.of))
            .collect();
        let tables = config.tables().map(|(_, table)| table).filter(|other| {
            let mut own = other.indicators.iter();
            own.any(|one| one.id == indicator.id || made_of.contains(&&one.id))
        });
        Some(ShownIndicator {
            source,
            tables: tables.collect(),
            table,
            indicator,
            figures: atlas.indicator(&indicator.id)?,
            preferred: indicator
                .instead_of
                .as_ref()
                .and_then(|id| atlas.indicator(id)),
            stand_in: stand_in.and_then(|one| atlas.indicator(&one.id)),
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
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(
        with = "BTreeMap<String, f64>",
        description = "Les valeurs de chaque année, où la source en donne plusieurs qui se comparent."
    )]
    series: BTreeMap<u16, Number>,
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
    pub(super) fn of(shown: &'s [ShownIndicator<'_>], place: Option<IndicatorPlace>) -> Self {
        let Some(place) = place else {
            return Self(BTreeMap::new());
        };
        let own = shown.iter().filter(|shown| shown.is_of(place));
        let known = own.filter_map(|shown| {
            let (indicator, figures) = (shown.indicator, shown.figures);
            let told = figures.get(place)?;
            let mut data = IndicatorData {
                value: None,
                category: None,
                absent: None,
                at_least: told.at_least,
                period: figures.period,
                series: BTreeMap::new(),
                source: shown.source,
                vintage: figures.edition,
            };
            match told.reading {
                Reading::Number(number) => data.value = written(number, indicator.decimals),
                Reading::Category(category) => data.category = Some(category),
                Reading::Absent(reason) => data.absent = Some(reason.name()),
            }
            if indicator.series {
                let all = std::iter::once(figures).chain(&figures.earlier);
                let numbers = all.filter_map(|year| {
                    let number = written(year.number(place)?, indicator.decimals)?;
                    Some((year.period, number))
                });
                data.series = numbers.collect();
            }
            Some((indicator.id.as_str(), data))
        });
        Self(known.collect())
    }
}

/// A number to so many decimals as a file has it: one that is whole is written as such.
pub(super) fn written(number: f64, decimals: u8) -> Option<Number> {
    let number = french::rounded(number, decimals);
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
