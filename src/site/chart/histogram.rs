//! How sales are spread over classes of prices: the area of a bar is its number of sales, since classes differ in width.

use std::fmt::Write;

use super::labels::Span;
use super::{C, Scale, anchored, escaped};
use crate::site::french;

const HEIGHT: f64 = 150.0;
const BASE: f64 = 122.0;
const TOP: f64 = 14.0;

/// Under the last class.
const OPEN: &str = "et plus";

/// What a histogram shows.
pub(crate) struct Histogram<'a> {
    /// Between the classes; the first is open below, the last above.
    pub bounds: &'a [u32],
    /// Sales of each class, one more than bounds.
    pub counts: &'a [u64],
    /// Half of the sales lie between these.
    pub half: Option<[u32; 2]>,
    pub median: Option<u32>,
    /// What it says, for those who do not see it.
    pub says: &'a str,
}

impl Histogram<'_> {
    /// The usual width of a class: an open class is drawn as wide.
    fn step(&self) -> u32 {
        let widths = self.bounds.windows(2).map(|pair| pair[1] - pair[0]);
        widths.min().unwrap_or(1).max(1)
    }

    /// Draws it; empty where there is nothing to compare.
    pub(crate) fn draw(&self) -> String {
        let (Some(&first), Some(&last)) = (self.bounds.first(), self.bounds.last()) else {
            return String::new();
        };
        let step = self.step();
        let edges: Vec<u32> = std::iter::once(first.saturating_sub(step))
            .chain(self.bounds.iter().copied())
            .chain([last + step])
            .collect();
        let scale = Scale::new(edges[0].into(), edges[edges.len() - 1].into());
        let density = |number: usize| {
            let width = f64::from(edges[number + 1] - edges[number]) / f64::from(step);
            self.counts[number] as f64 / width.max(f64::MIN_POSITIVE)
        };
        let highest = (0..self.counts.len()).map(density).fold(0.0, f64::max);
        let mut svg = format!(
            "<svg class=\"chart histogram\" width=\"100%\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            escaped(self.says),
        );
        if let Some([low, high]) = self.half {
            let _ = write!(
                svg,
                "<rect class=\"half\" x=\"{}%\" y=\"{TOP}\" width=\"{}%\" height=\"{}\"/>",
                C(scale.percent(low)),
                C(scale.width(low, high)),
                C(BASE - TOP),
            );
        }
        for number in 0..self.counts.len() {
            let height = (BASE - TOP - 16.0) * density(number) / highest;
            // How far an open class reaches is not known: its area tells nothing.
            let is_open = number == 0 || number + 1 == self.counts.len();
            let _ = write!(
                svg,
                "<rect class=\"bar{}\" x=\"{}%\" y=\"{}\" width=\"{}%\" height=\"{}\"/>",
                if is_open { " open" } else { "" },
                C(scale.percent(edges[number]) + 0.3),
                C(BASE - height),
                C((scale.width(edges[number], edges[number + 1]) - 0.6).max(0.4)),
                C(height),
            );
        }
        let _ = write!(
            svg,
            "<line class=\"baseline\" x2=\"100%\" y1=\"{BASE}\" y2=\"{BASE}\"/>"
        );
        if let Some(median) = self.median {
            let at = scale.percent(median);
            let text = french::number(median.into());
            let span = Span::over(at, text.chars().count());
            let _ = write!(
                svg,
                "<line class=\"median\" x1=\"{0}%\" x2=\"{0}%\" y1=\"{TOP}\" y2=\"{BASE}\"/><text class=\"value\" x=\"{1}%\" y=\"10\"{2}>{text}</text>",
                C(at),
                C(span.x()),
                anchored(span.anchor),
            );
        }
        self.write_axis(scale, &mut svg);
        svg.push_str("</svg>");
        svg
    }

    /// Names as many bounds as there is room for, and at the right end that the last class is open.
    fn write_axis(&self, scale: Scale, svg: &mut String) {
        let _ = write!(
            svg,
            "<text x=\"100%\" y=\"{}\" text-anchor=\"end\">{OPEN}</text>",
            C(BASE + 17.0),
        );
        let mut free = 0.0;
        let end = Span::over(100.0, OPEN.chars().count() + 1).from;
        for &bound in self.bounds {
            let at = scale.percent(bound);
            let text = french::number(bound.into());
            let span = Span::over(at, text.chars().count() + 1);
            if span.from < free || span.to > end || span.anchor != "middle" {
                continue;
            }
            let _ = write!(
                svg,
                "<text x=\"{}%\" y=\"{}\" text-anchor=\"middle\">{text}</text>",
                C(at),
                C(BASE + 17.0),
            );
            free = span.to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_of_a_bar_is_its_sales() {
        let histogram = Histogram {
            bounds: &[2_000, 2_500, 3_500],
            counts: &[5, 10, 20, 5],
            half: Some([2_250, 3_250]),
            median: Some(2_750),
            says: "La moitié <des ventes>",
        };
        let svg = histogram.draw();
        // 1,500 to 4,000 in all. A class of 500 with ten sales is as high as one of 1,000 with twenty.
        assert!(
            svg.contains("x=\"20.3%\" y=\"30\" width=\"19.4%\" height=\"92\""),
            "{svg}"
        );
        assert!(
            svg.contains("x=\"40.3%\" y=\"30\" width=\"39.4%\" height=\"92\""),
            "{svg}"
        );
        assert!(
            svg.contains("x=\"0.3%\" y=\"76\" width=\"19.4%\" height=\"46\""),
            "{svg}"
        );
        assert!(
            svg.contains("class=\"half\" x=\"30%\" y=\"14\" width=\"40%\""),
            "{svg}"
        );
        assert!(svg.contains("&lt;des ventes>"), "{svg}");
        assert_eq!(svg.matches("class=\"bar\"").count(), 2);
        assert_eq!(svg.matches("class=\"bar open\"").count(), 2);
        assert!(svg.contains(">et plus<"), "{svg}");
    }

    #[test]
    fn one_class_is_no_histogram() {
        let one = Histogram {
            bounds: &[],
            counts: &[50],
            half: None,
            median: None,
            says: "",
        };
        assert_eq!(one.draw(), "");
    }
}
