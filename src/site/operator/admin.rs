//! The operator's page, `admin/`: the state of the data, the runs of the last year, sizes against the host's limits.
//!
//! It is made of what the version store holds alone, so that it can follow a rollback anywhere.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Serialize;
use tera::Tera;

use super::chart::{Chart, chart};
use super::facts::{HistoryAction, HistoryEntry, OperatorFacts};
use super::health::next_update;
use crate::base::run::{Counted, RefusalFacts, RefusedCounts, RefusedInput};
use crate::site::error::SiteError;
use crate::site::typography::typeset;
use crate::site::{filters, french};

/// Refusals that are listed, the last ones.
const REFUSALS: usize = 10;

/// What the page shows.
#[derive(Serialize)]
struct AdminPage<'a> {
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
    refusals: Vec<RefusedRow<'a>>,
    host: &'a str,
    sizes: Vec<SizeRow>,
    style: Option<&'a String>,
    icon: Option<&'a String>,
}

/// How fresh a source is.
#[derive(Serialize)]
struct SourceRow<'a> {
    id: &'a str,
    released: Option<String>,
    expected_by: Option<String>,
}

/// What a gate refuses.
#[derive(Serialize)]
struct Gate {
    what: &'static str,
    threshold: String,
}

/// Input that was refused.
#[derive(Serialize)]
struct RefusedRow<'a> {
    /// `07/09/2026`
    day: String,
    source: &'a str,
    /// In French, by the gate: what a file holds and where it lay stays with the run.
    reason: String,
    /// The page of the run, which tells more.
    run: Option<&'a str>,
}

/// A measure of the site beside the host's limit.
#[derive(Serialize)]
struct SizeRow {
    what: &'static str,
    here: String,
    limit: Option<String>,
    passed: bool,
}

/// Makes the page of the live version.
///
/// # Errors
/// When the template fails.
pub(super) fn page(facts: &OperatorFacts<'_>, live: &HistoryEntry) -> Result<Vec<u8>, SiteError> {
    let (health, extent) = (facts.health, facts.extent);
    let settings = &health.settings;
    // The run that put the version live is on record once it has ended.
    let mut outcomes = vec![(utc_day(live.date), live.action.outcome())];
    let ended = facts.runs.iter();
    outcomes.extend(ended.map(|run| (utc_day(run.completed_at), run.outcome)));
    let chart = chart(utc_day(live.date), &outcomes);
    let asset = |start: &str, end: &str| {
        let mut assets = facts.assets.iter();
        assets.find(|path| path.starts_with(start) && path.ends_with(end))
    };
    let refusals = facts
        .runs
        .iter()
        .flat_map(|run| {
            run.details.refusals.iter().map(|refused| RefusedRow {
                day: utc_day(run.completed_at).strftime("%d/%m/%Y").to_string(),
                source: &refused.source,
                reason: reason(refused, &settings.gates),
                run: run
                    .details
                    .run_url
                    .as_deref()
                    .filter(|url| url.starts_with("https://")),
            })
        })
        .take(REFUSALS);
    let host = &settings.host;
    let page = AdminPage {
        site_name: &settings.site_name,
        version: &live.version,
        published: moment(live.date),
        rolled_back: live.action == HistoryAction::Rollback,
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
        next: moment(next_update(live.date)),
        workflow: &settings.workflow,
        runs: chart.runs(),
        chart,
        gates: settings.gates.iter().filter_map(gate).collect(),
        refusals: refusals.collect(),
        host: &host.name,
        sizes: vec![
            size("Fichiers", extent.files, host.files, |files| {
                french::number(files as i64)
            }),
            size("Taille du site", extent.size, host.size, bytes),
            size("Plus gros fichier", extent.largest, host.file_size, bytes),
        ],
        style: asset("assets/style.", ".css"),
        icon: asset("assets/icon.", ".svg"),
    };
    let render = || {
        let mut tera = Tera::default();
        filters::register(&mut tera);
        tera.add_raw_template("admin.html", &typeset(include_str!("admin.html")))?;
        tera.render("admin.html", &tera::Context::from_serialize(&page)?)
    };
    let text = render().map_err(|error| SiteError::template(&error))?;
    Ok(text.into_bytes())
}

/// The gates by their names: what each refuses, above a threshold or at all.
const GATES: [(&str, &str); 14] = [
    ("lost", "mutations ou ventes perdues"),
    ("gained", "mutations ou ventes en plus"),
    (
        "fewer",
        "mutations ou ventes qui manquent à une période nouvelle",
    ),
    ("moved", "déplacement de la médiane d’un département"),
    ("natures", "déplacement de la part d’une nature de mutation"),
    ("unreadable", "lignes illisibles"),
    ("unknown_communes", "lignes de communes inconnues"),
    ("unknown_natures", "mutations de nature inconnue"),
    ("places", "lieux renommés, déplacés ou disparus"),
    ("older", "fichier plus ancien que celui qui est en place"),
    ("vanished", "territoire qui n’a plus aucune ligne"),
    (
        "part",
        "fichier qui n’est qu’une partie de celui qui est en place",
    ),
    ("licence", "autre licence que celle de l’édition en place"),
    ("year", "fichier d’une autre année que celle de son adresse"),
];

fn gate_words(key: &str) -> Option<&'static str> {
    let (_, words) = GATES.into_iter().find(|(gate, _)| *gate == key)?;
    Some(words)
}

/// A gate in words; `None` for one that this program does not know.
fn gate((key, threshold): &(String, f64)) -> Option<Gate> {
    Some(Gate {
        what: gate_words(key)?,
        threshold: share(*threshold),
    })
}

