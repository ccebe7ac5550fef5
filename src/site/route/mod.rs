//! The table of routes: each kind of file of the site is one entry, which says where it stands, who makes it, and how it
//! comes to visitors. The files beside this one make the pages, one kind each.

mod commune;
mod data;
mod departement;
mod entry;
mod epci;
mod estimator;
mod feed;
mod france;
mod home;
mod indicators;
mod indices;
mod kept;
mod map;
mod open_data;
mod picture;
mod recent;
mod region;
mod search;
mod sitemap;
mod tables;
mod texts;

use std::sync::LazyLock;

use itertools::Itertools;

use super::document::{commune_schema, wider_schema};
use super::headers::{self, HeaderRule};
use super::maker::{Fixed, Maker, Templated};
use super::open_data::{
    DataSchema, FileFormat, OpenFile, OpenFiles, Parameter, data_package, open_api,
};
use super::path::{self, PathPattern};
use super::{Encoding, Site, table};
use crate::base::place::Level;
use commune::CommunePages;
use data::{CommuneData, WiderData};
use departement::DepartementPages;
use entry::Route;
pub use entry::UploadStep;
use epci::EpciPages;
use estimator::{EstimatorData, estimator_schema};
use feed::{DepartementFeeds, FranceFeed};
use france::FrancePage;
use home::HomePage;
use indicators::{IndicatorCatalogue, indicators_schema};
use indices::{IndexData, indices_schema};
use kept::Kept;
use map::DepartementMaps;
use open_data::{DataPage, LlmsText, Schemas};
use picture::Pictures;
use recent::{RecentSales, recent_sales_schema};
use region::RegionPages;
use search::{CommuneLists, CommunesPage};
use sitemap::{Address, SitemapIndex, Sitemaps};
use tables::{DepartementTables, NationalTable, SeriesTable};
use texts::{ComparePage, EmbedPage, LegalPage, MethodPage, NotFoundPage, OpenSearch};

const ASSETS: Kept = Kept {
    pattern: path::ASSET,
    files: |site| &site.theme.assets,
};

const SEARCH_FILES: Kept = Kept {
    pattern: path::SEARCH,
    files: |site| &site.search().files,
};

const CENTRE_FILES: Kept = Kept {
    pattern: path::CENTRES,
    files: |site| &site.search().files,
};

const WIDER_SCHEMA: DataSchema = DataSchema {
    name: "territoire",
    make: wider_schema,
};

