//! A bar in the cell of a table, so that a table is its own chart.

use std::fmt::Write;

use super::C;

/// A bar from zero to a value, and the interval that the value is known to; `most` is the value of a full cell. A fragile one is
/// an outline.
pub(crate) fn meter(value: u32, interval: Option<[u32; 2]>, fragile: bool, most: u32) -> String {
    let share = |value: u32| 100.0 * (f64::from(value) / f64::from(most.max(1))).min(1.0);
    let class = if fragile { " class=\"fragile\"" } else { "" };
    let mut svg = format!("<svg{class}><rect width=\"{}%\"/>", C(share(value)));
    if let Some([low, high]) = interval {
        let _ = write!(
            svg,
            "<line x1=\"{}%\" x2=\"{}%\" y1=\"6\" y2=\"6\"/>",
            C(share(low)),
            C(share(high)),
        );
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_value() {
        assert_eq!(
            meter(1_500, Some([1_200, 1_800]), false, 3_000),
            "<svg><rect width=\"50%\"/><line x1=\"40%\" x2=\"60%\" y1=\"6\" y2=\"6\"/></svg>"
        );
        assert!(meter(7, None, true, 0).contains("class=\"fragile\""));
        assert!(meter(7, None, true, 0).contains("width=\"100%\""));
    }
}
