//! The wider places that a page draws its own figures beside.

use serde::Serialize;

use super::{Site, french, names, path};
use crate::base::month::Period;
use crate::base::place::{Level, Place};
use crate::geo::{Commune, Departement};
use crate::stats::{Summary, to_ten};

/// Wider places, the narrowest first, as far as files cover half of each: figures of fewer are not the place's. Enters the key of
/// a page.
#[derive(Default, Serialize)]
pub(crate) struct Around {
    pub places: Vec<WiderPlace>,
    /// The place that the page is of, and those of `places`.
    #[serde(skip)]
    seen: Vec<Place>,
}

/// A wider place, with medians to the ten euros: what a corrected sale moves the median of a wide place by says nothing to
/// anybody, and would renew the page of every commune in it.
#[derive(Serialize)]
pub(crate) struct WiderPlace {
    #[serde(skip)]
    pub level: Level,
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

impl Around {
    /// Of a place, without any wider one yet.
    fn of(level: Level, code: &str) -> Self {
        Self {
            places: Vec::new(),
            seen: vec![Place::new(level, code)],
        }
    }

    /// The places that a commune is part of. `parent` is the city of an arrondissement.
    pub(crate) fn commune(site: &Site<'_>, commune: &Commune, parent: Option<&Commune>) -> Self {
        let geography = site.geography;
        let mut around = Self::of(Level::Commune, &commune.code);
        if site.summary(Level::Commune, &commune.code).is_none() {
            return around;
        }
        if let Some(city) = parent {
            let name = names::commune(city);
            around.add(
                site,
                Level::Commune,
                &city.code,
                &name,
                names::at_commune(city),
                &city.full_of(),
            );
        }
        if let Some(epci) = commune
            .epci
            .as_deref()
            .and_then(|code| geography.epci(code))
        {
            let (name, within) = names::epci(epci);
            around.add(
                site,
                Level::Epci,
                &epci.code,
                &name,
                within,
                "de l’intercommunalité",
            );
        }
        around.add_departement(site, &commune.departement);
        around.add_region(site, &commune.region);
        around.add_france(site);
        around
    }

    /// The places that a département is part of.
    pub(crate) fn departement(site: &Site<'_>, departement: &Departement) -> Self {
        let mut around = Self::of(Level::Departement, &departement.code);
        around.add_region(site, &departement.region);
        around.add_france(site);
        around
    }

    /// The place that a région is part of.
    pub(crate) fn region(site: &Site<'_>, code: &str) -> Self {
        let mut around = Self::of(Level::Region, code);
        around.add_france(site);
        around
    }

    /// The places that an EPCI is part of: `departement` where it lies in one only.
    pub(crate) fn epci(
        site: &Site<'_>,
        code: &str,
        departement: Option<&str>,
        region: Option<&str>,
    ) -> Self {
        let mut around = Self::of(Level::Epci, code);
        if let Some(code) = departement {
            around.add_departement(site, code);
        }
        if let Some(code) = region {
            around.add_region(site, code);
        }
        around.add_france(site);
        around
    }

    /// The narrowest place whose figures stand beside the own ones: an EPCI is for places without a price.
    pub(crate) fn first(&self) -> Option<&WiderPlace> {
        self.places.iter().find(|place| place.level != Level::Epci)
    }

    fn add_departement(&mut self, site: &Site<'_>, code: &str) {
        if let Some(departement) = site.geography.departement(code) {
            let within = names::in_departement(departement);
            self.add(
                site,
                Level::Departement,
                code,
                &departement.name,
                within,
                &departement.full_of(),
            );
        }
    }

    fn add_region(&mut self, site: &Site<'_>, code: &str) {
        if let Some(region) = site.geography.region(code) {
            let within = names::in_region(region);
            self.add(
                site,
                Level::Region,
                code,
                &region.name,
                within,
                &format!("de la région {}", region.name),
            );
        }
    }

    fn add_france(&mut self, site: &Site<'_>) {
        let france = Place::france();
        self.add(
            site,
            france.level,
            &france.code,
            "France",
            "en France".into(),
            "de la France",
        );
    }

    /// A place, where it has figures of its own and is not the page's or the one before under another name, as Paris is.
    fn add(
        &mut self,
        site: &Site<'_>,
        level: Level,
        code: &str,
        name: &str,
        within: String,
        of: &str,
    ) {
        let Some(summary) = site.summary(level, code) else {
            return;
        };
        let place = Place::new(level, code);
        let is_seen = self
            .seen
            .iter()
            .any(|seen| site.geography.are_one_territory(seen, &place));
        if !summary.coverage.is_representative() || is_seen {
            return;
        }
        self.seen.push(place);
        let [appartement, maison] = medians(summary);
        let series = summary.quarterly.as_ref();
        self.places.push(WiderPlace {
            level,
            name: french::name(name),
            within,
            against: french::to(&french::name(of)),
            path: path::of_place(level, code),
            appartement,
            maison,
            appartement_series: series
                .map(|series| series.appartement.clone())
                .unwrap_or_default(),
            maison_series: series
                .map(|series| series.maison.clone())
                .unwrap_or_default(),
        });
    }
}

impl WiderPlace {
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
