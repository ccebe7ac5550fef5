//! Where the files of the site stand: what paths are written by, and read by.

use crate::base::place::Level;
use crate::config::Encoding;

/// Where the files of one kind stand: a path within the site, with `*` in the place of a code, a number or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathPattern(&'static str);

/// The home page.
pub const HOME: PathPattern = PathPattern("index.html");
/// The page that the search field leads to.
pub const COMMUNES: PathPattern = PathPattern("communes/index.html");
/// The communes whose names begin with two letters.
pub const COMMUNE_LIST: PathPattern = PathPattern("communes/*/index.html");
/// What the search field finds by some letters.
pub const SEARCH: PathPattern = PathPattern("data/recherche/*.json");
/// Where the communes of a degree each way lie.
pub const CENTRES: PathPattern = PathPattern("data/centres/*.json");
/// The search field, for browsers.
pub const OPEN_SEARCH: PathPattern = PathPattern("opensearch.xml");
/// The card of a commune, for pages of other sites.
pub const EMBED: PathPattern = PathPattern("embed/index.html");
/// Places side by side.
pub const COMPARE: PathPattern = PathPattern("comparer/index.html");
/// The page of the country.
pub const FRANCE: PathPattern = PathPattern("france/index.html");
/// The page that explains the method.
pub const METHOD: PathPattern = PathPattern("methodologie/index.html");
/// The legal notice.
pub const LEGAL: PathPattern = PathPattern("mentions-legales/index.html");
/// What is shown where there is nothing.
pub const NOT_FOUND: PathPattern = PathPattern("404.html");
/// The page of a région.
pub const REGION: PathPattern = PathPattern("region/*/index.html");
/// The page of a département.
pub const DEPARTEMENT: PathPattern = PathPattern("departement/*/index.html");
/// The page of an EPCI.
pub const EPCI: PathPattern = PathPattern("epci/*/index.html");
/// The page of a commune, of a city with arrondissements, or of an arrondissement.
pub const COMMUNE: PathPattern = PathPattern("ville/*/index.html");
/// The figures of a commune for programs.
pub const COMMUNE_DATA: PathPattern = PathPattern("data/villes/*.json");
/// What indicators mean, where any are known.
pub const INDICATORS: PathPattern = PathPattern("data/indicateurs.json");
/// Recent sales of a commune, where a site publishes them.
pub const RECENT_SALES: PathPattern = PathPattern("data/ventes/*.json");
/// The figures of an EPCI for programs.
pub const EPCI_DATA: PathPattern = PathPattern("data/epci/*.json");
/// The figures of a département.
pub const DEPARTEMENT_DATA: PathPattern = PathPattern("data/departement/*.json");
/// The figures of a région.
pub const REGION_DATA: PathPattern = PathPattern("data/region/*.json");
/// The figures of the country.
pub const FRANCE_DATA: PathPattern = PathPattern("data/france.json");
/// What the estimator knows of a département.
pub const ESTIMATOR_DATA: PathPattern = PathPattern("data/estimateur/*.json");
/// The quarterly indices of a département and its EPCI, or of France and its régions.
pub const INDEX_DATA: PathPattern = PathPattern("data/indices/*.json");
/// The JSON Schemas of the data files.
pub const SCHEMA: PathPattern = PathPattern("schemas/*.schema.json");
/// The contours of the communes of a département.
pub const DEPARTEMENT_MAP: PathPattern = PathPattern("data/cartes/*.svg");
/// The picture of a place, for social networks.
pub const PICTURE: PathPattern = PathPattern("images/*.png");
/// The communes of a département as a table.
pub const DEPARTEMENT_TABLE: PathPattern = PathPattern("data/departement/*.csv");
/// All communes as a table.
pub const NATIONAL_TABLE: PathPattern = PathPattern("data/communes.csv");
/// The table of all communes for programs that read Parquet.
pub const NATIONAL_PARQUET: PathPattern = PathPattern("data/communes.parquet");
/// The series of all places.
pub const SERIES: PathPattern = PathPattern("data/series.parquet");
/// The page that says what there is to take away.
pub const DATA: PathPattern = PathPattern("data/index.html");
/// The data files as an interface.
pub const OPEN_API: PathPattern = PathPattern("data/openapi.json");
/// The tables for catalogues of data.
pub const DATA_PACKAGE: PathPattern = PathPattern("data/datapackage.json");
/// What the site is, for language models.
pub const LLMS: PathPattern = PathPattern("llms.txt");
/// The publications that the site rests on, as a feed.
pub const FEED: PathPattern = PathPattern("atom.xml");
/// The releases that concern a département, as a feed.
pub const DEPARTEMENT_FEED: PathPattern = PathPattern("departement/*/atom.xml");
/// An asset of the theme.
pub const ASSET: PathPattern = PathPattern("assets/*");
/// What crawlers are told.
pub const ROBOTS: PathPattern = PathPattern("robots.txt");
/// What search engines ask for: the one sitemap, or the list of several.
pub const SITEMAP: PathPattern = PathPattern("sitemap.xml");
/// The one sitemap, or each of several.
pub const SITEMAPS: PathPattern = PathPattern("sitemap*.xml");
/// What stays of a release: its name and a code of département.
pub const ARCHIVE: PathPattern = PathPattern("archive/*.json");
/// The releases that stay.
pub const ARCHIVE_INDEX: PathPattern = PathPattern("archive/index.json");
/// The headers that hosts send, for hosts that read them there.
pub const HEADERS: PathPattern = PathPattern("_headers");
/// The operator's page.
pub const ADMIN: PathPattern = PathPattern("admin/index.html");
/// What monitoring reads.
pub const HEALTH: PathPattern = PathPattern("api/health.json");
/// The versions of the site.
pub const VERSION: PathPattern = PathPattern("version.json");

