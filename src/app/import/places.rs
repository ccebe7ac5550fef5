//! The places of France into the database.

use super::importable::Importable;
use super::input::ImportTerms;
use crate::app::report::ImportedContent;
use crate::config::Gates;
use crate::db::{Batch, Database, DbError};
use crate::intake::Refusal;
use crate::intake::cog::{Edition, judge};

impl Importable for Edition {
    fn judge(
        &self,
        _: &Database,
        terms: &ImportTerms<'_>,
        gates: &Gates,
    ) -> Result<Vec<Refusal>, DbError> {
        Ok(judge(self, terms.geography, gates))
    }

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
