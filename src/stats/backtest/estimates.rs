//! Estimates of all communes, shown or not, and what they are measured by.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use serde::Serialize;

use super::constants::{Reestimated, reestimate};
use super::coverage::coverage;
use super::days::{ClassError, DaySale, errors};
use super::measure::{Limit, Measure};
use crate::base::kind::HomeKind;
use crate::config::Config;
use crate::db::Database;
use crate::geo::Geography;
use crate::stats::error::StatsError;
use crate::stats::model::{
    CentredCommune, Constants, MeasuredCommune, Models, Naming, SliceSale, centred_communes,
    constants, levels, with_sales,
};
use crate::stats::places::{in_memory, with_places_of};
use crate::stats::stale::model_base;

/// The kinds of homes with what they are called.
const KINDS: [(HomeKind, &str); 2] = [(HomeKind::House, "houses"), (HomeKind::Flat, "flats")];

/// The year of the Rhône that limits are known for.
const RHONE_YEAR: i16 = 2018;

/// What errors of houses of the Rhône in 2018 may be, per cent, by the commune's sales on even days: docs/method.md, section 3.
const RHONE_LIMITS: [(RangeInclusive<u32>, f64); 3] =
    [(0..=0, 22.5), (1..=4, 22.5), (5..=10, 20.0)];

/// The least share, in per cent, of communes' own medians in the interval that their neighbours give.
const LEAST_COVERAGE: f64 = 93.0;

/// An estimate, as `bench/method/estimates.py` prints it. Prices in €/m², not rounded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EstimateLine {
    /// INSEE code of the commune.
    pub code: String,
    /// 1 houses, 2 flats.
    pub kind: u8,
    /// Sales in the last sixty months.
    pub n: u32,
    /// The share of the commune's own sales.
    pub own_share: f64,
    /// The estimate.
    pub price: f64,
    /// The lower bound of its 95 % interval.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// Whether pages show it.
    pub shown: bool,
}

/// What estimates of all of the database's communes come from.
pub struct Estimates<'a> {
    naming: Naming<'a>,
    communes: Vec<CentredCommune>,
    models: Models,
}

