//! Why there are no figures.

use thiserror::Error;

use crate::db::DbError;

/// Why figures could not be computed.
#[derive(Debug, Error)]
pub enum StatsError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the figures could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}