impl PathPattern {
    /// The pattern itself, which is the path of a file that is alone of its kind.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The path of the file with a code.
    pub fn path(self, code: &str) -> String {
        self.0.replace('*', code)
    }

    /// The address of the file with a code, within the site: a page is reached by its folder.
    pub fn address(self, code: &str) -> String {
        let mut path = self.path(code);
        if let Some(folder) = path.strip_suffix("index.html") {
            path.truncate(folder.len());
        }
        path
    }

    /// What stands in the place of `*` in a path, nothing if the pattern has none; `None` for a path of another kind.
    pub fn code(self, path: &str) -> Option<&str> {
        match self.0.split_once('*') {
            Some((before, after)) => path.strip_prefix(before)?.strip_suffix(after),
            None => (path == self.0).then_some(""),
        }
    }
}

/// The pages of places, by their level.
const PLACES: [(Level, PathPattern); 5] = [
    (Level::Commune, COMMUNE),
    (Level::Epci, EPCI),
    (Level::Departement, DEPARTEMENT),
    (Level::Region, REGION),
    (Level::Pays, FRANCE),
];

/// The address of the page of a place; `None` where places of its level have none.
pub(super) fn of_place(level: Level, code: &str) -> Option<String> {
    let (_, pattern) = PLACES.into_iter().find(|(other, _)| *other == level)?;
    Some(pattern.address(code))
}

/// The commune that a file of the site is about, compressed or not; `None` for all other files.
pub fn city_of(path: &str) -> Option<&str> {
    let (path, _) = Encoding::of(path);
    let mut patterns = [COMMUNE, COMMUNE_DATA, RECENT_SALES].into_iter();
    patterns.find_map(|pattern| pattern.code(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_where_it_was_written() {
        assert_eq!(COMMUNE.path("83137"), "ville/83137/index.html");
        assert_eq!(COMMUNE.address("83137"), "ville/83137/");
        assert_eq!(HOME.address(""), "");
        assert_eq!(COMMUNE_DATA.address("2A004"), "data/villes/2A004.json");
        assert_eq!(COMMUNE.code("ville/83137/index.html"), Some("83137"));
        assert_eq!(ASSET.code("assets/fonts/a.woff2"), Some("fonts/a.woff2"));
        assert_eq!(HOME.code("index.html"), Some(""));
        for other in ["ville/83137/", "data/villes/83137.json", "index.html"] {
            assert_eq!(COMMUNE.code(other), None, "{other}");
        }
    }

    #[test]
    fn a_commune_has_a_page_and_a_data_file() {
        for path in [
            "ville/83137/index.html",
            "ville/83137/index.html.gz",
            "data/villes/83137.json",
            "data/villes/83137.json.zst",
            "data/ventes/83137.json",
        ] {
            assert_eq!(city_of(path), Some("83137"), "{path}");
        }
        assert_eq!(city_of("departement/83/index.html"), None);
    }
}
