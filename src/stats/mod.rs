//! Sales to figures: pure functions over columns, and the cache that keeps what they gave.
//!
//! [`refresh`] is the way in: it finds the places whose sales changed and computes their [`Figures`]. [`official`] writes
//! the same sales as the "Statistiques DVF" of data.gouv.fr do, grouped by polars.

mod backtest;
mod cached;
mod compute;
mod distribution;
mod error;
mod extent;
mod figures;
mod indicator_figures;
mod indicators;
mod model;
pub mod official;
mod place_sales;
mod places;
mod pool;
mod recent;
mod refresh;
mod registration;
mod rounding;
mod sample;
mod sizes;
mod stale;
mod summary;
mod whole;

pub use backtest::{EstimateLine, Estimates, Limit, Measure, Reestimated, homes_measures};
pub use cached::{FiguresKey, StoredFigures};
pub use error::StatsError;
pub use figures::{
    Change, Coverage, Current, Distribution, Figures, Rooms, Segment, SeriesPoint, SurfaceClass,
};
pub use indicator_figures::{
    IndicatorFigures, IndicatorPlace, IndicatorPlaces, IndicatorReading, IndicatorValues,
};
pub use indicators::{indicator_figures, needed_indicators};
pub use model::{
    Coefficients, CoefficientsOf, Constants, Estimate, HitRate, HitRates, HomeChange, HomeLevel,
    Index, IndexPoint, KindEstimator, KindModelled, Modelled, NoAnswer, Percent, Question,
    Residuals, Valuation, Variances, WiderChange, YearlyEstimate, constants, percent, valuation,
};
pub use recent::AlikeSales;
pub use refresh::{Refreshed, Update, refresh};
pub use registration::{IncompleteMonth, is_of_october};
pub(crate) use rounding::to_ten;
pub use stale::method_digest;
pub use summary::{
    ChangeSummary, Headline, HomeSummary, RANKED_SALES, Summary, SummarySeries, WindowSummary,
};
pub use whole::{CheckedFigures, check, compute_all};
