//! A build: pages that changed are rendered, and the whole becomes a version when it differs from the live one.

use std::collections::BTreeSet;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use itertools::Itertools;
use rayon::prelude::*;
use rusqlite::{Connection, params};

use super::archive;
use super::baseline::Baseline;
use super::error::VersionError;
use super::history::health;
use super::inputs::Inputs;
use super::live::go_live;
use super::manifest::{self, Manifest, StoredPath, files, path_id};
use super::objects::{self, Dictionary, Hash, Object, PackedContent};
use super::store::{Head, Store};
use crate::base::run::VersionChanges;
use crate::base::stop::StopPoint;
use crate::site::operator::{Health, HistoryAction};
use crate::site::{Planned, Site, SiteError};

/// Pages rendered, compressed and inserted at a time: what is in memory at once.
const BATCH: usize = 1_024;

/// What to build and how.
pub struct BuildRequest<'a> {
    /// The site that is built.
    pub site: &'a Site<'a>,
    /// Its files, in the order of their paths.
    pub plan: &'a [Planned],
    /// Everything the site is made from.
    pub inputs: Inputs,
    /// What is kept with the version for the files for operators.
    pub health: Health,
    /// Take the pages whose key is known from the store instead of rendering them.
    pub only_changed: bool,
    /// Build these paths and leave all others as they are.
    pub only: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    /// Pages that may go, in per cent of those there are; `None` when any number may.
    pub removals: Option<f64>,
    /// When the build began.
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
    /// What it changed against the version that was live before.
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
        check_removals(pages, &manifest, share)?;
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

/// Refuses a version in which more of the live version's pages are gone than a share of them, in per cent.
fn check_removals(
    pages: &[StoredPath],
    manifest: &Manifest,
    share: f64,
) -> Result<(), VersionError> {
    // An asset that changed has another name, and is no page less.
    let live = pages.iter().filter(|page| page.live.is_some());
    let live: Vec<_> = live.filter(|page| page.path.ends_with(".html")).collect();
    let gone = live
        .iter()
        .filter(|page| !manifest.contains_key(&page.path));
    let (total, removed) = (live.len(), gone.count());
    if removed as f64 > total as f64 * share / 100.0 {
        return Err(VersionError::Removals {
            removed,
            total,
            share,
        });
    }
    Ok(())
}

/// A page to render, or to take as it was last rendered.
struct PageToMake<'a> {
    page: &'a Planned,
    /// What the store holds of its path.
    known: Option<&'a StoredPath>,
    /// From what and to what it was last rendered.
    made: Option<(Hash, Object)>,
}

/// Fills the manifest with the planned pages, rendering those that have to be; gives the number rendered.
fn render(
    connection: &Connection,
    build: &BuildRequest<'_>,
    present: &[StoredPath],
    manifest: &mut Manifest,
) -> Result<u64, VersionError> {
    let site = build.site;
    let mut pages = Vec::with_capacity(build.plan.len());
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
        let made = known.map(|known| known.last_outcome(connection));
        let made = made.transpose()?.flatten();
        pages.push(PageToMake { page, known, made });
    }
    let only_changed = build.only_changed;
    let is_fresh = |page: &PageToMake<'_>| match page.made {
        Some((key, (_, hash))) if only_changed => {
            Ok(key == outcome_key(&site.key(page.page)?, &hash))
        }
        _ => Ok(false),
    };
    let is_fresh = pages.par_iter().map(is_fresh);
    let is_fresh = is_fresh.collect::<Result<Vec<_>, SiteError>>()?;
    let (mut todo, mut fresh) = (Vec::new(), Manifest::new());
    for (page, is_fresh) in pages.into_iter().zip(is_fresh) {
        match page.made {
            Some((_, content)) if is_fresh => {
                fresh.insert(page.page.path.clone(), content);
            }
            _ => todo.push(page),
        }
    }
    manifest.append(&mut fresh);
    todo.sort_by(|a, b| a.page.place().cmp(b.page.place()));
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
            for (todo, (key, packed)) in batch.iter().zip(packed?) {
                let PageToMake { page, known, made } = *todo;
                let object = match made {
                    Some((_, (object, hash))) if hash == packed.hash => object,
                    _ => objects::insert(connection, dictionary, &packed)?,
                };
                remember.execute(params![
                    path_id(connection, known, &page.path)?,
                    outcome_key(&key, &packed.hash),
                    object
                ])?;
                manifest.insert(page.path.clone(), (object, packed.hash));
            }
            (build.progress)(batch.len() as u64);
        }
        Ok(todo.len() as u64)
    })
}

/// Renders pages, and compresses those that come out otherwise than the last time; each with its key.
fn pack(
    site: &Site<'_>,
    pages: &[PageToMake<'_>],
    dictionary: &Dictionary,
) -> Result<Vec<(blake3::Hash, PackedContent)>, VersionError> {
    pages
        .par_iter()
        .map_init(
            || dictionary.compressor(),
            |compressor, todo| {
                let (key, bytes) = site.make(todo.page)?;
                let hash: Hash = *blake3::hash(&bytes).as_bytes();
                let data = match compressor {
                    _ if todo.made.is_some_and(|(_, (_, known))| known == hash) => Vec::new(),
                    Ok(compressor) => compressor
                        .compress(&bytes)
                        .map_err(VersionError::Compress)?,
                    Err(_) => {
                        return Err(VersionError::Compress(std::io::ErrorKind::Other.into()));
                    }
                };
                let size = bytes.len();
                Ok((key, PackedContent { hash, size, data }))
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
        "INSERT INTO numbers (day, last) VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
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
    // A build of some pages only is passing.
    if build.only.is_none() {
        archive::add(connection, id, &number, &build.site.frozen()?)?;
    }
    go_live(connection, id, HistoryAction::Build)?;
    Ok(number)
}
