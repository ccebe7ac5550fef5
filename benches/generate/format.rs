//! Mutations as lines of the files that are published.

use super::calendar::Calendar;
use super::record::{Line, Lot, Parcel, Sale, Street};
use super::row::Row;

/// The form of the files.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Format {
    GeoDvf,
    /// geo-DVF as the chain of 2026 makes it: prices and surfaces in simple precision, no former communes.
    NewChain,
    Dgfip,
}

const GEO_DVF_HEADER: &str = "id_mutation,date_mutation,numero_disposition,nature_mutation,valeur_fonciere,\
    adresse_numero,adresse_suffixe,adresse_nom_voie,adresse_code_voie,code_postal,code_commune,nom_commune,\
    code_departement,ancien_code_commune,ancien_nom_commune,id_parcelle,ancien_id_parcelle,numero_volume,lot1_numero,\
    lot1_surface_carrez,lot2_numero,lot2_surface_carrez,lot3_numero,lot3_surface_carrez,lot4_numero,lot4_surface_carrez,\
    lot5_numero,lot5_surface_carrez,nombre_lots,code_type_local,type_local,surface_reelle_bati,\
    nombre_pieces_principales,code_nature_culture,nature_culture,code_nature_culture_speciale,nature_culture_speciale,\
    surface_terrain,longitude,latitude\n";

const DGFIP_HEADER: &str = "Identifiant de document|Reference document|1 Articles CGI|2 Articles CGI|3 Articles CGI|\
    4 Articles CGI|5 Articles CGI|No disposition|Date mutation|Nature mutation|Valeur fonciere|No voie|B/T/Q|Type de voie|\
    Code voie|Voie|Code postal|Commune|Code departement|Code commune|Prefixe de section|Section|No plan|No Volume|1er lot|\
    Surface Carrez du 1er lot|2eme lot|Surface Carrez du 2eme lot|3eme lot|Surface Carrez du 3eme lot|4eme lot|\
    Surface Carrez du 4eme lot|5eme lot|Surface Carrez du 5eme lot|Nombre de lots|Code type local|Type local|\
    Identifiant local|Surface reelle bati|Nombre pieces principales|Nature culture|Nature culture speciale|Surface terrain\n";

impl Format {
    pub(super) fn header(self) -> &'static str {
        if self == Self::Dgfip {
            DGFIP_HEADER
        } else {
            GEO_DVF_HEADER
        }
    }

    pub(super) fn file_name(self, year: i16) -> String {
        match self {
            Self::GeoDvf | Self::NewChain => format!("{year}.csv.gz"),
            Self::Dgfip => format!("valeursfoncieres-{year}.txt"),
        }
    }

    /// Appends the lines of `sale`; those of geo-DVF begin after the number of the mutation, with a comma.
    pub(super) fn write(
        self,
        sale: &Sale,
        departement: &str,
        calendar: &Calendar,
        out: &mut Vec<u8>,
    ) {
        for line in &sale.lines {
            match self {
                Self::GeoDvf => geo_dvf(sale, line, departement, calendar, false, out),
                Self::NewChain => geo_dvf(sale, line, departement, calendar, true, out),
                Self::Dgfip => dgfip(sale, line, departement, calendar, out),
            }
        }
    }
}

