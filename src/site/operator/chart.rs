//! The chart of the operator's page: the runs of the last twelve months, by month and outcome.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::base::run::RunOutcome;
use crate::site::french;

/// Months of the chart.
const MONTHS: i32 = 12;

/// Width of a month, in the units of the chart's viewBox, as all lengths here.
const COLUMN: u32 = 27;

/// Width of a month's column.
const BAR: u32 = 17;

/// Height of the highest column.
const HEIGHT: u32 = 90;

/// Room for a line of text above the columns, and below.
const LABEL: u32 = 18;

/// Outcomes from the foot of a column up: in French, of one run and of several, and their colours, which who sees no red or
/// no green tells apart too, on white and on black.
const OUTCOMES: [(RunOutcome, [&str; 2], &str); 5] = [
    (RunOutcome::Published, ["publiée", "publiées"], "#1b7f9c"),
    (
        RunOutcome::Unchanged,
        ["sans changement", "sans changement"],
        "#8a949a",
    ),
    (
        RunOutcome::RolledBack,
        ["retour en arrière", "retours en arrière"],
        "#7a5fb5",
    ),
    (RunOutcome::Refused, ["refusée", "refusées"], "#d08a1d"),
    (RunOutcome::Failed, ["en échec", "en échec"], "#c2453a"),
];

/// The chart, its lengths in the units of its viewBox.
#[derive(Serialize)]
pub(super) struct Chart {
    width: u32,
    height: u32,
    /// Where the columns stand.
    foot: u32,
    columns: Vec<Column>,
    legend: Vec<CountedOutcome>,
}

/// A month of the chart.
#[derive(Serialize)]
struct Column {
    /// "nov."
    short: String,
    /// "novembre 2026"
    name: String,
    /// Of its width.
    middle: u32,
    bars: Vec<Bar>,
    /// Runs, in the order of [`OUTCOMES`].
    counts: Vec<u64>,
    total: u64,
}

/// The runs of a month that ended in one way.
#[derive(Serialize)]
struct Bar {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    colour: &'static str,
}

/// The runs of all months that ended in one way.
#[derive(Serialize)]
struct CountedOutcome {
    name: &'static str,
    /// "12 publiées"
    counted: String,
    colour: &'static str,
    total: u64,
}

impl Chart {
    /// Number of runs in it.
    pub(super) fn runs(&self) -> u64 {
        self.legend.iter().map(|outcome| outcome.total).sum()
    }
}

/// The runs of twelve months, the month of a day being the last; `runs` are their days and outcomes.
pub(super) fn chart(until: Date, runs: &[(Date, RunOutcome)]) -> Chart {
    let last = until.first_of_month();
    let months = (0..MONTHS)
        .rev()
        .filter_map(|back| last.checked_sub(back.months()).ok());
    let counted: Vec<(Date, Vec<u64>)> = months
        .map(|month| {
            let counts = OUTCOMES.iter().map(|(counted, _, _)| {
                let here = runs
                    .iter()
                    .filter(|(day, outcome)| day.first_of_month() == month && outcome == counted);
                here.count() as u64
            });
            (month, counts.collect())
        })
        .collect();
    let highest = counted
        .iter()
        .map(|(_, counts)| counts.iter().sum::<u64>())
        .max()
        .unwrap_or(0)
        .max(1);
    let columns = counted
        .iter()
        .zip(0_u32..)
        .map(|((month, counts), index)| {
            let left = index * COLUMN + (COLUMN - BAR) / 2;
            let mut below = 0;
            let mut bars = Vec::new();
            for (count, (_, _, colour)) in counts.iter().zip(OUTCOMES) {
                // From sums, so that a column is as high as its total whatever is rounded.
                let scale = |runs: u64| (runs * u64::from(HEIGHT) / highest) as u32;
                let (foot, top) = (scale(below), scale(below + count));
                below += count;
                if top > foot {
                    bars.push(Bar {
                        x: left,
                        y: HEIGHT - top + LABEL,
                        width: BAR,
                        height: top - foot,
                        colour,
                    });
                }
            }
            let name = french::month_name(month.month().unsigned_abs().into()).unwrap_or_default();
            Column {
                short: short(name),
                name: format!("{name} {}", month.year()),
                middle: left + BAR / 2,
                bars,
                total: counts.iter().sum(),
                counts: counts.clone(),
            }
        })
        .collect();
    let legend = OUTCOMES
        .iter()
        .enumerate()
        .map(|(index, (_, [one, many], colour))| {
            let total = counted.iter().map(|(_, counts)| counts[index]).sum();
            CountedOutcome {
                name: many,
                counted: french::count(total as i64, one, many),
                colour,
                total,
            }
        })
        .collect();
    Chart {
        width: COLUMN * MONTHS.unsigned_abs(),
        height: HEIGHT + 2 * LABEL,
        foot: HEIGHT + LABEL,
        columns,
        legend,
    }
}

/// The name of a month in four letters at the most.
fn short(name: &str) -> String {
    if name.chars().count() <= 4 {
        return name.to_owned();
    }
    let letters = if name.starts_with("jui") { 4 } else { 3 };
    name.chars().take(letters).chain(['.']).collect()
}
