//! What indicators, and the prices with them, tell of a place, in the words of pages; of wider places once for all pages that
//! stand beside them.

use std::collections::HashMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::atlas::Atlas;
use super::french;
use super::indicators::ShownIndicator;
use crate::base::place::{Level, Place};
use crate::config::{Absence, Indicator, PlaceKind, Rollup};
use crate::geo::Departement;
use crate::intake::table::Reading;
use crate::stats::{IndicatorReading, Summary, WindowSummary};

/// The home that prices are told in years of income for, m².
const HOME: f64 = 60.0;

/// Years that a rent and a price may lie apart.
const APART: u16 = 2;

/// The rents of flats and of houses.
pub(super) const RENTS: [&str; 2] = ["loyer-appartement", "loyer-maison"];

/// The income that prices are told in.
const INCOME: &str = "niveau-de-vie";

/// The labels and the units of what follows of the indicators and the prices.
pub(super) const DERIVED: [[&str; 2]; 3] = [
    ["Rendement brut d’un appartement", OF_RENTS],
    ["Rendement brut d’une maison", OF_RENTS],
    [
        "60 m² d’appartement",
        "en années de niveau de vie médian d’une personne",
    ],
];

const OF_RENTS: &str = "en\u{a0}%, douze loyers sur le prix médian";

/// What is told of a place.
#[derive(Serialize, JsonSchema)]
pub(super) struct LivingCell {
    pub text: String,
    /// "11,2 à 18,7"; "commune médiane", whose it is of a wide place; of the place that a page is of, how many there are,
    /// "3 en tout".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between: Option<String>,
    /// Whether it says why there is none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// Whether it does so because it is secret.
    #[serde(skip)]
    pub secret: bool,
}

/// What the pages of all communes have alike: the heads of the rows, and what is told of the places beside them.
pub(super) struct SharedLiving {
    /// The label and the unit of each indicator.
    pub heads: Vec<[Arc<str>; 2]>,
    /// Of the départements and of France.
    pub columns: HashMap<Place, LivingColumn>,
}

/// All that is told of a place.
pub(super) struct LivingColumn {
    pub indicators: Vec<Option<Arc<LivingCell>>>,
    pub derived: [Option<Arc<LivingCell>>; DERIVED.len()],
}

impl SharedLiving {
    /// Of a site that shows some indicators and has pages of some départements.
    pub(super) fn new(
        shown: &[ShownIndicator<'_>],
        atlas: &Atlas,
        departements: &[&Departement],
    ) -> Self {
        let heads = shown.iter();
        let heads = heads.map(|shown| {
            [&shown.indicator.label, &unit(atlas, shown)].map(|text| text.as_str().into())
        });
        let departements = departements.iter();
        let places =
            departements.map(|departement| Place::new(Level::Departement, &*departement.code));
        let columns = places.chain([Place::france()]).map(|place| {
            let indicators = shown.iter();
            let column = LivingColumn {
                indicators: indicators
                    .map(|shown| cell(atlas, shown, &place).map(Arc::new))
                    .collect(),
                derived: derived(atlas, &place),
            };
            (place, column)
        });
        Self {
            heads: heads.collect(),
            columns: columns.collect(),
        }
    }
}

/// "€/m², 2025" or "(2025)", with a word where it is old.
fn unit(atlas: &Atlas, shown: &ShownIndicator<'_>) -> String {
    let france = Place::france();
    let latest = summary(atlas, &france);
    let latest = latest.map(|summary| summary.coverage.to.year());
    let period = shown.figures.period;
    let old = i32::from(period + shown.table.old_after);
    let is_old = latest.is_some_and(|latest| old < i32::from(latest));
    let year = match is_old || atlas.is_held_back(shown.source) {
        true => format!("{period}, ancien"),
        false => period.to_string(),
    };
    match shown.indicator.unit.as_str() {
        "" => format!("({year})"),
        "%" => format!("en\u{a0}%, {year}"),
        unit => format!("{unit}, {year}"),
    }
}

/// What is told of an indicator of a place.
pub(super) fn cell(atlas: &Atlas, shown: &ShownIndicator<'_>, place: &Place) -> Option<LivingCell> {
    let indicator = shown.indicator;
    let IndicatorReading {
        reading, at_least, ..
    } = shown.figures.get(place)?;
    let text = match reading {
        Reading::Number(number) => {
            let number = french::decimals(*number, indicator.decimals);
            match at_least {
                true => format!("au moins {number}"),
                false => number,
            }
        }
        Reading::Category(category) => {
            let name = indicator.categories.get(category);
            name.unwrap_or(category).clone()
        }
        Reading::Absent(reason) => absence(*reason).to_owned(),
    };
    let absent = matches!(reading, Reading::Absent(_));
    let of_median = of_median(shown, place).filter(|_| !absent);
    Some(LivingCell {
        text,
        between: of_median.or_else(|| bounds(atlas, indicator, place)),
        absent,
        secret: *reading == Reading::Absent(Absence::Secret),
    })
}

/// The bounds of an indicator.
fn bounds(atlas: &Atlas, indicator: &Indicator, place: &Place) -> Option<String> {
    let [low, high] = indicator.interval.as_ref()?;
    let [low, high] = [low, high].map(|id| atlas.indicator(id)?.number(place));
    Some(interval([low?, high?], indicator.decimals))
}

/// That the figure of a wide place is the one of its commune in the middle. One that the source itself tells of wide places
/// is not.
fn of_median(shown: &ShownIndicator<'_>, place: &Place) -> Option<String> {
    let is_median = shown.indicator.rollup == Rollup::Median
        && shown.table.places == PlaceKind::Commune
        && place.level != Level::Commune;
    is_median.then(|| "commune médiane".to_owned())
}

/// Whose a figure is, its bounds, or how many there are, if any.
pub(super) fn between(atlas: &Atlas, shown: &ShownIndicator<'_>, place: &Place) -> Option<String> {
    let indicator = shown.indicator;
    let told = of_median(shown, place).or_else(|| bounds(atlas, indicator, place));
    told.or_else(|| {
        let all = atlas.indicator(indicator.beside.as_ref()?)?.number(place)?;
        // A rate of zero says as much.
        (all > 0.0).then(|| format!("{} en tout", french::decimals(all, 0)))
    })
}

/// "11,2 à 18,7"
fn interval(bounds: [f64; 2], decimals: u8) -> String {
    let [low, high] = bounds.map(|bound| french::decimals(bound, decimals));
    format!("{low} à {high}")
}

/// Why there is nothing to tell, in a word or two.
fn absence(reason: Absence) -> &'static str {
    match reason {
        Absence::Secret => "secret",
        Absence::Unavailable => "inconnu",
        Absence::NotYet => "pas encore connu",
        Absence::Nothing => "aucune",
        Absence::NotConcerned => "non concernée",
        Absence::Merged => "communes réunies depuis",
    }
}

