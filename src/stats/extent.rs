//! Which communes make up which places, and which months the files cover in each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::registration::{LateDeeds, LateMonth};
use crate::base::month::{Month, Months};
use crate::base::place::{Level, Place};
use crate::config::Note;
use crate::geo::{self, Geography};
use crate::stats::Coverage;

/// A place, what it is made of and what is known of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Extent {
    /// Which of the codes that stand in the files make its figures, in order.
    pub sources: Vec<u32>,
    /// Covered months, sorted, one at least; most places share theirs.
    pub months: Arc<Vec<Month>>,
    /// Communes covered, and communes in all. A city with arrondissements is one.
    pub covered: u32,
    pub communes: u32,
    /// Years that the files hold only in part: by the configuration, or for the deeds that are still to come.
    pub partial_years: BTreeSet<i16>,
    /// Covered months that are not full yet.
    pub late: Vec<LateMonth>,
    /// Whether its figures have the list of recent sales.
    pub recent: bool,
}

impl Extent {
    /// The last covered month.
    pub(super) fn last(&self) -> Month {
        self.months.last().copied().unwrap_or(Month::MIN)
    }

    /// Whether all months of a span are covered.
    pub(super) fn covers(&self, span: Months) -> bool {
        span.iter()
            .all(|month| self.months.binary_search(&month).is_ok())
    }

    /// Whether a year is covered whole.
    pub(super) fn covers_year(&self, year: i16) -> bool {
        self.covers(Months::of_year(year)) && !self.partial_years.contains(&year)
    }

    /// Notes which months are not full, and their years with them. `codes` are those that the sources count in.
    fn wait_for(&mut self, deeds: &LateDeeds, codes: &[&str]) {
        let own: Vec<&str> = self
            .sources
            .iter()
            .map(|&source| codes[source as usize])
            .collect();
        let mut known: BTreeSet<&str> = own.iter().map(|code| geo::departement_of(code)).collect();
        // Files of single communes tell of these apart.
        known.extend(deeds.codes().filter(|code| own.contains(code)));
        let known: Vec<_> = known.into_iter().collect();
        self.late = deeds.months_of(&known, self.last());
        self.late
            .retain(|late| self.months.binary_search(&late.month).is_ok());
        self.partial_years
            .extend(self.late.iter().map(|late| late.month.year()));
    }

    /// What the figures say of it.
    pub(super) fn coverage(&self) -> Coverage {
        Coverage {
            from: self.months.first().copied().unwrap_or(Month::MIN),
            to: self.last(),
            months: self.months.len() as u32,
            communes: self.covered,
            communes_total: self.communes,
        }
    }
}

