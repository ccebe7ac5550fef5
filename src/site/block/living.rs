//! What a place is like, beside what it costs: the indicators that sources declare, against wider places, and what follows of
//! them and of the prices.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use itertools::Itertools;
use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::config::{Absence, Indicator};
use crate::geo::Commune;
use crate::intake::table::Reading;
use crate::site::indicators::ShownIndicator;
use crate::site::{Site, french};
use crate::stats::{Told, WindowSummary};

/// The home that prices are told in years of income for, m².
const HOME: f64 = 60.0;

/// Years that a rent and a price may lie apart.
const APART: u16 = 2;

/// The rents of flats and of houses.
const RENTS: [&str; 2] = ["loyer-appartement", "loyer-maison"];

/// The income that prices are told in.
const INCOME: &str = "niveau-de-vie";

/// The labels and the units of what follows of the indicators and the prices.
const DERIVED: [[&str; 2]; 3] = [
    ["Rendement brut d’un appartement", OF_RENTS],
    ["Rendement brut d’une maison", OF_RENTS],
    [
        "60 m² d’appartement",
        "en années de niveau de vie médian d’une personne",
    ],
];

const OF_RENTS: &str = "en\u{a0}%, douze loyers sur le prix médian";

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

/// An indicator.
#[derive(Serialize, JsonSchema)]
struct Row {
    label: Arc<str>,
    /// "€/m², 2025"
    unit: Arc<str>,
    /// The place, and each wider one; none where nothing is known.
    cells: Vec<Option<Arc<Cell>>>,
}

/// What is told of a place.
#[derive(Serialize, JsonSchema)]
struct Cell {
    text: String,
    /// "entre 11,2 et 18,7"
    between: Option<String>,
    /// Whether it says why there is none.
    absent: bool,
    /// Whether it does so because it is secret.
    #[serde(skip)]
    secret: bool,
}

/// What the pages of all communes have alike: the heads of the rows, and what is told of the places beside them.
pub(crate) struct SharedLiving {
    /// The label and the unit of each indicator.
    heads: Vec<[Arc<str>; 2]>,
    /// Of the départements and of France.
    columns: HashMap<Place, Column>,
}

/// All that is told of a place.
struct Column {
    indicators: Vec<Option<Arc<Cell>>>,
    derived: [Option<Arc<Cell>>; DERIVED.len()],
}

impl SharedLiving {
    /// Of a site.
    pub(crate) fn new(site: &Site<'_>) -> Self {
        let heads = site.indicators.iter();
        let heads = heads.map(|shown| {
            [&shown.indicator.label, &unit(site, shown)].map(|text| text.as_str().into())
        });
        let departements = site.departements.iter();
        let places =
            departements.map(|departement| Place::new(Level::Departement, &*departement.code));
        let columns = places.chain([Place::france()]).map(|place| {
            let indicators = site.indicators.iter();
            let column = Column {
                indicators: indicators.map(|shown| cell(site, shown, &place)).collect(),
                derived: derived(site, &place),
            };
            (place, column)
        });
        Self {
            heads: heads.collect(),
            columns: columns.collect(),
        }
    }
}

impl Living {
    /// Of a commune, beside its département and France.
    pub(crate) fn of_commune(site: &Site<'_>, commune: &Commune) -> Option<Self> {
        let departement = Place::new(Level::Departement, &*commune.departement);
        let name = site.geography.departement(&commune.departement);
        let name = name.map_or_else(String::new, |departement| french::name(&departement.name));
        let place = Place::new(Level::Commune, &*commune.code);
        let city = commune.parent.as_deref();
        let city = city.map(|city| Place::new(Level::Commune, city));
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
        let shared = site.living.get_or_init(|| SharedLiving::new(site));
        let beside: Vec<_> = wider
            .iter()
            .map(|(_, place)| shared.columns.get(place))
            .collect();
        let mut rows = Vec::new();
        let mut sources = BTreeMap::<&String, BTreeSet<&String>>::new();
        let mut after_rents = None;
        for (at, shown) in site.indicators.iter().enumerate() {
            if !shown.is_of(place) {
                continue;
            }
            // What only the city has is told as the city's.
            let own = cell(site, shown, place).or_else(|| {
                let known = cell(site, shown, city?)?;
                Some(Arc::new(Cell {
                    text: format!("{} (toute la ville)", known.text),
                    // Bounds and counts are the place's own, where there are any.
                    between: between(site, shown.indicator, place),
                    ..*known
                }))
            });
            if own.is_none() {
                continue;
            }
            let beside = beside.iter();
            let beside =
                beside.map(|column| column.and_then(|column| column.indicators[at].clone()));
            let [label, unit] = shared.heads[at].clone();
            rows.push(Row {
                label,
                unit,
                cells: [own].into_iter().chain(beside).collect(),
            });
            if RENTS.contains(&shown.indicator.id.as_str()) {
                after_rents = Some(rows.len());
            }
            let names = sources.entry(&shown.table.licence).or_default();
            names.insert(&shown.table.attribution);
        }
        if rows.is_empty() {
            return None;
        }
        let known = DERIVED.iter().zip(derived(site, place)).enumerate();
        let derived = known.filter_map(|(at, ([label, unit], own))| {
            let beside = beside.iter();
            let beside = beside.map(|column| column.and_then(|column| column.derived[at].clone()));
            Some(Row {
                label: (*label).into(),
                unit: (*unit).into(),
                cells: [Some(own?)].into_iter().chain(beside).collect(),
            })
        });
        // After the rents, which they are made of.
        let at = after_rents.unwrap_or(rows.len());
        rows.splice(at..at, derived.collect::<Vec<_>>());
        let mut heads: Vec<_> = wider.iter().map(|(name, _)| name.clone()).collect();
        // A wider place of which nothing is known is not beside it.
        for column in (1..=heads.len()).rev() {
            if rows.iter().all(|row| row.cells[column].is_none()) {
                heads.remove(column - 1);
                for row in &mut rows {
                    row.cells.remove(column);
                }
            }
        }
        let mut cells = rows.iter().flat_map(|row| row.cells.iter().flatten());
        let secret = cells.any(|cell| cell.secret);
        let sources = sources.into_iter().map(|(licence, names)| {
            format!("{} ({licence})", names.into_iter().join("\u{202f}; "))
        });
        Some(Self {
            heads,
            rows,
            sources: sources.collect(),
            secret,
        })
    }
}

