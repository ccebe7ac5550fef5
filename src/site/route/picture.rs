//! `images/<code>.png`: the picture of a commune of some size or of a département, for social networks.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::Level;
use crate::site::around::Around;
use crate::site::frame::Frame;
use crate::site::maker::{Maker, Pages, Sheet, Templated};
use crate::site::{Site, SiteError, french, names, path, picture};

/// What a picture says of its place, besides its figures.
#[derive(Serialize, JsonSchema)]
pub(super) struct PictureFacts {
    name: String,
}

/// What pictures are drawn of: a page each.
struct PicturePages;

/// The pictures.
pub(super) struct Pictures;

/// What makes the SVG of a picture.
const DRAWINGS: Templated<PicturePages> = Templated(PicturePages);

impl Maker for Pictures {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        DRAWINGS.codes(site)
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        hasher.update(picture::fonts_digest().as_bytes());
        DRAWINGS.hash(site, code, hasher)
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        let svg = DRAWINGS.render(site, code)?;
        picture::png(&String::from_utf8_lossy(&svg))
    }
}

impl Pages for PicturePages {
    const TEMPLATE: &'static str = "picture.xml";
    type Facts<'s> = PictureFacts;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let communes = site.communes.iter().map(|commune| &commune.code);
        let departements = site.departements.iter();
        let codes = communes.chain(departements.map(|departement| &departement.code));
        codes
            .filter(|code| site.has_picture(code))
            .map(|code| code.as_str().into())
            .collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, PictureFacts>> {
        let (level, name, around) = match site.geography.departement(code) {
            Some(departement) => (
                Level::Departement,
                french::name(&departement.name),
                Around::departement(site, departement),
            ),
            None => {
                let commune = site.geography.commune(code)?;
                let parent = commune.parent.as_deref();
                let parent = parent.and_then(|code| site.geography.commune(code));
                (
                    Level::Commune,
                    names::commune(commune),
                    Around::commune(site, commune, parent),
                )
            }
        };
        Some(Sheet {
            frame: Frame::new(
                site,
                path::PICTURE.address(code),
                Vec::new(),
                site.summary(level, code),
            ),
            facts: PictureFacts { name },
            around,
            entry: site.entry(level, code),
        })
    }
}
