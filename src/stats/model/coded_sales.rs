//! The sales of a département by commune.

use std::ops::Range;

use crate::db::SaleColumns;

/// Sales of a département, which may stand in the files under the codes of several.
pub(crate) struct CodedSales<'a> {
    pub sales: &'a SaleColumns,
    pub communes: Vec<CodeRows<'a>>,
}

/// The sales of a code that stands in the files.
pub(crate) struct CodeRows<'a> {
    pub code: &'a str,
    /// Today's commune; `None` where the geography knows none.
    pub today: Option<&'a str>,
    /// One range a year.
    pub rows: Vec<Range<usize>>,
}
