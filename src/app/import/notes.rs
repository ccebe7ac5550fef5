//! An operator's notes into the database.

use super::importable::Importable;
use crate::app::report::ImportedContent;
use crate::base::clock;
use crate::db::{Batch, Database, DbError};
use crate::intake::notes::NotesFile;

impl Importable for NotesFile {
    fn preview(&self, database: &Database) -> Result<ImportedContent<'_>, DbError> {
        let changes = database.preview_local_notes(self, clock::today())?;
        Ok(ImportedContent::Notes(self, changes))
    }

    fn store(
        &self,
        database: &mut Database,
        batch: &Batch<'_>,
    ) -> Result<ImportedContent<'_>, DbError> {
        let changes = database.store_local_notes(batch.source_file, self, clock::today())?;
        Ok(ImportedContent::Notes(self, changes))
    }
}
