//! Our median prices of départements beside those that others publish of the same sales: a check that a reader can make.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::config::{Checked, Indicator};
use crate::site::{Site, french};

/// `page.checks` in the templates: a source each of which a table declares medians to check ours against.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Check {
    attribution: String,
    /// The year that their medians are of; of several the last.
    period: u16,
    /// By code.
    departements: Vec<CheckedDepartement>,
}

/// A line of the table.
#[derive(Serialize, JsonSchema)]
struct CheckedDepartement {
    code: String,
    name: String,
    /// Flats, then houses.
    kinds: [Option<Medians>; 2],
}

/// Both medians, €/m².
#[derive(Serialize, JsonSchema)]
struct Medians {
    own: u32,
    theirs: i64,
    /// "+1,2 %", of ours against theirs.
    difference: String,
}

impl Check {
    /// All of which something is known.
    pub(crate) fn all(site: &Site<'_>) -> Vec<Self> {
        let checks = site.config.tables().filter_map(|(_, table)| {
            let find = |kind| table.indicators.iter().find(|one| one.check == Some(kind));
            let medians = [Checked::Flats, Checked::Houses].map(find);
            let known = medians.iter().flatten();
            let mut known = known.filter_map(|one| site.atlas.indicator(&one.id));
            let departements = site.departements.iter().filter_map(|departement| {
                let place = Place::new(Level::Departement, &*departement.code);
                let [flats, houses] = medians;
                let kinds = [(flats, false), (houses, true)]
                    .map(|(theirs, house)| compared(site, &place, theirs?, house));
                kinds
                    .iter()
                    .any(Option::is_some)
                    .then(|| CheckedDepartement {
                        code: departement.code.clone(),
                        name: french::name(&departement.name),
                        kinds,
                    })
            });
            Some(Self {
                attribution: table.attribution.clone(),
                period: known.next()?.period,
                departements: departements.collect(),
            })
        });
        checks
            .filter(|check| !check.departements.is_empty())
            .collect()
    }
}

/// The median price of a kind in the latest window of a place, and theirs.
fn compared(site: &Site<'_>, place: &Place, theirs: &Indicator, house: bool) -> Option<Medians> {
    let figures = site.atlas.indicator(&theirs.id)?;
    let theirs = figures.number(site.atlas.indicator_place(place.level, &place.code)?)?;
    let home = site.summary(place.level, &place.code)?.home(house);
    let own = home.current.as_ref()?.median?;
    Some(Medians {
        own,
        theirs: theirs.round() as i64,
        difference: french::percent(100.0 * (f64::from(own) / theirs - 1.0)),
    })
}
