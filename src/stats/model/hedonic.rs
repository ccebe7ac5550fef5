//! What a home's price owes to what it is: coefficients by département and kind, and the price that is left when they are
//! taken out, so that homes of different surfaces and rooms can be compared (docs/method.md, section 4).
//!
//! ln price = β₁ s + β₂ s² + rooms + new home + land, within groups of commune and year, by least squares with Huber
//! weights: s = ln(surface / 65 m²) for flats and ln(surface / 95 m²) for houses. What is left of ln price is `h`, the
//! logarithm of what the home would have cost had it been a flat of 65 m² with three rooms, or a house of 95 m² with four
//! rooms on 400 m² of land.

use serde::{Deserialize, Serialize};

use crate::base::kind::HomeKind;
use crate::base::rank::{NORMAL_MEDIAN, median};

/// €/m² between which a sale tells something of what a home is worth.
pub(crate) const PRICES_M2: std::ops::RangeInclusive<f64> = 300.0..=30_000.0;

/// Sales of a kind from which a territory has coefficients of its own.
pub(crate) const OWN_SALES: usize = 1_000;

/// Rounds of the fit: the weights of the last are those of coefficients that no longer move.
const ROUNDS: usize = 6;

/// Added to the diagonal, so that a feature which no sale has gets a coefficient of 0.
const RIDGE: f64 = 1e-6;

/// Residuals beyond so many scales weigh less.
const HUBER: f64 = 2.0;

/// What stands for a residual of nothing.
const NIL: f64 = 1e-9;

/// Land beyond which more of it adds nothing, and of which the estimator is not asked, m².
pub(crate) const MOST_LAND: f64 = 20_000.0;

/// The plot of the house that others are compared with, m².
pub(crate) const REFERENCE_LAND: f64 = 400.0;

/// Main rooms from which the last class begins; a coefficient a class, 0 among them.
const MOST_ROOMS: usize = 6;

/// Coefficients are multiples of one of so many parts: those that are published are those that are used.
const PARTS: f64 = 1_000.0;

/// s, s², new home; no land, g, g² of houses.
const DENSE: usize = 6;

/// Coefficients that are solved for, at most: the dense ones and the rooms but for the reference.
const MOST: usize = DENSE + MOST_ROOMS;

impl HomeKind {
    /// The surface of the home that others are compared with, m².
    const fn reference_surface(self) -> f64 {
        match self {
            Self::House => 95.0,
            Self::Flat => 65.0,
        }
    }

    /// Its main rooms.
    const fn reference_rooms(self) -> usize {
        match self {
            Self::House => 4,
            Self::Flat => 3,
        }
    }

    /// How many of the dense coefficients it has: land tells nothing of flats.
    const fn dense(self) -> usize {
        match self {
            Self::House => DENSE,
            Self::Flat => DENSE - 3,
        }
    }
}

/// What of a home explains its price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HomeTraits {
    /// Built surface, m².
    pub surface: f64,
    /// Main rooms.
    pub rooms: u8,
    /// Sold before it was built (VEFA).
    pub new: bool,
    /// Of all its plots, m²; 0 where there is none.
    pub land: f64,
}

/// What each feature adds to the logarithm of the price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coefficients {
    /// Of s, the logarithm of the surface over that of the reference: the elasticity of the price.
    pub surface: f64,
    /// Of s².
    pub surface_squared: f64,
    /// Of 0 to 5 main rooms, and of six and more; 0 for the reference.
    pub rooms: [f64; MOST_ROOMS + 1],
    /// Of a home sold before it was built.
    pub new_home: f64,
    /// Of a house without land.
    pub no_land: f64,
    /// Of g, the logarithm of the land over that of the reference.
    pub land: f64,
    /// Of g².
    pub land_squared: f64,
}

impl Coefficients {
    /// What a home's features add to the logarithm of its price.
    pub(crate) fn of(&self, kind: HomeKind, home: &HomeTraits) -> f64 {
        self.of_row(kind, &Row::new(kind, home, 0.0))
    }

    fn of_row(&self, kind: HomeKind, row: &Row) -> f64 {
        let products = self.dense().into_iter().zip(row.dense());
        let dense: f64 = products.take(kind.dense()).map(|(a, b)| a * b).sum();
        dense + self.rooms[usize::from(row.rooms)]
    }

    fn dense(&self) -> [f64; DENSE] {
        [
            self.surface,
            self.surface_squared,
            self.new_home,
            self.no_land,
            self.land,
            self.land_squared,
        ]
    }

