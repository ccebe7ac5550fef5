//! The communes as a table: a line a commune, and columns that say what they hold. CSV for spreadsheets, Parquet for programs, both
//! from the same columns.

use std::borrow::Cow;

use polars::prelude::{
    Column as Series, DataFrame, ParquetCompression, ParquetWriter, PolarsResult,
};

use serde_json::{Map, Value};

use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::block::identity::PlaceKind;
use crate::site::{Site, SiteError, names};
use crate::stats::{HomeSummary, Percent, Summary, WindowSummary};

/// Between two cells: what a spreadsheet set to French takes for it.
const SEPARATOR: u8 = b';';

/// What tells a spreadsheet that the text is UTF-8.
const BOM: &str = "\u{feff}";

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Whole,
    /// Per cent, to a tenth.
    Percent,
}

/// What stands in a cell.
#[derive(Debug, PartialEq)]
enum Cell<'l> {
    Text(Cow<'l, str>),
    Whole(u64),
    Percent(f64),
    /// There is nothing, or nothing that is published.
    Empty,
}

/// A line of the table.
struct Line<'s> {
    commune: &'s Commune,
    summary: Option<&'s Summary>,
}

/// A column about the commune: its name, what it holds and means, and its cell.
type PlaceColumn = (
    &'static str,
    Kind,
    &'static str,
    for<'l> fn(&'l Line<'_>) -> Cell<'l>,
);

/// The columns about the commune.
const PLACE: [PlaceColumn; 8] = [
    (
        "code",
        Kind::Text,
        "Code INSEE de la commune ou de l’arrondissement municipal",
        |line| Cell::text(&line.commune.code),
    ),
    ("nom", Kind::Text, "Nom", |line| {
        Cell::Text(names::commune(line.commune).into())
    }),
    (
        "type",
        Kind::Text,
        "commune, ville (Paris, Lyon ou Marseille, tous arrondissements réunis) ou arrondissement",
        |line| Cell::text(PlaceKind::of(line.commune).name()),
    ),
    ("departement", Kind::Text, "Code du département", |line| {
        Cell::text(&line.commune.departement)
    }),
    ("region", Kind::Text, "Code de la région", |line| {
        Cell::text(&line.commune.region)
    }),
    (
        "epci",
        Kind::Text,
        "SIREN de l’intercommunalité",
        |line| line.commune.epci.as_deref().map_or(Cell::Empty, Cell::text),
    ),
    (
        "population",
        Kind::Whole,
        "Population municipale, en habitants",
        |line| Cell::whole(line.commune.population),
    ),
    (
        "volume",
        Kind::Whole,
        "Ventes de maisons et d’appartements des 12 derniers mois couverts",
        |line| Cell::whole(line.summary.map(|summary| summary.volume_12_months)),
    ),
];

/// A column about a kind of home: the first part of its name, which the name of the kind ends, what it holds and means, and
/// its cell.
type HomeColumn = (
    &'static str,
    Kind,
    &'static str,
    fn(&HomeSummary) -> Cell<'static>,
);

/// The columns about flats, and then those about houses.
const HOMES: [HomeColumn; 16] = [
    (
        "prix_m2",
        Kind::Whole,
        "Prix médian au m², en euros, à partir de 5 ventes",
        |home| Cell::whole(home.median()),
    ),
    (
        "prix_m2_bas",
        Kind::Whole,
        "Borne basse du prix médian, à 95 %",
        |home| window(home, |window| Some(window.interval?[0])),
    ),
    (
        "prix_m2_haut",
        Kind::Whole,
        "Borne haute du prix médian, à 95 %",
        |home| window(home, |window| Some(window.interval?[1])),
    ),
    (
        "fragile",
        Kind::Whole,
        "1 si la médiane repose sur 5 à 10 ventes",
        |home| window(home, |window| Some(u8::from(window.fragile))),
    ),
    ("ventes", Kind::Whole, "Ventes de la période", |home| {
        window(home, |window| Some(window.n))
    }),
    ("ventes_neuf", Kind::Whole, "Dont ventes sur plan", |home| {
        window(home, |window| Some(window.new_homes))
    }),
    (
        "mois",
        Kind::Whole,
        "Mois couverts de la période : 12, ou jusqu’à 60 faute de ventes",
        |home| window(home, |window| Some(window.covered)),
    ),
    (
        "dernier_mois",
        Kind::Text,
        "Dernier mois de la période, AAAA-MM",
        |home| match &home.current {
            Some(window) => Cell::Text(window.to.to_string().into()),
            None => Cell::Empty,
        },
    ),
    (
        "prix_median",
        Kind::Whole,
        "Prix médian total, en euros, à trois chiffres",
        |home| window(home, |window| window.median_price),
    ),
    (
        "estimation",
        Kind::Whole,
        "Prix au m² estimé avec les communes voisines, en euros, où les ventes sont rares",
        |home| Cell::whole(home.estimated()),
    ),
    (
        "estimation_bas",
        Kind::Whole,
        "Borne basse de l’estimation, à 95 %",
        |home| estimate(home, |[low, _]| low),
    ),
    (
        "estimation_haut",
        Kind::Whole,
        "Borne haute de l’estimation, à 95 %",
        |home| estimate(home, |[_, high]| high),
    ),
    (
        "evolution_1_an",
        Kind::Percent,
        "Évolution sur un an à logement ancien comparable, en pour cent",
        |home| change(home, |change| change.percent),
    ),
    (
        "evolution_1_an_bas",
        Kind::Percent,
        "Borne basse de l’évolution, à 95 %",
        |home| change(home, |change| change.interval[0]),
    ),
    (
        "evolution_1_an_haut",
        Kind::Percent,
        "Borne haute de l’évolution, à 95 %",
        |home| change(home, |change| change.interval[1]),
    ),
    (
        "evolution_propre",
        Kind::Whole,
        "1 si l’évolution est celle de la commune, 0 si c’est celle d’un territoire plus large, dont rien ne l’écarte",
        |home| Cell::whole(home.change.map(|change| u8::from(change.own))),
    ),
];

