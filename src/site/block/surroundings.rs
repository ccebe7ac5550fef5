//! The median of the EPCI, as the EPCI's, where a commune has neither a price nor an estimate.

use serde::Serialize;

use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::{Site, names, path};
use crate::stats::{self, Headline};

/// `page.surroundings` in the templates.
#[derive(Serialize)]
pub(crate) struct Surroundings {
    /// "dans la communauté de communes du Pays Houdanais"
    within: String,
    path: Option<String>,
    /// Medians of flats and of houses, €/m², to the ten euros; `None` where the commune has a price of its own.
    appartement: Option<u32>,
    maison: Option<u32>,
}

impl Surroundings {
    /// Those of a commune; `None` where it needs none, or the EPCI has no median, or files cover less than half of it.
    pub(crate) fn new(site: &Site<'_>, commune: &Commune) -> Option<Self> {
        let own = site.summary(Level::Commune, &commune.code)?;
        let epci = site.geography.epci(commune.epci.as_deref()?)?;
        let summary = site.summary(Level::Epci, &epci.code)?;
        if !summary.coverage.is_representative() {
            return None;
        }
        let median = |own: Option<Headline>, estimate: Option<u32>, epci: Option<Headline>| {
            let is_priced = estimate.or(own.and_then(|own| own.median)).is_some();
            let median = epci.filter(|_| !is_priced)?.median?;
            Some(stats::to_ten(median))
        };
        let appartement = median(
            own.appartement,
            own.appartement_estimate,
            summary.appartement,
        );
        let maison = median(own.maison, own.maison_estimate, summary.maison);
        let (_, within) = names::epci(epci);
        (appartement.is_some() || maison.is_some()).then(|| Self {
            within,
            path: path::of_place(Level::Epci, &epci.code),
            appartement,
            maison,
        })
    }
}