    /// From what [`Self::dense`] gives, and the rooms.
    fn new(dense: [f64; DENSE], rooms: [f64; MOST_ROOMS + 1]) -> Self {
        let [
            surface,
            surface_squared,
            new_home,
            no_land,
            land,
            land_squared,
        ] = dense;
        Self {
            surface,
            surface_squared,
            rooms,
            new_home,
            no_land,
            land,
            land_squared,
        }
    }
}

/// A fit: coefficients and how far prices scatter around them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Fit {
    /// Rounded to a thousandth.
    pub coefficients: Coefficients,
    /// The scale of the residuals σ, in logarithms, rounded likewise.
    pub scale: f64,
    /// Sales that it comes from.
    pub sales: usize,
}

/// A sale on the way into the fit. There are millions: what follows from the rest is not kept.
struct Row {
    /// s.
    surface: f64,
    /// g.
    land: f64,
    /// ln price.
    price: f64,
    weight: f64,
    rooms: u8,
    new: bool,
    no_land: bool,
}

impl Row {
    fn new(kind: HomeKind, home: &HomeTraits, price: f64) -> Self {
        let land = home.land.min(MOST_LAND);
        let no_land = land <= 0.0;
        Self {
            surface: (home.surface / kind.reference_surface()).ln(),
            land: if no_land {
                0.0
            } else {
                land.ln_1p() - REFERENCE_LAND.ln()
            },
            price,
            weight: 1.0,
            rooms: home.rooms.min(MOST_ROOMS as u8),
            new: home.new,
            no_land,
        }
    }

    /// The features that are numbers, in the order of [`Coefficients::dense`].
    fn dense(&self) -> [f64; DENSE] {
        let flag = |is: bool| f64::from(u8::from(is));
        let Self { surface, land, .. } = *self;
        [
            surface,
            surface * surface,
            flag(self.new),
            flag(self.no_land),
            land,
            land * land,
        ]
    }
}

/// The sales of one kind that coefficients are fitted on, group after group.
pub(crate) struct Homes {
    kind: HomeKind,
    rows: Vec<Row>,
    /// Where each group ends: sales of one commune and year are compared with each other.
    ends: Vec<usize>,
}

