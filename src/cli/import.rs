mod changes;
mod contours;
mod facts;
mod indicators;
mod notes;
mod sales;

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::context::Context;
use crate::app::import::{ImportOptions, import};
use crate::app::{Failure, Imported, ImportedContent};
use crate::intake::dvf::GivenScope;

pub(super) use facts::report as facts;
pub(super) use notes::expired as expired_notes;

/// What importing files changed, or would change, in words and as JSON.
pub(super) fn report(imported: &Imported<'_>) -> (String, Value) {
    match &imported.content {
        ImportedContent::Sales(file, applied) => sales::report(imported, file, applied),
        ImportedContent::Places => (
            format!("{}: imported {}", imported.name, imported.items.join(", ")),
            json!({"source": imported.name, "imported": imported.items}),
        ),
        ImportedContent::Contours(file, changed) => contours::report(imported, file, *changed),
        ImportedContent::Indicators(file, changes) => indicators::report(imported, file, changes),
        ImportedContent::Notes(file, changes) => notes::report(imported, file, changes),
    }
}

/// Read files of sales, or contours for maps, into the database
///
/// Reads geo-DVF (.csv, .csv.gz), the DGFiP source (.txt, .zip), and contours of communes (.geojson, .geojson.gz), told
/// apart by how they begin. A file of sales replaces what it is a file of: the half-years it fills, for the commune, the
/// départements or the country it covers; one of contours replaces those of its départements. What the database holds
/// beyond that stays. Importing the same content again changes nothing.
///
/// With --source, files are read as that source declares: tables of indicators, and facts by place and day, which come from
/// the folder of their source where no file is named.
///
/// A file that is not as it should be is refused whole, with exit code 3, and the database stays as it was.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Files to read, one at a time, in this order
    #[arg(required_unless_present = "source", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Report what would change and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write facts into a table beside, faits_essai, which is emptied first and which nothing reads
    #[arg(long, requires = "source", conflicts_with = "dry_run")]
    test: bool,
    /// What the files cover, instead of what their names and contents tell: FR, 83 or 69,01 or 83137, and months if need
    /// be, as in 83@2024-01..2024-12
    #[arg(long, value_name = "SCOPE")]
    scope: Option<GivenScope>,
    /// The source that declares how the files are read, such as lovac: tables of indicators and facts are not told
    /// apart by how they begin
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// Import what a gate refuses, and of lines that cannot be read those that can
    #[arg(long)]
    force: bool,
    /// Day on which the producer published the files, as in 2026-10-28; the pages name it
    #[arg(long, value_name = "DATE")]
    released: Option<Date>,
}

impl Import {
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let options = ImportOptions {
            files: self.files,
            dry_run: self.dry_run,
            test: self.test,
            scope: self.scope,
            released: self.released,
            force: self.force,
            source: self.source,
        };
        import(&context.project, &options, &context.terminal)
    }
}
