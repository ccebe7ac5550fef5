use std::collections::HashMap;
use std::sync::Arc;
use std::thread::ScopedJoinHandle;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use super::record::recorded;
use super::{Context, Terminal};
use crate::app::project::Project;
use crate::base::place::Place;
use crate::base::run::{RunDetails, RunOutcome};
use crate::config::{Config, Source};
use crate::db::{Database, FiguresKey};
use crate::deploy::limits;
use crate::geo::Geography;
use crate::site::{Atlas, Entry, Releases, Site, city_of, templates_digest};
use crate::source::Ledger;
use crate::stats::{self, Refreshed, Update};
use crate::version::{
    self, CheckoutCounts, CheckoutHints, Committed, Health, HostSettings, Inputs, Settings,
    SourceHealth, Store,
};

/// Compute what changed, make the pages and bring site/ to them
///
/// Only the figures whose sales changed are computed. Without --only-changed every page is rendered again; files that
/// come out the same are not touched either way.
#[derive(Debug, Args, Default)]
pub struct Build {
    /// Render only the pages whose content changed
    #[arg(long)]
    pub only_changed: bool,
    /// Make the pages of these communes only and leave all others as they are
    #[arg(long, value_name = "CODE", num_args = 1..)]
    pub city: Vec<String>,
    /// Go on although more pages would disappear than the configuration allows
    #[arg(long)]
    pub allow_removals: bool,
    /// Go on from a version that was rolled back, although nothing else changed
    #[arg(long)]
    pub resume: bool,
}

impl Build {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        recorded(context, "build", |details| {
            let config = Config::load(context.project.root())?;
            let _lock = context.project.lock("build", context.wait)?;
            let outcome = build(&context.project, &config, self, &context.terminal)?;
            outcome.tell(&context.terminal);
            Ok(outcome.record(details))
        })
    }
}

/// What a build did.
pub struct Outcome {
    refreshed: Refreshed,
    /// `None` when nothing had to be looked at.
    commit: Option<Committed>,
    /// The live version is one that was rolled back to, and stays.
    held: bool,
    version: String,
    /// The version that was live before.
    previous: Option<String>,
    checkout: CheckoutCounts,
    seconds: f64,
}

impl Outcome {
    /// Tells of it in the record of the run.
    pub fn record(&self, details: &mut RunDetails) -> RunOutcome {
        match &self.commit {
            Some(commit) if commit.new => {
                details.previous.clone_from(&self.previous);
                details.changes = commit.changes.clone();
                RunOutcome::Published
            }
            _ => RunOutcome::Unchanged,
        }
    }

    pub fn tell(&self, terminal: &Terminal) {
        let changes = self.commit.as_ref().map(|commit| &commit.changes);
        let rendered = self.commit.as_ref().map_or(0, |commit| commit.rendered);
        let mut text = match &self.commit {
            Some(commit) if commit.new => format!("version {}", self.version),
            _ => format!("version {} (nothing changed)", self.version),
        };
        text.push_str(&format!(
            "\n  cities:  {} computed, {} updated\n  pages:   {rendered} rendered, {} written, {} unchanged, {} removed\n  time:    {:.1} s",
            self.refreshed.communes,
            changes.map_or(0, |changes| changes.cities_updated),
            self.checkout.written,
            self.checkout.unchanged,
            self.checkout.removed,
            self.seconds,
        ));
        if self.held {
            text.push_str(&format!(
                "\nVersion {} was brought back by a rollback, and nothing has changed since: it stays. To move on all the same: immostats build --resume",
                self.version
            ));
        }
        terminal.summary(
            &text,
            &json!({
                "version": self.version,
                "new": self.commit.as_ref().is_some_and(|commit| commit.new),
                "held": self.held,
                "cities_computed": self.refreshed.communes,
                "places_computed": self.refreshed.places,
                "changes": changes,
                "rendered": rendered,
                "written": self.checkout.written,
                "unchanged": self.checkout.unchanged,
                "removed": self.checkout.removed,
                "seconds": self.seconds,
            }),
        );
    }
}

/// What pages are made from, besides the configuration.
pub struct Material {
    geography: Geography,
    atlas: Atlas,
}

