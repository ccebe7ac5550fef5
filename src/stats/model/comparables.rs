//! What comparable homes tell of each place: changes, indices, and what the estimator knows.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rayon::prelude::*;

use super::change::{ComparableChange, MedianDifference, Periods, WiderReference};
use super::departement_homes::{DepartementHomes, KnownSales};
use super::estimator::{HomeLevel, KindEstimator};
use super::fits::TESTED;
use super::hit_rate::{HitRate, Tested};
use super::homes::MonthlyHomes;
use super::index::Index;
use super::learned::Learned;
use super::modelled::Modelled;
use super::national::CentredCommune;
use crate::base::kind::HomeKind;
use crate::base::place::{Level, Place};
use crate::stats::extent::Extent;

/// A place with what makes it up.
pub(crate) struct ComparedPlace<'a> {
    pub place: &'a Place,
    pub extent: &'a Extent,
    /// The wider places that it may be compared with: its EPCI, its département. None of places that stand for themselves.
    pub wider: Vec<Place>,
}

/// All that is known of comparable homes.
pub(crate) struct Comparables<'a> {
    /// By code.
    pub departements: Vec<DepartementHomes<'a>>,
    pub communes: &'a [CentredCommune],
    pub places: Vec<ComparedPlace<'a>>,
    /// The codes that extents count in.
    pub codes: &'a [&'a str],
}

/// What comparable homes of one kind tell of a place.
#[derive(Default)]
struct KindComparables {
    changes: Vec<ComparableChange>,
    index: Option<Index>,
    level: Option<HomeLevel>,
    estimator: Option<KindEstimator>,
}

