//! Where a state may be saved: what stands there goes, and may be what the project cannot do without.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf, absolute};

use super::error::StateError;
use crate::app::project::Project;

/// The first member of the archive: the list of the others.
pub(super) const MANIFEST: &str = "manifest.json";

/// Makes sure that nothing but an older state goes when one is saved to a file.
///
/// # Errors
/// When the file would stand among those of the project, or what stands there is no state.
pub(super) fn check(project: &Project, file: &Path) -> Result<(), StateError> {
    let refused = |reason: String| {
        Err(StateError::Target {
            path: file.into(),
            reason,
        })
    };
    let unreadable = |source| StateError::Read {
        path: file.into(),
        source,
    };
    let whole = absolute(file).map_err(unreadable)?;
    // Of a link it is the link that goes, and not what it leads to.
    let place = match (whole.parent(), whole.file_name()) {
        (Some(folder), Some(name)) => real(folder).join(name),
        _ => real(&whole),
    };
    for (name, own) in [("data", project.data()), ("site", project.site())] {
        let own = absolute(own).map_err(unreadable)?;
        if place.starts_with(real(&own)) {
            return refused(format!(
                "it is in the project's {name}/; name a file outside of data/ and site/"
            ));
        }
    }
    let found = match file.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        found => found.map_err(unreadable)?,
    };
    if !found.is_file() {
        return refused("what stands there is no regular file; name another".into());
    }
    if found.len() == 0 || is_state(File::open(file).map_err(unreadable)?) {
        return Ok(());
    }
    refused(
        "what stands there is no saved state, and would be lost; name another file, or remove it"
            .into(),
    )
}

/// A whole path without links and `..`, whether or not anything stands there.
fn real(path: &Path) -> PathBuf {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Ok(real), ..) => real,
        (_, Some(folder), Some(name)) => real(folder).join(name),
        (_, Some(folder), None) => {
            let folder = real(folder);
            folder.parent().unwrap_or(&folder).into()
        }
        (_, None, _) => path.into(),
    }
}

/// Whether a file begins as a state does.
fn is_state(file: File) -> bool {
    let begins = || -> io::Result<bool> {
        let mut archive = tar::Archive::new(zstd::Decoder::new(file)?);
        let first = archive.entries()?.next().transpose()?;
        Ok(first.is_some_and(|first| first.path_bytes() == MANIFEST.as_bytes()))
    };
    begins().unwrap_or(false)
}
