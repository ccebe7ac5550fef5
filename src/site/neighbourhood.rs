//! Which communes lie near which, which are of like size, and how dear each is among those of its département: found once for all
//! pages.

use std::collections::HashMap;

use itertools::Itertools;
use rstar::primitives::GeomWithData;
use rstar::{PointDistance, RTree};

use super::atlas::Atlas;
use super::chart::barcode::Barcode;
use crate::base::place::Level;
use crate::db::Centre;
use crate::geo::{Commune, EarthPoint, earth_point};
use crate::stats::Summary;

/// The communes that have figures, by where they are and by their population, and what they cost.
pub(super) struct Neighbourhood<'a> {
    tree: RTree<GeomWithData<EarthPoint, &'a str>>,
    atlas: &'a Atlas,
    departements: HashMap<&'a str, Departement<'a>>,
}

/// The communes of a département; arrondissements are no communes.
#[derive(Default)]
struct Departement<'a> {
    populations: Vec<(u32, &'a str)>,
    flats: Ranking,
    houses: Ranking,
}

/// The medians of one kind of home in the communes of a département, of sales enough to compare.
#[derive(Default)]
pub(super) struct Ranking {
    /// Ascending.
    medians: Vec<u32>,
    barcode: Option<Barcode>,
}

impl<'a> Neighbourhood<'a> {
    /// Of the communes that have a page, as far as they have figures.
    pub(super) fn new(communes: &[&'a Commune], atlas: &'a Atlas) -> Self {
        let mut points = Vec::new();
        let mut departements = HashMap::<_, Departement<'_>>::new();
        for commune in communes {
            let code = commune.code.as_str();
            let Some(entry) = atlas.get(Level::Commune, code) else {
                continue;
            };
            // One without a price is nothing to compare with.
            if let Some(centre) = atlas.centre(code).filter(|_| entry.summary.has_price()) {
                points.push(GeomWithData::new(point_of(centre), code));
            }
            if commune.parent.is_some() {
                continue;
            }
            let known = departements
                .entry(commune.departement.as_str())
                .or_default();
            known
                .populations
                .extend(commune.population.map(|population| (population, code)));
            for (house, ranking) in [(false, &mut known.flats), (true, &mut known.houses)] {
                ranking.medians.extend(compared(&entry.summary, house));
            }
        }
        for known in departements.values_mut() {
            for ranking in [&mut known.flats, &mut known.houses] {
                ranking.medians.sort_unstable();
                ranking.barcode = Barcode::new(&ranking.medians);
            }
        }
        Self {
            tree: RTree::bulk_load(points),
            atlas,
            departements,
        }
    }

    /// The communes nearest to one, with their distances in km; none where it is not known where it lies, or it has no figures.
    pub(super) fn nearest(&self, code: &str, count: usize) -> Vec<(&'a str, f64)> {
        let covered = self.atlas.get(Level::Commune, code);
        let Some(own) = covered.and(self.atlas.centre(code)).map(point_of) else {
            return Vec::new();
        };
        let near = self.tree.nearest_neighbor_iter(own);
        let mut near: Vec<_> = near
            .filter(|near| near.data != code)
            // Centres are known to a kilometre, so that several are at one distance: by code, then.
            .take(2 * count)
            .map(|near| (near.data, near.distance_2(&own).sqrt()))
            .collect();
        near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
        near.truncate(count);
        near
    }

    /// The communes of a département whose populations are nearest to one's, as a ratio, in the order of nearness.
    pub(super) fn alike(&self, commune: &Commune, count: usize) -> Vec<(&'a str, u32)> {
        let (Some(own), None) = (commune.population, &commune.parent) else {
            return Vec::new();
        };
        let Some(known) = self.departements.get(commune.departement.as_str()) else {
            return Vec::new();
        };
        // The larger over the smaller, which orders as the distance of their logarithms does.
        let apart = |population: u32| {
            let (one, other) = (population.max(1), own.max(1));
            f64::from(one.max(other)) / f64::from(one.min(other))
        };
        let others = known.populations.iter();
        let others = others.filter(|(_, code)| *code != commune.code);
        let alike = others.map(|&(population, code)| (apart(population), code, population));
        let alike = alike.k_smallest_by(count, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
        alike
            .map(|(_, code, population)| (code, population))
            .collect()
    }

    /// How dear the communes of a département are, where one of them is among those that are compared; with its median.
    pub(super) fn ranking(&self, commune: &Commune, house: bool) -> Option<(&Ranking, u32)> {
        if commune.parent.is_some() {
            return None;
        }
        let entry = self.atlas.get(Level::Commune, &commune.code)?;
        let median = compared(&entry.summary, house)?;
        let known = self.departements.get(commune.departement.as_str())?;
        Some((if house { &known.houses } else { &known.flats }, median))
    }
}

fn point_of(centre: Centre) -> EarthPoint {
    earth_point(centre.longitude, centre.latitude)
}

/// The median of a commune, €/m², where it is of sales enough to compare.
fn compared(summary: &Summary, house: bool) -> Option<u32> {
    let headline = summary.home(house).headline();
    headline.filter(|headline| !headline.fragile)?.median
}

impl Ranking {
    /// Where a median stands: 1 is the dearest.
    pub(super) fn rank(&self, median: u32) -> usize {
        self.medians.len() - self.medians.partition_point(|&other| other <= median) + 1
    }

    /// How many communes there are.
    pub(super) fn len(&self) -> usize {
        self.medians.len()
    }

    /// Their strokes; `None` of fewer than three.
    pub(super) fn barcode(&self) -> Option<&Barcode> {
        self.barcode.as_ref()
    }
}