impl Comparables<'_> {
    /// Adds what they tell to what is modelled of each place.
    pub(crate) fn add_to(&self, modelled: &mut BTreeMap<Place, Modelled>) {
        let (houses, flats) = rayon::join(
            || self.of_kind(HomeKind::House),
            || self.of_kind(HomeKind::Flat),
        );
        for (kind, told) in HomeKind::ALL.into_iter().zip([houses, flats]) {
            for (place, told) in told {
                let modelled = modelled.entry(place).or_default();
                let known = match kind {
                    HomeKind::House => &mut modelled.maison,
                    HomeKind::Flat => &mut modelled.appartement,
                };
                known.changes = told.changes;
                known.index = told.index;
                known.level = told.level;
                known.estimator = told.estimator;
            }
        }
    }

    /// What the estimator that knows nothing of the last twelve months makes of their sales: by département.
    pub(crate) fn test(&self, kind: HomeKind) -> Vec<Vec<Tested>> {
        let learned = Learned::new(&self.departements, self.communes, kind, KnownSales::YearAgo);
        learned.test(&self.departements)
    }

    fn of_kind(&self, kind: HomeKind) -> BTreeMap<Place, KindComparables> {
        let mut told = BTreeMap::<Place, KindComparables>::new();
        for (place, changes, index) in self.movements(kind) {
            let known = told.entry(place).or_default();
            (known.changes, known.index) = (changes, index);
        }
        let learned = Learned::new(&self.departements, self.communes, kind, KnownSales::All);
        for (code, level) in learned.levels(&self.departements) {
            told.entry(Place::new(Level::Commune, code))
                .or_default()
                .level = Some(level);
        }
        let tested = self.test(kind);
        for (at, departement) in self.departements.iter().enumerate() {
            let used = departement.fits.now[kind as usize];
            if let Some((used, residuals)) = used.zip(learned.residuals_of(at)) {
                let since = departement.last - TESTED + 1;
                let place = Place::new(Level::Departement, departement.code);
                told.entry(place).or_default().estimator = Some(KindEstimator {
                    coefficients: used.fit.coefficients,
                    from: used.from,
                    residuals,
                    hit_rate: HitRate::of(&tested[at], since, departement.last),
                });
            }
        }
        told
    }

    /// The changes and the index of each place that has any.
    fn movements(&self, kind: HomeKind) -> Vec<(Place, Vec<ComparableChange>, Option<Index>)> {
        let rows = self.rows(kind);
        let own = self.places.par_iter().with_max_len(64).map(|compared| {
            let ComparedPlace { place, extent, .. } = compared;
            let sources = extent.sources.iter();
            let parts = sources.filter_map(|&source| rows.get(self.codes[source as usize]));
            let parts: Vec<_> = parts
                .map(|&(at, ref rows)| {
                    (
                        self.departements[at].homes(kind, KnownSales::All),
                        rows.clone(),
                    )
                })
                .collect();
            let homes = MonthlyHomes::new(&parts);
            let scale = self.scale(kind, extent, &rows);
            let periods = Periods::of(extent.comparable()).into_iter();
            let differences = periods.map(|periods| {
                let n = [periods.before, periods.after].map(|months| homes.count(months) as u64);
                (periods, n, MedianDifference::between(&homes, periods))
            });
            let index = Index::of(place.level, &homes, &extent.common, |year| {
                extent.covers_year(year)
            });
            (differences.collect::<Vec<_>>(), scale, index)
        });
        let own: Vec<_> = own.collect();
        let known = self.places.iter().zip(&own);
        let known: HashMap<&Place, _> = known
            .filter(|(compared, _)| compared.place.level != Level::Commune)
            .filter(|(compared, _)| compared.extent.coverage().is_representative())
            .map(|(compared, (differences, scale, _))| (compared.place, (differences, *scale)))
            .collect();
        let wider = |compared: &ComparedPlace<'_>, periods: Periods| {
            compared.wider.iter().find_map(|place| {
                let (differences, scale) = known.get(place)?;
                let same = differences.iter().find(|(other, ..)| *other == periods);
                let difference = same?.2?;
                let tells = match place.level {
                    Level::Epci => difference.is_large(),
                    _ => difference.is_known(),
                };
                tells.then_some(WiderReference {
                    level: place.level,
                    difference,
                    scale: (*scale)?,
                })
            })
        };
        let moved =
            self.places
                .iter()
                .zip(&own)
                .filter_map(|(compared, (differences, _, index))| {
                    let changes = differences.iter().filter_map(|&(periods, n, own)| {
                        let stands_alone = compared.wider.is_empty()
                            || compared.place.level == Level::Epci
                                && own.is_some_and(|own| own.is_large());
                        if stands_alone {
                            return own?.alone(periods);
                        }
                        match wider(compared, periods) {
                            Some(wider) => Some(ComparableChange::beside(periods, n, own, &wider)),
                            None => own.filter(MedianDifference::is_large)?.alone(periods),
                        }
                    });
                    let changes: Vec<_> = changes.collect();
                    (!changes.is_empty() || index.is_some())
                        .then(|| (compared.place.clone(), changes, index.clone()))
                });
        moved.collect()
    }

    /// The scale of the residuals in the département that most sales of a place are in.
    fn scale(
        &self,
        kind: HomeKind,
        extent: &Extent,
        rows: &HashMap<&str, (usize, Range<usize>)>,
    ) -> Option<f64> {
        let mut sales = BTreeMap::<usize, usize>::new();
        for &source in &extent.sources {
            if let Some((at, rows)) = rows.get(self.codes[source as usize]) {
                *sales.entry(*at).or_default() += rows.len();
            }
        }
        let most = sales.into_iter().rev().max_by_key(|(_, sales)| *sales);
        let used = self.departements[most?.0].fits.now[kind as usize];
        Some(used?.fit.scale)
    }

    /// Where the homes of each code are: the département, and the rows.
    fn rows(&self, kind: HomeKind) -> HashMap<&str, (usize, Range<usize>)> {
        let departements = self.departements.iter().enumerate();
        let rows = departements.flat_map(|(at, departement)| {
            let homes = departement.homes(kind, KnownSales::All);
            let sources = departement.sources.iter();
            sources.map(move |(code, _)| (*code, (at, homes.rows(code))))
        });
        rows.collect()
    }
}
