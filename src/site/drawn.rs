//! The drawings of pages, compared: what a change of a template or of the program made of the charts and maps of a site.

use std::collections::BTreeMap;

use resvg::tiny_skia::{Pixmap, PixmapPaint, Transform};

use super::picture::tree_of;
use super::{Encoding, SiteError};

/// Width of a drawing, in pixels: that of a phone's page and more.
const WIDTH: u32 = 560;

/// Between the two drawings of a picture.
const GAP: u32 = 24;

/// What a drawing may be high, in pixels.
const HIGHEST: u32 = 1_000;

/// Whether a file of the site has drawings of its own.
pub fn has_drawings(path: &str) -> bool {
    let (path, encoding) = Encoding::of(path);
    encoding.is_none() && (path.ends_with(".html") || path.ends_with(".svg"))
}

/// The drawings of a page or of a file of contours, in their order.
pub fn drawings(file: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = file;
    while let Some(start) = rest.find("<svg") {
        rest = &rest[start..];
        // Drawings stand within drawings.
        let (mut depth, mut at) = (0, 0);
        let end = loop {
            let next = rest[at..].find("<svg").map(|found| at + found);
            let Some(close) = rest[at..].find("</svg>").map(|found| at + found) else {
                return found;
            };
            match next.filter(|next| *next < close) {
                Some(next) => (depth, at) = (depth + 1, next + 4),
                None => (depth, at) = (depth - 1, close + 6),
            }
            if depth == 0 {
                break at;
            }
        };
        found.push(&rest[..end]);
        rest = &rest[end..];
    }
    found
}

/// What of two drawings of the same thing is not the same, from 0 to 1, by their texts alone: quick, and enough to say which to
/// look at.
pub fn apart(before: &str, after: &str) -> f64 {
    let parts = |drawing: &str| -> BTreeMap<String, i32> {
        let mut parts = BTreeMap::new();
        for part in drawing.split(['<', ' ', ',']) {
            *parts.entry(part.to_owned()).or_default() += 1;
        }
        parts
    };
    let (mut before, after) = (parts(before), parts(after));
    let all: i32 = before.values().chain(after.values()).sum();
    for (part, count) in after {
        *before.entry(part).or_default() -= count;
    }
    let differing: i32 = before.values().map(|count| count.abs()).sum();
    f64::from(differing) / f64::from(all.max(1))
}

/// The style sheet of a site as drawings take it: plain rules, with the colours of a light screen in the place of their names.
pub struct DrawingStyle(String);

impl DrawingStyle {
    /// Of a style sheet; rules that ask for more than classes are left out.
    pub fn new(sheet: &str) -> Self {
        let mut names = BTreeMap::<String, String>::new();
        let mut rules = String::new();
        let mut rest = sheet;
        while let Some(open) = rest.find('{') {
            let selector = rest[..open].rsplit(['}', ';']).next().unwrap_or_default();
            let selector = selector.rsplit("*/").next().unwrap_or_default().trim();
            let body = &rest[open + 1..];
            if selector.starts_with('@') {
                // All that is for dark screens, for paper or for widths.
                let mut depth = 1;
                let end = body.find(|letter| {
                    depth += i32::from(letter == '{') - i32::from(letter == '}');
                    depth == 0
                });
                rest = &body[end.map_or(body.len(), |end| end + 1)..];
                continue;
            }
            let close = body.find('}').unwrap_or(body.len());
            let declarations = body[..close]
                .split(';')
                .filter_map(|one| one.split_once(':'));
            for (name, value) in declarations.clone() {
                if let Some(name) = name.trim().strip_prefix("--") {
                    names
                        .entry(name.to_owned())
                        .or_insert_with(|| value.trim().to_owned());
                }
            }
            if !selector.contains([':', '[', '>', '+', '*']) {
                let plain = declarations.filter(|(name, _)| !name.trim().starts_with("--"));
                let plain: Vec<_> = plain
                    .map(|(name, value)| format!("{}:{}", name.trim(), value.trim()))
                    .collect();
                rules.push_str(&format!("{selector}{{{}}}", plain.join(";")));
            }
            rest = body.get(close + 1..).unwrap_or_default();
        }
        // Names stand for names; two rounds are as deep as it goes.
        for _ in 0..2 {
            for (name, value) in &names {
                rules = rules.replace(&format!("var(--{name})"), value);
                let with_other = format!("var(--{name}, ");
                while let Some(at) = rules.find(&with_other) {
                    let other = at + with_other.len();
                    let end = rules[other..]
                        .find([';', '}'])
                        .map_or(rules.len(), |end| other + end);
                    rules.replace_range(at..end, value);
                }
            }
        }
        Self(rules)
    }
}

