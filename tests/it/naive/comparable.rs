//! What comparable homes tell: changes, indices and the estimator, from the description of the method (docs/method.md, sections 4
//! and 5), with whole matrices and sorted lists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::cog::PLACES;
use super::figures::{Partial, Territory, places_of, places_of_unknown, territories};
use super::numbers::{interval_of_median, median, normal_quantile, sorted};
use super::{Sale, Source, month_name};

/// Level and code of a place.
type PlaceRef<'a> = (&'static str, &'a str);

/// A commune's centre, with its département.
struct Centre<'a> {
    commune: &'a str,
    departement: &'a str,
    /// In space, km.
    point: [f64; 3],
}

/// What is left of a sale's price, with what else is looked at.
struct Left<'a> {
    sale: &'a Sale,
    /// Today's commune.
    commune: Option<&'a str>,
    h: f64,
}

/// A fit: coefficients by name, and the scale of the residuals.
#[derive(Clone)]
struct Fit {
    beta: Vec<f64>,
    scale: f64,
    from: &'static str,
}

/// A level and its variance, with the sales of the commune and those of near neighbours.
#[derive(Clone, Copy)]
struct Level {
    theta: f64,
    variance: f64,
    n: usize,
    near: usize,
}

/// What is modelled of comparable homes, by place and kind.
pub fn comparables(
    sources: &[Source],
    partial: &[Partial<'_>],
) -> BTreeMap<(String, String), Value> {
    let sales: Vec<Sale> = sources.iter().flat_map(Source::sales).collect();
    let middles = super::estimates::centres(sources);
    let territories = territories(sources, partial);
    let centres = centres(&middles);
    let mut all = BTreeMap::<(String, String), Value>::new();
    for kind in [1_u8, 2] {
        let name = if kind == 1 { "maison" } else { "appartement" };
        let world = World {
            kind,
            sales: sales
                .iter()
                .filter(|sale| sale.kind == kind && (300.0..=30_000.0).contains(&sale.price_m2))
                .collect(),
            territories: &territories,
            centres: &centres,
            codes: sales.iter().map(|sale| sale.commune.as_str()).collect(),
        };
        for (place, told) in world.told() {
            let place = (place.0.to_owned(), place.1.to_owned());
            let known = all.entry(place).or_insert_with(|| json!({}));
            known[name] = told;
        }
    }
    all
}

/// All that is known of one kind of home.
struct World<'a> {
    kind: u8,
    sales: Vec<&'a Sale>,
    territories: &'a BTreeMap<PlaceRef<'a>, Territory<'a>>,
    centres: &'a [Centre<'a>],
    /// All codes that stand in the files with a sale.
    codes: BTreeSet<&'a str>,
}

fn today(sale: &Sale) -> Option<&'static str> {
    PLACES
        .current(&sale.commune)
        .map(|commune| commune.code.as_str())
}

fn places(sale: &Sale) -> Vec<PlaceRef<'_>> {
    match PLACES.current(&sale.commune) {
        Some(commune) => places_of(commune),
        None => places_of_unknown(&sale.commune),
    }
}

fn code_at<'s>(sale: &'s Sale, level: &str) -> &'s str {
    let places = places(sale);
    places.iter().find(|place| place.0 == level).unwrap().1
}

impl<'a> World<'a> {
    /// The last month of a département.
    fn last(&self, departement: &str) -> i32 {
        *self.territories[&("departement", departement)]
            .months
            .last()
            .unwrap()
    }