/// Sitemaps, `_headers` and what describes the data files list routes in this order.
static ROUTES: [Route; 47] = [
    Route::page(path::HOME, &Templated(HomePage))
        .in_sitemaps()
        .headers(&headers::HOME),
    Route::page(path::FRANCE, &Templated(FrancePage))
        .in_sitemaps()
        .headers(&headers::pages("/france/*")),
    Route::page(path::METHOD, &Templated(MethodPage))
        .in_sitemaps()
        .headers(&headers::pages("/methodologie/*")),
    Route::page(path::LEGAL, &Templated(LegalPage)).headers(&headers::pages("/mentions-legales/*")),
    Route::page(path::COMMUNES, &Templated(CommunesPage)).headers(&headers::pages("/communes/*")),
    Route::page(path::COMMUNE_LIST, &Templated(CommuneLists)),
    Route::data(path::SEARCH, &SEARCH_FILES).headers(&headers::DATA),
    Route::data(path::CENTRES, &CENTRE_FILES).headers(&headers::DATA),
    Route::data(path::OPEN_SEARCH, &Templated(OpenSearch)),
    Route::page(path::DATA, &Templated(DataPage(open_files))).headers(&headers::DATA),
    Route::data(
        path::OPEN_API,
        &Fixed(|site| open_api(site, &open_files(site))),
    )
    .headers(&headers::DATA),
    Route::data(path::DATA_PACKAGE, &Fixed(data_package)).headers(&headers::DATA),
    Route::data(path::LLMS, &Templated(LlmsText(open_files))),
    Route::data(path::FEED, &Templated(FranceFeed)).headers(&headers::FEED),
    Route::data(path::DEPARTEMENT_FEED, &Templated(DepartementFeeds)),
    Route::page(path::COMPARE, &Templated(ComparePage)).headers(&headers::pages("/comparer/*")),
    Route::page(path::EMBED, &Templated(EmbedPage)).headers(&headers::EMBED),
    Route::page(path::NOT_FOUND, &Templated(NotFoundPage)),
    Route::page(path::REGION, &Templated(RegionPages))
        .in_sitemaps()
        .headers(&headers::pages("/region/*")),
    Route::page(path::DEPARTEMENT, &Templated(DepartementPages))
        .in_sitemaps()
        .headers(&headers::pages("/departement/*")),
    Route::page(path::EPCI, &Templated(EpciPages))
        .in_sitemaps()
        .headers(&headers::pages("/epci/*")),
    Route::open(
        path::NATIONAL_TABLE,
        &NationalTable(table::csv),
        &OpenFile {
            parameter: None,
            format: FileFormat::Csv,
            about: "Toutes les communes, une ligne chacune : prix avec bornes, ventes, estimation, évolution",
            schema: None,
        },
    ),
    Route::open(
        path::NATIONAL_PARQUET,
        &NationalTable(table::parquet),
        &OpenFile {
            parameter: None,
            format: FileFormat::Parquet,
            about: "Les mêmes lignes et colonnes",
            schema: None,
        },
    ),
    Route::open(
        path::DEPARTEMENT_TABLE,
        &DepartementTables,
        &OpenFile {
            parameter: Some(Parameter::DEPARTEMENT),
            format: FileFormat::Csv,
            about: "Les communes d’un département, dans les mêmes colonnes",
            schema: None,
        },
    ),
    Route::open(
        path::SERIES,
        &SeriesTable,
        &OpenFile {
            parameter: None,
            format: FileFormat::Parquet,
            about: "Séries annuelles, glissantes, indices et estimations de tous les territoires, une ligne par période",
            schema: None,
        },
    ),
    Route::open(
        path::COMMUNE_DATA,
        &CommuneData,
        &OpenFile {
            parameter: Some(Parameter::COMMUNE),
            format: FileFormat::Json,
            about: "Tous les chiffres d’une commune, d’un arrondissement ou d’une ville à arrondissements",
            schema: Some(DataSchema {
                name: "ville",
                make: commune_schema,
            }),
        },
    ),
    Route::open(
        path::EPCI_DATA,
        &WiderData(Level::Epci),
        &OpenFile {
            parameter: Some(Parameter::SIREN),
            format: FileFormat::Json,
            about: "Tous les chiffres d’une intercommunalité",
            schema: Some(WIDER_SCHEMA),
        },
    ),
    Route::open(
        path::DEPARTEMENT_DATA,
        &WiderData(Level::Departement),
        &OpenFile {
            parameter: Some(Parameter::DEPARTEMENT),
            format: FileFormat::Json,
            about: "Tous les chiffres d’un département",
            schema: Some(WIDER_SCHEMA),
        },
    ),
    Route::open(
        path::REGION_DATA,
        &WiderData(Level::Region),
        &OpenFile {
            parameter: Some(Parameter::REGION),
            format: FileFormat::Json,
            about: "Tous les chiffres d’une région",
            schema: Some(WIDER_SCHEMA),
        },
    ),
    Route::open(
        path::FRANCE_DATA,
        &WiderData(Level::Pays),
        &OpenFile {
            parameter: None,
            format: FileFormat::Json,
            about: "Tous les chiffres de la France",
            schema: Some(WIDER_SCHEMA),
        },
    ),
    Route::open(
        path::INDEX_DATA,
        &IndexData,
        &OpenFile {
            parameter: Some(Parameter::INDICES),
            format: FileFormat::Json,
            about: "Indices trimestriels d’un département et de ses intercommunalités, ou de la France et de ses régions",
            schema: Some(DataSchema {
                name: "indices",
                make: indices_schema,
            }),
        },
    ),
    Route::open(
        path::ESTIMATOR_DATA,
        &EstimatorData,
        &OpenFile {
            parameter: Some(Parameter::DEPARTEMENT),
            format: FileFormat::Json,
            about: "Ce que l’estimateur sait d’un département",
            schema: Some(DataSchema {
                name: "estimateur",
                make: estimator_schema,
            }),
        },
    ),
    Route::open(
        path::INDICATORS,
        &IndicatorCatalogue,
        &OpenFile {
            parameter: None,
            format: FileFormat::Json,
            about: "Ce que veulent dire les indicateurs d’autres sources dans ces fichiers et ces tables : nom, unité, source, licence",
            schema: Some(DataSchema {
                name: "indicateurs",
                make: indicators_schema,
            }),
        },
    ),
    Route::open(
        path::RECENT_SALES,
        &RecentSales,
        &OpenFile {
            parameter: Some(Parameter::COMMUNE),
            format: FileFormat::Json,
            about: "Ventes récentes d’une commune, arrondies, quand cinq au moins se ressemblent ; à ne pas proposer aux moteurs de recherche",
            schema: Some(DataSchema {
                name: "ventes",
                make: recent_sales_schema,
            }),
        },
    ),
    Route::data(path::SCHEMA, &Schemas(open_files)).headers(&headers::SCHEMAS),
    Route::data(path::DEPARTEMENT_MAP, &DepartementMaps).headers(&headers::DATA),
    Route::data(path::PICTURE, &Pictures).headers(&headers::pages("/images/*")),
    Route::page(path::COMMUNE, &Templated(CommunePages))
        .in_sitemaps()
        .headers(&headers::pages("/ville/*")),
    Route::new(path::ASSET, Some(&ASSETS), UploadStep::Assets).headers(&headers::ASSETS),
    Route::new(path::VERSION, None, UploadStep::Version).headers(&headers::VERSION),
    Route::new(path::HEALTH, None, UploadStep::Data).headers(&headers::API),
    Route::new(path::ARCHIVE, None, UploadStep::Data).headers(&headers::ARCHIVE),
    Route::new(path::ADMIN, None, UploadStep::Pages).headers(&headers::ADMIN),
    Route::data(path::ROBOTS, &Fixed(robots)),
    Route::data(path::SITEMAPS, &Templated(Sitemaps(addresses))),
    Route::data(path::SITEMAP, &Templated(SitemapIndex(addresses))),
    Route::new(path::HEADERS, Some(&Fixed(header_file)), UploadStep::Never).unpurged(),
];

