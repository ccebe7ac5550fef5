//! What pages are made from: the places of France and the figures, from the cache or computed afresh.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::failure::Failure;
use super::project::Project;
use crate::base::place::{CodeMap, Place};
use crate::config::Config;
use crate::db::{Centre, Database, IndicatorEdition, SourceNotes};
use crate::geo::contours::{Contours, degrees};
use crate::geo::{self, Geography};
use crate::site::{Atlas, Entry, OperatorNote, Releases, Site};
use crate::stats::{
    self, FiguresKey, IndicatorFigures, IndicatorPlaces, IndicatorValues, StoredFigures, Update,
    indicator_figures, needed_indicators,
};

/// What pages are made from, besides the configuration and the templates.
pub(super) struct Material {
    pub geography: Geography,
    pub atlas: Atlas,
}

impl Material {
    /// With the figures of the cache.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn cached(database: &Database, config: &Config) -> Result<Self, Failure> {
        let atlas = cached_entries(database, database.figures_keys()?).collect();
        Self::new(database, config, database.geography()?, atlas, None)
    }

    /// With the figures of the cache as an update, which may not be stored yet, makes them. `known` are those that
    /// stay.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn updated(
        database: &Database,
        config: &Config,
        geography: Geography,
        known: HashMap<Place, FiguresKey>,
        update: &Update,
    ) -> Result<Self, Failure> {
        let mut atlas: Atlas = cached_entries(database, known).collect();
        for (place, figures) in &update.figures {
            atlas.insert(place.clone(), Entry::held(figures.clone()));
        }
        let centres = update.centres.clone();
        Self::new(database, config, geography, atlas, centres)
    }

    /// With all figures computed afresh from the sales, now or as `computed`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn computed(
        database: &Database,
        config: &Config,
        computed: Option<Vec<(Place, StoredFigures)>>,
    ) -> Result<Self, Failure> {
        let geography = database.geography()?;
        let figures = match computed {
            Some(figures) => figures,
            None => stats::compute_all(database, &geography, config)?,
        };
        let atlas = figures
            .into_iter()
            .map(|(place, figures)| (place, Entry::held(figures)));
        Self::new(database, config, geography, atlas.collect(), None)
    }

    fn new(
        database: &Database,
        config: &Config,
        geography: Geography,
        atlas: Atlas,
        centres: Option<CodeMap<String, Centre>>,
    ) -> Result<Self, Failure> {
        let releases = Releases::new(&geography, &database.news()?, database.files_in_force()?);
        let contours = database.contours()?;
        let of_sales = match centres {
            Some(known) => known,
            None => centres_of_sales(database, &geography)?,
        };
        let centres = centres_with_contours(of_sales, &geography, &contours);
        let places = IndicatorPlaces::new(&geography);
        let indicators = indicators(database, config, &geography, &places)?;
        let notes = local_notes(database, config, &geography)?;
        Ok(Self {
            geography,
            atlas: atlas
                .with_releases(releases)
                .with_contours(contours, centres)
                .with_indicators(places, indicators, database.held_back()?)
                .with_local_notes(notes),
        })
    }

    /// The site that they make.
    ///
    /// # Errors
    /// When a template of the project cannot be used.
    pub(super) fn site<'a>(
        &'a self,
        project: &Project,
        config: &'a Config,
    ) -> Result<Site<'a>, Failure> {
        let templates = project.templates();
        Ok(Site::new(
            config,
            &self.geography,
            &self.atlas,
            templates.as_deref(),
        )?)
    }
}

/// The middle of the sales of communes, where they are enough.
fn centres_of_sales(
    database: &Database,
    geography: &Geography,
) -> Result<CodeMap<String, Centre>, Failure> {
    let positions = database.positions()?;
    let centres = positions.centres(|code| Some(geography.current(code)?.code.as_str()));
    let centres = centres.into_iter();
    Ok(centres
        .map(|(code, centre)| (code.to_owned(), centre))
        .collect())
}

/// Where communes lie: in the middle of their sales, and where these are too few in that of their contours.
fn centres_with_contours(
    mut centres: CodeMap<String, Centre>,
    geography: &Geography,
    contours: &Contours,
) -> CodeMap<String, Centre> {
    let today = |code: &str| Some(geography.current(code)?.code.as_str());
    for (layer, contours) in contours {
        let unknown = |code: &str| today(code).filter(|code| !centres.contains_key(*code));
        for (code, middle) in contours.middles(unknown) {
            let [longitude, latitude] = degrees(geo::departement_of(layer), middle);
            centres.insert(code.to_owned(), Centre::rounded(latitude, longitude));
        }
    }
    centres
}

/// Figures that are read from the database when a page is made of them.
fn cached_entries(
    database: &Database,
    keys: impl IntoIterator<Item = (Place, FiguresKey)>,
) -> impl Iterator<Item = (Place, Entry)> {
    let reader = database.figures_reader().map(Arc::new);
    keys.into_iter().filter_map(move |(place, key)| {
        let entry = Entry::kept(&place, key, reader.as_ref()?);
        Some((place, entry))
    })
}

/// The figures of the indicators of the tables that are declared, of the newest edition that the database has of each.
fn indicators(
    database: &Database,
    config: &Config,
    geography: &Geography,
    places: &Arc<IndicatorPlaces>,
) -> Result<BTreeMap<String, IndicatorFigures>, Failure> {
    let tables: Vec<_> = config.tables().collect();
    let needed = needed_indicators(&tables);
    let editions = database.indicator_editions()?;
    let newest = |edition: &&IndicatorEdition| {
        let others = editions
            .iter()
            .filter(|other| other.indicator == edition.indicator);
        others.map(|other| other.edition).max() == Some(edition.edition)
    };
    let newest = editions.iter().filter(newest);
    let newest: Vec<_> = newest
        .filter(|edition| needed.contains(edition.indicator.as_str()))
        .collect();
    let begin = |edition: &IndicatorEdition| {
        let departements = edition.departements.clone();
        IndicatorValues::new(edition.edition, edition.period, departements, places)
    };
    let values = database.all_indicator_values(&newest, begin, IndicatorValues::tell)?;
    let mut known = BTreeMap::<String, Vec<IndicatorValues>>::new();
    for (edition, values) in newest.into_iter().zip(values) {
        let of_years = known.entry(edition.indicator.clone()).or_default();
        of_years.push(values);
    }
    Ok(indicator_figures(&tables, known, (geography, places))?)
}

/// The notes of operators on each commune that the configuration names as a source's, in its order and that of their rows.
fn local_notes(
    database: &Database,
    config: &Config,
    geography: &Geography,
) -> Result<BTreeMap<String, Vec<OperatorNote>>, Failure> {
    let known = database.local_notes()?;
    let mut by_commune = BTreeMap::<String, Vec<OperatorNote>>::new();
    for (source, declared) in config.notes_of_operators() {
        let own = known.iter().filter(|known| known.source == source);
        for note in own.flat_map(SourceNotes::in_force) {
            // The commune may have become a part of another since.
            let Some(commune) = geography.current(&note.commune) else {
                continue;
            };
            let notes = by_commune.entry(commune.code.clone()).or_default();
            notes.push(OperatorNote {
                source: source.to_owned(),
                operator: declared.operator.trim().to_owned(),
                note: note.clone(),
            });
        }
    }
    Ok(by_commune)
}
