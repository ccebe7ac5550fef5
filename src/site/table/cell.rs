//! What a cell of the table holds.

use std::borrow::Cow;

use serde_json::Value;

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::site) enum Kind {
    Text,
    Whole,
    /// Per cent, to a tenth.
    Percent,
    /// To so many decimals.
    Number(u8),
}

/// What stands in a cell.
#[derive(Debug, PartialEq)]
pub(super) enum Cell<'l> {
    Text(Cow<'l, str>),
    Whole(u64),
    Percent(f64),
    /// With its decimals.
    Number(f64, u8),
    /// There is nothing, or nothing that is published.
    Empty,
}

impl<'l> Cell<'l> {
    pub(super) fn text(text: &'l str) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn whole(number: Option<impl Into<u64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Whole(number.into()))
    }

    /// As it stands in a file: a spreadsheet set to French takes a comma for the decimal mark.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Whole(number) => number.to_string(),
            Self::Percent(percent) => format!("{percent:.1}").replace('.', ","),
            Self::Number(number, decimals) => {
                format!("{number:.*}", usize::from(decimals)).replace('.', ",")
            }
            Self::Empty => String::new(),
        }
    }
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Text(text) => text.into(),
            Cell::Whole(number) => number.into(),
            Cell::Percent(number) | Cell::Number(number, _) => number.into(),
            Cell::Empty => Self::Null,
        }
    }
}
