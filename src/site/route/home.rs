//! The home page.

use schemars::JsonSchema;
use serde::Serialize;

use crate::site::around::Around;
use crate::site::block::example::Example;
use crate::site::block::publication::Publication;
use crate::site::block::regions::Regions;
use crate::site::block::tiles::Tiles;
use crate::site::frame::Frame;
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, path};

/// What the page shows. `figures` are those of its example.
#[derive(Serialize, JsonSchema)]
pub(super) struct Home {
    example: Option<Example>,
    /// The départements on a map.
    france: Option<Tiles>,
    regions: Regions,
    publication: Publication,
}

/// The home page.
pub(super) struct HomePage;

impl Pages for HomePage {
    const TEMPLATE: &'static str = "home.html";
    type Facts<'s> = Home;

    fn sheet<'s>(&self, site: &'s Site<'_>, _: &str) -> Option<Sheet<'s, Home>> {
        let (example, entry) = Example::well_known(site).unzip();
        Some(Sheet {
            frame: {
                let frame = Frame::new(site, path::HOME.address(""), Vec::new(), None);
                let feed = frame.until.map(|_| path::FEED.address(""));
                frame.with_feed(feed)
            },
            facts: Home {
                example,
                france: Tiles::new(site, None),
                regions: Regions::new(site),
                publication: Publication::new(site),
            },
            around: Around::default(),
            entry,
        })
    }
}
