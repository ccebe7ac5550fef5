//! The old homes of a département, as they are compared today and as they were a year ago.

use std::ops::Range;

use super::coded_sales::CodedSales;
use super::fits::{FitUsed, FitsUsed, TESTED};
use super::homes::OldHomes;
use super::slices::Slices;
use crate::base::kind::HomeKind;
use crate::base::month::{Month, Months};

/// The old homes of a département, by the coefficients that it uses.
pub(crate) struct DepartementHomes<'a> {
    /// The département.
    pub code: &'a str,
    /// Its last covered month.
    pub last: Month,
    /// Codes that stand in the files, with today's commune of each, if the geography knows one.
    pub sources: &'a [(&'a str, Option<&'a str>)],
    pub fits: FitsUsed,
    now: [OldHomes; 2],
    /// By the coefficients of a year ago.
    before: [OldHomes; 2],
}

impl<'a> DepartementHomes<'a> {
    pub(crate) fn new(
        code: &'a str,
        last: Month,
        sources: &'a [(&'a str, Option<&'a str>)],
        fits: FitsUsed,
        parts: &[CodedSales<'_>],
    ) -> Self {
        let homes = |fits: [Option<FitUsed>; 2], months| {
            HomeKind::ALL.map(|kind| {
                let fit = fits[kind as usize];
                fit.map_or_else(OldHomes::default, |used| {
                    OldHomes::new(kind, &used.fit.coefficients, parts, months)
                })
            })
        };
        let earliest = Slices::ending(last - TESTED).months().first;
        Self {
            code,
            last,
            sources,
            fits,
            now: homes(fits.now, Months::ALL),
            before: homes(fits.before, Months::since(earliest)),
        }
    }

    /// Its old homes of a kind, by the coefficients of today or of a year ago.
    pub(crate) fn homes(&self, kind: HomeKind, known: KnownSales) -> &OldHomes {
        match known {
            KnownSales::All => &self.now[kind as usize],
            KnownSales::YearAgo => &self.before[kind as usize],
        }
    }

    /// Rows of some of its homes, those of a code that stands in the files side by side, with its commune, if the geography
    /// knows one. A commune may have several codes.
    pub(crate) fn runs<'d>(
        &'d self,
        homes: &'d OldHomes,
    ) -> impl Iterator<Item = (Option<&'a str>, Range<usize>)> + use<'a, 'd> {
        let sources = self.sources.iter();
        sources.map(move |&(code, today)| (today, homes.rows(code)))
    }
}

/// What is known of prices: all, or what was known a year ago.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KnownSales {
    All,
    YearAgo,
}

impl KnownSales {
    /// The slices of a département that are known, of which this is the last covered month.
    pub(crate) fn slices(self, last: Month) -> Slices {
        Slices::ending(match self {
            Self::All => last,
            Self::YearAgo => last - TESTED,
        })
    }
}