    fn departements(&self) -> Vec<&'a str> {
        let known = self
            .territories
            .iter()
            .filter(|(place, territory)| place.0 == "departement" && !territory.months.is_empty());
        known.map(|(place, _)| place.1).collect()
    }

    /// The fit that a département uses, of the sales up to so many months before its last.
    fn fit(&self, departement: &str, ago: i32) -> Option<Fit> {
        let within = |level: &str, code: &str| -> Vec<&Sale> {
            let sales = self.sales.iter().copied();
            sales
                .filter(|sale| code_at(sale, level) == code)
                .filter(|sale| sale.month <= self.last(code_at(sale, "departement")) - ago)
                .collect()
        };
        let region = &PLACES.departements[departement].1;
        for (level, code, least, from) in [
            ("departement", departement, 1_000, "departement"),
            ("region", region.as_str(), 1_000, "region"),
            ("pays", "FR", 100, "france"),
        ] {
            let sales = within(level, code);
            if sales.len() >= least {
                let (beta, scale) = fit(self.kind, &sales);
                return Some(Fit { beta, scale, from });
            }
        }
        None
    }

    /// The old homes of a département with what is left of their prices.
    fn left(&self, departement: &str, fit: &Fit) -> Vec<Left<'a>> {
        let own = self
            .sales
            .iter()
            .filter(|sale| !sale.is_new && code_at(sale, "departement") == departement);
        own.map(|sale| Left {
            sale,
            commune: today(sale),
            // The program keeps them in single precision.
            h: f64::from((sale.price.ln() - explained(&fit.beta, self.kind, sale)) as f32),
        })
        .collect()
    }

    fn told(&self) -> BTreeMap<PlaceRef<'a>, Value> {
        let fits: BTreeMap<&str, [Option<Fit>; 2]> = self
            .departements()
            .into_iter()
            .map(|code| (code, [0, 12].map(|ago| self.fit(code, ago))))
            .collect();
        let homes = |ago: usize| -> BTreeMap<&'a str, Vec<Left<'a>>> {
            let known = self.departements().into_iter();
            known
                .map(|code| {
                    let fit = fits[code][ago].as_ref();
                    (code, fit.map_or_else(Vec::new, |fit| self.left(code, fit)))
                })
                .collect()
        };
        let (now, before) = (homes(0), homes(1));
        let learned = self.learn(&now, 0);
        let learned_before = self.learn(&before, 12);
        let mut told = self.movements(&now, &fits);
        for centre in self.centres {
            let (Some(level), Some(known)) = (
                learned.levels.get(centre.commune),
                learned.residuals.get(centre.departement),
            ) else {
                continue;
            };
            if level.n + level.near < 60 || known.is_none() {
                continue;
            }
            let mut line = json!({
                "level": rounded(level.theta, if level.n >= 30 { 0.001 } else { 0.005 }),
                "variance": rounded(level.variance, 1e-5),
            });
            if let Some(own) = learned.own.get(centre.commune) {
                line["residuals"] = json!(own);
            }
            let sections = sections(&learned, centre.commune, level.theta);
            if !sections.is_empty() {
                line["sections"] = sections.into();
            }
            let place = ("commune", centre.commune);
            told.entry(place).or_insert_with(|| json!({}))["level"] = line;
        }
        for (code, [fit, _]) in &fits {
            if let (Some(fit), Some(Some(residuals))) = (fit, learned.residuals.get(code)) {
                let mut line = json!({
                    "coefficients": self.named(&fit.beta),
                    "from": fit.from,
                    "residuals": residuals,
                });
                if let Some(rate) = self.hit_rate(code, &before[code], &learned_before) {
                    line["hit_rate"] = rate;
                }
                told.entry(("departement", code))
                    .or_insert_with(|| json!({}))["estimator"] = line;
            }
        }
        told
    }

    /// Coefficients under the names that they are published by.
    fn named(&self, beta: &[f64]) -> Value {
        let mut rooms = beta[2..8].to_vec();
        rooms.insert(if self.kind == 2 { 3 } else { 4 }, 0.0);
        let land = |at: usize| beta.get(at).copied().unwrap_or(0.0);
        json!({
            "surface": beta[0],
            "surface_squared": beta[1],
            "rooms": rooms,
            "new_home": beta[8],
            "no_land": land(9),
            "land": land(10),
            "land_squared": land(11),
        })
    }

    /// Levels and residuals from the sixty months that end so many before the last.
    fn learn(&self, homes: &BTreeMap<&'a str, Vec<Left<'a>>>, ago: i32) -> Learned<'a> {
        // Each sale brought to its département's latest year.
        let mut brought = BTreeMap::<&str, Vec<(&Left<'_>, f64)>>::new();
        for (&departement, homes) in homes {
            let last = self.last(departement) - ago;
            let slice = |sale: &Sale| {
                let before = last - sale.month;
                (0..60).contains(&before).then_some(before / 12)
            };
            let median_of = |wanted: i32| {
                let own = homes.iter().filter(|left| slice(left.sale) == Some(wanted));
                let own = sorted(own.map(|left| left.h));
                (!own.is_empty()).then(|| median(&own))
            };
            let medians: Vec<Option<f64>> = (0..5).map(median_of).collect();
            let latest = medians.iter().flatten().next().copied();
            for left in homes {
                if let Some(slice) = slice(left.sale) {
                    let moved = latest.unwrap() - medians[slice as usize].unwrap();
                    let known = brought.entry(departement).or_default();
                    known.push((left, left.h + moved));
                }
            }
        }
        let mut values = BTreeMap::<&str, Vec<f64>>::new();
        let mut in_sections = BTreeMap::<(&str, String), Vec<f64>>::new();
        for (left, value) in brought.values().flatten() {
            if let Some(commune) = left.commune {
                values.entry(commune).or_default().push(*value);
                let mut section = left.sale.section.clone();
                // Of a former commune, under its number.
                if commune != left.sale.commune && section.starts_with("000") {
                    section.replace_range(..3, &left.sale.commune[2..]);
                }
                in_sections
                    .entry((commune, section))
                    .or_default()
                    .push(*value);
            }
        }
        let levels = self.levels(&values);
        let mut residuals = BTreeMap::new();
        let mut own = BTreeMap::new();
        for &departement in homes.keys() {
            let mut all = Vec::new();
            let mut by_commune = BTreeMap::<&str, Vec<f64>>::new();
            for (left, value) in brought.get(departement).into_iter().flatten() {
                if let Some(commune) = left.commune
                    && let Some(level) = levels.get(commune)
                {
                    all.push(value - level.theta);
                    by_commune
                        .entry(commune)
                        .or_default()
                        .push(value - level.theta);
                }
            }
            residuals.insert(departement, bounds(all));
            for (commune, left) in by_commune {
                own.extend(bounds(left).map(|bounds| (commune, bounds)));
            }
        }
        Learned {
            levels,
            residuals,
            own,
            sections: in_sections
                .into_iter()
                .filter(|((_, section), values)| !section.is_empty() && values.len() >= 5)
                .map(|(key, values)| (key, sorted(values)))
                .collect(),
        }
    }

    /// Of each commune with a centre: its own sales weighed against its neighbours'.
    fn levels(&self, values: &BTreeMap<&str, Vec<f64>>) -> BTreeMap<&'a str, Level> {
        let b = if self.kind == 1 { 0.374 } else { 0.602 };
        let sales = |commune: &str| values.get(commune).map_or(0, Vec::len);
        let medians: BTreeMap<&str, f64> = values
            .iter()
            .map(|(commune, values)| (*commune, median(&sorted(values.iter().copied()))))
            .collect();
        let own = |commune: &str| medians[commune];
        let mut levels = BTreeMap::new();
        for centre in self.centres {
            let distance = |other: &Centre<'_>| {
                let squares = (0..3).map(|at| (other.point[at] - centre.point[at]).powi(2));
                squares.sum::<f64>().sqrt()
            };
            let others = self
                .centres
                .iter()
                .filter(|other| other.commune != centre.commune && sales(other.commune) >= 5);
            let mut others: Vec<(f64, &str)> = others
                .map(|other| (distance(other), other.commune))
                .collect();
            others.sort_by(|a, b| a.0.total_cmp(&b.0));
            let farthest = others.get(19).map_or(f64::INFINITY, |other| other.0);
            others.retain(|other| other.0 <= farthest);
            let weights: Vec<(f64, f64)> = others
                .iter()
                .map(|(distance, other)| {
                    let noise = 0.03 + 0.12 / sales(other) as f64;
                    ((-distance / 5.0).exp() / noise, own(other))
                })
                .collect();
            let total: f64 = weights.iter().map(|(weight, _)| weight).sum();
            let n = sales(centre.commune);
            let sampling = 0.12 / n as f64;
            let (theta, variance) = if total > 0.0 {
                let mean = weights.iter().map(|(w, y)| w * y).sum::<f64>() / total;
                let scatter = weights
                    .iter()
                    .map(|(w, y)| w * (y - mean).powi(2))
                    .sum::<f64>()
                    / total;
                let a = 0.001 + b * scatter;
                if n < 5 {
                    (mean, a)
                } else {
                    let share = a / (a + sampling);
                    (
                        mean + share * (own(centre.commune) - mean),
                        share * sampling,
                    )
                }
            } else if n > 0 {
                (own(centre.commune), sampling)
            } else {
                continue;
            };
            let near = others.iter().filter(|other| other.0 <= 25.0 && total > 0.0);
            let near = near.map(|(_, other)| sales(other)).sum();
            levels.insert(
                centre.commune,
                Level {
                    theta,
                    variance,
                    n,
                    near,
                },
            );
        }
        levels
    }

    fn hit_rate(
        &self,
        departement: &str,
        homes: &[Left<'_>],
        learned: &Learned<'_>,
    ) -> Option<Value> {
        let last = self.last(departement);
        let surfaces = if self.kind == 1 {
            30.0..=300.0
        } else {
            12.0..=250.0
        };
        let (mut inside, mut errors) = (0, Vec::new());
        for left in homes {
            let sale = left.sale;
            if sale.month <= last - 12
                || sale.month > last
                || !surfaces.contains(&sale.surface)
                || sale.land > 20_000.0
            {
                continue;
            }
            let Some(commune) = left.commune else {
                continue;
            };
            let Some(level) = learned.levels.get(commune) else {
                continue;
            };
            let own = learned.own.get(commune).copied();
            let Some(bounds) = own.or(learned.residuals[departement]) else {
                continue;
            };
            if level.n + level.near < 60 {
                continue;
            }
            let error = left.h - level.theta;
            let half = |bound: f64| (bound.powi(2) + 1.28_f64.powi(2) * level.variance).sqrt();
            if -half(bounds[0]) <= error && error <= half(bounds[3]) {
                inside += 1;
            }
            errors.push(100.0 * ((-error).exp() - 1.0).abs());
        }
        let errors = sorted(errors);
        (errors.len() >= 100).then(|| {
            json!({
                "from": month_name(last - 11),
                "to": month_name(last),
                "sales": errors.len(),
                "inside": inside,
                "median_error": rounded(median(&errors), 0.1),
            })
        })
    }

    /// Changes and indices.
    fn movements(
        &self,
        homes: &BTreeMap<&'a str, Vec<Left<'a>>>,
        fits: &BTreeMap<&str, [Option<Fit>; 2]>,
    ) -> BTreeMap<PlaceRef<'a>, Value> {
        let mut by_place = BTreeMap::<PlaceRef<'_>, Vec<&Left<'_>>>::new();
        for left in homes.values().flatten() {
            for place in places(left.sale) {
                by_place.entry(place).or_default().push(left);
            }
        }
        let mut told = BTreeMap::new();
        for (&place, territory) in self.territories {
            let none = Vec::new();
            let own = by_place.get(&place).unwrap_or(&none);
            let mut changes = Vec::new();
            for (years, before, after) in periods(territory) {
                let n = [before, after].map(|last| of_year(own, last).len());
                let difference = difference(own, before, after);
                let large = n.iter().all(|&n| n >= 500);
                let mut change = json!({
                    "years": years,
                    "since": month_name(before),
                    "n": n,
                });
                let alone = matches!(place.0, "departement" | "region" | "pays")
                    || place.0 == "commune"
                        && is_departement(place.1)
                        && PLACES.communes[place.1].epci.is_none()
                    || place.0 == "epci" && large && difference.is_some();
                let wider = (!alone)
                    .then(|| self.wider(place, (years, before, after), &by_place, fits))
                    .flatten();
                if let Some((epci, value, variance, scale)) = wider {
                    change["wider"] = json!({ "epci": epci, "change": percent(value, variance) });
                    if let Some((own, _)) = difference
                        && n.iter().all(|&n| n >= 50)
                    {
                        let v =
                            1.57 * scale.powi(2) * n.iter().map(|&n| 1.0 / n as f64).sum::<f64>();
                        if (own - value).abs() > 1.96 * v.sqrt() {
                            let s = 0.02_f64.powi(2) * f64::from(years);
                            let w = s / (s + v);
                            change["own"] = percent(value + w * (own - value), w * v + variance);
                        }
                    }
                } else if let Some((value, variance)) = difference
                    && n.iter()
                        .all(|&n| n >= if alone && place.0 != "epci" { 11 } else { 500 })
                {
                    change["own"] = percent(value, variance);
                } else {
                    continue;
                }
                changes.push(change);
            }
            let mut line = Map::new();
            if !changes.is_empty() {
                line.insert("changes".into(), changes.into());
            }
            if let Some(index) = index(place, territory, own) {
                line.insert("index".into(), index);
            }
            if !line.is_empty() {
                told.insert(place, line.into());
            }
        }
        told
    }

    /// The wider place that a place is compared with: its EPCI, its département.
    fn wider(
        &self,
        place: PlaceRef<'_>,
        periods_of_place: (i32, i32, i32),
        by_place: &BTreeMap<PlaceRef<'_>, Vec<&Left<'_>>>,
        fits: &BTreeMap<&str, [Option<Fit>; 2]>,
    ) -> Option<(bool, f64, f64, f64)> {
        let mut wider: Vec<PlaceRef<'_>> = Vec::new();
        if place.0 == "commune" {
            let commune = &PLACES.communes[place.1];
            wider.extend(commune.epci.iter().map(|code| ("epci", code.as_str())));
            if !is_departement(place.1) {
                wider.push(("departement", &commune.departement));
            }
        } else {
            // The département that most codes of the files lie in.
            let mut counts = BTreeMap::<&str, usize>::new();
            for commune in self.codes.iter().filter_map(|code| PLACES.current(code)) {
                if commune.epci.as_deref() == Some(place.1) {
                    *counts.entry(&commune.departement).or_default() += 1;
                }
            }
            let most = counts.values().copied().max()?;
            let first = counts.iter().find(|(_, count)| **count == most)?;
            wider.push(("departement", first.0));
        }
        for place in wider {
            let territory = self.territories.get(&place)?;
            let Some(homes) = by_place.get(&place) else {
                continue;
            };
            if 2 * territory.covered.len() < territory.communes.len()
                || !periods(territory).contains(&periods_of_place)
            {
                continue;
            }
            let (_, before, after) = periods_of_place;
            let Some((value, variance)) = difference(homes, before, after) else {
                continue;
            };
            let least = if place.0 == "epci" { 500 } else { 11 };
            if [before, after]
                .iter()
                .any(|last| of_year(homes, *last).len() < least)
            {
                continue;
            }
            let mut counts = BTreeMap::<&str, usize>::new();
            for left in homes {
                *counts.entry(code_at(left.sale, "departement")).or_default() += 1;
            }
            let most = counts.values().max()?;
            let (departement, _) = counts.iter().find(|(_, count)| *count == most)?;
            let scale = fits[departement][0].as_ref()?.scale;
            return Some((place.0 == "epci", value, variance, scale));
        }
        None
    }
}