/// Figures that are read from the database when a page is made of them.
fn kept(
    database: &Database,
    keys: impl Iterator<Item = (Place, FiguresKey)>,
) -> impl Iterator<Item = (Place, Entry)> {
    let reader = database.figures_reader().map(Arc::new);
    keys.filter_map(move |(place, key)| {
        let entry = Entry::kept(&place, key, reader.as_ref()?);
        Some((place, entry))
    })
}

impl Material {
    /// With the figures of the cache.
    pub fn cached(database: &Database) -> Result<Self> {
        let keys = database.figures_keys()?;
        let atlas = kept(database, keys.into_iter()).collect();
        Self::new(database, database.geography()?, atlas)
    }

    /// With the figures of the cache as they will be.
    fn updated(
        database: &Database,
        geography: Geography,
        known: HashMap<Place, FiguresKey>,
        update: &Update,
    ) -> Result<Self> {
        let mut atlas: Atlas = kept(database, known.into_iter()).collect();
        for (place, figures) in &update.figures {
            atlas.insert(place.clone(), Entry::held(figures.clone()));
        }
        Self::new(database, geography, atlas)
    }

    /// With all figures computed afresh from the sales.
    pub fn computed(database: &Database, config: &Config) -> Result<Self> {
        let geography = database.geography()?;
        let figures = stats::compute_all(database, &geography, config)?;
        let entries = figures.into_iter();
        let entries = entries.map(|(place, figures)| (place, Entry::held(figures)));
        Self::new(database, geography, entries.collect())
    }

    fn new(database: &Database, geography: Geography, atlas: Atlas) -> Result<Self> {
        let releases = Releases::new(&geography, &database.news()?, database.files_in_force()?);
        Ok(Self {
            geography,
            atlas: atlas.with_releases(releases),
        })
    }

    /// The site that they make.
    pub fn site<'a>(&'a self, project: &Project, config: &'a Config) -> Result<Site<'a>> {
        let templates = project.templates();
        Ok(Site::new(
            config,
            &self.geography,
            &self.atlas,
            templates.as_deref(),
        )?)
    }
}

