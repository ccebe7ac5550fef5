//! Prices of the sales of odd days from those of even days: `bench/method/small_area.py` prints the same of a département.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::base::rank::median;
use crate::stats::model::{CentredCommune, Constants, Levels, SliceSale, levels, with_sales};

/// Classes of communes by their sales on even days.
const CLASSES: [RangeInclusive<u32>; 5] = [0..=0, 1..=4, 5..=10, 11..=29, 30..=u32::MAX];

/// Sales from which a commune tells what lies between even and odd days.
const TELLING_SALES: u32 = 11;

/// Sales of odd days from which a class is measured.
const CLASS_SALES: usize = 10;

/// A sale of one kind with its day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DaySale<'a> {
    /// Of the commune's département and time.
    pub sale: SliceSale<'a>,
    pub departement: &'a str,
    pub day: u8,
}

/// What the sales of a class of communes say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClassError {
    /// Sales of a commune on even days.
    pub class: RangeInclusive<u32>,
    /// Sales of odd days.
    pub count: usize,
    /// Median absolute error of the price, per cent.
    pub error: f64,
}

/// The errors by class.
pub(crate) fn errors(
    sales: &[DaySale<'_>],
    communes: &[CentredCommune],
    constants: &Constants,
) -> Vec<ClassError> {
    let mut known = BTreeMap::<&str, Vec<SliceSale<'_>>>::new();
    for sale in sales.iter().filter(|sale| sale.day.is_multiple_of(2)) {
        known.entry(sale.departement).or_default().push(sale.sale);
    }
    let known: BTreeMap<&str, Levels> = known
        .into_iter()
        .map(|(departement, sales)| (departement, Levels::new(&sales)))
        .collect();
    let learned = with_sales(communes, |departement| known.get(departement));
    let estimates = levels(&learned, constants.variances);
    let estimates = communes.iter().zip(estimates);
    let estimates: BTreeMap<&str, _> = estimates
        .filter_map(|(commune, local)| {
            let cell = known
                .get(commune.departement.as_str())
                .and_then(|levels| commune.cell(levels));
            Some((commune.code.as_str(), (local?, cell)))
        })
        .collect();
    // Odd sales, each beside what is known of its commune, all in the latest slice.
    let odd = sales.iter().filter(|sale| !sale.day.is_multiple_of(2));
    let odd: Vec<_> = odd
        .filter_map(|sale| {
            let (local, cell) = estimates.get(sale.sale.commune?)?;
            let levels = known.get(sale.departement)?;
            let value = sale.sale.value - levels.to_latest(sale.sale.slice)?;
            Some((value, local, cell.as_ref()))
        })
        .collect();
    let telling = odd.iter().filter_map(|(value, _, cell)| {
        let cell = cell.filter(|cell| cell.n >= TELLING_SALES)?;
        Some(value - cell.level)
    });
    let shift = median(&mut telling.collect::<Vec<_>>()).unwrap_or_default();
    let classes = CLASSES.into_iter().filter_map(|class| {
        let own = odd
            .iter()
            .filter(|(_, _, cell)| class.contains(&cell.map_or(0, |cell| cell.n)));
        let own = own.map(|(value, local, _)| (local.level + shift - value).exp_m1().abs());
        let mut own: Vec<f64> = own.collect();
        let count = own.len();
        let error = 100.0 * median(&mut own).filter(|_| count >= CLASS_SALES)?;
        Some(ClassError {
            class,
            count,
            error,
        })
    });
    classes.collect()
}
