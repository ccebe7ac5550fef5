//! The shape of what is computed for a place: what [`super::sample`] makes, the database caches as JSON and the
//! site shows. Prices per square metre are in €/m², prices in €, surfaces in m², all as [`super::rounding`] has it.
//!
//! What small samples may not show is already left out here: no price on fewer than five sales, no quartile on fewer than
//! twenty-two, no surface on fewer than thirty, no decile and no distribution on fewer than fifty, and no mean of prices at
//! all. A reader of these figures has nothing to hide.

use serde::{Deserialize, Serialize};

use super::model::{HitRates, KindModelled, Modelled};
use super::registration::IncompleteMonth;
use super::rounding::to_ten;
use crate::base::month::{Month, Period};
use crate::base::place::Level;

/// Everything known of a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// What part of the place and of time the imported files cover.
    pub coverage: Coverage,
    /// Sales of all four kinds kept by the method over the whole period.
    pub total_transactions: u64,
    /// Sales of houses and flats in the last twelve covered months.
    pub volume_12_months: u64,
    /// Flats alone.
    pub appartement: Segment,
    /// Houses alone.
    pub maison: Segment,
    /// Business premises ("local industriel, commercial ou assimilé").
    pub local: Segment,
    /// Houses and flats pooled: one population, never a mean of the two.
    pub apt_maison: Segment,
    /// Seasonality of the volume of houses and flats: for January to December, 100 times the month's sales over the
    /// average month's, on years covered whole. Empty under sixty sales.
    pub seasonality: Vec<u32>,
    /// Months among the last ones to whose sales others will be added: no count of theirs, and none of their year, is to be
    /// compared with a full one.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub incomplete: Vec<IncompleteMonth>,
    /// What is modelled of it, beside what was observed.
    #[serde(skip_serializing_if = "Modelled::is_nothing", default)]
    pub modelled: Modelled,
}

/// The months and communes that the imported files cover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// First covered month.
    pub from: Month,
    /// Last covered month.
    pub to: Month,
    /// Covered months between the two, both counted.
    pub months: u32,
    /// Communes of the place that the files cover, out of those that DVF covers.
    pub communes: u32,
    /// Communes of the place that DVF covers, whether files of them were imported or not.
    pub communes_total: u32,
}

/// One kind of property in a place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Sales over the whole period.
    pub total: u64,
    /// The latest window; absent when there is no sale in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub current: Option<Current>,
    /// Change of the median of old homes against the twelve months before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub change_1_year: Option<Change>,
    /// Change of the median of old homes over the longest span of whole years that is covered, from two years on: four
    /// from five yearly files.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub change_longest: Option<Change>,
    /// By number of main rooms, over the current window. Houses and flats only.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rooms: Vec<Rooms>,
    /// By built surface, over the current window. Houses and flats only.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub surfaces: Vec<SurfaceClass>,
    /// By price per m², €/m², over the current window. Houses and flats only, from fifty sales.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub distribution: Option<Distribution>,
    /// By total price, €, likewise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub price_distribution: Option<Distribution>,
    /// Calendar years, of old homes, as are the quarters and the months.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub yearly: Vec<Point>,
    /// Rolling twelve months that end with the quarter, only where all twelve are covered.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub quarterly: Vec<Point>,
    /// Months: of houses and flats together every covered one with its count, of the others those with a median.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub monthly: Vec<Point>,
}

/// The window that a page shows first: 12 months, or 24, 36, 60 until it holds thirty sales.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Current {
    /// First month of the window that is covered.
    pub from: Month,
    /// Last month of the window that is covered.
    pub to: Month,
    /// 12, 24, 36 or 60.
    pub months: u32,
    /// How many of these months the data covers.
    pub covered: u32,
    /// Sales in the window.
    pub n: u64,
    /// Those of them that are of homes which were not built yet ("Vente en l'état futur d'achèvement"). They get into the
    /// files years late.
    pub new_homes: u64,
    /// Median price per m², €/m², from five sales.
    pub median: Option<u32>,
    /// Five to ten sales: the median is shown with a warning.
    pub fragile: bool,
    /// Lower quartile of the price per m², €/m², from twenty-two sales.
    pub q1: Option<u32>,
    /// Upper quartile of the price per m², €/m², from twenty-two sales.
    pub q3: Option<u32>,
    /// Lowest decile of the price per m², €/m², from fifty sales: one sale in ten is cheaper.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub p10: Option<u32>,
    /// Highest decile of the price per m², €/m², from fifty sales: one sale in ten is dearer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub p90: Option<u32>,
    /// 95 % confidence interval of the median, €/m², from order statistics. Under six sales there is none; up to eight it would
    /// show the lowest and the highest sale, so it is left out.
    pub interval: Option<[u32; 2]>,
    /// Mean built surface, m², from thirty sales.
    pub mean_surface: Option<u32>,
    /// Median total price, €, to three digits.
    pub median_price: Option<u64>,
    /// Lower quartile of the total price, €, to three digits, from twenty-two sales.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub price_q1: Option<u64>,
    /// Upper quartile of the total price, €, to three digits, from twenty-two sales.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub price_q3: Option<u64>,
}

