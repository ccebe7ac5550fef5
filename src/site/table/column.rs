//! The columns of the table of communes: what each is called, holds and means.

use polars::prelude::Column as Series;
use serde_json::Value;

use super::cell::{Cell, Kind};
use super::homes::{HOMES, KINDS};
use super::indicators;
use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::block::identity::PlaceKind;
use crate::site::indicators::ShownIndicator;
use crate::site::{Site, names};
use crate::stats::{HomeSummary, IndicatorPlace, Summary};

/// A line of the table.
pub(super) struct TableLine<'s> {
    commune: &'s Commune,
    summary: Option<&'s Summary>,
    /// The place that indicators tell of.
    told: Option<IndicatorPlace>,
}

/// A column about the commune: its name, what it holds and means, and its cell.
type PlaceColumn = (
    &'static str,
    Kind,
    &'static str,
    for<'l> fn(&'l TableLine<'_>) -> Cell<'l>,
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

/// A column of the table.
pub(in crate::site) struct TableColumn<'s> {
    pub name: String,
    pub kind: Kind,
    /// In a sentence of French without its full stop.
    pub meaning: String,
    of: Of<'s>,
}

/// What a column is about.
enum Of<'s> {
    Place(for<'l> fn(&'l TableLine<'_>) -> Cell<'l>),
    Home(bool, fn(&HomeSummary) -> Cell<'static>),
    Indicator(&'s ShownIndicator<'s>),
}

/// The columns of the table of a site, in their order.
pub(in crate::site) fn columns<'s>(site: &'s Site<'_>) -> Vec<TableColumn<'s>> {
    let of_place = PLACE
        .iter()
        .map(|&(name, kind, meaning, cell)| TableColumn {
            name: name.to_owned(),
            kind,
            meaning: meaning.to_owned(),
            of: Of::Place(cell),
        });
    let of_homes = KINDS.into_iter().flat_map(|(of, homes, house)| {
        let columns = HOMES.iter();
        columns.map(move |&(name, kind, meaning, cell)| TableColumn {
            name: format!("{name}_{of}"),
            kind,
            meaning: format!("{meaning} ({homes})"),
            of: Of::Home(house, cell),
        })
    });
    let of_indicators = site.indicators.iter().map(of_indicator);
    of_place.chain(of_homes).chain(of_indicators).collect()
}

/// The column of an indicator.
fn of_indicator<'s>(shown: &'s ShownIndicator<'s>) -> TableColumn<'s> {
    let (indicator, table) = (shown.indicator, shown.table);
    let unit = match indicator.unit.as_str() {
        "" => String::new(),
        unit => format!("{unit}, "),
    };
    let (label, period) = (&indicator.label, shown.figures.period);
    TableColumn {
        name: indicator.id.clone(),
        kind: match indicator.categories.is_empty() {
            true => Kind::Number(indicator.decimals),
            false => Kind::Text,
        },
        meaning: format!("{label} ({unit}{period}\u{202f}; {})", table.attribution),
        of: Of::Indicator(shown),
    }
}

impl<'s> TableLine<'s> {
    pub(super) fn new(site: &'s Site<'_>, commune: &'s Commune) -> Self {
        Self {
            commune,
            summary: site.summary(Level::Commune, &commune.code),
            told: site.atlas.indicator_place(Level::Commune, &commune.code),
        }
    }
}

impl TableColumn<'_> {
    /// What stands in it of a commune: null where there is nothing.
    pub(in crate::site) fn value(&self, site: &Site<'_>, commune: &Commune) -> Value {
        let line = TableLine::new(site, commune);
        self.cell(&line).into()
    }

    /// Whether it is of another source than the sales.
    pub(in crate::site) fn is_indicator(&self) -> bool {
        matches!(self.of, Of::Indicator(_))
    }

    /// Its name without the kind of home that it is about.
    pub(in crate::site) fn stem(&self) -> &str {
        let kinds = KINDS.iter();
        let mut stems =
            kinds.filter_map(|(kind, ..)| self.name.strip_suffix(kind)?.strip_suffix('_'));
        stems.next().unwrap_or(&self.name)
    }

    pub(super) fn cell<'l>(&'l self, line: &'l TableLine<'_>) -> Cell<'l> {
        match self.of {
            Of::Place(cell) => cell(line),
            Of::Home(house, cell) => {
                let home = line.summary.map(|summary| summary.home(house));
                home.map_or(Cell::Empty, cell)
            }
            Of::Indicator(shown) => indicators::cell(shown, line.told),
        }
    }

    /// The column of some lines.
    pub(super) fn series(&self, lines: &[TableLine<'_>]) -> Series {
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
            Kind::Percent | Kind::Number(_) => {
                let numbers = cells.map(|cell| match cell {
                    Cell::Percent(number) | Cell::Number(number, _) => Some(number),
                    _ => None,
                });
                Series::new(name, numbers.collect::<Vec<_>>())
            }
        }
    }
}