/// The kinds of homes as the names of columns end, how a text has them, and whether they are houses.
const KINDS: [(&str, &str, bool); 2] = [
    ("appartement", "appartements", false),
    ("maison", "maisons", true),
];

/// A column of the table.
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
    /// In a sentence of French without its full stop.
    pub meaning: String,
    of: Of,
}

/// What a column is about.
enum Of {
    Place(for<'l> fn(&'l Line<'_>) -> Cell<'l>),
    Home(bool, fn(&HomeSummary) -> Cell<'static>),
}

/// The columns of the table, in their order.
pub(super) fn columns() -> Vec<Column> {
    let of_place = PLACE.iter().map(|&(name, kind, meaning, cell)| Column {
        name: name.to_owned(),
        kind,
        meaning: meaning.to_owned(),
        of: Of::Place(cell),
    });
    let of_homes = KINDS.into_iter().flat_map(|(of, homes, house)| {
        let columns = HOMES.iter();
        columns.map(move |&(name, kind, meaning, cell)| Column {
            name: format!("{name}_{of}"),
            kind,
            meaning: format!("{meaning} ({homes})"),
            of: Of::Home(house, cell),
        })
    });
    of_place.chain(of_homes).collect()
}

/// The table of some communes as CSV, with the names of the columns first.
///
/// # Errors
/// When it cannot be written.
pub(super) fn csv(site: &Site<'_>, communes: &[&Commune]) -> Result<Vec<u8>, SiteError> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(SEPARATOR)
        .from_writer(Vec::from(BOM));
    let columns = columns();
    let mut write = |cells: Vec<String>| writer.write_record(cells).map_err(SiteError::Table);
    write(columns.iter().map(|column| column.name.clone()).collect())?;
    for line in communes.iter().map(|commune| Line::new(site, commune)) {
        let cells = columns.iter().map(|column| column.cell(&line).shown());
        write(cells.collect())?;
    }
    writer
        .into_inner()
        .map_err(|error| SiteError::Table(error.into_error().into()))
}

/// The same as Parquet: texts, whole numbers and numbers, and nothing where a cell is empty.
///
/// # Errors
/// When it cannot be written.
pub(super) fn parquet(site: &Site<'_>, communes: &[&Commune]) -> Result<Vec<u8>, SiteError> {
    let lines = communes.iter().map(|commune| Line::new(site, commune));
    let lines: Vec<_> = lines.collect();
    let columns = columns().into_iter().map(|column| column.series(&lines));
    written(lines.len(), columns.collect()).map_err(SiteError::Parquet)
}

/// A place that the archive has a line of.
pub(super) struct FrozenPlace<'s> {
    pub level: Level,
    pub code: &'s str,
    pub summary: &'s Summary,
}

/// Columns about homes that the archive keeps.
const FROZEN: [&str; 12] = [
    "prix_m2",
    "prix_m2_bas",
    "prix_m2_haut",
    "ventes",
    "mois",
    "dernier_mois",
    "estimation",
    "estimation_bas",
    "estimation_haut",
    "evolution_1_an",
    "evolution_1_an_bas",
    "evolution_1_an_haut",
];

