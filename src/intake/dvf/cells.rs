//! Sales by département and half-year, as the gates look at them.

use std::collections::{BTreeMap, BTreeSet};

use super::content::DvfContent;
use crate::base::kind::PropertyKind;
use crate::base::month::{HalfYear, Month};
use crate::base::rank::median;
use crate::base::run::Counted;
use crate::geo;

/// The kinds of property that make sales, and what several of each are called.
pub const SALE_KINDS: [(PropertyKind, &str); 3] = [
    (PropertyKind::House, "houses"),
    (PropertyKind::Flat, "flats"),
    (PropertyKind::Business, "business premises"),
];

/// What the sales of a kind are counted as.
pub(super) fn counted(kind: PropertyKind) -> Counted {
    match kind {
        PropertyKind::House => Counted::Houses,
        PropertyKind::Flat => Counted::Flats,
        PropertyKind::Business => Counted::Business,
        PropertyKind::Outbuilding => Counted::Mutations,
    }
}

/// A département, by its code, and a half-year.
pub type CellKey = (String, HalfYear);

/// What a file, or the database, has of a département and half-year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SalesCell {
    /// Mutations by the name of their nature.
    pub natures: BTreeMap<String, u64>,
    /// Mutations of each month.
    pub months: BTreeMap<Month, u64>,
    /// Mutations of each commune, by its code in the file.
    pub communes: BTreeMap<String, u64>,
    /// The prices of the sales of each kind, €/m².
    pub prices: BTreeMap<PropertyKind, Vec<f64>>,
}

/// A mutation, as far as the gates look at it.
#[derive(Clone, Copy, Debug)]
pub struct CellMutation<'a> {
    /// The commune's code in the file.
    pub commune: &'a str,
    /// The month of the deed.
    pub month: Month,
    /// The name of its nature.
    pub nature: &'a str,
    /// Its kind and €/m², where it is a sale.
    pub sale: Option<(PropertyKind, f64)>,
}

impl SalesCell {
    /// Mutations, whether the method keeps them or not.
    pub fn mutations(&self) -> u64 {
        self.natures.values().sum()
    }

    /// Sales of a kind.
    pub fn sales(&self, kind: PropertyKind) -> u64 {
        self.prices.get(&kind).map_or(0, Vec::len) as u64
    }

    /// What is counted: the mutations, and the sales of each kind.
    pub fn counts(&self) -> EditionCounts {
        EditionCounts {
            mutations: self.mutations(),
            sales: SALE_KINDS.map(|(kind, _)| self.sales(kind)),
        }
    }

    /// The median price of each kind that has sales enough for a median that chance moves little.
    pub fn medians(&self) -> Medians {
        SALE_KINDS.map(|(kind, _)| {
            let prices = self.prices.get(&kind)?;
            (prices.len() >= MANY_PRICES).then(|| median(&mut prices.clone()))?
        })
    }

    /// Adds a mutation.
    pub fn add(&mut self, mutation: CellMutation<'_>) {
        count(&mut self.natures, mutation.nature);
        count(&mut self.communes, mutation.commune);
        *self.months.entry(mutation.month).or_default() += 1;
        if let Some((kind, price_m2)) = mutation.sale {
            self.prices.entry(kind).or_default().push(price_m2);
        }
    }

    /// Adds what another has, but for its communes: they are of one département.
    pub fn join(&mut self, other: &Self) {
        for (nature, count) in &other.natures {
            *self.natures.entry(nature.clone()).or_default() += count;
        }
        for (month, count) in &other.months {
            *self.months.entry(*month).or_default() += count;
        }
        for (kind, prices) in &other.prices {
            self.prices.entry(*kind).or_default().extend(prices);
        }
    }
}

/// Counts one more of a name, which most often is there already.
fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

/// Sales from which on the chance part of a median's move is small beside the limit: with 30 before and after, 16 % are one
/// standard deviation.
pub(super) const MANY_PRICES: usize = 30;

/// The median prices of a département and a half-year, €/m², in the order of [`SALE_KINDS`]; none of few sales.
pub type Medians = [Option<f64>; SALE_KINDS.len()];

/// How much an edition has of a département, or of a commune, and a half-year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EditionCounts {
    /// Mutations.
    pub mutations: u64,
    /// Sales, in the order of [`SALE_KINDS`].
    pub sales: [u64; 3],
}

