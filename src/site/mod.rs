//! Figures to files: every page and data file of the site, each with the key that says whether it must be made again.
//!
//! [`Site::plan`] lists all paths with their keys, [`Site::render`] makes one file. A key is the hash of everything that
//! the file is made of: what it shows, its theme, this module's own source. So two files with one key are the same to
//! the byte, and nothing here reads a clock.
//!
//! `route/` holds the table of all kinds of files, and one file for each kind of page.
//!
//! ```
//! use immostats::{config::Config, intake::cog, site::{Atlas, Site}};
//!
//! let (config, geography, atlas) = (Config::default(), cog::embedded()?, Atlas::default());
//! let site = Site::new(&config, &geography, &atlas, None)?;
//! let plan = site.plan();
//! let home = plan.iter().find(|file| file.path == "index.html").expect("every site has one");
//! assert!(site.render(home)?.starts_with(b"<!DOCTYPE html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod around;
mod atlas;
mod block;
mod chart;
mod city_change;
mod document;
mod drawn;
mod error;
mod estimator;
mod export;
mod filters;
mod frame;
mod french;
mod headers;
mod homes;
mod indicators;
mod living_cells;
mod long_table;
mod maker;
mod map;
mod names;
mod neighbourhood;
mod open_data;
pub mod operator;
pub mod path;
mod picture;
mod plan;
mod releases;
mod remarks;
mod route;
mod search;
mod table;
#[cfg(test)]
mod tests;
mod theme;
mod typography;
mod variables;
mod variants;
mod wider;

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

pub use archive::Frozen;
pub use atlas::{Atlas, Entry, OperatorNote};
pub use city_change::CityChange;
pub use drawn::{DrawingStyle, apart, drawings, has_drawings, side_by_side};
pub use error::SiteError;
pub use export::{CommuneTable, ExportColumn, ExportKind};
pub(crate) use filters::register as register_filters;
pub use headers::HeaderRule;
pub use path::city_of;
pub use plan::Planned;
pub use releases::Releases;
pub use route::{UploadStep, header_rules, is_purged, upload_step};
pub use theme::{built_in_file, built_in_files, own_files};
pub use variables::{Variable, template_variables};

use crate::base::digest;
use crate::base::month::Month;
use crate::base::place::Level;
use crate::config::{Config, Encoding};
use crate::geo::{Commune, Departement, Epci, Geography, Region, main_departement, sort_key};
use crate::stats::Summary;
use block::absence::Absence;
use indicators::ShownIndicator;
use living_cells::SharedLiving;
use neighbourhood::Neighbourhood;
use search::SearchIndex;
use theme::Theme;
use wider::WiderPlaces;

/// Addresses that one sitemap may hold (sitemaps.org).
const SITEMAP_LIMIT: usize = 50_000;

/// The site of one state of the figures, the configuration and the templates.
pub struct Site<'a> {
    config: &'a Config,
    geography: &'a Geography,
    atlas: &'a Atlas,
    theme: Theme,
    /// Places that have a page, by code.
    communes: Vec<&'a Commune>,
    departements: Vec<&'a Departement>,
    regions: Vec<&'a Region>,
    /// The EPCI of France by code, each after the département that most of its communes lie in.
    epcis: Vec<(&'a str, &'a Epci)>,
    neighbourhood: Neighbourhood<'a>,
    wider: WiderPlaces,
    indicators: Vec<ShownIndicator<'a>>,
    /// Stands for all of the program that files come through.
    renderer: blake3::Hash,
    sitemap_limit: usize,
    /// Made when it is first asked for.
    search: OnceLock<SearchIndex<'a>>,
    /// As well.
    living: OnceLock<SharedLiving>,
}

impl<'a> Site<'a> {
    /// Prepares the site: loads the templates, finds which places get a page.
    ///
    /// Communes with figures get one, and those of the départements that DVF never covers (57, 67, 68, 976), which say
    /// so; `site.departements` of the configuration narrows both.
    ///
    /// # Errors
    /// A template that cannot be read or does not parse, figures that are not those of [`crate::stats`], figures of a
    /// commune that the geography does not know, a département in the configuration that does not exist.
    pub fn new(
        config: &'a Config,
        geography: &'a Geography,
        atlas: &'a Atlas,
        templates_dir: Option<&Path>,
    ) -> Result<Self, SiteError> {
        check_departements(config, geography)?;
        let mut codes = atlas.communes().map(|(code, _)| code);
        if let Some(code) = codes.find(|code| geography.commune(code).is_none()) {
            return Err(SiteError::UnknownCommune { code: code.into() });
        }
        let wanted = |commune: &&Commune| {
            let chosen = &config.site.departements;
            (chosen.is_empty() || chosen.contains(&commune.departement))
                && (Absence::of(&commune.departement).is_some()
                    || atlas.get(Level::Commune, &commune.code).is_some())
        };
        let communes: Vec<_> = geography.communes().iter().filter(wanted).collect();
        let departements: Vec<_> = geography
            .departements()
            .iter()
            .filter(|departement| communes_of(&communes, &departement.code).next().is_some())
            .collect();
        let regions = geography
            .regions()
            .iter()
            .filter(|region| departements.iter().any(|d| d.region == region.code))
            .collect();
        Ok(Self {
            config,
            geography,
            atlas,
            theme: Theme::load(templates_dir, config)?,
            neighbourhood: Neighbourhood::new(&communes, atlas),
            wider: WiderPlaces::new(geography, atlas)?,
            indicators: indicators::shown(config, atlas),
            communes,
            departements,
            regions,
            epcis: with_main_departements(geography),
            renderer: digest::pages(),
            sitemap_limit: SITEMAP_LIMIT,
            search: OnceLock::new(),
            living: OnceLock::new(),
        })
    }

