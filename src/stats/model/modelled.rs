//! The shape of what is modelled of a place: a part of its figures.

use serde::{Deserialize, Serialize};

use super::change::ComparableChange;
use super::estimate::Estimate;
use super::estimator::{HomeLevel, KindEstimator};
use super::hit_rate::HitRates;
use super::index::Index;

/// What is modelled of a place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Modelled {
    /// Of flats.
    #[serde(skip_serializing_if = "KindModelled::is_nothing", default)]
    pub appartement: KindModelled,
    /// Of houses.
    #[serde(skip_serializing_if = "KindModelled::is_nothing", default)]
    pub maison: KindModelled,
}

/// What is modelled of one kind of home in a place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KindModelled {
    /// The estimate of the price per m²; `None` where there are sales enough, or too little is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimate: Option<Estimate>,
    /// How the price of comparable homes changed over a year, and over as many whole years as there are.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<ComparableChange>,
    /// The price of comparable homes by quarter, of EPCI with sales enough and of wider places.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub index: Option<Index>,
    /// The level of prices that the estimator takes, of communes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<HomeLevel>,
    /// What else the estimator takes, of départements.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimator: Option<KindEstimator>,
}

impl KindModelled {
    /// The changes that are told beside the median of the latest window: none where there is no price that they would be of.
    pub fn told_changes(&self, median: Option<u32>) -> &[ComparableChange] {
        match median.is_some() || self.estimate.is_some() {
            true => &self.changes,
            false => &[],
        }
    }
}

/// Characters of a mark: 64 bits.
const MARK: usize = 16;

impl Modelled {
    /// Whether nothing is modelled of the place.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// How the estimator did; `None` of places that it is not of.
    pub(crate) fn hit_rates(&self) -> Option<HitRates> {
        let [flats, houses] = [&self.appartement, &self.maison].map(|kind| kind.estimator.as_ref());
        (flats.is_some() || houses.is_some()).then(|| HitRates {
            appartement: flats.and_then(|estimator| estimator.hit_rate),
            maison: houses.and_then(|estimator| estimator.hit_rate),
        })
    }

    /// Whether there is an index of the place.
    pub(crate) fn has_index(&self) -> bool {
        self.appartement.index.is_some() || self.maison.index.is_some()
    }

    /// Stands for all of it: where it is another, it was made again. Empty where nothing is modelled.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which only a defect of ours can bring about.
    pub fn mark(&self) -> serde_json::Result<String> {
        if self.is_nothing() {
            return Ok(String::new());
        }
        let json = serde_json::to_vec(self)?;
        Ok(blake3::hash(&json).to_hex()[..MARK].to_owned())
    }
}

impl KindModelled {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
