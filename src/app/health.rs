//! What a version says of the data and the project it was built from, for those who watch over the site.

use jiff::civil::Date;

use super::failure::Failure;
use super::material::Material;
use crate::base::place::Place;
use crate::config::{Config, Gates, Source};
use crate::db::Database;
use crate::deploy::DeploySettings;
use crate::site::Site;
use crate::site::operator::{Health, HostLimits, OperatorSettings, SourceHealth};
use crate::source::Ledger;
use crate::version::Inputs;

/// The health of a version about to be built.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn health(
    material: &Material,
    site: &Site<'_>,
    config: &Config,
    settings: OperatorSettings,
    database: &Database,
    inputs: &Inputs,
) -> Result<Health, Failure> {
    let france = material.atlas.figures(&Place::france())?;
    let france = france.as_ref();
    Ok(Health {
        last_update: france.map(|figures| figures.coverage.to.last_day().to_string()),
        data_version: inputs.data_version().to_owned(),
        sales_version: inputs.sales_version().to_owned(),
        cities_count: material.atlas.communes().count() as u64,
        total_transactions: france.map_or(0, |figures| figures.total_transactions),
        cities_up_to_date: france.map_or(0, |figures| site.cities_up_to(figures.coverage.to)),
        sources: sources(config, &database.ledger()?),
        settings,
    })
}

/// What the pages of the operator say of the settings.
pub(super) fn operator_settings(config: &Config, deploy: &DeploySettings) -> OperatorSettings {
    let limits = (deploy.host.limits)(deploy.plan);
    OperatorSettings {
        site_name: config.site.name.clone(),
        workflow: deploy.workflow.clone(),
        host: HostLimits {
            name: deploy.host.name.to_owned(),
            files: limits.files,
            size: limits.size,
            file_size: limits.file_size,
        },
        gates: thresholds(&config.gates),
    }
}

fn thresholds(gates: &Gates) -> Vec<(String, f64)> {
    [
        ("lost", gates.lost),
        ("gained", gates.gained),
        ("fewer", gates.fewer),
        ("moved", gates.moved),
        ("natures", gates.natures),
        ("unreadable", gates.unreadable),
        ("unknown_communes", gates.unknown_communes),
        ("unknown_natures", gates.unknown_natures),
        ("places", gates.places),
    ]
    .map(|(key, threshold)| (key.to_owned(), threshold))
    .to_vec()
}

/// How fresh the sources are, by the files that were imported.
fn sources(config: &Config, ledger: &Ledger) -> Vec<SourceHealth> {
    let newest = |source: &Source| {
        ledger
            .iter()
            .filter(|((id, _), _)| *id == source.id)
            .filter_map(|(_, known)| known.imported.as_ref()?.released.clone())
            .max()
    };
    let expected = |source: &Source, released: &str| {
        let day: Date = released.get(..10)?.parse().ok()?;
        Some(source.next_expected(day)?.to_string())
    };
    config
        .sources
        .enabled()
        .map(|source| {
            let released = newest(source);
            SourceHealth {
                id: source.id.clone(),
                expected_by: released
                    .as_deref()
                    .and_then(|released| expected(source, released)),
                released,
            }
        })
        .collect()
}
