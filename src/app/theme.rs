//! The templates and assets of a project: which of those that ship it replaces, and copies to begin from.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;
use serde_json::Value;

use super::failure::Failure;
use super::material::Material;
use super::project::Project;
use crate::db::Database;
use crate::files;
use crate::site::{built_in_file, built_in_files, own_files};

/// What remembers, in the folder of templates, what each copy was taken of.
const RECORD: &str = ".ejected.json";

/// A template or an asset.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ThemeFile {
    /// Its name in the folder of templates.
    pub name: String,
    /// What is used of it.
    pub state: ThemeState,
}

/// Whether a file is the one that ships, or the project's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeState {
    /// The one that ships is used.
    BuiltIn,
    /// The project has a copy of the one that ships, as it is.
    Same,
    /// The project's own is used; what ships is what it was copied from.
    Overridden,
    /// The project's own is used, and what ships has changed since it was copied.
    Outdated,
    /// The project's own is used; of what it was copied, if at all, nobody knows.
    Unrecorded,
    /// None of this name ships.
    Own,
}

/// All templates and assets, by name.
///
/// # Errors
/// When the project's cannot be read.
pub fn list(project: &Project) -> Result<Vec<ThemeFile>, Failure> {
    let own = match project.templates() {
        Some(folder) => own_files(&folder)?,
        None => BTreeMap::new(),
    };
    let record = record(project)?;
    let mut states: BTreeMap<String, ThemeState> = built_in_files()
        .map(|(name, _)| (name, ThemeState::BuiltIn))
        .collect();
    for (name, content) in own {
        let state = match built_in_file(&name) {
            None => ThemeState::Own,
            Some(shipped) if shipped == content => ThemeState::Same,
            Some(shipped) => match record.get(&name) {
                None => ThemeState::Unrecorded,
                Some(of) if *of == digest(shipped) => ThemeState::Overridden,
                Some(_) => ThemeState::Outdated,
            },
        };
        states.insert(name, state);
    }
    let files = states.into_iter();
    Ok(files
        .map(|(name, state)| ThemeFile { name, state })
        .collect())
}

/// Copies a file that ships, or all of them, into the project's folder of templates, and gives where they are. What is there
/// already stays.
///
/// # Errors
/// When there is none of that name, one is there already, or it cannot be written.
pub fn eject(project: &Project, name: Option<&str>) -> Result<Vec<PathBuf>, Failure> {
    // Nothing is left in a folder that is no project.
    project.config()?;
    let _lock = project.lock("theme")?;
    let folder = project.root().join("templates");
    let files: Vec<_> = match name {
        Some(name) => {
            let content = built_in_file(name).ok_or_else(|| unknown(name))?;
            if folder.join(name).exists() {
                return Err(Failure::because(format!(
                    "{} is already there, and stays as it is; move it away to begin anew",
                    folder.join(name).display()
                )));
            }
            vec![(name.to_owned(), content)]
        }
        None => built_in_files()
            .filter(|(name, _)| !folder.join(name).exists())
            .collect(),
    };
    let mut record = record(project)?;
    let mut written = Vec::new();
    for (name, content) in files {
        let path = folder.join(&name);
        files::write(&path, content)?;
        record.insert(name, digest(content));
        written.push(path);
    }
    let record = serde_json::to_vec_pretty(&record).context("the record of copies")?;
    files::write(&folder.join(RECORD), &record)?;
    Ok(written)
}

/// What a template sees of a page of the project, besides `site` and `assets`.
///
/// # Errors
/// When there is no such template or page, or the figures cannot be read.
pub fn variables(project: &Project, template: &str, code: Option<&str>) -> Result<Value, Failure> {
    let config = project.config()?;
    let material = Material::cached(&Database::open(&project.database())?, &config)?;
    let site = material.site(project, &config)?;
    Ok(site.context(template, code)?)
}

/// The digests of what copies were taken of, by their names.
fn record(project: &Project) -> Result<BTreeMap<String, String>, Failure> {
    let path = project.root().join("templates").join(RECORD);
    match std::fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text).map_err(|error| {
            Failure::because(format!(
                "{} is not what `immostats theme eject` wrote ({error}); remove it, and copies made before are no longer told from files of your own",
                path.display()
            ))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error)
            .with_context(|| format!("{} cannot be read", path.display()))
            .map_err(Failure::from),
    }
}

fn digest(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

fn unknown(name: &str) -> Failure {
    let alike = |shipped: &String| (1e3 * strsim::jaro_winkler(shipped, name)) as u32;
    let near = built_in_files()
        .map(|(shipped, _)| shipped)
        .max_by_key(alike);
    let meant = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    Failure::because(format!(
        "no template or asset named {name} ships with the program{meant} `immostats theme list` names all"
    ))
}
