//! The build: figures brought up to date, pages made of them, a version of the pages, and `site/` brought to it.

use std::collections::HashMap;
use std::path::Path;
use std::thread::{ScopedJoinHandle, scope};
use std::time::Instant;

use anyhow::Context as _;
use serde::Deserialize;

use super::failure::Failure;
use super::health::{health, operator_settings};
use super::material::Material;
use super::missing::missing_sales;
use super::observer::{Activity, Observer};
use super::project::Project;
use super::record::recorded;
use super::report::Built;
use crate::base::digest;
use crate::base::place::Place;
use crate::config::Config;
use crate::db::{Database, DbError};
use crate::geo::Geography;
use crate::site::{Planned, city_of, path, renderer_digest, templates_digest};
use crate::stats::{self, FiguresKey, Update};
use crate::version::{
    self, Baseline, CheckoutCounts, CheckoutHints, Committed, FolderSurvey, Head, Inputs, Store,
};

/// How to build.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// Render only the pages whose content changed.
    pub only_changed: bool,
    /// Make the pages of these communes only, by their codes, and leave all others as they are; all when empty.
    pub cities: Vec<String>,
    /// Go on although more pages would disappear than the configuration allows.
    pub allow_removals: bool,
    /// Go on from a version that was rolled back, although the data are the same.
    pub resume: bool,
}

/// Builds the site, and leaves a record of the run.
///
/// # Errors
/// When a database, a template or `site/` fails, a commune of the options has no page, or too many pages would go.
/// The live version is then as it was.
pub fn build(
    project: &Project,
    options: &BuildOptions,
    observer: &dyn Observer,
) -> Result<Built, Failure> {
    recorded(project, observer, "build", |details| {
        let config = project.config()?;
        let _lock = project.lock("build")?;
        let built = bring_up_to_date(project, &config, options, observer)?;
        Ok((built.record(details), built))
    })
}

/// Brings the figures, the version store and `site/` up to date. The caller holds the lock.
///
/// # Errors
/// As [`build`].
pub fn bring_up_to_date(
    project: &Project,
    config: &Config,
    options: &BuildOptions,
    observer: &dyn Observer,
) -> Result<Built, Failure> {
    let database = Database::open(&project.database())?;
    if !database.has_mutations()? {
        if let Some(missing) = missing_sales(project) {
            return Err(missing.into());
        }
        return Err(Failure::because(
            "nothing has been imported yet, so that there is no site to build; run `immostats update`, or `immostats import FILE…` first",
        ));
    }
    let build = Build {
        project,
        config,
        options,
        observer,
        database,
        started: Instant::now(),
    };
    let mut store = Store::open(&project.versions())?;
    let Prepared {
        geography,
        mut update,
        baseline,
        survey,
    } = build.prepare()?;
    let refreshed = update.refreshed;
    tracing::debug!(?refreshed, "figures");
    let inputs = inputs(project, config, &build.database, &geography, &mut update)?;
    let head = store.head()?;
    if head.is_none()
        && let Some(left) = left_behind(&project.site())
    {
        let numbers = left.history.iter().map(|entry| &entry.version);
        for number in numbers.chain([&left.current]) {
            store.pass_over(number)?;
        }
        tracing::warn!(
            "site/ is version {} of a store that is gone: versions begin anew, after that number",
            left.current
        );
    }
    let need = build.need(&store, head.as_ref(), &inputs)?;
    if need == Need::Pages
        && let Some(table) = build.database.altered_tables()?.first()
    {
        return Err(DbError::AlteredTable { table }.into());
    }
    let mut commit = build.store_figures(update, |known, update| {
        if need != Need::Pages {
            return Ok(None);
        }
        let material = Material::updated(&build.database, config, geography, known, update)?;
        build
            .make_pages(&mut store, &material, baseline, inputs)
            .map(Some)
    })?;
    let checkout = build.check_out(&mut store, commit.as_mut(), survey)?;
    let previous = head.map(|head| head.number);
    Ok(Built {
        refreshed,
        held: need == Need::NoneWhileHeld,
        version: match &commit {
            Some(commit) => commit.number.clone(),
            None => previous.clone().unwrap_or_default(),
        },
        previous,
        commit,
        checkout,
        seconds: build.started.elapsed().as_secs_f64(),
    })
}

