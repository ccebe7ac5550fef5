//! The parts that pages are put together from, one file each. Each has its template, `templates/block/<name>.html`: a
//! component of that name, which sees what it is given and nothing else of the page.
//!
//! A block of a place's own figures takes what it shows from [`Figures`]; the structures that its template sees are its part
//! of the data file and of the schema, so that nothing is shown that cannot be had there. All others tell of the place or of
//! other places: they are made before the figures are read, and enter the key of the page.
//!
//! To add one: its file here, its template, a line in [`FigureBlocks`] or in the page that shows it, and its tag in the
//! template of that page.

pub(super) mod absence;
pub(super) mod annex;
pub(super) mod answers;
pub(super) mod budget;
pub(super) mod changes;
pub(super) mod checks;
pub(super) mod distribution;
mod estimate;
pub(super) mod evolution;
pub(super) mod example;
pub(super) mod extent;
pub(super) mod files;
pub(super) mod headline;
pub(super) mod hit_rates;
pub(super) mod identity;
pub(super) mod indices;
pub(super) mod living;
pub(super) mod local;
pub(super) mod map;
pub(super) mod neighbours;
pub(super) mod news;
pub(super) mod notes;
pub(super) mod places;
pub(super) mod publication;
pub(super) mod rankings;
pub(super) mod regions;
pub(super) mod registration;
pub(super) mod rooms;
mod scale;
pub(super) mod schema;
pub(super) mod seasonality;
pub(super) mod series;
pub(super) mod signs;
mod spread;
pub(super) mod surfaces;
pub(super) mod tiles;
mod valuation;
pub(super) mod worked;

use schemars::JsonSchema;
use serde::Serialize;

use super::estimator::CommuneLevels;
use crate::site::around::Around;
use crate::stats::Figures;
use answers::Answers;
use budget::Budget;
use changes::Changes;
use distribution::Distribution;
use evolution::Evolution;
use extent::Extent;
use headline::Headline;
use indices::{Indices, KindIndices};
use registration::Registration;
use rooms::Rooms;
use seasonality::{Season, Seasonality};
use series::{Series, SeriesTables};
use spread::Spread;
use surfaces::Surfaces;
use valuation::Valuation;

/// The blocks of a place's own figures that its data file has; pages show most of them.
#[derive(Serialize, JsonSchema)]
pub(super) struct FigureBlocks<'f> {
    pub budget: Budget,
    #[serde(skip)]
    pub changes: Changes,
    #[serde(skip)]
    pub distribution: Distribution<'f>,
    #[serde(skip)]
    pub estimator: CommuneLevels<'f>,
    pub extent: Extent,
    pub headline: Headline,
    #[serde(skip)]
    pub index: KindIndices,
    pub registration: Registration,
    pub indices: Indices,
    pub rooms: Rooms,
    #[serde(skip)]
    pub seasonality: Seasonality<'f>,
    #[schemars(with = "SeriesTables")]
    pub series: Series<'f>,
    pub surfaces: Surfaces,
}

/// `figures` in the templates: with what pages draw of the figures.
#[derive(Serialize, JsonSchema)]
pub(super) struct PageBlocks<'f> {
    #[serde(flatten)]
    figures: FigureBlocks<'f>,
    answers: Answers,
    evolution: Evolution,
    season: Season<'f>,
    spread: Spread,
    valuation: Valuation,
}

impl<'f> From<&'f Figures> for FigureBlocks<'f> {
    fn from(figures: &'f Figures) -> Self {
        Self {
            budget: figures.into(),
            changes: figures.into(),
            distribution: figures.into(),
            estimator: figures.into(),
            extent: figures.into(),
            headline: figures.into(),
            index: figures.into(),
            registration: figures.into(),
            indices: figures.into(),
            rooms: figures.into(),
            seasonality: figures.into(),
            series: figures.into(),
            surfaces: figures.into(),
        }
    }
}

impl<'f> PageBlocks<'f> {
    /// Of the figures of a place, drawn beside some wider ones.
    pub(super) fn new(figures: &'f Figures, around: &Around<'_>) -> Self {
        Self {
            figures: figures.into(),
            answers: Answers::new(figures, around),
            evolution: Evolution::new(figures, around),
            season: figures.into(),
            spread: figures.into(),
            valuation: figures.into(),
        }
    }
}
