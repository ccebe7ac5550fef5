//! Pictures that social networks show beside a link to a page, drawn from SVG with the font that ships.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::SiteError;

/// What is asked of the pictures: no network shows a larger one.
pub(super) const WIDTH: u32 = 1200;
/// The height that goes with it.
pub(super) const HEIGHT: u32 = 630;

/// The colours of a picture's file: as many as its inks and what lies between them and their ground take.
const COLOURS: usize = 32;

/// Letters in two weights; see `data/fonts`.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../../data/fonts/regular.ttf"),
    include_bytes!("../../data/fonts/bold.ttf"),
];

/// Stands for the letters that pictures are drawn with.
pub(super) fn fonts_digest() -> blake3::Hash {
    static DIGEST: LazyLock<blake3::Hash> = LazyLock::new(|| {
        let mut hasher = blake3::Hasher::new();
        for font in FONTS {
            hasher.update(font);
        }
        hasher.finalize()
    });
    *DIGEST
}

/// An SVG, ready to be drawn with the letters that ship.
///
/// # Errors
/// When it is none.
pub(super) fn tree_of(svg: &str) -> Result<Tree, SiteError> {
    static LETTERS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut letters = fontdb::Database::new();
        for font in FONTS {
            letters.load_font_data(font.to_vec());
        }
        Arc::new(letters)
    });
    let options = Options {
        fontdb: Arc::clone(&LETTERS),
        ..Options::default()
    };
    // The font has one space that does not break.
    let svg = svg.replace('\u{202f}', "\u{a0}");
    Tree::from_str(&svg, &options).map_err(|error| failed(error.to_string()))
}

/// Draws an SVG of [`WIDTH`] × [`HEIGHT`] to a PNG.
///
/// # Errors
/// When it is no such SVG.
pub(super) fn png(svg: &str) -> Result<Vec<u8>, SiteError> {
    let tree = tree_of(svg)?;
    let mut pixels =
        Pixmap::new(WIDTH, HEIGHT).ok_or_else(|| failed("there is no memory for it".into()))?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    encode(&pixels).map_err(|error| failed(error.to_string()))
}

fn failed(reason: String) -> SiteError {
    SiteError::Picture { reason }
}

/// As a PNG with a palette.
fn encode(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let (palette, indices) = indexed(pixels.data());
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    // A tenth larger than at the highest level, in a fifth of the time.
    encoder.set_compression(png::Compression::Balanced);
    // After the level, which chooses a filter for photographs.
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(file)
}

/// The most frequent colours of opaque pixels in four bytes, three bytes each, and for each pixel its place among them: those of the few at
/// the edges of letters that find no place take the nearest.
fn indexed(pixels: &[u8]) -> (Vec<u8>, Vec<u8>) {
    // Most rows are as the one above, and most pixels as the one before.
    let rows: Vec<_> = pixels.chunks(WIDTH as usize * 4).collect();
    let same = rows.chunk_by(|above, below| above == below);
    let rows: Vec<(&[[u8; 4]], _)> = same
        .map(|rows| (bytemuck::cast_slice(rows[0]), rows.len()))
        .collect();
    let mut counts = HashMap::<[u8; 4], usize>::new();
    for &(row, times) in &rows {
        for run in row.chunk_by(|a, b| a == b) {
            *counts.entry(run[0]).or_default() += run.len() * times;
        }
    }
    let mut colours: Vec<_> = counts.into_iter().collect();
    colours.sort_by_key(|(colour, count)| (Reverse(*count), *colour));
    let (palette, others) = colours.split_at(colours.len().min(COLOURS));
    let palette = (0..=u8::MAX).zip(palette.iter().map(|(colour, _)| *colour));
    let mut places: HashMap<_, _> = palette
        .clone()
        .map(|(place, colour)| (colour, place))
        .collect();
    for (colour, _) in others {
        let distance = |other: [u8; 4]| -> u32 {
            let apart = colour.iter().zip(other);
            apart.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
        };
        let nearest = palette.clone().min_by_key(|(_, other)| distance(*other));
        places.extend(nearest.map(|(place, _)| (*colour, place)));
    }
    let mut indices = Vec::with_capacity(pixels.len() / 4);
    for (row, times) in rows {
        let start = indices.len();
        for run in row.chunk_by(|a, b| a == b) {
            indices.resize(indices.len() + run.len(), places[&run[0]]);
        }
        for _ in 1..times {
            indices.extend_from_within(start..start + row.len());
        }
    }
    let bytes = palette.flat_map(|(_, [red, green, blue, _])| [red, green, blue]);
    (bytes.collect(), indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_place_in_the_palette_takes_the_nearest() {
        let grey = |value: usize| [value as u8, 7, 7, 255];
        let pixels: Vec<_> = (0..COLOURS + 5)
            .flat_map(|n| std::iter::repeat_n(grey(n), 1 + usize::from(n < COLOURS)))
            .collect();
        let (palette, indices) = indexed(bytemuck::cast_slice(&pixels));
        assert_eq!((palette.len(), indices.len()), (3 * COLOURS, pixels.len()));
        let shown = indices
            .iter()
            .map(|index| usize::from(palette[3 * usize::from(*index)]));
        for (pixel, shown) in pixels.iter().zip(shown) {
            assert_eq!(shown, usize::from(pixel[0]).min(COLOURS - 1));
        }
    }

    #[test]
    fn letters_are_drawn_and_nonsense_is_refused() {
        let svg = |text: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\"><rect width=\"1200\" height=\"630\" fill=\"#fff\"/><text x=\"50\" y=\"300\" font-family=\"Immostats Sans\" font-size=\"99\">{text}</text></svg>"
            )
        };
        let [empty, letters] = ["", "3\u{202f}162 €/m²"].map(|text| png(&svg(text)).unwrap());
        assert!(letters.starts_with(b"\x89PNG"));
        assert!(letters.len() > empty.len() + 1_000);
        assert!(matches!(png("<svg"), Err(SiteError::Picture { .. })));
    }
}
