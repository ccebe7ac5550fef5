//! What a check finds.

use serde::Serialize;

use crate::app::failure::Failure;
use crate::base::words::counted;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// It is as it should be.
    Ok,
    /// It may be wrong.
    Warning,
    /// It is wrong.
    Problem,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// What was looked at.
    pub check: &'static str,
    /// Whether it is as it should be.
    pub status: Gravity,
    /// How it is.
    pub found: String,
    /// What to do.
    pub advice: Option<String>,
}

impl Diagnosis {
    pub(super) fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            status: Gravity::Ok,
            found: found.into(),
            advice: None,
        }
    }

    pub(super) fn warning(
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            status: Gravity::Warning,
            advice: Some(advice.into()),
            ..Self::ok(check, found)
        }
    }

    pub(super) fn problem(
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            status: Gravity::Problem,
            ..Self::warning(check, found, advice)
        }
    }
}

/// Success when nothing is wrong; what only may be is no failure.
///
/// # Errors
/// When something is wrong.
pub fn verdict(findings: &[Diagnosis]) -> Result<(), Failure> {
    let problems = findings
        .iter()
        .filter(|finding| finding.status == Gravity::Problem)
        .map(|finding| format!("{}: {}", finding.check, finding.found));
    let problems: Vec<_> = problems.collect();
    match problems.len() {
        0 => Ok(()),
        count => Err(Failure::because(format!(
            "{count} of {} found something wrong: {}",
            counted(findings.len(), "check"),
            problems.join("; ")
        ))),
    }
}
