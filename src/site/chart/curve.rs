//! A price over time: the curve with its band, a wider place's curve beside it, and the sales of each point below.

use std::fmt::Write;

use super::labels::{Area, LARGE, Labels, SMALL, Span};
use super::{C, anchored, escaped};
use crate::site::french;

/// Units of what is drawn as wide as its place, in a hundredth of that.
const STRETCH: f64 = 10.0;

const HEIGHT: f64 = 246.0;
/// The highest and the lowest line of the grid.
const TOP: f64 = 34.0;
const BOTTOM: f64 = 152.0;
/// The sales: their base, and the height of the highest bar.
const BASE: f64 = 222.0;
const BAR: f64 = 34.0;
/// The first and the last point, in hundredths of the width: what is left of the first is for the scale's words, what is right of
/// the last for half of its bar.
const FIRST: f64 = 12.0;
const LAST: f64 = 95.0;
/// Width of the widest bar, in hundredths of that of all.
const WIDEST: f64 = 2.0 * (100.0 - LAST);
/// Between a point and what is written over or under it.
const ABOVE: f64 = 9.0;
const BELOW: f64 = 18.0;

/// A point of a curve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CurvePoint {
    /// €/m², or the level of an index.
    pub value: f64,
    pub interval: Option<[f64; 2]>,
    /// The wider place's.
    pub wider: Option<f64>,
    /// Sales that it rests on.
    pub volume: u64,
    /// Some of these are not in the files yet.
    pub provisional: bool,
}

/// What a curve shows.
pub(crate) struct Curve<'a> {
    pub points: &'a [CurvePoint],
    /// What is written under some points, by their numbers.
    pub dates: &'a [(usize, String)],
    /// The name of the wider place.
    pub wider: &'a str,
    /// Lowest and highest line of the grid, and what lies between two.
    pub grid: CurveGrid,
    /// Behind the topmost number of the grid.
    pub unit: &'a str,
    /// What the bars count.
    pub volumes: &'a str,
    /// What it says, for those who do not see it.
    pub says: &'a str,
}

/// The lines of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CurveGrid {
    low: u32,
    high: u32,
    step: u32,
}

impl CurveGrid {
    /// At most four intervals between round numbers that hold all of some values; `None` of none.
    pub(crate) fn around(values: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        const STEPS: [u32; 13] = [1, 2, 5, 10, 20, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000];
        let low = values.clone().min_by(f64::total_cmp)?;
        let high = values.max_by(f64::total_cmp)?;
        let lines = |step: u32| {
            let size = f64::from(step);
            let low = (low / size).floor() as u32 * step;
            let high = ((high / size).ceil() as u32 * step).max(low + step);
            Self { low, high, step }
        };
        let grids = STEPS.into_iter().map(lines);
        let mut fitting = grids.filter(|grid| (grid.high - grid.low) / grid.step <= 4);
        Some(fitting.next().unwrap_or_else(|| lines(20_000)))
    }

    fn lines(self) -> impl Iterator<Item = u32> {
        (self.low..=self.high).step_by(self.step as usize)
    }

    fn y(self, value: f64) -> f64 {
        let (low, high) = (f64::from(self.low), f64::from(self.high));
        let share = (value - low) / (high - low);
        BOTTOM - share.clamp(0.0, 1.0) * (BOTTOM - TOP)
    }
}

/// Where the first and the last point stand, for a script that shows the values under a finger.
pub(crate) const ENDS: &str = "12 95";