/// The routes whose files a build makes, with who makes them.
pub(super) fn made_by_builds() -> impl Iterator<Item = (&'static Route, &'static dyn Maker)> {
    ROUTES
        .iter()
        .filter_map(|route| Some((route, route.maker?)))
}

/// The route of a path, compressed files among them; `None` where there is none, as for a file of an older program.
fn route_of(path: &str) -> Option<&'static Route> {
    let (path, _) = Encoding::of(path);
    ROUTES
        .iter()
        .find(|route| route.pattern.code(path).is_some())
}

/// When the file at a path is uploaded. What no route knows is data.
pub fn upload_step(path: &str) -> UploadStep {
    route_of(path).map_or(UploadStep::Data, |route| route.upload)
}

/// Whether a purge names the addresses of the file at a path.
pub fn is_purged(path: &str) -> bool {
    route_of(path).is_none_or(|route| route.purged)
}

/// Which headers to send for which addresses. Every rule that matches applies; no two of them set one header.
pub fn header_rules() -> &'static [&'static HeaderRule] {
    static RULES: LazyLock<Vec<&HeaderRule>> = LazyLock::new(|| {
        let special = ROUTES.iter().flat_map(|route| route.headers);
        std::iter::once(&headers::EVERYWHERE)
            .chain(special)
            .unique_by(|rule| rule.pattern)
            .collect()
    });
    &RULES
}

/// The files of the site that programs read, the most wanted first.
fn open_files(site: &Site<'_>) -> OpenFiles {
    let open = made_by_builds().filter_map(|(route, maker)| Some((route, maker, route.open?)));
    let present = open.filter(|(_, maker, _)| !maker.codes(site).is_empty());
    present
        .map(|(route, _, file)| (route.pattern, file))
        .collect()
}

fn header_file(_: &Site<'_>) -> Vec<u8> {
    headers::file(header_rules()).into_bytes()
}

fn robots(site: &Site<'_>) -> Vec<u8> {
    let address = &site.config.site.address;
    let sitemap = path::SITEMAP.as_str();
    format!("User-agent: *\nAllow: /\nDisallow: /admin/\n\nSitemap: {address}/{sitemap}\n").into()
}

/// The day on which what a page shows was published: of a commune or a département that of its latest file, of an EPCI or a
/// région that of those of its parts, and of all others that of the latest of all.
fn published<'s>(site: &'s Site<'_>, pattern: PathPattern, code: &str) -> Option<&'s str> {
    let releases = &site.atlas.releases;
    match pattern {
        path::COMMUNE | path::DEPARTEMENT => releases.published(code),
        path::REGION => {
            let departements = site.departements.iter();
            let own = departements.filter(|departement| departement.region == code);
            own.filter_map(|departement| releases.published(&departement.code))
                .max()
        }
        path::EPCI => {
            let epci = site.geography.epci(code)?;
            let members = epci.members.iter();
            members.filter_map(|code| releases.published(code)).max()
        }
        _ => releases.last_published(),
    }
}

