//! What of a file is the table.

use crate::config::{Container, TableFormat};
use crate::source::Wrapping;

/// What of a file is the table: workbooks and Parquet pack themselves.
pub(super) fn wrapping(container: &Container<'_>) -> Wrapping {
    Wrapping {
        member: container.member.map(str::to_owned),
        packs_itself: matches!(container.format, TableFormat::Xlsx | TableFormat::Parquet),
    }
}
