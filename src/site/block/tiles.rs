//! The départements as tiles, one square each, near where they are: a map that needs no contours and that a phone shows whole.

use schemars::JsonSchema;
use serde::Serialize;

use super::scale::{Prices, Scale, prices};
use crate::base::place::Level;
use crate::site::{Site, french, path};
use crate::stats::to_ten;

/// The tiles, row by row from the north; overseas below.
const ROWS: [&str; 14] = [
    "  .   .   .   .   .   .   .  62  59   .   .",
    "  .   .   .   .   .  76  80  02  08   .   .",
    "  .   .  50  14  27  95  60  51  55  57   .",
    " 29  22  35  61  78  92  93  77  10  54  67",
    "  .  56  53  72  28  75  94  89  52  88  68",
    "  .  44  49  37  41  91  45  21  70  90   .",
    "  .  85  79  86  36  18  58  71  39  25   .",
    "  .  17  16  87  23  03  42  69  01  74   .",
    "  .  33  24  19  63  43  07  26  38  73   .",
    "  .  40  47  46  15  48  30  84  04  05   .",
    "  .  64  32  82  12  34  13  83  06   .   .",
    "  .   .  65  31  81  11   .   .   .   .  2B",
    "  .   .   .  09   .  66   .   .   .   .  2A",
    "971 972 973 974 976   .   .   .   .   .   .",
];

/// From one tile to the next, in units of the picture.
const STEP: usize = 30;

/// What lies around the map.
const MARGIN: usize = 1;

/// A map of tiles in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Tiles {
    /// In units.
    width: usize,
    height: usize,
    tiles: Vec<Tile>,
    scale: Scale,
}

/// A département on the map.
#[derive(Serialize, JsonSchema)]
struct Tile {
    code: String,
    name: String,
    /// The address of its page; `None` where it has none.
    link: Option<String>,
    /// The colours of flats and houses, as classes of the style sheet.
    classes: String,
    /// The medians of flats and houses, €/m², to ten euros.
    prices: Prices,
    x: usize,
    y: usize,
}

impl Tiles {
    /// The départements of the country, or of a région; `None` where none has a price.
    pub(crate) fn new(site: &Site<'_>, region: Option<&str>) -> Option<Self> {
        let places: Vec<_> = places()
            .filter_map(|(code, at)| Some((site.geography.departement(code)?, at)))
            .filter(|(departement, _)| region.is_none_or(|region| departement.region == region))
            .collect();
        let prices = places.iter().map(|(departement, _)| {
            let summary = site.summary(Level::Departement, &departement.code);
            rounded(prices(
                summary.filter(|summary| summary.coverage.is_representative()),
            ))
        });
        let prices: Vec<_> = prices.collect();
        let (scale, classes) = Scale::of(&prices)?;
        let side = |axis: usize| {
            let cells = places.iter().map(move |(_, at)| at[axis]);
            let least = cells.clone().min().unwrap_or_default();
            (least, (cells.max().unwrap_or_default() - least + 1) * STEP)
        };
        let ([west, north], [width, height]) = {
            let (sides, down) = (side(0), side(1));
            ([sides.0, down.0], [sides.1, down.1])
        };
        let tiles = places.iter().zip(prices).zip(classes);
        let tiles = tiles.map(|(((departement, at), prices), classes)| {
            let has_page = site
                .departements
                .iter()
                .any(|page| page.code == departement.code);
            Tile {
                code: departement.code.clone(),
                name: french::name(&departement.name),
                link: has_page.then(|| path::DEPARTEMENT.address(&departement.code)),
                classes,
                prices,
                x: (at[0] - west) * STEP + MARGIN,
                y: (at[1] - north) * STEP + MARGIN,
            }
        });
        Some(Self {
            width,
            height,
            tiles: tiles.collect(),
            scale,
        })
    }
}

/// The codes of the tiles with their columns and rows.
fn places() -> impl Iterator<Item = (&'static str, [usize; 2])> {
    let rows = ROWS.iter().enumerate();
    let cells = rows.flat_map(|(row, codes)| {
        let codes = codes.split_ascii_whitespace().enumerate();
        codes.map(move |(column, code)| (code, [column, row]))
    });
    cells.filter(|(code, _)| *code != ".")
}

/// To ten euros, so that what moves a median by less renews no page.
pub(super) fn rounded(prices: Prices) -> Prices {
    prices.map(|price| price.map(to_ten))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::geo::dvf_gap;
    use crate::intake::cog::embedded;

    #[test]
    fn each_departement_has_one_tile() {
        let geography = embedded().unwrap();
        let departements = geography.departements().iter();
        let expected: BTreeSet<_> = departements
            .map(|departement| departement.code.as_str())
            .filter(|code| code.len() == 2 || dvf_gap(code).is_none() || *code == "976")
            .collect();
        let codes: Vec<_> = places().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), 101);
        assert_eq!(codes.into_iter().collect::<BTreeSet<_>>(), expected);
        let cells: BTreeSet<_> = places().map(|(_, at)| at).collect();
        assert_eq!(cells.len(), 101);
    }
}
