//! The two formats and where each keeps what is needed of a line.

use std::path::Path;

use jiff::civil::Date;
use simd_csv::ByteRecord;

use super::ReadError;
use super::error::Fault;
use super::field::{self, Code};
use super::mutation::Line;
use crate::base::kind::PropertyKind;

/// What a file is, told by its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Etalab's geolocated DVF: commas, quotes, one number a mutation.
    GeoDvf,
    /// The tax office's own file: pipes, no quotes, no number.
    Dgfip,
}

impl Format {
    /// The name used in reports and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::GeoDvf => "geo-DVF",
            Self::Dgfip => "DGFiP",
        }
    }

    pub(super) fn separator(self) -> u8 {
        match self {
            Self::GeoDvf => b',',
            Self::Dgfip => b'|',
        }
    }

    /// Whether each line names its mutation.
    pub(super) fn is_numbered(self) -> bool {
        self == Self::GeoDvf
    }

    /// What encloses a field that holds a separator; the DGFiP's never do, and a quote in them is a character.
    pub(super) fn quote(self) -> u8 {
        match self {
            Self::GeoDvf => b'"',
            Self::Dgfip => b'\0',
        }
    }
}

/// Where the needed columns stand in the records of a file.
pub struct Columns {
    pub format: Format,
    /// All names, in the order of the file.
    pub names: Vec<String>,
    mutation: Option<usize>,
    date: usize,
    nature: usize,
    price: usize,
    postal: Option<usize>,
    commune: usize,
    /// The DGFiP gives the département apart, and the parcel in three pieces.
    departement: Option<usize>,
    parcel: usize,
    section: Option<(usize, usize)>,
    disposition: Option<usize>,
    lots: [usize; 5],
    kind: usize,
    surface: usize,
    rooms: usize,
    culture: usize,
    land: usize,
    longitude: Option<usize>,
    latitude: Option<usize>,
}

/// What a line says of its mutation, beside the line itself.
pub struct Head<'a> {
    /// The mutation's number, where the format has one.
    pub number: Option<&'a [u8]>,
    pub date: Date,
    pub nature: &'a [u8],
    /// Price of the whole mutation, €.
    pub price: Option<f64>,
}