/// What the estimator learned.
struct Learned<'a> {
    levels: BTreeMap<&'a str, Level>,
    residuals: BTreeMap<&'a str, Option<[f64; 4]>>,
    own: BTreeMap<&'a str, [f64; 4]>,
    /// Sorted values of sections with five sales.
    sections: BTreeMap<(&'a str, String), Vec<f64>>,
}

/// Offsets in hundredths by prefix and section, of the 150 sections with the most sales.
fn sections(learned: &Learned<'_>, commune: &str, theta: f64) -> Map<String, Value> {
    let own = learned
        .sections
        .iter()
        .filter(|((of, _), _)| *of == commune);
    let mut own: Vec<(&str, &Vec<f64>)> = own
        .map(|((_, section), values)| (section.as_str(), values))
        .collect();
    own.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
    let mut by_prefix = Map::new();
    for (section, values) in own.into_iter().take(150) {
        let n = values.len() as f64;
        let offset = (median(values) - theta) * n / (n + 8.0) * 100.0;
        let prefix = by_prefix.entry(&section[..3]).or_insert_with(|| json!({}));
        prefix[&section[3..]] = json!(offset.round() as i64);
    }
    by_prefix
}

fn rounded(value: f64, step: f64) -> f64 {
    (value / step).round() * step
}

