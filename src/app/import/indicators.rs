//! Indicators into the database.

use super::importable::Importable;
use super::input::ImportTerms;
use crate::app::report::ImportedContent;
use crate::config::Gates;
use crate::db::{Batch, Database, DbError};
use crate::intake::Refusal;
use crate::intake::table::{TableFile, judge};

impl Importable for TableFile {
    fn judge(
        &self,
        database: &Database,
        _: &ImportTerms<'_>,
        gates: &Gates,
    ) -> Result<Vec<Refusal>, DbError> {
        let held = database.held_indicators(&self.source)?;
        Ok(judge(self, &held, gates))
    }

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