/// Some places by column: which they are, and those of their figures that the archive keeps.
pub(super) fn frozen(places: &[FrozenPlace<'_>]) -> Map<String, Value> {
    let texts = |of: fn(&FrozenPlace<'_>) -> String| {
        let texts = places.iter().map(of);
        texts.collect::<Value>()
    };
    let mut columns = Map::from_iter([
        (
            "niveau".to_owned(),
            texts(|place| place.level.name().into()),
        ),
        ("code".to_owned(), texts(|place| place.code.into())),
    ]);
    for (of, _, house) in KINDS {
        let kept = HOMES.iter().filter(|(name, ..)| FROZEN.contains(name));
        columns.extend(kept.map(|(name, _, _, cell)| {
            let cells = places
                .iter()
                .map(|place| Value::from(cell(place.summary.home(house))));
            (format!("{name}_{of}"), cells.collect())
        }));
    }
    columns
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Text(text) => text.into(),
            Cell::Whole(number) => number.into(),
            Cell::Percent(percent) => percent.into(),
            Cell::Empty => Self::Null,
        }
    }
}

/// Columns of a height as a Parquet file.
///
/// # Errors
/// When they are not of that height, or cannot be written.
pub(super) fn written(height: usize, columns: Vec<Series>) -> PolarsResult<Vec<u8>> {
    let mut frame = DataFrame::new(height, columns)?;
    let mut file = Vec::new();
    ParquetWriter::new(&mut file)
        .with_compression(ParquetCompression::Zstd(None))
        .finish(&mut frame)?;
    Ok(file)
}

impl<'s> Line<'s> {
    fn new(site: &'s Site<'_>, commune: &'s Commune) -> Self {
        Self {
            commune,
            summary: site.summary(Level::Commune, &commune.code),
        }
    }
}

impl Column {
    /// What stands in it of a commune: null where there is nothing.
    pub(super) fn value(&self, site: &Site<'_>, commune: &Commune) -> Value {
        let line = Line::new(site, commune);
        self.cell(&line).into()
    }

    /// Its name without the kind of home that it is about.
    pub(super) fn stem(&self) -> &str {
        let kinds = KINDS.iter();
        let mut stems =
            kinds.filter_map(|(kind, ..)| self.name.strip_suffix(kind)?.strip_suffix('_'));
        stems.next().unwrap_or(&self.name)
    }

    fn cell<'l>(&self, line: &'l Line<'_>) -> Cell<'l> {
        match self.of {
            Of::Place(cell) => cell(line),
            Of::Home(house, cell) => {
                let home = line.summary.map(|summary| summary.home(house));
                home.map_or(Cell::Empty, cell)
            }
        }
    }

    /// The column of some lines.
    fn series(&self, lines: &[Line<'_>]) -> Series {
        let name = self.name.as_str().into();
        let cells = lines.iter().map(|line| self.cell(line));
        match self.kind {
            Kind::Text => {
                let texts = cells.map(|cell| match cell {
                    Cell::Text(text) => Some(text),
                    _ => None,
                });
                Series::new(name, texts.collect::<Vec<_>>())
            }
            Kind::Whole => {
                let numbers = cells.map(|cell| match cell {
                    Cell::Whole(number) => Some(number),
                    _ => None,
                });
                Series::new(name, numbers.collect::<Vec<_>>())
            }
            Kind::Percent => {
                let numbers = cells.map(|cell| match cell {
                    Cell::Percent(number) => Some(number),
                    _ => None,
                });
                Series::new(name, numbers.collect::<Vec<_>>())
            }
        }
    }
}

impl<'l> Cell<'l> {
    fn text(text: &'l str) -> Self {
        Self::Text(text.into())
    }

    fn whole(number: Option<impl Into<u64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Whole(number.into()))
    }

    /// As it stands in a file: a spreadsheet set to French takes a comma for the decimal mark.
    fn shown(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Whole(number) => number.to_string(),
            Self::Percent(percent) => format!("{percent:.1}").replace('.', ","),
            Self::Empty => String::new(),
        }
    }
}

/// A figure of the latest window.
fn window<N: Into<u64>>(home: &HomeSummary, of: fn(&WindowSummary) -> Option<N>) -> Cell<'static> {
    Cell::whole(home.current.as_ref().and_then(of))
}

/// A bound of the estimate.
fn estimate(home: &HomeSummary, of: fn([u32; 2]) -> u32) -> Cell<'static> {
    Cell::whole(home.estimate.map(|(_, interval)| of(interval)))
}

/// A figure of the change over a year that pages show.
fn change(home: &HomeSummary, of: fn(Percent) -> f64) -> Cell<'static> {
    let percent = home.change.map(|change| of(change.percent));
    percent.map_or(Cell::Empty, Cell::Percent)
}