fn geo_dvf(
    sale: &Sale,
    line: &Line,
    departement: &str,
    calendar: &Calendar,
    new_chain: bool,
    out: &mut Vec<u8>,
) {
    let site = &line.site;
    let mut row = Row::new(out, b',');
    // Simple precision in the new chain, so that 251500 is 251500.0.
    let surface = |row: &mut Row, value: u32| match value {
        1.. if new_chain => row.text(&format!("{:?}", value as f32)),
        _ => row.known(u64::from(value)),
    };
    row.text(&calendar.days[usize::from(sale.day)].iso);
    row.number(u64::from(line.disposition), 6);
    row.text(sale.nature);
    match sale.price {
        Some(cents) if new_chain => row.text(&format!("{:?}", (cents as f64 / 100.0) as f32)),
        Some(cents) => row.hundredths(cents),
        None => row.blank(1),
    }
    row.known(u64::from(site.number));
    row.text(site.suffix);
    if let Some(street) = &site.street {
        row.words(&[street.kind, street.words[0], street.words[1]]);
        street_code(&mut row, street);
    } else {
        row.blank(2);
    }
    row.texts(&[
        site.postal_code,
        &site.label.code,
        &site.label.name,
        departement,
    ]);
    let former = site.former.filter(|_| !new_chain);
    match former {
        Some(former) => row.texts(&[&former.code, &former.name]),
        None => row.blank(2),
    }
    parcel(&mut row, &site.label.code, site.parcel);
    match former {
        Some(former) => parcel(
            &mut row,
            &former.code,
            Parcel {
                prefix: 0,
                ..site.parcel
            },
        ),
        None => row.blank(1),
    }
    row.known(u64::from(line.volume));
    for named in &line.lots.named {
        lot(&mut row, named);
        match named.carrez {
            0 => row.blank(1),
            carrez => row.hundredths(u64::from(carrez)),
        }
    }
    row.number(u64::from(line.lots.count), 1);
    if let Some(kind) = line.kind {
        let (code, name) = kind.words();
        row.texts(&[code, name]);
        surface(&mut row, line.surface);
        match line.rooms {
            Some(rooms) => row.number(u64::from(rooms), 1),
            None => row.blank(1),
        }
    } else {
        row.blank(4);
    }
    if let Some(land) = &line.land {
        let special = if land.special {
            land.culture.special
        } else {
            ("", "", 0.0)
        };
        row.texts(&[land.culture.code, land.culture.name, special.0, special.1]);
        surface(&mut row, land.surface);
    } else {
        row.blank(5);
    }
    if let Some((longitude, latitude)) = site.position {
        row.degrees(longitude);
        row.degrees(latitude);
    } else {
        row.blank(2);
    }
    row.end();
}

/// Codes and numbers have no zeros before them, all decimals are written, after a comma, and names are capitals.
fn dgfip(sale: &Sale, line: &Line, departement: &str, calendar: &Calendar, out: &mut Vec<u8>) {
    let site = &line.site;
    let mut row = Row::new(out, b'|');
    let two_decimals = |row: &mut Row, hundredths: u64| {
        row.number(hundredths / 100, 1);
        row.more(",");
        row.more_digits(hundredths % 100, 2);
    };
    // Seven columns that are never filled: six separators, and the one of the next.
    row.blank(6);
    row.number(u64::from(line.disposition), 6);
    row.text(&calendar.days[usize::from(sale.day)].french);
    row.text(sale.nature);
    match sale.price {
        Some(cents) => two_decimals(&mut row, cents),
        None => row.blank(1),
    }
    row.known(u64::from(site.number));
    row.text(site.suffix);
    if let Some(street) = &site.street {
        row.text(street.kind);
        street_code(&mut row, street);
        row.words(&street.words);
    } else {
        row.blank(3);
    }
    row.text(site.postal_code.trim_start_matches('0'));
    row.text(&site.label.capitals);
    row.text(departement);
    row.text(site.label.code[departement.len()..].trim_start_matches('0'));
    row.known(u64::from(site.parcel.prefix));
    row.text(section(&site.parcel).trim_start_matches('0'));
    row.number(u64::from(site.parcel.plan), 1);
    row.known(u64::from(line.volume));
    for named in &line.lots.named {
        lot(&mut row, named);
        match named.carrez {
            0 => row.blank(1),
            carrez => two_decimals(&mut row, u64::from(carrez)),
        }
    }
    row.number(u64::from(line.lots.count), 1);
    if let Some(kind) = line.kind {
        let (code, name) = kind.words();
        row.texts(&[code, name, ""]);
        match line.rooms {
            Some(rooms) => {
                row.number(u64::from(line.surface), 1);
                row.number(u64::from(rooms), 1);
            }
            None => row.blank(2),
        }
    } else {
        row.blank(5);
    }
    if let Some(land) = &line.land {
        row.text(land.culture.code);
        row.text(if land.special {
            land.culture.special.0
        } else {
            ""
        });
        row.number(u64::from(land.surface), 1);
    } else {
        row.blank(3);
    }
    row.end();
}

fn street_code(row: &mut Row, street: &Street) {
    if street.kind.is_empty() {
        row.text("B");
        row.more_digits(u64::from(street.code), 3);
    } else {
        row.number(u64::from(street.code), 4);
    }
}

fn section(parcel: &Parcel) -> &str {
    std::str::from_utf8(&parcel.section).expect("sections are ASCII")
}

fn parcel(row: &mut Row, commune: &str, parcel: Parcel) {
    row.text(commune);
    row.more_digits(u64::from(parcel.prefix), 3);
    row.more(section(&parcel));
    row.more_digits(u64::from(parcel.plan), 4);
}

fn lot(row: &mut Row, lot: &Lot) {
    row.known(u64::from(lot.number));
    if lot.lettered {
        row.more("G");
    }
}
