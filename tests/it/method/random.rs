//! Random sales with the quirks of the official files, as geo-DVF and as DGFiP lines.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;

use crate::support::GEO_DVF_HEADER;

/// The columns of the DGFiP source.
const DGFIP_HEADER: &str = "Identifiant de document|Reference document|1 Articles CGI|2 Articles CGI|3 Articles CGI|4 Articles CGI|5 Articles CGI|No disposition|Date mutation|Nature mutation|Valeur fonciere|No voie|B/T/Q|Type de voie|Code voie|Voie|Code postal|Commune|Code departement|Code commune|Prefixe de section|Section|No plan|No Volume|1er lot|Surface Carrez du 1er lot|2eme lot|Surface Carrez du 2eme lot|3eme lot|Surface Carrez du 3eme lot|4eme lot|Surface Carrez du 4eme lot|5eme lot|Surface Carrez du 5eme lot|Nombre de lots|Code type local|Type local|Identifiant local|Surface reelle bati|Nombre pieces principales|Nature culture|Nature culture speciale|Surface terrain";

/// What the files are files of.
pub const TERRITORY: &str = "05,69";

/// Communes with how often they occur, the price of a m² and its rise in per cent a year: arrondissements of Lyon, two
/// communes and former neighbours of theirs (69152 is in 69149 today, 05034 in 05118), small ones with few sales, and a
/// code that nobody knows.
const COMMUNES: [(&str, u32, u32, u32); 13] = [
    ("69381", 20, 5_000, 0),
    ("69383", 8, 4_500, 1),
    ("69389", 2, 4_000, 0),
    ("69266", 20, 3_000, 8),
    ("69149", 10, 3_200, 2),
    ("69152", 8, 2_900, 0),
    ("05061", 12, 2_100, 3),
    ("05118", 5, 2_300, 0),
    ("05034", 2, 2_000, 0),
    ("69292", 3, 3_900, 0),
    ("05023", 4, 1_900, 0),
    ("69002", 1, 1_500, 0),
    ("69999", 1, 1_000, 0),
];

/// The first month that may have sales, and how many months there are up to June 2025.
const FIRST_YEAR: u32 = 2019;
const MONTHS: u32 = 78;

/// A line of a mutation. `lot` 0 is none.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    commune: &'static str,
    plan: u32,
    lot: u32,
    kind: u8,
    surface: Option<u32>,
    rooms: Option<u32>,
    culture: &'static str,
    land: Option<u32>,
}

/// A mutation and its lines.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// Year, month, day.
    date: (u32, u32, u32),
    nature: &'static str,
    cents: Option<u64>,
    lines: Vec<Line>,
    /// The file numbers it as the mutation before it.
    shares_number: bool,
}

/// The mutations of each year, in the order of the file.
pub type History = BTreeMap<u32, Vec<Mutation>>;

/// Several years of sales; the last one ends in June.
pub fn history(sales: std::ops::Range<usize>) -> impl Strategy<Value = History> {
    let first_month = select(vec![0, 0, 0, 30, 61]);
    let whole = prop::bool::weighted(0.8);
    (first_month, whole, prop::collection::vec(mutation(), sales)).prop_map(
        |(first, whole, mutations)| {
            let mut years = History::new();
            for mut mutation in mutations {
                let month = first + mutation.date.1 % (MONTHS - first);
                mutation.date = (FIRST_YEAR + month / 12, month % 12 + 1, mutation.date.2);
                years.entry(mutation.date.0).or_default().push(mutation);
            }
            for (&year, mutations) in &mut years {
                if whole {
                    mutations.push(field((year, 1, 1)));
                    mutations.push(field(if year == 2025 {
                        (year, 6, 30)
                    } else {
                        (year, 12, 31)
                    }));
                }
                mutations.sort_by_key(|mutation| mutation.date);
                mutations[0].shares_number = false;
                for index in 1..mutations.len() {
                    let [previous, mutation] = &mut mutations[index - 1..=index] else {
                        unreachable!("a window of two")
                    };
                    // Few real numbers span two départements.
                    mutation.shares_number &= mutation.departement() == previous.departement();
                    if mutation.shares_number && mutation.nature != previous.nature {
                        // Real numbers are made where date or price changes.
                        (mutation.date, mutation.cents) = (previous.date, previous.cents);
                    } else if (mutation.date, mutation.cents) == (previous.date, previous.cents) {
                        // The DGFiP's mutations are told apart by their dates and prices alone.
                        mutation.cents = Some(previous.cents.unwrap_or(10_000_000) + 100);
                    }
                }
            }
            years
        },
    )
}

/// A field sold, which makes its month one that the file covers.
fn field(date: (u32, u32, u32)) -> Mutation {
    let land = Line {
        commune: "69292",
        plan: 9_000,
        lot: 0,
        kind: 0,
        surface: None,
        rooms: None,
        culture: "T",
        land: Some(12_000),
    };
    Mutation {
        date,
        nature: "Vente",
        cents: Some(700_000),
        lines: vec![land],
        shares_number: false,
    }
}