/// The addresses that sitemaps list, within the site.
fn addresses(site: &Site<'_>) -> Vec<Address> {
    let listed = made_by_builds().filter(|(route, _)| route.in_sitemaps);
    let addresses = listed.flat_map(|(route, maker)| {
        let codes = maker.codes(site).into_iter();
        let listed = codes.filter(|code| maker.is_listed(site, code));
        listed.map(|code| Address {
            address: route.pattern.address(&code),
            published: published(site, route.pattern, &code).map(str::to_owned),
        })
    });
    addresses.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const ADDRESSES: [&str; 7] = [
        "/404.html",
        "/data/villes/83137.json",
        "/assets/style.css",
        "/version.json",
        "/api/health.json",
        "/admin/",
        "/sitemap.xml",
    ];

    /// Of each kind of page, by address and as buckets have it.
    const PAGES: [&str; 12] = [
        "/",
        "/index.html",
        "/methodologie/",
        "/region/93/",
        "/departement/2A/",
        "/departement/83/index.html",
        "/epci/248300543/",
        "/epci/248300543/index.html",
        "/ville/83137/",
        "/ville/83137/index.html",
        "/ville/83137/index.html.gz",
        "/region/93/index.html",
    ];

    fn headers_of(address: &str) -> Vec<(&'static str, &'static str)> {
        let matching = header_rules().iter().filter(|rule| rule.applies(address));
        matching
            .flat_map(|rule| rule.headers.iter().copied())
            .collect()
    }

    #[test]
    fn no_address_gets_a_header_twice() {
        for address in ADDRESSES.into_iter().chain(PAGES) {
            let headers = headers_of(address);
            let names: HashSet<_> = headers.iter().map(|(name, _)| name).collect();
            assert_eq!(names.len(), headers.len(), "{address}");
            assert!(names.contains(&"Content-Security-Policy"));
        }
    }

    fn age_of(address: &str) -> Option<&'static str> {
        let mut headers = headers_of(address).into_iter();
        headers.find_map(|(name, value)| (name == "Cache-Control").then_some(value))
    }

    #[test]
    fn data_is_kept_like_pages_and_an_asset_for_a_year() {
        let (data, year) = (age_of(PAGES[0]), "public, max-age=31536000, immutable");
        let now = Some("no-cache");
        let ages = [None, data, Some(year), now, now, now, None];
        assert_eq!(ADDRESSES.map(age_of), ages);
    }

    /// A purge reaches no browser: what it keeps for long, a rollback does not take back.
    #[test]
    fn browsers_keep_a_page_for_an_hour_and_the_cdn_for_a_week() {
        for address in PAGES {
            let age = age_of(address).unwrap_or_else(|| panic!("{address} has none"));
            let parts: Vec<_> = age.split(", ").collect();
            assert_eq!(parts[..3], ["public", "max-age=3600", "s-maxage=604800"]);
            assert!(parts[3].starts_with("stale-while-revalidate="), "{address}");
        }
    }

    #[test]
    fn the_file_has_a_line_a_header() {
        insta::assert_snapshot!(headers::file(header_rules()));
    }

    #[test]
    fn a_header_rule_is_about_the_files_of_its_route() {
        for route in &ROUTES {
            let addresses = [route.pattern.address("1"), route.pattern.path("1")];
            for rule in route.headers {
                let mut addresses = addresses.iter();
                assert!(
                    addresses.any(|address| rule.applies(&format!("/{address}"))),
                    "{rule:?}"
                );
            }
        }
    }

    #[test]
    fn pages_are_uploaded_after_what_they_show_and_the_version_last() {
        for (path, step) in [
            ("assets/style.0123.css", UploadStep::Assets),
            ("assets/style.0123.css.gz", UploadStep::Assets),
            ("data/villes/83137.json.zst", UploadStep::Data),
            ("sitemap-2.xml", UploadStep::Data),
            ("CNAME", UploadStep::Data),
            ("ville/83137/index.html.gz", UploadStep::Pages),
            ("404.html", UploadStep::Pages),
            ("admin/index.html", UploadStep::Pages),
            ("version.json", UploadStep::Version),
            ("_headers", UploadStep::Never),
        ] {
            assert_eq!(upload_step(path), step, "{path}");
        }
        assert!(is_purged("version.json") && is_purged("CNAME"));
        assert!(!is_purged("_headers"));
    }
}
