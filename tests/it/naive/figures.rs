//! The figures of the site, from the sales.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::cog::{Commune, PLACES};
use super::estimates::modelled;
use super::numbers::{
    interval_of_median, is_significant, mean, median, on_the_way, quartile, rounded_to, sorted,
    total_price, total_price_near,
};
use super::{Sale, Source, departement_of, is_of_kind, month_name};

/// Level (as in the database) and code.
pub type Place = (String, String);

/// A year that the files hold in part only, for a commune or a département.
pub type Partial<'a> = (&'a str, i32);

/// The same, borrowed.
type PlaceRef<'a> = (&'static str, &'a str);

/// What is known of a place before its sales are looked at.
#[derive(Default)]
pub(super) struct Territory<'a> {
    pub communes: BTreeSet<&'a str>,
    pub covered: BTreeSet<&'a str>,
    pub months: BTreeSet<i32>,
    /// Communes whose files cover each month, arrondissements one by one.
    pub sharing: BTreeMap<i32, usize>,
    /// How many communes are covered, arrondissements one by one.
    pub members: usize,
    pub partial: BTreeSet<i32>,
}

impl Territory<'_> {
    /// Whether nineteen of twenty covered communes know all of some months.
    pub(super) fn covers(&self, mut months: RangeInclusive<i32>) -> bool {
        let most = self.members;
        months.all(|month| {
            self.sharing
                .get(&month)
                .is_some_and(|some| 20 * some >= 19 * most)
        })
    }
}

/// The figures of all places that the files cover, in the shape in which they are stored.
pub fn figures(sources: &[Source], partial: &[Partial<'_>]) -> BTreeMap<Place, Value> {
    let sales: Vec<Sale> = sources
        .iter()
        .flat_map(Source::sales)
        .filter(|sale| sale.price_m2 < 100_000.0)
        .collect();
    let mut sales_of = BTreeMap::<PlaceRef<'_>, Vec<&Sale>>::new();
    for sale in &sales {
        let places = match PLACES.current(&sale.commune) {
            Some(commune) => places_of(commune),
            None => places_of_unknown(&sale.commune),
        };
        for place in places {
            sales_of.entry(place).or_default().push(sale);
        }
    }
    let mut figures = BTreeMap::new();
    let territories = territories(sources, partial);
    let departements = territories
        .iter()
        .filter(|((level, _), territory)| *level == "departement" && !territory.months.is_empty());
    let months = departements.map(|((_, code), territory)| (*code, territory.months.clone()));
    let mut modelled = modelled(sources, &sales, &months.collect());
    for (place, territory) in territories {
        if !territory.months.is_empty() {
            let sales = sales_of.remove(&place).unwrap_or_default();
            let mut own = figures_of(&territory, &sales);
            if place.0 == "commune"
                && let Some(modelled) = modelled.remove(place.1)
            {
                own["modelled"] = modelled;
            }
            figures.insert((place.0.to_owned(), place.1.to_owned()), own);
        }
    }
    assert!(
        sales_of.is_empty(),
        "a sale lies where no file covers: {:?}",
        sales_of.keys()
    );
    figures
}

/// The places that a commune of today, or an arrondissement, counts for.
pub(super) fn places_of(commune: &Commune) -> Vec<PlaceRef<'_>> {
    let mut places = vec![
        ("commune", commune.code.as_str()),
        ("departement", &commune.departement),
        ("region", &commune.region),
        ("pays", "FR"),
    ];
    places.extend(commune.epci.iter().map(|epci| ("epci", epci.as_str())));
    places.extend(commune.city.iter().map(|city| ("commune", city.as_str())));
    places
}

/// Where nobody knows the commune, its département is known.
pub(super) fn places_of_unknown(code: &str) -> Vec<PlaceRef<'_>> {
    let departement = departement_of(code);
    vec![
        ("departement", departement),
        ("region", &PLACES.departements[departement].1),
        ("pays", "FR"),
    ]
}

