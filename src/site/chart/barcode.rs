//! All communes of a département as thin strokes, from the cheapest to the dearest, and one of them in ink.

use std::fmt::Write;

use itertools::Itertools;

use super::labels::Span;
use super::{C, Scale, anchored, escaped};
use crate::site::french;
use crate::stats::to_ten;

/// Places that strokes may take: more of them would be thinner than a pixel on a phone.
const PLACES: f64 = 150.0;

/// The length of the path whose dashes are the strokes, in widths of a stroke: a place is as wide as a stroke and what parts it
/// from the next.
const LENGTH: f64 = 2.0 * PLACES + 1.0;

/// The strokes that all pages of a département share.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Barcode {
    scale: Scale,
    ends: [u32; 2],
    /// The path whose dashes are the strokes: a piece for each run of strokes in places side by side.
    path: String,
}

impl Barcode {
    /// Of some medians, €/m², in ascending order; `None` of fewer than three.
    pub(crate) fn new(medians: &[u32]) -> Option<Self> {
        let (&[low, ..], &[.., high]) = (medians, medians) else {
            return None;
        };
        if medians.len() < 3 {
            return None;
        }
        let scale = Scale::new(low.into(), high.into());
        let places = medians.iter();
        let places = places.map(|&median| (scale.percent(median) / 100.0 * PLACES).round() as i32);
        let runs =
            places
                .map(|place| (place, place))
                .coalesce(|before, next| match next.0 - before.1 {
                    0 | 1 => Ok((before.0, next.1)),
                    _ => Err((before, next)),
                });
        let mut path = String::from("M0 11");
        let mut end = 0;
        for (first, last) in runs {
            // The lowest is at the very beginning.
            if first > 0 {
                let _ = write!(path, "m{} 0", 2 * first - end);
            }
            let _ = write!(path, "h{}", 2 * (last - first) + 1);
            end = 2 * last + 1;
        }
        Some(Self {
            scale,
            ends: [low, high],
            path,
        })
    }

    /// Draws it with the median of one commune in ink.
    pub(crate) fn draw(&self, name: &str, median: u32) -> String {
        let at = self.scale.percent(median);
        let number = french::number(median.into());
        let label = |text: String| (Span::over(at, text.chars().count()), text);
        let (span, text) = match label(format!("{name} {number}")) {
            // The page tells whose it is.
            (span, _) if span.to > 100.0 => label(number),
            fitting => fitting,
        };
        // Those of other communes are told as a wider place's are, to ten.
        let [low, high] = self.ends.map(|end| french::number(to_ten(end).into()));
        format!(
            "<svg class=\"barcode\" aria-hidden=\"true\"><svg y=\"18\" height=\"22\" viewBox=\"0 0 {LENGTH} 22\" preserveAspectRatio=\"none\"><path class=\"strokes\" d=\"{}\"/></svg><line x1=\"{1}%\" x2=\"{1}%\" y1=\"15\" y2=\"43\"/><text class=\"own\" x=\"{2}%\" y=\"11\"{3}>{4}</text><text y=\"55\">{low}</text><text x=\"100%\" y=\"55\" text-anchor=\"end\">{high}\u{a0}€/m²</text></svg>",
            self.path,
            C(at),
            C(span.x()),
            anchored(span.anchor),
            escaped(&text),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_commune_is_a_stroke_and_equal_ones_are_one() {
        let barcode = Barcode::new(&[1_000, 1_500, 1_501, 1_520, 2_000, 4_000]).unwrap();
        assert_eq!(barcode.path, "M0 11h1m49 0h3m47 0h1m199 0h1");
        let svg = barcode.draw("Cergy", 2_500);
        assert!(svg.contains("x1=\"50%\""), "{svg}");
        assert!(svg.contains(">Cergy 2\u{202f}500</text>"), "{svg}");
        // A name that would end beyond the drawing is moved into it; one that has no room anywhere is left out.
        let long = barcode.draw("Villefranche-sur-Saône", 2_020);
        assert!(long.contains("x=\"20.6%\" y=\"11\">Ville"), "{long}");
        let longest = barcode.draw("Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", 2_500);
        assert!(longest.contains(">2\u{202f}500</text>"), "{longest}");
        assert_eq!(Barcode::new(&[1_000, 2_000]), None);
        assert_eq!(Barcode::new(&[]), None);
    }
}
