//! The state of a project as one file: what a fresh machine needs to go on.
//!
//! The file is a tar archive compressed with zstd, whose first member is a list of the others with their blake3 hashes.
//! At its end stands the hash of all before, in a frame that zstd skips. `tar --zstd -xf` opens it too.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::failure::Failure;
use super::project::Project;
use crate::base::stop::StopPoint;
use crate::db::integrity;
use crate::files::{self, Temporary, WriteError};
use crate::version;

/// What a release asset may weigh, bytes.
const LIMIT: u64 = 2 << 30;

/// zstd's level: SQLite pages gain little from higher ones.
const LEVEL: i32 = 6;

const MANIFEST: &str = "manifest.json";

/// Head of the frame with the hash: zstd's number of a skippable frame and the length of what is in it, both 32 bits,
/// little-endian (RFC 8878, 3.1.2).
const SEAL: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, blake3::OUT_LEN as u8, 0, 0, 0];

/// Why the state was not saved or restored.
#[derive(Debug, Error)]
pub enum StateError {
    /// There is no database.
    #[error("there is nothing to save: {} has no database yet", root.display())]
    Nothing {
        /// The project's folder.
        root: PathBuf,
    },
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no state, or not one as it was saved.
    #[error("{} is not a whole and unaltered state file: {reason}; the project stays as it was", path.display())]
    Refused {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No release takes the file.
    #[error(
        "the state weighs {size} bytes compressed, more than the {LIMIT} of a release asset; drop old versions with `immostats gc`"
    )]
    TooLarge {
        /// Bytes.
        size: u64,
    },
    /// The file could not be made.
    #[error("the state could not be packed: {0}")]
    Pack(io::Error),
    /// The file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A database could not be read as a whole.
    #[error("a database could not be copied: {0}")]
    Sql(#[from] rusqlite::Error),
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    files: Vec<Member>,
}

#[derive(Serialize, Deserialize)]
struct Member {
    name: String,
    size: u64,
    blake3: String,
}

/// The databases of a project, by their names in the archive.
fn databases(project: &Project) -> [(&'static str, PathBuf); 2] {
    [
        ("immostats.db", project.database()),
        ("versions.db", project.versions()),
    ]
}

/// Saves the databases, consistent even while another process writes to them. Gives the file's size in bytes.
///
/// # Errors
/// When there is no database, or the file cannot be written; an older file of that name then stays.
pub fn save(project: &Project, file: &Path) -> Result<u64, StateError> {
    let folder = Temporary::folder(project.root())?;
    let mut manifest = Manifest { files: Vec::new() };
    for (name, database) in databases(project) {
        if !database.exists() {
            continue;
        }
        let copy = folder.path().join(name);
        Connection::open(&database)?.backup(
            "main",
            &copy,
            None::<fn(rusqlite::backup::Progress)>,
        )?;
        let (size, hash) = measure(&copy)?;
        manifest.files.push(Member {
            name: name.into(),
            size,
            blake3: hash.to_hex().to_string(),
        });
    }
    if manifest.files.is_empty() {
        return Err(StateError::Nothing {
            root: project.root().into(),
        });
    }
    StopPoint::StateCopied.reach();
    let size = files::write_with(file, |output| {
        let mut archive = tar::Builder::new(zstd::Encoder::new(&mut *output, LEVEL)?);
        archive.mode(tar::HeaderMode::Deterministic);
        let text = serde_json::to_vec_pretty(&manifest)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, MANIFEST, text.as_slice())?;
        for member in &manifest.files {
            archive.append_path_with_name(folder.path().join(&member.name), &member.name)?;
        }
        archive.into_inner()?.finish()?;
        output.rewind()?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&mut *output)?;
        output.write_all(&SEAL)?;
        output.write_all(hasher.finalize().as_bytes())
    })?;
    if size > LIMIT {
        return Err(StateError::TooLarge { size });
    }
    Ok(size)
}

