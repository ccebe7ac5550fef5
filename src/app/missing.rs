//! Sales that the live version was made of and that are gone from the database, as when its file was removed.

use std::path::PathBuf;

use thiserror::Error;

use super::project::Project;
use crate::db::Database;
use crate::version::Store;

/// The live version was made of sales, and the database holds none.
#[derive(Debug, Error)]
#[error(
    "{} lacks the sales that version {version} was made of ({sales} of them); put a saved state in its place with `immostats state restore`, or import the files again",
    database.display()
)]
pub struct MissingSales {
    database: PathBuf,
    version: String,
    sales: u64,
}

/// Whether sales are missing. A store or a database that cannot be read does not tell: that is said where it is read.
pub(super) fn missing_sales(project: &Project) -> Option<MissingSales> {
    let store = Store::open_read_only(&project.versions()).ok()??;
    let live = store.live_version().ok()??;
    let database = project.database();
    let holds_some = match Database::open_read_only(&database).ok()? {
        Some(known) => known.has_mutations().ok()?,
        None => false,
    };
    (!holds_some && live.health.total_transactions > 0).then_some(MissingSales {
        database,
        version: live.version,
        sales: live.health.total_transactions,
    })
}
