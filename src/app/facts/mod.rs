//! Facts by place and day: their import, and what they come to by month or year. They are published nowhere.

mod import;
mod periods;

pub use import::{FactsImport, import};
pub use periods::{FactsPeriod, periods};