    /// Communes whose sales go up to a month.
    pub fn cities_up_to(&self, month: Month) -> u64 {
        let communes = self.atlas.communes();
        communes
            .filter(|(_, entry)| entry.summary.coverage.to == month)
            .count() as u64
    }

    /// The codes of the communes that have a page.
    fn commune_codes(&self) -> Vec<Cow<'_, str>> {
        let communes = self.communes.iter();
        communes
            .map(|commune| commune.code.as_str().into())
            .collect()
    }

    /// The codes of the départements that have a page and for which something holds.
    fn departement_codes(&self, holds: impl Fn(&str) -> bool) -> Vec<Cow<'_, str>> {
        let codes = self.departements.iter();
        let codes = codes.map(|departement| departement.code.as_str());
        codes
            .filter(|code| holds(code))
            .map(Cow::Borrowed)
            .collect()
    }

    /// Whether a commune has a page.
    fn has_page(&self, commune: &Commune) -> bool {
        let found = self
            .communes
            .binary_search_by(|page| page.code.cmp(&commune.code));
        found.is_ok()
    }

    /// The départements of a région that have a page, by name.
    fn departements_of(&self, region: &Region) -> impl Iterator<Item = &'a Departement> {
        let mut departements: Vec<_> = self
            .departements
            .iter()
            .copied()
            .filter(|departement| departement.region == region.code)
            .collect();
        departements.sort_by_cached_key(|departement| sort_key(&departement.name));
        departements.into_iter()
    }

    /// The EPCI of which most communes lie in a département, by code.
    fn epcis_mainly_in(&self, departement: &str) -> impl Iterator<Item = &'a Epci> {
        let epcis = self.epcis.iter();
        epcis
            .filter(move |(main, _)| *main == departement)
            .map(|(_, epci)| *epci)
    }

    /// What the search field finds.
    fn search(&self) -> &SearchIndex<'a> {
        self.search.get_or_init(|| {
            SearchIndex::new(
                self.geography,
                self.atlas,
                &self.communes,
                &self.departements,
                &self.regions,
            )
        })
    }

    /// Whether there is a picture of the commune or the département of a code: of those with a price of their own, the communes
    /// of less inhabitants than the configuration asks for left out.
    fn has_picture(&self, code: &str) -> bool {
        let summary = match self.geography.departement(code) {
            Some(_) => self
                .summary(Level::Departement, code)
                .filter(|summary| summary.coverage.is_representative()),
            None => {
                let commune = self.geography.commune(code);
                let population = commune.and_then(|commune| commune.population);
                let least = self.config.site.pictures_from;
                population
                    .filter(|population| *population >= least)
                    .and_then(|_| self.summary(Level::Commune, code))
            }
        };
        summary.is_some_and(Summary::has_price)
    }

    /// The few figures of a place that other places' pages show.
    fn summary(&self, level: Level, code: &str) -> Option<&'a Summary> {
        self.entry(level, code).map(|entry| &entry.summary)
    }

    fn entry(&self, level: Level, code: &str) -> Option<&'a Entry> {
        self.atlas.get(level, code)
    }

    /// All that is known of a place whose file is asked for.
    fn known_entry(&self, level: Level, code: &str) -> Result<&'a Entry, SiteError> {
        let entry = self.entry(level, code);
        entry.ok_or_else(|| SiteError::NoPage { code: code.into() })
    }
}

/// All EPCI, each after the département that most of its communes lie in.
fn with_main_departements(geography: &Geography) -> Vec<(&str, &Epci)> {
    let epcis = geography.epcis().iter();
    let epcis = epcis.filter_map(|epci| {
        let members = epci.members.iter();
        let communes = members.filter_map(|code| geography.commune(code));
        Some((main_departement(communes)?, epci))
    });
    epcis.collect()
}

/// Stands for the part of the program that turns figures into files: this room.
pub fn renderer_digest() -> blake3::Hash {
    digest::SITE.digest()
}

/// Stands for the templates and the assets.
///
/// # Errors
/// A template that cannot be read or does not parse.
pub fn templates_digest(
    config: &Config,
    templates_dir: Option<&Path>,
) -> Result<blake3::Hash, SiteError> {
    Ok(Theme::load(templates_dir, config)?.files)
}

/// Whether the départements that the configuration chooses exist.
///
/// # Errors
/// When one does not.
pub fn check_departements(config: &Config, geography: &Geography) -> Result<(), SiteError> {
    let mut chosen = config.site.departements.iter();
    match chosen.find(|code| geography.departement(code).is_none()) {
        Some(code) => Err(SiteError::UnknownDepartement { code: code.clone() }),
        None => Ok(()),
    }
}

/// The communes of a département in a list sorted by code: their codes begin with its own.
fn communes_of<'s, 'a>(
    communes: &'s [&'a Commune],
    departement: &'s str,
) -> impl Iterator<Item = &'a Commune> + use<'s, 'a> {
    let start = communes.partition_point(|commune| commune.code.as_str() < departement);
    communes[start..]
        .iter()
        .copied()
        .take_while(move |commune| commune.code.starts_with(departement))
        .filter(move |commune| commune.departement == departement)
}
