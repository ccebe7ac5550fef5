//! What indicators, and the prices with them, tell of a place, in the words of pages; of wider places once for all pages that
//! stand beside them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use super::atlas::Atlas;
use super::french;
use super::indicators::ShownIndicator;
use super::typography::typeset;
use crate::base::place::{Level, Place};
use crate::config::{Absence, Indicator, PlaceKind, Rollup};
use crate::geo::Departement;
use crate::intake::table::Reading;
use crate::stats::{IndicatorPlace, IndicatorReading, Summary, WindowSummary};

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
        "60\u{a0}m² d’appartement",
        "en années de niveau de vie médian d’une personne",
    ],
];

const OF_RENTS: &str = "en\u{a0}%, douze loyers sur le prix médian";

/// What is told of a place.
pub(super) struct LivingCell {
    pub text: String,
    /// "11,2 à 18,7"; of the place that a page is of, how many there are, "3 en tout".
    pub between: Option<String>,
    /// Whether it says why there is none.
    pub absent: bool,
    /// Whether it does so because it is secret.
    pub secret: bool,
}

/// What templates see of a cell: most are a text and nothing else, and there are two million of them.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum CellTold<'c> {
    Text(&'c str),
    Explained {
        text: &'c str,
        #[serde(skip_serializing_if = "Option::is_none")]
        between: Option<&'c str>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        absent: bool,
    },
}

impl Serialize for LivingCell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (text, between) = (self.text.as_str(), self.between.as_deref());
        let told = match (between, self.absent) {
            (None, false) => CellTold::Text(text),
            (between, absent) => CellTold::Explained {
                text,
                between,
                absent,
            },
        };
        told.serialize(serializer)
    }
}

impl JsonSchema for LivingCell {
    fn schema_name() -> Cow<'static, str> {
        "LivingCell".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        CellTold::json_schema(generator)
    }
}

/// What the pages of all communes have alike: the heads of the rows, and what is told of the places beside them.
pub(super) struct SharedLiving {
    pub heads: Vec<LivingHead>,
    /// Of the départements and of France.
    pub columns: HashMap<Place, LivingColumn>,
}

/// The head of the row of an indicator.
pub(super) struct LivingHead {
    pub label: Arc<str>,
    /// On the page of a commune, and on that of a wide place: "€, 2021".
    pub units: [Arc<str>; 2],
    /// Whether the figure of a wide place is that of its commune in the middle, which the units tell: by a sign on the page of a
    /// commune, in words on that of a wide place.
    pub median: bool,
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
        let heads = shown.iter().map(|shown| LivingHead {
            label: typeset(&shown.indicator.label).into(),
            units: [false, true].map(|wide| typeset(&unit(atlas, shown, wide)).into()),
            median: is_median(shown),
        });
        let departements = departements.iter();
        let places =
            departements.map(|departement| Place::new(Level::Departement, &*departement.code));
        let columns = places.chain([Place::france()]).filter_map(|place| {
            let told = LivingPlace::new(atlas, &place)?;
            let column = LivingColumn {
                indicators: shown
                    .iter()
                    .map(|one| told.cell(one).map(Arc::new))
                    .collect(),
                derived: told.derived(),
            };
            Some((place, column))
        });
        Self {
            heads: heads.collect(),
            columns: columns.collect(),
        }
    }
}

/// Whether the figures of wide places are of their communes in the middle; those that the source itself tells of them are not.
fn is_median(shown: &ShownIndicator<'_>) -> bool {
    shown.indicator.rollup == Rollup::Median && shown.table.places == PlaceKind::Commune
}

/// "€/m², 2025" or "(2025)", with a word where it is old.
fn unit(atlas: &Atlas, shown: &ShownIndicator<'_>, wide: bool) -> String {
    let france = Place::france();
    let latest = summary(atlas, &france);
    let latest = latest.map(|summary| summary.coverage.to.year());
    let period = shown.figures.period;
    let old = i32::from(period + shown.table.old_after);
    let is_old = latest.is_some_and(|latest| old < i32::from(latest));
    let mut year = match is_old || atlas.is_held_back(shown.source) {
        true => format!("{period}, ancien"),
        false => period.to_string(),
    };
    if is_median(shown) {
        year.push_str(if wide {
            ", commune médiane"
        } else {
            "\u{a0}†"
        });
    }
    match shown.indicator.unit.as_str() {
        "" => format!("({year})"),
        "%" => format!("en\u{a0}%, {year}"),
        unit => format!("{unit}, {year}"),
    }
}

/// "11,2 à 18,7"; `None` where both bounds are written alike.
fn interval(bounds: [f64; 2], decimals: u8) -> Option<String> {
    let [low, high] = bounds.map(|bound| french::decimals(bound, decimals));
    (low != high).then(|| format!("{low} à {high}"))
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

/// A place that indicators may tell of.
pub(super) struct LivingPlace<'a> {
    atlas: &'a Atlas,
    place: &'a Place,
    told: IndicatorPlace,
}

