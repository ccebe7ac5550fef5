//! All communes of a département as thin strokes, from the cheapest to the dearest, and one of them in ink.

use std::fmt::Write;

use super::{C, Scale, anchored, escaped, label};
use crate::site::french;
use crate::stats::to_ten;

/// Places that strokes may take: a département of 890 communes has no more of them than this.
const PLACES: f64 = 300.0;

/// The strokes that all pages of a département share.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Barcode {
    scale: Scale,
    ends: [u32; 2],
    /// The path of the strokes.
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
        let mut path = String::new();
        let mut last = None;
        for &median in medians {
            let place = (scale.percent(median) / 100.0 * PLACES).round() as i32;
            match last {
                Some(last) if last == place => {}
                Some(last) => {
                    let _ = write!(path, "m{}-1v1", place - last);
                }
                None => {
                    let _ = write!(path, "M{place} 0v1");
                }
            }
            last = Some(place);
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
        let text = french::number(median.into());
        let (_, _, anchor) = label(at, name.chars().count() + 1 + text.chars().count());
        // Those of other communes are told as a wider place's are, to ten.
        let [low, high] = self.ends.map(|end| french::number(to_ten(end).into()));
        format!(
            "<svg class=\"barcode\" width=\"100%\" height=\"58\" aria-hidden=\"true\"><svg viewBox=\"0 0 {PLACES} 1\" preserveAspectRatio=\"none\" y=\"18\" width=\"100%\" height=\"22\"><path d=\"{}\"/></svg><line x1=\"{1}%\" x2=\"{1}%\" y1=\"15\" y2=\"43\"/><text class=\"own\" x=\"{1}%\" y=\"11\"{2}>{3} {text}</text><text y=\"55\">{low}</text><text x=\"100%\" y=\"55\" text-anchor=\"end\">{high}\u{a0}€/m²</text></svg>",
            self.path,
            C(at),
            anchored(anchor),
            escaped(name),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_commune_is_a_stroke_and_equal_ones_are_one() {
        let barcode = Barcode::new(&[1_000, 1_500, 1_501, 2_000, 4_000]).unwrap();
        assert_eq!(barcode.path, "M0 0v1m50-1v1m50-1v1m200-1v1");
        let svg = barcode.draw("Cergy", 2_500);
        assert!(svg.contains("x1=\"50%\""), "{svg}");
        assert!(svg.contains(">Cergy 2\u{202f}500</text>"), "{svg}");
        assert_eq!(Barcode::new(&[1_000, 2_000]), None);
        assert_eq!(Barcode::new(&[]), None);
    }
}