/// Brings the figures, the version store and `site/` up to date.
pub fn build(
    project: &Project,
    config: &Config,
    options: &Build,
    terminal: &Terminal,
) -> Result<Outcome> {
    let started = Instant::now();
    let database = Database::open(&project.database())?;
    let mut store = Store::open(&project.versions())?;
    // While figures are computed, the store tells what it holds, and site/ how it stands.
    let changed = !database.stale_communes()?.0.is_empty();
    let other_store = || Store::open(&project.versions());
    let (geography, mut update, mut present, survey) = std::thread::scope(|scope| {
        let present = changed.then(|| scope.spawn(|| other_store()?.baseline()));
        let survey = scope.spawn(|| other_store()?.survey_folder(&project.site()));
        let geography = database.geography()?;
        let update = stats::refresh(&database, &geography, config)?;
        let present = present.map(joined).transpose()?;
        anyhow::Ok((geography, update, present, joined(survey)?))
    })?;
    let refreshed = update.refreshed;
    tracing::debug!(?refreshed, "figures");
    let inputs = Inputs {
        data: digest(&database, &update)?,
        templates: templates_digest(config, project.templates().as_deref())?
            .to_hex()
            .to_string(),
        configuration: blake3::hash(&serde_json::to_vec(config)?)
            .to_hex()
            .to_string(),
        program: geography.digest().to_hex().to_string(),
    };
    let known = std::mem::take(&mut update.known);
    let head = store.head()?;
    let same = store.last_built()?.as_ref() == Some(&inputs) && options.city.is_empty();
    let rolled_back = head.as_ref().is_some_and(|head| head.rolled_back);
    let held = same && rolled_back && !options.resume;
    let unchanged = held || (same && options.only_changed && !rolled_back);
    let make = || -> Result<Committed> {
        let material = Material::updated(&database, geography, known, &update)?;
        let site = material.site(project, config)?;
        let health = health(&material, &site, config, &database, &inputs)?;
        let plan = site.plan()?;
        tracing::debug!(pages = plan.len(), "pages planned");
        for code in &options.city {
            let path = format!("ville/{code}/index.html");
            if !plan.iter().any(|page| page.path == path) {
                bail!(
                    "{code} has no page: it is not a commune's code of today, or no imported file covers it"
                );
            }
        }
        let chosen = |path: &str| {
            city_of(path).is_some_and(|city| options.city.iter().any(|code| code == city))
        };
        let bar = terminal.pages("rendering", plan.len() as u64);
        let build = version::BuildRequest {
            site: &site,
            plan: &plan,
            inputs,
            health,
            only_changed: options.only_changed,
            only: (!options.city.is_empty()).then_some(&chosen as _),
            removals: (!options.allow_removals).then_some(config.build.maximum_removals),
            started,
            progress: &|n| bar.inc(n),
        };
        let present = match present.take() {
            Some(present) => present,
            None => store.baseline()?,
        };
        let commit = version::commit(&mut store, present, &build)?;
        bar.finish_and_clear();
        tracing::debug!(rendered = commit.rendered, "version committed");
        Ok(commit)
    };
    // The cache is brought up to date while the pages are made: who is killed in between computes again.
    let path = project.database();
    let mut commit = std::thread::scope(|scope| {
        let stored = scope.spawn(|| update.store(&mut Database::open(&path)?));
        let commit = if unchanged { None } else { Some(make()?) };
        joined(stored)?;
        anyhow::Ok(commit)
    })?;
    let bar = terminal.pages("writing site/", 0);
    let live = commit
        .as_mut()
        .map(|commit| std::mem::take(&mut commit.files));
    let hints = CheckoutHints {
        live,
        survey: Some(survey),
    };
    let checkout = version::checkout(&mut store, &project.site(), hints, &|n| bar.inc(n))
        .with_context(|| format!("{} was not brought up to date", project.site().display()))?;
    bar.finish_and_clear();
    Ok(Outcome {
        refreshed,
        previous: head.as_ref().map(|head| head.number.clone()),
        version: match (&commit, head) {
            (Some(commit), _) => commit.number.clone(),
            (None, Some(head)) => head.number,
            (None, None) => String::new(),
        },
        commit,
        held,
        checkout,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// What a thread gives.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    let joined = thread.join();
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Digest of all cached figures, and of the releases.
fn digest(database: &Database, update: &Update) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(update.digest.as_bytes());
    hasher.update(&database.releases_digest()?);
    Ok(hasher.finalize().to_hex().to_string())
}

fn health(
    material: &Material,
    site: &Site<'_>,
    config: &Config,
    database: &Database,
    inputs: &Inputs,
) -> Result<Health> {
    let france = material.atlas.figures(&Place::france())?;
    let france = france.as_ref();
    let limits = limits(config.deploy.host, config.deploy.plan);
    let gates = &config.gates;
    Ok(Health {
        last_update: france.map(|figures| figures.coverage.to.last_day().to_string()),
        data_version: inputs.data[..12].to_owned(),
        cities_count: material.atlas.communes().count() as u64,
        total_transactions: france.map_or(0, |figures| figures.total_transactions),
        cities_up_to_date: france.map_or(0, |figures| site.cities_up_to(figures.coverage.to)),
        sources: sources(config, &database.ledger()?),
        settings: Settings {
            site_name: config.site.name.clone(),
            workflow: config.deploy.workflow.clone(),
            host: HostSettings {
                name: limits.name.to_owned(),
                files: limits.files,
                size: limits.size,
                file_size: limits.file_size,
            },
            gates: [
                ("lost", gates.lost),
                ("moved", gates.moved),
                ("unreadable", gates.unreadable),
                ("unknown_communes", gates.unknown_communes),
            ]
            .map(|(key, threshold)| (key.to_owned(), threshold))
            .to_vec(),
        },
    })
}

/// How fresh the sources are, by the files that were imported.
fn sources(config: &Config, ledger: &Ledger) -> Vec<SourceHealth> {
    let newest = |source: &Source| {
        ledger
            .iter()
            .filter(|((id, _), _)| *id == source.id)
            .filter_map(|(_, known)| known.imported.as_ref()?.released.clone())
            .max()
    };
    let expected = |source: &Source, released: &str| {
        let day: Date = released.get(..10)?.parse().ok()?;
        Some(day.checked_add(source.period()?).ok()?.to_string())
    };
    config
        .sources
        .enabled()
        .map(|source| {
            let released = newest(source);
            SourceHealth {
                id: source.id.clone(),
                expected_by: released
                    .as_deref()
                    .and_then(|released| expected(source, released)),
                released,
            }
        })
        .collect()
}
