//! Drawings as SVG text, made when a page is: each fits any width, since horizontal places are shares of the width while text
//! keeps its size. Colours come from the classes of the style sheet; nothing here knows of figures or of places.

pub(super) mod barcode;
pub(super) mod curve;
pub(super) mod histogram;
mod labels;
pub(super) mod meter;
pub(super) mod ruler;
pub(super) mod season;

use std::fmt;

/// Width of a drawing on the narrowest screens, in pixels: 320 less the margins of the page and of a card.
const NARROWEST: f64 = 254.0;

/// Width of a character of a label, in pixels: digits of a 13 px sans serif are some 7.2 wide, letters less.
const CHARACTER: f64 = 7.2;

/// A coordinate, to a tenth and without a trailing zero.
#[derive(Clone, Copy)]
struct C(f64);

impl fmt::Display for C {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
        match tenth {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

/// Values that a drawing shows, from one end of it to the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From one value to another; widened where they are the same.
    pub(super) fn new(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high }
    }

    /// All of some values, with so much of their range free at either end; `None` of none.
    pub(super) fn around(values: impl IntoIterator<Item = u32>, margin: f64) -> Option<Self> {
        let values: Vec<_> = values.into_iter().collect();
        let low = f64::from(*values.iter().min()?);
        let high = f64::from(*values.iter().max()?);
        let free = ((high - low) * margin).max(1.0);
        Some(Self::new(low - free, high + free))
    }

    /// Where a value stands, in hundredths of the width; at an end where it is beyond.
    fn percent(self, value: impl Into<f64>) -> f64 {
        let share = (value.into() - self.low) / (self.high - self.low);
        100.0 * share.clamp(0.0, 1.0)
    }

    /// A width, as the distance of two places.
    fn width(self, from: u32, to: u32) -> f64 {
        self.percent(to) - self.percent(from)
    }
}

/// An anchor as an attribute: what is left out is "start".
fn anchored(anchor: &str) -> String {
    match anchor {
        "start" => String::new(),
        _ => format!(" text-anchor=\"{anchor}\""),
    }
}

/// A text in an attribute or between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        let text = [0.0, 12.0, 12.04, 12.05, -0.04, -3.26, 99.96].map(|x| C(x).to_string());
        assert_eq!(text, ["0", "12", "12", "12.1", "0", "-3.3", "100"]);
    }

    #[test]
    fn a_scale_has_room_at_both_ends_and_holds_what_is_beyond() {
        let scale = Scale::around([2_000, 4_000], 0.1).unwrap();
        assert_eq!(scale, Scale::new(1_800.0, 4_200.0));
        assert_eq!(scale.percent(3_000), 50.0);
        assert_eq!([1_000, 9_000].map(|x| scale.percent(x)), [0.0, 100.0]);
        assert_eq!(scale.width(1_800, 3_000), 50.0);
        assert_eq!(Scale::around([], 0.1), None);
        assert_eq!(Scale::around([5], 0.1).unwrap().percent(5), 50.0);
    }
}
