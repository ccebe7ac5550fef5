//! The operator's page, `admin/`: the state of the data, the runs of the last year, sizes against the host's limits.
//!
//! It is made of what the version store holds alone, so that it can follow a rollback anywhere.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use tera::Tera;

use super::health::{Health, next_update};
use super::{HistoryEntry, VersionError};
use crate::base::run::{Run, RunOutcome};
use crate::site::{SiteError, french, register_filters};

/// Months of the chart.
const MONTHS: i32 = 12;

/// Refusals that are listed, the last ones.
const REFUSALS: usize = 10;

/// Widths and heights of the chart, in the units of its viewBox.
const COLUMN: u32 = 27;
const BAR: u32 = 17;
const HEIGHT: u32 = 90;
/// Room for a line of text above the columns, and below.
const LABEL: u32 = 18;

/// Outcomes as the chart has them, from the foot of a column up: a run of them and several in French, and the colour. The
/// colours are told apart by who sees no red or no green, on white and on black.
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

/// How large a version is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sizes {
    pub files: u64,
    /// Bytes, of all and of the largest file.
    pub size: u64,
    largest: u64,
}

/// What the page shows.
#[derive(Serialize)]
struct Page<'a> {
    site_name: &'a str,
    version: &'a str,
    published: String,
    rolled_back: bool,
    last_update: Option<String>,
    data_version: &'a str,
    cities: u64,
    cities_up_to_date: u64,
    transactions: u64,
    sources: Vec<SourceRow<'a>>,
    next: String,
    workflow: &'a str,
    runs: u64,
    chart: Chart,
    gates: Vec<Gate>,
    refusals: Vec<Refused<'a>>,
    host: &'a str,
    sizes: Vec<Size>,
    style: Option<String>,
    icon: Option<String>,
}

#[derive(Serialize)]
struct SourceRow<'a> {
    id: &'a str,
    released: Option<String>,
    expected_by: Option<String>,
}

#[derive(Serialize)]
struct Chart {
    width: u32,
    height: u32,
    foot: u32,
    columns: Vec<Column>,
    legend: Vec<Legend>,
}

/// A month of the chart.
#[derive(Serialize)]
struct Column {
    /// "nov." and "novembre 2026".
    short: String,
    name: String,
    middle: u32,
    bars: Vec<Bar>,
    /// In the order of [`OUTCOMES`].
    counts: Vec<u64>,
    total: u64,
}

#[derive(Serialize)]
struct Bar {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    colour: &'static str,
}

#[derive(Serialize)]
struct Legend {
    name: &'static str,
    /// "12 publiées"
    counted: String,
    colour: &'static str,
    total: u64,
}

#[derive(Serialize)]
struct Gate {
    what: &'static str,
    threshold: String,
}

#[derive(Serialize)]
struct Refused<'a> {
    /// "07/09/2026"
    day: String,
    source: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Size {
    what: &'static str,
    here: String,
    limit: Option<String>,
    passed: bool,
}

/// Makes the page of the version that is live since `current`. `runs` are those on record by then, the last first.
pub(super) fn page(
    connection: &Connection,
    current: &HistoryEntry,
    published_at: Timestamp,
    health: &Health,
    runs: &[Run],
) -> Result<Vec<u8>, VersionError> {
    let settings = &health.settings;
    let sizes = sizes(connection, &current.version)?;
    let rolled_back = current.action == "rollback";
    let outcome = match rolled_back {
        true => RunOutcome::RolledBack,
        false => RunOutcome::Published,
    };
    let mut outcomes = vec![(published_at, outcome)];
    outcomes.extend(runs.iter().map(|run| (run.completed_at, run.outcome)));
    let chart = chart(published_at, &outcomes);
    let refusals = runs
        .iter()
        .flat_map(|run| {
            run.details.refusals.iter().map(|refused| Refused {
                day: utc(run.completed_at).strftime("%d/%m/%Y").to_string(),
                source: &refused.source,
                reason: &refused.reason,
            })
        })
        .take(REFUSALS);
    let host = &settings.host;
    let page = Page {
        site_name: &settings.site_name,
        version: &current.version,
        published: moment(published_at),
        rolled_back,
        last_update: health.last_update.as_deref().map(written_day),
        data_version: &health.data_version,
        cities: health.cities_count,
        cities_up_to_date: health.cities_up_to_date,
        transactions: health.total_transactions,
        sources: health
            .sources
            .iter()
            .map(|source| SourceRow {
                id: &source.id,
                released: source.released.as_deref().map(written_day),
                expected_by: source.expected_by.as_deref().map(written_day),
            })
            .collect(),
        next: moment(next_update(published_at)),
        workflow: &settings.workflow,
        runs: chart.legend.iter().map(|outcome| outcome.total).sum(),
        chart,
        gates: settings.gates.iter().filter_map(gate).collect(),
        refusals: refusals.collect(),
        host: &host.name,
        sizes: vec![
            size("Fichiers", sizes.files, host.files, |files| {
                french::number(files as i64)
            }),
            size("Taille du site", sizes.size, host.size, bytes),
            size("Plus gros fichier", sizes.largest, host.file_size, bytes),
        ],
        style: asset(connection, &current.version, "style.", ".css")?,
        icon: asset(connection, &current.version, "icon.", ".svg")?,
    };
    let render = || {
        let mut tera = Tera::default();
        register_filters(&mut tera);
        tera.add_raw_template("admin.html", include_str!("admin.html"))?;
        tera.render("admin.html", &tera::Context::from_serialize(&page)?)
    };
    let text = render().map_err(|error| SiteError::template(&error))?;
    Ok(text.into_bytes())
}

