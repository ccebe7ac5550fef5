//! The shape of what is modelled of a place: a part of its figures.

use serde::{Deserialize, Serialize};

use super::estimate::Estimate;

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
}

/// Characters of a mark: 64 bits.
const MARK: usize = 16;

impl Modelled {
    /// Whether nothing is modelled of the place.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
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
