//! Verification: every byte of the stores and of `site/`, and all pages against those that the sales make today.

use std::thread::scope;

use super::build::{self, joined};
use super::failure::Failure;
use super::material::Material;
use super::missing::missing_sales;
use super::observer::{Event, Observer};
use super::project::Project;
use super::report::{Comparison, Inspection};
use crate::base::place::Place;
use crate::db::{Database, DbError};
use crate::stats::{self, CheckedFigures, StoredFigures};
use crate::version::{CheckoutHints, Findings, Store, checkout};

/// Reads everything. With `repair`, restores what is missing or altered; with `rebuild`, renders all pages from the sales
/// and compares them with the last build.
///
/// # Errors
/// When something is wrong and was not repaired, or could not be read at all.
pub fn verify(
    project: &Project,
    repair: bool,
    rebuild: bool,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let (_lock, mut store) = project.lock_with_store("verify")?;
    let (findings, checked) = scope(|threads| {
        let checked = threads.spawn(|| inspect_database(project));
        (store.verify(&project.site()), joined(checked))
    });
    let CheckedFigures {
        complaints,
        places,
        computed,
    } = checked?;
    let mut inspection = Inspection {
        findings: findings?,
        database: complaints,
    };
    observer.tell(Event::Inspected(&inspection));
    if repair && !places.is_empty() {
        compute_again(project, &places)?;
        inspection.database = inspect_database(project)?.complaints;
        observer.tell(Event::Inspected(&inspection));
    }
    if repair && !inspection.findings.is_sound() {
        inspection.findings = restore(project, &mut store, &inspection.findings)?;
        observer.tell(Event::Inspected(&inspection));
    } else if repair {
        // All files may be right, and a run that was killed have left its folder there.
        checkout(&store, &project.site(), CheckoutHints::default(), &|_| {})?;
    }
    if rebuild {
        let comparison = compare(project, &store, computed)?;
        observer.tell(Event::Compared(&comparison));
        if !comparison.different.is_empty() {
            return Err(Failure::because(
                "the site is not what a build from nothing makes; run `immostats build`",
            ));
        }
    }
    match inspection.findings.is_sound() && inspection.database.is_empty() {
        true => Ok(()),
        false if repair => Err(Failure::because(
            "not all could be repaired; `immostats build` makes the pages again, and a saved state brings the databases back",
        )),
        false => Err(Failure::because(
            "something is wrong; `immostats verify --repair` restores what it can",
        )),
    }
}

/// What is wrong with the database.
fn inspect_database(project: &Project) -> Result<CheckedFigures, Failure> {
    let only = |complaints| CheckedFigures {
        complaints,
        ..CheckedFigures::default()
    };
    let path = project.database();
    let missing = missing_sales(project).map(|missing| missing.to_string());
    let Some(database) = Database::open_read_only(&path)? else {
        let empty = path.exists().then(|| {
            format!(
                "{} holds nothing; a saved state brings back what was in it",
                path.display()
            )
        });
        return Ok(only(empty.or(missing).into_iter().collect()));
    };
    let mut complaints = database.integrity()?;
    if !complaints.is_empty() {
        return Ok(only(complaints));
    }
    complaints.extend(missing);
    for table in database.altered_tables()? {
        complaints.push(DbError::AlteredTable { table }.to_string());
    }
    let (geography, config) = (database.geography()?, project.config()?);
    let checked = stats::check(&database, &geography, &config)?;
    complaints.extend(checked.complaints);
    match database.contours() {
        Err(error @ DbError::AlteredContours { .. }) => complaints.push(error.to_string()),
        contours => drop(contours?),
    }
    if complaints.is_empty() {
        let mut update = stats::refresh(&database, &geography, &config)?;
        let records = build::inputs(project, &config, &database, &geography, &mut update);
        complaints.extend(records.err().map(|error| error.to_string()));
    }
    Ok(CheckedFigures {
        complaints,
        ..checked
    })
}

/// Computes cached figures again.
fn compute_again(project: &Project, places: &[[String; 2]]) -> Result<(), Failure> {
    let mut database = Database::open(&project.database())?;
    database.forget_figures(places)?;
    let update = stats::refresh(&database, &database.geography()?, &project.config()?)?;
    Ok(update.store(&mut database)?)
}

/// Restores contents from the files or by rendering, then the files from the contents.
fn restore(project: &Project, store: &mut Store, findings: &Findings) -> Result<Findings, Failure> {
    let material = match (
        findings.damaged.is_empty(),
        Database::open_read_only(&project.database())?,
    ) {
        (false, Some(database)) => {
            let config = project.config()?;
            Some((Material::cached(&database, &config)?, config))
        }
        _ => None,
    };
    let site = material
        .as_ref()
        .map(|(material, config)| material.site(project, config))
        .transpose()?;
    let plan = site.as_ref().map(|site| site.plan());
    let lost = store.repair(&project.site(), findings, &|path| {
        let page = plan.as_ref()?.iter().find(|page| page.path == path)?;
        site.as_ref()?.render(page).ok()
    })?;
    for path in lost {
        tracing::warn!("{path} cannot be restored: neither site/ nor the database gives its bytes");
    }
    checkout(store, &project.site(), CheckoutHints::default(), &|_| {})?;
    Ok(store.verify(&project.site())?)
}

/// Renders the pages that a build from nothing makes, and compares them with the last build's. `computed` are all figures, where
/// they were computed before.
fn compare(
    project: &Project,
    store: &Store,
    computed: Option<Vec<(Place, StoredFigures)>>,
) -> Result<Comparison, Failure> {
    let config = project.config()?;
    let Some(database) = Database::open_read_only(&project.database())? else {
        return Err(Failure::because("there is no database to build from"));
    };
    let material = Material::computed(&database, &config, computed)?;
    let site = material.site(project, &config)?;
    let plan = site.plan();
    let paths: Vec<&str> = plan.iter().map(|page| page.path.as_str()).collect();
    let different = store.compare_with(&paths, &|index| Ok(site.render(&plan[index])?))?;
    Ok(Comparison {
        rendered: paths.len(),
        different,
    })
}
