//! What is told of an indicator of all places, and the communes with the wider places that they are in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use indexmap::IndexSet;

use crate::base::place::{CodeMap, Level, Place};
use crate::config::Absence;
use crate::geo::{self, Commune, Geography};
use crate::intake::table::Reading;

/// What an edition tells of an indicator in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorValues {
    /// The year of the edition.
    pub edition: u16,
    /// The year that the values are of.
    pub period: u16,
    /// The départements that it covers.
    pub departements: BTreeSet<String>,
    pub(super) told: ToldColumn,
}

impl IndicatorValues {
    /// Of an edition and a year, with nothing said of any place yet.
    pub fn new(
        edition: u16,
        period: u16,
        departements: BTreeSet<String>,
        places: &Arc<IndicatorPlaces>,
    ) -> Self {
        Self {
            edition,
            period,
            departements,
            told: ToldColumn::new(places),
        }
    }

    /// Adds what is said of a place. One that there is none of today has no page, and is passed over.
    pub fn tell(&mut self, level: Level, code: &str, reading: Reading<&str>) {
        if let Some(number) = self.told.places.number(level, code) {
            self.told.tell(number, reading);
        }
    }
}

/// What is told of an indicator of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndicatorReading<'f> {
    /// The value, or why there is none.
    pub reading: Reading<&'f str>,
    /// Whether some of what a wider place adds up is secret or unknown, so that the sum is at least this.
    pub at_least: bool,
}

/// An indicator of all places.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorFigures {
    /// The year of the edition.
    pub edition: u16,
    /// The year that the values are of; of several the last.
    pub period: u16,
    /// The figures of the years before, where they make a series: the latest first.
    pub earlier: Vec<Self>,
    pub(super) told: ToldColumn,
}

impl IndicatorFigures {
    /// What is told of a place.
    pub fn get(&self, place: IndicatorPlace) -> Option<IndicatorReading<'_>> {
        Some(IndicatorReading {
            reading: self.told.reading(place.0)?,
            at_least: self.told.rolled_up.get(&place.0) == Some(&true),
        })
    }

    /// The number of a place, where there is one.
    pub fn number(&self, place: IndicatorPlace) -> Option<f64> {
        self.told.reading(place.0)?.number()
    }

    /// What the place with a number tells, or why it tells none.
    pub(super) fn known(&self, number: usize) -> Result<f64, Absence> {
        match self.told.reading(number) {
            Some(Reading::Number(number)) => Ok(number),
            Some(Reading::Absent(reason)) => Err(reason),
            _ => Err(Absence::Unavailable),
        }
    }
}

/// What is told of each place, by its number, in 16 bytes: there are as many as places times indicators.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToldColumn {
    pub places: Arc<IndicatorPlaces>,
    told: Vec<Option<Reading<u32>>>,
    /// The categories that readings number.
    categories: IndexSet<String>,
    /// The places of which a figure is made of those of their communes, and whether it is a sum of some of these only.
    rolled_up: HashMap<usize, bool>,
}

impl ToldColumn {
    pub(super) fn new(places: &Arc<IndicatorPlaces>) -> Self {
        Self {
            places: Arc::clone(places),
            told: vec![None; places.all.len()],
            categories: IndexSet::new(),
            rolled_up: HashMap::new(),
        }
    }

    pub(super) fn tell(&mut self, number: usize, reading: Reading<&str>) {
        let reading = reading.map_category(|category| {
            let known = self.categories.get_index_of(category);
            known.unwrap_or_else(|| self.categories.insert_full(category.to_owned()).0) as u32
        });
        self.told[number] = Some(reading);
    }

    /// Adds a figure that is made of those of communes.
    pub(super) fn roll_up(&mut self, number: usize, figure: f64, at_least: bool) {
        self.told[number] = Some(Reading::Number(figure));
        self.rolled_up.insert(number, at_least);
    }

    pub(super) fn reading(&self, number: usize) -> Option<Reading<&str>> {
        Some(self.told[number]?.map_category(|at| self.categories[at as usize].as_str()))
    }

    /// Whether the source tells it of the place itself.
    pub(super) fn is_own(&self, number: usize) -> bool {
        self.told[number].is_some() && !self.rolled_up.contains_key(&number)
    }

