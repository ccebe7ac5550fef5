//! Where the columns of a format stand in the records of one file, and what a record says.

use std::path::Path;

use super::error::{DvfError, Fault};
use super::format::{Field, Format, FormatColumn};
use super::mutation::Line;
use super::parse;
use super::record::{Record, RecordForm};
use crate::base::kind::PropertyKind;
use crate::base::shown::shown;
use jiff::civil::Date;

/// Bytes shown of a first line that is none of ours, and of a field that cannot be read.
const SHOWN_LINE: usize = 80;
const SHOWN_FIELD: usize = 60;

/// Separators that people's programs write, and what they are called.
const SEPARATORS: [(char, &str); 4] = [
    (';', "semicolons"),
    ('\t', "tabulations"),
    (',', "commas"),
    ('|', "pipes"),
];

/// The columns of a file.
pub(super) struct Layout {
    pub format: Format,
    /// All names, in the order of the file.
    pub names: Vec<String>,
    /// Where each field stands, by [`Field`]; past the end of every record where the file does not have it.
    indexes: [usize; Field::COUNT],
    /// No deed can be of a later day.
    latest: Date,
}

/// What a line says of its mutation, beside the line itself.
pub(super) struct MutationHead<'a> {
    /// The mutation's number, where the format has one.
    pub number: Option<&'a [u8]>,
    pub date: Date,
    pub nature: &'a [u8],
    /// Price of the whole mutation, €.
    pub price: Option<f64>,
}

impl Layout {
    /// Recognises the format of a file by the names of its columns, which stand in any order. `latest` is the last day
    /// that a deed in it can be of.
    ///
    /// # Errors
    /// When it is no format of ours, a column is missing that is needed, or one is there twice.
    pub(super) fn recognise(
        path: &Path,
        first_line: &[u8],
        latest: Date,
    ) -> Result<Self, DvfError> {
        let text = String::from_utf8_lossy(first_line);
        let text = text.trim_start_matches('\u{feff}').trim_end();
        let unknown = || DvfError::UnknownFormat {
            path: path.into(),
            found: shown(text, SHOWN_LINE),
        };
        let format = Format::of(text).ok_or_else(unknown)?;
        let separator = char::from(format.separator());
        if !text.contains(separator) {
            let name = |wanted: char| SEPARATORS.into_iter().find(|(sign, _)| *sign == wanted);
            let found = SEPARATORS
                .into_iter()
                .find(|(sign, _)| text.contains(*sign));
            let (_, found) = found.ok_or_else(unknown)?;
            return Err(DvfError::Separator {
                path: path.into(),
                found,
                expected: name(separator).map_or("", |(_, name)| name),
            });
        }
        let names = text.split(separator);
        let names: Vec<String> = names
            .map(|name| shown(name.trim().trim_matches('"'), SHOWN_FIELD))
            .collect();
        let mut indexes = [usize::MAX; Field::COUNT];
        let mut missing = Vec::new();
        for column in format.columns() {
            let places = names.iter().enumerate();
            let mut places = places.filter(|(_, name)| *name == column.name);
            match places.next() {
                Some(_) if places.next().is_some() => {
                    return Err(DvfError::RepeatedColumn {
                        path: path.into(),
                        column: column.name,
                    });
                }
                Some((index, _)) => indexes[column.field as usize] = index,
                None if column.is_needed => missing.push(column.name),
                None => {}
            }
        }
        if !missing.is_empty() {
            return Err(DvfError::MissingColumns {
                path: path.into(),
                columns: missing,
                format: format.name(),
            });
        }
        Ok(Self {
            format,
            names,
            indexes,
            latest,
        })
    }

    /// A field of a record; nothing where the file does not have it.
    fn cell<'a>(&self, record: &'a Record<'_>, field: Field) -> &'a [u8] {
        let index = self.indexes[field as usize];
        record.get(index)
    }

    /// The names of the columns that no official file has.
    pub(super) fn unknown_columns(&self) -> Vec<String> {
        let names = self.names.iter();
        names
            .filter(|name| !self.format.has_column(name))
            .cloned()
            .collect()
    }

    /// How its records are written.
    pub(super) fn records(&self) -> RecordForm {
        RecordForm {
            separator: self.format.separator(),
            quote: self.format.quote(),
            width: self.names.len(),
        }
    }

    /// Counts the fields of a record that are not UTF-8, in columns of which nothing is kept.
    pub(super) fn count_other_encodings(&self, record: &Record<'_>, left_empty: &mut [u64]) {
        for (index, count) in left_empty.iter_mut().enumerate() {
            if !self.indexes.contains(&index) && str::from_utf8(record.get(index)).is_err() {
                *count += 1;
            }
        }
    }

    /// What is wrong with a field.
    #[cold]
    fn fault(&self, record: &Record<'_>, field: Field) -> Fault {
        let value = String::from_utf8_lossy(self.cell(record, field));
        let mut columns = self.format.columns().iter();
        let column = columns.find(|column| column.field == field);
        Fault::Field {
            column: column.map_or("", |column: &FormatColumn| column.name),
            value: shown(&value, SHOWN_FIELD),
            expected: column.map_or("", |column| column.expected),
        }
    }

