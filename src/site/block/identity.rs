//! What a commune is: its kind, its number of inhabitants, and what it is part of.

use schemars::JsonSchema;
use serde::Serialize;

use super::absence::Absence;
use super::extent::{Extent, MonthSpan};
use crate::base::place::Level;
use crate::geo::{self, CommuneKind};
use crate::site::frame::Link;
use crate::site::{Entry, Site, path};

const SOURCE: &str = "Demandes de valeurs foncières (DVF), DGFiP et Etalab";
const LICENCE: &str = "Licence Ouverte 2.0";

/// The communes that are in the files by arrondissement: Marseille, Lyon, Paris.
const CITIES: [&str; 3] = ["13055", "69123", "75056"];

/// Digits of the digest of the sales that make a version.
const VERSION_LENGTH: usize = 12;

/// `page.identity` in the templates.
#[derive(Serialize)]
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

/// `metadata` in the data file.
#[derive(Serialize, JsonSchema)]
#[schemars(description = "De quelle commune et de quelles données il s’agit.")]
pub(crate) struct Metadata<'s> {
    #[schemars(
        description = "Code INSEE de la commune ou de l’arrondissement municipal.",
        regex(pattern = "^(?:[0-9]{2}|2[AB])[0-9]{3}$")
    )]
    city_code: &'s str,
    #[schemars(description = "Nom officiel, avec son article.", length(min = 1))]
    city_name: &'s str,
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
    status: Status,
    kind: PlaceKind,
    #[schemars(description = "Ville dont l’arrondissement fait partie.")]
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
    #[schemars(description = "Mois que les données couvrent.")]
    coverage: Option<MonthSpan>,
    #[schemars(description = "Source à citer.")]
    source: &'static str,
    #[schemars(description = "Licence des données d’origine.")]
    licence: &'static str,
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

impl<'s> Metadata<'s> {
    /// What is known of a commune besides its figures. `entry` holds these.
    pub(crate) fn new(
        site: &'s Site<'_>,
        commune: &'s geo::Commune,
        entry: Option<&Entry>,
    ) -> Self {
        let geography = site.geography;
        let place = |code: &'s str, name: &'s str| NamedPlace { code, name };
        let parent = commune.parent.as_deref();
        let parent = parent.and_then(|code| geography.commune(code));
        let departement = geography.departement(&commune.departement);
        let region = geography.region(&commune.region);
        let epci = commune.epci.as_deref();
        let epci = epci.and_then(|code| geography.epci(code));
        Self {
            city_code: &commune.code,
            city_name: &commune.name,
            last_update: None,
            data_version: entry.map(|entry| entry.digest()[..VERSION_LENGTH].to_owned()),
            total_transactions: None,
            status: match Absence::of(&commune.departement) {
                Some(_) if entry.is_none() => Status::NotCoveredByDvf,
                _ => Status::Covered,
            },
            kind: PlaceKind::of(commune),
            parent: parent.map(|city| place(&city.code, &city.name)),
            departement: departement.map(|departement| place(&departement.code, &departement.name)),
            region: region.map(|region| place(&region.code, &region.name)),
            epci: epci.map(|epci| place(&epci.code, &epci.name)),
            population: commune.population,
            postal_codes: &commune.postal_codes,
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