pub(super) fn territories<'a>(
    sources: &[Source],
    partial: &[Partial<'_>],
) -> BTreeMap<PlaceRef<'a>, Territory<'a>> {
    // A file of a former commune covers a part of today's.
    let covered: Vec<(&str, &Source)> = sources
        .iter()
        .flat_map(|source| source.territory.split(',').map(move |code| (code, source)))
        .map(|(code, source)| {
            (
                PLACES.current(code).map_or(code, |today| &today.code),
                source,
            )
        })
        .collect();
    let mut territories = BTreeMap::<PlaceRef<'_>, Territory<'_>>::new();
    for commune in PLACES.communes.values() {
        let is_city_of_arrondissements =
            ["75056", "69123", "13055"].contains(&commune.code.as_str());
        let not_in_dvf = ["57", "67", "68"].contains(&commune.departement.as_str())
            || (commune.departement.starts_with("97") || commune.departement.starts_with("98"))
                && !["971", "972", "973", "974"].contains(&commune.departement.as_str());
        if is_city_of_arrondissements || not_in_dvf {
            continue;
        }
        let mut months = BTreeSet::new();
        for &(code, source) in &covered {
            if code == commune.departement || code == commune.code {
                months.extend(source.months.clone());
            }
        }
        let city = commune.city.as_deref();
        for place in places_of(commune) {
            // A city counts as one commune, but its own page counts its arrondissements.
            let unit = match city {
                Some(city) if place != ("commune", city) => city,
                _ => &commune.code,
            };
            let territory = territories.entry(place).or_default();
            territory.communes.insert(unit);
            if months.is_empty() {
                continue;
            }
            territory.covered.insert(unit);
            territory.months.extend(&months);
            territory.members += 1;
            for &month in &months {
                *territory.sharing.entry(month).or_default() += 1;
            }
            for &(code, year) in partial {
                if code == commune.code || code == commune.departement || Some(code) == city {
                    territory.partial.insert(year);
                }
            }
        }
    }
    territories
}

fn figures_of(territory: &Territory<'_>, sales: &[&Sale]) -> Value {
    let first = *territory.months.first().unwrap();
    let last = *territory.months.last().unwrap();
    let homes: Vec<&Sale> = sales
        .iter()
        .copied()
        .filter(|sale| is_of_kind(sale, "apt_maison"))
        .collect();
    let mut figures = json!({
        "coverage": {
            "from": month_name(first),
            "to": month_name(last),
            "months": territory.months.len(),
            "communes": territory.covered.len(),
            "communes_total": territory.communes.len(),
        },
        "total_transactions": sales.len(),
        "volume_12_months": homes.iter().filter(|sale| sale.month > last - 12).count(),
        "appartement": segment(territory, sales, "appartement"),
        "maison": segment(territory, sales, "maison"),
        "local": segment(territory, sales, "local"),
        "apt_maison": segment(territory, sales, "apt_maison"),
        "seasonality": seasonality(territory, &homes),
    });
    // The last two months of an edition of October, as long as no other edition has them.
    if last % 12 == 5 {
        let months = (last - 1..=last).filter(|month| territory.months.contains(month));
        let incomplete = months.map(|month| {
            let sold = homes
                .iter()
                .filter(|sale| sale.month == month && !sale.is_new);
            json!({ "month": month_name(month), "n": sold.count() })
        });
        figures["incomplete"] = incomplete.collect();
    }
    figures
}

fn segment(territory: &Territory<'_>, sales: &[&Sale], kind: &str) -> Value {
    let sales: Vec<&Sale> = sales
        .iter()
        .copied()
        .filter(|sale| is_of_kind(sale, kind))
        .collect();
    let mut segment = json!({ "total": sales.len() });
    let is_home = kind == "appartement" || kind == "maison";
    // What is compared in time is of old homes.
    let old: Vec<&Sale> = sales.iter().copied().filter(|sale| !sale.is_new).collect();
    let old_within = |months: RangeInclusive<i32>| -> Vec<&Sale> {
        let within = old.iter().copied();
        within.filter(|sale| months.contains(&sale.month)).collect()
    };
    let last = *territory.months.last().unwrap();
    let within = |months: RangeInclusive<i32>| -> Vec<&Sale> {
        sales
            .iter()
            .copied()
            .filter(|sale| months.contains(&sale.month))
            .collect()
    };

    let mut length = 60;
    for months in [36, 24, 12] {
        if within(last - months + 1..=last).len() >= 30 {
            length = months;
        }
    }
    let window = within(last - length + 1..=last);
    if !window.is_empty() {
        let first = territory
            .months
            .iter()
            .find(|&&month| month > last - length)
            .unwrap();
        segment["current"] = current(&window, length, *first, last);
        let covered = territory
            .months
            .iter()
            .filter(|&&month| month > last - length);
        segment["current"]["covered"] = covered.count().into();
        if is_home {
            for (name, classes) in [
                ("rooms", rooms(&window)),
                ("surfaces", surfaces(&window, kind)),
            ] {
                if !classes.is_empty() {
                    segment[name] = classes.into();
                }
            }
            let totals = sorted(window.iter().map(|sale| sale.price));
            for (name, prices, [few, many]) in [
                ("distribution", prices_m2(&window), [500, 250]),
                ("price_distribution", totals, [100_000, 50_000]),
            ] {
                let width = if prices.len() < 100 { few } else { many };
                if let Some(distribution) = distribution(&prices, width) {
                    segment[name] = distribution;
                }
            }
        }
    }
    // The longest span of whole years without a gap, whose first and last are compared beside the last two.
    let mut whole_years = 0;
    while territory.covers(last - 12 * whole_years - 11..=last) {
        whole_years += 1;
    }
    for (name, years) in [("change_1_year", 1), ("change_longest", whole_years - 1)] {
        let (before, after) = (last - 12 * years - 11..=last - 12 * years, last - 11..=last);
        if years < whole_years && (name == "change_1_year" || years > 1) {
            let since = month_name(*before.end());
            let change = change(&old_within(before), &old_within(after), since);
            if let Some(mut change) = change {
                change["years"] = years.into();
                segment[name] = change;
            }
        }
    }

    // Years and quarters with a sale. Of the months, houses and flats together have those with a sale, the others those with
    // enough sales for a median.
    let years: BTreeSet<i32> = territory.months.iter().map(|month| month / 12).collect();
    let (mut yearly, mut quarterly, mut monthly) = (Vec::new(), Vec::new(), Vec::new());
    for year in years {
        let months = year * 12..=year * 12 + 11;
        let in_year = old_within(months.clone());
        if !in_year.is_empty() {
            let mut point = point(year.to_string(), &in_year, is_home);
            if !territory.covers(months) || territory.partial.contains(&year) {
                point["partial"] = true.into();
            }
            yearly.push(point);
        }
        for quarter in 1..=4 {
            let end = year * 12 + 3 * quarter - 1;
            let in_quarter = old_within(end - 11..=end);
            if territory.covers(end - 11..=end) && !in_quarter.is_empty() {
                quarterly.push(point(format!("{year}-Q{quarter}"), &in_quarter, is_home));
            }
        }
    }
    for &month in &territory.months {
        let in_month = old_within(month..=month);
        let least = if kind == "apt_maison" { 1 } else { 5 };
        if in_month.len() >= least {
            monthly.push(point(month_name(month), &in_month, false));
        }
    }
    for (name, points) in [
        ("yearly", yearly),
        ("quarterly", quarterly),
        ("monthly", monthly),
    ] {
        if !points.is_empty() {
            segment[name] = points.into();
        }
    }
    segment
}

