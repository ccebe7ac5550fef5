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
    pub communes: BTreeMap<String, CommuneSlices>,
}

/// The sales of a commune in the slices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct CommuneSlices {
    /// How many they are.
    pub n: u32,
    /// The median of what they have, each brought to the latest slice by the département's medians.
    pub level: f64,
    /// Slices with [`OWN_SALES`] at least: their number, how many sales they have and the median of these, as it was then.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub slices: Vec<(usize, u32, f64)>,
}

impl Levels {
    /// The levels that some sales make.
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
        // Sales come commune by commune, but for those with former codes: there are few runs, and a look at the map for each.
        let mut by_commune = BTreeMap::<&str, Vec<&[SliceSale<'_>]>>::new();
        for run in sales.chunk_by(|a, b| a.commune == b.commune) {
            if let Some(commune) = run[0].commune {
                by_commune.entry(commune).or_default().push(run);
            }
        }
        let to_latest = levels.all_to_latest();
        levels.communes = by_commune
            .into_iter()
            .map(|(commune, runs)| (commune.to_owned(), CommuneSlices::new(&runs, &to_latest)))
            .collect();
        levels
    }

    /// What [`Self::to_latest`] gives of each slice; 0 where it has no sale.
    pub(crate) fn all_to_latest(&self) -> [f64; SLICES] {
        std::array::from_fn(|slice| self.to_latest(slice).unwrap_or(0.0))
    }

    /// How far the département was from its latest median in a slice; `None` where the slice has no sale.
    pub(crate) fn to_latest(&self, slice: usize) -> Option<f64> {
        let latest = self.medians.iter().rev().find_map(|median| *median)?;
        Some(self.medians[slice]? - latest)
    }
}

impl CommuneSlices {
    /// From the sales of a commune, and how far its département was from its latest median in each slice.
    fn new(runs: &[&[SliceSale<'_>]], to_latest: &[f64; SLICES]) -> Self {
        let sales = || runs.iter().copied().flatten();
        let mut counts = [0; SLICES];
        let mut values = Vec::new();
        for sale in sales() {
            counts[sale.slice] += 1;
            values.push(sale.value - to_latest[sale.slice]);
        }
        let n = values.len() as u32;
        let level = median(&mut values).unwrap_or_default();
        let slices = (0..SLICES).filter_map(|slice| {
            if counts[slice] < OWN_SALES {
                return None;
            }
            values.clear();
            let own = sales().filter(|sale| sale.slice == slice);
            values.extend(own.map(|sale| sale.value));
            Some((slice, counts[slice], median(&mut values)?))
        });
        Self {
            n,
            level,
            slices: slices.collect(),
        }
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
