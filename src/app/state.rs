//! The state of a project as one file: what a fresh machine needs to go on.
//!
//! The file is a tar archive compressed with zstd, whose first member is a list of the others with their blake3 hashes.
//! At its end stands the hash of all before, in a frame that zstd skips. `tar --zstd -xf` opens it too.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::journal;
use super::missing::missing_sales;
use super::project::Project;
use crate::base::sqlite::OpenError;
use crate::base::stop::StopPoint;
use crate::config::ConfigFile;
use crate::db::{Database, DbError};
use crate::files::{self, Temporary};
use crate::version::{self, Store, VersionError};

mod error;
mod target;

pub use error::StateError;

use error::LIMIT;
use target::MANIFEST;

/// zstd's level: SQLite pages gain little from higher ones.
const LEVEL: i32 = 6;

/// Head of the frame with the hash: zstd's number of a skippable frame and the length of what is in it, both 32 bits,
/// little-endian (RFC 8878, 3.1.2).
pub(crate) const SEAL: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, blake3::OUT_LEN as u8, 0, 0, 0];

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

impl Manifest {
    /// Lists a file of a folder.
    fn add(&mut self, folder: &Path, name: String) -> Result<(), StateError> {
        let (size, hash) = measure(&folder.join(&name))?;
        let blake3 = hash.to_hex().to_string();
        self.files.push(Member { name, size, blake3 });
        Ok(())
    }
}

/// The names of the databases in the archive.
const DATABASE: &str = "immostats.db";
const VERSIONS: &str = "versions.db";

/// Saves the databases, consistent even while another process writes to them, and the journals. Gives the file's size in
/// bytes.
///
/// # Errors
/// When there is no database, sales that the live version was made of are missing, what stands under the file's name is no state,
/// or the file cannot be written; what stands there then stays.
pub fn save(project: &Project, file: &Path) -> Result<u64, StateError> {
    let database = Database::open_read_only(&project.database())?;
    let versions = Store::open_read_only(&project.versions())?;
    if database.is_none() && versions.is_none() {
        return Err(StateError::Nothing {
            root: project.root().into(),
        });
    }
    target::check(project, file)?;
    if let Some(missing) = missing_sales(project) {
        return Err(StateError::Sales(missing));
    }
    let folder = Temporary::folder(project.root())?;
    let mut manifest = Manifest { files: Vec::new() };
    if let Some(database) = database {
        database.copy_to(&folder.path().join(DATABASE))?;
        manifest.add(folder.path(), DATABASE.into())?;
    }
    if let Some(versions) = versions {
        versions.copy_to(&folder.path().join(VERSIONS))?;
        manifest.add(folder.path(), VERSIONS.into())?;
    }
    // After the databases, so that a program that is too old for those says so.
    for name in journal::copy(project, folder.path()).map_err(StateError::Journal)? {
        manifest.add(folder.path(), name)?;
    }
    StopPoint::StateCopied.reach();
    let mut too_large = None;
    let written = files::write_with(file, |output| {
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
        output.write_all(hasher.finalize().as_bytes())?;
        // An older one of its name is still there.
        too_large = Some(output.stream_position()?).filter(|size| *size > LIMIT);
        match too_large {
            Some(_) => Err(ErrorKind::FileTooLarge.into()),
            None => Ok(()),
        }
    });
    match too_large {
        Some(size) => Err(StateError::TooLarge { size }),
        None => Ok(written?),
    }
}

