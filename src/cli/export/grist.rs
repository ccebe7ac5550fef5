use std::fmt::Write as _;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use crate::app::{Failure, grist};
use crate::base::words::counted;
use crate::cli::context::Context;
use crate::deploy::{GristChoice, GristReport, parse_timeout};

/// The figures of communes, into a table of a Grist document
///
/// Without --doc, each table [[exports]] of immostats.toml. The table is made where there is none, with a row a commune and
/// the columns of the CSV of communes: prices, intervals, estimates, change. What is there already is read and held against
/// the figures, and only what differs is sent: a second run with nothing new writes nothing. Columns and rows that are not of
/// the export stay as they are; rows of communes of its départements that have no page any more go.
///
/// The key is taken from GRIST_API_KEY in the environment. Interrupted, running it again goes on. A record that Grist refuses
/// is told and passed over (exit code 1).
#[derive(Debug, Args)]
pub(crate) struct Grist {
    /// The document's id, as its address shows it
    #[arg(long, value_name = "ID")]
    doc: Option<String>,
    /// Address of the service [default: https://docs.getgrist.com]
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// The table's id [default: Communes]
    #[arg(long, value_name = "ID")]
    table: Option<String>,
    /// The départements whose communes it holds [default: all that have a page]
    #[arg(long, value_name = "CODE", value_delimiter = ',', num_args = 1..)]
    departements: Vec<String>,
    /// Columns of the CSV of communes, prix_m2 for flats and houses both, or ids of indicators [default: those of the CSV]
    #[arg(long, value_name = "NAME", value_delimiter = ',', num_args = 1..)]
    columns: Vec<String>,
    /// Rows that the document may hold; 0 for any number [default: 5000, as on free plans]
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
    /// Time for the whole export [default: 15m]
    #[arg(long, value_name = "TIME", value_parser = parse_timeout)]
    timeout: Option<Duration>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Grist {
    pub(crate) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    pub(crate) fn run(&self, context: &Context) -> Result<(), Failure> {
        let choice = GristChoice {
            doc: self.doc.clone(),
            server: self.server.clone(),
            table: self.table.clone(),
            departements: self.departements.clone(),
            columns: self.columns.clone(),
            rows: self.rows,
            timeout: self.timeout,
        };
        grist::export(&context.project, &choice, self.dry_run, &context.terminal)
    }
}

/// What an export did, or would do, in words and as JSON.
pub(crate) fn report(report: &GristReport) -> (String, Value) {
    let head = match (report.dry_run, report.new_table) {
        (true, true) => "would be made",
        (true, false) => "would be brought up to date",
        (false, true) => "is made",
        (false, false) => "is up to date",
    };
    let head = match report.stopped.is_some() || !report.failed.is_empty() {
        true if !report.dry_run => "is not all up to date",
        true => "cannot be brought up to date",
        false => head,
    };
    let mut text = format!(
        "table {} of document {} {head}\n  columns: {} added, {} changed, {} not of the export left\n  rows:    {} added, {} changed, {} removed, {} the same, {} refused, {} not of the export left",
        report.table,
        report.doc,
        report.columns_added.len(),
        report.columns_changed.len(),
        report.columns_left,
        report.added,
        report.changed,
        report.removed,
        report.same,
        report.failed.len(),
        report.rows_left,
    );
    if let Some(rows) = report.rows {
        let _ = write!(
            text,
            "\n  document: {} once it is done",
            counted(rows, "row")
        );
    }
    let _ = write!(
        text,
        "\n  requests: {} that read, {} that write ({:.1} s)",
        report.reads, report.writes, report.seconds
    );
    if !report.twice.is_empty() {
        let _ = write!(
            text,
            "\n  in several rows, of which the first counts: {}",
            report.twice.join(", ")
        );
    }
    for refused in &report.failed {
        let _ = write!(text, "\n  refused: {}: {}", refused.code, refused.reason);
    }
    (text, json!({"grist": report}))
}