impl Homes {
    pub(crate) fn new(kind: HomeKind) -> Self {
        Self {
            kind,
            rows: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// How many sales there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a sale to the group that is open, unless its price says nothing.
    pub(crate) fn push(&mut self, home: &HomeTraits, price: f64) {
        if PRICES_M2.contains(&(price / home.surface)) {
            self.rows.push(Row::new(self.kind, home, price.ln()));
        }
    }

    /// Ends a group.
    pub(crate) fn close_group(&mut self) {
        if self.ends.last().copied().unwrap_or(0) < self.rows.len() {
            self.ends.push(self.rows.len());
        }
    }

    /// Adds the groups of others of the kind.
    pub(crate) fn append(&mut self, other: &mut Self) {
        let before = self.rows.len();
        self.rows.append(&mut other.rows);
        self.ends
            .extend(other.ends.drain(..).map(|end| before + end));
    }

    /// The coefficients; `None` without sales.
    pub(crate) fn fit(&mut self) -> Option<Fit> {
        let mut solved = [0.0; MOST];
        let mut scale = 0.0;
        let [mut residuals, mut distances] =
            [(); 2].map(|()| Vec::<f64>::with_capacity(self.rows.len()));
        for row in &mut self.rows {
            row.weight = 1.0;
        }
        for _ in 0..ROUNDS {
            solved = self.equations().solve()?;
            self.residuals(&self.coefficients(&solved), &mut residuals);
            distances.clear();
            distances.extend(residuals.iter().map(|residual| residual.abs()));
            scale = median(&mut distances)? / NORMAL_MEDIAN;
            for (row, residual) in self.rows.iter_mut().zip(&residuals) {
                row.weight = (HUBER * scale.max(NIL) / residual.abs().max(NIL)).min(1.0);
            }
        }
        let round = |value: f64| (value * PARTS).round_ties_even() / PARTS + 0.0;
        let found = self.coefficients(&solved);
        Some(Fit {
            coefficients: Coefficients::new(found.dense().map(round), found.rooms.map(round)),
            scale: round(scale),
            sales: self.rows.len(),
        })
    }

    /// The weighted normal equations, of features less their weighted means in each group.
    fn equations(&self) -> Equations {
        let mut all = Equations::new(self.kind.dense() + MOST_ROOMS);
        let mut start = 0;
        for &end in &self.ends {
            all.add_group(self.kind, &self.rows[start..end]);
            start = end;
        }
        all
    }

    /// What is left of each price, less its weighted mean in the group.
    fn residuals(&self, coefficients: &Coefficients, left: &mut Vec<f64>) {
        left.clear();
        let mut start = 0;
        for &end in &self.ends {
            let group = &self.rows[start..end];
            let (mut sum, mut weights) = (0.0, 0.0);
            for row in group {
                let residual = row.price - coefficients.of_row(self.kind, row);
                left.push(residual);
                sum += row.weight * residual;
                weights += row.weight;
            }
            for residual in &mut left[start..end] {
                *residual -= sum / weights;
            }
            start = end;
        }
    }

    fn coefficients(&self, solved: &[f64; MOST]) -> Coefficients {
        let count = self.kind.dense();
        let mut dense = [0.0; DENSE];
        dense[..count].copy_from_slice(&solved[..count]);
        let mut rooms = [0.0; MOST_ROOMS + 1];
        for (class, value) in rooms.iter_mut().enumerate() {
            if let Some(column) = column_of_rooms(self.kind, class) {
                *value = solved[column];
            }
        }
        Coefficients::new(dense, rooms)
    }
}

/// Where a class of rooms stands among the coefficients that are solved for; nowhere the reference.
fn column_of_rooms(kind: HomeKind, class: usize) -> Option<usize> {
    let reference = kind.reference_rooms();
    (class != reference).then(|| kind.dense() + class - usize::from(class > reference))
}

/// Normal equations of least squares: the lower half of a symmetric matrix, and the right side.
struct Equations {
    size: usize,
    matrix: [[f64; MOST]; MOST],
    right: [f64; MOST],
}

impl Equations {
    fn new(size: usize) -> Self {
        Self {
            size,
            matrix: [[0.0; MOST]; MOST],
            right: [0.0; MOST],
        }
    }

    /// Adds the sales of a group. A sale is of one class of rooms, so that their columns are sums by class.
    fn add_group(&mut self, kind: HomeKind, rows: &[Row]) {
        let dense = kind.dense();
        let mut weights = [0.0; MOST_ROOMS + 1];
        let mut prices = [0.0; MOST_ROOMS + 1];
        let mut features = [[0.0; DENSE]; MOST_ROOMS + 1];
        // Of prices near their mean, products lose nothing.
        let level = rows.first().map_or(0.0, |row| row.price);
        for row in rows {
            let class = usize::from(row.rooms);
            let (price, values) = (row.price - level, row.dense());
            weights[class] += row.weight;
            prices[class] += row.weight * price;
            for (i, value) in values[..dense].iter().enumerate() {
                let weighted = row.weight * value;
                features[class][i] += weighted;
                self.right[i] += weighted * price;
                for (sum, other) in self.matrix[i].iter_mut().zip(&values[..=i]) {
                    *sum += weighted * other;
                }
            }
        }
        let mut sums = [0.0; MOST];
        for class in 0..=MOST_ROOMS {
            for (sum, of_class) in sums.iter_mut().zip(&features[class][..dense]) {
                *sum += of_class;
            }
            if let Some(column) = column_of_rooms(kind, class) {
                sums[column] = weights[class];
                self.matrix[column][column] += weights[class];
                self.right[column] += prices[class];
                for (i, of_class) in features[class][..dense].iter().enumerate() {
                    self.matrix[column][i] += of_class;
                }
            }
        }
        let weight: f64 = weights.iter().sum();
        let price: f64 = prices.iter().sum();
        for i in 0..self.size {
            self.right[i] -= sums[i] * price / weight;
            for j in 0..=i {
                self.matrix[i][j] -= sums[i] * sums[j] / weight;
            }
        }
    }

    /// By Cholesky's decomposition; `None` where the matrix is none that has one.
    fn solve(mut self) -> Option<[f64; MOST]> {
        let (n, lower, x) = (self.size, &mut self.matrix, &mut self.right);
        for i in 0..n {
            lower[i][i] += RIDGE;
            for j in 0..=i {
                let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
                let left = lower[i][j] - known;
                lower[i][j] = if i > j {
                    left / lower[j][j]
                } else if left > 0.0 {
                    left.sqrt()
                } else {
                    return None;
                };
            }
        }
        for i in 0..n {
            let known: f64 = (0..i).map(|k| lower[i][k] * x[k]).sum();
            x[i] = (x[i] - known) / lower[i][i];
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).map(|k| lower[k][i] * x[k]).sum();
            x[i] = (x[i] - known) / lower[i][i];
        }
        Some(self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANTED: Coefficients = Coefficients {
        surface: 0.7,
        surface_squared: -0.05,
        rooms: [-0.1, -0.2, -0.06, 0.02, 0.0, 0.05, 0.08],
        new_home: 0.25,
        no_land: -0.3,
        land: 0.12,
        land_squared: 0.03,
    };

    /// Numbers between 0 and 1 that are the same each time.
    fn numbers() -> impl FnMut() -> f64 {
        let mut state = 1_u64;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as f64 / (1_u64 << 24) as f64
        }
    }

    /// Houses in forty groups of a hundred, whose prices are those that the planted coefficients make but for some noise.
    fn houses(noise: f64) -> Homes {
        let mut number = numbers();
        let mut homes = Homes::new(HomeKind::House);
        for group in 0..40 {
            for sale in 0..100 {
                let home = HomeTraits {
                    surface: (50.0 + 150.0 * number()).round(),
                    rooms: 1 + (6.0 * number()) as u8,
                    new: number() < 0.1,
                    land: if number() < 0.1 {
                        0.0
                    } else {
                        (2_000.0 * number()).round()
                    },
                };
                // One in twenty is at twice the price, which tells nothing of coefficients.
                let error = noise * (number() - 0.5) + if sale % 20 == 0 { 0.7 } else { 0.0 };
                let level = 12.0 + f64::from(group) / 40.0;
                let price = level + PLANTED.of(HomeKind::House, &home) + error;
                homes.push(&home, price.exp());
            }
            homes.close_group();
        }
        homes
    }

    fn apart(found: &Coefficients) -> f64 {
        let dense = found.dense().into_iter().zip(PLANTED.dense());
        let rooms = found.rooms.into_iter().zip(PLANTED.rooms).skip(1);
        dense
            .chain(rooms)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max)
    }

    #[test]
    fn planted_coefficients_come_back() {
        let fit = houses(0.02).fit().unwrap();
        assert!(apart(&fit.coefficients) < 0.01, "{fit:?}");
        assert_eq!(fit.sales, 4_000);
        assert!((0.005..0.01).contains(&fit.scale), "{fit:?}");
        // No house has no room.
        assert_eq!(fit.coefficients.rooms[0], 0.0);
        let noisy = houses(0.5).fit().unwrap();
        assert!(apart(&noisy.coefficients) < 0.06, "{noisy:?}");
    }

    #[test]
    fn groups_brought_together_are_fitted_as_one() {
        let (mut first, mut second) = (houses(0.1), houses(0.3));
        first.append(&mut second);
        assert_eq!((first.len(), second.len()), (8_000, 0));
        assert_eq!(first.ends.len(), 80);
        assert!(apart(&first.fit().unwrap().coefficients) < 0.03);
    }

    #[test]
    fn what_says_nothing_has_no_fit() {
        let mut homes = Homes::new(HomeKind::Flat);
        let home = HomeTraits {
            surface: 50.0,
            rooms: 2,
            new: false,
            land: 0.0,
        };
        homes.push(&home, 100.0);
        homes.push(&home, 50.0 * 40_000.0);
        homes.close_group();
        assert_eq!((homes.len(), homes.fit()), (0, None));
        homes.push(&home, 200_000.0);
        homes.close_group();
        let Coefficients { surface, rooms, .. } = homes.fit().unwrap().coefficients;
        assert_eq!((surface, rooms), (0.0, [0.0; 7]));
    }

    #[test]
    fn land_counts_up_to_two_hectares_and_for_houses_only() {
        let home = |land| HomeTraits {
            surface: 95.0,
            rooms: 4,
            new: false,
            land,
        };
        let of = |kind, land| PLANTED.of(kind, &home(land));
        let two_hectares = 20_001_f64.ln() - 400_f64.ln();
        let expected = 0.12 * two_hectares + 0.03 * two_hectares.powi(2);
        assert!((of(HomeKind::House, 50_000.0) - expected).abs() < 1e-12);
        assert_eq!(of(HomeKind::House, 0.0), -0.3);
        assert_eq!(of(HomeKind::Flat, 0.0), of(HomeKind::Flat, 800.0));
    }
}
