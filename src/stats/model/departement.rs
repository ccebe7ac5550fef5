//! The sums of a département that its model rests on: made again when its sales change, and cached until then.

use serde::{Deserialize, Serialize};

use super::coded_sales::CodedSales;
use super::estimate::Covered;
use super::fits::{FitSales, Fits};
use super::levels::{Levels, SliceSale};
use super::slices::Slices;
use crate::base::kind::HomeKind;
use crate::base::month::Month;
use crate::intake::dvf::MAXIMUM_PRICE_M2;

/// What is modelled of a département by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DepartementModel {
    /// The months that it looks at.
    pub slices: Slices,
    /// Which of them the files cover.
    pub covered: Covered,
    /// Of the logarithm of the price per m² of old houses, €/m².
    pub maison: Levels,
    /// Of that of old flats.
    pub appartement: Levels,
    /// What homes are compared by, where it has sales enough.
    pub fits: Fits,
}

impl DepartementModel {
    /// From the covered months, sorted, of which there is one at least, and the sales.
    pub(crate) fn new(months: &[Month], parts: &[CodedSales<'_>]) -> Self {
        let slices = Slices::ending(months.last().copied().unwrap_or(Month::MIN));
        let kind = |kind| Levels::new(&old_homes(kind, slices, parts));
        let last = slices.months().last;
        let ((maison, appartement), fits) = rayon::join(
            || rayon::join(|| kind(HomeKind::House), || kind(HomeKind::Flat)),
            || FitSales::of(parts, last, [true; 2]).own(),
        );
        Self {
            fits,
            slices,
            covered: covered(months, slices),
            maison,
            appartement,
        }
    }

    /// The levels of a kind of home.
    pub(crate) fn levels(&self, kind: HomeKind) -> &Levels {
        match kind {
            HomeKind::House => &self.maison,
            HomeKind::Flat => &self.appartement,
        }
    }
}

/// The sales of old homes of a kind in the slices, with the logarithm of their €/m². A home is new that is sold before it is
/// built (VEFA): it gets its kind years later, and costs more.
fn old_homes<'a>(kind: HomeKind, slices: Slices, parts: &[CodedSales<'a>]) -> Vec<SliceSale<'a>> {
    let mut homes = Vec::new();
    for CodedSales { sales, communes } in parts {
        for commune in communes {
            for row in commune.rows.iter().cloned().flatten() {
                let price = sales.price_m2(row);
                let is_home = sales.kind[row] == kind.property() && !sales.new_home[row];
                if is_home
                    && price > 0.0
                    && price < MAXIMUM_PRICE_M2
                    && let Some(slice) = slices.of(sales.month[row])
                {
                    homes.push(SliceSale {
                        commune: commune.today,
                        slice,
                        value: price.ln(),
                    });
                }
            }
        }
    }
    homes
}

fn covered(months: &[Month], slices: Slices) -> Covered {
    let known = |month: &Month| months.binary_search(month).is_ok();
    Covered {
        slices: std::array::from_fn(|slice| slices.slice(slice).iter().all(|month| known(&month))),
        months: slices.months().iter().filter(|month| known(month)).count() as u32,
    }
}
