//! The strip of a card: where sales lie, the median, and the wider places' medians above it.

use std::fmt::Write;

use super::labels::Span;
use super::{C, Scale, anchored, escaped};
use crate::site::french;

/// Between two rows of labels, in pixels.
const ROW: f64 = 15.0;

/// What a strip shows, €/m².
#[derive(Default)]
pub(crate) struct Ruler<'a> {
    /// Eight sales of ten lie between these.
    pub eight_of_ten: Option<[u32; 2]>,
    /// Half of the sales.
    pub half: Option<[u32; 2]>,
    /// Where the price of an estimate may be.
    pub likely: Option<[u32; 2]>,
    pub median: u32,
    /// The median is of few sales, or no median.
    pub fragile: bool,
    /// Wider places with their medians, the narrowest first.
    pub marks: &'a [(&'a str, u32)],
}

impl Ruler<'_> {
    /// All values on it.
    pub(crate) fn values(&self) -> impl Iterator<Item = u32> {
        let ranges = [self.eight_of_ten, self.half, self.likely];
        let marks = self.marks.iter().map(|&(_, median)| median);
        ranges
            .into_iter()
            .flatten()
            .flatten()
            .chain([self.median])
            .chain(marks)
    }

    /// Draws it on a scale that another card may share. What it says is said in words beside it.
    pub(crate) fn draw(&self, scale: Scale) -> String {
        let marks = place(self.marks, scale);
        let rows = marks.iter().map(|mark| mark.row + 1).max().unwrap_or(0);
        // The strip begins below the labels.
        let top = rows as f64 * ROW + 5.0;
        let ends = self.eight_of_ten.or(self.half).or(self.likely);
        let named = ends.filter(|&[low, high]| {
            let [low, high] = [low, high].map(|end| scale.percent(end));
            let both = Span::over(50.0, 13);
            high - low > both.to - both.from
        });
        let height = top + 20.0 + if named.is_some() { 16.0 } else { 4.0 };
        let mut svg = format!(
            "<svg class=\"ruler\" height=\"{}\" aria-hidden=\"true\"><rect class=\"rail\" y=\"{}\" width=\"100%\" height=\"8\" rx=\"4\"/>",
            C(height),
            C(top + 6.0),
        );
        let ranges = [
            ("likely", self.likely),
            ("eight", self.eight_of_ten),
            ("half", self.half),
        ];
        for (class, range) in ranges {
            if let Some([low, high]) = range {
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{}%\" y=\"{}\" width=\"{}%\" height=\"14\"/>",
                    C(scale.percent(low)),
                    C(top + 3.0),
                    C(scale.width(low, high)),
                );
            }
        }
        for mark in &marks {
            let y = top - 8.0 - ROW * mark.row as f64;
            let _ = write!(
                svg,
                "<line x1=\"{0}%\" x2=\"{0}%\" y1=\"{1}\" y2=\"{2}\"/><text x=\"{3}%\" y=\"{4}\"{5}>{6} <tspan>{7}</tspan></text>",
                C(mark.at),
                C(y + 3.0),
                C(top + 19.0),
                C(mark.span.x()),
                C(y),
                anchored(mark.span.anchor),
                escaped(mark.name),
                french::number(mark.median.into()),
            );
        }
        let _ = write!(
            svg,
            "<line class=\"{0}\" x1=\"{1}%\" x2=\"{1}%\" y1=\"{2}\" y2=\"{3}\"/>",
            if self.fragile {
                "median fragile"
            } else {
                "median"
            },
            C(scale.percent(self.median)),
            C(top - 1.0),
            C(top + 21.0),
        );
        if let Some([low, high]) = named {
            let _ = write!(
                svg,
                "<text class=\"end\" x=\"{}%\" y=\"{2}\">{3}</text><text class=\"end\" x=\"{1}%\" y=\"{2}\" text-anchor=\"end\">{4}</text>",
                C(scale.percent(low)),
                C(scale.percent(high)),
                C(top + 33.0),
                french::number(low.into()),
                french::number(high.into()),
            );
        }
        svg.push_str("</svg>");
        svg
    }
}

/// A wider place's median above the strip.
struct Mark<'a> {
    name: &'a str,
    median: u32,
    at: f64,
    span: Span,
    /// Rows that its label is above the lowest one.
    row: usize,
}

/// The marks that have room for their labels, on two rows: one that would overlap another goes a row up, and one that has none
/// left is left out.
fn place<'a>(marks: &[(&'a str, u32)], scale: Scale) -> Vec<Mark<'a>> {
    const ROWS: usize = 2;
    let mut taken: [Vec<Span>; ROWS] = Default::default();
    let mut placed = Vec::new();
    for &(name, median) in marks {
        let at = scale.percent(median);
        let characters = name.chars().count() + 1 + french::number(median.into()).chars().count();
        let span = Span::over(at, characters);
        let is_apart = |other: &Span| other.to <= span.from || span.to <= other.from;
        // The stroke of a label crosses the rows below it.
        let row = (0..ROWS).find(|&row| {
            taken[row].iter().all(is_apart)
                && taken[..row]
                    .iter()
                    .flatten()
                    .all(|below| at < below.from || below.to < at)
        });
        if let Some(row) = row {
            taken[row].push(span);
            placed.push(Mark {
                name,
                median,
                at,
                span,
                row,
            });
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_says_where_sales_lie() {
        let ruler = Ruler {
            eight_of_ten: Some([2_000, 4_000]),
            half: Some([2_500, 3_500]),
            median: 3_000,
            marks: &[("Val-d’Oise", 3_200)],
            ..Ruler::default()
        };
        let svg = ruler.draw(Scale::new(1_000.0, 5_000.0));
        assert!(
            svg.contains("<rect class=\"eight\" x=\"25%\" y=\"23\" width=\"50%\""),
            "{svg}"
        );
        assert!(svg.contains("<rect class=\"half\" x=\"37.5%\""), "{svg}");
        assert!(svg.contains("class=\"median\" x1=\"50%\""), "{svg}");
        assert!(
            svg.contains("Val-d’Oise <tspan>3\u{202f}200</tspan>"),
            "{svg}"
        );
        assert_eq!(ruler.values().max(), Some(4_000));
    }

    #[test]
    fn no_label_lies_over_another_at_any_value() {
        let names = [
            "Alpes-de-Haute-Provence",
            "Provence-Alpes-Côte d’Azur",
            "France",
        ];
        let scale = Scale::new(1_000.0, 6_000.0);
        for first in (1_000..6_000).step_by(250) {
            for second in (1_000..6_000).step_by(250) {
                let marks = [(names[0], first), (names[1], second), (names[2], 2_900)];
                let placed = place(&marks, scale);
                assert_eq!(placed[0].row, 0);
                for (number, one) in placed.iter().enumerate() {
                    for other in placed[..number].iter().filter(|other| other.row == one.row) {
                        let (one, other) = (one.span, other.span);
                        assert!(one.to <= other.from || other.to <= one.from, "{marks:?}");
                    }
                }
            }
        }
    }
}
