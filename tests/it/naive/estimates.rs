//! Prices where sales are few, from the sales and the coordinates of mutations: `docs/method.md`, section 3.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::cog::PLACES;
use super::numbers::{median, sorted};
use super::{Line, Sale, Source, month_name};

/// b, c and q of a kind, and the number of sales from which its estimates are shown.
const KINDS: [(&str, u8, [f64; 3], usize); 2] = [
    ("maison", 1, [0.374, 0.252, 2.21], 0),
    ("appartement", 2, [0.602, 0.275, 2.37], 11),
];

/// What is modelled of communes, by code; `months` are the covered ones of each département.
pub fn modelled(
    sources: &[Source],
    sales: &[Sale],
    months: &BTreeMap<&str, BTreeSet<i32>>,
) -> BTreeMap<String, Value> {
    let centres = centres(sources);
    let mut modelled = BTreeMap::<String, Value>::new();
    for (name, number, constants, from) in KINDS {
        let communes = communes(&centres, sales, number, months);
        for commune in &communes {
            let estimate = commune.estimate(&communes, constants, from, months);
            if let Some(estimate) = estimate {
                let known = modelled
                    .entry(commune.code.clone())
                    .or_insert_with(|| json!({}));
                known[name] = json!({ "estimate": estimate });
            }
        }
    }
    modelled
}

/// Longitude and latitude of communes of today, in degrees.
pub fn centres(sources: &[Source]) -> BTreeMap<String, [f64; 2]> {
    let mut places = BTreeMap::<String, Vec<[f64; 2]>>::new();
    for source in sources {
        let mut mutations = HashMap::<_, Vec<&Line>>::new();
        for line in &source.lines {
            mutations.entry(line.mutation()).or_default().push(line);
        }
        for lines in mutations.into_values() {
            let property = |line: &&Line| ["1", "2", "4"].contains(&line.kind.as_str());
            let what = |line: &Line| {
                (
                    line.commune.clone(),
                    line.parcel.clone(),
                    line.kind.clone(),
                    line.surface.map(f64::to_bits),
                )
            };
            let properties: BTreeSet<_> = lines
                .iter()
                .copied()
                .filter(|line| property(line))
                .map(what)
                .collect();
            // Of the only property, or of all.
            let told = lines.iter().copied().filter(|line| match properties.len() {
                1 => property(line),
                _ => true,
            });
            let told: Vec<&Line> = told.collect();
            let commune = told.iter().map(|line| &line.commune).min().unwrap();
            let first = told
                .iter()
                .filter(|line| line.position.is_some())
                .min_by_key(|line| {
                    let [longitude, latitude] = line.position.unwrap();
                    (
                        &line.parcel,
                        (latitude * 1e6).round() as i64,
                        (longitude * 1e6).round() as i64,
                    )
                });
            if let (Some(commune), Some(first)) = (PLACES.current(commune), first) {
                places
                    .entry(commune.code.clone())
                    .or_default()
                    .push(first.position.unwrap());
            }
        }
    }
    places.retain(|_, places| places.len() >= 5);
    let middle = |places: &[[f64; 2]], axis: usize| {
        let degrees = median(&sorted(
            places.iter().map(|place| (place[axis] * 1e6).round()),
        ));
        (degrees / 10_000.0).round() / 100.0
    };
    places
        .into_iter()
        .map(|(code, places)| (code, [0, 1].map(|axis| middle(&places, axis))))
        .collect()
}

/// A commune with its sales, each with its slice (4 is the last) and the logarithm of its €/m².
struct Commune {
    code: String,
    departement: String,
    /// In space, km.
    centre: [f64; 3],
    sales: Vec<(usize, f64)>,
    /// What of the département's medians lies between each slice and the last; none where it has no sale.
    drift: [Option<f64>; 5],
}