    /// Whether it has a number of any place.
    pub(super) fn has_numbers(&self) -> bool {
        let mut told = self.told.iter().flatten();
        told.any(|reading| reading.number().is_some())
    }
}

/// A place by its number among [`IndicatorPlaces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndicatorPlace(usize);

/// The places of today, numbered once for all indicators: a hundred maps by code would fill the memory.
#[derive(Debug, Default, PartialEq)]
pub struct IndicatorPlaces {
    pub(super) all: Vec<Place>,
    /// By code, one map a level, in the order of [`Level::ALL`].
    numbers: [CodeMap<String, u32>; Level::ALL.len()],
}

impl IndicatorPlaces {
    /// The communes, and the wider places that they are in.
    pub fn new(geography: &Geography) -> Arc<Self> {
        let mut places = Self::default();
        for commune in geography.communes() {
            places.add(&Place::new(Level::Commune, &*commune.code));
            for wide in above(commune) {
                places.add(&wide);
            }
        }
        Arc::new(places)
    }

    /// A place, by which figures are found; `None` where it is none of today.
    pub fn get(&self, level: Level, code: &str) -> Option<IndicatorPlace> {
        self.number(level, code).map(IndicatorPlace)
    }

    fn add(&mut self, place: &Place) {
        let numbers = &mut self.numbers[place.level as usize];
        if !numbers.contains_key(&place.code) {
            numbers.insert(place.code.clone(), self.all.len() as u32);
            self.all.push(place.clone());
        }
    }

    /// The number of a place; `None` where it is none of today.
    pub(super) fn number(&self, level: Level, code: &str) -> Option<usize> {
        let number = self.numbers[level as usize].get(code)?;
        Some(*number as usize)
    }
}

/// The wider places that a commune is in; of an arrondissement its city is the last.
fn above(commune: &Commune) -> impl Iterator<Item = Place> {
    let epci = commune.epci.as_deref();
    let city = commune.parent.as_deref();
    let above = [
        epci.map(|code| Place::new(Level::Epci, code)),
        Some(Place::new(Level::Departement, &*commune.departement)),
        Some(Place::new(Level::Region, &*commune.region)),
        Some(Place::france()),
        city.map(|city| Place::new(Level::Commune, city)),
    ];
    above.into_iter().flatten()
}

/// The communes of today with the wider places that they are in, found once for all indicators.
pub(super) struct CommunesWithin<'g> {
    pub communes: Vec<CommuneWithin<'g>>,
    /// The numbers among all places of the wider places that there are.
    pub wider: Vec<usize>,
    pub places: &'g Arc<IndicatorPlaces>,
}

/// A commune, and where it lies.
pub(super) struct CommuneWithin<'g> {
    pub commune: &'g Commune,
    /// Its number among all places.
    pub number: usize,
    /// By where the codes of the files say that it lies.
    pub departement: &'g str,
    /// Whether it is Paris, Lyon or Marseille.
    pub is_city: bool,
    /// Which of [`CommunesWithin::wider`] it is in.
    pub wider: Vec<u32>,
}

impl<'g> CommunesWithin<'g> {
    pub(super) fn new(geography: &'g Geography, places: &'g Arc<IndicatorPlaces>) -> Self {
        let all = geography.communes();
        let cities: BTreeSet<&str> = all.iter().filter_map(|one| one.parent.as_deref()).collect();
        let (mut numbers, mut wider) = (HashMap::new(), Vec::new());
        let communes = all.iter().filter_map(|commune| {
            let above = above(commune).filter_map(|place| places.number(place.level, &place.code));
            let above = above.map(|number| {
                *numbers.entry(number).or_insert_with(|| {
                    wider.push(number);
                    (wider.len() - 1) as u32
                })
            });
            Some(CommuneWithin {
                commune,
                number: places.number(Level::Commune, &commune.code)?,
                departement: geo::departement_of(&commune.code),
                is_city: cities.contains(commune.code.as_str()),
                wider: above.collect(),
            })
        });
        Self {
            communes: communes.collect(),
            wider,
            places,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_takes_sixteen_bytes() {
        assert_eq!(size_of::<Option<Reading<u32>>>(), 16);
    }
}
