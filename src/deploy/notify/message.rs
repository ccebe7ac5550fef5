//! What is told of a run.

use serde::Serialize;

use crate::base::run::{RefusedInput, Run, RunOutcome};
use crate::config::Config;
use crate::site::CityChange;
use crate::version::Store;

/// Movements that are told.
const MOVEMENTS: usize = 5;

/// Movements under this, in per cent, are no news.
const STILL: f64 = 0.1;

/// What templates can name.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// The site that the run was for.
    pub site: NotifiedSite,
    /// How the run ended, by its name: `published`, `refused`…
    pub outcome: &'static str,
    /// The outcome in French.
    pub title: &'static str,
    /// `update`, `build` or `rollback`; `None` where no run is on record.
    pub command: Option<String>,
    /// The live version.
    pub version: Option<String>,
    /// The one that was live before, when this run changed it.
    pub previous: Option<String>,
    /// Mutations that the run brought into the database.
    pub new_transactions: u64,
    /// Communes whose pages the run changed.
    pub cities_updated: u64,
    /// How long the run took, in seconds, where that is known.
    pub seconds: Option<f64>,
    /// How long the run took, in words: "3 min 20 s".
    pub duration: Option<String>,
    /// Why it was refused or failed.
    pub message: Option<String>,
    /// The files that were refused, each with its reason.
    pub refusals: Vec<RefusedInput>,
    /// The largest movements of prices, of communes with enough sales for that to be news.
    pub movements: Vec<Movement>,
    /// Address of the page of the run at the service that ran it, where there is one.
    pub run_url: Option<String>,
    /// Whether the run made a version, whatever came of it afterwards.
    pub published: bool,
}

/// The site, as templates name it.
#[derive(Clone, Debug, Serialize)]
pub struct NotifiedSite {
    pub name: String,
    /// Without a slash at its end.
    pub address: String,
}

/// The price of a commune before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Movement {
    pub code: String,
    pub name: String,
    /// `appartements` or `maisons`.
    pub kind: &'static str,
    /// €/m².
    pub before: u32,
    pub after: u32,
    /// Per cent.
    pub change: f64,
}

/// The outcome to tell, and the run it is told of. An outcome that is named, by a workflow that saw more than the run did,
/// stands; the details are those of the last run if it is of the same workflow run, or where that cannot be known, if it
/// ended so.
pub fn choose<'a>(
    last: Option<&'a Run>,
    named: Option<RunOutcome>,
    run_url: Option<&str>,
) -> Option<(RunOutcome, Option<&'a Run>)> {
    let Some(named) = named else {
        return last.map(|run| (run.outcome, Some(run)));
    };
    let refused = |run: &Run| named == RunOutcome::Failed && run.outcome == RunOutcome::Refused;
    let run = last.filter(|run| match run_url {
        Some(url) => run.details.run_url.as_deref() == Some(url),
        None => run.outcome == named || refused(run),
    });
    // What a gate refused fails the workflow's run too, and is what there is to tell.
    let outcome = match run {
        Some(run) if refused(run) => RunOutcome::Refused,
        _ => named,
    };
    Some((outcome, run))
}

impl Message {
    /// The message of an outcome, with what the run and the version store have to say of it.
    pub fn new(
        config: &Config,
        store: Option<&Store>,
        outcome: RunOutcome,
        run: Option<&Run>,
        run_url: Option<String>,
    ) -> Self {
        let live = store.and_then(|store| store.head().ok().flatten());
        let version = live.map(|live| live.number);
        let details = run.map(|run| run.details.clone()).unwrap_or_default();
        let movements = match (store, &details.previous, &version) {
            (Some(store), Some(before), Some(after)) => movements(store, config, before, after),
            _ => Vec::new(),
        };
        let seconds = run.map(|run| run.details.seconds);
        Self {
            site: NotifiedSite {
                name: config.site.name.clone(),
                address: config.site.address.clone(),
            },
            outcome: outcome.as_str(),
            title: title(outcome, run),
            command: run.map(|run| run.command.clone()),
            version,
            previous: details.previous,
            new_transactions: details.changes.new_transactions,
            cities_updated: details.changes.cities_updated,
            seconds,
            duration: seconds.map(duration),
            message: run.and_then(|run| run.message.clone()),
            refusals: details.refusals,
            movements,
            run_url: run_url.or(details.run_url),
            published: run.is_some_and(|run| run.outcome == RunOutcome::Published),
        }
    }
}

fn title(outcome: RunOutcome, run: Option<&Run>) -> &'static str {
    match outcome {
        RunOutcome::Failed if run.is_some_and(|run| run.command == "rollback") => {
            "échec du retour à une version antérieure"
        }
        RunOutcome::Published => "nouvelle version en ligne",
        RunOutcome::Unchanged => "rien de nouveau",
        RunOutcome::Refused => "données refusées",
        RunOutcome::Failed => "échec de la mise à jour",
        RunOutcome::RolledBack => "retour à une version antérieure",
    }
}

