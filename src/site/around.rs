//! The wider places that a page draws its own figures beside.

use super::Site;
use super::wider::WiderPlace;
use crate::base::place::{Level, Place};
use crate::geo::{Commune, Departement};

/// Wider places, the narrowest first, as far as files cover half of each: figures of fewer are not the place's. Enters the key of
/// a page.
#[derive(Default)]
pub(crate) struct Around<'s> {
    pub places: Vec<&'s WiderPlace>,
    /// That of the place that the page is of.
    territory: Option<Place>,
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
