//! All communes of a département as thin strokes, from the cheapest to the dearest, and one of them in ink.

use std::fmt::Write;

use super::{C, Scale, anchored, escaped, label};
use crate::site::french;
use crate::stats::to_ten;

/// Places that strokes may take: more of them would be thinner than a pixel on a phone.
const PLACES: f64 = 150.0;

/// The length of the line whose dashes are the strokes, in widths of a stroke: a place is as wide as a stroke and what parts it
/// from the next.
const LENGTH: f64 = 2.0 * PLACES + 1.0;

/// The strokes that all pages of a département share.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Barcode {
    scale: Scale,
    ends: [u32; 2],
    /// The dashes of the line, which are the strokes, and what lies between them.
    dashes: String,
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
        // The lowest is at the very beginning.
        let mut dashes = String::from("1");
        let mut last = 0;
        for &median in medians {
            let place = (scale.percent(median) / 100.0 * PLACES).round() as i32;
            if place > last {
                let _ = write!(dashes, " {} 1", 2 * (place - last) - 1);
            }
            last = place;
        }
        Some(Self {
            scale,
            ends: [low, high],
            dashes,
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
            "<svg class=\"barcode\" width=\"100%\" height=\"58\" aria-hidden=\"true\"><line class=\"strokes\" x2=\"100%\" y1=\"29\" y2=\"29\" pathLength=\"{LENGTH}\" stroke-dasharray=\"{}\"/><line x1=\"{1}%\" x2=\"{1}%\" y1=\"15\" y2=\"43\"/><text class=\"own\" x=\"{1}%\" y=\"11\"{2}>{3} {text}</text><text y=\"55\">{low}</text><text x=\"100%\" y=\"55\" text-anchor=\"end\">{high}\u{a0}€/m²</text></svg>",
            self.dashes,
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
        assert_eq!(barcode.dashes, "1 49 1 49 1 199 1");
        let svg = barcode.draw("Cergy", 2_500);
        assert!(svg.contains("x1=\"50%\""), "{svg}");
        assert!(svg.contains(">Cergy 2\u{202f}500</text>"), "{svg}");
        assert_eq!(Barcode::new(&[1_000, 2_000]), None);
        assert_eq!(Barcode::new(&[]), None);
    }
}