    /// Reads what a record says of its mutation.
    ///
    /// # Errors
    /// At the first field that is not what its column holds.
    pub(super) fn head<'a>(&self, record: &'a Record<'_>) -> Result<MutationHead<'a>, Fault> {
        let cell = |field| self.cell(record, field);
        let number = cell(Field::Number).trim_ascii();
        if self.format.is_numbered() && number.is_empty() {
            return Err(self.fault(record, Field::Number));
        }
        let date = parse::date(cell(Field::Date));
        let price = parse::decimal(cell(Field::Price));
        let head = MutationHead {
            number: self.format.is_numbered().then_some(number),
            date: date.ok_or_else(|| self.fault(record, Field::Date))?,
            nature: cell(Field::Nature).trim_ascii(),
            // A price of 0 stands for none: the files write it where the deed names none.
            price: price
                .map_err(|()| self.fault(record, Field::Price))?
                .filter(|&price| price > 0.0),
        };
        if head.date > self.latest {
            return Err(Fault::Later {
                column: self.format.column_name(Field::Date),
                date: head.date,
                latest: self.latest,
            });
        }
        if head.nature.is_empty() {
            return Err(self.fault(record, Field::Nature));
        }
        Ok(head)
    }

    /// Reads the property, outbuilding or piece of land that a record is of. A value that no figure needs and that cannot
    /// be read is left empty and counted, by the column of the file.
    ///
    /// # Errors
    /// At the first field that figures need and that is not what its column holds.
    pub(super) fn line(&self, record: &Record<'_>, left_empty: &mut [u64]) -> Result<Line, Fault> {
        let cell = |field| self.cell(record, field);
        let commune = self
            .format
            .commune(cell(Field::Departement), cell(Field::Commune));
        let commune = commune.ok_or_else(|| self.fault(record, Field::Commune))?;
        // The DGFiP writes 0 where geo-DVF leaves the field empty; neither is a surface.
        let surface = |of| parse::decimal(cell(of)).map(|m2| m2.filter(|&m2| m2 > 0.0));
        let kind = kind(cell(Field::Kind)).map_err(|()| self.fault(record, Field::Kind))?;
        let rooms = parse::count(cell(Field::Rooms));
        let built = surface(Field::Surface).map_err(|()| self.fault(record, Field::Surface))?;
        let mut line = Line {
            commune,
            postal: None,
            parcel: parse::parcel(
                commune,
                cell(Field::Prefix),
                cell(Field::Section),
                cell(Field::Plan),
            ),
            disposition: 0,
            lots: Field::LOTS.map(|lot| parse::short(parse::label(cell(lot)))),
            kind,
            surface: built,
            rooms: rooms
                .map_err(|()| self.fault(record, Field::Rooms))?
                .unwrap_or(0),
            culture: parse::short(cell(Field::Culture).trim_ascii()),
            land: None,
            position: None,
        };
        let mut left_out = |of: Field| left_empty[self.indexes[of as usize]] += 1;
        let mut number = |of, read: fn(&[u8]) -> Result<Option<f64>, ()>| {
            read(cell(of)).unwrap_or_else(|()| {
                left_out(of);
                None
            })
        };
        line.land = number(Field::Land, parse::decimal).filter(|&m2| m2 > 0.0);
        let latitude = number(Field::Latitude, |field| parse::degrees(field, 90.0));
        let longitude = number(Field::Longitude, |field| parse::degrees(field, 180.0));
        line.position = latitude.zip(longitude).map(<[f64; 2]>::from);
        // Codes that were exchanged would make flats of houses, and no count would tell.
        if !is_named_so(kind, cell(Field::KindName)) {
            left_out(Field::KindName);
        }
        match parse::count(cell(Field::Disposition)) {
            Ok(disposition) => line.disposition = disposition.unwrap_or(0),
            Err(()) => left_out(Field::Disposition),
        }
        match parse::postal(cell(Field::Postal)) {
            Ok(postal) => line.postal = postal,
            Err(()) => left_out(Field::Postal),
        }
        Ok(line)
    }
}

/// Whether the name beside a code is that of its kind, in whatever case, accents and encoding; where there is no code, one that
/// the files are known to have. No name is none that is wrong.
fn is_named_so(kind: Option<PropertyKind>, field: &[u8]) -> bool {
    let name = field.trim_ascii();
    let Some(start) = name.get(..4) else {
        return true;
    };
    let begins = |with: &[u8]| start.eq_ignore_ascii_case(with);
    let end = &name[name.len().saturating_sub(6)..];
    let named = if begins(b"mais") {
        PropertyKind::House
    } else if begins(b"appa") {
        PropertyKind::Flat
    } else if begins(b"loca") {
        PropertyKind::Business
    } else if start[0].eq_ignore_ascii_case(&b'd') && end.eq_ignore_ascii_case(b"ndance") {
        PropertyKind::Outbuilding
    } else {
        return false;
    };
    kind.is_none_or(|kind| kind == named)
}

/// The kind of property of a line; `None` for land.
fn kind(field: &[u8]) -> Result<Option<PropertyKind>, ()> {
    let Some(code) = parse::count(field)? else {
        return Ok(None);
    };
    let code = u8::try_from(code).map_err(drop)?;
    PropertyKind::from_code(code).map(Some).ok_or(())
}
