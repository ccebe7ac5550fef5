//! Which lines of a file are of communes that have merged since, or that nobody knows.

use std::collections::BTreeSet;

use super::content::DvfContent;
use super::parse::Code;
use crate::geo::Geography;

/// The communes that a file names, against those of today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommuneCheck {
    /// Lines of the file.
    pub lines: u64,
    /// Lines of communes that have become part of another.
    pub former_lines: u64,
    /// The codes of those communes.
    pub former: BTreeSet<Code>,
    /// Lines of communes that never were.
    pub unknown_lines: u64,
    /// The codes of those.
    pub unknown: BTreeSet<Code>,
}

impl CommuneCheck {
    /// Looks each commune of a file up.
    pub(super) fn new(content: &DvfContent, geography: &Geography) -> Self {
        let mut check = Self::default();
        for mutations in content.mutations.chunk_by(|a, b| a.commune == b.commune) {
            let lines: u64 = mutations.iter().map(|m| u64::from(m.lines)).sum();
            let code = mutations[0].commune;
            check.lines += lines;
            match geography.current(code.as_str()) {
                Some(today) if today.code == code.as_str() => {}
                Some(_) => {
                    check.former_lines += lines;
                    check.former.insert(code);
                }
                None => {
                    check.unknown_lines += lines;
                    check.unknown.insert(code);
                }
            }
        }
        check
    }

    /// Unknown lines, in per cent of all.
    pub fn unknown_share(&self) -> f64 {
        self.unknown_lines as f64 * 100.0 / self.lines as f64
    }
}

/// The first few codes, for a message: `01001, 01002…`
pub fn first_codes(codes: &BTreeSet<Code>) -> String {
    const FEW: usize = 5;
    let first: Vec<_> = codes.iter().take(FEW).map(Code::as_str).collect();
    let rest = if codes.len() > FEW { "…" } else { "" };
    format!("{}{rest}", first.join(", "))
}