/// Puts saved databases in the place of the project's: both at once, whatever kills the process. They are unpacked and
/// checked beside before anything of the project is touched. With `force`, the project may hold what they do not. The
/// journals get what they lack of the saved ones, and lose nothing.
///
/// # Errors
/// When the file is truncated, altered, of a newer program or no state at all, or would lose something; the project is then
/// as it was.
pub fn restore(project: &Project, file: &Path, force: bool) -> Result<(), Failure> {
    // Before anything is written, for the folder may be none of ours. What the configuration says does not matter here.
    ConfigFile::open(project.root())?;
    File::open(file).map_err(|source| StateError::Read {
        path: file.into(),
        source,
    })?;
    let _lock = project.lock("state restore")?;
    let folder = Temporary::folder(project.root()).map_err(StateError::from)?;
    let journals = unpack(file, folder.path()).map_err(|error| match error {
        StateError::Damaged { .. } => Failure::Refused(error.into()),
        error => error.into(),
    })?;
    let new = [DATABASE, VERSIONS].map(|name| folder.path().join(name));
    if !force {
        lose_nothing(project, file, &new)?;
    }
    if new[1].exists() && project.versions().exists() {
        // It may be what has to be replaced because it is damaged; it is then of no use.
        let _ = version::inherit(&new[1], &project.versions());
    }
    for name in journals {
        let path = folder.path().join(&name);
        let text = std::fs::read(&path).map_err(|source| StateError::Read { path, source })?;
        journal::add(project, &name, &text)?;
    }
    StopPoint::StateUnpacked.reach();
    folder.keep(&project.restored()).map_err(StateError::from)?;
    StopPoint::StateRestored.reach();
    Ok(files::replace_databases(&project.restored())?)
}

/// Refuses databases that lack what those of the project hold. What is damaged cannot be compared: that may be why a state
/// is restored.
fn lose_nothing(
    project: &Project,
    file: &Path,
    [database, store]: &[PathBuf; 2],
) -> Result<(), Failure> {
    let mut lost = Vec::new();
    if database.exists() && project.database().exists() {
        let known = Database::open(&project.database());
        lost = match known.and_then(|known| known.unknown_to(database)) {
            Err(error) if error.is_damage() => Vec::new(),
            unknown => unknown?,
        };
    }
    if store.exists() && project.versions().exists() {
        let known = Store::open(&project.versions());
        let versions = match known.and_then(|known| known.versions_unknown_to(store)) {
            Err(error) if error.is_damage() => Vec::new(),
            unknown => unknown?,
        };
        if !versions.is_empty() {
            lost.push(format!("its versions {}", versions.join(", ")));
        }
    }
    if lost.is_empty() {
        return Ok(());
    }
    let path = file.into();
    Err(Failure::Refused(StateError::Loses { path, lost }.into()))
}

/// Unpacks a state file to a folder, and checks each database. Gives the names of the journals.
fn unpack(file: &Path, folder: &Path) -> Result<Vec<String>, StateError> {
    let refused = |reason: String| StateError::Damaged {
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
    let mut journals = Vec::new();
    for member in &manifest.files {
        let name = &member.name;
        let is_database = [DATABASE, VERSIONS].contains(&name.as_str());
        if !is_database && !journal::is_name(name) {
            let reason =
                format!("it holds {name}, which is no database and no journal of a project");
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
        if !is_database {
            journals.push(name.clone());
            continue;
        }
        complaint(name, &copy).map_or(Ok(()), |(is_newer, reason)| match is_newer {
            true => Err(StateError::Newer {
                path: file.into(),
                reason,
            }),
            false => Err(refused(reason)),
        })?;
    }
    Ok(journals)
}

/// Opens an unpacked database, which brings it to the present schema, and reads it; gives what is wrong with it, and whether
/// that is only that it is newer than this program.
fn complaint(name: &str, copy: &Path) -> Option<(bool, String)> {
    let of_schema = |error: OpenError| (matches!(error, OpenError::Newer { .. }), error.reason());
    let complaints = match name {
        VERSIONS => Store::open(copy)
            .and_then(|store| {
                store.check_records()?;
                store.integrity()
            })
            .map_err(|error| match error {
                VersionError::Open(error) => of_schema(error),
                error => (false, error.to_string()),
            }),
        _ => Database::open(copy)
            .and_then(|database| database.integrity())
            .map_err(|error| match error {
                DbError::Open(error) => of_schema(error),
                error => (false, error.to_string()),
            }),
    };
    match complaints {
        Ok(complaints) => complaints
            .into_iter()
            .next()
            .map(|line| (false, format!("{name}: {line}"))),
        Err(complaint) => Some(complaint),
    }
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