/// "€/m², 2025", with a word where it is old.
fn unit(site: &Site<'_>, shown: &ShownIndicator<'_>) -> String {
    let france = Place::france();
    let latest = site.summary(france.level, &france.code);
    let latest = latest.map(|summary| summary.coverage.to.year());
    let period = shown.figures.period;
    let old = i32::from(period + shown.table.old_after);
    let is_old = latest.is_some_and(|latest| old < i32::from(latest));
    let year = match is_old || site.atlas.is_held_back(shown.source) {
        true => format!("{period}, ancien"),
        false => period.to_string(),
    };
    match shown.indicator.unit.as_str() {
        "" => year,
        "%" => format!("en\u{a0}%, {year}"),
        unit => format!("{unit}, {year}"),
    }
}

/// What is told of an indicator of a place.
fn cell(site: &Site<'_>, shown: &ShownIndicator<'_>, place: &Place) -> Option<Arc<Cell>> {
    let indicator = shown.indicator;
    let Told { reading, at_least } = shown.figures.get(place)?;
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
    Some(Arc::new(Cell {
        text,
        between: between(site, indicator, place),
        absent: matches!(reading, Reading::Absent(_)),
        secret: *reading == Reading::Absent(Absence::Secret),
    }))
}

/// The bounds of an indicator, or how many there are.
fn between(site: &Site<'_>, indicator: &Indicator, place: &Place) -> Option<String> {
    let number = |id: &str| site.atlas.indicator(id)?.number(place);
    if let Some([low, high]) = &indicator.interval {
        return Some(interval([number(low)?, number(high)?], indicator.decimals));
    }
    let all = number(indicator.beside.as_ref()?)?;
    Some(format!("{} en tout", french::decimals(all, 0)))
}

/// "entre 11,2 et 18,7"
fn interval(bounds: [f64; 2], decimals: u8) -> String {
    let [low, high] = bounds.map(|bound| french::decimals(bound, decimals));
    format!("entre {low} et {high}")
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
fn derived(site: &Site<'_>, place: &Place) -> [Option<Arc<Cell>>; DERIVED.len()] {
    let known = [
        gross_yield(site, place, false),
        gross_yield(site, place, true),
        years_of_income(site, place),
    ];
    known.map(|known| {
        let (number, bounds) = known?;
        Some(Arc::new(Cell {
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
    site: &'s Site<'_>,
    place: &Place,
    house: bool,
) -> Option<(&'s WindowSummary, f64, [f64; 2])> {
    let window = site
        .summary(place.level, &place.code)?
        .home(house)
        .current
        .as_ref()?;
    let median = window.median.filter(|_| !window.fragile)?;
    let bounds = window.interval.unwrap_or([median; 2]);
    Some((window, f64::from(median), bounds.map(f64::from)))
}

/// Twelve rents over a price, in per cent, where they are of the same years.
fn gross_yield(site: &Site<'_>, place: &Place, house: bool) -> Option<Derived> {
    let id = RENTS[usize::from(house)];
    let rent = site.atlas.indicator(id)?;
    let (window, median, [low, high]) = price(site, place, house)?;
    if rent.period.abs_diff(window.to.year().unsigned_abs()) > APART {
        return None;
    }
    let bound = |of: &str| site.atlas.indicator(&format!("{id}-{of}"))?.number(place);
    let per_cent = |rent: f64, price: f64| 100.0 * 12.0 * rent / price;
    let bounds = bound("bas").zip(bound("haut"));
    let bounds = bounds.map(|(least, most)| [per_cent(least, high), per_cent(most, low)]);
    Some((per_cent(rent.number(place)?, median), bounds))
}

/// The price of a flat over an income.
fn years_of_income(site: &Site<'_>, place: &Place) -> Option<Derived> {
    let (_, median, [low, high]) = price(site, place, false)?;
    let income = site.atlas.indicator(INCOME)?.number(place)?;
    let years = |price: f64| HOME * price / income;
    let bounds = (low < high).then(|| [years(low), years(high)]);
    Some((years(median), bounds))
}
