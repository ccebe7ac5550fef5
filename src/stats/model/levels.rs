//! The level of each commune of a département: the median of something that every sale has (the logarithm of its €/m², or of
//! its price for a comparable home), with all sales brought to the département's latest slice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::slices::SLICES;
use crate::base::rank::median;

/// Sales from which a commune has a level of its own, and from which its year has one.
pub(crate) const OWN_SALES: u32 = 5;

/// A sale of one kind in the slices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SliceSale<'a> {
    /// Today's commune; `None` where the geography knows none, so that it counts for the département only.
    pub commune: Option<&'a str>,
    /// The slice it was made in.
    pub slice: usize,
    /// What is compared, a logarithm.
    pub value: f64,
}

/// The levels of a département and of its communes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Levels {
    /// The median of each slice, the oldest first; `None` without sales.
    pub medians: [Option<f64>; SLICES],
    /// Communes with sales in the slices, by code.
    pub communes: BTreeMap<String, Cell>,
}

/// The sales of a commune in the slices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cell {
    /// How many they are.
    pub n: u32,
    /// The median of what they have, each brought to the latest slice by the département's medians.
    pub level: f64,
    /// Slices with [`OWN_SALES`] at least: their number, how many sales they have and the median of these, as it was then.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub slices: Vec<(usize, u32, f64)>,
}

impl Levels {
    /// Those that some sales make.
    pub(crate) fn new(sales: &[SliceSale<'_>]) -> Self {
        let mut by_slice = [const { Vec::new() }; SLICES];
        for sale in sales {
            by_slice[sale.slice].push(sale.value);
        }
        let medians = by_slice.map(|mut values| median(&mut values));
        let mut levels = Self {
            medians,
            communes: BTreeMap::new(),
        };
        let mut by_commune = BTreeMap::<&str, Vec<&SliceSale<'_>>>::new();
        for sale in sales {
            if let Some(commune) = sale.commune {
                by_commune.entry(commune).or_default().push(sale);
            }
        }
        levels.communes = by_commune
            .into_iter()
            .map(|(commune, sales)| (commune.to_owned(), levels.cell(&sales)))
            .collect();
        levels
    }

    fn cell(&self, sales: &[&SliceSale<'_>]) -> Cell {
        let brought = sales
            .iter()
            .map(|sale| sale.value - self.to_latest(sale.slice).unwrap_or(0.0));
        let mut brought: Vec<f64> = brought.collect();
        let slices = (0..SLICES).filter_map(|slice| {
            let own = sales.iter().filter(|sale| sale.slice == slice);
            let mut own: Vec<f64> = own.map(|sale| sale.value).collect();
            let n = own.len() as u32;
            let median = median(&mut own).filter(|_| n >= OWN_SALES)?;
            Some((slice, n, median))
        });
        Cell {
            n: sales.len() as u32,
            level: median(&mut brought).unwrap_or_default(),
            slices: slices.collect(),
        }
    }

    /// How far the département was from its latest median in a slice; `None` where the slice has no sale.
    pub(crate) fn to_latest(&self, slice: usize) -> Option<f64> {
        let latest = self.medians.iter().rev().find_map(|median| *median)?;
        Some(self.medians[slice]? - latest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(commune: Option<&str>, slice: usize, value: f64) -> SliceSale<'_> {
        SliceSale {
            commune,
            slice,
            value,
        }
    }

    #[test]
    fn sales_are_brought_to_the_latest_slice() {
        let mut sales = vec![
            sale(Some("a"), 0, 1.0),
            sale(Some("b"), 0, 3.0),
            sale(None, 0, 2.0),
            sale(Some("a"), 3, 2.5),
            sale(Some("b"), 3, 3.5),
        ];
        let levels = Levels::new(&sales);
        assert_eq!(levels.medians, [Some(2.0), None, None, Some(3.0), None]);
        assert_eq!(levels.to_latest(0), Some(-1.0));
        assert_eq!(levels.to_latest(1), None);
        // 1 + 1 and 2.5; 3 + 1 and 3.5.
        assert_eq!(levels.communes["a"].level, 2.25);
        assert_eq!(levels.communes["b"].level, 3.75);
        assert_eq!(levels.communes["b"].n, 2);
        assert!(levels.communes["b"].slices.is_empty());
        sales.extend([3.0; 4].map(|value| sale(Some("a"), 3, value)));
        let levels = Levels::new(&sales);
        assert_eq!(levels.communes["a"].slices, [(3, 5, 3.0)]);
        assert_eq!(Levels::new(&[]), Levels::default());
    }
}
