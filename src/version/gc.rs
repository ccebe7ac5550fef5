//! Old versions dropped, and their space given back.

use std::collections::HashSet;

use rusqlite::Connection;

use super::error::VersionError;
use super::history::Version;
use super::live::make_operator_files;
use super::store::Store;
use crate::base::stop::StopPoint;

/// What a collection would drop and keep.
#[derive(Debug)]
pub struct CollectionPlan {
    /// Versions that go.
    pub dropped: Vec<Version>,
    /// Versions kept, with the reason.
    pub kept: Vec<(Version, &'static str)>,
    /// Contents that only dropped versions hold.
    pub objects: u64,
    /// Their compressed bytes.
    pub bytes: u64,
}

impl Store {
    /// Plans to keep the `keep` newest versions and those since a date, the live, the previous and the pinned ones, and
    /// the last that was built: it tells the next build whether anything has changed since.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn plan_collection(
        &self,
        keep: usize,
        since: Option<&str>,
    ) -> Result<CollectionPlan, VersionError> {
        let previous = self.previous()?.map(|(id, _)| id);
        let built = self.last_build()?;
        let mut plan = CollectionPlan {
            dropped: Vec::new(),
            kept: Vec::new(),
            objects: 0,
            bytes: 0,
        };
        for (index, version) in self.versions()?.into_iter().enumerate() {
            let reason = if version.live {
                "live"
            } else if Some(version.id) == previous {
                "previous"
            } else if Some(version.id) == built {
                "last build"
            } else if version.pinned {
                "pinned"
            } else if index < keep {
                "recent"
            } else if since.is_some_and(|since| version.date.as_str() >= since) {
                "since the date"
            } else {
                plan.dropped.push(version);
                continue;
            };
            plan.kept.push((version, reason));
        }
        let dropped: HashSet<i64> = plan.dropped.iter().map(|version| version.id).collect();
        if !dropped.is_empty() {
            (plan.objects, plan.bytes) = only_in(&self.connection, &dropped)?;
        }
        Ok(plan)
    }

    /// Carries a plan out: one transaction, then the free pages go back to the file system.
    ///
    /// # Errors
    /// When SQLite fails; nothing is then dropped.
    pub fn collect(&mut self, plan: &CollectionPlan) -> Result<(), VersionError> {
        let transaction = self.connection.transaction()?;
        for version in &plan.dropped {
            transaction.execute("DELETE FROM history WHERE version = ?", [version.id])?;
            transaction.execute("DELETE FROM versions WHERE id = ?", [version.id])?;
        }
        if !plan.dropped.is_empty() {
            // They list no version that is no more.
            make_operator_files(&transaction)?;
        }
        transaction.execute_batch(
            "DELETE FROM spans WHERE NOT EXISTS
                 (SELECT 1 FROM versions v WHERE v.id >= since AND (until IS NULL OR v.id < until));
             DELETE FROM rendered WHERE object NOT IN (SELECT object FROM spans);
             DELETE FROM objects WHERE id NOT IN (SELECT object FROM spans) AND id NOT IN (SELECT object FROM operator_files)
                 AND id NOT IN (SELECT object FROM archive);
             DELETE FROM paths WHERE id NOT IN (SELECT path FROM spans) AND id NOT IN (SELECT path FROM rendered);
             DELETE FROM dictionaries WHERE id NOT IN (SELECT dictionary FROM contents WHERE dictionary IS NOT NULL)
                 AND id <> (SELECT max(id) FROM dictionaries);",
        )?;
        transaction.commit()?;
        StopPoint::VersionsDropped.reach();
        // Each step of the pragma frees a page.
        let mut vacuum = self.connection.prepare("PRAGMA incremental_vacuum")?;
        let mut rows = vacuum.query([])?;
        while rows.next()?.is_some() {}
        drop(rows);
        drop(vacuum);
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// Count and bytes of the objects that no other version holds.
fn only_in(connection: &Connection, dropped: &HashSet<i64>) -> Result<(u64, u64), VersionError> {
    let mut statement = connection.prepare("SELECT object, version FROM entries")?;
    let mut rows = statement.query([])?;
    let (mut held, mut candidates) = (HashSet::new(), HashSet::new());
    while let Some(row) = rows.next()? {
        let object: i64 = row.get(0)?;
        if dropped.contains(&row.get(1)?) {
            candidates.insert(object);
        } else {
            held.insert(object);
        }
    }
    let mut size = connection.prepare("SELECT length(data) FROM contents WHERE object = ?")?;
    let (mut objects, mut bytes) = (0, 0);
    for object in candidates.difference(&held) {
        objects += 1;
        bytes += size.query_row([object], |row| row.get::<_, i64>(0))? as u64;
    }
    Ok((objects, bytes))
}
