//! What each page shows, gathered from the geography, the configuration and the figures of other places.

use super::city::City;
use super::pages::{Absence, Area, Commune, Facts, Frame, Home, Kind, Link, Row, Sheet};
use super::releases::News;
use super::{
    Content, Entry, Site, SiteError, communes_of, departement_link, french, pages, region_link,
};
use crate::base::place::{Level, Place};
use crate::geo::{self, CommuneKind, Departement, Region, sort_key};
use crate::stats::Summary;

impl Sheet<'_> {
    /// Adds everything that the page is made of.
    pub(super) fn hash(&self, hasher: &mut blake3::Hasher) -> Result<(), SiteError> {
        let mut text = Vec::with_capacity(2048);
        serde_json::to_writer(&mut text, &(self.template, &self.frame, &self.facts))
            .map_err(SiteError::Context)?;
        hasher.update(blake3::hash(&text).as_bytes());
        if let Some(entry) = self.entry {
            entry.hash(hasher);
        }
        Ok(())
    }
}

impl<'a> Site<'a> {
    /// What a page is made of; `None` for files that no template makes.
    pub(super) fn sheet(&self, content: Content<'a>) -> Option<Sheet<'a>> {
        let sheet = match content {
            Content::Home => self.home(),
            Content::Method => Sheet {
                template: "method.html",
                frame: self.frame("methodologie/", Vec::new(), None),
                facts: Facts::Method(self.atlas.releases.method(self.geography)),
                entry: None,
            },
            Content::NotFound => Sheet {
                template: "404.html",
                frame: Frame {
                    // This page is shown at any address, so that its links cannot be relative.
                    root: self.base_path(),
                    ..self.frame("", Vec::new(), None)
                },
                facts: Facts::Nothing,
                entry: None,
            },
            Content::Commune(commune) => self.commune(commune),
            Content::Departement(departement) => self.departement(departement),
            Content::Region(region) => self.region(region),
            Content::SitemapIndex => self.sitemap_index(),
            Content::Sitemap(part) => self.sitemap(part),
            Content::City(_)
            | Content::Robots
            | Content::Headers
            | Content::Schema
            | Content::Asset => return None,
        };
        Some(sheet)
    }

    /// The data file of a commune.
    pub(super) fn city(&self, commune: &'a geo::Commune) -> City<'a> {
        let geography = self.geography;
        let area = |code: &'a str, name: &'a str| super::city::Area { code, name };
        let parent = commune
            .parent
            .as_deref()
            .and_then(|code| geography.commune(code));
        let departement = geography.departement(&commune.departement);
        let region = geography.region(&commune.region);
        let epci = commune
            .epci
            .as_deref()
            .and_then(|code| geography.epci(code));
        City {
            code: &commune.code,
            name: &commune.name,
            kind: self.kind(commune),
            parent: parent.map(|city| area(&city.code, &city.name)),
            departement: departement.map(|departement| area(&departement.code, &departement.name)),
            region: region.map(|region| area(&region.code, &region.name)),
            epci: epci.map(|epci| area(&epci.code, &epci.name)),
            population: commune.population,
            postal_codes: &commune.postal_codes,
            last_release: self.atlas.releases.news(&commune.code),
            notes: self.notes(commune),
            entry: self.entry(Level::Commune, &commune.code),
        }
    }

    fn commune(&self, commune: &'a geo::Commune) -> Sheet<'a> {
        let geography = self.geography;
        let code = &commune.code;
        let departement = geography.departement(&commune.departement);
        let region = geography.region(&commune.region);
        let parent = commune
            .parent
            .as_deref()
            .and_then(|code| geography.commune(code));
        let parent = parent.filter(|city| self.has_page(city));

        let mut trail: Vec<_> = region.map(region_link).into_iter().collect();
        trail.extend(departement.map(departement_link));
        trail.extend(parent.map(commune_link));

        let mut parts: Vec<_> = geography
            .children_of_city(code)
            .into_iter()
            .filter(|part| self.has_page(part))
            .collect();
        parts.sort_by_cached_key(|part| (sort_key(&part.name), part.code.clone()));
        let parts = parts
            .into_iter()
            .map(|part| self.commune_row(part))
            .collect();

        let facts = Commune {
            code,
            name: french::name(&commune.name),
            at: french::at(&commune.name),
            kind: self.kind(commune),
            departement: departement.map_or_else(
                || Link::new(&commune.departement, String::new()),
                departement_link,
            ),
            departement_code: &commune.departement,
            population: commune.population,
            postal_codes: &commune.postal_codes,
            absence: Absence::of(&commune.departement),
            parent: parent.map(commune_link),
            parts,
            comparison: self.comparison(commune, parent, departement, region),
            news: self.atlas.releases.news(code).map(News::sentence),
            notes: self.notes(commune),
        };
        Sheet {
            template: "commune.html",
            frame: self.frame(
                &commune_link(commune).path,
                trail,
                self.summary(Level::Commune, code),
            ),
            facts: Facts::Commune(Box::new(facts)),
            entry: self.entry(Level::Commune, code),
        }
    }

    /// The commune and the wider places it is part of, those that have figures.
    fn comparison(
        &self,
        commune: &geo::Commune,
        parent: Option<&geo::Commune>,
        departement: Option<&Departement>,
        region: Option<&Region>,
    ) -> Vec<Row> {
        let Some(own) = self.summary(Level::Commune, &commune.code) else {
            return Vec::new();
        };
        let mut rows = vec![Row::new(&commune.name, None, Some(own))];
        let mut add = |level, code: &str, name: &str, path| {
            if let Some(summary) = self.summary(level, code) {
                rows.push(Row::new(name, path, Some(summary)).rounded());
            }
        };
        if let Some(city) = parent {
            let path = commune_link(city).path;
            add(Level::Commune, &city.code, &city.name, Some(path));
        }
        if let Some(epci) = commune
            .epci
            .as_deref()
            .and_then(|code| self.geography.epci(code))
        {
            add(Level::Epci, &epci.code, &epci.name, None);
        }
        if let Some(departement) = departement {
            let link = departement_link(departement);
            add(
                Level::Departement,
                &departement.code,
                &departement.name,
                Some(link.path),
            );
        }
        if let Some(region) = region {
            add(
                Level::Region,
                &region.code,
                &region.name,
                Some(region_link(region).path),
            );
        }
        let france = Place::france();
        add(france.level, &france.code, "France", Some(String::new()));
        rows
    }

    fn departement(&self, departement: &'a Departement) -> Sheet<'a> {
        let code = &departement.code;
        let mut communes: Vec<_> = communes_of(&self.communes, code).collect();
        communes.sort_by_cached_key(|commune| (sort_key(&commune.name), commune.code.clone()));
        let region = self.geography.region(&departement.region);
        let facts = Area {
            code,
            name: french::name(&departement.name),
            of: french::name(&departement.full_of()),
            absence: Absence::of(code),
            left_out: Vec::new(),
            rows: communes
                .into_iter()
                .map(|commune| self.commune_row(commune))
                .collect(),
            notes: self.notes_on(&[code]),
        };
        Sheet {
            template: "departement.html",
            frame: self.frame(
                &departement_link(departement).path,
                region.map(region_link).into_iter().collect(),
                self.summary(Level::Departement, code),
            ),
            facts: Facts::Area(facts),
            entry: self.entry(Level::Departement, code),
        }
    }

    fn region(&self, region: &'a Region) -> Sheet<'a> {
        let code = &region.code;
        let rows = self.departements_of(region).map(|departement| {
            Row::counted(
                &departement.name,
                Some(departement_link(departement).path),
                self.summary(Level::Departement, &departement.code),
            )
        });
        let all = self.geography.departements().iter();
        let left_out = all.filter(|departement| {
            departement.region == *code && Absence::of(&departement.code).is_some()
        });
        let facts = Area {
            code,
            name: french::name(&region.name),
            of: french::name(&region.full_of()),
            absence: None,
            left_out: left_out
                .map(|departement| french::name(&departement.name))
                .collect(),
            rows: rows.collect(),
            notes: Vec::new(),
        };
        Sheet {
            template: "region.html",
            frame: self.frame(
                &region_link(region).path,
                Vec::new(),
                self.summary(Level::Region, code),
            ),
            facts: Facts::Area(facts),
            entry: self.entry(Level::Region, code),
        }
    }

    fn home(&self) -> Sheet<'a> {
        let mut regions: Vec<_> = self.regions.iter().collect();
        regions.sort_by_cached_key(|region| (sort_key(&region.name), region.code.clone()));
        let regions = regions.into_iter().map(|region| pages::Region {
            link: region_link(region),
            departements: self
                .departements_of(region)
                .map(|departement| pages::Departement {
                    link: departement_link(departement),
                    absent: Absence::of(&departement.code).is_some(),
                })
                .collect(),
        });
        let with_figures = self
            .communes
            .iter()
            .filter(|commune| self.summary(Level::Commune, &commune.code).is_some());
        let france = Place::france();
        Sheet {
            template: "home.html",
            frame: self.frame("", Vec::new(), None),
            facts: Facts::Home(Home {
                regions: regions.collect(),
                communes: with_figures.count(),
            }),
            entry: self.entry(france.level, &france.code),
        }
    }

    pub(super) fn frame(&self, path: &str, trail: Vec<Link>, summary: Option<&Summary>) -> Frame {
        let france = Place::france();
        let summary = summary.or_else(|| self.summary(france.level, &france.code));
        let depth = path.matches('/').count();
        Frame {
            path: path.into(),
            root: if depth == 0 {
                "./".into()
            } else {
                "../".repeat(depth)
            },
            trail,
            until: summary.map(|summary| summary.coverage.to.clone()),
        }
    }

    /// The path of the site's address, with a slash at both ends.
    fn base_path(&self) -> String {
        let address = &self.config.site.address;
        let host = address
            .split_once("://")
            .map_or(address.as_str(), |(_, rest)| rest);
        let path = host.split_once('/').map_or("", |(_, path)| path);
        let mut base = String::from("/");
        if !path.is_empty() {
            base.push_str(path);
            base.push('/');
        }
        base
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

    fn commune_row(&self, commune: &geo::Commune) -> Row {
        Row::counted(
            &commune.name,
            Some(commune_link(commune).path),
            self.summary(Level::Commune, &commune.code),
        )
    }

    fn has_page(&self, commune: &geo::Commune) -> bool {
        let found = self
            .communes
            .binary_search_by(|page| page.code.cmp(&commune.code));
        found.is_ok()
    }

    fn kind(&self, commune: &geo::Commune) -> Kind {
        match commune.kind {
            CommuneKind::Arrondissement => Kind::Arrondissement,
            CommuneKind::Commune
                if ["13055", "69123", "75056"].contains(&commune.code.as_str()) =>
            {
                Kind::Ville
            }
            CommuneKind::Commune => Kind::Commune,
        }
    }

    /// Notes on a commune, on the city of an arrondissement, or on their département.
    fn notes(&self, commune: &geo::Commune) -> Vec<&'a str> {
        let mut territories = vec![commune.code.as_str(), &commune.departement];
        territories.extend(commune.parent.as_deref());
        self.notes_on(&territories)
    }

    fn notes_on(&self, territories: &[&str]) -> Vec<&'a str> {
        let notes = self.config.notes.iter();
        notes
            .filter(|note| territories.contains(&note.territory.as_str()))
            .map(|note| note.text.as_str())
            .collect()
    }

    fn summary(&self, level: Level, code: &str) -> Option<&Summary> {
        self.entry(level, code).map(|entry| &entry.summary)
    }

    fn entry(&self, level: Level, code: &str) -> Option<&'a Entry> {
        self.atlas.get(level, code)
    }
}

pub(super) fn commune_link(commune: &geo::Commune) -> Link {
    Link::new(&commune.name, format!("ville/{}/", commune.code))
}
