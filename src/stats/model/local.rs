//! The level of each commune from its own sales and its neighbours': `docs/method.md`, section 3, points 2 and 3. What the level is
//! of, the logarithm of the €/m² or that of the price of a comparable home, is the caller's.

use rayon::prelude::*;
use rstar::primitives::GeomWithData;
use rstar::{PointDistance, RTree};

use super::levels::OWN_SALES;
use crate::geo::EarthPoint;

/// How many neighbours are asked; more where several are as far as the last.
const NEIGHBOURS: usize = 20;

/// Where neighbours are looked for first, km: most communes have theirs within it, and others are looked for twice as far.
const REACH: f64 = 12.0;

/// No two places are farther from each other, through the earth, km.
const EARTH: f64 = 13_000.0;

/// How far a neighbour has to be to count e times less, km.
const RANGE: f64 = 5.0;

/// What is taken for the variance between neighbours as far as their weights go.
const BETWEEN: f64 = 0.03;

/// The least variance of a commune about its neighbours.
const LEAST: f64 = 0.001;

/// How far sales of neighbours count as near, km.
const NEAR: f64 = 25.0;

/// What is known of variances, once for all of France.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variances {
    /// How much of the variance between its neighbours a commune has about them: b.
    pub neighbours: f64,
    /// The variance of the median of n sales, times n: c.
    pub sampling: f64,
}

/// A commune on the way to its level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeasuredCommune {
    /// Its centre.
    pub centre: EarthPoint,
    /// Its sales.
    pub n: u32,
    /// Their median; of no meaning without sales.
    pub level: f64,
}

/// The level of a commune.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Local {
    /// The weighted mean of the neighbours' levels; `None` where no commune has sales enough to be one.
    pub prior: Option<Prior>,
    /// The level.
    pub level: f64,
    /// Its variance.
    pub variance: f64,
    /// The share of the commune's own sales in it, from 0 to 1.
    pub own_share: f64,
}

/// What the neighbours of a commune say of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Prior {
    /// The weighted mean of their levels.
    pub level: f64,
    /// Their variance about it.
    pub scatter: f64,
    /// The variance of the commune about it.
    pub variance: f64,
    /// How many they are.
    pub neighbours: usize,
    /// How far the nearest of them is, km.
    pub nearest: f64,
    /// Their sales, of those within 25 km.
    pub near_sales: u64,
}

/// The level of each commune. A commune with no neighbour has its own; `None` where it has no sales either.
pub(crate) fn levels(communes: &[MeasuredCommune], variances: Variances) -> Vec<Option<Local>> {
    let known = communes.iter().enumerate();
    let known = known.filter(|(_, commune)| commune.n >= OWN_SALES);
    let tree = RTree::bulk_load(
        known
            .map(|(number, commune)| GeomWithData::new(commune.centre, number))
            .collect(),
    );
    let numbers = (0..communes.len()).into_par_iter().with_min_len(64);
    numbers
        .map(|number| {
            let neighbours = nearest(&tree, communes[number].centre, number);
            local(
                &communes[number],
                prior(communes, &neighbours, variances),
                variances,
            )
        })
        .collect()
}

/// The nearest communes but the one itself, with their distances in km, by number.
fn nearest(
    tree: &RTree<GeomWithData<EarthPoint, usize>>,
    centre: EarthPoint,
    own: usize,
) -> Vec<(usize, f64)> {
    let mut radius = REACH;
    // All within a distance are found without the queue that a search from the nearest on needs.
    let mut found = loop {
        let within = tree.locate_within_distance(centre, radius * radius);
        let others = within.filter(|other| other.data != own);
        let found: Vec<_> = others
            .map(|other| (other.data, other.distance_2(&centre).sqrt()))
            .collect();
        if found.len() >= NEIGHBOURS || radius > EARTH {
            break found;
        }
        radius *= 2.0;
    };
    if found.len() > NEIGHBOURS {
        let nearer = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
        let (_, &mut (_, last), _) = found.select_nth_unstable_by(NEIGHBOURS - 1, nearer);
        found.retain(|(_, distance)| *distance <= last);
    }
    // Sums are in the same order, in whatever order the tree gives them.
    found.sort_unstable_by_key(|(number, _)| *number);
    found
}

fn prior(
    communes: &[MeasuredCommune],
    neighbours: &[(usize, f64)],
    variances: Variances,
) -> Option<Prior> {
    let weighted = || {
        neighbours.iter().map(|&(number, distance)| {
            let MeasuredCommune { n, level, .. } = communes[number];
            let noise = BETWEEN + variances.sampling / f64::from(n);
            ((-distance / RANGE).exp() / noise, level)
        })
    };
    let total: f64 = weighted().map(|(weight, _)| weight).sum();
    // Where all of them are thousands of kilometres away no weight is left.
    if total <= 0.0 {
        return None;
    }
    let level = weighted()
        .map(|(weight, level)| weight * level)
        .sum::<f64>()
        / total;
    let squares = weighted().map(|(weight, own)| weight * (own - level).powi(2));
    let scatter = squares.sum::<f64>() / total;
    let near = neighbours.iter().filter(|(_, distance)| *distance <= NEAR);
    Some(Prior {
        level,
        scatter,
        variance: LEAST + variances.neighbours * scatter,
        neighbours: neighbours.len(),
        nearest: neighbours
            .iter()
            .map(|(_, distance)| *distance)
            .fold(f64::INFINITY, f64::min),
        near_sales: near.map(|(number, _)| u64::from(communes[*number].n)).sum(),
    })
}

