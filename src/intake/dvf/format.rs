//! The two formats, each as a table of its columns.

use super::parse::Code;

/// What a file is, told by its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Etalab's geolocated DVF: commas, quotes, one number a mutation.
    GeoDvf,
    /// The tax office's own file: pipes, no quotes, no number.
    Dgfip,
}

/// What is needed of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Number of the mutation, where the format has one.
    Number,
    Date,
    Nature,
    Price,
    Postal,
    Commune,
    /// The DGFiP gives it apart from the commune.
    Departement,
    /// Prefix, section and plan of the parcel; geo-DVF has them all in one column, which is the plan's here.
    Prefix,
    Section,
    Plan,
    Disposition,
    Lot1,
    Lot2,
    Lot3,
    Lot4,
    Lot5,
    Kind,
    /// The name of the kind beside its code.
    KindName,
    Surface,
    Rooms,
    Culture,
    Land,
    Longitude,
    Latitude,
}

impl Field {
    /// How many there are.
    pub(super) const COUNT: usize = Self::Latitude as usize + 1;

    /// The columns of the lots.
    pub(super) const LOTS: [Self; 5] = [Self::Lot1, Self::Lot2, Self::Lot3, Self::Lot4, Self::Lot5];
}

/// A column of a format.
pub(super) struct FormatColumn {
    pub field: Field,
    /// As the first line of a file has it.
    pub name: &'static str,
    /// Whether a file without it is refused.
    pub is_needed: bool,
    /// What stands in it, for the message when something else does.
    pub expected: &'static str,
}

const fn needed(field: Field, name: &'static str, expected: &'static str) -> FormatColumn {
    FormatColumn {
        field,
        name,
        is_needed: true,
        expected,
    }
}

const fn optional(field: Field, name: &'static str, expected: &'static str) -> FormatColumn {
    FormatColumn {
        field,
        name,
        is_needed: false,
        expected,
    }
}

const NUMBER: &str = "a mutation's number";
const NATURE: &str = "a nature of mutation such as Vente";
const PRICE: &str = "a price in euros or nothing";
const CODE: &str = "a commune's code such as 83137";
const KIND: &str = "1, 2, 3, 4 or nothing";
const SURFACE: &str = "a surface in m² or nothing";
const ROOMS: &str = "a number of rooms or nothing";
const DEGREES: &str = "degrees or nothing";
/// Of columns in which whatever cannot be read is left out.
const ANYTHING: &str = "a text";

/// The columns of geo-DVF.
const GEO_DVF: &[FormatColumn] = &[
    needed(Field::Number, "id_mutation", NUMBER),
    needed(Field::Date, "date_mutation", "a date such as 2024-01-31"),
    needed(Field::Nature, "nature_mutation", NATURE),
    needed(Field::Price, "valeur_fonciere", PRICE),
    optional(Field::Postal, "code_postal", ANYTHING),
    needed(Field::Commune, "code_commune", CODE),
    needed(Field::Plan, "id_parcelle", ANYTHING),
    optional(Field::Disposition, "numero_disposition", ANYTHING),
    needed(Field::Lot1, "lot1_numero", ANYTHING),
    needed(Field::Lot2, "lot2_numero", ANYTHING),
    needed(Field::Lot3, "lot3_numero", ANYTHING),
    needed(Field::Lot4, "lot4_numero", ANYTHING),
    needed(Field::Lot5, "lot5_numero", ANYTHING),
    needed(Field::Kind, "code_type_local", KIND),
    optional(Field::KindName, "type_local", ANYTHING),
    needed(Field::Surface, "surface_reelle_bati", SURFACE),
    needed(Field::Rooms, "nombre_pieces_principales", ROOMS),
    needed(Field::Culture, "code_nature_culture", ANYTHING),
    needed(Field::Land, "surface_terrain", SURFACE),
    optional(Field::Longitude, "longitude", DEGREES),
    optional(Field::Latitude, "latitude", DEGREES),
];

/// The columns of the DGFiP's source.
const DGFIP: &[FormatColumn] = &[
    needed(Field::Date, "Date mutation", "a date such as 31/01/2024"),
    needed(Field::Nature, "Nature mutation", NATURE),
    needed(Field::Price, "Valeur fonciere", PRICE),
    optional(Field::Postal, "Code postal", ANYTHING),
    needed(Field::Commune, "Code commune", CODE),
    needed(Field::Departement, "Code departement", CODE),
    needed(Field::Plan, "No plan", ANYTHING),
    needed(Field::Prefix, "Prefixe de section", ANYTHING),
    needed(Field::Section, "Section", ANYTHING),
    optional(Field::Disposition, "No disposition", ANYTHING),
    needed(Field::Lot1, "1er lot", ANYTHING),
    needed(Field::Lot2, "2eme lot", ANYTHING),
    needed(Field::Lot3, "3eme lot", ANYTHING),
    needed(Field::Lot4, "4eme lot", ANYTHING),
    needed(Field::Lot5, "5eme lot", ANYTHING),
    needed(Field::Kind, "Code type local", KIND),
    optional(Field::KindName, "Type local", ANYTHING),
    needed(Field::Surface, "Surface reelle bati", SURFACE),
    needed(Field::Rooms, "Nombre pieces principales", ROOMS),
    needed(Field::Culture, "Nature culture", ANYTHING),
    needed(Field::Land, "Surface terrain", SURFACE),
];

