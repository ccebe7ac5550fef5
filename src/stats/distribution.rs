//! How many sales there are at which price, told in a way from which none can be read.
//!
//! What adds up can be subtracted: a place from a wider one, one release from the next. So what is told is how many sales
//! lie below a price in whole fives, at the prices between which nine and more then lie: at least five in truth, and at a
//! sale more nothing changes, or something at a price anywhere above it.

use super::Distribution;

/// Sales from which there are deciles and a distribution.
pub(super) const FIFTY: usize = 50;

/// Sales from which classes are narrow.
const HUNDRED: usize = 100;

/// Steps of what is told to lie below a price, and the sales that each class holds at least.
const FIVE: u64 = 5;

/// Classes before merging: all above the last are in it. 100,000 €/m², above which the method keeps no sale, and 20 million
/// euros are where it begins, or twice as high.
const CLASSES: usize = 400;

/// How wide classes are: of a hundred sales and more, and of fewer.
#[derive(Clone, Copy)]
pub(super) struct Widths {
    many: u32,
    few: u32,
}

/// Of prices per m², €/m².
pub(super) const PER_M2: Widths = Widths {
    many: 250,
    few: 500,
};

/// Of total prices, €.
pub(super) const TOTAL: Widths = Widths {
    many: 50_000,
    few: 100_000,
};

/// So many prices in classes; `None` where they are too few, or all in one.
pub(super) fn distribution(
    n: usize,
    prices: impl Iterator<Item = f64>,
    widths: Widths,
) -> Option<Distribution> {
    if n < FIFTY {
        return None;
    }
    let width = if n < HUNDRED { widths.few } else { widths.many };
    let mut classes = [0; CLASSES];
    for price in prices {
        let class = (price / f64::from(width)) as usize;
        classes[class.min(CLASSES - 1)] += 1;
    }
    let merged = merge(n as u64, &classes, width);
    (!merged.bounds.is_empty()).then_some(merged)
}

/// Classes of so many sales in all, merged from below until each may be told.
fn merge(n: u64, classes: &[u64], width: u32) -> Distribution {
    let (mut bounds, mut counts) = (Vec::new(), Vec::new());
    let (mut below, mut told) = (0, 0);
    for (bound, count) in (1..).zip(classes) {
        below += count;
        let fives = below / FIVE * FIVE;
        // What lies below a bound that is told may be four more.
        let least = if bounds.is_empty() {
            FIVE
        } else {
            2 * FIVE - 1
        };
        if fives - told >= least && n - fives >= 2 * FIVE - 1 {
            bounds.push(bound * width);
            counts.push(fives - told);
            told = fives;
        }
    }
    counts.push(n - told);
    Distribution { bounds, counts }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prices(counts: &[(u32, usize)]) -> Vec<f64> {
        let prices = counts.iter();
        prices
            .flat_map(|&(price, n)| vec![f64::from(price); n])
            .collect()
    }

    fn of(prices: &[f64], widths: Widths) -> Option<Distribution> {
        distribution(prices.len(), prices.iter().copied(), widths)
    }

    #[test]
    fn classes_are_merged_until_each_holds_five() {
        // 500 to 1,000: 3. To 1,500: 8. To 2,000: 12. To 2,500: 20. To 3,000: 4. To 3,500: 7. Far above: 6.
        let counts = [
            (999, 3),
            (1_000, 8),
            (1_999, 12),
            (2_000, 20),
            (2_500, 4),
            (3_000, 7),
            (40_000, 6),
        ];
        let sales = prices(&counts);
        assert_eq!(sales.len(), 60);
        // Below each step of 500: 3, 11, 23, 43, 47, 54; in whole fives 0, 10, 20, 40, 45, 50.
        let found = of(&sales, PER_M2).unwrap();
        assert_eq!(found.bounds, [1_500, 2_000, 2_500, 3_500]);
        assert_eq!(found.counts, [10, 10, 20, 10, 10]);
    }

    #[test]
    fn classes_are_half_as_wide_from_a_hundred_sales() {
        let few = of(
            &prices(&[(120_000, 25), (180_000, 25), (240_000, 49)]),
            TOTAL,
        )
        .unwrap();
        assert_eq!((few.bounds, few.counts), (vec![200_000], vec![50, 49]));
        let many = of(
            &prices(&[(120_000, 25), (180_000, 25), (240_000, 50)]),
            TOTAL,
        )
        .unwrap();
        assert_eq!(
            (many.bounds, many.counts),
            (vec![150_000, 200_000], vec![25, 25, 50])
        );
    }

    #[test]
    fn too_few_sales_or_all_at_one_price_have_none() {
        assert_eq!(of(&prices(&[(1_000, 25), (3_000, 24)]), PER_M2), None);
        assert_eq!(of(&prices(&[(1_000, 50)]), PER_M2), None);
        assert!(of(&prices(&[(1_000, 25), (3_000, 25)]), PER_M2).is_some());
    }

    proptest! {
        #[test]
        fn each_class_holds_five_sales_and_one_more_is_not_told(
            mut sales in prop::collection::vec(prop_oneof![0.0..6_000.0, 2_000.0..2_600.0, 0.0..200_000.0], 50..400),
            another in 0.0..7_000.0,
        ) {
            let below = |bound: u32, sales: &[f64]| {
                sales.iter().filter(|&&price| price < f64::from(bound)).count() as u64
            };
            let told = |found: &Distribution, bound: u32| -> u64 {
                let lower = found.bounds.iter().zip(&found.counts);
                lower.take_while(|(end, _)| **end <= bound).map(|(_, count)| count).sum()
            };
            if let Some(found) = of(&sales, PER_M2) {
                let n = sales.len() as u64;
                prop_assert!(found.bounds.is_sorted_by(|a, b| a < b));
                prop_assert_eq!(found.counts.len(), found.bounds.len() + 1);
                prop_assert_eq!(found.counts.iter().sum::<u64>(), n);
                prop_assert!(found.counts.iter().all(|&count| count >= FIVE));
                let mut ends = vec![0];
                ends.extend(found.bounds.iter().map(|&bound| below(bound, &sales)));
                ends.push(n);
                prop_assert!(ends.windows(2).all(|pair| pair[1] - pair[0] >= FIVE), "{ends:?}");
                for &bound in &found.bounds {
                    prop_assert_eq!(told(&found, bound), below(bound, &sales) / FIVE * FIVE);
                }
                // With one sale more, what is told below a bound at which nothing changed could hold it as well.
                sales.push(another);
                if let Some(after) = of(&sales, PER_M2).filter(|_| n != 99) {
                    for &bound in after.bounds.iter().filter(|bound| found.bounds.contains(bound)) {
                        let more = told(&after, bound) - told(&found, bound);
                        prop_assert!(more == 0 || more == FIVE);
                    }
                }
            }
        }
    }
}
