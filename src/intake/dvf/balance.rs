//! What goes and what comes with a file, commune by commune: where nothing comes and much goes, the file was cut; where more
//! goes than comes, it may be an older edition.

use std::collections::BTreeMap;

use super::cells::Cells;
use crate::base::month::HalfYear;
use crate::geo::Geography;

/// Mutations that may go from a file of any size.
const FEWEST: u64 = 10;

/// Per cent of the mutations that may go. An edition that brings nothing at all, in no commune and half-year, withdraws next
/// to nothing either, while a year of Toulon or of the Val-d'Oise that is cut after 97 % of its lines loses 0.8 to 3 %, and
/// after 99 % some 0.3 %: its last lines are mostly deeds of the last months.
const SHARE: f64 = 0.3;

/// The mutations of the same months and territory, before and after.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Balance {
    pub(super) before: u64,
    pub(super) after: u64,
    /// Whether a commune of today has more in some half-year than before.
    pub(super) is_gain: bool,
}

impl Balance {
    /// Of what the database has and what a file has.
    pub(super) fn of(before: &Cells, after: &Cells, geography: &Geography) -> Self {
        let (before, after) = (counts(before, geography), counts(after, geography));
        let known = |place| before.get(place).copied().unwrap_or_default();
        Self {
            before: before.values().sum(),
            after: after.values().sum(),
            is_gain: after.iter().any(|(place, count)| *count > known(place)),
        }
    }

    /// How many mutations go on balance, where these are more than an edition withdraws; `told` of them are told otherwise.
    pub(super) fn lost(&self, told: u64) -> Option<u64> {
        let lost = self.before.saturating_sub(self.after + told);
        let most = self.before as f64 * SHARE / 100.0;
        (lost >= FEWEST && lost as f64 > most).then_some(lost)
    }
}

/// Mutations by commune of today, or by the code in the file where there is none, and half-year.
fn counts<'a>(cells: &'a Cells, geography: &'a Geography) -> BTreeMap<(&'a str, HalfYear), u64> {
    let mut counts = BTreeMap::new();
    for ((_, half), cell) in &cells.0 {
        for (code, count) in &cell.communes {
            let today = geography.current(code);
            let today = today.map_or(code.as_str(), |commune| commune.code.as_str());
            *counts.entry((today, *half)).or_default() += count;
        }
    }
    counts
}
