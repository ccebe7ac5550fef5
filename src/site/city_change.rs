//! What a reader of a commune's figures sees change between two contents of its data file, whose shape [`super::document`] has.

use serde::{Deserialize, Serialize};

/// A city's headline figures before and after: €/m², and sales in the last twelve months.
#[derive(Debug, Serialize)]
pub struct CityChange {
    /// The commune's code.
    pub code: String,
    /// Its name in the newer version.
    pub name: String,
    /// Flats, €/m².
    pub appartement: [Option<u32>; 2],
    /// Houses, €/m².
    pub maison: [Option<u32>; 2],
    /// Sales in the last twelve covered months.
    pub volume: [Option<u64>; 2],
    /// Largest relative movement of a price, %.
    pub movement: f64,
}

/// The part of a city's data file that is compared.
#[derive(Deserialize)]
struct City {
    metadata: Metadata,
    current_stats: Stats,
}

#[derive(Deserialize)]
struct Metadata {
    city_name: String,
}

#[derive(Deserialize)]
struct Stats {
    prix_m2_appartement: Option<u32>,
    prix_m2_maison: Option<u32>,
    volume: Option<u64>,
}

impl CityChange {
    /// What changed between two contents of a commune's data file; `None` when the headline figures are the same.
    ///
    /// # Errors
    /// When one of them is no data file of a commune.
    pub fn between(code: &str, before: &[u8], after: &[u8]) -> serde_json::Result<Option<Self>> {
        let before: City = serde_json::from_slice(before)?;
        let after: City = serde_json::from_slice(after)?;
        let (b, a) = (&before.current_stats, &after.current_stats);
        let appartement = [b.prix_m2_appartement, a.prix_m2_appartement];
        let maison = [b.prix_m2_maison, a.prix_m2_maison];
        let volume = [b.volume, a.volume];
        let moved = |pair: [Option<u32>; 2]| match pair {
            [Some(before), Some(after)] if before > 0 => {
                (f64::from(after) / f64::from(before) - 1.0).abs() * 100.0
            }
            _ => 0.0,
        };
        let same =
            appartement[0] == appartement[1] && maison[0] == maison[1] && volume[0] == volume[1];
        Ok((!same).then(|| Self {
            code: code.to_owned(),
            movement: moved(appartement).max(moved(maison)),
            name: after.metadata.city_name,
            appartement,
            maison,
            volume,
        }))
    }
}