impl EditionCounts {
    /// The larger of each count.
    pub fn max(self, other: Self) -> Self {
        let [a, b] = [self.sales, other.sales];
        Self {
            mutations: self.mutations.max(other.mutations),
            sales: [a[0].max(b[0]), a[1].max(b[1]), a[2].max(b[2])],
        }
    }

    /// The counts with what is counted, and what several of it are called.
    pub fn named(self) -> impl Iterator<Item = (Counted, &'static str, u64)> {
        let sales = SALE_KINDS.into_iter().zip(self.sales);
        std::iter::once((Counted::Mutations, "mutations", self.mutations))
            .chain(sales.map(|((kind, name), count)| (counted(kind), name, count)))
    }
}

/// Départements and half-years.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells(pub BTreeMap<CellKey, SalesCell>);

impl Cells {
    /// The cells of a file.
    pub fn of(content: &DvfContent) -> Self {
        let mut cells = CellsBuilder::default();
        for mutation in &content.mutations {
            let (commune, month) = (mutation.commune, Month::of(mutation.date));
            let price = mutation
                .price_m2()
                .filter(|_| mutation.exclusion().is_none());
            cells.add(
                HalfYear::of(month),
                CellMutation {
                    commune: commune.as_str(),
                    month,
                    nature: &content.natures[usize::from(mutation.nature.0)],
                    sale: mutation.kind.zip(price),
                },
            );
        }
        cells.finish()
    }

    /// The codes of the départements.
    pub fn departements(&self) -> BTreeSet<&str> {
        self.0.keys().map(|(code, _)| code.as_str()).collect()
    }
}

/// Makes cells of mutations, which mostly come in the order of their communes and months: those of one commune and half-year
/// are counted by themselves before they join their cell.
#[derive(Default)]
pub struct CellsBuilder {
    cells: Cells,
    commune: String,
    half: Option<HalfYear>,
    run: SalesCell,
}

impl CellsBuilder {
    /// Adds a mutation to the cell of its département and a half-year.
    pub fn add(&mut self, half: HalfYear, mutation: CellMutation<'_>) {
        if self.half != Some(half) || self.commune != mutation.commune {
            self.join();
            mutation.commune.clone_into(&mut self.commune);
            self.half = Some(half);
        }
        self.run.add(mutation);
    }

    /// The cells.
    pub fn finish(mut self) -> Cells {
        self.join();
        self.cells
    }

    fn join(&mut self) {
        let Some(half) = self.half else {
            return;
        };
        let run = std::mem::take(&mut self.run);
        let departement = geo::departement_of(&self.commune).to_owned();
        let cell = self.cells.0.entry((departement, half)).or_default();
        cell.join(&run);
        for (commune, count) in run.communes {
            *cell.communes.entry(commune).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutations_come_in_any_order() {
        let mutations = [
            ("95127", 1, "Vente", Some((PropertyKind::Flat, 3_000.0))),
            ("95018", 7, "Vente", None),
            ("95127", 2, "Echange", None),
            ("95127", 8, "Vente", Some((PropertyKind::House, 2_000.0))),
            ("83137", 1, "Vente", Some((PropertyKind::Flat, 3_500.0))),
            ("95018", 1, "Vente", Some((PropertyKind::Flat, 3_000.0))),
        ];
        let of = |order: &[usize]| {
            let mut cells = CellsBuilder::default();
            for (commune, month, nature, sale) in order.iter().map(|&index| mutations[index]) {
                let month = Month::january(2025) + (month - 1);
                let mutation = CellMutation {
                    commune,
                    month,
                    nature,
                    sale,
                };
                cells.add(HalfYear::of(month), mutation);
            }
            cells.finish()
        };
        let cells = of(&[0, 1, 2, 3, 4, 5]);
        for order in [[5, 0, 4, 1, 3, 2], [0, 2, 3, 5, 1, 4]] {
            assert_eq!(of(&order), cells);
        }
        let first = HalfYear::of(Month::january(2025));
        let cell = &cells.0[&("95".to_owned(), first)];
        assert_eq!((cell.mutations(), cell.communes["95127"]), (3, 2));
        assert_eq!(cell.sales(PropertyKind::Flat), 2);
        assert_eq!(of(&[]), Cells::default());
    }
}
