//! Sections of the land register.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// A section of a commune's land register, as parcels are numbered by it: the prefix of three digits, which tells apart
/// what were several communes once, and the section's own two characters, as in `000AB` or `0000A`. Five bytes, for there
/// are millions of them in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Section([u8; 5]);

impl Section {
    /// Of a property whose parcel the file does not name, or that was imported before sections were kept.
    pub const UNKNOWN: Self = Self([b'0'; 5]);

    /// The section in its five characters; unknown where they name none.
    pub fn from_bytes(bytes: [u8; 5]) -> Self {
        let [prefix @ .., first, last] = &bytes;
        let is_section = prefix.iter().all(u8::is_ascii_digit)
            && [first, last]
                .iter()
                .all(|sign| sign.is_ascii_alphanumeric())
            && [*first, *last] != *b"00";
        if is_section {
            Self(bytes)
        } else {
            Self::UNKNOWN
        }
    }

    /// The section as it is named once the commune with this code, in which it is, has become part of another: under the last
    /// three digits of the code. One that has a prefix already keeps it.
    pub fn of_former(self, commune: &str) -> Self {
        match (self.0, commune.as_bytes()) {
            ([b'0', b'0', b'0', first, last], &[_, _, a, b, c]) if self.is_known() => {
                Self::from_bytes([a, b, c, first, last])
            }
            _ => self,
        }
    }

    /// Its five characters.
    pub fn bytes(self) -> [u8; 5] {
        self.0
    }

    /// Whether it is known.
    pub fn is_known(self) -> bool {
        self != Self::UNKNOWN
    }

    /// Its five characters as text.
    pub fn as_str(&self) -> &str {
        // Digits and letters of ASCII by construction.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Default for Section {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An unknown one is NULL in the database.
impl ToSql for Section {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.is_known() {
            true => ValueRef::Text(&self.0),
            false => ValueRef::Null,
        }))
    }
}

impl FromSql for Section {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Null => Ok(Self::UNKNOWN),
            ValueRef::Text(text) => {
                let bytes = text.try_into().map_err(|_| FromSqlError::InvalidType)?;
                Ok(Self::from_bytes(bytes))
            }
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saint-Jean-d'Ardières, 69211, is part of Belleville-en-Beaujolais, 69019: both had a section AH.
    #[test]
    fn sections_of_a_former_commune_have_its_number() {
        let of_former = |section| Section::from_bytes(section).of_former("69211");
        assert_eq!(of_former(*b"000AH").as_str(), "211AH");
        assert_eq!(of_former(*b"034AH").as_str(), "034AH");
        assert_eq!(Section::UNKNOWN.of_former("69211"), Section::UNKNOWN);
    }

    #[test]
    fn what_names_no_section_is_unknown() {
        for text in [*b"000AB", *b"0000A", *b"345ZC", *b"00001", *b"0010b"] {
            assert!(Section::from_bytes(text).is_known());
            assert_eq!(Section::from_bytes(text).as_str().as_bytes(), text);
        }
        for text in [*b"00000", *b"12300", *b"0A0AB", *b"000 A", [0xff; 5]] {
            assert_eq!(Section::from_bytes(text), Section::UNKNOWN);
        }
    }
}
