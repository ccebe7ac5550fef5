//! What a file of sales turned out to be: which half-years it holds whole or in part, which of its lines are of communes
//! that have merged since, or that nobody knows.

use std::collections::BTreeSet;

use crate::geo::Geography;
use crate::intake::dvf::{Code, Content, Months};

/// A half-year that a file covers, whole or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfYear {
    pub year: i32,
    /// 1 or 2.
    pub half: u8,
    /// The months covered, the six of them when it is whole.
    pub months: Months,
}

impl HalfYear {
    /// Those that a span of months touches, in order.
    pub fn of(months: Months) -> Vec<Self> {
        (months.first.div_euclid(6)..=months.last.div_euclid(6))
            .map(|half| Self {
                year: half.div_euclid(2),
                half: half.rem_euclid(2) as u8 + 1,
                months: Months {
                    first: months.first.max(half * 6),
                    last: months.last.min(half * 6 + 5),
                },
            })
            .collect()
    }

    /// Whether all six months are covered.
    pub fn is_whole(&self) -> bool {
        self.months.last - self.months.first == 5
    }

    /// `2025-H1`
    pub fn name(&self) -> String {
        format!("{}-H{}", self.year, self.half)
    }
}

/// The communes that a file names, against those of today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Communes {
    /// Lines of the file.
    pub lines: u64,
    /// Lines of communes that have become part of another, and their codes.
    pub former_lines: u64,
    pub former: BTreeSet<Code>,
    /// Lines of communes that never were, and their codes.
    pub unknown_lines: u64,
    pub unknown: BTreeSet<Code>,
}

impl Communes {
    /// Looks each commune of a file up.
    pub fn of(content: &Content, geography: &Geography) -> Self {
        let mut communes = Self::default();
        for mutations in content.mutations.chunk_by(|a, b| a.commune == b.commune) {
            let lines: u64 = mutations.iter().map(|m| u64::from(m.lines)).sum();
            let code = mutations[0].commune;
            communes.lines += lines;
            match geography.current(code.as_str()) {
                Some(today) if today.code == code.as_str() => {}
                Some(_) => {
                    communes.former_lines += lines;
                    communes.former.insert(code);
                }
                None => {
                    communes.unknown_lines += lines;
                    communes.unknown.insert(code);
                }
            }
        }
        communes
    }

    /// Unknown lines, in per cent of all.
    pub fn unknown_share(&self) -> f64 {
        self.unknown_lines as f64 * 100.0 / self.lines as f64
    }
}

/// The first few codes, for a message: `01001, 01002…`
pub fn some(codes: &BTreeSet<Code>) -> String {
    const FEW: usize = 5;
    let first: Vec<_> = codes.iter().take(FEW).map(Code::as_str).collect();
    let rest = if codes.len() > FEW { "…" } else { "" };
    format!("{}{rest}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_years_are_whole_or_cut() {
        let halves = |first: &str, last: &str| {
            let months = Months {
                first: Months::parse(first).unwrap(),
                last: Months::parse(last).unwrap(),
            };
            HalfYear::of(months)
                .iter()
                .map(|half| (half.name(), half.is_whole()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            halves("2024-07", "2025-06"),
            [("2024-H2".into(), true), ("2025-H1".into(), true)]
        );
        assert_eq!(
            halves("2024-05", "2024-09"),
            [("2024-H1".into(), false), ("2024-H2".into(), false)]
        );
        assert_eq!(halves("2025-06", "2025-06"), [("2025-H1".into(), false)]);
    }
}
