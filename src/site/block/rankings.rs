//! The dearest and the cheapest communes of a place, those where most is sold, and those where an indicator is highest.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::indicators::ShownIndicator;
use crate::site::{Site, french, names, path};
use crate::stats::{Headline, RANKED_SALES, Summary};

/// Communes of a list.
const LONG: usize = 5;

/// `page.rankings` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Rankings {
    /// Sales of the kind in twelve months from which on a commune is ranked.
    floor: u64,
    lists: Vec<Ranking>,
    /// Whom the lists of indicators are of; none where there are no such lists.
    sources: Vec<String>,
}

/// A list of communes.
#[derive(Serialize, JsonSchema)]
struct Ranking {
    title: String,
    /// What stands in the last column.
    unit: String,
    /// The class of the kind in the style sheet; empty of all homes.
    kind: &'static str,
    rows: Vec<RankedPlace>,
}

#[derive(Serialize, JsonSchema)]
struct RankedPlace {
    name: String,
    path: String,
    /// €/m², sales, or in the unit of the indicator, as it stands on the page.
    value: String,
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
        let all: Vec<_> = places.collect();
        // The price of a city is made of those of its arrondissements, which differ; its sales are its own.
        let (mut places, mut cities) = (all.clone(), all);
        places.retain(|(commune, _)| site.geography.children_of_city(&commune.code).is_empty());
        cities.retain(|(commune, _)| commune.parent.is_none());
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
                    title: title.to_owned(),
                    unit: "€/m²".to_owned(),
                    kind,
                    rows: rows.iter().map(|row| RankedPlace::new(row, most)).collect(),
                });
            }
        }
        if lists.is_empty() {
            return None;
        }
        let volumes = cities.iter();
        let mut volumes: Vec<_> = volumes
            .map(|(commune, summary)| (summary.volume_12_months, *commune))
            .collect();
        volumes.sort_by_key(|(volume, commune)| (Reverse(*volume), &commune.code));
        let most = volumes[0].0.max(1);
        volumes.truncate(LONG);
        lists.push(Ranking {
            title: "Là où il se vend le plus de logements".to_owned(),
            unit: "Ventes".to_owned(),
            kind: "",
            rows: volumes
                .iter()
                .map(|row| RankedPlace::new(row, most))
                .collect(),
        });
        let is_ranked = |summary: &Summary| {
            let homes = [&summary.maison, &summary.appartement].into_iter();
            homes
                .filter_map(|home| home.headline())
                .any(|sales| sales.ranked)
        };
        let ranked = places.iter().filter(|(_, summary)| is_ranked(summary));
        let ranked: Vec<_> = ranked.map(|(commune, _)| *commune).collect();
        let mut sources = BTreeSet::new();
        for shown in &site.indicators {
            if let Some(list) = Ranking::of_indicator(site, shown, &ranked) {
                sources.insert(shown.table.attribution.clone());
                lists.push(list);
            }
        }
        Some(Self {
            floor: RANKED_SALES,
            lists,
            sources: sources.into_iter().collect(),
        })
    }
}

impl Ranking {
    /// The communes where an indicator is highest, where its declaration asks for that; `None` where too few have it.
    fn of_indicator(
        site: &Site<'_>,
        shown: &ShownIndicator<'_>,
        communes: &[&Commune],
    ) -> Option<Self> {
        let indicator = shown.indicator;
        if indicator.ranking.is_empty() {
            return None;
        }
        let known = communes.iter().filter_map(|commune| {
            let place = site.atlas.indicator_place(Level::Commune, &commune.code)?;
            let number = shown.figures.number(place)?;
            (number > 0.0 && shown.is_of(place)).then_some((number, *commune))
        });
        let mut known: Vec<_> = known.collect();
        if known.len() < 2 * LONG {
            return None;
        }
        known
            .sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.code.cmp(&other.code)));
        let most = known[0].0;
        let rows = known[..LONG].iter().map(|(number, commune)| RankedPlace {
            name: names::commune(commune),
            path: path::COMMUNE.address(&commune.code),
            value: french::decimals(*number, indicator.decimals),
            share: (number * 100.0 / most) as u64,
        });
        Some(Self {
            title: indicator.ranking.clone(),
            unit: indicator.unit.clone(),
            kind: "",
            rows: rows.collect(),
        })
    }
}

impl RankedPlace {
    fn new((value, commune): &(u64, &Commune), most: u64) -> Self {
        Self {
            name: names::commune(commune),
            path: path::COMMUNE.address(&commune.code),
            value: french::number(*value as i64),
            share: value * 100 / most,
        }
    }
}
