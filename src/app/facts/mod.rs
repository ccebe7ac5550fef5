//! Facts by place and day: their import, and what they come to by month or year. They are published nowhere.

mod import;
mod known;
mod periods;

pub use import::{FactsImport, import};
pub use known::{KnownFacts, known};
pub use periods::FactsPeriod;
