//! The colours of a map: those of flats and of houses, which the page switches between, and what they stand for.

use schemars::JsonSchema;
use serde::Serialize;

use crate::site::map::{Classes, LegendStep};
use crate::stats::Summary;

/// `….scale` of a map in the templates.
#[derive(Serialize, JsonSchema)]
pub(super) struct Scale {
    legend: Vec<LegendStep>,
    /// Whether a place has no price of a kind.
    has_blanks: bool,
    /// Whether more places have a price of houses than of flats.
    houses_first: bool,
}

/// The prices of flats and of houses that stand for a place, in €/m².
pub(super) type Prices = [Option<u32>; 2];

/// The prices that tables show of a place: estimates where there are any.
pub(super) fn prices(summary: Option<&Summary>) -> Prices {
    let Some(summary) = summary else {
        return [None; 2];
    };
    [false, true].map(|house| {
        let home = summary.home(house);
        home.estimated().or(home.median())
    })
}

impl Scale {
    /// The colours of some places, and of each the classes of the style sheet: those of `a3 m2` are of the third of flats
    /// and the second of houses. `None` where there is no price at all.
    pub(super) fn of(places: &[Prices]) -> Option<(Self, Vec<String>)> {
        let known = |kind: usize| places.iter().filter_map(move |prices| prices[kind]);
        let all: Vec<u32> = known(0).chain(known(1)).collect();
        if all.is_empty() {
            return None;
        }
        let classes = Classes::of(all);
        let class = |kind: char, price: Option<u32>| match price {
            Some(price) => format!("{kind}{}", classes.of_price(price)),
            None => format!("{kind}x"),
        };
        let names = places
            .iter()
            .map(|[flats, houses]| format!("{} {}", class('a', *flats), class('m', *houses)));
        let scale = Self {
            legend: classes.legend(),
            has_blanks: places.iter().flatten().any(Option::is_none),
            houses_first: known(1).count() > known(0).count(),
        };
        Some((scale, names.collect()))
    }
}
