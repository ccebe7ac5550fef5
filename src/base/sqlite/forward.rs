//! Bringing a file to the present schema, in one transaction.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{EarlierForm, MigrationError, OpenError, Schema, State, set};
use crate::base::stop::StopPoint;

/// Begins the names of the tables of an earlier form while they are copied into those of today.
const EARLIER: &str = "earlier_";

impl Schema {
    /// Whether nothing has to be brought forward.
    pub(super) fn is_present(
        &self,
        connection: &Connection,
        state: State,
    ) -> rusqlite::Result<bool> {
        let whole = matches!(state, State::Migrated(steps) if steps == self.migrations.len());
        Ok(whole && self.stale_views(connection)?.is_empty())
    }

    /// Brings a file to the present schema: a process that is killed meanwhile leaves the old or the new one.
    pub(super) fn migrate(
        &self,
        connection: &mut Connection,
        path: &Path,
    ) -> Result<(), OpenError> {
        let failed = |source| self.failed(path, source);
        // Tables are made anew and filled in any order.
        let enforce = |connection: &Connection, on: bool| {
            connection.pragma_update(None, "foreign_keys", on)?;
            connection.pragma_update(None, "legacy_alter_table", !on)
        };
        enforce(connection, false).map_err(failed)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        // Under the lock: another process may have been here in the meantime.
        let state = self.recognise(&transaction, path)?;
        let renewed = matches!(state, State::Earlier(..));
        if renewed {
            tracing::info!(
                "bringing the {} {} of an earlier immostats forward",
                self.name,
                path.display()
            );
        }
        self.bring_forward(&transaction, state)
            .and_then(|()| {
                StopPoint::MigrationWritten.reach();
                Ok(transaction.commit()?)
            })
            .map_err(|source| OpenError::Migration {
                name: self.name,
                path: path.into(),
                source,
            })?;
        StopPoint::MigrationCommitted.reach();
        if renewed {
            self.shrink(connection, path);
        }
        enforce(connection, true).map_err(failed)
    }

    fn bring_forward(
        &self,
        transaction: &Transaction<'_>,
        state: State,
    ) -> Result<(), MigrationError> {
        let steps = match state {
            State::New => 0,
            State::Migrated(steps) => steps,
            State::Earlier(steps, form) => {
                self.take_over(transaction, steps, &self.earlier[form])?;
                steps
            }
        };
        for migration in &self.migrations[steps..] {
            transaction.execute_batch(migration)?;
        }
        for (view, text) in self.stale_views(transaction)? {
            transaction.execute_batch(&format!("DROP VIEW IF EXISTS {view}; {text};"))?;
        }
        let behind = matches!(state, State::Migrated(steps) if steps < self.migrations.len());
        if behind || matches!(state, State::Earlier(..)) {
            (self.derive)(transaction)?;
        }
        if let State::Earlier(..) = state {
            let orphan = "SELECT 'rows of ' || \"table\" || ' point to missing rows' FROM pragma_foreign_key_check";
            let mut orphans = transaction.prepare(orphan)?;
            if let Some(row) = orphans.query([])?.next()? {
                return Err(row.get::<_, String>(0)?.into());
            }
        }
        transaction.pragma_update(None, "user_version", self.migrations.len() as i32)?;
        transaction.pragma_update(None, "application_id", self.application_id)?;
        Ok(())
    }

    /// Puts the tables of so many migrations in the place of those that an earlier form of the first made.
    fn take_over(
        &self,
        transaction: &Transaction<'_>,
        steps: usize,
        form: &EarlierForm,
    ) -> rusqlite::Result<()> {
        let names = |query: &str| -> rusqlite::Result<Vec<String>> {
            let mut statement = transaction.prepare(query)?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        for (view, _) in (self.views)() {
            // What is a view today may have been a table.
            let drop =
                format!("SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = '{view}'");
            if transaction.prepare(&drop)?.exists([])? {
                transaction.execute_batch(&format!("DROP VIEW {view}"))?;
            }
        }
        for index in
            names("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")?
        {
            transaction.execute_batch(&format!("DROP INDEX {index}"))?;
        }
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
        for table in names(tables)? {
            transaction
                .execute_batch(&format!("ALTER TABLE {table} RENAME TO {EARLIER}{table}"))?;
        }
        for script in self.migrations[..steps].iter().chain(form.scripts) {
            transaction.execute_batch(script)?;
        }
        for earlier in names(&format!("{tables} AND name LIKE '{EARLIER}%'"))? {
            let table = &earlier[EARLIER.len()..];
            let columns = names(&format!(
                "SELECT name FROM pragma_table_info('{table}')
                 INTERSECT SELECT name FROM pragma_table_info('{earlier}')"
            ))?
            .join(", ");
            if !columns.is_empty() {
                transaction.execute_batch(&format!(
                    "INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {earlier};"
                ))?;
            }
            // A number that was given once is never given again.
            transaction.execute_batch(&format!(
                "DELETE FROM sqlite_sequence WHERE name = '{table}';
                 UPDATE sqlite_sequence SET name = '{table}' WHERE name = '{earlier}';
                 DROP TABLE {earlier};"
            ))?;
        }
        Ok(())
    }

    /// Gives back the room of the tables that were copied, half of the file. Where that fails, say for want of room, the
    /// file is sound all the same.
    fn shrink(&self, connection: &Connection, path: &Path) {
        let shrunk = set(connection, &[("journal_mode", "DELETE")])
            .and_then(|()| set(connection, self.first))
            .and_then(|()| connection.execute_batch("VACUUM"));
        if let Err(error) = shrunk {
            tracing::warn!(
                "{} keeps room that it does not need: {error}",
                path.display()
            );
        }
    }

    /// The views that are missing or read otherwise, with their text.
    fn stale_views(
        &self,
        connection: &Connection,
    ) -> rusqlite::Result<Vec<(&'static str, String)>> {
        let mut standing =
            connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = ? AND sql = ?")?;
        let mut stale = Vec::new();
        for (view, query) in (self.views)() {
            let text = format!("CREATE VIEW {view} AS {query}");
            if !standing.exists([view, &text])? {
                stale.push((view, text));
            }
        }
        Ok(stale)
    }
}
