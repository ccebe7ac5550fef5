//! The dearest and the cheapest communes of a place, and those where most is sold.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::{Site, names, path};
use crate::stats::{Headline, RANKED_SALES, Summary};

/// Communes of a list.
const LONG: usize = 5;

/// `page.rankings` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Rankings {
    /// Sales of the kind in twelve months from which on a commune is ranked.
    floor: u64,
    lists: Vec<Ranking>,
}

/// A list of communes.
#[derive(Serialize, JsonSchema)]
struct Ranking {
    title: &'static str,
    /// What stands in the last column.
    unit: &'static str,
    /// The class of the kind in the style sheet; empty of all homes.
    kind: &'static str,
    rows: Vec<RankedPlace>,
}

#[derive(Serialize, JsonSchema)]
struct RankedPlace {
    name: String,
    path: String,
    /// €/m², or sales.
    value: u64,
    /// The length of its bar, in per cent.
    share: u64,
}

impl Rankings {
    /// Of some communes; `None` where too few of them can be ranked for the dearest not to be the cheapest too.
    pub(crate) fn new(site: &Site<'_>, communes: &[&Commune]) -> Option<Self> {
        let places = communes.iter().filter_map(|commune| {
            let summary = site.summary(Level::Commune, &commune.code)?;
            Some((*commune, summary))
        });
        // Cities are those of their arrondissements.
        let places =
            places.filter(|(commune, _)| site.geography.children_of_city(&commune.code).is_empty());
        let places: Vec<_> = places.collect();
        let mut lists = Vec::new();
        for (kind, [dearest, cheapest], headline) in [
            (
                "houses",
                ["Maisons, les plus chères", "Maisons, les plus abordables"],
                (|summary| summary.maison.headline()) as fn(&Summary) -> Option<Headline>,
            ),
            (
                "flats",
                [
                    "Appartements, les plus chers",
                    "Appartements, les plus abordables",
                ],
                |summary| summary.appartement.headline(),
            ),
        ] {
            let ranked = places.iter().filter_map(|(commune, summary)| {
                let sales = headline(summary).filter(|sales| sales.ranked)?;
                Some((u64::from(sales.median?), *commune))
            });
            let mut ranked: Vec<_> = ranked.collect();
            if ranked.len() < 2 * LONG {
                continue;
            }
            ranked.sort_by_key(|(price, commune)| (Reverse(*price), &commune.code));
            let most = ranked[0].0;
            let last = ranked.len() - LONG;
            let [top, bottom] = [&ranked[..LONG], &ranked[last..]];
            let bottom: Vec<_> = bottom.iter().rev().copied().collect();
            for (title, rows) in [(dearest, top), (cheapest, &bottom[..])] {
                lists.push(Ranking {
                    title,
                    unit: "€/m²",
                    kind,
                    rows: rows.iter().map(|row| RankedPlace::new(row, most)).collect(),
                });
            }
        }
        if lists.is_empty() {
            return None;
        }
        let volumes = places.iter();
        let mut volumes: Vec<_> = volumes
            .map(|(commune, summary)| (summary.volume_12_months, *commune))
            .collect();
        volumes.sort_by_key(|(volume, commune)| (Reverse(*volume), &commune.code));
        let most = volumes[0].0.max(1);
        volumes.truncate(LONG);
        lists.push(Ranking {
            title: "Là où il se vend le plus de logements",
            unit: "Ventes",
            kind: "",
            rows: volumes
                .iter()
                .map(|row| RankedPlace::new(row, most))
                .collect(),
        });
        Some(Self {
            floor: RANKED_SALES,
            lists,
        })
    }
}

impl RankedPlace {
    fn new((value, commune): &(u64, &Commune), most: u64) -> Self {
        Self {
            name: names::commune(commune),
            path: path::COMMUNE.address(&commune.code),
            value: *value,
            share: value * 100 / most,
        }
    }
}