/// The runs of the last year by month, up to the month of a time.
fn chart(until: Timestamp, outcomes: &[(Timestamp, RunOutcome)]) -> Chart {
    let last = utc(until).first_of_month();
    let months = (0..MONTHS)
        .rev()
        .filter_map(|back| last.checked_sub(back.months()).ok());
    let counted: Vec<(Date, Vec<u64>)> = months
        .map(|month| {
            let counts = OUTCOMES.iter().map(|(counted, _, _)| {
                let here = outcomes.iter().filter(|(time, outcome)| {
                    utc(*time).first_of_month() == month && outcome == counted
                });
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
            Legend {
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

/// A gate in words; `None` for one that this program does not know.
fn gate((key, threshold): &(String, f64)) -> Option<Gate> {
    let what = match key.as_str() {
        "lost" => "mutations ou ventes perdues dans une année",
        "moved" => "déplacement de la médiane d’un département",
        "unreadable" => "lignes illisibles",
        "unknown_communes" => "lignes de communes inconnues",
        _ => return None,
    };
    Some(Gate {
        what,
        threshold: format!("{}{}%", french::decimal(*threshold), french::SPACE),
    })
}

fn size(what: &'static str, here: u64, limit: Option<u64>, write: fn(u64) -> String) -> Size {
    Size {
        what,
        here: write(here),
        limit: limit.map(write),
        passed: limit.is_some_and(|limit| here > limit),
    }
}

/// "612,3 Mo"
fn bytes(bytes: u64) -> String {
    let (size, unit) = match bytes {
        0..1_000 => (bytes as f64, "o"),
        1_000..1_000_000 => (bytes as f64 / 1e3, "ko"),
        1_000_000..1_000_000_000 => (bytes as f64 / 1e6, "Mo"),
        _ => (bytes as f64 / 1e9, "Go"),
    };
    format!("{}{}{unit}", french::decimal(size), french::SPACE)
}

fn utc(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

/// The day of a time as upstream or the data writes it, in French; as it is when it is none.
fn written_day(text: &str) -> String {
    text.get(..10)
        .and_then(|day| day.parse().ok())
        .map_or_else(|| text.to_owned(), french::day)
}

/// "samedi 21 novembre 2026 à 14 h 30 (UTC)"
fn moment(time: Timestamp) -> String {
    let zoned = time.to_zoned(TimeZone::UTC);
    let weekday = match zoned.weekday() {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    };
    let space = french::SPACE;
    format!(
        "{weekday} {} à {}{space}h{space}{:02} (UTC)",
        french::day(zoned.date()),
        zoned.hour(),
        zoned.minute()
    )
}

/// How large a version is.
fn sizes(connection: &Connection, number: &str) -> Result<Sizes, VersionError> {
    let measured: String = connection.query_row(
        &format!("SELECT coalesce(extent, {MEASURE}) FROM versions WHERE number = ?"),
        [number],
        |row| row.get(0),
    )?;
    Ok(serde_json::from_str(&measured)?)
}

/// The [`Sizes`] of a row of `versions`, as JSON.
pub(super) const MEASURE: &str = "(SELECT json_object('files', count(*), 'size', coalesce(sum(o.size), 0), 'largest', coalesce(max(o.size), 0))
      FROM entries e JOIN objects o ON o.id = e.object WHERE e.version = versions.id)";

/// The path of an asset of a version, which has a hash in its name.
fn asset(
    connection: &Connection,
    number: &str,
    start: &str,
    end: &str,
) -> Result<Option<String>, VersionError> {
    // The paths first, for there are few: a version has as many entries as the site has files.
    Ok(connection
        .query_row(
            "SELECT p.path FROM paths p CROSS JOIN versions v CROSS JOIN entries e
             WHERE p.path >= 'assets/' AND p.path < 'assets0' AND p.path GLOB 'assets/' || ?1 || '*' || ?2
               AND v.number = ?3 AND e.version = v.id AND e.path = p.id",
            [start, end, number],
            |row| row.get(0),
        )
        .optional()?)
}