/// "45 s", "3 min 20 s", with no-break spaces.
fn duration(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds}\u{a0}s"),
        (minutes, 0) => format!("{minutes}\u{a0}min"),
        (minutes, seconds) => format!("{minutes}\u{a0}min {seconds}\u{a0}s"),
    }
}

/// The largest movements between two versions. Where they cannot be told, because one is no more, there are none.
fn movements(store: &Store, config: &Config, before: &str, after: &str) -> Vec<Movement> {
    match store.diff(before, after) {
        Ok(difference) => largest(&difference.cities, config.statistics.window_sales),
        Err(error) => {
            tracing::debug!("the movements between {before} and {after} cannot be told: {error}");
            Vec::new()
        }
    }
}

/// Of the communes with that many sales in their window before and after, those whose prices moved most.
fn largest(cities: &[CityChange], sales: u32) -> Vec<Movement> {
    let enough = |volume: &Option<u64>| volume.is_some_and(|volume| volume >= u64::from(sales));
    let mut movements: Vec<_> = cities
        .iter()
        .filter(|city| city.volume.iter().all(enough))
        .filter_map(|city| {
            let kinds = [("appartements", city.appartement), ("maisons", city.maison)];
            kinds
                .into_iter()
                .filter_map(|(kind, [before, after])| {
                    let (before, after) = (before.filter(|price| *price > 0)?, after?);
                    Some(Movement {
                        code: city.code.clone(),
                        name: city.name.clone(),
                        kind,
                        before,
                        after,
                        change: (f64::from(after) / f64::from(before) - 1.0) * 100.0,
                    })
                })
                .max_by(|a, b| a.change.abs().total_cmp(&b.change.abs()))
        })
        .filter(|movement| movement.change.abs() >= STILL)
        .collect();
    movements.sort_by(|a, b| {
        let by_size = b.change.abs().total_cmp(&a.change.abs());
        by_size.then_with(|| a.code.cmp(&b.code))
    });
    movements.truncate(MOVEMENTS);
    movements
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::run::RunDetails;

    fn run(outcome: RunOutcome, url: Option<&str>) -> Run {
        Run {
            started_at: jiff::Timestamp::UNIX_EPOCH,
            completed_at: jiff::Timestamp::UNIX_EPOCH,
            command: "update".into(),
            outcome,
            version: None,
            message: None,
            details: RunDetails {
                run_url: url.map(str::to_owned),
                ..RunDetails::default()
            },
        }
    }

    #[test]
    fn the_run_is_told_of_where_it_is_the_one() {
        use RunOutcome::{Failed, Published, Refused};
        let outcome = |last: &Run, named, url: Option<&str>| {
            let (outcome, run) = choose(Some(last), named, url).unwrap();
            (outcome, run.is_some())
        };
        let refused = run(Refused, Some("a"));
        assert_eq!(outcome(&refused, None, Some("b")), (Refused, true));
        assert_eq!(outcome(&refused, Some(Failed), Some("a")), (Refused, true));
        assert_eq!(outcome(&refused, Some(Failed), Some("b")), (Failed, false));
        assert_eq!(outcome(&refused, Some(Failed), None), (Refused, true));
        // It was built, and then could not be published.
        let published = run(Published, Some("a"));
        assert_eq!(outcome(&published, Some(Failed), Some("a")), (Failed, true));
        assert_eq!(outcome(&published, Some(Failed), None), (Failed, false));
        assert!(choose(None, None, None).is_none());
        assert!(matches!(
            choose(None, Some(Failed), None),
            Some((Failed, None))
        ));
    }

    #[test]
    fn small_communes_make_no_news() {
        let city = |code: &str, prices: [[u32; 2]; 2], volume: [u64; 2]| CityChange {
            code: code.into(),
            name: code.into(),
            appartement: prices[0].map(Some),
            maison: prices[1].map(Some),
            volume: volume.map(Some),
            movement: 0.0,
        };
        let cities = [
            city("small", [[1000, 2000], [1000, 1000]], [40, 29]),
            city("flat", [[1000, 1000], [1000, 1000]], [40, 41]),
            city("up", [[1000, 1010], [1000, 1030]], [40, 41]),
            city("down", [[1000, 900], [1000, 1030]], [40, 41]),
        ];
        let told: Vec<_> = largest(&cities, 30)
            .into_iter()
            .map(|movement| (movement.code, movement.kind, movement.change.round()))
            .collect();
        assert_eq!(
            told,
            [
                ("down".to_owned(), "appartements", -10.0),
                ("up".to_owned(), "maisons", 3.0)
            ]
        );
    }

    #[test]
    fn a_time_is_told_as_people_do() {
        assert_eq!(duration(44.6), "45\u{a0}s");
        assert_eq!(duration(180.2), "3\u{a0}min");
        assert_eq!(duration(200.0), "3\u{a0}min 20\u{a0}s");
    }
}