/// Puts saved databases in the place of the project's. They are unpacked and checked beside before anything of the
/// project is touched.
///
/// # Errors
/// When the file is truncated, altered or no state at all; the project is then as it was.
pub fn restore(project: &Project, file: &Path) -> Result<(), Failure> {
    let _lock = project.lock("state restore")?;
    let folder = Temporary::folder(project.root()).map_err(StateError::from)?;
    unpack(project, file, folder.path())?;
    StopPoint::StateUnpacked.reach();
    for (name, database) in databases(project) {
        let copy = folder.path().join(name);
        if copy.exists() {
            if database.exists() {
                // It may be what has to be replaced because it is damaged; it is then of no use.
                let _ = take_over(&copy, &database);
            }
            files::replace_database(&copy, &database)?;
        }
    }
    Ok(())
}

/// Unpacks the databases of a state file to a folder, and checks each.
fn unpack(project: &Project, file: &Path, folder: &Path) -> Result<(), StateError> {
    let refused = |reason: String| StateError::Refused {
        path: file.into(),
        reason,
    };
    let damaged = |error: io::Error| refused(error.to_string());
    let unreadable = |source| StateError::Read {
        path: file.into(),
        source,
    };
    let mut input = File::open(file).map_err(unreadable)?;
    if !is_sealed(&mut input).map_err(unreadable)? {
        return Err(refused("its checksum is not that of its content".into()));
    }
    let zstd = zstd::Decoder::new(input).map_err(damaged)?;
    let mut archive = tar::Archive::new(zstd);
    let mut members = archive.entries().map_err(damaged)?;
    let mut next = || members.next().transpose().map_err(damaged);
    let Some(mut first) = next()? else {
        return Err(refused("it is empty".into()));
    };
    let mut text = String::new();
    first.read_to_string(&mut text).map_err(damaged)?;
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|_| refused("it does not begin with its list of files".into()))?;
    drop(first);
    let known = databases(project);
    for member in &manifest.files {
        let name = &member.name;
        if !known.iter().any(|(known, _)| known == name) {
            let reason = format!("it holds {name}, which is no database of a project");
            return Err(refused(reason));
        }
        let Some(mut entry) = next()? else {
            return Err(refused(format!("{name} is missing")));
        };
        let copy = folder.join(name);
        files::copy_from(&mut entry.by_ref().take(member.size), &copy).map_err(damaged)?;
        let (size, hash) = measure(&copy)?;
        if size != member.size || hash.to_hex().as_str() != member.blake3 {
            return Err(refused(format!("{name} is not what the list says")));
        }
        let complaints = integrity(&Connection::open(&copy)?)?;
        if let Some(complaint) = complaints.first() {
            return Err(refused(format!("{name}: {complaint}")));
        }
    }
    Ok(())
}

/// Takes what only a database of this machine knows, and empties its journal: should the next step fail, it is whole
/// without it.
fn take_over(new: &Path, old: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(old)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    if connection.table_exists(None, "checkout")? {
        version::inherit_checkout(new, old)?;
    }
    Ok(())
}

/// Whether a file ends in the hash of all that stands before. Leaves it at its beginning.
fn is_sealed(file: &mut File) -> io::Result<bool> {
    let length = (SEAL.len() + blake3::OUT_LEN) as u64;
    let Some(sealed) = file.metadata()?.len().checked_sub(length) else {
        return Ok(false);
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader((&mut *file).take(sealed))?;
    let mut seal = Vec::new();
    file.read_to_end(&mut seal)?;
    file.rewind()?;
    Ok(seal == [&SEAL[..], hasher.finalize().as_bytes()].concat())
}

/// Size and hash of a file.
fn measure(path: &Path) -> Result<(u64, blake3::Hash), StateError> {
    let read = || {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path)?)?;
        Ok((hasher.count(), hasher.finalize()))
    };
    read().map_err(|source| StateError::Read {
        path: path.into(),
        source,
    })
}