impl Mutation {
    fn departement(&self) -> &str {
        &self.lines[0].commune[..2]
    }
}

/// What the numbers of a history hold more than one of.
pub fn numbers_of_several(history: &History) -> BTreeSet<&'static str> {
    let pairs = history.values().flat_map(|year| year.windows(2));
    let sharing = pairs.filter(|pair| pair[1].shares_number);
    sharing
        .flat_map(|pair| {
            [
                ("dates", pair[0].date != pair[1].date),
                ("prices", pair[0].cents != pair[1].cents),
                ("natures", pair[0].nature != pair[1].nature),
            ]
        })
        .filter_map(|(what, differ)| differ.then_some(what))
        .collect()
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let communes = COMMUNES
        .iter()
        .flat_map(|commune| vec![*commune; commune.1 as usize]);
    let kind = prop_oneof![6 => Just(2u8), 3 => Just(1u8), 1 => Just(4u8)];
    let quirk = prop_oneof![3 => Just(0u32), 2 => 1..22u32];
    (
        select(communes.collect::<Vec<_>>()),
        (0..MONTHS, 1..=28u32),
        (kind, 9..160u32, 0..8u32),
        (60..150u64, prop_oneof![3 => Just(0u64), 1 => 0..100u64]),
        (quirk, 1..5_000u32, prop::bool::weighted(0.08)),
    )
        .prop_map(
            |(
                (commune, _, price, rise),
                (month, day),
                (kind, surface, rooms),
                (level, cents),
                (quirk, plan, shares_number),
            )| {
                let line = Line {
                    commune,
                    plan,
                    lot: if kind == 2 { plan % 90 + 1 } else { 0 },
                    kind,
                    surface: Some(surface),
                    rooms: Some(if kind == 4 { 0 } else { rooms }),
                    culture: if kind == 1 { "S" } else { "" },
                    land: (kind == 1).then_some(plan % 800 + 10),
                };
                let price_m2 =
                    u64::from(price) * level * (100 + u64::from(rise * month / 12)) / 10_000;
                let mutation = Mutation {
                    date: (0, month, day),
                    nature: "Vente",
                    cents: Some(price_m2 * u64::from(surface) * 100 + cents),
                    lines: vec![line],
                    shares_number,
                };
                with_quirk(mutation, quirk)
            },
        )
}

/// What makes real mutations more than a line and a price.
fn with_quirk(mut mutation: Mutation, quirk: u32) -> Mutation {
    let home = mutation.lines[0].clone();
    let surface = u64::from(home.surface.unwrap_or(1));
    let outbuilding = Line {
        kind: 3,
        surface: None,
        rooms: None,
        lot: home.plan % 70 + 100,
        ..home.clone()
    };
    let land = Line {
        kind: 0,
        surface: None,
        rooms: None,
        lot: 0,
        culture: "J",
        land: Some(333),
        ..home.clone()
    };
    let elsewhere = if home.commune.starts_with("05") {
        "05061"
    } else {
        "69266"
    };
    let lines = &mut mutation.lines;
    match quirk {
        // The same property on several lines: whole copies, one a nature of culture, one a group of lots.
        1 => lines.extend([home.clone(), home]),
        2 => lines.push(Line {
            culture: "J",
            land: Some(250),
            ..home
        }),
        3 => lines.push(Line {
            lot: home.lot + 1,
            ..home
        }),
        4 => lines.push(Line {
            rooms: home.rooms.map(|rooms| rooms + 1),
            ..home
        }),
        5 => lines.extend([outbuilding, home]),
        // What is sold along with it, here or in another commune, written before or after it.
        6 => lines.extend([outbuilding.clone(), outbuilding]),
        7 => lines.insert(
            0,
            Line {
                commune: "05001",
                ..land
            },
        ),
        8 => lines.push(Line {
            commune: elsewhere,
            ..outbuilding
        }),
        // Several properties.
        9 => lines.push(Line {
            plan: home.plan + 1,
            ..home
        }),
        10 => lines.push(Line {
            surface: home.surface.map(|surface| surface + 1),
            ..home
        }),
        11 => lines.push(Line {
            kind: if home.kind == 4 { 2 } else { 4 },
            ..home
        }),
        12 => lines.push(Line {
            commune: elsewhere,
            plan: 1,
            ..home
        }),
        // No property.
        13 => *lines = vec![land],
        14 => *lines = vec![outbuilding],
        // Prices: none, nothing, around the bound of 100,000 €/m², far beyond.
        15 => mutation.cents = None,
        16 => mutation.cents = Some(0),
        17 => mutation.cents = Some(surface * 10_000_000 - u64::from(home.plan % 2)),
        18 => mutation.cents = Some(surface * 123_456_700),
        19 => {
            lines[0].surface = if home.plan.is_multiple_of(2) {
                None
            } else {
                Some(0)
            }
        }
        20 => {
            let natures = ["Vente en l'état futur d'achèvement", "Adjudication"];
            mutation.nature = natures[home.plan as usize % 2];
        }
        21 => {
            let natures = ["Echange", "Vente terrain à bâtir", "Expropriation"];
            mutation.nature = natures[home.plan as usize % 3];
        }
        _ => {}
    }
    mutation
}

