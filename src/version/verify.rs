//! Whether the store and `site/` are what they should be, byte for byte.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use rayon::prelude::*;
use rusqlite::params;
use serde::Serialize;

use super::archive::{self, ArchivedRelease};
use super::error::VersionError;
use super::live::{check_seal, kept_operator_files, make_operator_files};
use super::manifest::hashes;
use super::objects::{ContentReader, Dictionary, Hash};
use super::store::Store;
use crate::files::Tree;
use crate::site::operator::OPERATOR_FILES;
use crate::site::path;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Complaints of SQLite about the version store.
    pub store: Vec<String>,
    /// Contents of the store that are not what their hash says.
    pub damaged: Vec<DamagedContent>,
    /// Files of the live version that are not in `site/`.
    pub missing: Vec<String>,
    /// Files of `site/` with other bytes.
    pub altered: Vec<String>,
    /// Files of `site/` that are not ours. They are no fault.
    pub unknown: Vec<String>,
    /// Contents of the store that were read.
    pub objects: u64,
    /// Files of the live version that were looked for.
    pub files: u64,
}

/// A damaged content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DamagedContent {
    /// One of its paths, in the live version where it is in it.
    pub path: String,
    #[serde(skip)]
    hash: Hash,
}

impl Findings {
    /// Whether all is as it should be.
    pub fn is_sound(&self) -> bool {
        self.store.is_empty()
            && self.damaged.is_empty()
            && self.missing.is_empty()
            && self.altered.is_empty()
    }
}

impl Store {
    /// Reads every content of the store and every file of the folder, and compares their hashes.
    ///
    /// # Errors
    /// When SQLite fails or a file cannot be read.
    pub fn verify(&self, folder: &Path) -> Result<Findings, VersionError> {
        let mut findings = Findings {
            store: self.integrity()?,
            ..Findings::default()
        };
        let objects = self.objects()?;
        findings.objects = objects.len() as u64;
        ContentReader::new(&self.connection)?.check(objects, |hash, outcome| match outcome {
            Err(VersionError::Damaged { path }) => {
                findings.damaged.push(DamagedContent { path, hash });
                Ok(())
            }
            outcome => outcome,
        })?;
        for version in self.versions()? {
            if let Err(error) = hashes(&self.connection, version.id) {
                findings.store.push(error.to_string());
                if version.live {
                    return Ok(findings);
                }
            }
        }
        if let Err(error) = check_seal(&self.connection) {
            findings.store.push(error.to_string());
        }
        let expected = self.expected()?;
        for (path, hash) in &expected {
            findings.files += 1;
            match file_hash(folder, path)? {
                None => findings.missing.push(path.clone()),
                Some(found) if found == *hash => {}
                Some(_) => findings.altered.push(path.clone()),
            }
        }
        for entry in walkdir::WalkDir::new(folder)
            .into_iter()
            .filter_map(Result::ok)
        {
            let Some(path) = entry
                .path()
                .strip_prefix(folder)
                .ok()
                .and_then(Path::to_str)
            else {
                continue;
            };
            if !entry.file_type().is_dir() && !expected.contains_key(path) && !Tree::is_staged(path)
            {
                findings.unknown.push(path.to_owned());
            }
        }
        findings.unknown.sort_unstable();
        Ok(findings)
    }

    /// Restores damaged contents from the folder's files or from `render`, whichever still gives the right bytes, and
    /// forgets what the folder's files looked like, so that [`super::checkout`] writes those that differ. Gives the
    /// paths of the contents that could not be restored.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn repair(
        &mut self,
        folder: &Path,
        findings: &Findings,
        render: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<String>, VersionError> {
        let dictionary = Dictionary::latest(&self.connection)?;
        let mut lost = Vec::new();
        for DamagedContent { path, hash } in &findings.damaged {
            let right = |bytes: &Vec<u8>| blake3::hash(bytes).as_bytes() == hash;
            let found = std::fs::read(folder.join(path)).ok().filter(right);
            let Some(bytes) = found.or_else(|| render(path).filter(right)) else {
                lost.push(path.clone());
                continue;
            };
            let packed = dictionary.pack(&bytes)?;
            self.connection.execute(
                "UPDATE objects SET size = ? WHERE hash = ?",
                params![packed.size as i64, hash],
            )?;
            self.connection.execute(
                "INSERT OR REPLACE INTO contents (object, dictionary, data)
                 SELECT id, ?, ? FROM objects WHERE hash = ?",
                params![dictionary.id(), packed.data, hash],
            )?;
        }
        if lost.iter().any(|path| is_for_operators(path)) {
            // What they tell of is there still.
            let transaction = self.connection.transaction()?;
            make_operator_files(&transaction)?;
            transaction.commit()?;
            lost.retain(|path| !is_for_operators(path));
        }
        self.connection.execute(
            "UPDATE checkout SET hash = NULL, size = NULL, modified = NULL",
            [],
        )?;
        Ok(lost)
    }

