//! What is modelled of places, beside what was observed: prices where sales are few, by `method.md`, section 3.
//!
//! Two steps: [`departement`] sums up the sales of each département, which is cached ([`upkeep`]), and [`national`] makes the
//! figures of places from these sums, for a commune's neighbours may lie in another département.

mod departement;
mod estimate;
mod levels;
mod local;
mod modelled;
mod naming;
mod national;
mod slices;
mod upkeep;

pub(crate) use estimate::constants;
pub use estimate::{Constants, Estimate, YearlyEstimate};
pub(crate) use levels::{Levels, OWN_SALES, SliceSale};
pub use local::Variances;
#[cfg(test)]
pub(crate) use local::point;
pub(crate) use local::{Commune, levels};
pub use modelled::{KindModelled, Modelled};
pub(crate) use naming::Naming;
pub(crate) use national::{CentredCommune, Models, modelled, with_sales};
pub(crate) use upkeep::{ModelBase, centred_communes};
