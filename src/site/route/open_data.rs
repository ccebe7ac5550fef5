//! What describes the data files: the page `/data/`, `llms.txt`, and their schemas.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::search::unlisted;
use crate::site::around::Around;
use crate::site::block::schema;
use crate::site::maker::{Maker, Pages, Sheet};
use crate::site::open_data::{self, Asked, ListedFiles, OpenFiles};
use crate::site::path;
use crate::site::{Site, SiteError};

/// What the texts that describe the data files show.
#[derive(Serialize, JsonSchema)]
pub(super) struct OpenData {
    files: Vec<ListedFiles>,
    asked: Option<Asked>,
}

/// The page that says what there is to take away, of the files that the function gives.
pub(super) struct DataPage(pub fn(&Site<'_>) -> OpenFiles);

/// What data there are, told to language models.
pub(super) struct LlmsText(pub fn(&Site<'_>) -> OpenFiles);

impl Pages for DataPage {
    const TEMPLATE: &'static str = "data.html";
    type Facts<'s> = OpenData;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, OpenData>> {
        Some(sheet(site, &self.0(site), path::DATA.address("")))
    }
}

impl Pages for LlmsText {
    const TEMPLATE: &'static str = "llms.txt";
    type Facts<'s> = OpenData;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, OpenData>> {
        Some(sheet(site, &self.0(site), path::LLMS.address("")))
    }
}

fn sheet<'s>(site: &Site<'_>, files: &OpenFiles, path: String) -> Sheet<'s, OpenData> {
    Sheet {
        frame: unlisted(site, path, Vec::new()),
        facts: OpenData {
            files: open_data::listed(files),
            asked: open_data::asked(site),
        },
        around: Around::default(),
        entry: None,
    }
}

/// The schemas of data files, which the function gives.
pub(super) struct Schemas(pub fn(&Site<'_>) -> OpenFiles);

impl Maker for Schemas {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let names = open_data::schemas(&self.0(site)).into_keys();
        names.map(Cow::Borrowed).collect()
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        let schemas = open_data::schemas(&self.0(site));
        match schemas.get(code) {
            Some(schema) => Ok(schema::text(&(schema.make)())),
            None => Err(SiteError::NoPage { code: code.into() }),
        }
    }
}
