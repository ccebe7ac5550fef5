//! What the method page works through with the figures of one place: its new homes, a change, and what a home there is worth.

use schemars::JsonSchema;
use serde::Serialize;

use super::changes::Shown;
use super::example::Example;
use crate::base::place::Level;
use crate::site::{Site, french};
use crate::stats::{Figures, KindEstimator, Question, valuation};

/// `page.worked` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Worked {
    place: Example,
    new_homes: Option<NewHomes>,
    change: Option<WorkedChange>,
    value: Option<WorkedValue>,
}

/// New homes among the sales of the headline price.
#[derive(Serialize, JsonSchema)]
struct NewHomes {
    house: bool,
    volume: u64,
    new_homes: u64,
    /// "en 2025"
    during: String,
}

/// The longest change that is told of a kind of home.
#[derive(Serialize, JsonSchema)]
struct WorkedChange {
    house: bool,
    shown: Shown,
    /// Sales of old homes in the earlier and in the later period.
    sold: [u64; 2],
}

/// What a home would be sold for, €.
#[derive(Serialize, JsonSchema)]
struct WorkedValue {
    house: bool,
    /// m²
    surface: u32,
    rooms: u8,
    /// Of a house, m².
    land: Option<u32>,
    price: u64,
    eight_of_ten: [u64; 2],
    half: [u64; 2],
}

/// A house and a flat as others are compared with them: whether it is a house, its surface, m², rooms, and land, m².
const HOMES: [(bool, u32, u8, Option<u32>); 2] = [(true, 95, 4, Some(400)), (false, 65, 3, None)];

impl Worked {
    /// With the place that most visitors know; `None` where there is none.
    pub(crate) fn new(site: &Site<'_>) -> Option<Self> {
        let (place, entry) = Example::well_known(site)?;
        let figures = entry.figures(place.code()).ok()?;
        let departement = site
            .geography
            .commune(place.code())
            .map(|commune| commune.departement.as_str());
        let around = departement.and_then(|code| {
            let entry = site.entry(Level::Departement, code)?;
            entry.figures(code).ok()
        });
        Some(Self {
            new_homes: [false, true]
                .into_iter()
                .find_map(|house| NewHomes::of(&figures, house)),
            change: [false, true]
                .into_iter()
                .find_map(|house| WorkedChange::of(&figures, house)),
            value: around.and_then(|around| {
                HOMES
                    .into_iter()
                    .find_map(|home| WorkedValue::of(&figures, &around, home))
            }),
            place,
        })
    }
}

impl NewHomes {
    fn of(figures: &Figures, house: bool) -> Option<Self> {
        let current = figures.home(house).0.current.as_ref()?;
        (current.new_homes > 0).then(|| Self {
            house,
            volume: current.n,
            new_homes: current.new_homes,
            during: french::during([current.from, current.to].into()),
        })
    }
}

impl WorkedChange {
    fn of(figures: &Figures, house: bool) -> Option<Self> {
        let (segment, modelled) = figures.home(house);
        let median = segment.current.as_ref().and_then(|current| current.median);
        let change = modelled.told_changes(median).last()?;
        Some(Self {
            house,
            shown: Shown::of(change)?,
            sold: change.n,
        })
    }
}

impl WorkedValue {
    fn of(
        figures: &Figures,
        around: &Figures,
        (house, surface, rooms, land): (bool, u32, u8, Option<u32>),
    ) -> Option<Self> {
        let level = figures.home(house).1.level.as_ref();
        let estimator: Option<&KindEstimator> = around.home(house).1.estimator.as_ref();
        let question = Question {
            house,
            surface: surface.into(),
            rooms,
            land: land.map(f64::from),
            section: None,
        };
        let value = valuation(&question, level, estimator).ok()?;
        Some(Self {
            house,
            surface,
            rooms,
            land,
            price: value.price,
            eight_of_ten: value.eight_of_ten,
            half: value.half,
        })
    }
}
