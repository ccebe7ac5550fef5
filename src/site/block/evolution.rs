//! How prices went: the rolling medians as a curve with the wider place's beside it, where sales are enough for one.

use schemars::JsonSchema;
use serde::Serialize;

use super::changes::Shown;
use crate::base::month::{Month, Months, Period};
use crate::site::around::Around;
use crate::site::chart::curve::{Curve, CurveGrid, CurvePoint, ENDS};
use crate::site::{french, homes};
use crate::stats::{Figures, KindModelled, Segment};

/// Sales in each twelve months from which there is a curve.
const LEAST_SALES: u64 = 11;

/// Points from which there is one: fewer are a table.
const LEAST_POINTS: usize = 5;

/// `figures.evolution` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Evolution {
    curves: Vec<KindCurve>,
    /// Where the first and the last point stand, for the script.
    ends: &'static str,
    /// The wider place whose curve is drawn too.
    wider: Option<String>,
    /// A title tells of a change for comparable homes, which the curve is not of.
    compared: bool,
    provisional: bool,
}

/// The curve of one kind, and its numbers.
#[derive(Serialize, JsonSchema)]
struct KindCurve {
    class: &'static str,
    /// By the change for comparable homes over the longest span.
    finding: Option<Shown>,
    svg: String,
    rows: Vec<Row>,
}

/// A point.
#[derive(Serialize, JsonSchema)]
struct Row {
    #[schemars(with = "String")]
    month: Month,
    median: u32,
    interval: Option<[u32; 2]>,
    wider: Option<u32>,
    volume: u64,
    provisional: bool,
}

impl Evolution {
    /// From the figures of a place, and the wider places that it is drawn beside.
    pub(crate) fn new(figures: &Figures, around: &Around<'_>) -> Self {
        let incomplete: Vec<_> = figures.incomplete.iter().map(|late| late.month).collect();
        let wider = around.first();
        let kind = |house: bool| {
            let (segment, modelled) = figures.home(house);
            let series = wider.map_or(&[][..], |place| place.series(house));
            (house, rows(segment, series, &incomplete), modelled)
        };
        let kinds = [kind(false), kind(true)];
        let kinds: Vec<_> = kinds
            .into_iter()
            .filter(|(_, rows, _)| rows.len() >= LEAST_POINTS)
            .collect();
        let values = kinds
            .iter()
            .flat_map(|(_, rows, _)| rows.iter().flat_map(Row::values));
        let Some(grid) = CurveGrid::around(values) else {
            return Self {
                curves: Vec::new(),
                ends: ENDS,
                wider: None,
                compared: false,
                provisional: false,
            };
        };
        let name = wider.map_or("", |place| place.name.as_str());
        let curves: Vec<_> = kinds
            .into_iter()
            .map(|(house, rows, modelled)| KindCurve::new(house, rows, modelled, name, grid))
            .collect();
        let rows = || curves.iter().flat_map(|curve| &curve.rows);
        Self {
            wider: rows()
                .any(|row| row.wider.is_some())
                .then(|| name.to_owned()),
            compared: curves.iter().any(|curve| curve.finding.is_some()),
            provisional: rows().any(|row| row.provisional),
            ends: ENDS,
            curves,
        }
    }
}

/// The latest run of rolling medians that all rest on sales enough.
fn rows(segment: &Segment, wider: &[(Period, u32)], incomplete: &[Month]) -> Vec<Row> {
    let known = segment.quarterly.iter().rev().map_while(|point| {
        let Period::Quarter(month) = point.period else {
            return None;
        };
        let months = Months::ending(month, 12);
        let row = Row {
            month,
            median: point.median?,
            interval: point.interval,
            wider: wider
                .iter()
                .find(|(at, _)| *at == point.period)
                .map(|(_, median)| *median),
            volume: point.n,
            provisional: incomplete
                .iter()
                .any(|late| (months.first..=months.last).contains(late)),
        };
        (point.n >= LEAST_SALES).then_some(row)
    });
    let mut rows: Vec<_> = known.collect();
    rows.reverse();
    last_run(rows, |row| row.month)
}

