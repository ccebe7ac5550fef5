//! Figures in the form in which the database caches them.

use super::figures::Figures;
use super::summary::Summary;
use crate::base::place::Level;
use crate::db::{CacheKey, CachedFigures};

/// What is known of cached figures without reading them.
pub type FiguresKey = CacheKey<Summary>;

/// Figures as they are cached.
pub type StoredFigures = CachedFigures<Summary>;

impl StoredFigures {
    /// Figures of a place of a level, with the digest of what they come from.
    ///
    /// # Errors
    /// When they cannot be written as JSON, which only a defect of ours can bring about.
    pub fn new(level: Level, digest: [u8; 32], figures: &Figures) -> serde_json::Result<Self> {
        let json = serde_json::to_string(figures)?;
        let key = FiguresKey {
            digest,
            hash: *blake3::hash(json.as_bytes()).as_bytes(),
            summary: figures.summary(level)?,
        };
        let json = json.into();
        Ok(Self { key, json })
    }
}
