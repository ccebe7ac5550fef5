use std::fmt::Write as _;

use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::versions::collect;
use crate::base::words::counted;

/// Drop old versions and give their space back
///
/// The live version, the one before it and pinned ones are never dropped.
#[derive(Debug, Args)]
pub(super) struct Gc {
    /// Newest versions to keep
    #[arg(long, value_name = "N")]
    keep: usize,
    /// Keep the versions built since this day, too
    #[arg(long, value_name = "DATE")]
    keep_since: Option<Date>,
    /// Print the plan and drop nothing
    #[arg(long)]
    dry_run: bool,
}

impl Gc {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let plan = collect(&context.project, self.keep, self.keep_since, self.dry_run)?;
        let mut text = String::new();
        for (version, reason) in &plan.kept {
            let _ = writeln!(text, "keep {}  {reason}", version.version);
        }
        for version in &plan.dropped {
            let _ = writeln!(text, "drop {}  {}", version.version, version.date);
        }
        let _ = write!(
            text,
            "{}, {:.1} MB compressed, {}",
            counted(plan.objects, "content"),
            plan.bytes as f64 / 1e6,
            if self.dry_run { "would go" } else { "go" }
        );
        context.terminal.summary(
            &text,
            &json!({
                "kept": plan.kept.iter().map(|(v, reason)| json!({"version": v.version, "reason": reason})).collect::<Vec<_>>(),
                "dropped": plan.dropped.iter().map(|v| &v.version).collect::<Vec<_>>(),
                "objects": plan.objects, "bytes": plan.bytes, "dry_run": self.dry_run,
            }),
        );
        Ok(())
    }
}
