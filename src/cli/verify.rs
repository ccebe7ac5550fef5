use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::context::Context;
use crate::app::verify::verify;
use crate::app::{Comparison, Failure, Inspection};
use crate::base::words::counted;

/// Check every byte: the databases, the contents of the version store, the files of site/
///
/// Files of site/ that immostats did not write are listed and left alone. Exit code 1 when something is wrong and was
/// not repaired.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Restore what is missing or altered
    #[arg(long)]
    repair: bool,
    /// Compute all figures and render all pages afresh from the sales, and compare them with the last build
    #[arg(long)]
    rebuild: bool,
}

impl Verify {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        verify(
            &context.project,
            self.repair,
            self.rebuild,
            &context.terminal,
        )
    }
}

/// What reading everything found, in words and as JSON.
pub(super) fn inspection(inspection: &Inspection) -> (String, Value) {
    let Inspection { findings, database } = inspection;
    let mut text = format!(
        "{} and {} read: {} damaged, {} missing, {} altered, {} unknown",
        counted(findings.objects, "content"),
        counted(findings.files, "file"),
        findings.damaged.len(),
        findings.missing.len(),
        findings.altered.len(),
        findings.unknown.len()
    );
    for complaint in database.iter().chain(&findings.store) {
        let _ = write!(text, "\n  database: {complaint}");
    }
    for damage in &findings.damaged {
        let _ = write!(text, "\n  damaged in the store: {}", damage.path);
    }
    for (what, paths) in [
        ("missing", &findings.missing),
        ("altered", &findings.altered),
        ("unknown", &findings.unknown),
    ] {
        for path in paths {
            let _ = write!(text, "\n  {what}: {path}");
        }
    }
    (text, json!({"findings": findings, "database": database}))
}

/// What rendering all pages afresh found, in words and as JSON.
pub(super) fn comparison(comparison: &Comparison) -> (String, Value) {
    let Comparison {
        rendered,
        different,
    } = comparison;
    let mut text = format!(
        "{rendered} pages rendered afresh: {} differ from the last build",
        different.len()
    );
    for path in different {
        let _ = write!(text, "\n  {path}");
    }
    (text, json!({"rendered": rendered, "different": different}))
}
