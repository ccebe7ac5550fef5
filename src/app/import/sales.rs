//! Mutations into the database.

use super::importable::Importable;
use crate::app::report::ImportedContent;
use crate::db::{Batch, Database, DbError};
use crate::intake::dvf::SalesFile;

impl Importable for SalesFile {
    fn loss(&self, database: &Database) -> Result<Option<String>, DbError> {
        let total = database.preview(self)?.total();
        Ok((total.mutations_removed > 0).then(|| {
            format!(
                "It would take {} of {} mutations of its months out of the database, {} of them sales, and bring {}. ",
                total.mutations_removed,
                total.mutations_before,
                total.sales_removed + total.sales_corrected,
                total.mutations_added
            )
        }))
    }

    fn preview(&self, database: &Database) -> Result<ImportedContent<'_>, DbError> {
        Ok(ImportedContent::Sales(self, database.preview(self)?))
    }

    fn store(
        &self,
        database: &mut Database,
        batch: &Batch<'_>,
    ) -> Result<ImportedContent<'_>, DbError> {
        Ok(ImportedContent::Sales(self, database.import(batch, self)?))
    }
}
