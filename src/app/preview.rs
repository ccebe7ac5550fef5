//! The site as the templates, the assets and the settings make it at this moment: a page is made when it is asked for, and
//! anew once one of them was edited. Nothing is written.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, SystemTime};

use tokio::sync::{oneshot, watch};
use walkdir::WalkDir;

use super::failure::Failure;
use super::material::Material;
use super::project::Project;
use crate::config::FILE_NAME;
use crate::db::Database;

/// How often it is looked whether something was edited: an editor's save is seen at once by a person's measure.
const LOOK: Duration = Duration::from_millis(200);

/// What is at an address.
pub(super) enum Answer {
    /// The file, as it would be written.
    File(Vec<u8>),
    /// There is none.
    Missing,
    /// A template or the settings cannot be used, and why.
    Broken(String),
}

/// A file that is asked for, by its path in the site, and where to send it.
type Question = (String, oneshot::Sender<Answer>);

/// Asks for files of the site as it is now.
#[derive(Clone)]
pub(super) struct Preview {
    questions: Sender<Question>,
    /// Counts the edits that were seen.
    pub edits: watch::Receiver<u64>,
}

impl Preview {
    /// Reads what pages are made of, and answers from then on.
    ///
    /// # Errors
    /// When the database or the settings cannot be read.
    pub(super) fn start(project: &Project) -> Result<Self, Failure> {
        let config = project.config()?;
        let material = Material::cached(&Database::open(&project.database())?, &config)?;
        let (questions, asked) = channel();
        let (seen, edits) = watch::channel(0);
        let project = project.clone();
        std::thread::spawn(move || answer(&project, &material, &asked, &seen));
        Ok(Self { questions, edits })
    }

    /// The file at a path of the site.
    pub(super) async fn file(&self, path: &str) -> Answer {
        let (reply, answer) = oneshot::channel();
        let gone = || Answer::Broken("the program is about to end".into());
        match self.questions.send((path.to_owned(), reply)) {
            Ok(()) => answer.await.unwrap_or_else(|_| gone()),
            Err(_) => gone(),
        }
    }
}

/// Answers until nobody asks any more.
fn answer(
    project: &Project,
    material: &Material,
    asked: &Receiver<Question>,
    seen: &watch::Sender<u64>,
) {
    loop {
        let state = edited(project);
        let answered = pages(project, material, &state, asked).unwrap_or_else(|error| {
            until_edited(project, &state, asked, |_| {
                Answer::Broken(error.to_string())
            })
        });
        if !answered {
            return;
        }
        seen.send_modify(|edits| *edits += 1);
    }
}

/// Answers with the files of the site until something was edited; `false` when nobody can ask any more.
///
/// # Errors
/// When the settings or the templates cannot be used, before anything is answered.
fn pages(
    project: &Project,
    material: &Material,
    state: &State,
    asked: &Receiver<Question>,
) -> Result<bool, Failure> {
    let config = project.config()?;
    let site = material.site(project, &config)?;
    let plan = site.plan().into_iter();
    let plan: HashMap<_, _> = plan
        .map(|planned| (planned.path.clone(), planned))
        .collect();
    Ok(until_edited(project, state, asked, |path| {
        match plan.get(path).map(|planned| site.render(planned)) {
            Some(Ok(bytes)) => Answer::File(bytes),
            Some(Err(error)) => Answer::Broken(error.to_string()),
            None => Answer::Missing,
        }
    }))
}

/// Answers until something was edited; `false` when nobody can ask any more.
fn until_edited(
    project: &Project,
    state: &State,
    asked: &Receiver<Question>,
    file: impl Fn(&str) -> Answer,
) -> bool {
    loop {
        match asked.recv_timeout(LOOK) {
            Ok((path, reply)) => {
                // Who asked may have gone.
                let _ = reply.send(file(&path));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        if edited(project) != *state {
            return true;
        }
    }
}

/// The files that a person edits, with when each was changed and its size.
type State = Vec<(PathBuf, Option<SystemTime>, u64)>;

fn edited(project: &Project) -> State {
    let templates = WalkDir::new(project.root().join("templates")).sort_by_file_name();
    let templates = templates
        .into_iter()
        .filter_map(|entry| Some(entry.ok()?.into_path()));
    let files = std::iter::once(project.root().join(FILE_NAME)).chain(templates);
    files
        .filter_map(|path| {
            let metadata = fs::metadata(&path).ok()?;
            metadata
                .is_file()
                .then(|| (path, metadata.modified().ok(), metadata.len()))
        })
        .collect()
}