/// Four quantiles, from a hundred values on.
fn bounds(values: Vec<f64>) -> Option<[f64; 4]> {
    let values = sorted(values);
    (values.len() >= 100).then(|| {
        [0.1, 0.25, 0.75, 0.9].map(|share| {
            let rank = share * (values.len() - 1) as f64;
            let (low, rest) = (rank.floor() as usize, rank.fract());
            let high = (low + 1).min(values.len() - 1);
            rounded(values[low] * (1.0 - rest) + values[high] * rest, 0.001)
        })
    })
}

/// The features of a sale: s, s², six classes of rooms, new, and of houses three of land.
fn features(kind: u8, sale: &Sale) -> Vec<f64> {
    let (surface, reference) = if kind == 2 { (65.0, 3) } else { (95.0, 4) };
    let s = (sale.surface / surface).ln();
    let mut row = vec![s, s * s];
    for rooms in (0..=6).filter(|rooms| *rooms != reference) {
        row.push(f64::from(u8::from(sale.rooms.min(6) == rooms)));
    }
    row.push(f64::from(u8::from(sale.is_new)));
    if kind == 1 {
        // The program keeps land in single precision.
        let land = f64::from(sale.land as f32).min(20_000.0);
        let g = if land > 0.0 {
            (1.0 + land).ln() - 400_f64.ln()
        } else {
            0.0
        };
        row.extend([f64::from(u8::from(land == 0.0)), g, g * g]);
    }
    row
}