fn communes(
    centres: &BTreeMap<String, [f64; 2]>,
    sales: &[Sale],
    kind: u8,
    months: &BTreeMap<&str, BTreeSet<i32>>,
) -> Vec<Commune> {
    let slice = |sale: &Sale, departement: &str| {
        let last = *months.get(departement)?.last().unwrap();
        let age = last - sale.month;
        (0..60).contains(&age).then(|| (4 - age / 12) as usize)
    };
    let mut of_departement = BTreeMap::<String, Vec<(usize, f64)>>::new();
    let mut of_commune = BTreeMap::<String, Vec<(usize, f64)>>::new();
    for sale in sales
        .iter()
        .filter(|sale| sale.kind == kind && !sale.is_new)
    {
        let commune = PLACES.current(&sale.commune);
        let departement = match commune {
            Some(commune) => commune.departement.as_str(),
            None => super::departement_of(&sale.commune),
        };
        if let Some(slice) = slice(sale, departement) {
            let sale = (slice, sale.price_m2.ln());
            of_departement
                .entry(departement.to_owned())
                .or_default()
                .push(sale);
            if let Some(commune) = commune {
                of_commune
                    .entry(commune.code.clone())
                    .or_default()
                    .push(sale);
            }
        }
    }
    let drift = |departement: &str| {
        let sales = of_departement
            .get(departement)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let medians = [0, 1, 2, 3, 4].map(|slice| {
            let own = sorted(
                sales
                    .iter()
                    .filter(|sale| sale.0 == slice)
                    .map(|sale| sale.1),
            );
            (!own.is_empty()).then(|| median(&own))
        });
        let last = medians.iter().rev().find_map(|median| *median);
        medians.map(|median| Some(median? - last?))
    };
    let communes = centres.iter().map(|(code, [longitude, latitude])| {
        let (longitude, latitude) = (longitude.to_radians(), latitude.to_radians());
        let departement = PLACES.current(code).unwrap().departement.clone();
        Commune {
            centre: [
                6371.0 * latitude.cos() * longitude.cos(),
                6371.0 * latitude.cos() * longitude.sin(),
                6371.0 * latitude.sin(),
            ],
            sales: of_commune.get(code).cloned().unwrap_or_default(),
            drift: drift(&departement),
            code: code.clone(),
            departement,
        }
    });
    communes.collect()
}

impl Commune {
    /// The median of its sales, brought to the last slice.
    fn level(&self) -> f64 {
        median(&sorted(
            self.sales
                .iter()
                .map(|(slice, value)| value - self.drift[*slice].unwrap()),
        ))
    }

    fn distance(&self, other: &Self) -> f64 {
        let squares = self
            .centre
            .iter()
            .zip(other.centre)
            .map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f64>().sqrt()
    }

    fn estimate(
        &self,
        all: &[Self],
        [b, c, q]: [f64; 3],
        from: usize,
        months: &BTreeMap<&str, BTreeSet<i32>>,
    ) -> Option<Value> {
        let months = months.get(self.departement.as_str())?;
        let others = all
            .iter()
            .filter(|other| other.code != self.code && other.sales.len() >= 5);
        let mut neighbours: Vec<(f64, &Self)> =
            others.map(|other| (self.distance(other), other)).collect();
        neighbours.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(&(farthest, _)) = neighbours.get(19) {
            neighbours.retain(|(distance, _)| *distance <= farthest);
        }
        let near: usize = neighbours
            .iter()
            .filter(|(km, _)| *km <= 25.0)
            .map(|(_, other)| other.sales.len())
            .sum();
        if neighbours.first()?.0 > 15.0 || near < 30 {
            return None;
        }
        let weights: Vec<(f64, f64)> = neighbours
            .iter()
            .map(|(km, other)| {
                let n = other.sales.len() as f64;
                ((-km / 5.0).exp() / (0.03 + c / n), other.level())
            })
            .collect();
        let total: f64 = weights.iter().map(|(weight, _)| weight).sum();
        let m = weights.iter().map(|(weight, y)| weight * y).sum::<f64>() / total;
        let s2 = weights
            .iter()
            .map(|(weight, y)| weight * (y - m) * (y - m))
            .sum::<f64>()
            / total;
        let a = 0.001 + b * s2;
        let n = self.sales.len();
        let (own, level, variance) = match n {
            0..5 => (0.0, m, a),
            _ => {
                let own = a / (a + c / n as f64);
                (own, m + own * (self.level() - m), own * c / n as f64)
            }
        };
        let half = q * variance.sqrt();
        if n >= 30 || n < from || half > 1.35_f64.ln() {
            return None;
        }
        let euros = |level: f64| (level.exp() / 10.0).round_ties_even() as u32 * 10;
        let last = *months.last().unwrap();
        let yearly = (0..5).filter_map(|slice| {
            let end = last - 12 * (4 - slice as i32);
            if !(end - 11..=end).all(|month| months.contains(&month)) {
                return None;
            }
            let mut year = level + self.drift[slice]?;
            let sales = sorted(
                self.sales
                    .iter()
                    .filter(|sale| sale.0 == slice)
                    .map(|sale| sale.1),
            );
            if sales.len() >= 5 {
                let weight = 0.004 / (0.004 + c / sales.len() as f64);
                year = (1.0 - weight) * year + weight * median(&sales);
            }
            Some(json!({ "to": month_name(end), "price": euros(year) }))
        });
        Some(json!({
            "price": euros(level),
            "interval": [euros(level - half), euros(level + half)],
            "own_share": (own * 100.0).round() / 100.0,
            "n": n,
            "neighbours": neighbours.len(),
            "to": month_name(last),
            "months": months.iter().filter(|month| **month > last - 60).count(),
            "yearly": yearly.collect::<Vec<_>>(),
        }))
    }
}
