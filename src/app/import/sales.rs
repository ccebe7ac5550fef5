//! Mutations into the database.

use super::importable::Importable;
use super::input::ImportTerms;
use crate::app::report::ImportedContent;
use crate::config::Gates;
use crate::db::{Batch, Database, DbError};
use crate::intake::Refusal;
use crate::intake::dvf::{SalesFile, judge, other_year};

impl Importable for SalesFile {
    fn judge(
        &self,
        database: &Database,
        terms: &ImportTerms<'_>,
        gates: &Gates,
    ) -> Result<Vec<Refusal>, DbError> {
        let held = database.held_sales(self)?;
        let mut refusals = judge(self, terms.released, &held, gates, terms.geography);
        refusals.extend(terms.year.and_then(|year| other_year(self, year)));
        Ok(refusals)
    }

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
