//! The months that a model looks at: five slices of twelve, up to the last covered month of a département.

use serde::{Deserialize, Serialize};

use crate::base::month::{Month, Months};

/// How many slices there are.
pub(crate) const SLICES: usize = 5;

/// Months of a slice.
const LENGTH: i16 = 12;

/// Five slices of twelve months, the oldest first: calendar years, where the files hold whole years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Slices {
    /// The last month of the last one.
    last: Month,
}

impl Slices {
    /// The slices that end with a month.
    pub(crate) fn ending(last: Month) -> Self {
        Self { last }
    }

    /// All their months.
    pub(crate) fn months(self) -> Months {
        Months::ending(self.last, LENGTH * SLICES as i16)
    }

    /// The months of one of them.
    pub(crate) fn slice(self, number: usize) -> Months {
        let later = (SLICES - 1 - number) as i16;
        Months::ending(self.last - LENGTH * later, LENGTH)
    }

    /// The one that a month is in.
    pub(crate) fn of(self, month: Month) -> Option<usize> {
        let months = self.months();
        months
            .contains(month)
            .then(|| ((month - months.first) / LENGTH) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_the_years_of_whole_years() {
        let slices = Slices::ending(Month::january(2026) - 1);
        assert_eq!(slices.slice(0), Months::of_year(2021));
        assert_eq!(slices.slice(4), Months::of_year(2025));
        for (month, slice) in [
            (Month::january(2021) - 1, None),
            (Month::january(2021), Some(0)),
            (Month::january(2024) + 11, Some(3)),
            (Month::january(2025), Some(4)),
            (Month::january(2026), None),
        ] {
            assert_eq!(slices.of(month), slice, "{month}");
        }
    }

    #[test]
    fn slices_of_an_edition_of_october_end_with_june() {
        let slices = Slices::ending(Month::january(2025) + 5);
        let months = slices.slice(4);
        assert_eq!(months.first, Month::january(2024) + 6);
        assert_eq!(months.last, Month::january(2025) + 5);
        assert_eq!(slices.months().first, Month::january(2020) + 6);
    }
}