fn share(percent: f64) -> String {
    format!("{}{}%", french::decimal(percent), french::SPACE)
}

/// Why input was refused: the file without the folders that it lay in, the gate and its threshold, and what was counted.
fn reason(refused: &RefusedInput, thresholds: &[(String, f64)]) -> String {
    let why = match &refused.gate {
        None => "fichier qui ne peut pas être lu, ou qui n’est pas ce qui était attendu".to_owned(),
        Some(key) => {
            let what = gate_words(key).map_or_else(
                || format!("contrôle «{}{key}{}»", french::SPACE, french::SPACE),
                str::to_owned,
            );
            match thresholds.iter().find(|(gate, _)| gate == key) {
                Some((_, threshold)) => format!("{what}, plus de {}", share(*threshold)),
                None => what,
            }
        }
    };
    let details = details(&refused.facts);
    let why = match details.is_empty() {
        true => why,
        false => format!("{why} ({})", details.join(", ")),
    };
    let file = refused
        .file
        .as_deref()
        .and_then(|file| file.rsplit(['/', '\\']).next());
    match file.filter(|file| !file.is_empty()) {
        Some(file) => format!("{file}{}: {why}", french::SPACE),
        None => why,
    }
}

/// Where it is, what was counted and which column is to blame.
fn details(facts: &RefusalFacts) -> Vec<String> {
    let departement = facts.departement.as_deref();
    let column = facts.column.as_deref();
    let parts = [
        departement.map(|code| format!("département{}{code}", french::SPACE)),
        facts.months.map(french::span),
        facts.counts.map(counts),
        column.map(|column| match column.contains(", ") {
            true => format!("colonnes {column}"),
            false => format!("colonne {column}"),
        }),
    ];
    parts.into_iter().flatten().collect()
}

/// "350 ventes d’appartement, contre 420", "120 lignes sur 3 000"
fn counts(counts: RefusedCounts) -> String {
    let (one, many) = match counts.what {
        Counted::Lines => ("ligne", "lignes"),
        Counted::Mutations => ("mutation", "mutations"),
        Counted::Houses => ("vente de maison", "ventes de maison"),
        Counted::Flats => ("vente d’appartement", "ventes d’appartement"),
        Counted::Business => ("vente de local d’activité", "ventes de local d’activité"),
        Counted::Communes => ("commune", "communes"),
        Counted::Epcis => ("EPCI", "EPCI"),
        Counted::Departements => ("département", "départements"),
        Counted::Regions => ("région", "régions"),
    };
    let number = |count: u64| french::number(count as i64);
    let found = french::count(counts.found as i64, one, many);
    match (counts.of, counts.before) {
        (Some(all), _) => format!("{found} sur {}", number(all)),
        (None, Some(before)) => format!("{found} contre {}", number(before)),
        (None, None) => found,
    }
}

fn size(what: &'static str, here: u64, limit: Option<u64>, write: fn(u64) -> String) -> SizeRow {
    SizeRow {
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

fn utc_day(time: Timestamp) -> Date {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::month::HalfYear;

    #[test]
    fn a_refusal_is_told_in_french_without_what_the_file_holds() {
        let thresholds = [("lost".to_owned(), 12.5)];
        let told = |file: Option<&str>, gate: Option<&str>, facts| {
            let refused = RefusedInput {
                source: "dvf".into(),
                file: file.map(str::to_owned),
                gate: gate.map(str::to_owned),
                facts,
                reason: "/home/runner/2024.csv, line 2, column a: \"<b>\" found".into(),
            };
            reason(&refused, &thresholds)
        };
        let flats = RefusalFacts {
            departement: Some("83".to_owned()),
            months: Some(HalfYear::of("2024-07".parse().unwrap()).months()),
            counts: Some(RefusedCounts::after(Counted::Flats, 1_350, 1_620)),
            column: None,
        };
        let lines = RefusedCounts::of(Counted::Lines, 120, 3_000);
        let none = RefusalFacts::default;
        for (file, gate, facts, expected) in [
            (
                Some("2024"),
                Some("lost"),
                none(),
                "2024\u{a0}: mutations ou ventes perdues, plus de 12,5\u{a0}%",
            ),
            (
                Some("2024"),
                Some("lost"),
                flats,
                "2024\u{a0}: mutations ou ventes perdues, plus de 12,5\u{a0}% (département\u{a0}83, juillet – décembre 2024, 1\u{202f}350\u{a0}ventes d’appartement contre 1\u{202f}620)",
            ),
            (
                None,
                Some("unreadable"),
                RefusalFacts::of_column("valeur_fonciere").counting(lines),
                "lignes illisibles (120\u{a0}lignes sur 3\u{202f}000, colonne valeur_fonciere)",
            ),
            (
                None,
                Some("vanished"),
                none().counting(RefusedCounts::only(Counted::Communes, 1)),
                "territoire qui n’a plus aucune ligne (1\u{a0}commune)",
            ),
            (
                Some("/home/runner/2024.csv"),
                Some("older"),
                none(),
                "2024.csv\u{a0}: fichier plus ancien que celui qui est en place",
            ),
            (
                Some("2024"),
                Some("new"),
                none(),
                "2024\u{a0}: contrôle «\u{a0}new\u{a0}»",
            ),
            (
                None,
                None,
                none(),
                "fichier qui ne peut pas être lu, ou qui n’est pas ce qui était attendu",
            ),
        ] {
            assert_eq!(told(file, gate, facts), expected);
        }
    }
}
