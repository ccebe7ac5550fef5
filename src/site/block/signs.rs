//! What the signs in a table of prices stand for: each is explained under the table that it is in.

use schemars::JsonSchema;
use serde::Serialize;

use crate::stats::Headline;

/// `….signs` of a table in the templates: the signs that are in it.
#[derive(Clone, Copy, Default, Serialize, JsonSchema)]
pub(crate) struct Signs {
    /// A median that is known to be fragile.
    fragile: bool,
    /// The fewest sales that a price is of: the template knows whether they make it fragile.
    fewest: Option<u64>,
    /// There are sales, too few for a price.
    withheld: bool,
    /// There is no sale.
    unsold: bool,
    /// The sales are of more than twelve months.
    extended: bool,
    /// A price is an estimate.
    estimated: bool,
}

impl Signs {
    /// Takes in a count of sales, and whether their price is published.
    pub(super) fn see(&mut self, volume: u64, priced: bool) {
        match volume {
            0 => self.unsold = true,
            _ if priced => self.fewest = Some(self.fewest.map_or(volume, |n| n.min(volume))),
            _ => self.withheld = true,
        }
    }

    /// Takes in the median of a place, or the estimate that stands in its place.
    pub(super) fn see_price(&mut self, cell: Option<&Headline>, estimate: Option<u32>) {
        match cell {
            _ if estimate.is_some() => self.estimated = true,
            None => self.unsold = true,
            Some(cell) if cell.median.is_none() => self.withheld = true,
            Some(cell) => {
                self.fragile |= cell.fragile;
                self.extended |= cell.covered > 12;
            }
        }
    }
}