    /// The pages of the last build whose bytes are not those that `render` gives now, of those in `paths`; and those
    /// that are in the one and not in the other.
    ///
    /// # Errors
    /// When SQLite or `render` fails.
    pub fn compare_with(
        &self,
        paths: &[&str],
        render: &(dyn Fn(usize) -> Result<Vec<u8>, VersionError> + Sync),
    ) -> Result<Vec<String>, VersionError> {
        let Some(built) = self.last_build()? else {
            return Ok(Vec::new());
        };
        let expected = hashes(&self.connection, built)?;
        let mut different = (0..paths.len())
            .into_par_iter()
            .map(|index| {
                let path = paths[index];
                let same = match expected.get(path) {
                    Some(hash) => blake3::hash(&render(index)?).as_bytes() == hash,
                    None => false,
                };
                Ok((!same).then(|| path.to_owned()))
            })
            .filter_map(Result::transpose)
            .collect::<Result<Vec<String>, VersionError>>()?;
        let planned: HashSet<&str> = paths.iter().copied().collect();
        different.extend(
            expected
                .keys()
                .filter(|path| !planned.contains(path.as_str()))
                .cloned(),
        );
        different.sort_unstable();
        Ok(different)
    }

    /// Each content with one of its paths, that of the live version where it is in it.
    fn objects(&self) -> Result<BTreeMap<Hash, String>, VersionError> {
        let mut statement = self.connection.prepare(
            "SELECT o.hash, coalesce((
                 SELECT p.path FROM entries e JOIN paths p ON p.id = e.path WHERE e.object = o.id
                 ORDER BY e.version = (SELECT version FROM history ORDER BY id DESC LIMIT 1) DESC LIMIT 1),
                 (SELECT path FROM operator_files WHERE object = o.id),
                 (SELECT path FROM archive WHERE object = o.id), '-')
             FROM objects o",
        )?;
        Ok(statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?)
    }

    /// The files of the live version, with those for operators.
    fn expected(&self) -> Result<BTreeMap<String, Hash>, VersionError> {
        let Some(head) = self.head()? else {
            return Ok(BTreeMap::new());
        };
        let mut expected = hashes(&self.connection, head.id)?;
        expected.extend(kept_operator_files(&self.connection)?);
        Ok(expected)
    }
}

impl Store {
    /// The releases of the archive, the latest first.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn archive(&self) -> Result<Vec<ArchivedRelease>, VersionError> {
        archive::releases(&self.connection)
    }

    /// What is wrong with the archive, in the store and in a folder of the site, a sentence each. The contents are unpacked,
    /// and each is compared with its hash.
    ///
    /// # Errors
    /// When SQLite fails, or the archive is not the one that was sealed.
    pub fn verify_archive(&self, folder: &Path) -> Result<Vec<String>, VersionError> {
        check_seal(&self.connection)?;
        let mut files: Vec<_> = archive::kept(&self.connection)?.into_iter().collect();
        files.sort();
        let mut wrong = Vec::new();
        let reader = ContentReader::new(&self.connection)?;
        let contents = files.iter().map(|(path, hash)| (*hash, path.clone()));
        let mut damaged = HashSet::new();
        reader.check(contents, |hash, outcome| {
            if outcome.is_err() {
                damaged.insert(hash);
            }
            Ok(())
        })?;
        let damaged = files.iter().filter(|(_, hash)| damaged.contains(hash));
        wrong.extend(damaged.map(|(path, _)| format!("{path} is damaged in the version store")));
        let index = archive::index(&self.connection)?.map(|text| {
            (
                path::ARCHIVE_INDEX.as_str().to_owned(),
                *blake3::hash(&text).as_bytes(),
            )
        });
        for (path, hash) in files.into_iter().chain(index) {
            match std::fs::read(folder.join(&path)) {
                Ok(bytes) if *blake3::hash(&bytes).as_bytes() == hash => {}
                Ok(_) => wrong.push(format!("{path} was altered in {}", folder.display())),
                Err(_) => wrong.push(format!("{path} is missing in {}", folder.display())),
            }
        }
        Ok(wrong)
    }
}

fn is_for_operators(path: &str) -> bool {
    OPERATOR_FILES.contains(&path)
}

/// The hash of a file below a folder; `None` when there is no such file.
fn file_hash(folder: &Path, path: &str) -> Result<Option<Hash>, VersionError> {
    let file = folder.join(path);
    match std::fs::read(&file) {
        Ok(bytes) => Ok(Some(*blake3::hash(&bytes).as_bytes())),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound
                    | std::io::ErrorKind::NotADirectory
                    | std::io::ErrorKind::IsADirectory
            ) =>
        {
            Ok(None)
        }
        Err(source) => Err(VersionError::Read { path: file, source }),
    }
}
