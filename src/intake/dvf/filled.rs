//! Which months a file fills: its extent is not the span from its first to its last date.
//!
//! Official files come by half-years. One counts when it is filled beside the others of the file, which is judged alike for
//! a commune with eight sales and for the country; what lies apart from these are stray dates.

use std::collections::BTreeMap;

use crate::base::month::{HalfYear, Month, Months};

/// A half-year with less than this share of what the file's usual one holds is not filled. The emptiest true one that is
/// known, the second of 2018 in the first edition of the Rhône, has 24 % of the one before it (1,370 mutations to 5,696);
/// slips are singles among hundreds.
const FILLED: f64 = 0.1;

/// An emptiness that chance brings less often than this is none of chance.
const PLAUSIBLE: f64 = 0.001;

/// Half-years apart from all others that together hold fewer mutations than this are strays, however small the file is.
const FEWEST_APART: u64 = 10;

/// What the dates of a file say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FilledMonths {
    /// The months that the file fills.
    pub(super) months: Months,
    /// Mutations of the half-years that it does not fill.
    pub(super) stray: BTreeMap<HalfYear, u64>,
}

/// Two parts of a file, each filled, with nothing between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Apart {
    pub(super) first: Months,
    pub(super) second: Months,
}

/// Some half-years in a row, from the first to the last, and how many mutations they hold.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Run {
    first: HalfYear,
    last: HalfYear,
    count: u64,
}

/// The months that a file fills, by how many of its mutations are of each. There is one mutation at least.
///
/// # Errors
/// When two parts of it are filled, with nothing between them where there should be something.
pub(super) fn filled_months(counts: &BTreeMap<Month, u64>) -> Result<FilledMonths, Apart> {
    let mut halves = BTreeMap::<HalfYear, u64>::new();
    for (month, count) in counts {
        *halves.entry(HalfYear::of(*month)).or_default() += count;
    }
    let usual = usual(&halves);
    let filled = halves
        .iter()
        .filter(|(_, count)| **count as f64 >= usual as f64 * FILLED);
    let mut runs = Vec::<Run>::new();
    for (&half, &count) in filled {
        match runs.last_mut() {
            Some(run) if may_be_empty(usual, half - run.last - 1) => {
                run.last = half;
                run.count += count;
            }
            _ => runs.push(Run {
                first: half,
                last: half,
                count,
            }),
        }
    }
    let heaviest = runs.iter().copied().max_by_key(|run| run.count);
    let main = heaviest.expect("the usual half-year is filled");
    runs.retain(|run| *run == main || run.count >= usual.max(FEWEST_APART));
    let months = |run: &Run| months_of(counts, run);
    if let [first, second, ..] = &runs[..] {
        return Err(Apart {
            first: months(first),
            second: months(second),
        });
    }
    halves.retain(|half, _| *half < main.first || main.last < *half);
    Ok(FilledMonths {
        months: months(&main),
        stray: halves,
    })
}

/// The months that mutations fill, by how many of them are of each; `None` where there are none, or two parts with nothing
/// between them.
pub(crate) fn filled_span(counts: &BTreeMap<Month, u64>) -> Option<Months> {
    let is_any = counts.values().any(|count| *count > 0);
    let filled = is_any.then(|| filled_months(counts))?;
    filled.ok().map(|filled| filled.months)
}

/// What the half-year holds in which the middle mutation stands, the fullest first: strays do not weigh on it, however many
/// half-years they are spread over.
fn usual(halves: &BTreeMap<HalfYear, u64>) -> u64 {
    let mut counts: Vec<u64> = halves.values().copied().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let half = counts.iter().sum::<u64>().div_ceil(2);
    let mut seen = 0;
    let middle = counts.into_iter().find(|count| {
        seen += count;
        seen >= half
    });
    middle.unwrap_or_default()
}

/// Whether so many half-years may go by without a mutation where each holds so many as a rule: e^-n of a Poisson
/// distribution.
fn may_be_empty(usual: u64, half_years: i16) -> bool {
    (-(usual as f64) * f64::from(half_years)).exp() >= PLAUSIBLE
}