fn prices_m2(sales: &[&Sale]) -> Vec<f64> {
    sorted(sales.iter().map(|sale| sale.price_m2))
}

/// €/m² of so many sales, half to even: to ten under thirty sales; nothing under `least`, and where it would be zero.
fn shown(sales: &[&Sale], least: usize, figure: impl Fn() -> f64) -> Value {
    if sales.len() < least {
        return Value::Null;
    }
    match rounded_to(if sales.len() < 30 { 10 } else { 1 }, figure()) {
        0 => Value::Null,
        price => json!(price),
    }
}

fn median_price(sales: &[&Sale]) -> Value {
    let prices = sorted(sales.iter().map(|sale| sale.price));
    match prices.len() {
        0..5 => Value::Null,
        _ => json!(total_price(&prices)),
    }
}

/// Nothing under thirty sales, then to 10, 5 and 1 m².
fn mean_surface(sales: &[&Sale]) -> Value {
    let surfaces: Vec<f64> = sales.iter().map(|sale| sale.surface).collect();
    match surfaces.len() {
        0..30 => Value::Null,
        30..60 => json!(rounded_to(10, mean(&surfaces))),
        60..300 => json!(rounded_to(5, mean(&surfaces))),
        _ => json!(rounded_to(1, mean(&surfaces))),
    }
}

fn current(window: &[&Sale], months: i32, first: i32, last: i32) -> Value {
    let prices = prices_m2(window);
    let n = prices.len();
    let mut figures = json!({
        "from": month_name(first),
        "to": month_name(last),
        "months": months,
        "n": n,
        "new_homes": window.iter().filter(|sale| sale.is_new).count(),
        "median": shown(window, 5, || median(&prices)),
        "fragile": (5..=10).contains(&n),
        "q1": shown(window, 22, || quartile(&prices, 1)),
        "q3": shown(window, 22, || quartile(&prices, 3)),
        "interval": interval(&prices),
        "mean_surface": mean_surface(window),
        "median_price": median_price(window),
    });
    if n >= 22 {
        let totals = sorted(window.iter().map(|sale| sale.price));
        for (name, quarters) in [("price_q1", 1), ("price_q3", 3)] {
            figures[name] = total_price_near(quartile(&totals, quarters), &totals).into();
        }
    }
    for (name, tenths) in [("p10", 1), ("p90", 9)] {
        let decile = shown(window, 50, || on_the_way(&prices, tenths, 10));
        if !decile.is_null() {
            figures[name] = decile;
        }
    }
    figures
}

