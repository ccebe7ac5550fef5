//! The answers of a page: for flats and for houses the price, how sure it is, what it is of, how it changed and what it is beside
//! a wider place's.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::changes::Shown;
use super::estimate::KindEstimate;
use crate::base::month::Months;
use crate::base::place::Level;
use crate::site::around::Around;
use crate::site::chart::Scale;
use crate::site::chart::ruler::Ruler;
use crate::site::wider::WiderPlace;
use crate::site::{french, homes};
use crate::stats::{self, Coverage, Figures, KindModelled, Segment};

/// Free at either end of the strips, as a share of what they show.
const MARGIN: f64 = 0.08;

/// `figures.answers` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Answers {
    cards: Vec<Card>,
    /// Which ranges the strips show, to be explained under them, and whether there are any strips.
    shows_price: bool,
    shows_eight: bool,
    shows_half: bool,
    shows_likely: bool,
    /// Changes are shown: the place's own, with their bounds, and those of these wider places, where nothing says that this one
    /// differs.
    changes: bool,
    own_changes: bool,
    follows: BTreeSet<&'static str>,
    /// The last kind with a price of which no change is told.
    without_changes: Option<&'static str>,
    /// Some of the sales are of new homes.
    new_homes: bool,
    /// Business premises, in a line of their own.
    local: Option<Premises>,
}

/// One kind of home.
#[derive(Serialize, JsonSchema)]
struct Card {
    /// `flats` or `houses`, as the style sheet has them.
    class: &'static str,
    trust: Trust,
    /// €/m²: the median, or else the estimate.
    price: Option<u32>,
    /// The estimate, and what it rests on.
    estimate: Option<KindEstimate>,
    /// The observed median beside an estimate.
    observed: Option<u32>,
    /// Sales of the window, and those of new homes among them; of all that is covered where there is none.
    volume: u64,
    new_homes: u64,
    /// "en 2025", "de 2021 à 2025"
    during: String,
    /// The window, as numbers of months: wanted and covered.
    months: u32,
    covered: u32,
    ruler: Option<String>,
    eight_of_ten: Option<[u32; 2]>,
    half: Option<[u32; 2]>,
    interval: Option<[u32; 2]>,
    median_price: Option<u64>,
    mean_surface: Option<u32>,
    changes: Vec<Shown>,
    against: Option<Against>,
    /// Where there is no price: the median of a wider place.
    elsewhere: Option<Elsewhere>,
}

/// How sure a price is: the widest side of its interval at 95 %, in per cent of it, and a level from 1 (fragile) to 4 (very
/// sure); 0 without a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Trust {
    level: u8,
    percent: Option<u32>,
}

/// The price beside that of a wider place.
#[derive(Serialize, JsonSchema)]
struct Against {
    place: String,
    /// To a whole one: neither price is known better.
    percent: i64,
    median: u32,
}

/// The median of a wider place.
#[derive(Serialize, JsonSchema)]
struct Elsewhere {
    within: String,
    path: Option<String>,
    median: u32,
}

/// The price of business premises.
#[derive(Serialize, JsonSchema)]
struct Premises {
    price: u32,
    volume: u64,
    during: String,
    fragile: bool,
}

/// What a card is made of, before its strip is drawn on the scale that both share.
struct Draft<'a> {
    house: bool,
    segment: &'a Segment,
    modelled: &'a KindModelled,
    marks: Vec<(&'a str, u32)>,
}

impl Answers {
    /// From the figures of a place, and the wider places that it is drawn beside.
    pub(crate) fn new(figures: &Figures, around: &Around<'_>) -> Self {
        let draft = |house: bool| {
            let (segment, modelled) = figures.home(house);
            let wider = around
                .places
                .iter()
                .filter(|place| place.level != Level::Epci);
            let marks = wider.filter_map(|place| Some((place.name.as_str(), place.median(house)?)));
            Draft {
                house,
                segment,
                modelled,
                marks: marks.collect(),
            }
        };
        let mut drafts = [draft(false), draft(true)];
        // A kind with a price comes first.
        if drafts[0].price().is_none() && drafts[1].price().is_some() {
            drafts.swap(0, 1);
        }
        let values = drafts.iter().filter_map(Draft::ruler);
        let values: Vec<_> = values
            .flat_map(|ruler| ruler.values().collect::<Vec<_>>())
            .collect();
        let scale = Scale::around(values, MARGIN);
        let cards: Vec<_> = drafts
            .iter()
            .map(|draft| draft.card(&figures.coverage, around, scale))
            .collect();
        let premises = figures.local.current.as_ref().and_then(|current| {
            Some(Premises {
                price: current.median?,
                volume: current.n,
                during: french::during([current.from, current.to].into()),
                fragile: current.fragile,
            })
        });
        let changes = || cards.iter().flat_map(|card| &card.changes);
        let rulers = || drafts.iter().filter_map(Draft::ruler);
        Self {
            shows_price: rulers().next().is_some(),
            shows_eight: rulers().any(|ruler| ruler.eight_of_ten.is_some()),
            shows_half: rulers().any(|ruler| ruler.half.is_some()),
            shows_likely: rulers().any(|ruler| ruler.likely.is_some()),
            changes: changes().next().is_some(),
            own_changes: changes().any(|change| change.follows().is_none()),
            follows: changes().filter_map(Shown::follows).collect(),
            without_changes: cards
                .iter()
                .rfind(|card| card.price.is_some() && card.changes.is_empty())
                .map(|card| card.class),
            new_homes: cards.iter().any(|card| card.new_homes > 0),
            cards,
            local: premises,
        }
    }
}