/// A change of the median of old homes between two windows of twelve months, each of at least eleven sales.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Years between the two windows.
    pub years: u32,
    /// Percent, to a tenth.
    pub percent: f64,
    /// Whether it is larger than chance explains, at 95 %.
    pub significant: bool,
    /// Sales in the earlier and in the later window.
    pub n: [u64; 2],
    /// Last month of the earlier window.
    pub since: Month,
}

/// Sales by number of main rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rooms {
    /// 1 to 5; the last class is open ("5 and more").
    pub rooms: u32,
    /// Sales with that number of rooms in the window.
    pub n: u64,
    /// Median price per m², €/m²; `None` under five sales.
    pub median: Option<u32>,
    /// 95 % confidence interval of the median, €/m², by the rule of [`Current::interval`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<[u32; 2]>,
    /// Median total price, €, to three digits.
    pub median_price: Option<u64>,
}

/// Sales by built surface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurfaceClass {
    /// Least surface, m².
    pub from: u32,
    /// Largest surface in whole m²: 49 where the next class begins at 50. `None` for the last class.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<u32>,
    /// Sales with such a surface in the window.
    pub n: u64,
    /// Median price per m², €/m²; `None` under five sales.
    pub median: Option<u32>,
    /// Median total price, €, to three digits.
    pub median_price: Option<u64>,
}

/// Sales by price, in classes of which none tells of fewer than five.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// Where a class ends and the next begins, ascending, €/m² or €. A sale at that price is in the upper one. The first
    /// class has no lower bound, and the last no upper one.
    pub bounds: Vec<u32>,
    /// Sales in each class, one more than there are bounds; together all of the window. What lies below a bound is counted
    /// in whole fives, so that each is true to four sales, and none is told by what one sale more or another place changes.
    pub counts: Vec<u64>,
}

/// A point of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The month, quarter or year that the point stands for.
    pub period: Period,
    /// Sales that the point is computed from.
    pub n: u64,
    /// Median price per m², €/m²; `None` where there are too few sales.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub median: Option<u32>,
    /// 95 % confidence interval of the median, €/m², by the rule of [`Current::interval`]: of the quarters and years of
    /// houses and of flats.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<[u32; 2]>,
    /// The year is not covered whole: not to be compared with the others.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub partial: bool,
}

/// The few figures of a place that other places' pages show: enough for a line of a table.
///
/// Counts of sales stay out of comparisons on purpose: the national count changes with every import and would renew
/// every page of the site, while medians are stable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The months and communes behind the medians.
    pub coverage: Coverage,
    /// Sales of houses and flats in the last twelve covered months.
    pub volume_12_months: u64,
    /// The latest window of flats; `None` where it has no sale.
    pub appartement: Option<Headline>,
    /// The latest window of houses; `None` where it has no sale.
    pub maison: Option<Headline>,
    /// The estimate for flats, €/m², where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub appartement_estimate: Option<u32>,
    /// The estimate for houses, €/m², where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub maison_estimate: Option<u32>,
    /// How the estimator did, of départements that it answers for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hit_rates: Option<HitRates>,
    /// Whether there is an index of the place.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub has_index: bool,
    /// The rolling medians of départements, beside which a commune's are drawn.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub quarterly: Option<SummarySeries>,
    /// Stands for all that is modelled of the place.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub modelled: String,
}

/// Rolling medians of old homes by the last quarter of their twelve months, to ten €/m², where there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SummarySeries {
    /// Of flats.
    pub appartement: Vec<(Period, u32)>,
    /// Of houses.
    pub maison: Vec<(Period, u32)>,
}

