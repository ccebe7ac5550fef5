//! What is modelled of places, beside what was observed: prices where sales are few, by `docs/method.md`, section 3; changes and
//! indices of comparable homes, by section 4; the estimator, by section 5.
//!
//! [`departement`] sums up the sales of each département, which is cached ([`upkeep`]), and [`national`] makes the figures of
//! places from these sums, for a commune's neighbours may lie in another département. [`hedonic`] tells what a home's price
//! owes to its surface, rooms and land, and [`comparables`] what is left of it tells of places.

mod change;
mod coded_sales;
mod comparables;
mod departement;
mod departement_base;
mod departement_homes;
mod estimate;
mod estimator;
mod fits;
mod hedonic;
mod hit_rate;
mod homes;
mod index;
mod learned;
mod levels;
mod local;
mod modelled;
mod naming;
mod national;
mod residuals;
mod shared_fits;
mod slices;
mod upkeep;

pub use change::{ComparableChange as HomeChange, Percent, WiderChange};
pub(crate) use departement_base::LoadSales;
pub use estimate::{Constants, Estimate, YearlyEstimate, constants};
pub use estimator::{
    CoefficientsOf, HomeLevel, KindEstimator, NoAnswer, Question, Valuation, valuation,
};
pub use hedonic::Coefficients;
pub(crate) use hedonic::PRICES_M2;
pub use hit_rate::{HitRate, HitRates, percent};
pub(crate) use hit_rate::{Tested, errors_by_surface, median_error};
pub use index::{Index, IndexPoint};
pub(crate) use levels::{Levels, OWN_SALES, SliceSale};
pub use local::Variances;
pub(crate) use local::{MeasuredCommune, levels};
pub use modelled::{KindModelled, Modelled};
pub(crate) use naming::Naming;
pub(crate) use national::{CentredCommune, Models, modelled, with_sales};
pub use residuals::Residuals;
pub(crate) use upkeep::{ModelBase, centred_communes};
