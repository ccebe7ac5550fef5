//! What a place is like, beside what it costs: the indicators that sources declare, against wider places, and what follows of
//! them and of the prices.

use std::collections::{BTreeMap, BTreeSet};

use itertools::Itertools;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Number;

use crate::base::place::{Level, Place};
use crate::config::{Absence, Indicator, Table};
use crate::geo::Commune;
use crate::intake::table::Reading;
use crate::site::{Site, french};
use crate::stats::{IndicatorFigures, Summary, Told};

/// The home that prices are told in years of income for, m².
const HOME: f64 = 60.0;

/// What stands where nothing is known of a wider place.
const NOTHING: &str = "–";

/// Years that a rent and a price may lie apart.
const APART: u32 = 2;

/// `page.living` in the templates: none where nothing is known of the place.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Living {
    /// The wider places that it stands beside.
    heads: Vec<String>,
    rows: Vec<Row>,
    /// Whom the rows are of, and under which licence.
    sources: Vec<String>,
    /// Whether some of it is secret.
    secret: bool,
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
pub(crate) fn notes(site: &Site<'_>) -> Vec<IndicatorNote> {
    let notes = shown(site).map(|(_, table, indicator, _)| IndicatorNote {
        label: indicator.label.clone(),
        note: indicator.note.clone(),
        attribution: table.attribution.clone(),
        licence: table.licence.clone(),
    });
    notes.collect()
}

/// An indicator.
#[derive(Serialize, JsonSchema)]
struct Row {
    label: String,
    /// "€/m², 2025"
    unit: String,
    /// The place, and each wider one.
    cells: Vec<Cell>,
}

/// What is told of a place.
#[derive(Serialize, JsonSchema)]
struct Cell {
    text: String,
    /// "entre 11,2 et 18,7"
    between: Option<String>,
    /// Whether it says why there is none.
    absent: bool,
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

/// The indicators that pages show, with their tables and sources, in the order of their declarations.
pub(crate) fn shown<'s>(
    site: &'s Site<'_>,
) -> impl Iterator<Item = (&'s str, &'s Table, &'s Indicator, &'s IndicatorFigures)> {
    site.config.tables().flat_map(move |(source, table)| {
        let labelled = table.indicators.iter().filter(|one| !one.label.is_empty());
        labelled.filter_map(move |one| Some((source, table, one, site.atlas.indicator(&one.id)?)))
    })
}

