use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::doctor::{Diagnosis, Gravity, diagnose, verdict};

/// Check the configuration, the credentials, the disk, the host's limits, the clock and the sources
///
/// Says what to do about each thing that is not as it should be. Nothing is written, uploaded or downloaded, and
/// credentials are looked at but not used. The exit code is 1 when something is wrong; what may be wrong, such as a source
/// that does not answer, is a warning.
#[derive(Debug, Args)]
pub(super) struct Doctor {}

impl Doctor {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let findings = diagnose(&context.project);
        let verdict = verdict(&findings);
        let data = json!({"ok": verdict.is_ok(), "checks": findings});
        context.terminal.summary(&text(&findings), &data);
        // Problems are told as the error that they are.
        let warnings = findings.iter();
        let warnings = warnings.filter(|finding| finding.status == Gravity::Warning);
        for Diagnosis { check, found, .. } in warnings {
            context.terminal.warning_when_quiet(check, found);
        }
        verdict
    }
}

/// A line a finding, and one below for what to do.
fn text(findings: &[Diagnosis]) -> String {
    let names = findings.iter().map(|finding| finding.check.len());
    let width = names.max().unwrap_or(0);
    let mut text = String::new();
    for finding in findings {
        let word = match finding.status {
            Gravity::Ok => "ok",
            Gravity::Warning => "warning",
            Gravity::Problem => "problem",
        };
        let (check, found) = (finding.check, &finding.found);
        let _ = writeln!(text, "{word:7}  {check:width$}  {found}");
        if let Some(advice) = &finding.advice {
            let _ = writeln!(text, "{:7}  {:width$}  -> {advice}", "", "");
        }
    }
    text.truncate(text.trim_end().len());
    text
}
