//! The shape of what is computed for a place: what [`super::sample`] makes, the database caches as JSON and the
//! site shows. Prices per square metre are in €/m², prices in €, surfaces in m², all as [`super::rounding`] has it.
//!
//! What small samples may not show is already left out here: no price on fewer than five sales, no quartile on fewer than
//! twenty-two, no surface on fewer than thirty, and no mean of prices at all. A reader of these figures has nothing to hide.

use serde::{Deserialize, Serialize};

use super::model::{HitRates, KindModelled, Modelled};
use super::registration::IncompleteMonth;
use crate::base::month::{Month, Period};

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
    /// 95 % confidence interval of the median, €/m², from order statistics. Under six sales there is none; up to eight it would
    /// show the lowest and the highest sale, so it is left out.
    pub interval: Option<[u32; 2]>,
    /// Mean built surface, m², from thirty sales.
    pub mean_surface: Option<u32>,
    /// Median total price, €, to three digits.
    pub median_price: Option<u64>,
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
    /// Median total price, €, to three digits.
    pub median_price: Option<u64>,
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
    /// Stands for all that is modelled of the place.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub modelled: String,
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
}

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

impl Figures {
    /// What other places' pages show of them.
    ///
    /// # Errors
    /// When what is modelled cannot be written as JSON, which only a defect of ours can bring about.
    pub fn summary(&self) -> serde_json::Result<Summary> {
        let headline = |segment: &Segment| {
            let current = segment.current.as_ref()?;
            Some(Headline {
                median: current.median,
                covered: current.covered,
                fragile: current.fragile,
            })
        };
        let estimate = |kind: &KindModelled| Some(kind.estimate.as_ref()?.price);
        Ok(Summary {
            coverage: self.coverage.clone(),
            volume_12_months: self.volume_12_months,
            appartement: headline(&self.appartement),
            maison: headline(&self.maison),
            appartement_estimate: estimate(&self.modelled.appartement),
            maison_estimate: estimate(&self.modelled.maison),
            hit_rates: self.modelled.hit_rates(),
            has_index: self.modelled.has_index(),
            modelled: self.modelled.mark()?,
        })
    }
}
