//! A build: pages that changed are rendered, and the whole becomes a version when it differs from the live one.

use std::collections::BTreeSet;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use itertools::Itertools;
use rayon::prelude::*;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::baseline::{Baseline, StoredPath};
use super::history::health;
use super::live::go_live;
use super::manifest::{self, Manifest, files, path_id};
use super::objects::{self, Dictionary, Hash, Object, PackedContent};
use super::{Head, Store, VersionError};
use crate::base::run::VersionChanges;
use crate::base::stop::StopPoint;
use crate::site::operator::{Health, HistoryAction};
use crate::site::{Planned, Site};

/// Pages rendered, compressed and inserted at a time: what is in memory at once.
const BATCH: usize = 1_024;

/// Digests of what a site is made from, hexadecimal. Those with a default are empty in the records of earlier programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// The sales, the months that files cover, and what is told of the files.
    pub data: String,
    /// The program's own part that turns sales into figures.
    #[serde(default)]
    pub method: String,
    /// The templates and assets, those of the project among them.
    pub templates: String,
    /// The program's own part that turns figures into files.
    #[serde(default)]
    pub renderer: String,
    /// The configuration, as far as files are made of it.
    pub configuration: String,
    /// The places of France, those in the program or imported ones.
    #[serde(default)]
    pub places: String,
    /// The rest of the program that figures and files come through.
    pub program: String,
}

impl Inputs {
    /// What differs from the inputs before, in words.
    fn cause(&self, before: Option<&Self>) -> String {
        let Some(before) = before else {
            return "first build".into();
        };
        // An earlier program made other digests of the same things: that it was another is all that is known.
        if before.method.is_empty() {
            return "program".into();
        }
        let differences = [
            ("release imported", self.data != before.data),
            ("method", self.method != before.method),
            ("template", self.templates != before.templates),
            ("renderer", self.renderer != before.renderer),
            ("configuration", self.configuration != before.configuration),
            ("places", self.places != before.places),
            ("program", self.program != before.program),
        ];
        let causes: Vec<_> = differences
            .iter()
            .filter_map(|(cause, differs)| differs.then_some(*cause))
            .collect();
        if causes.is_empty() {
            "rebuilt".into()
        } else {
            causes.join(", ")
        }
    }
}

/// What to build and how.
pub struct BuildRequest<'a> {
    /// What the pages are rendered with: figures, places, templates, configuration.
    pub site: &'a Site<'a>,
    /// Every page that the site has to have.
    pub plan: &'a [Planned],
    /// Everything the site is made from.
    pub inputs: Inputs,
    /// The state of data and site that is written beside the pages.
    pub health: Health,
    /// Take the pages whose key is known from the store instead of rendering them.
    pub only_changed: bool,
    /// Build these paths and leave all others as they are.
    pub only: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    /// Pages that may go, in per cent of those there are; `None` when any number may.
    pub removals: Option<f64>,
    /// When the run began, from which its duration is counted.
    pub started: Instant,
    /// Called with the number of pages rendered.
    pub progress: &'a dyn Fn(u64),
}

/// What a build made.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The live version's number.
    pub number: String,
    /// Whether it is a new one.
    pub new: bool,
    /// Pages added, changed and removed against the version before.
    pub changes: VersionChanges,
    /// Pages that were rendered, changed or not.
    pub rendered: u64,
    /// The live version's files, in the order of their paths.
    pub files: Vec<(String, Hash)>,
}

