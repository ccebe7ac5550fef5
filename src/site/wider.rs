//! The wider places that pages draw their own figures beside, found once for the pages of all places in them.

use itertools::Itertools;
use serde::Serialize;

use super::atlas::Atlas;
use super::error::SiteError;
use super::{french, names, path};
use crate::base::month::Period;
use crate::base::place::{CodeMap, Level, Place};
use crate::geo::Geography;
use crate::stats::{Summary, to_ten};

/// A wider place, with medians to the ten euros: what a corrected sale moves the median of a wide place by says nothing to
/// anybody, and would renew the page of every commune in it.
#[derive(Serialize)]
pub(crate) struct WiderPlace {
    #[serde(skip)]
    pub level: Level,
    /// The smallest place that is as wide.
    #[serde(skip)]
    pub territory: Place,
    /// Stands for all that pages show of it.
    #[serde(skip)]
    pub key: blake3::Hash,
    pub name: String,
    /// "dans le Val-d’Oise"
    pub within: String,
    /// "au Val-d’Oise"
    pub against: String,
    pub path: Option<String>,
    /// Median of flats, €/m².
    pub appartement: Option<u32>,
    /// Median of houses, €/m².
    pub maison: Option<u32>,
    /// Rolling medians by quarter, €/m²: of départements.
    pub appartement_series: Vec<(Period, u32)>,
    /// The series of houses.
    pub maison_series: Vec<(Period, u32)>,
}

/// The wider places of a site, by level and code.
pub(super) struct WiderPlaces([CodeMap<String, WiderPlace>; Level::ALL.len()]);

impl WiderPlaces {
    /// Those of which files cover half.
    ///
    /// # Errors
    /// When one cannot be serialised: never with what it is made of.
    pub(super) fn new(geography: &Geography, atlas: &Atlas) -> Result<Self, SiteError> {
        let mut all = Self(Default::default());
        let mut add = |level: Level, code: &str, names: [&str; 3]| {
            let summary = atlas.get(level, code).map(|entry| &entry.summary);
            if let Some(summary) = summary.filter(|summary| summary.coverage.is_representative()) {
                let place = Place::new(level, code);
                let territory = geography.territory(&place);
                let wider = WiderPlace::new(&place, territory, summary, names)?;
                all.0[level as usize].insert(place.code, wider);
            }
            Ok::<_, SiteError>(())
        };
        let parents = geography.communes().iter();
        let parents = parents.filter_map(|commune| commune.parent.as_deref());
        for city in parents.unique().filter_map(|code| geography.commune(code)) {
            let (name, within) = (names::commune(city), names::at_commune(city));
            add(
                Level::Commune,
                &city.code,
                [&name, &within, &city.full_of()],
            )?;
        }
        for epci in geography.epcis() {
            let (name, within) = names::epci(epci);
            add(
                Level::Epci,
                &epci.code,
                [&name, &within, "de l’intercommunalité"],
            )?;
        }
        for departement in geography.departements() {
            let within = names::in_departement(departement);
            let names = [&departement.name, &within, &departement.full_of()];
            add(
                Level::Departement,
                &departement.code,
                names.map(String::as_str),
            )?;
        }
        for region in geography.regions() {
            let of = format!("de la région {}", region.name);
            let names = [&region.name, &names::in_region(region), &of];
            add(Level::Region, &region.code, names.map(String::as_str))?;
        }
        let Place { level, code } = Place::france();
        add(level, &code, ["France", "en France", "de la France"])?;
        Ok(all)
    }

    /// The wider place of a code; `None` where files cover less than half of it.
    pub(super) fn get(&self, level: Level, code: &str) -> Option<&WiderPlace> {
        self.0[level as usize].get(code)
    }
}

impl WiderPlace {
    /// A place with its summary; `of` is its name after "de".
    fn new(
        place: &Place,
        territory: Place,
        summary: &Summary,
        [name, within, of]: [&str; 3],
    ) -> Result<Self, SiteError> {
        let [appartement, maison] = medians(summary);
        let series = summary.quarterly.as_ref();
        let mut wider = Self {
            level: place.level,
            territory,
            key: blake3::Hash::from_bytes([0; blake3::OUT_LEN]),
            name: french::name(name),
            within: within.to_owned(),
            against: french::to(&french::name(of)),
            path: path::of_place(place.level, &place.code),
            appartement,
            maison,
            appartement_series: series
                .map(|series| series.appartement.clone())
                .unwrap_or_default(),
            maison_series: series
                .map(|series| series.maison.clone())
                .unwrap_or_default(),
        };
        let text = serde_json::to_vec(&wider).map_err(SiteError::Context)?;
        wider.key = blake3::hash(&text);
        Ok(wider)
    }

    /// The median of flats or of houses, €/m².
    pub(crate) fn median(&self, house: bool) -> Option<u32> {
        if house { self.maison } else { self.appartement }
    }

    /// The rolling medians of flats or of houses.
    pub(crate) fn series(&self, house: bool) -> &[(Period, u32)] {
        if house {
            &self.maison_series
        } else {
            &self.appartement_series
        }
    }
}

fn medians(summary: &Summary) -> [Option<u32>; 2] {
    [false, true].map(|house| summary.home(house).median().map(to_ten))
}