impl Columns {
    /// Recognises the format by the names of the columns, in any order.
    pub fn recognise(path: &Path, first_line: &[u8]) -> Result<Self, ReadError> {
        let text = String::from_utf8_lossy(first_line);
        let text = text.trim_start_matches('\u{feff}').trim_end();
        let format = if text.contains("id_mutation") {
            Format::GeoDvf
        } else if text.contains("Date mutation") {
            Format::Dgfip
        } else {
            return Err(ReadError::UnknownFormat {
                path: path.into(),
                found: text.chars().take(80).collect(),
            });
        };
        let separator = char::from(format.separator());
        if !text.contains(separator) {
            let found = [
                (';', "semicolons"),
                ('\t', "tabulations"),
                (',', "commas"),
                ('|', "pipes"),
            ];
            return Err(match found.into_iter().find(|(c, _)| text.contains(*c)) {
                Some((_, found)) => ReadError::Separator {
                    path: path.into(),
                    found,
                    expected: match format {
                        Format::GeoDvf => "commas",
                        Format::Dgfip => "pipes",
                    },
                },
                None => ReadError::UnknownFormat {
                    path: path.into(),
                    found: text.chars().take(80).collect(),
                },
            });
        }
        let names: Vec<&str> = text
            .split(separator)
            .map(|name| name.trim().trim_matches('"'))
            .collect();
        let mut missing = Vec::new();
        let optional = |name: &str| names.iter().position(|n| *n == name);
        let mut needed = |name: &'static str| {
            optional(name).unwrap_or_else(|| {
                missing.push(name);
                0
            })
        };
        let columns = match format {
            Format::GeoDvf => Self {
                format,
                names: Vec::new(),
                mutation: Some(needed("id_mutation")),
                date: needed("date_mutation"),
                nature: needed("nature_mutation"),
                price: needed("valeur_fonciere"),
                postal: optional("code_postal"),
                commune: needed("code_commune"),
                departement: None,
                parcel: needed("id_parcelle"),
                section: None,
                disposition: optional("numero_disposition"),
                lots: [
                    needed("lot1_numero"),
                    needed("lot2_numero"),
                    needed("lot3_numero"),
                    needed("lot4_numero"),
                    needed("lot5_numero"),
                ],
                kind: needed("code_type_local"),
                surface: needed("surface_reelle_bati"),
                rooms: needed("nombre_pieces_principales"),
                culture: needed("code_nature_culture"),
                land: needed("surface_terrain"),
                longitude: optional("longitude"),
                latitude: optional("latitude"),
            },
            Format::Dgfip => Self {
                format,
                names: Vec::new(),
                mutation: None,
                date: needed("Date mutation"),
                nature: needed("Nature mutation"),
                price: needed("Valeur fonciere"),
                postal: optional("Code postal"),
                commune: needed("Code commune"),
                departement: Some(needed("Code departement")),
                parcel: needed("No plan"),
                section: Some((needed("Prefixe de section"), needed("Section"))),
                disposition: optional("No disposition"),
                lots: [
                    needed("1er lot"),
                    needed("2eme lot"),
                    needed("3eme lot"),
                    needed("4eme lot"),
                    needed("5eme lot"),
                ],
                kind: needed("Code type local"),
                surface: needed("Surface reelle bati"),
                rooms: needed("Nombre pieces principales"),
                culture: needed("Nature culture"),
                land: needed("Surface terrain"),
                longitude: None,
                latitude: None,
            },
        };
        if missing.is_empty() {
            Ok(Self {
                names: names.iter().map(|name| (*name).to_owned()).collect(),
                ..columns
            })
        } else {
            Err(ReadError::MissingColumns {
                path: path.into(),
                columns: missing,
                format: format.name(),
            })
        }
    }

    /// Reads a record.
    pub fn read<'a>(&self, record: &'a ByteRecord) -> Result<(Head<'a>, Line), Fault> {
        let field = |index: usize| record.get(index).unwrap_or_default();
        let wrong = |column, index, expected| Fault::Field {
            column,
            value: String::from_utf8_lossy(field(index))
                .chars()
                .take(60)
                .collect(),
            expected,
        };
        let geo = self.format == Format::GeoDvf;
        let name =
            |in_geo: &'static str, in_dgfip: &'static str| if geo { in_geo } else { in_dgfip };

        let number = match self.mutation {
            None => None,
            Some(index) => match field(index).trim_ascii() {
                b"" => return Err(wrong("id_mutation", index, "a mutation's number")),
                number => Some(number),
            },
        };
        let head = Head {
            number,
            date: field::date(field(self.date)).ok_or_else(|| {
                wrong(
                    name("date_mutation", "Date mutation"),
                    self.date,
                    name("a date such as 2024-01-31", "a date such as 31/01/2024"),
                )
            })?,
            nature: field(self.nature).trim_ascii(),
            price: field::decimal(field(self.price)).map_err(|()| {
                wrong(
                    name("valeur_fonciere", "Valeur fonciere"),
                    self.price,
                    "a price in euros or nothing",
                )
            })?,
        };
        if head.nature.is_empty() {
            return Err(wrong(
                name("nature_mutation", "Nature mutation"),
                self.nature,
                "a nature of mutation such as Vente",
            ));
        }

        let commune = match self.departement {
            None => Code::parse(field(self.commune)),
            Some(departement) => Code::join(field(departement), field(self.commune)),
        }
        .ok_or_else(|| {
            wrong(
                name("code_commune", "Code commune"),
                self.commune,
                "a commune's code such as 83137",
            )
        })?;
        let kind = match field::count(field(self.kind)) {
            Ok(None) => None,
            code => {
                let code = code.ok().flatten().and_then(|code| code.try_into().ok());
                let kind = code.and_then(PropertyKind::from_code);
                Some(kind.ok_or_else(|| {
                    wrong(
                        name("code_type_local", "Code type local"),
                        self.kind,
                        "1, 2, 3, 4 or nothing",
                    )
                })?)
            }
        };
        // The DGFiP writes 0 where geo-DVF leaves the field empty; neither is a surface.
        let surface = |column, index| {
            field::decimal(field(index))
                .map(|value| value.filter(|&value| value > 0.0))
                .map_err(|()| wrong(column, index, "a surface in m² or nothing"))
        };
        let rooms = field::count(field(self.rooms)).map_err(|()| {
            wrong(
                name("nombre_pieces_principales", "Nombre pieces principales"),
                self.rooms,
                "a number of rooms or nothing",
            )
        })?;
        let coordinate = |column, index: Option<usize>| {
            index.map_or(Ok(None), |index| {
                field::degrees(field(index))
                    .map_err(|()| wrong(column, index, "degrees or nothing"))
            })
        };
        let line = Line {
            commune,
            postal: postal(self.postal.map_or(b"", field)),
            parcel: match self.section {
                None => parcel(b"", b"", field(self.parcel)),
                Some((prefix, section)) => {
                    parcel(field(prefix), field(section), field(self.parcel))
                }
            },
            disposition: self
                .disposition
                .and_then(|index| field::count(field(index)).ok().flatten())
                .unwrap_or(0),
            lots: self.lots.map(|index| short(field::label(field(index)))),
            kind,
            surface: surface(
                name("surface_reelle_bati", "Surface reelle bati"),
                self.surface,
            )?,
            rooms: rooms.unwrap_or(0),
            culture: short(field(self.culture).trim_ascii()),
            land: surface(name("surface_terrain", "Surface terrain"), self.land)?,
            position: match (
                coordinate("latitude", self.latitude)?,
                coordinate("longitude", self.longitude)?,
            ) {
                (Some(latitude), Some(longitude)) => Some([latitude, longitude]),
                _ => None,
            },
        };
        Ok((head, line))
    }
}

/// A postal code, or nothing where there is none that can be read: no figure depends on it.
fn postal(field: &[u8]) -> Option<[u8; 5]> {
    let digits = field::integral(field.trim_ascii());
    if !(4..=5).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut postal = [b'0'; 5];
    postal[5 - digits.len()..].copy_from_slice(digits);
    Some(postal)
}

/// Prefix (3), section (2) and plan (4) of a parcel, zero-filled; from geo-DVF's 14 characters or the DGFiP's three
/// columns. The commune in front is left to the line.
fn parcel(prefix: &[u8], section: &[u8], plan: &[u8]) -> [u8; 9] {
    let mut parcel = [b'0'; 9];
    let mut put = |end: usize, width: usize, text: &[u8]| {
        let text = field::integral(text.trim_ascii());
        let text = &text[text.len().saturating_sub(width)..];
        parcel[end - text.len()..end].copy_from_slice(text);
    };
    if section.is_empty() && prefix.is_empty() && plan.len() > 9 {
        put(9, 9, plan);
    } else {
        put(3, 3, prefix);
        put(5, 2, section);
        put(9, 4, plan);
    }
    parcel
}

/// The first bytes of a short text, zero-filled: lots and cultures are compared, never shown.
fn short<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut short = [0; N];
    let length = text.len().min(N);
    short[..length].copy_from_slice(&text[..length]);
    short
}