/// The 95 % interval of the median of sorted €/m². Up to eight sales its bounds would be the lowest and the highest:
/// prices of sales that can be found again. Few sales have bounds to ten €/m², outward.
fn interval(prices: &[f64]) -> Option<[u64; 2]> {
    let n = prices.len();
    let (out, _) = interval_of_median(n).filter(|(out, _)| *out > 0)?;
    let [low, high] = [prices[out], prices[n - 1 - out]];
    Some(match n {
        0..30 => [(low / 10.0).floor(), (high / 10.0).ceil()].map(|tens| 10 * tens as u64),
        _ => [rounded_to(1, low), rounded_to(1, high)],
    })
}

/// How many of sorted prices are in classes of a width: what lies below a bound is told in whole fives, so four may lie there
/// that are not told; a class is told where five sales are in it however many these are.
fn distribution(prices: &[f64], width: u64) -> Option<Value> {
    let n = prices.len() as u64;
    if n < 50 {
        return None;
    }
    let (mut bounds, mut told) = (Vec::new(), vec![0]);
    for bound in (1..400).map(|step| step * width) {
        let below = prices.iter().filter(|&&price| price < bound as f64);
        let fives = below.count() as u64 / 5 * 5;
        let untold = if bounds.is_empty() { 0 } else { 4 };
        if fives >= told[told.len() - 1] + untold + 5 && n >= fives + 4 + 5 {
            bounds.push(bound);
            told.push(fives);
        }
    }
    told.push(n);
    let counts: Vec<u64> = told.windows(2).map(|ends| ends[1] - ends[0]).collect();
    (!bounds.is_empty()).then(|| json!({ "bounds": bounds, "counts": counts }))
}

/// Homes by whole m²: a surface between two counts with the lower.
fn surfaces(window: &[&Sale], kind: &str) -> Vec<Value> {
    let classes = match kind {
        "maison" => [(0, 79), (80, 99), (100, 119), (120, 149), (150, u64::MAX)],
        _ => [(0, 29), (30, 49), (50, 69), (70, 89), (90, u64::MAX)],
    };
    let mut told = Vec::new();
    for (from, to) in classes {
        let in_class = |sale: &&&Sale| (from..=to).contains(&(sale.surface.floor() as u64));
        let class: Vec<&Sale> = window.iter().filter(in_class).copied().collect();
        if !class.is_empty() {
            let mut line = json!({
                "from": from,
                "n": class.len(),
                "median": shown(&class, 5, || median(&prices_m2(&class))),
                "median_price": median_price(&class),
            });
            if to < u64::MAX {
                line["to"] = to.into();
            }
            told.push(line);
        }
    }
    told
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn rooms(window: &[&Sale]) -> Vec<Value> {
    let mut classes = Vec::new();
    for rooms in 1..=5 {
        let class: Vec<&Sale> = window
            .iter()
            .copied()
            .filter(|sale| sale.rooms.min(5) == rooms)
            .collect();
        if !class.is_empty() {
            let mut line = json!({
                "rooms": rooms,
                "n": class.len(),
                "median": shown(&class, 5, || median(&prices_m2(&class))),
                "median_price": median_price(&class),
            });
            if let Some(interval) = interval(&prices_m2(&class)) {
                line["interval"] = json!(interval);
            }
            classes.push(line);
        }
    }
    classes
}

fn change(before: &[&Sale], after: &[&Sale], since: String) -> Option<Value> {
    if before.len() < 11 || after.len() < 11 {
        return None;
    }
    let (prices_before, prices_after) = (prices_m2(before), prices_m2(after));
    Some(json!({
        "percent": tenth((median(&prices_after) / median(&prices_before) - 1.0) * 100.0),
        "significant": is_significant(&prices_before, &prices_after),
        "n": [before.len(), after.len()],
        "since": since,
    }))
}

/// A point of a series, with the interval of its median or without.
fn point(period: String, sales: &[&Sale], with_interval: bool) -> Value {
    let mut point = json!({ "period": period, "n": sales.len() });
    let median = shown(sales, 5, || median(&prices_m2(sales)));
    if !median.is_null() {
        point["median"] = median;
    }
    if let Some(interval) = interval(&prices_m2(sales)).filter(|_| with_interval) {
        point["interval"] = json!(interval);
    }
    point
}

/// January to December in per cent of the mean month, over the years that are covered whole.
fn seasonality(territory: &Territory<'_>, homes: &[&Sale]) -> Vec<u64> {
    let mut by_month = [0_usize; 12];
    for sale in homes.iter().filter(|sale| !sale.is_new) {
        let year = sale.month / 12;
        if territory.covers(year * 12..=year * 12 + 11) && !territory.partial.contains(&year) {
            by_month[(sale.month % 12) as usize] += 1;
        }
    }
    let total: usize = by_month.iter().sum();
    if total < 60 {
        return Vec::new();
    }
    by_month
        .iter()
        // To the nearest, halves up, in whole numbers.
        .map(|&n| ((2_400 * n + total) / (2 * total)) as u64)
        .collect()
}
