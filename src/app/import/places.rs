//! The places of France into the database.

use super::importable::Importable;
use crate::app::report::ImportedContent;
use crate::db::{Batch, Database, DbError};
use crate::intake::cog::Edition;

impl Importable for Edition {
    fn preview(&self, _: &Database) -> Result<ImportedContent<'_>, DbError> {
        Ok(ImportedContent::Places)
    }

    fn store(
        &self,
        database: &mut Database,
        _: &Batch<'_>,
    ) -> Result<ImportedContent<'_>, DbError> {
        database.store_places(self)?;
        Ok(ImportedContent::Places)
    }
}
