//! The map of a département, whose paths are a file of their own: many pages show parts of it, and browsers keep it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::canvas::Canvas;
use super::drawing::{Drawing, Outline, groups};
use crate::geo::Geography;
use crate::geo::contours::Layer;
use crate::site::Atlas;

/// What the file may weigh gzipped, in bytes. One that weighs more is made of fewer points.
const MOST: usize = 13_500;

/// The contours of a département.
pub(in crate::site) struct DepartementMap<'a> {
    layer: &'a Layer,
    canvas: Canvas,
    /// The codes of the contours of each commune of today.
    groups: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> DepartementMap<'a> {
    /// `None` where there are no contours of it.
    pub(in crate::site) fn new(
        departement: &str,
        geography: &'a Geography,
        atlas: &'a Atlas,
    ) -> Option<Self> {
        let layer = atlas.contours.get(departement)?;
        Some(Self {
            layer,
            canvas: Canvas::between(layer.corners()?),
            groups: groups(layer, geography),
        })
    }

    /// The map as a page shows it, which takes its shapes from the file.
    pub(in crate::site) fn drawing(&self) -> Drawing {
        let codes = self.groups.keys();
        Drawing {
            canvas: self.canvas,
            shapes: codes
                .map(|code| ((*code).to_owned(), Outline::Elsewhere))
                .collect(),
        }
    }

    /// Stands for everything that the file is made of.
    pub(in crate::site) fn hash(&self, hasher: &mut blake3::Hasher) -> serde_json::Result<()> {
        let text = serde_json::to_vec(&(self.layer, &self.groups))?;
        hasher.update(blake3::hash(&text).as_bytes());
        Ok(())
    }

    /// The file: a path for each commune of today, with its code for an id.
    pub(in crate::site) fn file(&self) -> Vec<u8> {
        let mut area = self.canvas.least_area();
        loop {
            let layer = self.layer.simplified(area);
            let file = self.paths(&layer);
            // Once every border is straight, there is no less.
            if packed_size(&file) <= MOST
                || layer.points() == self.layer.simplified(u32::MAX).points()
            {
                return file;
            }
            area = area.saturating_mul(3) / 2;
        }
    }

    fn paths(&self, layer: &Layer) -> Vec<u8> {
        let mut file = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">");
        for (code, codes) in &self.groups {
            let path = self.canvas.path(&layer.outline(codes));
            let _ = write!(file, "<path id=\"{code}\" d=\"{path}\"/>");
        }
        file.push_str("</svg>\n");
        file.into_bytes()
    }
}

/// What a text weighs gzipped.
fn packed_size(text: &[u8]) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let packed = gzip.write_all(text).and_then(|()| gzip.finish());
    // Writing to memory does not fail.
    packed.map_or(usize::MAX, |packed| packed.len())
}
