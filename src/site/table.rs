//! The communes as a table for spreadsheets and programs: a line a commune, and columns that say what they hold.

use std::borrow::Cow;
use std::rc::Rc;

use crate::base::place::Level;
use crate::geo::Commune;
use crate::site::block::identity::PlaceKind;
use crate::site::{Site, SiteError, names};
use crate::stats::{Current, Estimate, Figures, HomeChange, KindModelled, Segment};

/// Between two cells: what a spreadsheet set to French takes for it.
const SEPARATOR: u8 = b';';

/// What tells a spreadsheet that the text is UTF-8.
const BOM: &str = "\u{feff}";

/// What stands in a cell.
enum Cell<'l> {
    Text(Cow<'l, str>),
    Whole(u64),
    /// Per cent, to a tenth.
    Percent(f64),
    /// There is nothing, or nothing that is published.
    Empty,
}

/// A line of the table.
struct Line<'s> {
    commune: &'s Commune,
    figures: Option<Rc<Figures>>,
}

/// A column about the commune: its name and its cell.
type PlaceColumn = (&'static str, for<'l> fn(&'l Line<'_>) -> Cell<'l>);

/// The columns about the commune.
const PLACE: [PlaceColumn; 8] = [
    ("code", |line| Cell::text(&line.commune.code)),
    ("nom", |line| {
        Cell::Text(names::commune(line.commune).into())
    }),
    ("type", |line| {
        Cell::text(PlaceKind::of(line.commune).name())
    }),
    ("departement", |line| Cell::text(&line.commune.departement)),
    ("region", |line| Cell::text(&line.commune.region)),
    ("epci", |line| {
        line.commune.epci.as_deref().map_or(Cell::Empty, Cell::text)
    }),
    ("population", |line| Cell::whole(line.commune.population)),
    // Sales of both kinds in the last twelve covered months.
    ("volume", |line| {
        Cell::whole(
            line.figures
                .as_ref()
                .map(|figures| figures.volume_12_months),
        )
    }),
];

/// What is known of a kind of home in a commune.
type Home<'f> = (&'f Segment, &'f KindModelled);

/// A column about a kind of home: the first part of its name, which the name of the kind ends, and its cell.
type HomeColumn = (&'static str, fn(Home<'_>) -> Cell<'static>);

/// The columns about flats, and then those about houses. Prices are in €/m², but for the total ones, in €.
const HOMES: [HomeColumn; 16] = [
    ("prix_m2", |home| window(home, |window| window.median)),
    ("prix_m2_bas", |home| {
        window(home, |window| Some(window.interval?[0]))
    }),
    ("prix_m2_haut", |home| {
        window(home, |window| Some(window.interval?[1]))
    }),
    // One where the median is of five to ten sales.
    ("fragile", |home| {
        window(home, |window| Some(u8::from(window.fragile)))
    }),
    ("ventes", |home| window(home, |window| Some(window.n))),
    ("ventes_neuf", |home| {
        window(home, |window| Some(window.new_homes))
    }),
    ("mois", |home| window(home, |window| Some(window.covered))),
    ("dernier_mois", |(segment, _)| match &segment.current {
        Some(window) => Cell::Text(window.to.to_string().into()),
        None => Cell::Empty,
    }),
    ("prix_median", |home| {
        window(home, |window| window.median_price)
    }),
    ("estimation", |home| {
        estimate(home, |estimate| estimate.price)
    }),
    ("estimation_bas", |home| {
        estimate(home, |estimate| estimate.interval[0])
    }),
    ("estimation_haut", |home| {
        estimate(home, |estimate| estimate.interval[1])
    }),
    ("evolution_1_an", |home| {
        change(home, |[_, percent, _]| percent)
    }),
    ("evolution_1_an_bas", |home| change(home, |[low, _, _]| low)),
    ("evolution_1_an_haut", |home| {
        change(home, |[_, _, high]| high)
    }),
    // One where the change is the commune's own, none where it is that of a wider place, from which nothing parts it.
    ("evolution_propre", |home| {
        Cell::whole(over_a_year(home).map(|change| u8::from(change.own.is_some())))
    }),
];

/// The kinds of homes, and whether they are houses.
const KINDS: [(&str, bool); 2] = [("appartement", false), ("maison", true)];

/// The table of some communes as CSV, with the names of the columns first.
///
/// # Errors
/// When figures cannot be read.
pub(super) fn csv(site: &Site<'_>, communes: &[&Commune]) -> Result<Vec<u8>, SiteError> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(SEPARATOR)
        .from_writer(Vec::from(BOM));
    let of_homes = KINDS.into_iter().flat_map(|(kind, _)| {
        let columns = HOMES.iter();
        columns.map(move |(name, _)| format!("{name}_{kind}"))
    });
    let of_place = PLACE.iter().map(|(name, _)| (*name).to_owned());
    let mut write = |cells: Vec<String>| writer.write_record(cells).map_err(SiteError::Table);
    write(of_place.chain(of_homes).collect())?;
    for commune in communes {
        let entry = site.entry(Level::Commune, &commune.code);
        let figures = entry
            .map(|entry| entry.figures(&commune.code))
            .transpose()?;
        write(Line { commune, figures }.cells())?;
    }
    writer
        .into_inner()
        .map_err(|error| SiteError::Table(error.into_error().into()))
}

impl Line<'_> {
    fn cells(&self) -> Vec<String> {
        let of_place = PLACE.iter().map(|(_, cell)| cell(self).shown());
        let of_homes = KINDS.into_iter().flat_map(|(_, house)| {
            let home = self.figures.as_ref().map(|figures| figures.home(house));
            let columns = HOMES.iter();
            columns.map(move |(_, cell)| home.map_or_else(String::new, |home| cell(home).shown()))
        });
        of_place.chain(of_homes).collect()
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
fn window<N: Into<u64>>((segment, _): Home<'_>, of: fn(&Current) -> Option<N>) -> Cell<'static> {
    Cell::whole(segment.current.as_ref().and_then(of))
}

/// A figure of the estimate.
fn estimate((_, modelled): Home<'_>, of: fn(&Estimate) -> u32) -> Cell<'static> {
    Cell::whole(modelled.estimate.as_ref().map(of))
}

/// A figure of the change over a year that pages show: its lower bound, itself, and its upper bound.
fn change(home: Home<'_>, of: fn([f64; 3]) -> f64) -> Cell<'static> {
    let shown = over_a_year(home).and_then(|change| {
        let wider = change.wider.as_ref().map(|wider| &wider.change);
        change.own.as_ref().or(wider)
    });
    shown.map_or(Cell::Empty, |shown| {
        let [low, high] = shown.interval;
        Cell::Percent(of([low, shown.percent, high]))
    })
}

fn over_a_year<'f>((_, modelled): Home<'f>) -> Option<&'f HomeChange> {
    let mut changes = modelled.changes.iter();
    changes.find(|change| change.years == 1)
}