/// What a folder says of the version that stands in it, and of those before it.
#[derive(Deserialize)]
struct LeftBehind {
    current: String,
    history: Vec<LeftVersion>,
}

#[derive(Deserialize)]
struct LeftVersion {
    version: String,
}

/// The versions that a folder tells of; `None` where it is none of ours.
fn left_behind(site: &Path) -> Option<LeftBehind> {
    let text = std::fs::read(site.join(path::VERSION.as_str())).ok()?;
    serde_json::from_slice(&text).ok()
}

/// A build under way.
struct Build<'a> {
    project: &'a Project,
    config: &'a Config,
    options: &'a BuildOptions,
    observer: &'a dyn Observer,
    database: Database,
    started: Instant,
}

/// What is found out before any page is made.
struct Prepared {
    geography: Geography,
    update: Update,
    /// What the store holds of each path; `None` where it is not sure yet that it has to be known.
    baseline: Option<Baseline>,
    /// How `site/` stands.
    survey: FolderSurvey,
}

/// Whether pages have to be looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Pages,
    /// None: they were made from the same.
    Nothing,
    /// None: they were made from the same, or from the same data, and rolled back since.
    NoneWhileHeld,
}

impl Build<'_> {
    /// Computes the figures that are stale. Meanwhile the store tells what it holds, and `site/` how it stands.
    fn prepare(&self) -> Result<Prepared, Failure> {
        let project = self.project;
        let other_store = || Store::open(&project.versions());
        let changed = !self.database.stale_communes()?.0.is_empty();
        scope(|threads| {
            let baseline = changed.then(|| threads.spawn(|| other_store()?.baseline()));
            let survey = threads.spawn(|| other_store()?.survey_folder(&project.site()));
            let geography = self.database.geography()?;
            let update = stats::refresh(&self.database, &geography, self.config)?;
            Ok(Prepared {
                geography,
                update,
                baseline: baseline.map(joined).transpose()?,
                survey: joined(survey)?,
            })
        })
    }

    fn need(&self, store: &Store, head: Option<&Head>, inputs: &Inputs) -> Result<Need, Failure> {
        let options = self.options;
        let same = store.last_built()?.as_ref() == Some(inputs) && options.cities.is_empty();
        let rolled_back = head.is_some_and(|head| head.rolled_back);
        // What was rolled back stays away whatever else changes, for it is made of the same data.
        let versions = [inputs.data_version(), inputs.sales_version()];
        let held = rolled_back && (same || store.is_data_rolled_back(versions)?);
        Ok(match same {
            _ if held && !options.resume => Need::NoneWhileHeld,
            true if options.only_changed && !rolled_back => Need::Nothing,
            _ => Need::Pages,
        })
    }

    /// Brings the cache of figures up to date while something is done with them: who is killed in between computes
    /// them again.
    fn store_figures<T>(
        &self,
        mut update: Update,
        meanwhile: impl FnOnce(HashMap<Place, FiguresKey>, &Update) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let path = self.project.database();
        let known = std::mem::take(&mut update.known);
        scope(|threads| {
            let stored = threads.spawn(|| update.store(&mut Database::open(&path)?));
            let done = meanwhile(known, &update)?;
            joined(stored)?;
            Ok(done)
        })
    }

    /// Makes the pages that have to be made, and a version of them when they are others than the live version's.
    fn make_pages(
        &self,
        store: &mut Store,
        material: &Material,
        baseline: Option<Baseline>,
        inputs: Inputs,
    ) -> Result<Committed, Failure> {
        let options = self.options;
        let site = material.site(self.project, self.config)?;
        for remark in site.remarks() {
            tracing::warn!("{remark}");
        }
        let (_, services) = self.project.settings()?;
        let operator = operator_settings(self.config, &services.deploy);
        let health = health(
            material,
            &site,
            self.config,
            operator,
            &self.database,
            &inputs,
        )?;
        let plan = site.plan();
        tracing::debug!(pages = plan.len(), "pages planned");
        have_pages(&options.cities, &plan)?;
        let chosen = |path: &str| {
            city_of(path).is_some_and(|city| options.cities.iter().any(|code| code == city))
        };
        let bar = self.observer.begin(Activity::Rendering(plan.len()));
        let build = version::BuildRequest {
            site: &site,
            plan: &plan,
            inputs,
            health,
            only_changed: options.only_changed,
            only: (!options.cities.is_empty()).then_some(&chosen as _),
            removals: (!options.allow_removals).then_some(self.config.build.maximum_removals),
            started: self.started,
            progress: &|n| bar.inc(n),
        };
        let baseline = baseline.map_or_else(|| store.baseline(), Ok)?;
        let commit = version::commit(store, baseline, &build)?;
        bar.finish_and_clear();
        tracing::debug!(rendered = commit.rendered, "version committed");
        Ok(commit)
    }

    /// Brings `site/` to the live version, whose files are taken out of the commit where there was one.
    fn check_out(
        &self,
        store: &mut Store,
        commit: Option<&mut Committed>,
        survey: FolderSurvey,
    ) -> Result<CheckoutCounts, Failure> {
        let hints = CheckoutHints {
            live: commit.map(|commit| std::mem::take(&mut commit.files)),
            survey: Some(survey),
        };
        let site = self.project.site();
        let bar = self.observer.begin(Activity::CheckingOut);
        let checkout = version::checkout(store, &site, hints, &|n| bar.inc(n))
            .with_context(|| format!("{} was not brought up to date", site.display()))?;
        bar.finish_and_clear();
        Ok(checkout)
    }
}

