//! A file is read by chunks on several threads: wherever it is cut, the same is found.

use std::fmt::Write as _;
use std::sync::LazyLock;

use indicatif::ProgressBar;
use proptest::prelude::*;

use super::content::DvfContent;
use super::read::read_by;
use super::{Format, Numbering};
use crate::geo::Geography;
use crate::intake::terms::ReadTerms;

static FRANCE: LazyLock<Geography> =
    LazyLock::new(|| crate::intake::cog::embedded().expect("the embedded data is sound"));

/// What was found, or why the file was refused.
type Found = Result<DvfContent, String>;

/// Reads a file by chunks of each size, and finds the same.
fn read(bytes: &[u8], tolerance: f64, sizes: &[usize]) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    crate::files::write(&path, bytes).unwrap();
    let by = |size| {
        let terms = ReadTerms {
            tolerance,
            latest: jiff::civil::Date::MAX,
        };
        let found = read_by(size, &path, terms, &FRANCE, &ProgressBar::hidden());
        found.map_err(|error| error.to_string())
    };
    let whole = by(1 << 20);
    for &size in sizes {
        assert_eq!(by(size), whole);
    }
    whole
}

/// How the lines of a file are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    /// The DGFiP's format, which has none.
    None,
    Sound,
    /// The lines of some mutation do not follow each other.
    Scattered,
    /// One number for all sales of a day at a price.
    Merged,
    /// A number a line.
    Lines,
}

/// Lines of one mutation, by places in small lists, so that much is repeated.
#[derive(Clone, Debug)]
struct Group {
    day: usize,
    price: usize,
    nature: usize,
    /// Commune, what stands in the column that no figure needs, and what ends the line.
    lines: Vec<(usize, usize, usize)>,
}

const PRICES: [&str; 4] = ["100000", "100000.01", "", "250000"];
const NATURES: [&str; 6] = [
    "Vente",
    "Echange",
    "Vente en l’état futur d'achèvement",
    "Expropriation",
    "Adjudication",
    "Vente terrain à bâtir",
];
const COMMUNES: [&str; 5] = ["01004", "69123", "2A004", "97411", "01007"];
const STREETS: [&str; 11] = [
    "RUE HAUTE",
    "",
    "\"RUE \"\"BASSE\"\", AU BOUT\"",
    "\"DEUX\nLIGNES\"",
    "\"DEUX\r\nLIGNES\r\n\"",
    "\"\n\"",
    "CHÂTEAU",
    "L\"\"A",
    "RES LE 12\"",
    "\"LE PORT",
    "\"LE \"GRAND\" PORT\"",
];
const LINE_ENDS: [&str; 4] = ["\n", "\r\n", "\n\n", "\r\n\r\n\n"];

/// A line that cannot be read.
const BROKEN: [&[u8]; 6] = [
    b"one,two|three\n",
    b"9,2024-01-31,Vente,dear,A,01004,010040000A0001,,,,,,,,,,\n",
    b"9,2024-01-31,Vente,1,\xff\xfe,01004,010040000A0001,,,,,,,,,,\n",
    b"|31/13/2024|Vente|1||004|01|1||A||||||||||\n",
    b"one,\"two\n",
    b"one,two\",\"three\n",
];

fn groups() -> impl Strategy<Value = Vec<Group>> {
    let line = (0..COMMUNES.len(), 0..STREETS.len(), 0..LINE_ENDS.len());
    let group = (
        1..4_usize,
        0..PRICES.len(),
        0..NATURES.len(),
        prop::collection::vec(line, 1..6),
    );
    let group = group.prop_map(|(day, price, nature, lines)| Group {
        day,
        price,
        nature,
        lines,
    });
    prop::collection::vec(group, 1..80)
}

