//! The export: what is there is read, what has to be done is planned, and then it is done.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::batch::{Doing, Write, batches};
use super::client::GristClient;
use super::error::GristError;
use super::records::{self, RecordPlan};
use super::report::{GristReport, RefusedRecord};
use super::schema::{self, ColumnPlan, WantedColumn};
use super::settings::GristSettings;
use crate::base::stop::StopPoint;
use crate::site::CommuneTable;

/// Requests at once: a document takes ten, and its people need some.
const AT_ONCE: usize = 4;

/// Records that may be refused before the rest is not sent.
const MOST_REFUSED: usize = 50;

/// Brings a table of Grist to the figures of communes; with `dry_run`, only finds out what that takes. Gives what was done,
/// and where it did not come to its end, why: what was written stays, and the next run goes on from there.
pub async fn export_to_grist(
    settings: &GristSettings,
    table: &CommuneTable,
    dry_run: bool,
) -> GristReport {
    let started = Instant::now();
    let report = Mutex::new(GristReport {
        doc: settings.doc.clone(),
        table: settings.table.clone(),
        dry_run,
        ..GristReport::default()
    });
    let error = match GristClient::new(settings) {
        Err(error) => Some(error),
        Ok(client) => {
            let export = Export {
                settings,
                table,
                client: &client,
                report: &report,
            };
            let run = tokio::time::timeout(settings.timeout, export.run(dry_run)).await;
            let seconds = settings.timeout.as_secs_f64();
            let run = run.unwrap_or(Err(GristError::Late { seconds }));
            let [reads, writes] = client.requests();
            let mut report = export.report();
            (report.reads, report.writes) = (reads, writes);
            run.err()
        }
    };
    let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.failed.sort_by(|a, b| a.code.cmp(&b.code));
    report.stopped = error.map(|error| error.to_string());
    report.seconds = (started.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    report
}

/// An export under way.
struct Export<'a> {
    settings: &'a GristSettings,
    table: &'a CommuneTable,
    client: &'a GristClient,
    report: &'a Mutex<GristReport>,
}

/// What has to be done.
struct SyncPlan {
    is_new: bool,
    wanted: Vec<WantedColumn>,
    columns: ColumnPlan,
    records: RecordPlan,
}

