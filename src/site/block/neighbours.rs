//! The communes around one and those of like size, and where it stands among those of its département.

use schemars::JsonSchema;
use serde::Serialize;

use super::places::PlaceRow;
use super::signs::Signs;
use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::{Site, french, homes, names};

/// Communes around that are shown.
const NEAREST: usize = 6;

/// Communes of like size that are shown.
const ALIKE: usize = 5;

/// `page.neighbours` in the templates.
#[derive(Default, Serialize, JsonSchema)]
pub(crate) struct Neighbours {
    nearest: NearTable,
    alike: NearTable,
    /// Of both tables.
    signs: Signs,
    ranks: Vec<Rank>,
    /// "du Val-d’Oise"
    of_departement: String,
    /// Sales that a commune has to have to be among the ranked ones.
    solid_sales: u32,
}

/// The commune itself first, then others; empty without others.
#[derive(Default, Serialize, JsonSchema)]
struct NearTable {
    rows: Vec<NearRow>,
}

#[derive(Serialize, JsonSchema)]
struct NearRow {
    #[serde(flatten)]
    row: PlaceRow,
    /// Its page stands beside that of the commune itself, which has none here.
    code: Option<String>,
    km: Option<i64>,
    population: Option<u32>,
}

/// Where a commune stands among those of its département, the dearest first.
#[derive(Serialize, JsonSchema)]
struct Rank {
    class: &'static str,
    rank: usize,
    among: usize,
    svg: String,
}

impl Neighbours {
    /// The neighbours of a commune that has figures.
    pub(crate) fn new(site: &Site<'_>, commune: &Commune) -> Self {
        if site.summary(Level::Commune, &commune.code).is_none() {
            return Self::default();
        }
        let neighbourhood = &site.neighbourhood;
        let nearest = neighbourhood.nearest(&commune.code, NEAREST).into_iter();
        let nearest = nearest.map(|(code, km)| (code, Some(km.round() as i64), None));
        let alike = neighbourhood.alike(commune, ALIKE).into_iter();
        let alike = alike.map(|(code, population)| (code, None, Some(population)));
        let departement = site.geography.departement(&commune.departement);
        let mut signs = Signs::default();
        Self {
            nearest: NearTable::new(site, commune, nearest, &mut signs),
            alike: NearTable::new(site, commune, alike, &mut signs),
            signs,
            ranks: [false, true]
                .into_iter()
                .filter_map(|house| Rank::of(site, commune, house))
                .collect(),
            of_departement: departement.map_or_else(String::new, |departement| {
                french::name(&departement.full_of())
            }),
            solid_sales: site.config.statistics.solid_sales,
        }
    }
}

impl NearTable {
    fn new<'s>(
        site: &'s Site<'_>,
        own: &Commune,
        others: impl Iterator<Item = (&'s str, Option<i64>, Option<u32>)>,
        signs: &mut Signs,
    ) -> Self {
        let row = |commune: &Commune| {
            let summary = site.summary(Level::Commune, &commune.code);
            PlaceRow::new(&names::commune(commune), None, summary)
        };
        let others = others.filter_map(|(code, km, population)| {
            let commune = site.geography.commune(code)?;
            Some(NearRow {
                row: row(commune),
                code: Some(code.to_owned()),
                km,
                population,
            })
        });
        let others: Vec<_> = others.collect();
        if others.is_empty() {
            return Self::default();
        }
        let own = NearRow {
            row: row(own),
            code: None,
            km: None,
            population: None,
        };
        let rows: Vec<_> = std::iter::once(own).chain(others).collect();
        for near in &rows {
            near.row.show(signs);
        }
        Self { rows }
    }
}

impl Rank {
    fn of(site: &Site<'_>, commune: &Commune, house: bool) -> Option<Self> {
        let (ranking, median) = site.neighbourhood.ranking(commune, house)?;
        Some(Self {
            class: homes::class(house),
            rank: ranking.rank(median),
            among: ranking.len(),
            svg: ranking.barcode()?.draw(&names::commune(commune), median),
        })
    }
}
