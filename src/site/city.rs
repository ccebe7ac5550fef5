//! `data/villes/<code>.json`: the figures of a commune for programs. `data/schemas/ville.schema.json` describes it.

use std::borrow::Cow;

use serde::Serialize;

use super::maker::Maker;
use super::pages::{Absence, Kind};
use super::releases::News;
use super::{Entry, Site, SiteError};
use crate::base::month;
use crate::base::place::Level;
use crate::geo::departement_of;
use crate::stats::{Change, Coverage, Current, Figures, Point, Rooms, Segment};

const SOURCE: &str = "Demandes de valeurs foncières (DVF), DGFiP et Etalab";
const LICENCE: &str = "Licence Ouverte 2.0";

/// Digits of the digest of the sales that make a version.
const VERSION_LENGTH: usize = 12;

/// The data files of communes.
pub(super) struct CommuneData;

impl Maker for CommuneData {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        site.commune_codes()
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        City::new(site, code)?.hash(hasher)
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        City::new(site, code)?.render()
    }
}

/// Everything that the data file of a commune is made of.
#[derive(Serialize)]
struct City<'a> {
    code: &'a str,
    name: &'a str,
    kind: Kind,
    parent: Option<Area<'a>>,
    departement: Option<Area<'a>>,
    region: Option<Area<'a>>,
    epci: Option<Area<'a>>,
    population: Option<u32>,
    postal_codes: &'a [String],
    last_release: Option<&'a News>,
    notes: Vec<&'a str>,
    #[serde(skip)]
    entry: Option<&'a Entry>,
}

/// A place that the commune is part of.
#[derive(Clone, Copy, Serialize)]
struct Area<'a> {
    code: &'a str,
    name: &'a str,
}

impl<'a> City<'a> {
    fn new(site: &Site<'a>, code: &str) -> Result<Self, SiteError> {
        let geography = site.geography;
        let commune = geography
            .commune(code)
            .ok_or_else(|| SiteError::NoPage { code: code.into() })?;
        let area = |code: &'a str, name: &'a str| Area { code, name };
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
        Ok(Self {
            code: &commune.code,
            name: &commune.name,
            kind: Kind::of(commune),
            parent: parent.map(|city| area(&city.code, &city.name)),
            departement: departement.map(|departement| area(&departement.code, &departement.name)),
            region: region.map(|region| area(&region.code, &region.name)),
            epci: epci.map(|epci| area(&epci.code, &epci.name)),
            population: commune.population,
            postal_codes: &commune.postal_codes,
            last_release: site.atlas.releases.news(&commune.code),
            notes: site.notes(commune),
            entry: site.entry(Level::Commune, &commune.code),
        })
    }

    /// Adds everything that the file is made of.
    fn hash(&self, hasher: &mut blake3::Hasher) -> Result<(), SiteError> {
        let text = serde_json::to_vec(self).map_err(SiteError::Context)?;
        hasher.update(blake3::hash(&text).as_bytes());
        if let Some(entry) = self.entry {
            entry.hash(hasher);
        }
        Ok(())
    }

    /// The file.
    fn render(&self) -> Result<Vec<u8>, SiteError> {
        let figures = match self.entry {
            Some(entry) => Some(entry.read::<Figures>(self.code)?),
            None => None,
        };
        let document = Document::new(self, figures.as_ref());
        serde_json::to_vec(&document).map_err(SiteError::Context)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    metadata: Metadata<'a>,
    current_stats: CurrentStats,
    evolution: Evolution<'a>,
    by_type: Option<ByType<'a>>,
    seasonality: &'a [u32],
    last_release: Option<&'a News>,
    notes: &'a [&'a str],
}

#[derive(Serialize)]
struct Metadata<'a> {
    city_code: &'a str,
    city_name: &'a str,
    last_update: Option<String>,
    data_version: Option<String>,
    total_transactions: Option<u64>,
    status: Status,
    kind: Kind,
    parent: Option<Area<'a>>,
    departement: Option<Area<'a>>,
    region: Option<Area<'a>>,
    epci: Option<Area<'a>>,
    population: Option<u32>,
    postal_codes: &'a [String],
    coverage: Option<CoveredMonths>,
    source: &'static str,
    licence: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Covered,
    NotCoveredByDvf,
}

