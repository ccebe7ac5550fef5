//! The months of the year beside an average month.

use std::fmt::Write;

use super::{C, escaped};
use crate::site::french;

const HEIGHT: f64 = 168.0;
const BASE: f64 = 146.0;
const MOST: f64 = 118.0;

/// Draws twelve indices, of which 100 is an average month; the highest and the lowest are named.
pub(crate) fn season(indices: &[u32], says: &str) -> String {
    let highest = indices.iter().copied().max().unwrap_or(0).max(1);
    let lowest = indices.iter().copied().min().unwrap_or(0);
    let height = |index: u32| MOST * f64::from(index) / f64::from(highest);
    let slot = 100.0 / indices.len().max(1) as f64;
    let mut svg = format!(
        "<svg class=\"chart\" width=\"100%\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(says),
    );
    for (number, &index) in indices.iter().enumerate() {
        let (x, tall) = (slot * number as f64, height(index));
        let middle = C(x + slot / 2.0);
        let class = if index == highest {
            "bar strong"
        } else {
            "bar"
        };
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{}%\" y=\"{}\" width=\"{}%\" height=\"{}\"/>",
            C(x + slot * 0.15),
            C(BASE - tall),
            C(slot * 0.7),
            C(tall),
        );
        if index == highest || index == lowest {
            let _ = write!(
                svg,
                "<text class=\"value\" x=\"{middle}%\" y=\"{}\" text-anchor=\"middle\">{index}</text>",
                C(BASE - tall - 6.0),
            );
        }
        let initial = french::month_name(number + 1).and_then(|name| name.chars().next());
        let initial = initial.into_iter().flat_map(char::to_uppercase);
        let _ = write!(
            svg,
            "<text x=\"{middle}%\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            C(BASE + 17.0),
            initial.collect::<String>(),
        );
    }
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
            svg.contains(
                "<rect class=\"bar strong\" x=\"51.3%\" y=\"28\" width=\"5.8%\" height=\"118\"/>"
            ),
            "{svg}"
        );
        assert!(
            svg.contains("y=\"116.5\" width=\"5.8%\" height=\"29.5\"/>"),
            "{svg}"
        );
        assert!(
            svg.contains("<line class=\"average\" x2=\"100%\" y1=\"87\" y2=\"87\"/>"),
            "{svg}"
        );
        assert_eq!(svg.matches("class=\"value\"").count(), 2);
    }
}
