//! Contours into the database.

use super::importable::Importable;
use crate::app::report::ImportedContent;
use crate::db::{Batch, Database, DbError};
use crate::intake::contours::ContourFile;

impl Importable for ContourFile {
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