fn explained(beta: &[f64], kind: u8, sale: &Sale) -> f64 {
    let row = features(kind, sale);
    row.iter().zip(beta).map(|(x, b)| x * b).sum()
}

/// Least squares within groups of commune and year, with Huber weights, in six rounds.
fn fit(kind: u8, sales: &[&Sale]) -> (Vec<f64>, f64) {
    let rows: Vec<Vec<f64>> = sales.iter().map(|sale| features(kind, sale)).collect();
    let prices: Vec<f64> = sales.iter().map(|sale| sale.price.ln()).collect();
    let mut groups = BTreeMap::<(&str, i32), Vec<usize>>::new();
    for (row, sale) in sales.iter().enumerate() {
        groups
            .entry((&sale.commune, sale.month / 12))
            .or_default()
            .push(row);
    }
    let width = rows[0].len();
    let mut weights = vec![1.0; sales.len()];
    let (mut beta, mut scale) = (Vec::new(), 0.0);
    for _ in 0..6 {
        let centred = |value: &dyn Fn(usize) -> f64| {
            let mut all = vec![0.0; sales.len()];
            for members in groups.values() {
                let total: f64 = members.iter().map(|&row| weights[row]).sum();
                let sum: f64 = members.iter().map(|&row| weights[row] * value(row)).sum();
                for &row in members {
                    all[row] = value(row) - sum / total;
                }
            }
            all
        };
        let columns: Vec<Vec<f64>> = (0..width)
            .map(|column| centred(&|row| rows[row][column]))
            .collect();
        let target = centred(&|row| prices[row]);
        let product = |a: &[f64], b: &[f64]| -> f64 {
            (0..sales.len())
                .map(|row| weights[row] * a[row] * b[row])
                .sum()
        };
        let mut system: Vec<Vec<f64>> = (0..width)
            .map(|i| {
                let mut line: Vec<f64> = (0..width)
                    .map(|j| product(&columns[i], &columns[j]))
                    .collect();
                line[i] += 1e-6;
                line.push(product(&columns[i], &target));
                line
            })
            .collect();
        beta = solved(&mut system);
        let errors: Vec<f64> = (0..sales.len())
            .map(|row| {
                let explained: f64 = (0..width).map(|at| columns[at][row] * beta[at]).sum();
                target[row] - explained
            })
            .collect();
        scale = median(&sorted(errors.iter().map(|error| error.abs()))) / 0.6745;
        for (weight, error) in weights.iter_mut().zip(&errors) {
            *weight = (2.0 * scale / error.abs().max(1e-9)).min(1.0);
        }
    }
    let thousandths = |value: f64| rounded(value, 0.001);
    (
        beta.into_iter().map(thousandths).collect(),
        thousandths(scale),
    )
}