/// Renders what has to be, and commits a version when a page differs from the live one, all in one transaction.
///
/// # Errors
/// When a template fails, or more pages would go than may; the live version is then as it was.
pub fn commit(
    store: &mut Store,
    present: Baseline,
    build: &BuildRequest<'_>,
) -> Result<Committed, VersionError> {
    let head = store.head()?;
    let last_built = store.last_built()?;
    let transaction = store.connection.transaction()?;
    let pages = &present.pages;
    let mut manifest = Manifest::new();
    if build.only.is_some() {
        let live = pages
            .iter()
            .filter_map(|page| Some((page.path.clone(), page.live?)));
        manifest.extend(live);
    }
    let rendered = render(&transaction, build, pages, &mut manifest)?;
    let mut changes = compare(pages, &manifest);
    if changes.is_empty()
        && let Some(head) = head
    {
        // The same pages from other inputs, say a remark nobody sees: nothing to publish, but known next time.
        if build.only.is_none() && head.inputs.as_ref() != Some(&build.inputs) {
            transaction.execute(
                "UPDATE versions SET inputs = ? WHERE id = ?",
                params![serde_json::to_string(&build.inputs)?, head.id],
            )?;
        }
        // What was brought back is what the inputs make: from here on it is live by a build.
        if build.only.is_none() && head.rolled_back {
            go_live(&transaction, head.id, HistoryAction::Build)?;
        }
        transaction.commit()?;
        return Ok(Committed {
            number: head.number,
            new: false,
            changes,
            rendered,
            files: files(manifest),
        });
    }
    if let Some(share) = build.removals
        && changes.pages_removed > 0
    {
        // An asset that changed has another name, and is no page less.
        let live = || {
            let live = pages.iter().filter(|page| page.live.is_some());
            live.filter(|page| page.path.ends_with(".html"))
        };
        let total = live().count();
        let removed = live()
            .filter(|page| !manifest.contains_key(&page.path))
            .count();
        if removed as f64 > total as f64 * share / 100.0 {
            return Err(VersionError::Removals {
                removed,
                total,
                share,
            });
        }
    }
    let previous_total = match &head {
        Some(head) => health(&transaction, &head.number)?.total_transactions,
        None => 0,
    };
    changes.new_transactions = build
        .health
        .total_transactions
        .saturating_sub(previous_total);
    changes.build_time = (build.started.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    let cause = match build.only {
        Some(_) => "some cities".to_owned(),
        None => build.inputs.cause(last_built.as_ref()),
    };
    let number = record(
        &transaction,
        build,
        head.as_ref(),
        (pages, &manifest),
        &changes,
        &cause,
    )?;
    StopPoint::VersionWritten.reach();
    transaction.commit()?;
    StopPoint::VersionCommitted.reach();
    Ok(Committed {
        number,
        new: true,
        changes,
        rendered,
        files: files(manifest),
    })
}

/// A page to render.
struct PageToMake<'a> {
    page: &'a Planned,
    /// What the store holds of its path.
    known: Option<&'a StoredPath>,
    /// What it was last rendered to.
    made: Option<Object>,
}

/// Fills the manifest with the planned pages, rendering those that have to be; gives the number rendered.
fn render(
    connection: &Connection,
    build: &BuildRequest<'_>,
    present: &[StoredPath],
    manifest: &mut Manifest,
) -> Result<u64, VersionError> {
    let mut todo: Vec<PageToMake<'_>> = Vec::new();
    let mut fresh = Vec::with_capacity(build.plan.len());
    for pair in build
        .plan
        .iter()
        .merge_join_by(present, |page, known| page.path.cmp(&known.path))
    {
        let (Some(page), known) = pair.left_and_right() else {
            continue;
        };
        if build.only.is_some_and(|only| !only(&page.path)) {
            continue;
        }
        match known
            .map(|known| known.made(connection))
            .transpose()?
            .flatten()
        {
            Some((key, content))
                if build.only_changed && key == outcome_key(&page.key, &content.1) =>
            {
                fresh.push((page.path.clone(), content));
            }
            made => todo.push(PageToMake {
                page,
                known,
                made: made.map(|(_, content)| content),
            }),
        }
    }
    manifest.append(&mut fresh.into_iter().collect());
    let mut dictionary = Dictionary::latest(connection)?;
    if dictionary.is_empty() && !todo.is_empty() {
        let samples = todo
            .par_iter()
            .step_by(Dictionary::sampling(todo.len()))
            .map(|todo| build.site.render(todo.page))
            .collect::<Result<Vec<_>, _>>()?;
        dictionary = Dictionary::train(connection, &samples)?;
    }
    let mut remember = connection
        .prepare("INSERT OR REPLACE INTO rendered (path, key, object) VALUES (?, ?, ?)")?;
    let site = build.site;
    std::thread::scope(|scope| {
        // While one batch is inserted, the next is rendered.
        let (sender, packed) = sync_channel(1);
        let (todo, dictionary) = (&todo, &dictionary);
        scope.spawn(move || {
            for batch in todo.chunks(BATCH) {
                if sender.send(pack(site, batch, dictionary)).is_err() {
                    return;
                }
            }
        });
        for (batch, packed) in todo.chunks(BATCH).zip(&packed) {
            for (todo, packed) in batch.iter().zip(packed?) {
                let PageToMake { page, known, made } = *todo;
                let object = match made {
                    Some((object, hash)) if hash == packed.hash => object,
                    _ => objects::insert(connection, dictionary, &packed)?,
                };
                remember.execute(params![
                    path_id(connection, known, &page.path)?,
                    outcome_key(&page.key, &packed.hash),
                    object
                ])?;
                manifest.insert(page.path.clone(), (object, packed.hash));
            }
            (build.progress)(batch.len() as u64);
        }
        Ok(todo.len() as u64)
    })
}

