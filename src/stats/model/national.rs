//! From the models of all départements to the figures of places: a commune's neighbours may lie in another département.

use std::collections::BTreeMap;

use super::departement::DepartementModel;
use super::estimate::{Estimate, constants};
use super::levels::{CommuneSlices, Levels};
use super::local;
use super::modelled::Modelled;
use crate::base::kind::HomeKind;
use crate::base::place::{Level, Place};
use crate::db::Centre;
use crate::geo::EarthPoint;

/// The models of départements by their codes.
pub(crate) type Models = BTreeMap<String, DepartementModel>;

/// A commune that has a centre.
#[derive(Clone, Debug)]
pub(crate) struct CentredCommune {
    pub code: String,
    pub departement: String,
    /// Its centre, in degrees.
    pub degrees: Centre,
    /// The same on the earth.
    pub centre: EarthPoint,
}

impl CentredCommune {
    /// Its sales among the levels of its département.
    pub(crate) fn cell<'m>(&self, levels: &'m Levels) -> Option<&'m CommuneSlices> {
        levels.communes.get(&self.code)
    }
}

/// The communes with their sales, of which `levels` gives those of a département by its code. Where it knows nothing of a
/// département the communes have none.
pub(crate) fn with_sales<'m>(
    communes: &[CentredCommune],
    levels: impl Fn(&str) -> Option<&'m Levels>,
) -> Vec<local::MeasuredCommune> {
    let known = communes.iter().map(|commune| {
        let cell = levels(&commune.departement).and_then(|levels| commune.cell(levels));
        local::MeasuredCommune {
            centre: commune.centre,
            n: cell.map_or(0, |cell| cell.n),
            level: cell.map_or(0.0, |cell| cell.level),
        }
    });
    known.collect()
}

/// What is modelled of each place of which something is.
pub(crate) fn modelled(communes: &[CentredCommune], models: &Models) -> BTreeMap<Place, Modelled> {
    let (maison, appartement) = rayon::join(
        || estimates(communes, models, HomeKind::House),
        || estimates(communes, models, HomeKind::Flat),
    );
    let kinds = maison.into_iter().zip(appartement);
    let communes = communes.iter().zip(kinds);
    communes
        .map(|(commune, (maison, appartement))| {
            let mut modelled = Modelled::default();
            modelled.maison.estimate = maison;
            modelled.appartement.estimate = appartement;
            (Place::new(Level::Commune, &commune.code), modelled)
        })
        .filter(|(_, modelled)| !modelled.is_nothing())
        .collect()
}

/// The estimate of each commune, where it is shown.
fn estimates(
    communes: &[CentredCommune],
    models: &Models,
    kind: HomeKind,
) -> Vec<Option<Estimate>> {
    let constants = constants(kind);
    let price_m2 = |departement: &str| Some(models.get(departement)?.levels(kind));
    let locals = local::levels(&with_sales(communes, price_m2), constants.variances);
    communes
        .iter()
        .zip(locals)
        .map(|(commune, local)| {
            let model = models.get(&commune.departement)?;
            let levels = price_m2(&commune.departement)?;
            let cell = commune.cell(levels);
            constants.estimate(&local?, cell, levels, model.slices, &model.covered)
        })
        .collect()
}