/// A figure that follows of others, and how far it may be off.
type Derived = (f64, Option<[f64; 2]>);

/// What follows of the indicators and the prices of a place, in the order of [`DERIVED`].
pub(super) fn derived(atlas: &Atlas, place: &Place) -> [Option<Arc<LivingCell>>; DERIVED.len()] {
    let known = [
        gross_yield(atlas, place, false),
        gross_yield(atlas, place, true),
        years_of_income(atlas, place),
    ];
    known.map(|known| {
        let (number, bounds) = known?;
        Some(Arc::new(LivingCell {
            text: french::decimals(number, 1),
            between: bounds.map(|bounds| interval(bounds, 1)),
            absent: false,
            secret: false,
        }))
    })
}

/// The latest window of a place, its median price per m² and the bounds of that, where it is not fragile. Of wide places without an
/// interval there are so many sales that it says nothing.
fn price<'s>(
    atlas: &'s Atlas,
    place: &Place,
    house: bool,
) -> Option<(&'s WindowSummary, f64, [f64; 2])> {
    let window = summary(atlas, place)?.home(house).current.as_ref()?;
    let median = window.median.filter(|_| !window.fragile)?;
    let bounds = window.interval.unwrap_or([median; 2]);
    Some((window, f64::from(median), bounds.map(f64::from)))
}

/// Twelve rents over a price, in per cent, where they are of the same years.
fn gross_yield(atlas: &Atlas, place: &Place, house: bool) -> Option<Derived> {
    let id = RENTS[usize::from(house)];
    let rent = atlas.indicator(id)?;
    let (window, median, [low, high]) = price(atlas, place, house)?;
    if rent.period.abs_diff(window.to.year().unsigned_abs()) > APART {
        return None;
    }
    let bound = |of: &str| atlas.indicator(&format!("{id}-{of}"))?.number(place);
    let per_cent = |rent: f64, price: f64| 100.0 * 12.0 * rent / price;
    let bounds = bound("bas").zip(bound("haut"));
    let bounds = bounds.map(|(least, most)| [per_cent(least, high), per_cent(most, low)]);
    Some((per_cent(rent.number(place)?, median), bounds))
}

/// The price of a flat over an income.
fn years_of_income(atlas: &Atlas, place: &Place) -> Option<Derived> {
    let (_, median, [low, high]) = price(atlas, place, false)?;
    let income = atlas.indicator(INCOME)?.number(place)?;
    let years = |price: f64| HOME * price / income;
    let bounds = (low < high).then(|| [years(low), years(high)]);
    Some((years(median), bounds))
}

fn summary<'a>(atlas: &'a Atlas, place: &Place) -> Option<&'a Summary> {
    atlas
        .get(place.level, &place.code)
        .map(|entry| &entry.summary)
}
