//! Comparable homes and the estimator, measured on sales that the estimator did not know: `bench/method/mix_change.py` and
//! `estimator.py` print the same of the Val-d'Oise.

use std::collections::BTreeMap;

use super::measure::{Limit, Measure};
use crate::base::kind::{HomeKind, PropertyKind};
use crate::base::month::{Month, Months};
use crate::base::place::{Level, Place};
use crate::base::rank::{Ranked, at_ranks};
use crate::config::Config;
use crate::db::{Database, SaleColumns};
use crate::geo::Geography;
use crate::stats::StatsError;
use crate::stats::model::{
    KindModelled, Modelled, Models, Naming, PRICES_M2, Tested, centred_communes, errors_by_surface,
    median_error,
};
use crate::stats::places::{in_memory, with_places_of};
use crate::stats::stale::model_base;

/// The département that limits are known for, with what it is called.
const VAL_D_OISE: (&str, &str) = ("95", "the Val-d'Oise");

/// The months of its sales.
const KNOWN_MONTHS: Months = Months {
    first: Month::january(2021),
    last: Months::of_year(2025).last,
};

/// By how much flats there changed over four years, per cent.
const FLATS_CHANGE: Limit = Limit::Between(-3.0, -1.0);

/// Communes there whose medians differ between the last two years, of which so many keep a change of their own.
const MOST_FLAGS: Limit = Limit::AtMost(2.0);

/// Sales of each year from which a commune's medians were compared.
const FLAG_SALES: usize = 11;

/// What the estimator's range of eight sales in ten has to hold there, per cent.
const IN_RANGE: Limit = Limit::Between(76.0, 84.0);

/// What it has to hold anywhere with enough sales.
const IN_RANGE_ANYWHERE: Limit = Limit::Between(70.0, 90.0);

/// Sales from which the range has to hold its share.
const ENOUGH_SALES: usize = 1_000;

/// The median error of homes of like surface there, per cent.
const BY_SURFACE: Limit = Limit::Between(-6.0, 6.0);

/// What each kind is called, and the median absolute error of the estimator there, per cent.
const KINDS: [(HomeKind, &str, f64); 2] = [
    (HomeKind::House, "houses", 13.0),
    (HomeKind::Flat, "flats", 14.0),
];

/// Measures changes and the estimator.
///
/// # Errors
/// When the database fails.
pub fn homes_measures(
    database: &Database,
    geography: &Geography,
    config: &Config,
) -> Result<Vec<Measure>, StatsError> {
    let sales = database.sales()?;
    with_places_of(&sales, database, geography, config, |places, sources| {
        let naming = Naming::Today(geography);
        let base = model_base(naming, places, sources, database.positions_digest()?);
        let load = in_memory(&sales);
        let mut modelling = base.models(BTreeMap::new(), &load)?;
        let communes = centred_communes(naming, &database.positions()?);
        let comparables = base.comparables(geography, &communes, &mut modelling, &load)?;
        let binds = is_known(&modelling.models);
        let mut measures = Vec::new();
        if binds {
            let mut modelled = BTreeMap::new();
            comparables.add_to(&mut modelled);
            measures.extend(flats_change(&modelled));
            measures.push(flags(&modelled, sales.get(VAL_D_OISE.0), geography));
        }
        for (kind, name, most) in KINDS {
            let tested = comparables.test(kind);
            for (departement, tested) in comparables.departements.iter().zip(&tested) {
                if binds && departement.code == VAL_D_OISE.0 {
                    let what = format!("{name} of {}", VAL_D_OISE.1);
                    measures.extend(of_sales(&what, tested, Some(most)));
                } else if tested.len() >= ENOUGH_SALES {
                    let what = format!("{name} of département {}", departement.code);
                    measures.extend(of_sales(&what, tested, None));
                }
            }
        }
        Ok(measures)
    })
}

/// Whether the sales of the Val-d'Oise are those that limits are known for.
fn is_known(models: &Models) -> bool {
    let model = models.get(VAL_D_OISE.0);
    model.is_some_and(|model| model.slices.months() == KNOWN_MONTHS && model.covered.months == 60)
}