/// The file, with unreadable lines before some of its mutations, and with or without its last line end.
fn file(
    numbers: Numbers,
    mut groups: Vec<Group>,
    broken: &[(usize, usize)],
    ended: bool,
) -> Vec<u8> {
    let mut bytes = match numbers {
        Numbers::None => "Code service CH|Date mutation|Nature mutation|Valeur fonciere|Voie|Code commune|\
             Code departement|No plan|Prefixe de section|Section|1er lot|2eme lot|3eme lot|4eme lot|5eme lot|\
             Code type local|Surface reelle bati|Nombre pieces principales|Nature culture|Surface terrain\n",
        _ => "id_mutation,date_mutation,nature_mutation,valeur_fonciere,adresse_nom_voie,code_commune,\
             id_parcelle,lot1_numero,lot2_numero,lot3_numero,lot4_numero,lot5_numero,code_type_local,\
             surface_reelle_bati,nombre_pieces_principales,code_nature_culture,surface_terrain\n",
    }
    .as_bytes()
    .to_vec();
    if numbers == Numbers::Merged {
        // As the new chain sorts and numbers them: lines without a price are numbered one by one.
        groups = (0..60)
            .map(|day| Group {
                day: day % 28 + 1,
                price: day / 28,
                ..groups[day % groups.len()].clone()
            })
            .collect();
        // Sales of one day at one price in two communes share a number, and more do than there are deeds over two.
        for group in groups.iter_mut().step_by(10) {
            group.lines.push((0, 1, 0));
            group.lines.push((4, 1, 0));
        }
        groups.sort_by_key(|group| (group.day, group.price == 1, group.price));
        groups.dedup_by_key(|group| (group.day, group.price));
    }
    for (place, group) in groups.iter().enumerate() {
        for (_, kind) in broken.iter().filter(|(before, _)| *before == place) {
            bytes.extend(BROKEN[*kind]);
        }
        let number = match numbers {
            Numbers::Scattered => place % 7,
            _ => place,
        };
        for (row, &(commune, street, end)) in group.lines.iter().enumerate() {
            let (code, price, nature) = (
                COMMUNES[commune],
                PRICES[group.price],
                NATURES[group.nature],
            );
            let mut line = String::new();
            if numbers == Numbers::None {
                let (departement, commune) = code.split_at(if commune == 3 { 3 } else { 2 });
                let (day, price) = (group.day, price.replace('.', ","));
                let street = STREETS[street].replace(['\n', '\r'], " ");
                write!(line, "|{day:02}/01/2024|{nature}|{price}|{street}|{commune}|{departement}|{row}|")
            } else {
                let (day, street) = (group.day, STREETS[street]);
                let number = match numbers {
                    Numbers::Lines => 10 * place + row,
                    _ => number,
                };
                write!(line, "2024-{number},2024-01-{day:02},{nature},{price},{street},{code},{code}000AB000{row}")
            }
            .unwrap();
            line.push_str(match numbers {
                Numbers::None => "|AB|1|||||2|40|2|S|",
                _ => ",1,,,,,2,40,2,S,",
            });
            bytes.extend(line.as_bytes());
            bytes.extend(LINE_ENDS[end].as_bytes());
        }
    }
    while !ended && bytes.ends_with(b"\n") {
        bytes.pop();
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_does_not_matter_where_a_file_is_cut(
        numbers in prop::sample::select(vec![Numbers::None, Numbers::Sound, Numbers::Scattered, Numbers::Merged, Numbers::Lines]),
        groups in groups(),
        broken in prop_oneof![
            Just(Vec::new()),
            prop::collection::vec((0..60_usize, 0..BROKEN.len()), 0..12),
        ],
        tolerance in prop::sample::select(vec![0.0, 0.05, 1.0]),
        ended in any::<bool>(),
        sizes in prop::collection::vec(prop_oneof![Just(1), 2..200_usize, 200..3000_usize], 5),
    ) {
        let bytes = file(numbers, groups, &broken, ended);
        let _ = read(&bytes, tolerance, &sizes);
    }
}

/// Groups of two lines each, all alike.
fn plain(count: usize) -> Vec<Group> {
    (0..count)
        .map(|place| Group {
            day: place % 28 + 1,
            price: 0,
            nature: place % 2,
            lines: vec![(0, 3, 0), (0, 0, 1)],
        })
        .collect()
}

#[test]
fn files_of_each_kind_are_told_apart_wherever_they_are_cut() {
    for (numbers, format, numbering, scattered) in [
        (Numbers::None, Format::Dgfip, Numbering::Runs, false),
        (Numbers::Sound, Format::GeoDvf, Numbering::Sound, false),
        (Numbers::Scattered, Format::GeoDvf, Numbering::Sound, true),
        (
            Numbers::Merged,
            Format::GeoDvf,
            Numbering::Regrouped { numbers: 60 },
            false,
        ),
        (Numbers::Lines, Format::GeoDvf, Numbering::Runs, false),
    ] {
        let bytes = file(numbers, plain(70), &[], true);
        let content = read(&bytes, 0.0, &[1, 90]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(content.format, format);
        assert_eq!(content.numbering, numbering, "{numbers:?}");
        assert_eq!(content.scattered, scattered, "{numbers:?}");
    }
}

#[test]
fn the_first_unreadable_line_of_the_file_is_the_one_reported() {
    let bytes = file(Numbers::Sound, plain(70), &[(30, 1), (60, 0)], true);
    let error = read(&bytes, 0.0, &[1, 90]).expect_err("refused");
    // A header, thirty mutations of three lines of text each.
    assert!(
        error.contains("/file, line 92, column valeur_fonciere"),
        "{error}"
    );
}

#[test]
fn natures_are_too_many_wherever_the_file_is_cut() {
    let mut text = String::from_utf8(file(Numbers::Sound, Vec::new(), &[], true)).unwrap();
    for number in 0..80 {
        // Each second line is of a nature of its own, the first 47 of which are taken.
        let nature = if number % 2 == 0 { number } else { 0 };
        writeln!(
            text,
            "{number},2024-01-31,nature {nature},{number},,01004,010040000A0001,1,,,,,2,40,2,S,"
        )
        .unwrap();
    }
    for number in 0..40 {
        writeln!(
            text,
            "x{number},2024-01-31,other {number},{number},,01004,010040000A0001,1,,,,,2,40,2,S,"
        )
        .unwrap();
    }
    let content =
        read(text.as_bytes(), 1.0, &[1, 70, 700]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((content.natures.len(), content.unreadable), (50, 33));
    assert!(
        content.reasons[0].contains("line 89: the mutation has more than 50 different natures")
    );
}
