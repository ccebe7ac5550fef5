//! Indicators into the database.

use super::importable::Importable;
use crate::app::report::ImportedContent;
use crate::db::{Batch, Database, DbError};
use crate::intake::table::TableFile;

impl Importable for TableFile {
    fn preview(&self, database: &Database) -> Result<ImportedContent<'_>, DbError> {
        let changes = database.preview_indicators(self)?;
        Ok(ImportedContent::Indicators(self, changes))
    }

    fn store(
        &self,
        database: &mut Database,
        batch: &Batch<'_>,
    ) -> Result<ImportedContent<'_>, DbError> {
        let changes = database.store_indicators(batch.source_file, self)?;
        Ok(ImportedContent::Indicators(self, changes))
    }
}
