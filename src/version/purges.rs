//! What a CDN still has to forget: the difference between the version that it was last told of and the live one, kept
//! until the CDN has accepted it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::error::VersionError;
use super::live::operator_files;
use super::manifest::hashes;
use super::store::Store;
use crate::base::clock::now;

/// Stands for all that is cached, among the addresses.
pub const EVERYTHING: &str = "*";

/// What a CDN was not told of yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CdnBacklog {
    /// The version that it was last told of; `None` when it is not known what it may hold.
    pub since: Option<String>,
    /// The live version.
    pub version: String,
    /// Paths of the site that were added, changed or removed since, or all paths there are when `since` is `None`.
    pub paths: BTreeSet<String>,
    /// All paths of the versions compared, those for operators included.
    pub known: BTreeSet<String>,
    /// The files for operators with the hashes that they have, hexadecimal.
    operator_files: BTreeMap<String, String>,
}

/// What a CDN was last told of.
struct LastPurge {
    cdn: String,
    version: String,
    operator_files: BTreeMap<String, String>,
}

impl Store {
    /// What a CDN has to forget: what differs between `since` and the live version, or where no version is named,
    /// between the one that this CDN was last told of and the live one, whichever of the two is the later.
    ///
    /// # Errors
    /// When there is no version, or none of the name.
    pub fn cdn_backlog(&self, cdn: &str, since: Option<&str>) -> Result<CdnBacklog, VersionError> {
        let head = self.head()?.ok_or_else(|| VersionError::Unknown {
            name: "that is live".into(),
        })?;
        let last = last_purge(&self.connection)?.filter(|last| last.cdn == cdn);
        let base = match (since, &last) {
            (Some(since), _) => Some(self.find(since)?),
            // It may have been dropped since: what the CDN holds is then not known.
            (None, Some(last)) => {
                self.find(&last.version)
                    .map(Some)
                    .or_else(|error| match error {
                        VersionError::Unknown { .. } => Ok(None),
                        error => Err(error),
                    })?
            }
            (None, None) => None,
        };
        let after = hashes(&self.connection, head.id)?;
        let before = match &base {
            None => None,
            Some((id, _)) if *id == head.id => Some(after.clone()),
            Some((id, _)) => match hashes(&self.connection, *id) {
                Err(VersionError::Altered { .. }) => None,
                before => Some(before?),
            },
        };
        let operator_files = operator_files(&self.connection)?;
        let operator_files: BTreeMap<_, _> = operator_files
            .into_iter()
            .map(|(path, hash)| (path, blake3::Hash::from_bytes(hash).to_hex().to_string()))
            .collect();
        let mut known: BTreeSet<String> = after.keys().cloned().collect();
        known.extend(operator_files.keys().cloned());
        let Some(before) = before else {
            return Ok(CdnBacklog {
                since: None,
                version: head.number,
                paths: known.clone(),
                known,
                operator_files,
            });
        };
        known.extend(before.keys().cloned());
        let told = |path: &str| last.as_ref().and_then(|last| last.operator_files.get(path));
        let paths = known
            .iter()
            .filter(|path| match operator_files.get(*path) {
                Some(hash) => since.is_some() || told(path) != Some(hash),
                None => before.get(*path) != after.get(*path),
            })
            .cloned()
            .collect();
        Ok(CdnBacklog {
            since: base.map(|(_, number)| number),
            version: head.number,
            paths,
            known,
            operator_files,
        })
    }

    /// Writes down that a CDN has to forget these addresses, with those that it had to before.
    ///
    /// # Errors
    /// When SQLite fails; nothing is then written.
    pub fn queue_purge(
        &mut self,
        cdn: &str,
        stale: &CdnBacklog,
        addresses: &BTreeSet<String>,
    ) -> Result<(), VersionError> {
        let transaction = self.connection.transaction()?;
        // What another CDN was not told of is of no use to this one.
        if last_purge(&transaction)?.is_some_and(|last| last.cdn != cdn) || stale.since.is_none() {
            transaction.execute("DELETE FROM unpurged", [])?;
        }
        if !addresses.is_empty() {
            transaction.execute(
                "INSERT INTO purges (planned_at, cdn, since, version, run_files) VALUES (?, ?, ?, ?, ?)",
                params![
                    now().to_string(),
                    cdn,
                    stale.since,
                    stale.version,
                    serde_json::to_string(&stale.operator_files)?
                ],
            )?;
        }
        {
            let mut insert = transaction
                .prepare("INSERT INTO unpurged (address) VALUES (?) ON CONFLICT DO NOTHING")?;
            for address in addresses {
                insert.execute([address])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// The addresses that were not accepted yet, of this CDN.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn unpurged(&self, cdn: &str) -> Result<BTreeSet<String>, VersionError> {
        if last_purge(&self.connection)?.is_some_and(|last| last.cdn != cdn) {
            return Ok(BTreeSet::new());
        }
        let mut statement = self.connection.prepare("SELECT address FROM unpurged")?;
        Ok(statement
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }

    /// Strikes out addresses that the CDN accepted; all of them once it accepted to forget everything. When none is left,
    /// the purge of the version is complete.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn purged(&mut self, addresses: &[String]) -> Result<(), VersionError> {
        let transaction = self.connection.transaction()?;
        if addresses.iter().any(|address| address == EVERYTHING) {
            transaction.execute("DELETE FROM unpurged", [])?;
        } else {
            let mut delete = transaction.prepare("DELETE FROM unpurged WHERE address = ?")?;
            for address in addresses {
                delete.execute([address])?;
            }
        }
        transaction.execute(
            "UPDATE purges SET completed_at = ? WHERE completed_at IS NULL AND NOT EXISTS (SELECT 1 FROM unpurged)",
            [now().to_string()],
        )?;
        transaction.commit()?;
        Ok(())
    }
}

/// The last row of the table of purges; `None` before the first one.
fn last_purge(connection: &Connection) -> Result<Option<LastPurge>, VersionError> {
    let row: Option<(String, String, String)> = connection
        .query_row(
            "SELECT cdn, version, run_files FROM purges ORDER BY id DESC LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    row.map(|(cdn, version, operator_files)| {
        Ok(LastPurge {
            cdn,
            version,
            operator_files: serde_json::from_str(&operator_files)?,
        })
    })
    .transpose()
}
