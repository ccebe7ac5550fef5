//! The SQLite database: every mutation, what was imported, the cached figures. No SQL of it stands anywhere else.
//!
//! It can be read with the `sqlite3` shell: `transactions` and the view `ventes`, the view `stats_cache`, `update_log`.

mod acts;
mod best;
mod centres;
mod claims;
mod compare;
mod continuation;
mod contours;
mod database;
mod edition_months;
mod error;
mod facts;
mod figures_cache;
mod held;
mod import;
mod in_force;
mod indicator_changes;
mod indicators;
mod keep;
mod kept;
mod local_notes;
mod models_cache;
mod pool;
mod positions;
mod releases;
mod sales;
mod sales_reader;
mod seals;
mod sources;
mod status;
mod views;

pub use centres::{Centre, Positions};
pub use database::Database;
pub use edition_months::MonthOfTwoEditions;
pub use error::DbError;
pub use facts::{FactsChanges, ZoneDay};
pub use figures_cache::{CacheKey, CachedFigures, FiguresReader};
pub use import::{Applied, Batch, YearChange};
pub use in_force::FileInForce;
pub use indicator_changes::{IndicatorChanges, NumberChange};
pub use indicators::IndicatorEdition;
pub use local_notes::{ExpiredNotes, NoteChanges, SourceNotes};
pub use models_cache::{CachedModel, ModelChanges};
pub use releases::{CommuneChange, News, Release, ReleaseYear};
pub use sales::{CommuneSales, SaleColumns, digests};
pub use sales_reader::{DatedSale, SalesReader};
pub use status::{DatabaseSummary, LogEntry};

/// The time of a run, RFC 3339 in UTC, to the second.
pub fn now() -> String {
    crate::base::clock::now().to_string()
}
