//! What a check finds.

use serde::Serialize;

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
