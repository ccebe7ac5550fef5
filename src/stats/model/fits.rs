//! Which coefficients the homes of each département are compared by: its own, its région's, or France's.

use serde::{Deserialize, Serialize};

use super::coded_sales::CodedSales;
use super::estimator::CoefficientsOf;
use super::hedonic::{Fit, Homes, OWN_SALES};
use super::homes::to_fit;
use crate::base::kind::HomeKind;
use crate::base::month::Month;

/// Sales of a kind that all of France needs for coefficients: some ten for each.
const FRANCE_SALES: usize = 100;

/// Months that the estimator of a year ago does not know.
pub(crate) const TESTED: i16 = 12;

/// A fit of each kind, in the order of [`HomeKind::ALL`]: of all sales, and of those of up to a year ago.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Fits {
    pub now: [Option<Fit>; 2],
    pub before: [Option<Fit>; 2],
}

/// A fit and whose it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FitUsed {
    pub fit: Fit,
    pub from: CoefficientsOf,
}

/// The fits that a département uses, like [`Fits`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct FitsUsed {
    pub now: [Option<FitUsed>; 2],
    pub before: [Option<FitUsed>; 2],
}

/// The sales that a fit comes from, of one territory after another.
pub(crate) struct FitSales {
    now: [Homes; 2],
    before: [Homes; 2],
}

impl FitSales {
    pub(crate) fn new() -> Self {
        let none = || HomeKind::ALL.map(Homes::new);
        Self {
            now: none(),
            before: none(),
        }
    }

    /// The sales of a département whose last covered month is known; of the kinds that are wanted only.
    pub(crate) fn of(parts: &[CodedSales<'_>], last: Month, wanted: [bool; 2]) -> Self {
        let homes = |last| {
            HomeKind::ALL.map(|kind| match wanted[kind as usize] {
                true => to_fit(kind, parts, last),
                false => Homes::new(kind),
            })
        };
        Self {
            now: homes(last),
            before: homes(last - TESTED),
        }
    }

    /// Adds those of another territory.
    pub(crate) fn append(&mut self, mut other: Self) {
        let sides = [
            (&mut self.now, &mut other.now),
            (&mut self.before, &mut other.before),
        ];
        for (own, other) in sides {
            for (own, other) in own.iter_mut().zip(other) {
                own.append(other);
            }
        }
    }

    fn fits(mut self, least: usize) -> Fits {
        let fit = |homes: &mut Homes| (homes.len() >= least).then(|| homes.fit()).flatten();
        let both = |[houses, flats]: &mut [Homes; 2]| {
            let (houses, flats) = rayon::join(|| fit(houses), || fit(flats));
            [houses, flats]
        };
        let (now, before) = rayon::join(|| both(&mut self.now), || both(&mut self.before));
        Fits { now, before }
    }

    /// The fits of a département or a région, where it has sales enough.
    pub(crate) fn own(self) -> Fits {
        self.fits(OWN_SALES)
    }

    /// The fits of France.
    pub(crate) fn of_france(self) -> Fits {
        self.fits(FRANCE_SALES)
    }
}

impl Fits {
    /// The kinds of which a fit is missing.
    pub(crate) fn missing(&self) -> [bool; 2] {
        [0, 1].map(|kind| self.now[kind].is_none() || self.before[kind].is_none())
    }
}

impl FitsUsed {
    /// The first of some fits that is there: the département's, the région's, France's.
    pub(crate) fn first(of: [(Option<&Fits>, CoefficientsOf); 3]) -> Self {
        let first = |take: fn(&Fits) -> &[Option<Fit>; 2]| {
            [0, 1].map(|kind| {
                of.iter().find_map(|(fits, from)| {
                    let fit = take((*fits)?)[kind]?;
                    Some(FitUsed { fit, from: *from })
                })
            })
        };
        Self {
            now: first(|fits| &fits.now),
            before: first(|fits| &fits.before),
        }
    }
}
