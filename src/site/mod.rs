//! Figures to files: every page and data file of the site, each with the key that says whether it must be made again.
//!
//! [`Site::plan`] lists all paths with their keys, [`Site::render`] makes one file. A key is the hash of everything that
//! the file is made of: what it shows, its theme, this module's own source. So two files with one key are the same to
//! the byte, and nothing here reads a clock.
//!
//! ```
//! use immostats::{config::Config, geo::Geography, site::{Atlas, Site}};
//!
//! let (config, geography, atlas) = (Config::default(), Geography::embedded()?, Atlas::default());
//! let site = Site::new(&config, &geography, &atlas, None)?;
//! let plan = site.plan()?;
//! let home = plan.iter().find(|file| file.path == "index.html").expect("every site has one");
//! assert!(site.render(home)?.starts_with(b"<!doctype html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod atlas;
mod city;
mod error;
mod filters;
pub(crate) mod french;
mod headers;
mod pages;
mod releases;
mod renderer;
mod sheets;
mod sitemap;
#[cfg(test)]
mod tests;
mod theme;
mod variants;
mod view;

use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

pub use atlas::{Atlas, Entry};
pub use error::SiteError;
pub(crate) use filters::register as register_filters;
pub use headers::{HeaderRule, header_rules};
pub use releases::Releases;

use crate::base::place::Level;
use crate::config::{Config, Encoding};
use crate::geo::{Commune, Departement, Geography, Region};
use pages::{Absence, Facts, Frame, Link};
use theme::Theme;
use view::{FiguresView, PageFigures};

/// The JSON Schema of `data/villes/<code>.json`, published as `schemas/ville.schema.json`.
pub const CITY_SCHEMA: &str = include_str!("../../data/schemas/ville.schema.json");

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
    renderer: blake3::Hash,
    sitemap_limit: usize,
}

/// A file of the site.
#[derive(Clone, Debug)]
pub struct Planned<'a> {
    /// Where it stands in the site: `ville/83137/index.html`.
    pub path: String,
    /// Hash of everything it is made of. As long as it is the same, so is the file.
    pub key: blake3::Hash,
    content: Content<'a>,
    /// The encoding it is written in; `None` when it stands there as it is.
    encoding: Option<Encoding>,
}