/// All columns of geo-DVF.
const GEO_DVF_NAMES: &[&str] = &[
    "id_mutation",
    "date_mutation",
    "numero_disposition",
    "nature_mutation",
    "valeur_fonciere",
    "adresse_numero",
    "adresse_suffixe",
    "adresse_nom_voie",
    "adresse_code_voie",
    "code_postal",
    "code_commune",
    "nom_commune",
    "code_departement",
    "ancien_code_commune",
    "ancien_nom_commune",
    "id_parcelle",
    "ancien_id_parcelle",
    "numero_volume",
    "lot1_numero",
    "lot1_surface_carrez",
    "lot2_numero",
    "lot2_surface_carrez",
    "lot3_numero",
    "lot3_surface_carrez",
    "lot4_numero",
    "lot4_surface_carrez",
    "lot5_numero",
    "lot5_surface_carrez",
    "nombre_lots",
    "code_type_local",
    "type_local",
    "surface_reelle_bati",
    "nombre_pieces_principales",
    "code_nature_culture",
    "nature_culture",
    "code_nature_culture_speciale",
    "nature_culture_speciale",
    "surface_terrain",
    "longitude",
    "latitude",
];

/// All columns of the DGFiP's source; the first one has had its present name since 2022.
const DGFIP_NAMES: &[&str] = &[
    "Code service CH",
    "Identifiant de document",
    "Reference document",
    "1 Articles CGI",
    "2 Articles CGI",
    "3 Articles CGI",
    "4 Articles CGI",
    "5 Articles CGI",
    "No disposition",
    "Date mutation",
    "Nature mutation",
    "Valeur fonciere",
    "No voie",
    "B/T/Q",
    "Type de voie",
    "Code voie",
    "Voie",
    "Code postal",
    "Commune",
    "Code departement",
    "Code commune",
    "Prefixe de section",
    "Section",
    "No plan",
    "No Volume",
    "1er lot",
    "Surface Carrez du 1er lot",
    "2eme lot",
    "Surface Carrez du 2eme lot",
    "3eme lot",
    "Surface Carrez du 3eme lot",
    "4eme lot",
    "Surface Carrez du 4eme lot",
    "5eme lot",
    "Surface Carrez du 5eme lot",
    "Nombre de lots",
    "Code type local",
    "Type local",
    "Identifiant local",
    "Surface reelle bati",
    "Nombre pieces principales",
    "Nature culture",
    "Nature culture speciale",
    "Surface terrain",
];

impl Format {
    /// The name used in reports and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::GeoDvf => "geo-DVF",
            Self::Dgfip => "DGFiP",
        }
    }

    /// The format of a file by its first line.
    pub(super) fn of(first_line: &str) -> Option<Self> {
        if first_line.contains("id_mutation") {
            Some(Self::GeoDvf)
        } else if first_line.contains("Date mutation") {
            Some(Self::Dgfip)
        } else {
            None
        }
    }

    /// Its columns, as far as they are used.
    pub(super) fn columns(self) -> &'static [FormatColumn] {
        match self {
            Self::GeoDvf => GEO_DVF,
            Self::Dgfip => DGFIP,
        }
    }

    /// Whether official files have a column of this name, used or not.
    pub(super) fn has_column(self, name: &str) -> bool {
        let names = match self {
            Self::GeoDvf => GEO_DVF_NAMES,
            Self::Dgfip => DGFIP_NAMES,
        };
        names.contains(&name)
    }

    /// The name of the column of a field; nothing where it has none.
    pub(super) fn column_name(self, field: Field) -> &'static str {
        let mut columns = self.columns().iter();
        let column = columns.find(|column| column.field == field);
        column.map_or("", |column| column.name)
    }

    /// What parts the fields of a line.
    pub(super) fn separator(self) -> u8 {
        match self {
            Self::GeoDvf => b',',
            Self::Dgfip => b'|',
        }
    }

    /// What encloses a field that holds a separator; the DGFiP's never do, and a quote in them is a character.
    pub(super) fn quote(self) -> Option<u8> {
        match self {
            Self::GeoDvf => Some(b'"'),
            Self::Dgfip => None,
        }
    }

    /// Whether each line names its mutation.
    pub(super) fn is_numbered(self) -> bool {
        self == Self::GeoDvf
    }

    /// Reads a commune's code from its column and, where the format has one, from that of the département.
    pub(super) fn commune(self, departement: &[u8], commune: &[u8]) -> Option<Code> {
        match self {
            Self::GeoDvf => Code::parse(commune),
            Self::Dgfip => Code::join(departement, commune),
        }
    }
}
