//! The addresses of the site, for search engines; in several files where one may not hold them all.

use super::pages::{Facts, Frame, Sheet};
use super::sheets::commune_link;
use super::{Site, departement_link, region_link};

impl<'a> Site<'a> {
    /// How many sitemaps hold all addresses.
    pub(super) fn sitemaps(&self) -> usize {
        self.addresses().count().div_ceil(self.sitemap_limit)
    }

    /// The list of the sitemaps, where there are several.
    pub(super) fn sitemap_index(&self) -> Sheet<'a> {
        let parts = (1..=self.sitemaps()).map(|part| format!("sitemap-{part}.xml"));
        self.list("sitemap-index.xml", parts)
    }

    /// One sitemap, counted from 0.
    pub(super) fn sitemap(&self, part: usize) -> Sheet<'a> {
        let start = part * self.sitemap_limit;
        let addresses = self.addresses().skip(start).take(self.sitemap_limit);
        self.list("sitemap.xml", addresses)
    }

    fn list(&self, template: &'static str, paths: impl Iterator<Item = String>) -> Sheet<'a> {
        let address = &self.config.site.address;
        Sheet {
            template,
            frame: Frame {
                until: None,
                ..self.frame("", Vec::new(), None)
            },
            facts: Facts::Sitemap {
                addresses: paths.map(|path| format!("{address}/{path}")).collect(),
            },
            entry: None,
        }
    }

    /// Every page that is worth finding, in a fixed order.
    fn addresses(&self) -> impl Iterator<Item = String> {
        let regions = self.regions.iter();
        let departements = self.departements.iter();
        let communes = self.communes.iter();
        ["", "methodologie/"]
            .map(String::from)
            .into_iter()
            .chain(regions.map(|region| region_link(region).path))
            .chain(departements.map(|departement| departement_link(departement).path))
            .chain(communes.map(|commune| commune_link(commune).path))
    }
}
