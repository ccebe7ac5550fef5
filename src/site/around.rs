//! The wider places that a page draws its own figures beside.

use itertools::Itertools;
use serde::Serialize;

use super::atlas::Atlas;
use super::{Site, SiteError, french, names, path};
use crate::base::month::Period;
use crate::base::place::{CodeMap, Level, Place};
use crate::geo::{Commune, Departement, Geography};
use crate::stats::{Summary, to_ten};

/// Wider places, the narrowest first, as far as files cover half of each: figures of fewer are not the place's. Enters the key of
/// a page.
#[derive(Default)]
pub(crate) struct Around<'s> {
    pub places: Vec<&'s WiderPlace>,
    /// That of the place that the page is of.
    territory: Option<Place>,
}

/// A wider place, with medians to the ten euros: what a corrected sale moves the median of a wide place by says nothing to
/// anybody, and would renew the page of every commune in it.
#[derive(Serialize)]
pub(crate) struct WiderPlace {
    #[serde(skip)]
    pub level: Level,
    /// The smallest place that is as wide.
    #[serde(skip)]
    territory: Place,
    /// Stands for all that pages show of it.
    #[serde(skip)]
    key: blake3::Hash,
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

/// The wider places of a site: found once for the pages of all places in them.
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

    fn get(&self, level: Level, code: &str) -> Option<&WiderPlace> {
        self.0[level as usize].get(code)
    }
}

impl<'s> Around<'s> {
    /// Of a place, without any wider one yet.
    fn of(site: &Site<'_>, level: Level, code: &str) -> Self {
        Self {
            places: Vec::new(),
            territory: Some(site.geography.territory(&Place::new(level, code))),
        }
    }

    /// The places that a commune is part of. `parent` is the city of an arrondissement.
    pub(crate) fn commune(site: &'s Site<'_>, commune: &Commune, parent: Option<&Commune>) -> Self {
        let mut around = Self::of(site, Level::Commune, &commune.code);
        if site.summary(Level::Commune, &commune.code).is_none() {
            return around;
        }
        if let Some(city) = parent {
            around.add(site, Level::Commune, &city.code);
        }
        if let Some(epci) = &commune.epci {
            around.add(site, Level::Epci, epci);
        }
        around.add(site, Level::Departement, &commune.departement);
        around.add(site, Level::Region, &commune.region);
        around.add_france(site);
        around
    }

    /// The places that a département is part of.
    pub(crate) fn departement(site: &'s Site<'_>, departement: &Departement) -> Self {
        let mut around = Self::of(site, Level::Departement, &departement.code);
        around.add(site, Level::Region, &departement.region);
        around.add_france(site);
        around
    }

    /// The place that a région is part of.
    pub(crate) fn region(site: &'s Site<'_>, code: &str) -> Self {
        let mut around = Self::of(site, Level::Region, code);
        around.add_france(site);
        around
    }

    /// The places that an EPCI is part of: `departement` where it lies in one only.
    pub(crate) fn epci(
        site: &'s Site<'_>,
        code: &str,
        departement: Option<&str>,
        region: Option<&str>,
    ) -> Self {
        let mut around = Self::of(site, Level::Epci, code);
        if let Some(code) = departement {
            around.add(site, Level::Departement, code);
        }
        if let Some(code) = region {
            around.add(site, Level::Region, code);
        }
        around.add_france(site);
        around
    }

    /// The narrowest place whose figures stand beside the own ones: an EPCI is for places without a price.
    pub(crate) fn first(&self) -> Option<&'s WiderPlace> {
        let mut places = self.places.iter().copied();
        places.find(|place| place.level != Level::Epci)
    }

    fn add_france(&mut self, site: &'s Site<'_>) {
        let france = Place::france();
        self.add(site, france.level, &france.code);
    }

    /// A place, where it has figures of its own and is not the page's or one before under another name, as Paris is.
    fn add(&mut self, site: &'s Site<'_>, level: Level, code: &str) {
        if let Some(wider) = site.wider.get(level, code) {
            let before = self.places.iter().map(|place| &place.territory);
            if before
                .chain(&self.territory)
                .all(|seen| *seen != wider.territory)
            {
                self.places.push(wider);
            }
        }
    }

    /// Adds everything that a page shows of them.
    pub(super) fn hash(&self, hasher: &mut blake3::Hasher) {
        let mut keys = blake3::Hasher::new();
        for place in &self.places {
            keys.update(place.key.as_bytes());
        }
        hasher.update(keys.finalize().as_bytes());
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