/// What a file is.
#[derive(Clone, Copy, Debug)]
enum Content<'a> {
    Home,
    Method,
    NotFound,
    Commune(&'a Commune),
    City(&'a Commune),
    Departement(&'a Departement),
    Region(&'a Region),
    SitemapIndex,
    /// One of the sitemaps, counted from 0.
    Sitemap(usize),
    Robots,
    Headers,
    Schema,
    Asset,
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
        for code in &config.site.departements {
            if geography.departement(code).is_none() {
                return Err(SiteError::UnknownDepartement { code: code.clone() });
            }
        }
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
            communes,
            departements,
            regions,
            renderer: renderer::digest(),
            sitemap_limit: SITEMAP_LIMIT,
        })
    }

    /// Communes whose sales go up to a month, `2025-06`.
    pub fn cities_up_to(&self, month: &str) -> u64 {
        let communes = self.atlas.communes();
        communes
            .filter(|(_, entry)| entry.summary.coverage.to == month)
            .count() as u64
    }

    /// Every file of the site but those that carry the time of a run (`version.json`, `api/health.json`, `admin/`),
    /// sorted by path.
    ///
    /// # Errors
    /// What a page shows cannot be serialised: never with the types it is made of.
    pub fn plan(&self) -> Result<Vec<Planned<'a>>, SiteError> {
        let mut plan: Vec<_> = self
            .contents()
            .into_par_iter()
            .map(|(path, content)| {
                let key = self.key(&path, content)?;
                Ok(Planned {
                    path,
                    key,
                    content,
                    encoding: None,
                })
            })
            .collect::<Result<_, SiteError>>()?;
        variants::extend(&mut plan, &self.config.build.precompress);
        // The stable sort takes what is in order already as it is: nearly everything.
        plan.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(plan)
    }

    /// Makes one file of the plan.
    ///
    /// # Errors
    /// A template that fails on this page (its file and line are in the message), or figures that cannot be read.
    pub fn render(&self, planned: &Planned<'_>) -> Result<Vec<u8>, SiteError> {
        match planned.encoding {
            None => self.render_plain(&planned.path, planned.content),
            Some(encoding) => {
                let (path, _) = Encoding::of(&planned.path);
                variants::compress(&self.render_plain(path, planned.content)?, encoding)
            }
        }
    }

    fn render_plain(&self, path: &str, content: Content<'_>) -> Result<Vec<u8>, SiteError> {
        let sheet = match content {
            Content::City(commune) => return self.city(commune).render(),
            content => self.sheet(content),
        };
        let Some(sheet) = sheet else {
            return Ok(self.fixed(path, content));
        };
        let figures = match sheet.entry {
            Some(entry) => Some(FiguresView::from(entry.read::<PageFigures>(path)?)),
            None => None,
        };
        let context = Context {
            frame: &sheet.frame,
            page: &sheet.facts,
            figures,
        };
        self.theme.render(sheet.template, &context)
    }

    fn contents(&self) -> Vec<(String, Content<'a>)> {
        let mut contents = vec![
            ("index.html".into(), Content::Home),
            ("methodologie/index.html".into(), Content::Method),
            ("404.html".into(), Content::NotFound),
            ("robots.txt".into(), Content::Robots),
            ("_headers".into(), Content::Headers),
            ("schemas/ville.schema.json".into(), Content::Schema),
        ];
        for path in self.theme.assets.keys() {
            contents.push((path.clone(), Content::Asset));
        }
        for &commune in &self.communes {
            let path = format!("ville/{}/index.html", commune.code);
            contents.push((path, Content::Commune(commune)));
        }
        for &commune in &self.communes {
            let path = format!("data/villes/{}.json", commune.code);
            contents.push((path, Content::City(commune)));
        }
        for &departement in &self.departements {
            let path = format!("departement/{}/index.html", departement.code);
            contents.push((path, Content::Departement(departement)));
        }
        for &region in &self.regions {
            let path = format!("region/{}/index.html", region.code);
            contents.push((path, Content::Region(region)));
        }
        match self.sitemaps() {
            1 => contents.push(("sitemap.xml".into(), Content::Sitemap(0))),
            parts => {
                contents.push(("sitemap.xml".into(), Content::SitemapIndex));
                for part in 0..parts {
                    let path = format!("sitemap-{}.xml", part + 1);
                    contents.push((path, Content::Sitemap(part)));
                }
            }
        }
        contents
    }

    fn key(&self, path: &str, content: Content<'a>) -> Result<blake3::Hash, SiteError> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.renderer.as_bytes());
        hasher.update(blake3::hash(path.as_bytes()).as_bytes());
        if let Content::City(commune) = content {
            self.city(commune).hash(&mut hasher)?;
        } else if let Some(sheet) = self.sheet(content) {
            hasher.update(self.theme.digest.as_bytes());
            sheet.hash(&mut hasher)?;
        } else {
            hasher.update(&self.fixed(path, content));
        }
        Ok(hasher.finalize())
    }

    /// Files that no template makes.
    fn fixed(&self, path: &str, content: Content<'_>) -> Vec<u8> {
        match content {
            Content::Headers => headers::file().into_bytes(),
            Content::Schema => CITY_SCHEMA.into(),
            Content::Robots => {
                let address = &self.config.site.address;
                format!(
                    "User-agent: *\nAllow: /\nDisallow: /admin/\n\nSitemap: {address}/sitemap.xml\n"
                )
                .into_bytes()
            }
            // All others have a sheet.
            _ => self.theme.assets.get(path).cloned().unwrap_or_default(),
        }
    }
}

/// Digest of the templates, the assets and the program that renders them: what a page depends on besides what it shows.
///
/// # Errors
/// A template that cannot be read or does not parse.
pub fn templates_digest(
    config: &Config,
    templates_dir: Option<&Path>,
) -> Result<blake3::Hash, SiteError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(Theme::load(templates_dir, config)?.digest.as_bytes());
    hasher.update(renderer::digest().as_bytes());
    Ok(hasher.finalize())
}

/// The commune that a path of the site is about; `None` for all other pages.
pub fn city_of(path: &str) -> Option<&str> {
    let (path, _) = Encoding::of(path);
    match path.strip_prefix("ville/") {
        Some(page) => page.strip_suffix("/index.html"),
        None => path.strip_prefix("data/villes/")?.strip_suffix(".json"),
    }
}

/// What templates see, besides `site` and `assets`.
#[derive(Serialize)]
struct Context<'s> {
    #[serde(flatten)]
    frame: &'s Frame,
    page: &'s Facts<'s>,
    figures: Option<FiguresView>,
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

/// The page of a région in a list of links.
fn region_link(region: &Region) -> Link {
    Link::new(&region.name, format!("region/{}/", region.code))
}

/// The page of a département in a list of links.
fn departement_link(departement: &Departement) -> Link {
    Link::new(
        &departement.name,
        format!("departement/{}/", departement.code),
    )
}