/// All places that the files cover, in part at least. `sources` are the codes that stand in the files.
pub(super) fn extents(
    geography: &Geography,
    coverage: &BTreeMap<String, Vec<Month>>,
    sources: &[&str],
    notes: &[Note],
    deeds: &LateDeeds,
) -> BTreeMap<Place, Extent> {
    let mut places = HashMap::<Name<'_>, Extent>::new();
    let mut months = MonthSets::new(coverage);
    // Files of a commune under its former code cover a part of today's.
    let mut former = BTreeMap::<&str, BTreeSet<Month>>::new();
    for (code, covered) in coverage.iter().filter(|(code, _)| code.len() == 5) {
        if let Some(today) = geography.current(code) {
            former.entry(&today.code).or_default().extend(covered);
        }
    }
    let cities: HashSet<_> = geography
        .communes()
        .iter()
        .filter_map(|commune| commune.parent.as_deref())
        .collect();
    let (mut counted, mut counted_covered) = (HashSet::new(), HashSet::new());
    // Where DVF has no sales by rule, files may hold some: of Saint-Martin and Saint-Barthélemy, which the files still have in
    // the Guadeloupe. They count, and those communes do with them.
    let mut met = HashMap::<&str, BTreeSet<&str>>::new();
    for source in sources {
        if let Some(today) = geography.current(source)
            && !geo::is_covered_by_dvf(&today.departement)
        {
            let departements = met.entry(&today.code).or_default();
            departements.insert(geo::departement_of(source));
        }
    }
    for commune in geography.communes() {
        let elsewhere = met.get(commune.code.as_str());
        if !geo::is_covered_by_dvf(&commune.departement) && elsewhere.is_none() {
            continue;
        }
        // Paris, Lyon and Marseille are in the files by arrondissement only: these stand for them.
        if cities.contains(commune.code.as_str()) {
            continue;
        }
        let mut own = former.get(commune.code.as_str()).cloned();
        for departement in elsewhere.into_iter().flatten() {
            let covered = coverage.get(*departement).into_iter().flatten();
            own.get_or_insert_default().extend(covered);
        }
        let covered = months.covered(&commune.departement, own.as_ref());
        let city = commune.parent.as_ref().unwrap_or(&commune.code);
        // The arrondissements of a city are one commune to the places above it.
        let first = counted.insert(city);
        let first_covered = !covered.is_empty() && counted_covered.insert(city);
        for place in places_of(geography, &commune.code) {
            let own = place.0 == Level::Commune;
            let extent = places.entry(place).or_default();
            extent.communes += u32::from(own || first);
            if covered.is_empty() {
                continue;
            }
            extent.covered += u32::from(own || first_covered);
            if extent.months.is_empty() {
                extent.months = Arc::clone(&covered);
            } else if extent.months != covered {
                let mut union: BTreeSet<Month> = extent.months.iter().copied().collect();
                union.extend(covered.iter());
                extent.months = Arc::new(union.into_iter().collect());
            }
            for note in notes {
                if note.territory == "FR"
                    || note.territory == commune.departement
                    || note.territory == commune.code
                    || note.territory == *city
                {
                    extent.partial_years.extend(&note.partial_years);
                }
            }
        }
    }
    for (number, source) in (0..).zip(sources) {
        for place in places_of(geography, source) {
            if let Some(extent) = places.get_mut(&place) {
                extent.sources.push(number);
            }
        }
    }
    places
        .into_iter()
        .filter(|(_, extent)| !extent.months.is_empty())
        .map(|((level, code), mut extent)| {
            extent.wait_for(deeds, sources);
            (Place::new(level, code), extent)
        })
        .collect()
}

/// A place as the geography names it.
type Name<'a> = (Level, &'a str);

/// The places that the sales of a commune count for. A code that the geography does not know counts for its
/// département and above.
fn places_of<'a>(geography: &'a Geography, code: &str) -> impl Iterator<Item = Name<'a>> {
    let commune = geography.current(code);
    let (departement, region) = match commune {
        Some(commune) => (Some(&commune.departement), Some(&commune.region)),
        None => geography
            .departement(geo::departement_of(code))
            .map(|departement| (&departement.code, &departement.region))
            .unzip(),
    };
    let name = |level, code: Option<&'a String>| Some((level, code?.as_str()));
    [
        Some((Level::Pays, "FR")),
        name(Level::Commune, commune.map(|commune| &commune.code)),
        name(
            Level::Commune,
            commune.and_then(|commune| commune.parent.as_ref()),
        ),
        name(
            Level::Epci,
            commune.and_then(|commune| commune.epci.as_ref()),
        ),
        name(Level::Departement, departement),
        name(Level::Region, region),
    ]
    .into_iter()
    .flatten()
}

/// The covered months of communes: those of the country and of the département, shared, and their own.
struct MonthSets<'a> {
    coverage: &'a BTreeMap<String, Vec<Month>>,
    by_departement: BTreeMap<String, Arc<Vec<Month>>>,
}

impl<'a> MonthSets<'a> {
    fn new(coverage: &'a BTreeMap<String, Vec<Month>>) -> Self {
        Self {
            coverage,
            by_departement: BTreeMap::new(),
        }
    }

    fn covered(&mut self, departement: &str, own: Option<&BTreeSet<Month>>) -> Arc<Vec<Month>> {
        let shared = self
            .by_departement
            .entry(departement.to_owned())
            .or_insert_with(|| {
                let months = ["FR", departement]
                    .iter()
                    .filter_map(|code| self.coverage.get(*code))
                    .flatten()
                    .copied()
                    .collect::<BTreeSet<_>>();
                Arc::new(months.into_iter().collect())
            });
        match own {
            None => Arc::clone(shared),
            Some(own) => {
                let mut union = own.clone();
                union.extend(shared.iter());
                Arc::new(union.into_iter().collect())
            }
        }
    }
}