fn kind_name(kind: u8) -> &'static str {
    match kind {
        1 => "Maison",
        2 => "Appartement",
        3 => "Dépendance",
        4 => "Local industriel. commercial ou assimilé",
        _ => "",
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// A table of a header and of rows that name the columns that they fill.
fn table(
    header: &str,
    separator: char,
    rows: impl Iterator<Item = Vec<(&'static str, String)>>,
) -> String {
    let mut writer = csv::WriterBuilder::new();
    let mut writer = writer
        .delimiter(separator as u8)
        .quote_style(if separator == ',' {
            csv::QuoteStyle::Necessary
        } else {
            csv::QuoteStyle::Never
        })
        .from_writer(Vec::new());
    let names: Vec<&str> = header.split(separator).collect();
    writer.write_record(&names).unwrap();
    for row in rows {
        assert!(row.iter().all(|(name, _)| names.contains(name)));
        let cell = |name: &&str| {
            row.iter()
                .find(|(column, _)| column == name)
                .map_or("", |(_, text)| text)
        };
        writer.write_record(names.iter().map(cell)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// The year's geo-DVF file.
pub fn geo_dvf(mutations: &[Mutation]) -> String {
    let mut number = 0;
    let rows = mutations.iter().flat_map(|mutation| {
        let (year, month, day) = mutation.date;
        number += u32::from(!mutation.shares_number);
        let number = number;
        mutation.lines.iter().map(move |line| {
            let commune: u32 = line.commune.parse().unwrap();
            vec![
                ("id_mutation", format!("{year}-{number}")),
                ("date_mutation", format!("{year}-{month:02}-{day:02}")),
                ("numero_disposition", "000001".into()),
                ("nature_mutation", mutation.nature.into()),
                (
                    "valeur_fonciere",
                    text(mutation.cents.map(|cents| cents as f64 / 100.0)),
                ),
                ("adresse_nom_voie", "RUE \"DES LILAS\", PROLONGEE".into()),
                (
                    "code_postal",
                    format!("{:05}", commune / 1_000 * 1_000 + 100),
                ),
                ("code_commune", line.commune.into()),
                ("nom_commune", "Quelque Part".into()),
                ("code_departement", line.commune[..2].into()),
                (
                    "id_parcelle",
                    format!("{}000AB{:04}", line.commune, line.plan),
                ),
                ("lot1_numero", text((line.lot > 0).then_some(line.lot))),
                ("nombre_lots", u32::from(line.lot > 0).to_string()),
                (
                    "code_type_local",
                    text((line.kind > 0).then_some(line.kind)),
                ),
                ("type_local", kind_name(line.kind).into()),
                ("surface_reelle_bati", text(line.surface)),
                ("nombre_pieces_principales", text(line.rooms)),
                ("code_nature_culture", line.culture.into()),
                ("surface_terrain", text(line.land)),
                ("longitude", format!("4.{:06}", line.plan * 7)),
                ("latitude", format!("45.{:06}", commune)),
            ]
        })
    });
    table(GEO_DVF_HEADER, ',', rows)
}

/// The same year as the DGFiP writes it.
pub fn dgfip(mutations: &[Mutation]) -> String {
    let rows = mutations.iter().flat_map(|mutation| {
        let (year, month, day) = mutation.date;
        mutation.lines.iter().map(move |line| {
            let number = |text: &str| text.parse::<u32>().unwrap().to_string();
            // A built line without a surface or without rooms holds a 0.
            let built = |value: Option<u32>| text(value.or((line.kind > 0).then_some(0)));
            vec![
                ("No disposition", "000001".into()),
                ("Date mutation", format!("{day:02}/{month:02}/{year}")),
                ("Nature mutation", mutation.nature.into()),
                (
                    "Valeur fonciere",
                    text(
                        mutation
                            .cents
                            .map(|cents| format!("{},{:02}", cents / 100, cents % 100)),
                    ),
                ),
                ("Voie", "RUE \"DES LILAS\", PROLONGEE".into()),
                ("Code postal", number(&format!("{}100", &line.commune[..2]))),
                ("Commune", "QUELQUE PART".into()),
                ("Code departement", line.commune[..2].into()),
                ("Code commune", number(&line.commune[2..])),
                ("Section", "AB".into()),
                ("No plan", line.plan.to_string()),
                ("1er lot", text((line.lot > 0).then_some(line.lot))),
                ("Nombre de lots", u32::from(line.lot > 0).to_string()),
                (
                    "Code type local",
                    text((line.kind > 0).then_some(line.kind)),
                ),
                ("Type local", kind_name(line.kind).into()),
                ("Surface reelle bati", built(line.surface)),
                ("Nombre pieces principales", built(line.rooms)),
                ("Nature culture", line.culture.into()),
                ("Surface terrain", text(line.land)),
            ]
        })
    });
    table(DGFIP_HEADER, '|', rows)
}
