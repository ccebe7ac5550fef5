//! Kinds of property.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// What a line of a file, or a sale, is of: DVF's "type local". One byte, for there are millions of them in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PropertyKind {
    /// Maison.
    House = 1,
    /// Appartement.
    Flat = 2,
    /// Dépendance: a garage, a cellar. By itself it makes no sale.
    Outbuilding = 3,
    /// "Local industriel, commercial ou assimilé": business premises.
    Business = 4,
}

impl PropertyKind {
    /// The number that the official files and the database have for it.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The kind with a number of the official files; `None` where there is none.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::House),
            2 => Some(Self::Flat),
            3 => Some(Self::Outbuilding),
            4 => Some(Self::Business),
            _ => None,
        }
    }

    /// Whether it is a home: a house or a flat.
    pub const fn is_home(self) -> bool {
        matches!(self, Self::House | Self::Flat)
    }
}

/// The two kinds of home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HomeKind {
    /// Maison.
    House,
    /// Appartement.
    Flat,
}

impl HomeKind {
    /// Both, in their order.
    pub const ALL: [Self; 2] = [Self::House, Self::Flat];

    /// `None` of what is no home.
    pub const fn of(kind: PropertyKind) -> Option<Self> {
        match kind {
            PropertyKind::House => Some(Self::House),
            PropertyKind::Flat => Some(Self::Flat),
            PropertyKind::Outbuilding | PropertyKind::Business => None,
        }
    }

    /// The kind of property.
    pub const fn property(self) -> PropertyKind {
        match self {
            Self::House => PropertyKind::House,
            Self::Flat => PropertyKind::Flat,
        }
    }
}

impl ToSql for PropertyKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.code().into())
    }
}

impl FromSql for PropertyKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let code = u8::column_result(value)?;
        Self::from_code(code).ok_or(FromSqlError::OutOfRange(code.into()))
    }
}
