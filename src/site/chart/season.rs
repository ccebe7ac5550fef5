//! The months of the year beside an average month.

use std::fmt::Write;

use super::labels::{Area, LARGE, Labels};
use super::{C, escaped};
use crate::site::french;

const HEIGHT: f64 = 168.0;
const BASE: f64 = 146.0;
const MOST: f64 = 118.0;

/// Units of the bars' drawing, which is as wide as its place, in a hundredth of that.
const STRETCH: f64 = 10.0;

/// Draws twelve indices, of which 100 is an average month; the highest and the lowest are named where there is room.
pub(crate) fn season(indices: &[u32], says: &str) -> String {
    let highest = indices.iter().copied().max().unwrap_or(0).max(1);
    let lowest = indices.iter().copied().min().unwrap_or(0);
    let height = |index: u32| MOST * f64::from(index) / f64::from(highest);
    let slot = 100.0 / indices.len().max(1) as f64;
    let mut svg = format!(
        "<svg class=\"chart\" width=\"100%\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(says),
    );
    let mut bars = [String::new(), String::new()];
    let mut values = String::new();
    let mut labels = Labels::default();
    let mut middles = Vec::new();
    for (number, &index) in indices.iter().enumerate() {
        let (x, tall) = (slot * number as f64, height(index));
        let middle = C(x + slot / 2.0);
        let _ = write!(
            bars[usize::from(index == highest)],
            "M{0} {BASE}v-{1}h{2}v{1}",
            C((x + slot * 0.15) * STRETCH),
            C(tall),
            C(slot * 0.7 * STRETCH),
        );
        let line = BASE - tall - 6.0;
        let mut has_room = || labels.take(Area::of(3, LARGE, x + slot / 2.0, "middle", line));
        if (index == highest || index == lowest) && has_room() {
            let _ = write!(
                values,
                "<text class=\"value\" x=\"{middle}%\" y=\"{}\" text-anchor=\"middle\">{index}</text>",
                C(line),
            );
        }
        middles.push(format!("{middle}%"));
    }
    let initials =
        (1..=indices.len()).filter_map(|number| french::month_name(number)?.chars().next());
    let initials: String = initials.flat_map(char::to_uppercase).collect();
    let [usual, strong] = bars;
    let _ = write!(
        svg,
        "<svg viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\"><path class=\"bar\" d=\"{usual}\"/><path class=\"bar strong\" d=\"{strong}\"/></svg>{values}<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{initials}</text>",
        100.0 * STRETCH,
        middles.join(" "),
        C(BASE + 17.0),
    );
    let average = BASE - height(100);
    let _ = write!(
        svg,
        "<line class=\"average\" x2=\"100%\" y1=\"{0}\" y2=\"{0}\"/><line class=\"baseline\" x2=\"100%\" y1=\"{BASE}\" y2=\"{BASE}\"/></svg>",
        C(average),
    );
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_their_months() {
        let mut indices = [100; 12];
        indices[6] = 200;
        indices[7] = 50;
        let svg = season(&indices, "juillet");
        assert!(
            svg.contains("<path class=\"bar strong\" d=\"M512.5 146v-118h58.3v118\"/>"),
            "{svg}"
        );
        assert!(svg.contains("M595.8 146v-29.5h58.3v29.5"), "{svg}");
        assert!(
            svg.contains("<line class=\"average\" x2=\"100%\" y1=\"87\" y2=\"87\"/>"),
            "{svg}"
        );
        assert_eq!(svg.matches("class=\"value\"").count(), 2);
        // The highest two side by side, and the lowest: the second of them has no room for its number.
        indices[5] = 200;
        let svg = season(&indices, "juin");
        assert_eq!(svg.matches("class=\"value\"").count(), 2);
    }
}
