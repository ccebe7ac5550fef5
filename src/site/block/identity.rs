//! What a place is: its level or kind, its number of inhabitants, and what it is part of.

use schemars::JsonSchema;
use serde::Serialize;

use super::absence::Absence;
use super::extent::{Extent, MonthSpan};
use crate::base::place::{Level, Place};
use crate::config::LICENCE_OUVERTE;
use crate::geo::{self, CommuneKind};
use crate::site::frame::Link;
use crate::site::{Entry, Site, french, names, path};

/// What data files name as their source, and its licence.
pub(crate) const SOURCE: &str = "Demandes de valeurs foncières (DVF), DGFiP et Etalab";
pub(crate) const LICENCE: &str = LICENCE_OUVERTE;

/// The communes that are in the files by arrondissement: Marseille, Lyon, Paris.
const CITIES: [&str; 3] = ["13055", "69123", "75056"];

/// Digits of the digest of the sales that make a version.
const VERSION_LENGTH: usize = 12;

/// `page.identity` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Identity<'s> {
    kind: PlaceKind,
    /// Whether files cover all of it: a city may lack arrondissements.
    whole: bool,
    /// The city of an arrondissement.
    parent: Option<Link>,
    departement: Link,
    departement_code: &'s str,
    population: Option<u32>,
    postal_codes: &'s [String],
}

/// What the page of a commune is the page of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(
    inline,
    description = "commune, ville (Paris, Lyon ou Marseille, tous arrondissements réunis) ou arrondissement."
)]
pub(crate) enum PlaceKind {
    Commune,
    Ville,
    Arrondissement,
}

/// A place that the commune is part of.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct NamedPlace<'s> {
    #[schemars(regex(pattern = "^[0-9AB]{2,9}$"))]
    code: &'s str,
    #[schemars(length(min = 1))]
    name: &'s str,
}

/// `metadata` in a data file: which place it is, and what its figures rest on.
#[derive(Serialize, JsonSchema)]
#[schemars(description = "De quel territoire et de quelles données il s’agit.")]
pub(crate) struct Metadata<P> {
    #[serde(flatten)]
    place: P,
    #[schemars(
        description = "Dernier jour du dernier mois couvert par les données ; null si rien n’est couvert.",
        extend("format" = "date")
    )]
    last_update: Option<String>,
    #[schemars(
        description = "Empreinte des ventes dont les chiffres sont tirés : elle ne change que si elles changent.",
        regex(pattern = "^[0-9a-f]{12}$")
    )]
    data_version: Option<String>,
    #[schemars(
        description = "Ventes retenues sur toute la période : maisons, appartements et locaux."
    )]
    total_transactions: Option<u64>,
    #[schemars(description = "Mois que les données couvrent.")]
    coverage: Option<MonthSpan>,
    #[schemars(description = "Source à citer.")]
    source: &'static str,
    #[schemars(description = "Licence des données d’origine.")]
    licence: &'static str,
}

/// Which commune a data file is about.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CommuneIdentity<'s> {
    #[schemars(
        description = "Code INSEE de la commune ou de l’arrondissement municipal.",
        regex(pattern = "^(?:[0-9]{2}|2[AB])[0-9]{3}$")
    )]
    city_code: &'s str,
    #[schemars(description = "Nom officiel, avec son article.", length(min = 1))]
    city_name: &'s str,
    status: Status,
    kind: PlaceKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Ville dont l’arrondissement fait partie ; absente des autres.")]
    parent: Option<NamedPlace<'s>>,
    #[schemars(description = "Département.")]
    departement: Option<NamedPlace<'s>>,
    #[schemars(description = "Région.")]
    region: Option<NamedPlace<'s>>,
    #[schemars(description = "Intercommunalité à fiscalité propre ; code SIREN.")]
    epci: Option<NamedPlace<'s>>,
    #[schemars(description = "Population municipale, en habitants.")]
    population: Option<u32>,
    #[schemars(description = "Codes postaux.", inner(regex(pattern = "^[0-9]{5}$")))]
    postal_codes: &'s [String],
}

/// Which wider place a data file is about.
#[derive(Serialize, JsonSchema)]
pub(crate) struct WiderIdentity<'s> {
    #[schemars(description = "epci, departement, region ou pays.")]
    level: &'static str,
    #[schemars(
        description = "SIREN d’une intercommunalité, code INSEE d’un département ou d’une région, FR.",
        regex(pattern = "^(?:[0-9AB]{2,3}|[0-9]{9}|FR)$")
    )]
    code: String,
    #[schemars(length(min = 1))]
    name: String,
    #[schemars(description = "Région d’un département.")]
    region: Option<NamedPlace<'s>>,
    #[schemars(description = "Population municipale, en habitants.")]
    population: u64,
    #[schemars(
        description = "Communes dont les fichiers donnent les ventes ; les chiffres sont les leurs."
    )]
    communes: u32,
    #[schemars(description = "Communes du territoire que DVF couvre.")]
    communes_total: u32,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(
    inline,
    description = "covered : les données couvrent la commune. not_covered_by_dvf : DVF ne couvre pas ce département (Bas-Rhin, Haut-Rhin, Moselle, Mayotte)."
)]
enum Status {
    Covered,
    NotCoveredByDvf,
}