impl<'a> Estimates<'a> {
    /// From the sales that the database holds, of the communes of today, as pages have them, or of those that files name, as
    /// `bench/method` has them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn new(
        database: &Database,
        geography: &'a Geography,
        config: &Config,
        of_today: bool,
    ) -> Result<Self, StatsError> {
        let naming = match of_today {
            true => Naming::Today(geography),
            false => Naming::Files,
        };
        let sales = database.sales()?;
        let modelling = with_places_of(&sales, database, geography, config, |places, sources| {
            let base = model_base(naming, places, sources, database.positions_digest()?);
            base.models(BTreeMap::new(), &in_memory(&sales))
        })?;
        Ok(Self {
            naming,
            communes: centred_communes(naming, &database.positions()?),
            models: modelling.models,
        })
    }

    /// The communes with their sales of a kind.
    fn with_sales(&self, kind: HomeKind) -> Vec<MeasuredCommune> {
        with_sales(&self.communes, |departement| {
            Some(self.models.get(departement)?.levels(kind))
        })
    }

    /// The estimate of each commune with a centre and sales or neighbours, of each kind.
    pub fn lines(&self) -> Vec<EstimateLine> {
        let mut lines = Vec::new();
        for (kind, _) in KINDS {
            let constants = constants(kind);
            let communes = self.with_sales(kind);
            let locals = levels(&communes, constants.variances);
            let known = self.communes.iter().zip(&communes).zip(locals);
            lines.extend(
                known.filter_map(|((commune, MeasuredCommune { n, .. }), local)| {
                    let local = local?;
                    let half = constants.half_width(&local);
                    Some(EstimateLine {
                        code: commune.code.to_owned(),
                        kind: kind.property().code(),
                        n: *n,
                        own_share: local.own_share,
                        price: local.level.exp(),
                        low: (local.level - half).exp(),
                        high: (local.level + half).exp(),
                        shown: constants.shows(*n, &local),
                    })
                }),
            );
        }
        lines
    }

    /// What the estimates are measured by, on the sales of odd days, which were not learned from, and on the medians of communes
    /// that have one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn measures(&self, database: &Database) -> Result<Vec<Measure>, StatsError> {
        let mut measures = Vec::new();
        for (kind, name) in KINDS {
            let constants = constants(kind);
            let sales = self.day_sales(database, kind)?;
            let rhone = self.rhone_is_of_the_year();
            if !rhone || self.models.len() > 1 {
                for error in errors(&sales, &self.communes, constants) {
                    measures.push(measure(name, "", &error, None));
                }
            }
            if rhone {
                let rhone = sales.into_iter().filter(|sale| sale.departement == "69");
                let rhone: Vec<_> = rhone.collect();
                for error in errors(&rhone, &self.communes, constants) {
                    let limit = RHONE_LIMITS.iter().find(|(class, _)| *class == error.class);
                    let limit = limit.filter(|_| kind == HomeKind::House);
                    let limit = limit.map(|(_, most)| Limit::AtMost(*most));
                    measures.push(measure(name, " of the Rhône in 2018", &error, limit));
                }
            }
            if let Some((count, share)) = coverage(&self.with_sales(kind), constants) {
                let binds = ["69", "95"].map(|code| self.models.contains_key(code)) == [true; 2];
                measures.push(Measure {
                    name: format!(
                        "{name}, {count} communes of 5 to 99 sales: own medians in the 95 % interval that their neighbours give"
                    ),
                    value: share,
                    unit: "%",
                    limit: binds.then_some(Limit::AtLeast(LEAST_COVERAGE)),
                });
            }
        }
        Ok(measures)
    }

    /// The constants of each kind of home with what it is called, and the same estimated again from the database's sales; `None`
    /// where it holds too few communes.
    pub fn constants(&self) -> Vec<(&'static str, &'static Constants, Option<Reestimated>)> {
        let kinds = KINDS.into_iter();
        kinds
            .map(|(kind, name)| (name, constants(kind), reestimate(&self.with_sales(kind))))
            .collect()
    }

    /// Whether the last months of the Rhône are of the year that limits are known for.
    fn rhone_is_of_the_year(&self) -> bool {
        let rhone = self.models.get("69");
        rhone.is_some_and(|model| model.slices.months().last.year() == RHONE_YEAR)
    }

    /// The sales of old homes of a kind in the slices, with their days.
    fn day_sales(
        &self,
        database: &Database,
        kind: HomeKind,
    ) -> Result<Vec<DaySale<'_>>, StatsError> {
        let communes = self.communes.iter();
        let communes: HashMap<&str, &CentredCommune> = communes
            .map(|commune| (commune.code.as_str(), commune))
            .collect();
        let mut sales = Vec::new();
        database.each_old_home(kind.property(), |sale| {
            let named = self.naming.of(sale.commune);
            let commune = named.and_then(|named| communes.get(named.code).copied());
            let Some(commune) = commune else {
                return;
            };
            let model = self.models.get(&commune.departement);
            if let Some(slice) = model.and_then(|model| model.slices.of(sale.month)) {
                sales.push(DaySale {
                    sale: SliceSale {
                        commune: Some(&commune.code),
                        slice,
                        value: sale.price_m2.ln(),
                    },
                    departement: &commune.departement,
                    day: sale.day,
                });
            }
        })?;
        Ok(sales)
    }
}

/// The error of a class of communes.
fn measure(kind: &str, place: &str, error: &ClassError, limit: Option<Limit>) -> Measure {
    let class = match (*error.class.start(), *error.class.end()) {
        (least, u32::MAX) => format!("{least} sales and more"),
        (0, 0) => "no sale".to_owned(),
        (least, most) => format!("{least} to {most} sales"),
    };
    Measure {
        name: format!(
            "{kind}{place}, {} sales of odd days from even days, communes of {class}: median error",
            error.count
        ),
        value: error.error,
        unit: "%",
        limit,
    }
}
