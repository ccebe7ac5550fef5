//! What is told of an indicator of all places, and the communes with the wider places that they are in.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::base::place::{Level, Place};
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
    /// What it says of each place.
    pub values: BTreeMap<Place, Reading>,
}

/// What is told of an indicator of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorReading {
    /// The value, or why there is none.
    pub reading: Reading,
    /// Whether some of what a wider place adds up is secret or unknown, so that the sum is at least this.
    pub at_least: bool,
    /// Whether its source tells it of the place itself; of a wider place it may be made of that of its communes.
    pub is_own: bool,
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
    places: Arc<NumberedPlaces>,
    /// By the number of the place.
    pub(super) told: Vec<Option<IndicatorReading>>,
}

/// All places that indicators may tell of, numbered once for all of them: a hundred maps by code would fill the memory.
#[derive(Debug, Default, PartialEq)]
pub(super) struct NumberedPlaces {
    pub all: Vec<Place>,
    /// By code, one map a level, in the order of [`Level::ALL`].
    numbers: [HashMap<String, u32>; Level::ALL.len()],
}

impl NumberedPlaces {
    /// The number of a place, which it gets if it has none yet.
    fn add(&mut self, place: &Place) -> usize {
        let numbers = &mut self.numbers[place.level as usize];
        if let Some(number) = numbers.get(&place.code) {
            return *number as usize;
        }
        let number = self.all.len();
        numbers.insert(place.code.clone(), number as u32);
        self.all.push(place.clone());
        number
    }

    /// The number of a place; `None` where nothing is told of it.
    pub(super) fn number(&self, place: &Place) -> Option<usize> {
        let number = self.numbers[place.level as usize].get(&place.code)?;
        Some(*number as usize)
    }
}

impl IndicatorFigures {
    /// Nothing yet.
    pub(super) fn new(edition: u16, period: u16, places: &Arc<NumberedPlaces>) -> Self {
        Self {
            edition,
            period,
            earlier: Vec::new(),
            places: Arc::clone(places),
            told: vec![None; places.all.len()],
        }
    }

    /// What is told of a place.
    pub fn get(&self, place: &Place) -> Option<&IndicatorReading> {
        self.told[self.places.number(place)?].as_ref()
    }

    /// The number of a place, where there is one.
    pub fn number(&self, place: &Place) -> Option<f64> {
        self.get(place)?.reading.number()
    }

    /// What the place with a number tells, or why it tells none.
    pub(super) fn known(&self, number: usize) -> Result<f64, Absence> {
        match self.told[number].as_ref().map(|told| &told.reading) {
            Some(Reading::Number(number)) => Ok(*number),
            Some(Reading::Absent(reason)) => Err(*reason),
            _ => Err(Absence::Unavailable),
        }
    }
}

/// The communes of today with the wider places that they are in, found once for all indicators.
pub(super) struct CommunesWithin<'g> {
    pub communes: Vec<CommuneWithin<'g>>,
    /// The wider places that there are.
    pub wider: Vec<Place>,
    /// Their numbers among all places.
    pub numbers: Vec<usize>,
    /// All places, and those that a source tells of besides.
    pub places: Arc<NumberedPlaces>,
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
    /// Numbers in [`Communes::wider`]; of an arrondissement its city is the last.
    pub wider: Vec<u32>,
}

impl<'g> CommunesWithin<'g> {
    /// The places of today; `told` may name places besides.
    pub(super) fn new(
        geography: &'g Geography,
        told: &BTreeMap<String, Vec<IndicatorValues>>,
    ) -> Self {
        let all = geography.communes();
        let cities: BTreeSet<&str> = all.iter().filter_map(|one| one.parent.as_deref()).collect();
        let mut places = NumberedPlaces::default();
        let (mut numbers, mut wider) = (HashMap::<Place, u32>::new(), Vec::new());
        let communes = all.iter().map(|commune| {
            let above = [
                commune
                    .epci
                    .as_deref()
                    .map(|code| Place::new(Level::Epci, code)),
                Some(Place::new(Level::Departement, &*commune.departement)),
                Some(Place::new(Level::Region, &*commune.region)),
                Some(Place::france()),
                commune
                    .parent
                    .as_deref()
                    .map(|city| Place::new(Level::Commune, city)),
            ];
            let number = |place: Place| {
                *numbers.entry(place).or_insert_with_key(|place| {
                    wider.push(place.clone());
                    (wider.len() - 1) as u32
                })
            };
            CommuneWithin {
                commune,
                number: places.add(&Place::new(Level::Commune, &*commune.code)),
                departement: geo::departement_of(&commune.code),
                is_city: cities.contains(commune.code.as_str()),
                wider: above.into_iter().flatten().map(number).collect(),
            }
        });
        let communes: Vec<CommuneWithin<'_>> = communes.collect();
        let told = told.values().flatten();
        for place in told.flat_map(|values| values.values.keys()) {
            places.add(place);
        }
        Self {
            communes,
            numbers: wider.iter().map(|place| places.add(place)).collect(),
            wider,
            places: Arc::new(places),
        }
    }
}