/// Gauss's elimination with pivots.
fn solved(system: &mut [Vec<f64>]) -> Vec<f64> {
    let n = system.len();
    for column in 0..n {
        let pivot = (column..n)
            .max_by(|&a, &b| system[a][column].abs().total_cmp(&system[b][column].abs()))
            .unwrap();
        system.swap(column, pivot);
        for row in 0..n {
            if row != column {
                let factor = system[row][column] / system[column][column];
                let taken: Vec<f64> = system[column].iter().map(|cell| factor * cell).collect();
                for (cell, taken) in system[row].iter_mut().zip(taken) {
                    *cell -= taken;
                }
            }
        }
    }
    (0..n)
        .map(|row| system[row][n] / system[row][row])
        .collect()
}

fn centres(middles: &BTreeMap<String, [f64; 2]>) -> Vec<Centre<'_>> {
    let known = middles.iter().map(|(commune, degrees)| {
        let [longitude, latitude] = degrees.map(f64::to_radians);
        Centre {
            commune,
            departement: &PLACES.communes[commune.as_str()].departement,
            point: [
                6371.0 * latitude.cos() * longitude.cos(),
                6371.0 * latitude.cos() * longitude.sin(),
                6371.0 * latitude.sin(),
            ],
        }
    });
    known.collect()
}