/// Two drawings of the same thing side by side, as a PNG, and the share of their pixels that differ.
///
/// # Errors
/// When one of them is no SVG.
pub fn side_by_side(
    before: (&str, &DrawingStyle),
    after: (&str, &DrawingStyle),
) -> Result<(Vec<u8>, f64), SiteError> {
    let (before, after) = (draw(before.0, before.1)?, draw(after.0, after.1)?);
    let height = before.height().max(after.height());
    let mut both = Pixmap::new(2 * WIDTH + GAP, height).ok_or_else(no_memory)?;
    both.fill(resvg::tiny_skia::Color::WHITE);
    let paint = PixmapPaint::default();
    both.draw_pixmap(0, 0, before.as_ref(), &paint, Transform::identity(), None);
    let right = (WIDTH + GAP) as i32;
    both.draw_pixmap(
        right,
        0,
        after.as_ref(),
        &paint,
        Transform::identity(),
        None,
    );
    let pixels = before.pixels().iter().zip(after.pixels());
    let same = pixels.filter(|(one, other)| one == other).count();
    let all = (WIDTH * height) as usize;
    let png = both.encode_png().map_err(|error| SiteError::Picture {
        reason: error.to_string(),
    })?;
    Ok((png, 1.0 - same as f64 / all as f64))
}

fn draw(drawing: &str, style: &DrawingStyle) -> Result<Pixmap, SiteError> {
    let (tag, rest) = drawing.split_once('>').unwrap_or((drawing, ""));
    let mut tag = tag.replacen("width=\"100%\"", &format!("width=\"{WIDTH}\""), 1);
    if !tag.contains(" width=") {
        tag.push_str(&format!(" width=\"{WIDTH}\""));
    }
    if !tag.contains(" height=") && !tag.contains("viewBox") {
        // The style sheet gives bars in tables theirs.
        tag.push_str(" height=\"12\"");
    }
    if !tag.contains("xmlns=") {
        tag.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    let svg = format!(
        "{tag} font-family=\"Immostats Sans\"><style>{}</style>{rest}",
        style.0
    );
    let tree = tree_of(&svg)?;
    let size = tree.size();
    let scale = WIDTH as f32 / size.width().max(1.0);
    let height = ((size.height() * scale).ceil() as u32).clamp(1, HIGHEST);
    let mut pixels = Pixmap::new(WIDTH, height).ok_or_else(no_memory)?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    Ok(pixels)
}

fn no_memory() -> SiteError {
    SiteError::Picture {
        reason: "there is no memory for it".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_found_whole() {
        let page = "<p><svg a><svg b></svg><g/></svg></p><svg c></svg><svg cut>";
        assert_eq!(
            drawings(page),
            ["<svg a><svg b></svg><g/></svg>", "<svg c></svg>"]
        );
        assert!(has_drawings("ville/95127/index.html") && has_drawings("data/cartes/95.svg"));
        assert!(!has_drawings("ville/95127/index.html.gz"));
    }

    #[test]
    fn a_bar_that_grew_is_seen_in_its_colour() {
        let style = DrawingStyle::new(
            ":root { --ink: #123; --hue: var(--ink); } /* Bars. */ .bar { fill: var(--hue, #f00); } @media print { .bar { fill: red } } .bar:hover { fill: blue }",
        );
        assert_eq!(style.0, ".bar{fill:#123}");
        let bar = |width: u32| {
            format!(
                "<svg class=\"meter\"><rect class=\"bar\" width=\"{width}%\" height=\"12\"/></svg>"
            )
        };
        let (short, long) = (bar(50), bar(75));
        assert!((apart(&short, &short)).abs() < 1e-9);
        assert!(apart(&short, &long) > 0.0);
        let (png, share) = side_by_side((&short, &style), (&long, &style)).unwrap();
        assert!(png.starts_with(b"\x89PNG"));
        assert!((share - 0.25).abs() < 0.01, "{share}");
    }
}