/// Renders pages, and compresses those that come out otherwise than the last time.
fn pack(
    site: &Site<'_>,
    pages: &[PageToMake<'_>],
    dictionary: &Dictionary,
) -> Result<Vec<PackedContent>, VersionError> {
    pages
        .par_iter()
        .map_init(
            || dictionary.compressor(),
            |compressor, todo| {
                let bytes = site.render(todo.page)?;
                let hash: Hash = *blake3::hash(&bytes).as_bytes();
                let data = match compressor {
                    _ if todo.made.is_some_and(|(_, known)| known == hash) => Vec::new(),
                    Ok(compressor) => compressor
                        .compress(&bytes)
                        .map_err(VersionError::Compress)?,
                    Err(_) => {
                        return Err(VersionError::Compress(std::io::ErrorKind::Other.into()));
                    }
                };
                Ok(PackedContent {
                    hash,
                    size: bytes.len(),
                    data,
                })
            },
        )
        .collect()
}

/// Stands for a page that was made from what `key` stands for and came out with a hash.
fn outcome_key(key: &blake3::Hash, hash: &Hash) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key.as_bytes()).update(hash);
    *hasher.finalize().as_bytes()
}

/// What differs from the live version.
fn compare(before: &[StoredPath], after: &Manifest) -> VersionChanges {
    let mut changes = VersionChanges::default();
    let mut cities = BTreeSet::new();
    for pair in before
        .iter()
        .merge_join_by(after, |page, (path, _)| page.path.cmp(path))
    {
        let (page, after) = pair.left_and_right();
        match (page.and_then(|page| page.live), after) {
            (Some(before), Some((_, after))) if before == *after => {
                changes.pages_unchanged += 1;
                continue;
            }
            (Some(_), Some(_)) => changes.pages_changed += 1,
            (None, Some(_)) => changes.pages_added += 1,
            (Some(_), None) => changes.pages_removed += 1,
            (None, None) => {}
        }
        cities.extend(after.and_then(|(path, _)| crate::site::city_of(path)));
    }
    changes.cities_updated = cities.len() as u64;
    changes
}

/// Writes the version down and makes it the live one.
fn record(
    connection: &Connection,
    build: &BuildRequest<'_>,
    head: Option<&Head>,
    (pages, manifest): (&[StoredPath], &Manifest),
    changes: &VersionChanges,
    cause: &str,
) -> Result<String, VersionError> {
    let now = crate::base::clock::now();
    let day = now.strftime("%Y.%m.%d").to_string();
    let number: i64 = connection.query_row(
        "SELECT coalesce(max(CAST(substr(number, 12) AS INTEGER)), 0) + 1 FROM versions WHERE number LIKE ? || '.%'",
        [&day],
        |row| row.get(0),
    )?;
    let number = format!("{day}.{number}");
    let inputs = match build.only {
        None => Some(serde_json::to_string(&build.inputs)?),
        Some(_) => None,
    };
    connection.execute(
        "INSERT INTO versions (number, date, cause, parent, changes, health, inputs) VALUES (?, ?, ?, ?, ?, ?, ?)",
        params![
            number,
            now.to_string(),
            cause,
            head.map(|head| head.id),
            serde_json::to_string(changes)?,
            serde_json::to_string(&build.health)?,
            inputs,
        ],
    )?;
    let id = connection.last_insert_rowid();
    manifest::write(connection, id, pages, manifest)?;
    go_live(connection, id, HistoryAction::Build)?;
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        let digest = || "0".repeat(64);
        Inputs {
            data: digest(),
            method: digest(),
            templates: digest(),
            renderer: digest(),
            configuration: digest(),
            places: digest(),
            program: digest(),
        }
    }

    #[test]
    fn a_cause_names_each_input_that_differs() {
        let before = inputs();
        type Input = fn(&mut Inputs) -> &mut String;
        let changed: [(&str, Input); 7] = [
            ("release imported", |inputs| &mut inputs.data),
            ("method", |inputs| &mut inputs.method),
            ("template", |inputs| &mut inputs.templates),
            ("renderer", |inputs| &mut inputs.renderer),
            ("configuration", |inputs| &mut inputs.configuration),
            ("places", |inputs| &mut inputs.places),
            ("program", |inputs| &mut inputs.program),
        ];
        let mut all = inputs();
        for (cause, input) in changed {
            let mut after = inputs();
            input(&mut after).replace_range(..1, "1");
            input(&mut all).replace_range(..1, "1");
            assert_eq!(after.cause(Some(&before)), cause);
        }
        let causes = changed.map(|(cause, _)| cause).join(", ");
        assert_eq!(all.cause(Some(&before)), causes);
        assert_eq!(before.cause(Some(&before)), "rebuilt");
        assert_eq!(before.cause(None), "first build");
    }

    #[test]
    fn records_of_earlier_programs_are_read() {
        let record = r#"{"data":"a","templates":"b","configuration":"c","program":"d"}"#;
        let before: Inputs = serde_json::from_str(record).expect("a record of November 2026");
        assert_eq!(inputs().cause(Some(&before)), "program");
    }
}