impl<'s> Indicators<'s> {
    /// Of a place.
    pub(crate) fn of(site: &'s Site<'_>, place: &Place) -> Self {
        let known = shown(site).filter_map(|(source, _, indicator, figures)| {
            let told = figures.get(place)?;
            let mut data = IndicatorData {
                value: None,
                category: None,
                absent: None,
                at_least: told.at_least,
                period: figures.period,
                source,
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

/// A number to so many decimals; one that is whole is written as such.
fn rounded(number: f64, decimals: u8) -> Option<Number> {
    let parts = 10_f64.powi(decimals.into());
    let number = (number * parts).round() / parts;
    match number.fract() == 0.0 && number.abs() < 1e15 {
        true => Some(Number::from(number as i64)),
        false => Number::from_f64(number),
    }
}

impl Living {
    /// Of a commune, beside its département and France.
    pub(crate) fn of_commune(site: &Site<'_>, commune: &Commune) -> Option<Self> {
        let departement = Place::new(Level::Departement, &*commune.departement);
        let name = site.geography.departement(&commune.departement);
        let name = name.map_or_else(String::new, |departement| french::name(&departement.name));
        let place = Place::new(Level::Commune, &*commune.code);
        let city = commune
            .parent
            .as_deref()
            .map(|city| Place::new(Level::Commune, city));
        let wider = [(name, departement), ("France".to_owned(), Place::france())];
        Self::new(site, &place, city.as_ref(), &wider)
    }

    /// Of a wider place, beside France.
    pub(crate) fn of_wider(site: &Site<'_>, place: &Place) -> Option<Self> {
        let france = ("France".to_owned(), Place::france());
        let wider = [france].into_iter().filter(|(_, other)| other != place);
        Self::new(site, place, None, &wider.collect::<Vec<_>>())
    }

    fn new(
        site: &Site<'_>,
        place: &Place,
        city: Option<&Place>,
        wider: &[(String, Place)],
    ) -> Option<Self> {
        let mut rows = Vec::new();
        let mut sources = BTreeMap::<&String, BTreeSet<&String>>::new();
        for (_, table, indicator, figures) in shown(site) {
            let told = figures.get(place);
            let inherited = city.and_then(|city| figures.get(city));
            // What only the city has is told as the city's.
            if told.is_none() && inherited.is_none() {
                continue;
            }
            let own = match (told, inherited) {
                (Some(told), _) => cell(site, indicator, told, place),
                (None, Some(inherited)) => {
                    let known = cell(site, indicator, inherited, place);
                    Cell {
                        text: format!("{} (toute la ville)", known.text),
                        ..known
                    }
                }
                (None, None) => continue,
            };
            let beside = wider.iter().map(|(_, place)| match figures.get(place) {
                Some(told) => cell(site, indicator, told, place),
                None => Cell {
                    text: NOTHING.into(),
                    between: None,
                    absent: false,
                },
            });
            rows.push(Row {
                label: indicator.label.clone(),
                unit: unit(site, table, indicator, figures),
                cells: std::iter::once(own).chain(beside).collect(),
            });
            let names = sources.entry(&table.licence).or_default();
            names.insert(&table.attribution);
        }
        if rows.is_empty() {
            return None;
        }
        let places = std::iter::once(place).chain(wider.iter().map(|(_, place)| place));
        let derived = derived(site, &places.collect::<Vec<_>>());
        // After the rents, which they are made of.
        let rents = rows.iter().rposition(|row| row.label.starts_with("Loyer"));
        let at = rents.map_or(rows.len(), |last| last + 1);
        rows.splice(at..at, derived);
        let mut heads: Vec<_> = wider.iter().map(|(name, _)| name.clone()).collect();
        // A wider place of which nothing is known is not beside it.
        for column in (1..=heads.len()).rev() {
            if rows.iter().all(|row| row.cells[column].text == NOTHING) {
                heads.remove(column - 1);
                for row in &mut rows {
                    row.cells.remove(column);
                }
            }
        }
        let secret = absence(Absence::Secret);
        let secret = rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(|cell| cell.text == secret);
        Some(Self {
            heads,
            rows,
            sources: sources
                .into_iter()
                .map(|(licence, names)| {
                    format!("{} ({licence})", names.into_iter().join("\u{202f}; "))
                })
                .collect(),
            secret,
        })
    }
}

/// "€/m², 2025", with a word where it is old.
fn unit(
    site: &Site<'_>,
    table: &Table,
    indicator: &Indicator,
    figures: &IndicatorFigures,
) -> String {
    let france = Place::france();
    let latest = site.summary(france.level, &france.code);
    let latest = latest.map(|summary| summary.coverage.to.year());
    let is_old = latest
        .is_some_and(|latest| i32::from(figures.period + table.old_after) < i32::from(latest));
    let year = match is_old {
        true => format!("{}, ancien", figures.period),
        false => figures.period.to_string(),
    };
    match indicator.unit.as_str() {
        "" => year,
        "%" => format!("en\u{a0}%, {year}"),
        unit => format!("{unit}, {year}"),
    }
}

fn cell(site: &Site<'_>, indicator: &Indicator, told: &Told, place: &Place) -> Cell {
    let text = match &told.reading {
        Reading::Number(number) => {
            let number = french::decimals(*number, indicator.decimals);
            match told.at_least {
                true => format!("au moins {number}"),
                false => number,
            }
        }
        Reading::Category(category) => indicator
            .categories
            .get(category)
            .unwrap_or(category)
            .clone(),
        Reading::Absent(reason) => absence(*reason).to_owned(),
    };
    // How many there are is a whole number.
    let decimals = match indicator.beside {
        Some(_) => 0,
        None => indicator.decimals,
    };
    let other = |id: &String| match &site.atlas.indicator(id)?.get(place)?.reading {
        Reading::Number(number) => Some(french::decimals(*number, decimals)),
        _ => None,
    };
    let between = match (&indicator.interval, &indicator.beside) {
        (Some([low, high]), _) => {
            let bounds = other(low).zip(other(high));
            bounds.map(|(low, high)| format!("entre {low} et {high}"))
        }
        (None, Some(all)) => other(all).map(|number| format!("{number} en tout")),
        (None, None) => None,
    };
    Cell {
        absent: matches!(told.reading, Reading::Absent(_)),
        text,
        between,
    }
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

/// What follows of the indicators and the prices of each place.
fn derived(site: &Site<'_>, places: &[&Place]) -> Vec<Row> {
    let value = |id: &str, place: &Place| match &site.atlas.indicator(id)?.get(place)?.reading {
        Reading::Number(number) => Some(*number),
        _ => None,
    };
    let price = |place: &Place, house: bool| {
        let summary: &Summary = site.summary(place.level, &place.code)?;
        let current = summary.home(house).current.as_ref()?;
        let median = f64::from(current.median?);
        // Of wide places without an interval there are so many sales that it says nothing.
        let [low, high] = current
            .interval
            .map_or([median; 2], |bounds| bounds.map(f64::from));
        (!current.fragile).then_some((median, low, high))
    };
    let row = |label: &str, unit: &str, of: &dyn Fn(&Place) -> Option<Derived>| {
        let cells: Vec<_> = places.iter().map(|place| of(place)).collect();
        // Nothing is said where the place itself has none.
        cells.first().copied().flatten()?;
        let cells = cells.into_iter().map(|cell| match cell {
            Some((number, bounds)) => Cell {
                text: french::decimals(number, 1),
                between: bounds.map(|[low, high]| {
                    format!(
                        "entre {} et {}",
                        french::decimals(low, 1),
                        french::decimals(high, 1)
                    )
                }),
                absent: false,
            },
            None => Cell {
                text: NOTHING.into(),
                between: None,
                absent: false,
            },
        });
        Some(Row {
            label: label.into(),
            unit: unit.into(),
            cells: cells.collect(),
        })
    };
    let rent_of = |house: bool| {
        if house {
            "loyer-maison"
        } else {
            "loyer-appartement"
        }
    };
    // A rent beside a price of other years is no yield.
    let is_of_the_time = |rent: &str, place: &Place, house: bool| {
        let period = site
            .atlas
            .indicator(rent)
            .map(|figures| i32::from(figures.period));
        let summary = site.summary(place.level, &place.code);
        let to = summary
            .and_then(|summary| summary.home(house).current.as_ref())
            .map(|current| i32::from(current.to.year()));
        period
            .zip(to)
            .is_some_and(|(rent, price)| rent.abs_diff(price) <= APART)
    };
    let gross_yield = |house: bool| {
        move |place: &Place| {
            let rent = rent_of(house);
            if !is_of_the_time(rent, place, house) {
                return None;
            }
            let (median, low, high) = price(place, house)?;
            let per_cent = |rent: f64, price: f64| 100.0 * 12.0 * rent / price;
            let bounds =
                value(&format!("{rent}-bas"), place).zip(value(&format!("{rent}-haut"), place));
            let bounds = bounds.map(|(least, most)| [per_cent(least, high), per_cent(most, low)]);
            Some((per_cent(value(rent, place)?, median), bounds))
        }
    };
    let income = |house: bool| {
        move |place: &Place| {
            let (median, low, high) = price(place, house)?;
            let income = value("niveau-de-vie", place)?;
            let years = |price: f64| HOME * price / income;
            let bounds = (low < high).then(|| [years(low), years(high)]);
            Some((years(median), bounds))
        }
    };
    let rows = [
        row(
            "Rendement brut d’un appartement",
            "en\u{a0}%, douze loyers sur le prix médian",
            &gross_yield(false),
        ),
        row(
            "Rendement brut d’une maison",
            "en\u{a0}%, douze loyers sur le prix médian",
            &gross_yield(true),
        ),
        row(
            "60 m² d’appartement",
            "en années de niveau de vie médian d’une personne",
            &income(false),
        ),
    ];
    rows.into_iter().flatten().collect()
}