/// The last quarters that follow one another, by their last months: one that is left out would be drawn as if nothing were missing.
pub(super) fn last_run<Q>(mut quarters: Vec<Q>, end: impl Fn(&Q) -> Month) -> Vec<Q> {
    let mut pairs = quarters.windows(2);
    let gap = pairs.rposition(|pair| end(&pair[1]) - end(&pair[0]) != 3);
    quarters.split_off(gap.map_or(0, |gap| gap + 1))
}

impl Row {
    fn values(&self) -> impl Iterator<Item = f64> + Clone {
        let [low, high] = self.interval.unwrap_or([self.median; 2]);
        let wider = self.wider.unwrap_or(self.median);
        [low, high, wider].into_iter().map(f64::from)
    }
}

impl KindCurve {
    fn new(
        house: bool,
        rows: Vec<Row>,
        modelled: &KindModelled,
        wider: &str,
        grid: CurveGrid,
    ) -> Self {
        let points: Vec<_> = rows
            .iter()
            .map(|row| CurvePoint {
                value: row.median.into(),
                interval: row.interval.map(|bounds| bounds.map(f64::from)),
                wider: row.wider.map(f64::from),
                volume: row.volume,
                provisional: row.provisional,
            })
            .collect();
        let months: Vec<Month> = rows.iter().map(|row| row.month).collect();
        let svg = Curve {
            points: &points,
            dates: &dates(&months),
            wider,
            grid,
            unit: "\u{a0}€/m²",
            volumes: "Ventes sur 12\u{a0}mois",
            says: &says(house, &rows),
        };
        Self {
            class: homes::class(house),
            finding: longest_drawn(modelled, months.first()),
            svg: svg.draw(),
            rows,
        }
    }
}

/// The change for comparable homes over the longest span that the curve shows from its first point on.
fn longest_drawn(modelled: &KindModelled, first: Option<&Month>) -> Option<Shown> {
    let changes = modelled.changes.iter().rev();
    let mut drawn = changes.filter(|change| first.is_some_and(|first| *first <= change.since));
    drawn.next().and_then(Shown::of)
}

/// Under points of some months: the years that end there and the last month, or the first and the last where there are no years.
pub(super) fn dates(months: &[Month]) -> Vec<(usize, String)> {
    let ends = months.iter().enumerate();
    let mut dates: Vec<_> = ends
        .filter(|(_, month)| month.of_year() == 12)
        .map(|(number, month)| (number, month.year().to_string()))
        .collect();
    if dates.len() < 2 {
        dates = [0, months.len() - 1]
            .map(|number| (number, french::month(months[number])))
            .into();
    } else if let Some((_, first)) = dates.first_mut() {
        *first = format!("fin\u{a0}{first}");
        if let Some((last, month)) = months
            .iter()
            .enumerate()
            .next_back()
            .filter(|(_, month)| month.of_year() != 12)
        {
            dates.push((last, french::month(*month)));
        }
    }
    dates
}

/// What the curve shows, in a sentence for those who do not see it.
fn says(house: bool, rows: &[Row]) -> String {
    let kind = homes::name(house);
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return kind.to_owned();
    };
    let highest = rows.iter().max_by_key(|row| row.median).unwrap_or(last);
    let price = |row: &Row| format!("{}\u{a0}€/m²", french::number(row.median.into()));
    format!(
        "{kind}\u{a0}: {} sur les 12\u{a0}mois jusqu’en {}, {} jusqu’en {}\u{a0}; au plus haut, {} jusqu’en {}.",
        price(first),
        french::month(first.month),
        price(last),
        french::month(last.month),
        price(highest),
        french::month(highest.month),
    )
}