impl<'a> Draft<'a> {
    fn current(&self) -> Option<&'a stats::Current> {
        self.segment.current.as_ref()
    }

    fn median(&self) -> Option<u32> {
        self.current()?.median
    }

    /// The estimate, or else the median.
    fn price(&self) -> Option<u32> {
        let estimate = self
            .modelled
            .estimate
            .as_ref()
            .map(|estimate| estimate.price);
        estimate.or(self.median())
    }

    fn eight_of_ten(&self) -> Option<[u32; 2]> {
        let current = self.current()?;
        Some([current.p10?, current.p90?])
    }

    fn half(&self) -> Option<[u32; 2]> {
        let current = self.current()?;
        Some([current.q1?, current.q3?])
    }

    fn ruler(&self) -> Option<Ruler<'_>> {
        let ruler = Ruler {
            median: self.price()?,
            marks: &self.marks,
            ..Ruler::default()
        };
        Some(match &self.modelled.estimate {
            Some(estimate) => Ruler {
                likely: Some(estimate.interval),
                fragile: true,
                ..ruler
            },
            None => Ruler {
                eight_of_ten: self.eight_of_ten(),
                half: self.half(),
                fragile: self.current().is_some_and(|current| current.fragile),
                ..ruler
            },
        })
    }

    fn card(&self, coverage: &Coverage, around: &Around<'_>, scale: Option<Scale>) -> Card {
        let estimate = self.modelled.estimate.as_ref();
        let (price, current) = (self.price(), self.current());
        let months = current.map_or([coverage.from, coverage.to], |current| {
            [current.from, current.to]
        });
        let interval = current.and_then(|current| current.interval);
        let is_fragile = current.is_some_and(|current| current.fragile);
        Card {
            class: homes::class(self.house),
            trust: match (price, estimate) {
                (Some(price), Some(estimate)) => Trust::of(price, Some(estimate.interval)),
                // By chance the interval of a handful of sales may be narrow.
                (Some(price), None) => Trust::of(price, interval.filter(|_| !is_fragile)),
                (None, _) => Trust {
                    level: 0,
                    percent: None,
                },
            },
            price,
            estimate: KindEstimate::of(self.modelled),
            observed: self.median().filter(|_| estimate.is_some()),
            volume: current.map_or(0, |current| current.n),
            new_homes: current.map_or(0, |current| current.new_homes),
            during: french::during(Months::from(months)),
            months: current.map_or(0, |current| current.months),
            covered: current.map_or(0, |current| current.covered),
            ruler: scale.and_then(|scale| Some(self.ruler()?.draw(scale))),
            eight_of_ten: self.eight_of_ten(),
            half: self.half(),
            interval,
            median_price: current.and_then(|current| current.median_price),
            mean_surface: current.and_then(|current| current.mean_surface),
            changes: self
                .modelled
                .told_changes(self.median())
                .iter()
                .filter_map(Shown::of)
                .collect(),
            against: price.and_then(|price| {
                let place = around.first()?;
                // What is estimated of an arrondissement is not of its city alone.
                let is_of_city = place.level == Level::Commune && estimate.is_some();
                Against::of(price, place, self.house).filter(|_| !is_of_city)
            }),
            elsewhere: Elsewhere::of(around, self.house).filter(|_| price.is_none()),
        }
    }
}

impl Trust {
    /// Of a price and its interval; without one the price is fragile.
    pub(crate) fn of(price: u32, interval: Option<[u32; 2]>) -> Self {
        let Some([low, high]) = interval else {
            return Self {
                level: 1,
                percent: None,
            };
        };
        let widest = price.abs_diff(low).max(price.abs_diff(high));
        let percent = (100 * widest).div_ceil(price.max(1));
        let level = match percent {
            ..=3 => 4,
            4..=6 => 3,
            7..=12 => 2,
            _ => 1,
        };
        Self {
            level,
            percent: Some(percent),
        }
    }
}

impl Against {
    fn of(price: u32, place: &WiderPlace, house: bool) -> Option<Self> {
        let median = place.median(house)?;
        let ratio = f64::from(price) / f64::from(median);
        Some(Self {
            place: place.against.clone(),
            percent: ((ratio - 1.0) * 100.0).round() as i64,
            median,
        })
    }
}

impl Elsewhere {
    fn of(around: &Around<'_>, house: bool) -> Option<Self> {
        around.places.iter().find_map(|place| {
            Some(Self {
                within: place.within.clone(),
                path: place.path.clone(),
                median: place.median(house)?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_is_the_widest_side_of_the_interval() {
        let of = |interval| {
            let trust = Trust::of(3_162, interval);
            (trust.level, trust.percent)
        };
        // 88 above is 2.8 %.
        assert_eq!(of(Some([3_081, 3_250])), (4, Some(3)));
        assert_eq!(of(Some([3_000, 3_300])), (3, Some(6)));
        assert_eq!(of(Some([2_800, 3_300])), (2, Some(12)));
        assert_eq!(of(Some([2_500, 3_300])), (1, Some(21)));
        assert_eq!(of(None), (1, None));
    }
}