impl Export<'_> {
    fn report(&self) -> MutexGuard<'_, GristReport> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(&self, dry_run: bool) -> Result<(), GristError> {
        let plan = self.plan(dry_run).await?;
        if dry_run {
            return Ok(());
        }
        let columns = self.make_columns(&plan).await?;
        let records = &plan.records;
        // What goes makes room for what comes.
        self.write_all(Doing::Remove, records.removals(), &columns)
            .await?;
        let changes = records.changes(self.table, &columns);
        self.write_all(Doing::Change, changes, &columns).await?;
        let additions = records.additions(self.table, &columns);
        self.write_all(Doing::Add, additions, &columns).await
    }

    /// Finds out what has to be done; in a dry run that is what the report tells.
    ///
    /// # Errors
    /// When the document cannot be asked, its table is not of the kind, or what is to be added does not fit.
    async fn plan(&self, dry_run: bool) -> Result<SyncPlan, GristError> {
        let name = &self.settings.table;
        let wanted = schema::wanted(self.table)?;
        let tables = self.client.tables().await?;
        let is_new = !tables.contains(name);
        let (columns, there) = match is_new {
            true => (Vec::new(), Vec::new()),
            false => (
                self.client.columns(name).await?,
                self.client.records(name, None).await?,
            ),
        };
        let columns = schema::plan(&wanted, &columns)?;
        let records = records::plan(self.table, &columns, &there);
        {
            let mut report = self.report();
            report.columns_left = columns.left;
            report.same = records.same;
            report.rows_left = records.left;
            report.twice = records.twice.iter().cloned().collect();
            if dry_run {
                report.new_table = is_new;
                report.columns_added = ids(&columns.added);
                report.columns_changed = ids(&columns.changed);
                report.added = records.added.len();
                report.changed = records.changed.len();
                report.removed = records.removed.len();
            }
        }
        let rows = there.len() + records.added.len() - records.removed.len();
        if self.settings.rows > 0 && !records.added.is_empty() {
            let others = tables.iter().filter(|table| *table != name);
            self.check_room(rows, others).await?;
        }
        Ok(SyncPlan {
            is_new,
            wanted,
            columns,
            records,
        })
    }

    /// Counts the rows that the document will hold. `rows` are those of the table.
    ///
    /// # Errors
    /// When they are more than it may hold.
    async fn check_room(
        &self,
        mut rows: usize,
        others: impl Iterator<Item = &String>,
    ) -> Result<(), GristError> {
        let limit = self.settings.rows;
        for other in others {
            // That there are too many is known from one more.
            if rows > limit {
                break;
            }
            let read = self.client.records(other, Some(limit + 1 - rows)).await?;
            rows += read.len();
        }
        self.report().rows = Some(rows);
        match rows > limit {
            true => Err(GristError::NoRoom { rows, limit }),
            false => Ok(()),
        }
    }

    /// Makes the table and the columns that are missing. Gives the ids that Grist has the columns under, the key first.
    ///
    /// # Errors
    /// When they are not made.
    async fn make_columns(&self, plan: &SyncPlan) -> Result<Vec<String>, GristError> {
        let (name, columns) = (&self.settings.table, &plan.columns);
        if plan.is_new {
            self.client.make_table(name, &plan.wanted).await?;
        } else if columns.added.is_empty() && columns.changed.is_empty() {
            return Ok(columns.ids.clone());
        } else {
            let put = columns.added.iter().chain(&columns.changed);
            self.client.put_columns(name, put).await?;
        }
        let there = self.client.columns(name).await?;
        let made = schema::plan(&plan.wanted, &there)?;
        if let Some(missing) = made.added.first() {
            return Err(GristError::NoColumn {
                id: missing.id.clone(),
            });
        }
        {
            let mut report = self.report();
            report.new_table = plan.is_new;
            report.columns_added = ids(&columns.added);
            report.columns_changed = ids(&columns.changed);
        }
        StopPoint::GristColumnsMade.reach();
        Ok(made.ids)
    }

    /// Writes to rows, several requests at once.
    ///
    /// # Errors
    /// When the document cannot be written to. Records that are refused are in the report.
    async fn write_all(
        &self,
        doing: Doing,
        writes: Vec<Write>,
        columns: &[String],
    ) -> Result<(), GristError> {
        let key = columns.first().map_or("", String::as_str);
        let batches = batches(writes, self.settings.batch);
        let writing = batches
            .into_iter()
            .map(|batch| self.write(doing, batch, key));
        let writing = stream::iter(writing).buffer_unordered(AT_ONCE);
        writing.try_collect().await
    }

    /// Writes to some rows; where they are refused, to half of them at a time, until it is known which cannot be written.
    async fn write(&self, doing: Doing, batch: Vec<Write>, key: &str) -> Result<(), GristError> {
        let name = &self.settings.table;
        let mut waiting = vec![batch];
        while let Some(mut batch) = waiting.pop() {
            let error = match self.client.write(name, doing, &batch).await {
                Ok(()) => {
                    self.count(doing, batch.len());
                    StopPoint::GristRowsWritten.reach();
                    continue;
                }
                Err(error) => error,
            };
            if !error.is_too_large() && !error.is_about_records() {
                return Err(error);
            }
            if batch.len() > 1 {
                waiting.push(batch.split_off(batch.len().div_ceil(2)));
                waiting.push(batch);
                continue;
            }
            for write in batch {
                // An attempt before, whose answer was lost, may have removed it.
                if doing == Doing::Remove && self.is_gone(&write, key).await? {
                    self.count(doing, 1);
                } else {
                    self.refused(write.code, &error)?;
                }
            }
        }
        Ok(())
    }

    async fn is_gone(&self, write: &Write, key: &str) -> Result<bool, GristError> {
        let name = &self.settings.table;
        let there = self.client.records_with(name, key, &write.code).await?;
        Ok(there.iter().all(|record| Some(record.id) != write.row))
    }

    fn count(&self, doing: Doing, records: usize) {
        let mut report = self.report();
        let count = match doing {
            Doing::Remove => &mut report.removed,
            Doing::Change => &mut report.changed,
            Doing::Add => &mut report.added,
        };
        *count += records;
    }

    /// Notes a record that was refused, and passes over it.
    ///
    /// # Errors
    /// When there are so many that it is no matter of single records.
    fn refused(&self, code: String, error: &GristError) -> Result<(), GristError> {
        let reason = error.to_string();
        let mut report = self.report();
        report.failed.push(RefusedRecord {
            code,
            reason: reason.clone(),
        });
        match report.failed.len() > MOST_REFUSED {
            true => Err(GristError::Refusals(report.failed.len(), reason)),
            false => Ok(()),
        }
    }
}

fn ids(columns: &[WantedColumn]) -> Vec<String> {
    columns.iter().map(|column| column.id.clone()).collect()
}
