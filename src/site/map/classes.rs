//! Prices to classes of colour.

use schemars::JsonSchema;
use serde::Serialize;

/// Classes of colour in the style sheet.
const COLOURS: usize = 6;

/// Classes that hold as many prices each, as far as their bounds in hundreds of euros allow: fewer than six where prices are
/// few or close together.
#[derive(Debug, PartialEq)]
pub(in crate::site) struct Classes {
    /// €/m², ascending: a price is in the class after the last that it reaches.
    bounds: Vec<u32>,
}

/// A class in the legend.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(in crate::site) struct LegendStep {
    /// Its colour.
    class: usize,
    /// €/m²; `None` of the cheapest class.
    from: Option<u32>,
    /// €/m²; `None` of the dearest.
    below: Option<u32>,
}

impl Classes {
    /// The classes of some prices, in €/m².
    pub(in crate::site) fn of(mut prices: Vec<u32>) -> Self {
        prices.sort_unstable();
        let bounds = (1..COLOURS).filter_map(|number| {
            let price = prices.get(prices.len() * number / COLOURS)?;
            Some((price + 50) / 100 * 100)
        });
        let mut bounds: Vec<_> = bounds.collect();
        bounds.dedup();
        // No class without a price.
        let reached = |bound: &u32| {
            prices.first().is_some_and(|price| price < bound)
                && prices.last().is_some_and(|price| price >= bound)
        };
        bounds.retain(reached);
        Self { bounds }
    }

    /// The colour of a price.
    pub(in crate::site) fn of_price(&self, price: u32) -> usize {
        self.colour(self.bounds.partition_point(|bound| *bound <= price))
    }

    /// The colour of a class: the cheapest has the first and the dearest the last, however many there are.
    fn colour(&self, class: usize) -> usize {
        match self.bounds.len() {
            0 => COLOURS / 2,
            last => (class * (COLOURS - 1) + last / 2) / last,
        }
    }

    /// What the colours stand for, from the cheapest to the dearest.
    pub(in crate::site) fn legend(&self) -> Vec<LegendStep> {
        let steps = 0..=self.bounds.len();
        let step = |number: usize| LegendStep {
            class: self.colour(number),
            from: number.checked_sub(1).map(|number| self.bounds[number]),
            below: self.bounds.get(number).copied(),
        };
        steps.map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_classes_hold_as_many_prices_each() {
        let classes = Classes::of((0..600).map(|n| 1_000 + 10 * n).collect());
        assert_eq!(classes.bounds, [2_000, 3_000, 4_000, 5_000, 6_000]);
        assert_eq!(
            [1_000, 1_999, 2_000, 6_990].map(|price| classes.of_price(price)),
            [0, 0, 1, 5]
        );
        let legend = classes.legend();
        assert_eq!((legend[0].from, legend[0].below), (None, Some(2_000)));
        assert_eq!((legend[5].from, legend[5].below), (Some(6_000), None));
    }

    #[test]
    fn few_prices_have_fewer_classes_and_the_outer_colours() {
        let two = Classes::of(vec![2_130, 3_420]);
        assert_eq!(two.bounds, [3_400]);
        assert_eq!([2_130, 3_420].map(|price| two.of_price(price)), [0, 5]);
        let alike = Classes::of(vec![2_110, 2_120, 2_130]);
        assert_eq!((alike.bounds.len(), alike.of_price(2_120)), (0, 3));
        assert_eq!(alike.legend().len(), 1);
        assert_eq!(Classes::of(Vec::new()).bounds, [0; 0]);
        let three = Classes::of(vec![1_000, 2_000, 3_000]);
        assert_eq!(
            [1_000, 2_000, 3_000].map(|price| three.of_price(price)),
            [0, 3, 5]
        );
    }
}