/// Digests of all that the site is made from.
///
/// # Errors
/// When a template cannot be read, or the database tells of its files what it did not tell the last build.
pub(super) fn inputs(
    project: &Project,
    config: &Config,
    database: &Database,
    geography: &Geography,
    update: &mut Update,
) -> Result<Inputs, Failure> {
    let hex = |digest: blake3::Hash| digest.to_hex().to_string();
    let releases = database.releases_digest()?;
    let templates = templates_digest(config, project.templates().as_deref())?;
    let contours = database.contours_digest()?;
    let indicators = database.indicators_digest()?;
    let places = [geography.digest()].into_iter().chain(contours);
    let notes = database.local_notes_digest()?;
    let places: Vec<_> = places.chain(indicators).chain(notes).collect();
    let inputs = Inputs {
        data: hex(digest::together(&[update.digest, releases])),
        sales: hex(update.digest),
        method: hex(stats::method_digest()),
        templates: hex(templates),
        renderer: hex(renderer_digest()),
        configuration: hex(configuration(
            config,
            indicators.is_some(),
            notes.is_some(),
        )?),
        places: hex(digest::together(&places)),
        program: hex(digest::program()),
    };
    let by = [&inputs.configuration[..], &inputs.places].join(" ");
    update.note_data(&inputs.data, &by)?;
    Ok(inputs)
}

/// Stands for the configuration, as far as pages are made of it: of the sources, the tables of indicators and whose notes there
/// are, where any are known.
fn configuration(config: &Config, indicators: bool, notes: bool) -> Result<blake3::Hash, Failure> {
    let mut text = serde_json::to_vec(config)?;
    if indicators {
        serde_json::to_writer(&mut text, &config.tables().collect::<Vec<_>>())?;
    }
    if notes {
        let operators = config.notes_of_operators();
        let operators = operators.map(|(source, notes)| (source, &notes.operator));
        serde_json::to_writer(&mut text, &operators.collect::<Vec<_>>())?;
    }
    Ok(blake3::hash(&text))
}

/// Whether each of the communes chosen has a page.
fn have_pages(cities: &[String], plan: &[Planned]) -> Result<(), Failure> {
    for code in cities {
        let path = path::COMMUNE.path(code);
        if !plan.iter().any(|page| page.path == path) {
            return Err(Failure::because(format!(
                "{code} has no page: it is not a commune's code of today, or no imported file covers it"
            )));
        }
    }
    Ok(())
}

/// What a thread gives.
pub(super) fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    let joined = thread.join();
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