fn local(commune: &MeasuredCommune, prior: Option<Prior>, variances: Variances) -> Option<Local> {
    let own = (commune.n > 0).then(|| variances.sampling / f64::from(commune.n));
    let Some(known) = prior else {
        return own.map(|variance| Local {
            prior,
            level: commune.level,
            variance,
            own_share: 1.0,
        });
    };
    Some(match own.filter(|_| commune.n >= OWN_SALES) {
        None => Local {
            prior,
            level: known.level,
            variance: known.variance,
            own_share: 0.0,
        },
        Some(sampling) => {
            let own_share = known.variance / (known.variance + sampling);
            Local {
                prior,
                level: known.level + own_share * (commune.level - known.level),
                variance: own_share * sampling,
                own_share,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geo::earth_point;

    const VARIANCES: Variances = Variances {
        neighbours: 0.374,
        sampling: 0.252,
    };

    fn commune(longitude: f64, latitude: f64, n: u32, level: f64) -> MeasuredCommune {
        MeasuredCommune {
            centre: earth_point(longitude, latitude),
            n,
            level,
        }
    }

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let [a, b] = [earth_point(2.0, 48.0), earth_point(2.0, 49.0)];
        let distance = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        assert!((distance.sqrt() - 111.19).abs() < 0.01);
    }

    #[test]
    fn a_commune_without_sales_is_as_its_neighbours() {
        let communes = [
            commune(2.0, 48.0, 0, 0.0),
            commune(2.1, 48.0, 20, 7.0),
            commune(1.9, 48.0, 20, 8.0),
            // Too few to be a neighbour.
            commune(2.0, 48.0, 4, 20.0),
        ];
        let found = levels(&communes, VARIANCES)[0].unwrap();
        assert!((found.level - 7.5).abs() < 1e-9);
        let prior = found.prior.unwrap();
        assert!((prior.scatter - 0.25).abs() < 1e-9);
        assert!((found.variance - (0.001 + 0.374 * 0.25)).abs() < 1e-9);
        assert_eq!((prior.neighbours, prior.near_sales), (2, 40));
        assert_eq!(found.own_share, 0.0);
    }

    #[test]
    fn own_sales_weigh_more_the_more_they_are() {
        let level = |n| {
            let communes = [
                commune(2.0, 48.0, n, 7.0),
                commune(2.1, 48.0, 20, 8.0),
                commune(1.9, 48.0, 20, 8.4),
            ];
            levels(&communes, VARIANCES)[0].unwrap()
        };
        assert_eq!(level(4).own_share, 0.0);
        assert!(level(5).own_share > 0.0);
        assert!(level(500).own_share > 0.95);
        assert!(level(500).level < level(5).level);
        assert!(level(500).variance < level(5).variance);
        // V = w c / n.
        let five = level(5);
        assert!((five.variance - five.own_share * 0.252 / 5.0).abs() < 1e-12);
    }

    #[test]
    fn who_has_no_neighbour_stands_alone() {
        let communes = [
            commune(2.0, 48.0, 7, 7.0),
            commune(2.5, 48.0, 0, 0.0),
            commune(55.5, -21.1, 0, 0.0),
        ];
        let found = levels(&communes, VARIANCES);
        let alone = found[0].unwrap();
        assert_eq!(
            (alone.prior, alone.level, alone.own_share),
            (None, 7.0, 1.0)
        );
        // An ocean away nothing has a weight.
        assert_eq!(found[2], None);
        let far = found[1].unwrap().prior.unwrap();
        assert!((far.nearest - 37.2).abs() < 0.1);
        assert_eq!(far.near_sales, 0);
        assert_eq!(levels(&communes[1..], VARIANCES), [None, None]);
    }

    proptest! {
        #[test]
        fn neighbours_are_the_nearest_and_all_that_are_as_far_as_the_last(
            places in prop::collection::vec((0..30_i32, 0..30_i32, 0..9_u32), 1..120)
        ) {
            let communes: Vec<MeasuredCommune> = places
                .iter()
                .map(|&(x, y, n)| commune(f64::from(x) / 100.0, 48.0 + f64::from(y) / 100.0, n, 7.0))
                .collect();
            let found = levels(&communes, VARIANCES);
            for (number, found) in found.iter().enumerate() {
                let distance = |other: &MeasuredCommune| {
                    let squares = (0..3).map(|i| (other.centre[i] - communes[number].centre[i]).powi(2));
                    squares.sum::<f64>().sqrt()
                };
                let others = communes.iter().enumerate().filter(|(other, _)| *other != number);
                let mut distances: Vec<f64> = others
                    .filter(|(_, other)| other.n >= 5)
                    .map(|(_, other)| distance(other))
                    .collect();
                distances.sort_by(f64::total_cmp);
                let last = distances.get(19).or(distances.last()).copied().unwrap_or(-1.0);
                let count = distances.iter().filter(|distance| **distance <= last).count();
                let prior = found.and_then(|found| found.prior);
                prop_assert_eq!(prior.map_or(0, |prior| prior.neighbours), count);
                prop_assert_eq!(prior.map(|prior| prior.nearest), distances.first().copied());
            }
        }
    }
}