impl PlaceKind {
    /// What the page of a commune is the page of.
    pub(crate) fn of(commune: &geo::Commune) -> Self {
        match commune.kind {
            CommuneKind::Arrondissement => Self::Arrondissement,
            CommuneKind::Commune if CITIES.contains(&commune.code.as_str()) => Self::Ville,
            CommuneKind::Commune => Self::Commune,
        }
    }

    /// As data files have it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Ville => "ville",
            Self::Arrondissement => "arrondissement",
        }
    }
}

impl<'s> Identity<'s> {
    /// `parent` is the city of an arrondissement, if it has a page.
    pub(crate) fn new(
        site: &'s Site<'_>,
        commune: &'s geo::Commune,
        parent: Option<&geo::Commune>,
    ) -> Self {
        let departement = site.geography.departement(&commune.departement);
        Self {
            kind: PlaceKind::of(commune),
            whole: site
                .summary(Level::Commune, &commune.code)
                .is_some_and(|summary| !summary.coverage.is_partial()),
            parent: parent.map(|city| Link::new(&city.name, path::COMMUNE.address(&city.code))),
            departement: Link::new(
                departement.map_or(&commune.departement, |departement| &departement.name),
                path::DEPARTEMENT.address(&commune.departement),
            ),
            departement_code: &commune.departement,
            population: commune.population,
            postal_codes: &commune.postal_codes,
        }
    }
}

impl<'s> CommuneIdentity<'s> {
    /// `is_covered` is whether the commune has figures.
    pub(crate) fn new(site: &'s Site<'_>, commune: &'s geo::Commune, is_covered: bool) -> Self {
        let geography = site.geography;
        let parent = commune.parent.as_deref();
        let parent = parent.and_then(|code| geography.commune(code));
        let departement = geography.departement(&commune.departement);
        let epci = commune.epci.as_deref();
        let epci = epci.and_then(|code| geography.epci(code));
        Self {
            city_code: &commune.code,
            city_name: &commune.name,
            status: match Absence::of(&commune.departement) {
                Some(_) if !is_covered => Status::NotCoveredByDvf,
                _ => Status::Covered,
            },
            kind: PlaceKind::of(commune),
            parent: parent.map(|city| NamedPlace::new(&city.code, &city.name)),
            departement: departement.map(|place| NamedPlace::new(&place.code, &place.name)),
            region: NamedPlace::region(site, &commune.region),
            epci: epci.map(|epci| NamedPlace::new(&epci.code, &epci.name)),
            population: commune.population,
            postal_codes: &commune.postal_codes,
        }
    }
}

impl<'s> WiderIdentity<'s> {
    /// `None` where the geography has no such place, or it is a commune. `entry` holds its figures.
    pub(crate) fn new(site: &'s Site<'_>, place: &Place, entry: &Entry) -> Option<Self> {
        let (geography, code) = (site.geography, place.code.as_str());
        let all = geography.communes().iter();
        let (name, region, population) = match place.level {
            Level::Commune => return None,
            Level::Epci => {
                let epci = geography.epci(code)?;
                let members = epci.members.iter();
                let members = members.filter_map(|code| geography.commune(code));
                (names::epci(epci).0, None, people(members))
            }
            Level::Departement => {
                let departement = geography.departement(code)?;
                let region = NamedPlace::region(site, &departement.region);
                let communes = all.filter(|commune| commune.departement == departement.code);
                let name = french::name(&departement.name);
                (name, region, people(communes))
            }
            Level::Region => {
                let region = geography.region(code)?;
                let communes = all.filter(|commune| commune.region == region.code);
                (french::name(&region.name), None, people(communes))
            }
            Level::Pays => ("France".to_owned(), None, people(all)),
        };
        let coverage = &entry.summary.coverage;
        Some(Self {
            level: place.level.name(),
            code: code.to_owned(),
            name,
            region,
            population,
            communes: coverage.communes,
            communes_total: coverage.communes_total,
        })
    }
}

/// The inhabitants of some communes, arrondissements left out: their city counts them.
fn people<'c>(communes: impl Iterator<Item = &'c geo::Commune>) -> u64 {
    let communes = communes.filter(|commune| commune.parent.is_none());
    communes
        .filter_map(|commune| commune.population)
        .map(u64::from)
        .sum()
}

impl<'s> NamedPlace<'s> {
    fn new(code: &'s str, name: &'s str) -> Self {
        Self { code, name }
    }

    fn region(site: &'s Site<'_>, code: &str) -> Option<Self> {
        let region = site.geography.region(code)?;
        Some(Self::new(&region.code, &region.name))
    }
}

impl<P> Metadata<P> {
    /// What is known of a place besides its figures. `entry` holds these.
    pub(crate) fn new(place: P, entry: Option<&Entry>) -> Self {
        Self {
            place,
            last_update: None,
            data_version: entry.map(|entry| entry.digest()[..VERSION_LENGTH].to_owned()),
            total_transactions: None,
            coverage: None,
            source: SOURCE,
            licence: LICENCE,
        }
    }

    /// With what the figures rest on.
    pub(crate) fn resting_on(self, extent: &Extent) -> Self {
        Self {
            last_update: Some(extent.coverage.to.last_day().to_string()),
            total_transactions: Some(extent.total_transactions),
            coverage: Some(extent.coverage),
            ..self
        }
    }
}
