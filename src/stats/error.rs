//! Why there are no figures.

use thiserror::Error;

use crate::db::DbError;

/// Why figures could not be computed.
#[derive(Debug, Error)]
pub enum StatsError {
    /// The database of sales could not be read or written.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Computed figures could not be turned into JSON to be stored.
    #[error("the figures could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Indicators could not be added up.
    #[error("the indicators of places could not be added up: {0}")]
    RollUp(#[from] polars::prelude::PolarsError),
}
