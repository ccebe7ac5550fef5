//! How the estimator of a year ago did on the sales since, département by département.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::month::{Month, Months};
use crate::base::place::Level;
use crate::site::estimator::PublishedHitRate;
use crate::site::{Site, french};
use crate::stats;

/// `page.hit_rates` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct HitRates {
    /// All départements together, as a sentence has it.
    appartement: Option<AllSales>,
    maison: Option<AllSales>,
    /// By code.
    departements: Vec<DepartementRates>,
}

/// The sales of one kind in all départements.
#[derive(Serialize, JsonSchema)]
struct AllSales {
    /// "de 2025", "de juillet 2024 – juin 2025"
    of: String,
    sales: u64,
    percent: u64,
}

/// A line of the table.
#[derive(Serialize, JsonSchema)]
struct DepartementRates {
    code: String,
    name: String,
    appartement: Option<PublishedHitRate>,
    maison: Option<PublishedHitRate>,
}

impl HitRates {
    pub(crate) fn new(site: &Site<'_>) -> Self {
        let departements = site.departements.iter().filter_map(|departement| {
            let summary = site.summary(Level::Departement, &departement.code)?;
            Some((departement, summary.hit_rates.as_ref()?))
        });
        let departements: Vec<_> = departements.collect();
        let all = |rate: fn(&stats::HitRates) -> &Option<stats::HitRate>| {
            let rates = departements
                .iter()
                .filter_map(|(_, rates)| rate(rates).as_ref());
            AllSales::of(rates)
        };
        let rows = departements
            .iter()
            .map(|(departement, rates)| DepartementRates {
                code: departement.code.clone(),
                name: french::name(&departement.name),
                appartement: rates.appartement.as_ref().map(PublishedHitRate::from),
                maison: rates.maison.as_ref().map(PublishedHitRate::from),
            });
        Self {
            appartement: all(|rates| &rates.appartement),
            maison: all(|rates| &rates.maison),
            departements: rows
                .filter(|row| row.appartement.is_some() || row.maison.is_some())
                .collect(),
        }
    }
}

impl AllSales {
    fn of<'r>(rates: impl Iterator<Item = &'r stats::HitRate> + Clone) -> Option<Self> {
        let months = Months {
            first: rates.clone().map(|rate| rate.from).min()?,
            last: rates.clone().map(|rate| rate.to).max()?,
        };
        let sales: u64 = rates.clone().map(|rate| rate.sales).sum();
        let inside: u64 = rates.map(|rate| rate.inside).sum();
        let of = match is_year(months) {
            true => format!("de {}", months.first.year()),
            false => format!("de la période {}", french::span(months)),
        };
        Some(Self {
            of,
            sales,
            percent: stats::percent(inside, sales),
        })
    }
}

fn is_year(months: Months) -> bool {
    months == Months::of_year(months.first.year()) && months.first != Month::MIN
}