/// The median of one kind in the latest window, €/m², with what a reader must know before comparing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// Median price per m², €/m²; `None` on too few sales.
    pub median: Option<u32>,
    /// Months of the window that the data covers, 60 at the most.
    pub covered: u32,
    /// The median comes from five to ten sales.
    pub fragile: bool,
    /// Whether it is of at least [`RANKED_SALES`] in twelve months.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub ranked: bool,
}

/// Sales of a kind in twelve months from which on a place is ranked among others: the median of fewer moves by more than what
/// parts one rank from the next.
pub const RANKED_SALES: u64 = 30;

impl Coverage {
    /// Whether some of its communes are not covered.
    pub fn is_partial(&self) -> bool {
        self.communes < self.communes_total
    }

    /// Whether at least half of its communes are covered: figures of fewer are those of some communes, and not its own.
    pub fn is_representative(&self) -> bool {
        2 * self.communes >= self.communes_total
    }
}

impl Summary {
    /// The latest window of houses or of flats.
    pub fn home(&self, house: bool) -> Option<Headline> {
        if house { self.maison } else { self.appartement }
    }

    /// Whether a median of homes of the place is published.
    pub fn has_price(&self) -> bool {
        let homes = [self.appartement, self.maison];
        homes
            .into_iter()
            .flatten()
            .any(|home| home.median.is_some())
    }
}

impl Figures {
    /// What was observed and what is modelled of houses or of flats.
    pub fn home(&self, house: bool) -> (&Segment, &KindModelled) {
        if house {
            (&self.maison, &self.modelled.maison)
        } else {
            (&self.appartement, &self.modelled.appartement)
        }
    }

    /// What other places' pages show of them, as those of a place of a level.
    ///
    /// # Errors
    /// When what is modelled cannot be written as JSON, which only a defect of ours can bring about.
    pub fn summary(&self, level: Level) -> serde_json::Result<Summary> {
        let headline = |segment: &Segment| {
            let current = segment.current.as_ref()?;
            Some(Headline {
                median: current.median,
                covered: current.covered,
                fragile: current.fragile,
                ranked: current.n >= RANKED_SALES && current.covered <= 12,
            })
        };
        let estimate = |kind: &KindModelled| Some(kind.estimate.as_ref()?.price);
        let medians = |segment: &Segment| {
            let points = segment.quarterly.iter();
            let median = |point: &Point| Some((point.period, to_ten(point.median?)));
            points.filter_map(median).collect()
        };
        Ok(Summary {
            coverage: self.coverage.clone(),
            volume_12_months: self.volume_12_months,
            appartement: headline(&self.appartement),
            maison: headline(&self.maison),
            appartement_estimate: estimate(&self.modelled.appartement),
            maison_estimate: estimate(&self.modelled.maison),
            hit_rates: self.modelled.hit_rates(),
            has_index: self.modelled.has_index(),
            quarterly: (level == Level::Departement).then(|| SummarySeries {
                appartement: medians(&self.appartement),
                maison: medians(&self.maison),
            }),
            modelled: self.modelled.mark()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_departement_hands_its_rolling_medians_on_to_the_ten_euros() {
        let quarter = |number: i16, median| Point {
            period: Period::Quarter(Month::january(2024) + 3 * number + 2),
            n: 40,
            median,
            interval: None,
            partial: false,
        };
        let figures = Figures {
            coverage: Coverage {
                from: Month::january(2023),
                to: Month::january(2024) + 11,
                months: 24,
                communes: 1,
                communes_total: 1,
            },
            total_transactions: 0,
            volume_12_months: 0,
            appartement: Segment {
                quarterly: vec![
                    quarter(0, Some(2_614)),
                    quarter(1, None),
                    quarter(2, Some(2_615)),
                ],
                ..Segment::default()
            },
            maison: Segment::default(),
            local: Segment::default(),
            apt_maison: Segment::default(),
            seasonality: Vec::new(),
            incomplete: Vec::new(),
            modelled: Modelled::default(),
        };
        let series = |level| figures.summary(level).unwrap().quarterly;
        let of_departement = series(Level::Departement).unwrap();
        let json = serde_json::to_string(&of_departement).unwrap();
        assert_eq!(
            json,
            r#"{"appartement":[["2024-Q1",2610],["2024-Q3",2620]],"maison":[]}"#
        );
        assert_eq!(
            serde_json::from_str::<SummarySeries>(&json).unwrap(),
            of_departement
        );
        for level in [Level::Commune, Level::Epci, Level::Region, Level::Pays] {
            assert_eq!(series(level), None);
        }
    }
}
