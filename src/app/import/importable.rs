//! What each content offers that files can hold.

use crate::app::report::ImportedContent;
use crate::db::{Batch, Database, DbError};
use crate::intake::IntakeContent;

/// A content that was read and is on its way into the database.
pub(super) trait Importable {
    /// What the database would lose by it, as a sentence with a blank after it.
    ///
    /// # Errors
    /// When the database fails.
    fn loss(&self, _: &Database) -> Result<Option<String>, DbError> {
        Ok(None)
    }

    /// What bringing it into the database would change.
    ///
    /// # Errors
    /// When the database fails.
    fn preview(&self, database: &Database) -> Result<ImportedContent<'_>, DbError>;

    /// Brings it into the database, in one transaction, and gives what that changed.
    ///
    /// # Errors
    /// When the database fails; it is then as it was.
    fn store(
        &self,
        database: &mut Database,
        batch: &Batch<'_>,
    ) -> Result<ImportedContent<'_>, DbError>;
}

impl dyn Importable {
    /// That of a content.
    pub(super) fn of(content: &IntakeContent) -> &Self {
        match content {
            IntakeContent::Sales(file) => file,
            IntakeContent::Places(edition) => edition,
            IntakeContent::Contours(file) => file,
            IntakeContent::Indicators(file) => file,
            IntakeContent::Notes(file) => file,
        }
    }
}
