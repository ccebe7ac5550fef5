//! What a budget buys: the surface at the price of the page, median or estimate, and the share of sales at that price or less.

use schemars::JsonSchema;
use serde::Serialize;

use crate::site::french;
use crate::stats::{Figures, KindModelled, Segment};

/// Budgets that may be shown, €.
const BUDGETS: [u32; 12] = [
    50_000, 100_000, 150_000, 200_000, 250_000, 300_000, 400_000, 500_000, 600_000, 800_000,
    1_000_000, 1_500_000,
];

/// How many are.
const SHOWN: usize = 5;

/// `figures.budget` in the templates; no rows without a price that is sure enough. Rows are `budgets` in the data file.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Budget {
    pub rows: Vec<BudgetRow>,
    flats: bool,
    houses: bool,
    /// Whether shares of the sales of flats are told, and of those of houses.
    flats_shares: bool,
    houses_shares: bool,
    /// The one that the others are around.
    middle: usize,
    /// When the sales were of which a share is told, where both kinds' are of the same months.
    during: Option<String>,
}

/// A budget.
#[derive(Serialize, JsonSchema)]
#[schemars(
    description = "Ce qu’un budget achète au prix que donne la page, estimé ou médian, là où la médiane n’est pas fragile."
)]
pub(crate) struct BudgetRow {
    #[schemars(description = "Budget, €.")]
    budget: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    appartement: Option<Bought>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maison: Option<Bought>,
}

/// What it buys of one kind of home.
#[derive(Serialize, JsonSchema)]
#[schemars(description = "")]
struct Bought {
    #[schemars(description = "Surface au prix que donne la page, estimé ou médian, m².")]
    surface: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Part des ventes de la fenêtre conclues sous ce prix, en pour cent, à cinq ventes près ; absente là où elle ne se publie pas."
    )]
    percent: Option<u64>,
}

impl From<&Figures> for Budget {
    fn from(figures: &Figures) -> Self {
        let homes = [false, true].map(|house| figures.home(house));
        let kinds = homes.map(|(segment, _)| segment);
        let known = homes.map(|home| price(home).is_some());
        let prices: Vec<_> = homes.into_iter().filter_map(median_price).collect();
        let Some(middle) = middle(&prices) else {
            return Self {
                rows: Vec::new(),
                flats: false,
                houses: false,
                flats_shares: false,
                houses_shares: false,
                middle: 0,
                during: None,
            };
        };
        let start = middle.saturating_sub(SHOWN / 2).min(BUDGETS.len() - SHOWN);
        let rows = (start..start + SHOWN).map(|number| {
            let budget = BUDGETS[number];
            let [appartement, maison] = homes.map(|home| Bought::of(home, budget));
            BudgetRow {
                budget,
                appartement,
                maison,
            }
        });
        let windows: Vec<_> = kinds
            .iter()
            .filter(|segment| segment.price_distribution.is_some())
            .filter_map(|segment| segment.current.as_ref())
            .map(|current| [current.from, current.to])
            .collect();
        let [flats_shares, houses_shares] =
            kinds.map(|segment| segment.price_distribution.is_some());
        let same = windows.windows(2).all(|pair| pair[0] == pair[1]);
        Self {
            rows: rows.collect(),
            flats: known[0],
            houses: known[1],
            flats_shares,
            houses_shares,
            middle: middle - start,
            during: windows
                .first()
                .filter(|_| same)
                .map(|&months| french::during(months.into())),
        }
    }
}

/// What was observed and what is modelled of a kind of home.
type Home<'a> = (&'a Segment, &'a KindModelled);

/// The €/m² that the page gives for a kind of home, where its median is not fragile: the estimate, or else the median.
fn price((segment, modelled): Home<'_>) -> Option<u32> {
    let current = segment.current.as_ref()?;
    let median = current.median.filter(|_| !current.fragile)?;
    let estimate = modelled.estimate.as_ref();
    Some(estimate.map_or(median, |estimate| estimate.price))
}

/// Its median price, €, likewise.
fn median_price(home: Home<'_>) -> Option<u64> {
    price(home)?;
    home.0.current.as_ref()?.median_price
}

/// The budget nearest to the mean of the medians, so that both kinds are within reach.
fn middle(prices: &[u64]) -> Option<usize> {
    let count = prices.len() as u64;
    let mean = prices.iter().sum::<u64>().checked_div(count)?;
    (0..BUDGETS.len()).min_by_key(|&number| mean.abs_diff(BUDGETS[number].into()))
}

impl Bought {
    fn of(home: Home<'_>, budget: u32) -> Option<Self> {
        let price = price(home)?;
        // What is told of a bound of the distribution tells of no sale; of other prices nothing may be told.
        let percent = home.0.price_distribution.as_ref().and_then(|prices| {
            let below = prices.bounds.iter().position(|&bound| bound == budget)?;
            let sales: u64 = prices.counts[..=below].iter().sum();
            let all = prices.counts.iter().sum::<u64>().max(1);
            Some((100 * sales + all / 2) / all)
        });
        Some(Self {
            surface: (budget + price / 2) / price,
            percent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_around_the_median_prices() {
        assert_eq!(
            middle(&[185_000, 312_000]).map(|number| BUDGETS[number]),
            Some(250_000)
        );
        assert_eq!(middle(&[40_000]), Some(0));
        assert_eq!(middle(&[]), None);
    }
}
