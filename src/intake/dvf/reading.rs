//! Which lines of a file of sales are of communes that have merged since, or that nobody knows.

use std::collections::BTreeSet;

use crate::geo::Geography;
use crate::intake::dvf::{Code, Content};

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