impl Curve<'_> {
    fn x(&self, number: usize) -> f64 {
        let gaps = self.points.len().saturating_sub(1).max(1);
        FIRST + (LAST - FIRST) * number as f64 / gaps as f64
    }

    /// Draws it; empty of fewer than two points.
    pub(crate) fn draw(&self) -> String {
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else {
            return String::new();
        };
        if self.points.len() < 2 {
            return String::new();
        }
        let mut svg = format!(
            "<svg class=\"chart\" width=\"100%\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            escaped(self.says),
        );
        let mut labels = Labels::default();
        // Where the numbers of the grid end, and where the topmost with its unit does.
        let (mut numbers, mut unit_end) = (0.0_f64, 0.0);
        for line in self.grid.lines() {
            let y = self.grid.y(line.into());
            let number = french::number(line.into());
            let is_top = line == self.grid.high;
            let unit = if is_top { self.unit } else { "" };
            let characters = number.chars().count() + unit.chars().count();
            let area = Area::of(characters, SMALL, 0.0, "start", y - 3.0);
            labels.keep(area);
            match is_top {
                true => unit_end = area.end(),
                false => numbers = numbers.max(area.end()),
            }
            let _ = write!(
                svg,
                "<line class=\"grid\" x2=\"100%\" y1=\"{0}\" y2=\"{0}\"/><text y=\"{1}\">{number}{unit}</text>",
                C(y),
                C(y - 3.0),
            );
        }
        self.write_volumes(&mut svg);
        // A volume that is not full yet compares with none.
        let volumes = match first.provisional || last.provisional {
            true => self.volumes.to_owned(),
            false => format!(
                "{}\u{a0}: {} → {}",
                self.volumes,
                french::number(first.volume as i64),
                french::number(last.volume as i64),
            ),
        };
        labels.keep(Area::of(
            volumes.chars().count(),
            SMALL,
            0.0,
            "start",
            BASE - BAR - 4.0,
        ));
        self.write_lines(&mut svg);
        self.write_value(
            &mut svg,
            &mut labels,
            self.points.len() - 1,
            &[(100.0, "end")],
        );
        // Beside the numbers of the grid where it would lie over one, and beside the unit where that is in the way.
        let beside = [FIRST - 1.0, numbers + 1.0, unit_end + 1.0].map(|x| (x, "start"));
        self.write_value(&mut svg, &mut labels, 0, &beside);
        self.write_wider_name(&mut svg, &mut labels);
        let _ = write!(
            svg,
            "<text y=\"{}\">{}</text><line class=\"baseline\" x2=\"100%\" y1=\"{BASE}\" y2=\"{BASE}\"/>",
            C(BASE - BAR - 4.0),
            escaped(&volumes),
        );
        self.write_dates(&mut svg, &mut labels);
        svg.push_str("</svg>");
        svg
    }

    /// A point with its value, at the first of some places where it has room: over the point or the band, or under them where the
    /// wider place's curve lies over the point.
    fn write_value(
        &self,
        svg: &mut String,
        labels: &mut Labels,
        number: usize,
        beside: &[(f64, &'static str)],
    ) {
        let point = &self.points[number];
        let [low, high] = point.interval.unwrap_or([point.value; 2]);
        let y = self.grid.y(point.value);
        let mut lines = [
            y - ABOVE,
            self.grid.y(high) - ABOVE,
            y + BELOW,
            self.grid.y(low) + BELOW,
        ];
        if point.wider.is_some_and(|wider| point.value < wider) {
            lines.rotate_left(2);
        }
        let text = french::decimal(point.value);
        let area = |(x, anchor, line): &(f64, &'static str, f64)| {
            Area::of(text.chars().count(), LARGE, *x, anchor, *line)
        };
        let mut places: Vec<_> = lines
            .iter()
            .flat_map(|line| beside.iter().map(|(x, anchor)| (*x, *anchor, *line)))
            .collect();
        // Where the curve goes through a label, it is the last choice.
        places.sort_by_key(|place| self.crosses(area(place)));
        let free = places.iter().find(|place| labels.take(area(place)));
        let Some(&(x, anchor, line)) = free.or(places.first()) else {
            return;
        };
        let _ = write!(
            svg,
            "<circle cx=\"{}%\" cy=\"{}\" r=\"4\"/><text class=\"value\" x=\"{}%\" y=\"{}\"{}>{text}</text>",
            C(self.x(number)),
            C(y),
            C(x),
            C(line),
            anchored(anchor),
        );
    }

    /// Whether the curve goes through an area.
    fn crosses(&self, area: Area) -> bool {
        let gaps = (self.points.len() - 1) as f64;
        area.columns().any(|x| {
            let at = ((x - FIRST) / (LAST - FIRST) * gaps).clamp(0.0, gaps);
            let number = (at as usize).min(self.points.len() - 2);
            let [before, after] = [number, number + 1].map(|number| self.points[number].value);
            let value = before + (after - before) * (at - number as f64);
            area.holds(self.grid.y(value))
        })
    }

    fn write_volumes(&self, svg: &mut String) {
        let most = self
            .points
            .iter()
            .map(|point| point.volume)
            .max()
            .unwrap_or(0)
            .max(1);
        let width = ((LAST - FIRST) / self.points.len() as f64 * 0.62).min(WIDEST);
        let mut bars = [String::new(), String::new()];
        for (number, point) in self.points.iter().enumerate() {
            let tall = BAR * point.volume as f64 / most as f64;
            let _ = write!(
                bars[usize::from(point.provisional)],
                "M{} {BASE}v-{1}h{2}v{1}",
                C((self.x(number) - width / 2.0) * STRETCH),
                C(tall),
                C(width * STRETCH),
            );
        }
        let [final_bars, provisional] = bars;
        let _ = write!(
            svg,
            "<svg class=\"volumes\" viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\"><path d=\"{final_bars}\"/>",
            100.0 * STRETCH
        );
        if !provisional.is_empty() {
            let _ = write!(svg, "<path class=\"provisional\" d=\"{provisional}\"/>");
        }
        svg.push_str("</svg>");
    }

    /// The band, the wider place's curve and the curve, in a drawing of their own that is stretched to the width. Paths go on
    /// by differences, which are shorter to write.
    fn write_lines(&self, svg: &mut String) {
        let _ = write!(
            svg,
            "<svg viewBox=\"0 0 1000 {HEIGHT}\" preserveAspectRatio=\"none\" width=\"100%\" height=\"{HEIGHT}\">",
        );
        let at = |number: usize, value: f64| {
            (
                (self.x(number) * 10.0).round() as i32,
                (self.grid.y(value) * 10.0).round() as i32,
            )
        };
        let points = || self.points.iter().enumerate();
        let bounds = |bound: usize| {
            points().filter_map(move |(number, point)| Some(at(number, point.interval?[bound])))
        };
        let lows: Vec<_> = bounds(0).collect();
        if lows.len() > 1 {
            let outline = bounds(1).chain(lows.into_iter().rev());
            let _ = write!(svg, "<path class=\"band\" d=\"{}z\"/>", path(outline));
        }
        let wider = points().filter_map(|(number, point)| Some(at(number, point.wider?)));
        let wider: Vec<_> = wider.collect();
        if wider.len() > 1 {
            let _ = write!(
                svg,
                "<path class=\"reference\" d=\"{}\"/>",
                path(wider.into_iter())
            );
        }
        let own = points().map(|(number, point)| at(number, point.value));
        let _ = write!(svg, "<path class=\"curve\" d=\"{}\"/></svg>", path(own));
    }

    /// The name of the wider place, by its curve where that is farthest from the own one and the name has room.
    fn write_wider_name(&self, svg: &mut String, labels: &mut Labels) {
        let characters = self.wider.chars().count();
        let mut apart: Vec<(f64, usize, f64)> = Vec::new();
        for (number, point) in self.points.iter().enumerate() {
            let Some(wider) = point.wider else { continue };
            let over = wider > point.value;
            let line = self.grid.y(wider) + if over { -ABOVE } else { 17.0 };
            let span = Span::over(self.x(number), characters);
            if span.anchor == "middle" && span.from > FIRST {
                apart.push(((wider - point.value).abs(), number, line));
            }
        }
        apart.sort_by(|a, b| b.0.total_cmp(&a.0));
        let place = apart.into_iter().find(|(_, number, line)| {
            let x = self.x(*number);
            labels.take(Area::of(characters, SMALL, x, "middle", *line))
        });
        let Some((_, number, line)) = place else {
            return;
        };
        let _ = write!(
            svg,
            "<text class=\"reference-name\" x=\"{}%\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            C(self.x(number)),
            C(line),
            escaped(self.wider),
        );
    }

    /// The dates, the last and the first before those between for which there is room.
    fn write_dates(&self, svg: &mut String, labels: &mut Labels) {
        let [first, .., last] = self.dates else {
            return;
        };
        let between = &self.dates[1..self.dates.len() - 1];
        for (number, text) in [last, first].into_iter().chain(between) {
            let (at, line) = (self.x(*number), BASE + 15.0);
            let anchor = Span::over(at, text.chars().count()).anchor;
            let x = match anchor {
                "end" => 100.0,
                "start" => 0.0,
                _ => at,
            };
            if labels.take(Area::of(text.chars().count(), SMALL, x, anchor, line)) {
                let _ = write!(
                    svg,
                    "<text x=\"{}%\" y=\"{}\"{}>{}</text>",
                    C(x),
                    C(line),
                    anchored(anchor),
                    escaped(text),
                );
            }
        }
    }
}

/// A path through points in tenths of a pixel, each told from the one before.
fn path(points: impl Iterator<Item = (i32, i32)>) -> String {
    let mut path = String::new();
    let mut last = None;
    for (x, y) in points {
        // Vertical places are in tenths; horizontal ones in thousandths of the width.
        let y = f64::from(y) / 10.0;
        let _ = match last {
            None => write!(path, "M{x} {}", C(y)),
            Some((x0, y0)) => {
                let (right, down): (i32, f64) = (x - x0, y - y0);
                let gap = if down < -0.04 { "" } else { " " };
                write!(path, "l{right}{gap}{}", C(down))
            }
        };
        last = Some((x, y));
    }
    path
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The texts of a drawing, and where they are on the narrowest screen.
    fn texts(svg: &str) -> Vec<(String, Area)> {
        let texts = svg.split("<text").skip(1).map(|rest| {
            let (attributes, rest) = rest.split_once('>').unwrap();
            let (text, _) = rest.split_once('<').unwrap();
            let value = |name: &str| {
                let (_, rest) = attributes.split_once(&format!(" {name}=\""))?;
                rest.split_once('"').map(|(value, _)| value)
            };
            let x = value("x").map_or(0.0, |x| x.trim_end_matches('%').parse().unwrap());
            let y = value("y").unwrap().parse().unwrap();
            let is_large = value("class") == Some("value");
            let size = if is_large { LARGE } else { SMALL };
            let anchor = value("text-anchor").unwrap_or_default();
            let area = Area::of(text.chars().count(), size, x, anchor, y);
            (text.to_owned(), area)
        });
        texts.collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..Default::default() })]

        #[test]
        fn no_label_lies_over_another_at_any_value(
            level in 300.0..20_000.0_f64,
            moves in prop::collection::vec((-0.4..0.4_f64, -0.4..0.4_f64, 0.0..0.2_f64), 2..12),
            has_wider in any::<bool>(),
            name in "[A-Za-z’-]{3,26}",
            volume in 1..2_000_000_u64,
        ) {
            let points: Vec<_> = moves.iter().map(|(own, wider, margin)| {
                let value = (level * (1.0 + own)).round();
                CurvePoint {
                    value,
                    interval: (*margin > 0.02).then_some([value * (1.0 - margin), value * (1.0 + margin)]),
                    wider: has_wider.then_some((level * (1.0 + wider)).round()),
                    volume,
                    provisional: false,
                }
            }).collect();
            let held = points.iter().flat_map(|point| {
                [point.value].into_iter().chain(point.wider).chain(point.interval.into_iter().flatten())
            });
            let last = points.len() - 1;
            let mut dates: Vec<_> = (0..points.len()).map(|number| (number, (2014 + number).to_string())).collect();
            if last < 3 {
                dates = vec![(0, "septembre 2021".into()), (last, "décembre 2022".into())];
            }
            let svg = Curve {
                points: &points,
                dates: &dates,
                wider: &name,
                grid: CurveGrid::around(held).unwrap(),
                unit: "\u{a0}€/m²",
                volumes: "Ventes",
                says: "",
            }
            .draw();
            let texts = texts(&svg);
            prop_assert!(texts.len() >= 6, "{svg}");
            for (number, (text, area)) in texts.iter().enumerate() {
                for (other, taken) in &texts[..number] {
                    prop_assert!(!area.overlaps(*taken), "{text} lies over {other}: {svg}");
                }
            }
        }
    }

    fn points() -> Vec<CurvePoint> {
        let point = |value: f64, volume| CurvePoint {
            value,
            interval: Some([value - 100.0, value + 100.0]),
            wider: Some(3_000.0),
            volume,
            provisional: false,
        };
        vec![
            point(2_500.0, 40),
            point(2_400.0, 20),
            point(2_600.0, 10),
            point(2_450.0, 10),
            point(2_500.0, 20),
        ]
    }

    #[test]
    fn a_grid_has_round_lines_and_four_intervals_at_most() {
        let grid = |values: &[f64]| CurveGrid::around(values.iter().copied()).unwrap();
        let all = |values: &[f64]| grid(values).lines().collect::<Vec<_>>();
        assert_eq!(
            all(&[2_610.0, 3_480.0]),
            [2_500, 2_750, 3_000, 3_250, 3_500]
        );
        assert_eq!(
            all(&[2_010.0, 3_990.0]),
            [2_000, 2_500, 3_000, 3_500, 4_000]
        );
        assert_eq!(all(&[3_000.0]), [3_000, 3_001]);
        assert_eq!(all(&[97.0, 104.2]), [95, 100, 105]);
        assert!(CurveGrid::around(std::iter::empty()).is_none());
        for low in (100..9_000).step_by(370) {
            for high in (low..20_000).step_by(731) {
                let grid = grid(&[low.into(), high.into()]);
                assert!((grid.high - grid.low) / grid.step <= 4);
                assert!(grid.low <= low as u32 && grid.high >= high as u32);
            }
        }
    }

    #[test]
    fn points_stand_at_the_places_of_their_values() {
        let points = points();
        let curve = Curve {
            points: &points,
            dates: &[(0, "fin 2021".into()), (4, "2025".into())],
            wider: "Var",
            grid: CurveGrid {
                low: 2_000,
                high: 3_000,
                step: 250,
            },
            unit: "\u{a0}€/m²",
            volumes: "Ventes",
            says: "Les prix",
        };
        let svg = curve.draw();
        // 2,500 is in the middle between 34 and 152, a hundred is 11.8 pixels.
        assert!(
            svg.contains("class=\"curve\" d=\"M120 93l208 11.8l207-23.6l208 17.7l207-5.9\""),
            "{svg}"
        );
        assert!(
            svg.contains("class=\"reference\" d=\"M120 34l208 0l207 0l208 0l207 0\""),
            "{svg}"
        );
        assert!(
            svg.contains("class=\"band\" d=\"M120 81.2l208 11.8"),
            "{svg}"
        );
        assert!(
            svg.contains("<circle cx=\"12%\" cy=\"93\" r=\"4\"/>"),
            "{svg}"
        );
        assert!(
            svg.contains("x=\"100%\" y=\"237\" text-anchor=\"end\">2025</text>"),
            "{svg}"
        );
        assert!(svg.contains("3\u{202f}000\u{a0}€/m²"), "{svg}");
        assert_eq!(svg.matches("v-").count(), 5);
        let one = Curve {
            points: &points[..1],
            ..curve
        };
        assert_eq!(one.draw(), "");
    }
}