#[derive(Serialize)]
struct CoveredMonths {
    from: month::Month,
    to: month::Month,
    months: u32,
}

#[derive(Default, Serialize)]
struct CurrentStats {
    prix_m2_appartement: Option<u32>,
    prix_m2_maison: Option<u32>,
    prix_m2_apt_maison: Option<u32>,
    prix_m2_local: Option<u32>,
    prix_median_appartement: Option<u64>,
    prix_median_maison: Option<u64>,
    volume: Option<u64>,
    surface_moyenne: Option<f64>,
    window: Option<Window>,
}

#[derive(Serialize)]
struct Window {
    from: month::Month,
    to: month::Month,
    months: u32,
}

#[derive(Default, Serialize)]
struct Evolution<'a> {
    monthly: Vec<Month>,
    quarterly: Vec<Quarter>,
    yearly: Vec<Year>,
    change_1_year: Option<&'a Change>,
    change_5_years: Option<&'a Change>,
}

#[derive(Serialize)]
struct Month {
    month: month::Period,
    prix_m2: Option<u32>,
    volume: u64,
}

#[derive(Serialize)]
struct Quarter {
    quarter: month::Period,
    prix_m2: Option<u32>,
    volume: u64,
}

#[derive(Serialize)]
struct Year {
    year: month::Period,
    prix_m2: Option<u32>,
    volume: u64,
    partial: bool,
}

#[derive(Serialize)]
struct ByType<'a> {
    appartement: Type<'a>,
    maison: Type<'a>,
    local: Type<'a>,
    apt_maison: Pooled,
}

#[derive(Serialize)]
struct Type<'a> {
    total: u64,
    current: Option<TypeWindow>,
    change_1_year: Option<&'a Change>,
    change_5_years: Option<&'a Change>,
    rooms: Vec<RoomsLine>,
    yearly: Vec<Year>,
    quarterly: Vec<Quarter>,
    monthly: Vec<Month>,
}

/// Flats and houses pooled; their series and changes are the `evolution` of the document.
#[derive(Serialize)]
struct Pooled {
    total: u64,
    current: Option<TypeWindow>,
}

#[derive(Serialize)]
struct TypeWindow {
    from: month::Month,
    to: month::Month,
    months: u32,
    volume: u64,
    prix_m2: Option<u32>,
    fragile: bool,
    prix_m2_interval: Option<[u32; 2]>,
    prix_m2_q1: Option<u32>,
    prix_m2_q3: Option<u32>,
    prix_m2_moyen: Option<u32>,
    prix_median: Option<u64>,
    surface_moyenne: Option<f64>,
}

#[derive(Serialize)]
struct RoomsLine {
    rooms: u32,
    volume: u64,
    prix_m2: Option<u32>,
    prix_median: Option<u64>,
}

impl<'a> Document<'a> {
    fn new(city: &'a City<'a>, figures: Option<&'a Figures>) -> Self {
        let coverage = figures.map(|figures| &figures.coverage);
        let covered = figures.is_some() || Absence::of(departement_of(city.code)).is_none();
        let metadata = Metadata {
            city_code: city.code,
            city_name: city.name,
            last_update: coverage.map(|coverage| coverage.to.last_day().to_string()),
            data_version: city
                .entry
                .map(|entry| entry.digest()[..VERSION_LENGTH].to_owned()),
            total_transactions: figures.map(|figures| figures.total_transactions),
            status: if covered {
                Status::Covered
            } else {
                Status::NotCoveredByDvf
            },
            kind: city.kind,
            parent: city.parent,
            departement: city.departement,
            region: city.region,
            epci: city.epci,
            population: city.population,
            postal_codes: city.postal_codes,
            coverage: coverage.map(CoveredMonths::from),
            source: SOURCE,
            licence: LICENCE,
        };
        Self {
            metadata,
            current_stats: figures.map(CurrentStats::from).unwrap_or_default(),
            evolution: figures.map(Evolution::from).unwrap_or_default(),
            by_type: figures.map(ByType::from),
            seasonality: figures.map_or(&[], |figures| &figures.seasonality),
            last_release: city.last_release,
            notes: &city.notes,
        }
    }
}

