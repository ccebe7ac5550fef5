//! What describes the data files: the page `/data/`, `llms.txt`, and two files for programs.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::estimator::estimator_schema;
use super::indicators::indicators_schema;
use super::indices::indices_schema;
use super::recent::recent_sales_schema;
use super::search::unlisted;
use crate::site::Site;
use crate::site::around::Around;
use crate::site::block::schema;
use crate::site::document::{commune_schema, wider_schema};
use crate::site::maker::{Pages, Sheet};
use crate::site::open_data::{self, Asked, Listed};
use crate::site::path::{self, PathPattern};

/// What the texts that describe the data files show.
#[derive(Serialize, JsonSchema)]
pub(super) struct OpenData {
    files: Vec<Listed>,
    asked: Option<Asked>,
}

/// The page that says what there is to take away.
pub(super) struct DataPage;

/// The same for language models.
pub(super) struct LlmsText;

impl Pages for DataPage {
    const TEMPLATE: &'static str = "data.html";
    type Facts<'s> = OpenData;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, OpenData>> {
        Some(sheet(site, path::DATA.address("")))
    }
}

impl Pages for LlmsText {
    const TEMPLATE: &'static str = "llms.txt";
    type Facts<'s> = OpenData;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, OpenData>> {
        Some(sheet(site, path::LLMS.address("")))
    }
}

fn sheet<'s>(site: &Site<'_>, path: String) -> Sheet<'s, OpenData> {
    Sheet {
        frame: unlisted(site, path, Vec::new()),
        facts: OpenData {
            files: open_data::listed(site),
            asked: open_data::asked(site),
        },
        around: Around::default(),
        entry: None,
    }
}

/// The schemas of the data files, by where they are published.
const SCHEMAS: [(PathPattern, fn() -> Value); 6] = [
    (path::COMMUNE_SCHEMA, commune_schema),
    (path::INDICATORS_SCHEMA, indicators_schema),
    (path::RECENT_SALES_SCHEMA, recent_sales_schema),
    (path::WIDER_SCHEMA, wider_schema),
    (path::ESTIMATOR_SCHEMA, estimator_schema),
    (path::INDEX_SCHEMA, indices_schema),
];

/// `data/openapi.json`
pub(super) fn open_api(site: &Site<'_>) -> Vec<u8> {
    let schemas = SCHEMAS
        .iter()
        .filter(|(path, _)| open_data::has_schema(site, *path));
    let schemas = schemas.map(|(path, schema)| (*path, schema()));
    schema::text(&open_data::open_api(site, schemas.collect()))
}

/// `data/datapackage.json`
pub(super) fn data_package(site: &Site<'_>) -> Vec<u8> {
    schema::text(&open_data::data_package(site))
}