impl<'a> LivingPlace<'a> {
    /// `None` of a place that they tell nothing of.
    pub(super) fn new(atlas: &'a Atlas, place: &'a Place) -> Option<Self> {
        let told = atlas.indicator_place(place.level, &place.code)?;
        Some(Self { atlas, place, told })
    }

    /// Whether it has an indicator.
    pub(super) fn has(&self, shown: &ShownIndicator<'_>) -> bool {
        shown.is_of(self.told)
    }

    /// What is told of an indicator.
    pub(super) fn cell(&self, shown: &ShownIndicator<'_>) -> Option<LivingCell> {
        let indicator = shown.indicator;
        let IndicatorReading { reading, at_least } = shown.figures.get(self.told)?;
        let text = match reading {
            Reading::Number(number) => {
                let number = french::decimals(number, indicator.decimals);
                match at_least {
                    true => format!("au moins {number}"),
                    false => number,
                }
            }
            Reading::Category(category) => {
                let name = indicator.categories.get(category);
                name.map_or(category, String::as_str).to_owned()
            }
            Reading::Absent(reason) => absence(reason).to_owned(),
        };
        let absent = matches!(reading, Reading::Absent(_));
        Some(LivingCell {
            text,
            between: self.bounds(indicator).filter(|_| !absent),
            absent,
            secret: reading == Reading::Absent(Absence::Secret),
        })
    }

    /// The bounds of an indicator, or how many there are, if any.
    pub(super) fn between(&self, shown: &ShownIndicator<'_>) -> Option<String> {
        let indicator = shown.indicator;
        self.bounds(indicator).or_else(|| {
            let all = self.number(indicator.beside.as_ref()?)?;
            // A rate of zero says as much.
            (all > 0.0).then(|| format!("{} en tout", french::decimals(all, 0)))
        })
    }

    fn bounds(&self, indicator: &Indicator) -> Option<String> {
        let [low, high] = indicator.interval.as_ref()?;
        interval([self.number(low)?, self.number(high)?], indicator.decimals)
    }

    /// What follows of the indicators and the prices, in the order of [`DERIVED`].
    pub(super) fn derived(&self) -> [Option<Arc<LivingCell>>; DERIVED.len()] {
        let known = [
            self.gross_yield(false),
            self.gross_yield(true),
            self.years_of_income(),
        ];
        known.map(|known| {
            let (number, bounds) = known?;
            Some(Arc::new(LivingCell {
                text: french::decimals(number, 1),
                between: bounds.and_then(|bounds| interval(bounds, 1)),
                absent: false,
                secret: false,
            }))
        })
    }

    /// The number of an indicator by its id.
    fn number(&self, id: &str) -> Option<f64> {
        self.atlas.indicator(id)?.number(self.told)
    }

    /// The latest window, its median price per m² and the bounds of that, where it is not fragile and not that of a few communes of
    /// the place, for indicators are of all of them. Of wide places without an interval there are so many sales that it says nothing.
    fn price(&self, house: bool) -> Option<(&'a WindowSummary, f64, [f64; 2])> {
        let summary = summary(self.atlas, self.place)?;
        if !summary.coverage.is_representative() {
            return None;
        }
        let window = summary.home(house).current.as_ref()?;
        let median = window.median.filter(|_| !window.fragile)?;
        let bounds = window.interval.unwrap_or([median; 2]);
        Some((window, f64::from(median), bounds.map(f64::from)))
    }

    /// Twelve rents over a price, in per cent, where they are of the same years.
    fn gross_yield(&self, house: bool) -> Option<Derived> {
        let id = RENTS[usize::from(house)];
        let rent = self.atlas.indicator(id)?;
        let (window, median, [low, high]) = self.price(house)?;
        if rent.period.abs_diff(window.to.year().unsigned_abs()) > APART {
            return None;
        }
        let bound = |of: &str| self.number(&format!("{id}-{of}"));
        let per_cent = |rent: f64, price: f64| 100.0 * 12.0 * rent / price;
        let bounds = bound("bas").zip(bound("haut"));
        let bounds = bounds.map(|(least, most)| [per_cent(least, high), per_cent(most, low)]);
        Some((per_cent(rent.number(self.told)?, median), bounds))
    }

    /// The price of a flat over an income.
    fn years_of_income(&self) -> Option<Derived> {
        let (_, median, [low, high]) = self.price(false)?;
        let income = self.number(INCOME)?;
        let years = |price: f64| HOME * price / income;
        let bounds = (low < high).then(|| [years(low), years(high)]);
        Some((years(median), bounds))
    }
}

fn summary<'a>(atlas: &'a Atlas, place: &Place) -> Option<&'a Summary> {
    atlas
        .get(place.level, &place.code)
        .map(|entry| &entry.summary)
}