impl From<&Coverage> for CoveredMonths {
    fn from(coverage: &Coverage) -> Self {
        Self {
            from: coverage.from,
            to: coverage.to,
            months: coverage.months,
        }
    }
}

impl From<&Figures> for CurrentStats {
    fn from(figures: &Figures) -> Self {
        let per_m2 = |segment: &Segment| segment.current.as_ref()?.median;
        let price = |segment: &Segment| segment.current.as_ref()?.median_price;
        let pooled = figures.apt_maison.current.as_ref();
        Self {
            prix_m2_appartement: per_m2(&figures.appartement),
            prix_m2_maison: per_m2(&figures.maison),
            prix_m2_apt_maison: per_m2(&figures.apt_maison),
            prix_m2_local: per_m2(&figures.local),
            prix_median_appartement: price(&figures.appartement),
            prix_median_maison: price(&figures.maison),
            volume: Some(figures.volume_12_months),
            surface_moyenne: pooled.and_then(|current| current.mean_surface),
            window: pooled.map(|current| Window {
                from: current.from,
                to: current.to,
                months: current.months,
            }),
        }
    }
}

impl<'a> From<&'a Figures> for Evolution<'a> {
    fn from(figures: &'a Figures) -> Self {
        let pooled = &figures.apt_maison;
        Self {
            monthly: pooled.monthly.iter().map(Month::from).collect(),
            quarterly: pooled.quarterly.iter().map(Quarter::from).collect(),
            yearly: pooled.yearly.iter().map(Year::from).collect(),
            change_1_year: pooled.change_1_year.as_ref(),
            change_5_years: pooled.change_5_years.as_ref(),
        }
    }
}

impl<'a> From<&'a Figures> for ByType<'a> {
    fn from(figures: &'a Figures) -> Self {
        let pooled = &figures.apt_maison;
        Self {
            appartement: Type::from(&figures.appartement),
            maison: Type::from(&figures.maison),
            local: Type::from(&figures.local),
            apt_maison: Pooled {
                total: pooled.total,
                current: pooled.current.as_ref().map(TypeWindow::from),
            },
        }
    }
}

impl<'a> From<&'a Segment> for Type<'a> {
    /// Months and quarters of one kind are listed where they have a price: the months of most communes have none, and
    /// would make half of the file.
    fn from(segment: &'a Segment) -> Self {
        let published = |point: &&Point| point.median.is_some();
        Self {
            total: segment.total,
            current: segment.current.as_ref().map(TypeWindow::from),
            change_1_year: segment.change_1_year.as_ref(),
            change_5_years: segment.change_5_years.as_ref(),
            rooms: segment.rooms.iter().map(RoomsLine::from).collect(),
            yearly: segment.yearly.iter().map(Year::from).collect(),
            quarterly: segment
                .quarterly
                .iter()
                .filter(published)
                .map(Quarter::from)
                .collect(),
            monthly: segment
                .monthly
                .iter()
                .filter(published)
                .map(Month::from)
                .collect(),
        }
    }
}

impl From<&Current> for TypeWindow {
    fn from(current: &Current) -> Self {
        Self {
            from: current.from,
            to: current.to,
            months: current.months,
            volume: current.n,
            prix_m2: current.median,
            fragile: current.fragile,
            prix_m2_interval: current.interval,
            prix_m2_q1: current.q1,
            prix_m2_q3: current.q3,
            prix_m2_moyen: current.mean,
            prix_median: current.median_price,
            surface_moyenne: current.mean_surface,
        }
    }
}

impl From<&Rooms> for RoomsLine {
    fn from(rooms: &Rooms) -> Self {
        Self {
            rooms: rooms.rooms,
            volume: rooms.n,
            prix_m2: rooms.median,
            prix_median: rooms.median_price,
        }
    }
}

impl From<&Point> for Month {
    fn from(point: &Point) -> Self {
        Self {
            month: point.period,
            prix_m2: point.median,
            volume: point.n,
        }
    }
}

impl From<&Point> for Quarter {
    fn from(point: &Point) -> Self {
        Self {
            quarter: point.period,
            prix_m2: point.median,
            volume: point.n,
        }
    }
}

impl From<&Point> for Year {
    fn from(point: &Point) -> Self {
        Self {
            year: point.period,
            prix_m2: point.median,
            volume: point.n,
            partial: point.partial,
        }
    }
}
