//! Sales to figures: pure functions over columns, and the cache that keeps what they gave.
//!
//! [`refresh`] is the way in: it finds the places whose sales changed and computes their [`Figures`]. [`official`] writes
//! the same sales as the "Statistiques DVF" of data.gouv.fr do, grouped by polars.

mod cached;
mod compute;
mod error;
mod extent;
mod figures;
pub mod official;
mod place_sales;
mod refresh;
mod registration;
mod rounding;
mod sample;

pub use cached::{FiguresKey, StoredFigures};
pub use error::StatsError;
pub use figures::{Change, Coverage, Current, Figures, Headline, Point, Rooms, Segment, Summary};
pub use refresh::{Altered, Refreshed, Update, check, compute_all, method_digest, refresh};
pub use registration::IncompleteMonth;
