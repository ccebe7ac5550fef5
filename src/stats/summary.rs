//! The few figures of a place that tables and other places' pages show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figures::{Coverage, Current, Figures, Segment, SeriesPoint};
use super::model::{HitRates, KindModelled, Percent};
use super::rounding::to_ten;
use crate::base::month::{Month, Period};
use crate::base::place::Level;

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
    /// Of flats.
    pub appartement: HomeSummary,
    /// Of houses.
    pub maison: HomeSummary,
    /// How the estimator did, of départements that it answers for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hit_rates: Option<HitRates>,
    /// Whether there is an index of the place.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub has_index: bool,
    /// Whether there is a list of recent sales of the place.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub has_recent: bool,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

/// The published figures of flats or of houses in a place that stand in tables of many places. Prices per m² are in €/m².
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HomeSummary {
    /// The latest window; `None` where there is no sale in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub current: Option<WindowSummary>,
    /// The estimate of the price per m² and its interval, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimate: Option<(u32, [u32; 2])>,
    /// The change over a year that pages show.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub change: Option<ChangeSummary>,
}

/// The latest window of a [`HomeSummary`], as [`Current`] has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowSummary {
    /// Sales in the window.
    pub n: u64,
    /// The sales among them that are of new homes.
    pub new_homes: u64,
    /// Months of the window that are covered.
    pub covered: u32,
    /// Last covered month.
    pub to: Month,
    /// Median price per m².
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub median: Option<u32>,
    /// 95 % confidence interval of the median.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<[u32; 2]>,
    /// Five to ten sales.
    pub fragile: bool,
    /// Median total price, €.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub median_price: Option<u64>,
}

/// The change over a year of a [`HomeSummary`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeSummary {
    /// By how much, in per cent.
    pub percent: Percent,
    /// Whether it is the place's own, or that of a wider place, from which nothing parts it.
    pub own: bool,
}

impl HomeSummary {
    /// Of what was observed in the latest window, and what is modelled.
    pub(super) fn new(current: Option<&Current>, modelled: &KindModelled) -> Self {
        let estimate = modelled.estimate.as_ref();
        let median = current.and_then(|current| current.median);
        let mut changes = modelled.told_changes(median).iter();
        let over_a_year = changes.find(|change| change.years == 1);
        Self {
            current: current.map(WindowSummary::from),
            estimate: estimate.map(|estimate| (estimate.price, estimate.interval)),
            change: over_a_year.and_then(|change| {
                let wider = change.wider.map(|wider| wider.change);
                Some(ChangeSummary {
                    percent: change.own.or(wider)?,
                    own: change.own.is_some(),
                })
            }),
        }
    }

    /// The median of the latest window, with what a reader must know before comparing it; `None` where it has no sale.
    pub fn headline(&self) -> Option<Headline> {
        let current = self.current.as_ref()?;
        Some(Headline {
            median: current.median,
            covered: current.covered,
            fragile: current.fragile,
            ranked: current.n >= RANKED_SALES && current.covered <= 12,
        })
    }

    /// The median of the latest window.
    pub fn median(&self) -> Option<u32> {
        self.current.as_ref()?.median
    }

    /// The estimate of the price per m².
    pub fn estimated(&self) -> Option<u32> {
        self.estimate.map(|(price, _)| price)
    }
}

impl From<&Current> for WindowSummary {
    fn from(current: &Current) -> Self {
        Self {
            n: current.n,
            new_homes: current.new_homes,
            covered: current.covered,
            to: current.to,
            median: current.median,
            interval: current.interval,
            fragile: current.fragile,
            median_price: current.median_price,
        }
    }
}

impl Summary {
    /// What tables have of houses or of flats.
    pub fn home(&self, house: bool) -> &HomeSummary {
        if house {
            &self.maison
        } else {
            &self.appartement
        }
    }

    /// Whether a median of homes of the place is published.
    pub fn has_price(&self) -> bool {
        let homes = [&self.appartement, &self.maison];
        homes.into_iter().any(|home| home.median().is_some())
    }
}

impl Figures {
    /// What other places' pages show of them, as those of a place of a level.
    ///
    /// # Errors
    /// When what is modelled cannot be written as JSON, which only a defect of ours can bring about.
    pub fn summary(&self, level: Level) -> serde_json::Result<Summary> {
        let home = |house| {
            let (segment, modelled) = self.home(house);
            HomeSummary::new(segment.current.as_ref(), modelled)
        };
        let medians = |segment: &Segment| {
            let points = segment.quarterly.iter();
            let median = |point: &SeriesPoint| Some((point.period, to_ten(point.median?)));
            points.filter_map(median).collect()
        };
        Ok(Summary {
            coverage: self.coverage.clone(),
            volume_12_months: self.volume_12_months,
            appartement: home(false),
            maison: home(true),
            hit_rates: self.modelled.hit_rates(),
            has_index: self.modelled.has_index(),
            has_recent: !self.maison.recent.is_empty() || !self.appartement.recent.is_empty(),
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
    use crate::stats::Modelled;

    #[test]
    fn only_a_departement_hands_its_rolling_medians_on_to_the_ten_euros() {
        let quarter = |number: i16, median| SeriesPoint {
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
