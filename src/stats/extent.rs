//! Which communes make up which places, and which months the files cover in each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::registration::{LateDeeds, LateMonth};
use crate::base::month::{Month, Months};
use crate::base::place::{Level, Place};
use crate::config::Note;
use crate::geo::{self, Geography};
use crate::stats::Coverage;

/// The share of the covered communes of a place that must cover a month for it to be compared with others, in hundredths: a commune
/// whose files are of other months than those of its département does not silence it.
const SHARED: u32 = 95;

/// A place, what it is made of and what is known of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Extent {
    /// Which of the codes that stand in the files make its figures, in order.
    pub sources: Vec<u32>,
    /// Covered months, sorted, one at least; most places share theirs.
    pub months: Arc<Vec<Month>>,
    /// The covered months that [`SHARED`] of its covered communes share, so that two of them tell of the same territory.
    pub common: Arc<Vec<Month>>,
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

    /// Whether all months of a span are covered, in the same territory.
    pub(super) fn covers(&self, span: Months) -> bool {
        span.iter()
            .all(|month| self.common.binary_search(&month).is_ok())
    }

    /// The months by which it may be compared with itself up to its last one; none where too few communes know these.
    pub(super) fn comparable(&self) -> &[Month] {
        match self.common.last() == self.months.last() {
            true => &self.common,
            false => &[],
        }
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

/// The covered months of the communes of a place, and how many of these have each.
#[derive(Default)]
struct Shares(Vec<(Arc<Vec<Month>>, u32)>);

impl Shares {
    /// Adds the covered months of one of its communes.
    fn add(&mut self, covered: &Arc<Vec<Month>>) {
        let mut shares = self.0.iter_mut();
        match shares.find(|(known, _)| Arc::ptr_eq(known, covered) || known == covered) {
            Some((_, communes)) => *communes += 1,
            None => self.0.push((Arc::clone(covered), 1)),
        }
    }

    /// [`Extent::months`] and [`Extent::common`].
    fn months(&self) -> [Arc<Vec<Month>>; 2] {
        if let [(only, _)] = &self.0[..] {
            return [Arc::clone(only), Arc::clone(only)];
        }
        let mut communes = BTreeMap::<Month, u32>::new();
        for (months, count) in &self.0 {
            for month in months.iter() {
                *communes.entry(*month).or_default() += count;
            }
        }
        let all: u32 = self.0.iter().map(|(_, count)| count).sum();
        let shared = communes
            .iter()
            .filter(|(_, count)| **count * 100 >= all * SHARED);
        let common = shared.map(|(month, _)| *month).collect();
        [Arc::new(communes.into_keys().collect()), Arc::new(common)]
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
    let mut shares = HashMap::<Name<'_>, Shares>::new();
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
            shares.entry(place).or_default().add(&covered);
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
        .filter_map(|((level, code), mut extent)| {
            [extent.months, extent.common] = shares.get(&(level, code))?.months();
            extent.wait_for(deeds, sources);
            Some((Place::new(level, code), extent))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_compared_over_the_months_that_its_communes_share() {
        let months = |first: i16, last: i16| {
            Arc::new((first..=last).map(|n| Month::january(2021) + n).collect())
        };
        let (long, short, early): (Arc<Vec<Month>>, _, _) =
            (months(0, 59), months(36, 59), months(0, 35));
        let settled = |shares: &[(&Arc<Vec<Month>>, u32)]| {
            let mut known = Shares::default();
            for (covered, communes) in shares {
                (0..*communes).for_each(|_| known.add(covered));
            }
            let [months, common] = known.months();
            Extent {
                months,
                common,
                ..Extent::default()
            }
        };
        let alike = settled(&[(&long, 3)]);
        assert_eq!((&alike.months, &alike.common), (&long, &long));
        // Of half of them less is known: what is older is of the other half alone.
        let mixed = settled(&[(&long, 2), (&short, 2)]);
        assert_eq!((&mixed.months, &mixed.common), (&long, &short));
        assert_eq!(mixed.comparable(), &short[..]);
        assert!(!mixed.covers(Months::of_year(2021)) && mixed.covers(Months::of_year(2025)));
        // The newest months are not those of the whole place.
        let behind = settled(&[(&long, 2), (&early, 2)]);
        assert!(behind.comparable().is_empty());
        // One commune of many does not silence the others.
        let most = settled(&[(&long, 99), (&early, 1)]);
        assert_eq!(most.comparable(), &long[..]);
    }
}
