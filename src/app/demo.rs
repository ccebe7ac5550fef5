//! The demonstration: a project of the sample that ships with the program.

use std::path::Path;

use super::build::{BuildOptions, bring_up_to_date};
use super::failure::Failure;
use super::import::{Care, ImportInput, ImportTerms, import_all};
use super::observer::Observer;
use super::project::Project;
use super::report::Built;
use crate::config::FILE_NAME;
use crate::db::Database;
use crate::files;
use crate::intake::table::PlaceKeys;

/// The sample that ships with the program.
const SAMPLE: [(&str, &[u8]); 11] = [
    (
        "95-valdoise-2021.csv.gz",
        include_bytes!("../../data/sample/95-valdoise-2021.csv.gz"),
    ),
    (
        "95-valdoise-2022.csv.gz",
        include_bytes!("../../data/sample/95-valdoise-2022.csv.gz"),
    ),
    (
        "95-valdoise-2023.csv.gz",
        include_bytes!("../../data/sample/95-valdoise-2023.csv.gz"),
    ),
    (
        "95-valdoise-2024.csv.gz",
        include_bytes!("../../data/sample/95-valdoise-2024.csv.gz"),
    ),
    (
        "95-valdoise-2025.csv.gz",
        include_bytes!("../../data/sample/95-valdoise-2025.csv.gz"),
    ),
    (
        "95-valdoise-communes.geojson.gz",
        include_bytes!("../../data/sample/95-valdoise-communes.geojson.gz"),
    ),
    (
        "83137-toulon-2023.csv.gz",
        include_bytes!("../../data/sample/83137-toulon-2023.csv.gz"),
    ),
    (
        "83137-toulon-2024.csv.gz",
        include_bytes!("../../data/sample/83137-toulon-2024.csv.gz"),
    ),
    (
        "83137-toulon-2025-s1.csv.gz",
        include_bytes!("../../data/sample/83137-toulon-2025-s1.csv.gz"),
    ),
    (
        "69-rhone-2018-extract.csv.gz",
        include_bytes!("../../data/sample/69-rhone-2018-extract.csv.gz"),
    ),
    (
        "valeursfoncieres-2025-s1-ain-extract.txt",
        include_bytes!("../../data/sample/valeursfoncieres-2025-s1-ain-extract.txt"),
    ),
];

/// Extracts of the files of sources of indicators, each with the source's id.
const INDICATORS: [(&str, &str, &[u8]); 15] = [
    (
        "lovac",
        "lovac-2026-95.csv.gz",
        include_bytes!("../../data/sample/lovac-2026-95.csv.gz"),
    ),
    (
        "loyers",
        "carte-des-loyers-2025-appartements.csv.gz",
        include_bytes!("../../data/sample/carte-des-loyers-2025-appartements.csv.gz"),
    ),
    (
        "loyers",
        "carte-des-loyers-2025-maisons.csv.gz",
        include_bytes!("../../data/sample/carte-des-loyers-2025-maisons.csv.gz"),
    ),
    (
        "recensement",
        "recensement-logement-2021.csv.gz",
        include_bytes!("../../data/sample/recensement-logement-2021.csv.gz"),
    ),
    (
        "filosofi",
        "filosofi-2021.csv.gz",
        include_bytes!("../../data/sample/filosofi-2021.csv.gz"),
    ),
    (
        "fiscalite",
        "fiscalite-locale-2025.csv.gz",
        include_bytes!("../../data/sample/fiscalite-locale-2025.csv.gz"),
    ),
    (
        "catnat",
        "catnat-1982-2025.csv.gz",
        include_bytes!("../../data/sample/catnat-1982-2025.csv.gz"),
    ),
    (
        "sitadel",
        "sitadel-2022-2025-95.csv.gz",
        include_bytes!("../../data/sample/sitadel-2022-2025-95.csv.gz"),
    ),
    (
        "bpe",
        "bpe-2024.csv.gz",
        include_bytes!("../../data/sample/bpe-2024.csv.gz"),
    ),
    (
        "ecoles",
        "annuaire-education-2025.csv.gz",
        include_bytes!("../../data/sample/annuaire-education-2025.csv.gz"),
    ),
    (
        "sru",
        "sru-2025-95.csv.gz",
        include_bytes!("../../data/sample/sru-2025-95.csv.gz"),
    ),
    (
        "population",
        "population-2022.csv.gz",
        include_bytes!("../../data/sample/population-2022.csv.gz"),
    ),
    (
        "abc",
        "zonage-abc-2025.csv.gz",
        include_bytes!("../../data/sample/zonage-abc-2025.csv.gz"),
    ),
    (
        "tlv",
        "zonage-tlv-2025.csv.gz",
        include_bytes!("../../data/sample/zonage-tlv-2025.csv.gz"),
    ),
    (
        "dpe",
        "dpe-95.json.gz",
        include_bytes!("../../data/sample/dpe-95.json.gz"),
    ),
];

const CONFIGURATION: &[u8] = include_bytes!("../../data/sample/immostats.toml");

/// Makes a project of the sample, where it is not there yet, imports the sample and builds the site.
///
/// # Errors
/// When the project cannot be written to.
pub fn demo(project: &Project, observer: &dyn Observer) -> Result<Built, Failure> {
    let _lock = project.lock("demo")?;
    unpack(project.root())?;
    let config = project.config()?;
    let mut database = Database::open(&project.database())?;
    let geography = database.geography()?;
    let terms = ImportTerms {
        scope: None,
        care: Care::ByHand(&config.gates),
        geography: &geography,
        // No source of the sample finds its places by another.
        keys: &PlaceKeys::new(),
        released: None,
        year: None,
    };
    let folder = project.root().join("data/sample");
    let sales = SAMPLE
        .iter()
        .map(|(name, _)| ImportInput::chosen(&folder.join(name), None, terms));
    let indicators = INDICATORS
        .iter()
        .map(|(id, name, _)| ImportInput::chosen(&folder.join(name), config.source(id), terms));
    let inputs: Vec<_> = sales.chain(indicators).collect();
    import_all(&mut database, &inputs, observer, |_, _| Ok(()))?;
    drop(database);
    let options = BuildOptions {
        only_changed: true,
        ..BuildOptions::default()
    };
    bring_up_to_date(project, &config, &options, observer)
}

/// Lays the sample and its configuration down, where they are not there yet.
fn unpack(root: &Path) -> Result<(), Failure> {
    let indicators = INDICATORS.iter().map(|(_, name, bytes)| (*name, *bytes));
    let sample = SAMPLE.into_iter().chain(indicators);
    let sample = sample.map(|(name, bytes)| (Path::new("data/sample").join(name), bytes));
    let configuration = (FILE_NAME.into(), CONFIGURATION);
    for (path, bytes) in sample.chain([configuration]) {
        if !root.join(&path).exists() {
            files::write(&files::below(root, path)?, bytes)?;
        }
    }
    Ok(())
}
