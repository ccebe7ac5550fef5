//! The shape of what is computed for a place: what [`super::sample`] makes, the database caches as JSON and the
//! site shows. Prices per square metre are in €/m², prices in €, surfaces in m², all as [`super::rounding`] has it.
//!
//! What small samples may not show is already left out here: no price on fewer than five sales, no quartile on fewer than
//! twenty-two, no surface on fewer than thirty, no decile and no distribution on fewer than fifty, and no mean of prices at
//! all. A reader of these figures has nothing to hide.

use serde::{Deserialize, Serialize};

use super::model::{KindModelled, Modelled};
use super::recent::AlikeSales;
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
    /// By built surface, over the current window. Houses and flats only.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub surfaces: Vec<SurfaceClass>,
    /// By price per m², €/m², over the current window. Houses and flats only, from fifty sales.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub distribution: Option<Distribution>,
    /// By total price, €, likewise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub price_distribution: Option<Distribution>,
    /// Alike sales of the current window, of communes of a site that publishes them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub recent: Vec<AlikeSales>,
    /// Calendar years, of old homes, as are the quarters and the months.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub yearly: Vec<SeriesPoint>,
    /// Rolling twelve months that end with the quarter, only where all twelve are covered.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub quarterly: Vec<SeriesPoint>,
    /// Months: of houses and flats together those with a sale, of the others those with a median.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub monthly: Vec<SeriesPoint>,
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
    /// The sales among them of homes which were not built yet ("Vente en l'état futur d'achèvement"). They get into the
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
pub struct SeriesPoint {
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
    /// What was observed and what is modelled of houses or of flats.
    pub fn home(&self, house: bool) -> (&Segment, &KindModelled) {
        if house {
            (&self.maison, &self.modelled.maison)
        } else {
            (&self.appartement, &self.modelled.appartement)
        }
    }
}