fn flats_change(modelled: &BTreeMap<Place, Modelled>) -> Option<Measure> {
    let departement = modelled.get(&Place::new(Level::Departement, VAL_D_OISE.0))?;
    let changes = departement.appartement.changes.iter();
    let change = changes
        .filter(|change| change.years == 4)
        .find_map(|change| change.own)?;
    Some(Measure {
        name: format!(
            "flats of {}, 2025 against 2021: change for comparable homes",
            VAL_D_OISE.1
        ),
        value: change.percent,
        unit: "%",
        limit: Some(FLATS_CHANGE),
    })
}

/// How many of the communes whose medians of all sales differ between the last two years have a change of their own for
/// comparable homes.
fn flags(
    modelled: &BTreeMap<Place, Modelled>,
    sales: Option<&SaleColumns>,
    geography: &Geography,
) -> Measure {
    let (mut flagged, mut kept) = (0, 0);
    for (kind, ..) in KINDS {
        for (commune, [mut before, mut after]) in prices_m2(sales, kind.property(), geography) {
            if before.len().min(after.len()) < FLAG_SALES || !differ(&mut before, &mut after) {
                continue;
            }
            flagged += 1;
            let modelled = modelled.get(&Place::new(Level::Commune, commune));
            let changes = modelled.map(|modelled| of_kind(modelled, kind).changes.as_slice());
            let mut changes = changes.unwrap_or_default().iter();
            kept += u32::from(changes.any(|change| change.years == 1 && change.own.is_some()));
        }
    }
    Measure {
        name: format!(
            "{}, 2025 against 2024: of {flagged} changes of medians that look significant, told for comparable homes",
            VAL_D_OISE.1
        ),
        value: kept.into(),
        unit: "",
        limit: Some(MOST_FLAGS),
    }
}

/// €/m² of the last two years, new homes among them, by commune of today.
fn prices_m2<'g>(
    sales: Option<&SaleColumns>,
    kind: PropertyKind,
    geography: &'g Geography,
) -> BTreeMap<&'g str, [Vec<f64>; 2]> {
    let mut prices = BTreeMap::<&str, [Vec<f64>; 2]>::new();
    let Some(sales) = sales else {
        return prices;
    };
    for commune in &sales.communes {
        let Some(today) = geography.current(&commune.code) else {
            continue;
        };
        for row in commune.rows.clone().filter(|&row| sales.kind[row] == kind) {
            let year = match sales.month[row].year() {
                2024 => 0,
                2025 => 1,
                _ => continue,
            };
            let price = sales.price_m2(row);
            if PRICES_M2.contains(&price) {
                prices.entry(&today.code).or_default()[year].push(price);
            }
        }
    }
    prices
}

/// Whether two medians differ by more than chance.
fn differ(before: &mut [f64], after: &mut [f64]) -> bool {
    let counts = [before.len(), after.len()];
    let mut at = [before, after]
        .into_iter()
        .zip(counts)
        .map(|(values, n)| Ranked::new(n, move |low, high| at_ranks(values, low, high)));
    let pair = at.next().zip(at.next());
    pair.is_some_and(|(mut before, mut after)| before.differs(&mut after))
}

fn of_kind(modelled: &Modelled, kind: HomeKind) -> &KindModelled {
    match kind {
        HomeKind::House => &modelled.maison,
        HomeKind::Flat => &modelled.appartement,
    }
}

/// What the estimator of a year ago makes of the sales since. `most` is the largest median error where one is known.
fn of_sales(what: &str, tested: &[Tested], most: Option<f64>) -> Vec<Measure> {
    let Some(error) = median_error(tested) else {
        return Vec::new();
    };
    let measure = |name: String, value, limit| Measure {
        name,
        value,
        unit: "%",
        limit,
    };
    let inside = tested.iter().filter(|sale| sale.inside).count();
    let share = 100.0 * inside as f64 / tested.len() as f64;
    let count = tested.len();
    let mut measures = vec![
        measure(
            format!(
                "{what}, {count} sales of a year from those before: median error of the estimator"
            ),
            error,
            most.map(Limit::AtMost),
        ),
        measure(
            format!("{what}, the same sales: in the range of eight in ten"),
            share,
            Some(most.map_or(IN_RANGE_ANYWHERE, |_| IN_RANGE)),
        ),
    ];
    if most.is_some() {
        for (fifth, error) in errors_by_surface(tested).into_iter().enumerate() {
            measures.push(measure(
                format!(
                    "{what}, the same sales: median deviation in fifth {} by surface",
                    fifth + 1
                ),
                error,
                Some(BY_SURFACE),
            ));
        }
    }
    measures
}