/// The months of a run: whole half-years, but for the months at its ends that are empty although the others of their
/// half-year are not. That n mutations all lie in k of six months by chance has a probability of (k/6)^n.
fn months_of(counts: &BTreeMap<Month, u64>, run: &Run) -> Months {
    let is_cut = |held: Months, half: HalfYear| {
        let Months { first, last } = half.months();
        let count: u64 = counts.range(first..=last).map(|(_, count)| count).sum();
        (held.count() as f64 / 6.0).powf(count as f64) < PLAUSIBLE
    };
    let (opening, closing) = (run.first.months(), run.last.months());
    let mut held = counts.range(opening.first..=closing.last);
    let start = held.next().map_or(opening.first, |(month, _)| *month);
    let end = held.next_back().map_or(start, |(month, _)| *month);
    let from_start = Months {
        first: start,
        ..opening
    };
    let to_end = Months {
        last: end,
        ..closing
    };
    Months {
        first: match is_cut(from_start, run.first) {
            true => start,
            false => opening.first,
        },
        last: match is_cut(to_end, run.last) {
            true => end,
            false => closing.last,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(counts: &[(&str, u64)]) -> Result<(String, Vec<String>), String> {
        let counts = counts
            .iter()
            .map(|(month, count)| (month.parse().unwrap(), *count));
        let text = |months: Months| format!("{}..{}", months.first, months.last);
        match filled_months(&counts.collect()) {
            Ok(found) => Ok((
                text(found.months),
                found.stray.keys().map(ToString::to_string).collect(),
            )),
            Err(apart) => Err(format!("{} {}", text(apart.first), text(apart.second))),
        }
    }

    #[track_caller]
    fn assert_fills(counts: &[(&str, u64)], months: &str, stray: &[&str]) {
        let stray = stray.iter().map(ToString::to_string).collect();
        assert_eq!(filled(counts), Ok((months.to_owned(), stray)));
    }

    #[test]
    fn a_half_year_is_filled_beside_its_neighbours() {
        // A year with strays before and after it.
        let year = [
            ("2024-01", 400),
            ("2024-06", 500),
            ("2024-07", 450),
            ("2024-12", 450),
        ];
        let with = |more: &[(&'static str, u64)]| [&year[..], more].concat();
        assert_fills(&year, "2024-01..2024-12", &[]);
        assert_fills(&with(&[("2021-05", 1)]), "2024-01..2024-12", &["2021-H1"]);
        assert_fills(
            &with(&[("2021-05", 3), ("2023-12", 8), ("2025-01", 20)]),
            "2024-01..2024-12",
            &["2021-H1", "2023-H2", "2025-H1"],
        );
        // A stray in each of thirty half-years does not become what is usual.
        let slips: Vec<_> = (1995..2010).map(|year| format!("{year}-03")).collect();
        let slips: Vec<_> = slips.iter().map(|month| (month.as_str(), 1)).collect();
        assert_eq!(filled(&[&year[..], &slips].concat()).unwrap().1.len(), 15);
        // The Rhône's first edition of 2018.
        assert_fills(
            &[("2018-01", 5_696), ("2018-12", 1_370)],
            "2018-01..2018-12",
            &[],
        );
    }

    #[test]
    fn a_commune_with_eight_sales_is_judged_alike() {
        // In a year: the months without a sale are covered all the same.
        let year = [
            ("2024-02", 2),
            ("2024-05", 1),
            ("2024-08", 3),
            ("2024-11", 2),
        ];
        assert_fills(&year, "2024-01..2024-12", &[]);
        assert_fills(
            &[&year[..], &[("2021-05", 1)]].concat(),
            "2024-01..2024-12",
            &["2021-H1"],
        );
        // In five years: so are the half-years.
        let years = [
            ("2021-02", 1),
            ("2022-02", 2),
            ("2022-07", 1),
            ("2023-09", 1),
            ("2024-01", 1),
            ("2025-03", 2),
        ];
        assert_fills(&years, "2021-01..2025-06", &[]);
        assert_fills(&[("2024-05", 1)], "2024-01..2024-06", &[]);
    }

    #[test]
    fn a_cut_half_year_ends_where_its_sales_do() {
        assert_fills(
            &[("2023-01", 300), ("2023-02", 320), ("2023-03", 310)],
            "2023-01..2023-03",
            &[],
        );
        assert_fills(
            &[("2023-03", 300), ("2023-07", 320)],
            "2023-03..2023-07",
            &[],
        );
        // Eight in the first two months of six: 0.00015; eight in the first four: 0.04.
        assert_fills(&[("2023-01", 7), ("2023-02", 1)], "2023-01..2023-02", &[]);
        assert_fills(&[("2023-01", 7), ("2023-04", 1)], "2023-01..2023-06", &[]);
    }

    #[test]
    fn two_filled_parts_are_not_one_file() {
        let parts = [
            ("2021-01", 400),
            ("2021-12", 400),
            ("2024-01", 500),
            ("2024-12", 500),
        ];
        assert_eq!(
            filled(&parts),
            Err("2021-01..2021-12 2024-01..2024-12".to_owned())
        );
    }
}
