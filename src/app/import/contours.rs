//! Contours into the database.

use super::importable::Importable;
use super::input::ImportTerms;
use crate::app::report::ImportedContent;
use crate::config::Gates;
use crate::db::{Batch, Database, DbError};
use crate::intake::Refusal;
use crate::intake::contours::{ContourFile, judge};

impl Importable for ContourFile {
    fn judge(
        &self,
        _: &Database,
        terms: &ImportTerms<'_>,
        gates: &Gates,
    ) -> Result<Vec<Refusal>, DbError> {
        Ok(judge(self, terms.geography, gates))
    }

    fn preview(&self, database: &Database) -> Result<ImportedContent<'_>, DbError> {
        let changed = database.preview_contours(self)?;
        Ok(ImportedContent::Contours(self, changed))
    }

    fn store(
        &self,
        database: &mut Database,
        batch: &Batch<'_>,
    ) -> Result<ImportedContent<'_>, DbError> {
        let changed = database.store_contours(batch.source_file, self)?;
        Ok(ImportedContent::Contours(self, changed))
    }
}