/// Years between, and the last months of two periods: a year, and as many whole years as there are.
fn periods(territory: &Territory<'_>) -> Vec<(i32, i32, i32)> {
    let (Some(&first), Some(&last)) = (territory.months.first(), territory.months.last()) else {
        return Vec::new();
    };
    let covered = |end: i32| territory.covers(end - 11..=end);
    if !covered(last) {
        return Vec::new();
    }
    let all: Vec<_> = (1..=(last - first) / 12)
        .map(|years| (years, last - 12 * years, last))
        .filter(|(_, before, _)| *before - 11 >= first && covered(*before))
        .collect();
    let mut chosen = Vec::new();
    chosen.extend(all.first().filter(|(years, ..)| *years == 1));
    chosen.extend(all.last().filter(|(years, ..)| *years > 1));
    chosen
}

/// The values of twelve months, sorted.
fn of_year(homes: &[&Left<'_>], last: i32) -> Vec<f64> {
    let own = homes
        .iter()
        .filter(|left| (last - 11..=last).contains(&left.sale.month));
    sorted(own.map(|left| left.h))
}

/// A median and its variance.
fn middle(values: &[f64]) -> Option<(f64, f64)> {
    let (out, probability) = interval_of_median(values.len())?;
    let width = values[values.len() - 1 - out] - values[out];
    let error = width / 2.0 / normal_quantile(1.0 - probability / 2.0);
    Some((median(values), error.powi(2)))
}

fn difference(homes: &[&Left<'_>], before: i32, after: i32) -> Option<(f64, f64)> {
    let (a, b) = (
        middle(&of_year(homes, before))?,
        middle(&of_year(homes, after))?,
    );
    Some((b.0 - a.0, a.1 + b.1))
}

fn percent(value: f64, variance: f64) -> Value {
    let half = 1.96 * variance.sqrt();
    let percent = |logarithm: f64| rounded(100.0 * (logarithm.exp() - 1.0), 0.1);
    json!({
        "percent": percent(value),
        "interval": [percent(value - half), percent(value + half)],
    })
}

/// Whether a commune is all of its département.
fn is_departement(code: &str) -> bool {
    let departement = &PLACES.communes[code].departement;
    let mut others = PLACES.communes.values();
    others.all(|other| {
        other.departement != *departement
            || other.code == code
            || other.city.as_deref() == Some(code)
    })
}

/// The quarterly index of an EPCI with 500 sales in the last year, or of a wider place.
fn index(place: PlaceRef<'_>, territory: &Territory<'_>, homes: &[&Left<'_>]) -> Option<Value> {
    let shared = |month: &&i32| territory.covers(**month..=**month);
    let last = *territory.months.iter().rfind(shared)?;
    if place.0 == "commune" || place.0 == "epci" && of_year(homes, last).len() < 500 {
        return None;
    }
    let years: BTreeSet<i32> = territory.months.iter().map(|month| month / 12).collect();
    let base = years.into_iter().find(|year| {
        territory.covers(year * 12..=year * 12 + 11) && !territory.partial.contains(year)
    })?;
    let of_base = of_year(homes, base * 12 + 11);
    let base_middle = (of_base.len() >= 30).then(|| middle(&of_base))??;
    let mut quarters = Vec::new();
    for &end in territory.months.iter().filter(|month| *month % 3 == 2) {
        let own = homes
            .iter()
            .filter(|left| (end - 2..=end).contains(&left.sale.month));
        let own = sorted(own.map(|left| left.h));
        if !territory.covers(end - 2..=end) || own.len() < 30 {
            continue;
        }
        let (median, variance) = middle(&own)?;
        let half = 1.96 * (variance + base_middle.1).sqrt();
        let shown = |logarithm: f64| rounded(100.0 * logarithm.exp(), 0.1);
        let value = median - base_middle.0;
        quarters.push(json!({
            "quarter": format!("{}-Q{}", end / 12, end % 12 / 3 + 1),
            "n": own.len(),
            "value": shown(value),
            "interval": [shown(value - half), shown(value + half)],
        }));
    }
    (!quarters.is_empty()).then(|| json!({ "base": base, "quarters": quarters }))
}
