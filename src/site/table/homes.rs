//! The columns about kinds of homes.

use super::cell::{Cell, Kind};
use crate::stats::{HomeSummary, Percent, WindowSummary};

/// A column about a kind of home: the first part of its name, which the name of the kind ends, what it holds and means, and
/// its cell.
pub(super) type HomeColumn = (
    &'static str,
    Kind,
    &'static str,
    fn(&HomeSummary) -> Cell<'static>,
);

/// The columns about flats, and then those about houses.
pub(super) const HOMES: [HomeColumn; 16] = [
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
pub(super) const KINDS: [(&str, &str, bool); 2] = [
    ("appartement", "appartements", false),
    ("maison", "maisons", true),
];

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
