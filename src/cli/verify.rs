use std::fmt::Write as _;

use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;

use super::Context;
use super::build::Material;
use crate::config::Config;
use crate::db::Database;
use crate::version::{CheckoutHints, Findings, Store, checkout};

/// Check every byte: the databases, the contents of the version store, the files of site/
///
/// Files of site/ that immostats did not write are listed and left alone. Exit code 1 when something is wrong and was
/// not repaired.
#[derive(Debug, Args)]
pub struct Verify {
    /// Restore what is missing or altered
    #[arg(long)]
    repair: bool,
    /// Compute all figures and render all pages afresh from the sales, and compare them with the last build
    #[arg(long)]
    rebuild: bool,
}

impl Verify {
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let _lock = context.project.lock("verify", context.wait)?;
        let project = &context.project;
        let mut store = context.store()?;
        let database = match Database::open_read_only(&project.database())? {
            Some(database) => database.integrity()?,
            None => Vec::new(),
        };
        let mut findings = store.verify(&project.site())?;
        tell(context, &findings, &database);
        if self.repair && !findings.is_sound() {
            findings = repair(context, &mut store, &findings)?;
            tell(context, &findings, &database);
        } else if self.repair {
            // All files may be right, and a run that was killed have left its folder there.
            checkout(
                &mut store,
                &project.site(),
                CheckoutHints::default(),
                &|_| {},
            )?;
        }
        let different = if self.rebuild {
            rebuild(context, &store)?
        } else {
            Vec::new()
        };
        if !(findings.is_sound() && database.is_empty() && different.is_empty()) {
            bail!(match (self.repair, different.is_empty()) {
                (_, false) =>
                    "the site is not what a build from nothing makes; run `immostats build`",
                (false, true) =>
                    "something is wrong; `immostats verify --repair` restores what it can",
                (true, true) =>
                    "not all could be repaired; `immostats build` makes the pages again, and a saved state brings the databases back",
            });
        }
        Ok(())
    }
}

fn tell(context: &Context, findings: &Findings, database: &[String]) {
    let mut text = format!(
        "{} contents and {} files read: {} damaged, {} missing, {} altered, {} unknown",
        findings.objects,
        findings.files,
        findings.damaged.len(),
        findings.missing.len(),
        findings.altered.len(),
        findings.unknown.len()
    );
    for complaint in database.iter().chain(&findings.store) {
        let _ = write!(text, "\n  database: {complaint}");
    }
    for damage in &findings.damaged {
        let _ = write!(text, "\n  damaged in the store: {}", damage.path);
    }
    for (what, paths) in [
        ("missing", &findings.missing),
        ("altered", &findings.altered),
        ("unknown", &findings.unknown),
    ] {
        for path in paths {
            let _ = write!(text, "\n  {what}: {path}");
        }
    }
    context
        .terminal
        .summary(&text, &json!({"findings": findings, "database": database}));
}

/// Restores contents from the files or by rendering, then the files from the contents.
fn repair(context: &Context, store: &mut Store, findings: &Findings) -> Result<Findings> {
    let project = &context.project;
    let material = match (
        findings.damaged.is_empty(),
        Database::open_read_only(&project.database())?,
    ) {
        (false, Some(database)) => {
            let config = Config::load(project.root())?;
            Some((Material::cached(&database)?, config))
        }
        _ => None,
    };
    let site = material
        .as_ref()
        .map(|(material, config)| material.site(project, config))
        .transpose()?;
    let plan = site.as_ref().map(|site| site.plan()).transpose()?;
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

/// The pages that a build from nothing makes otherwise than the last build.
fn rebuild(context: &Context, store: &Store) -> Result<Vec<String>> {
    let project = &context.project;
    let config = Config::load(project.root())?;
    let Some(database) = Database::open_read_only(&project.database())? else {
        bail!("there is no database to build from");
    };
    let material = Material::computed(&database, &config)?;
    let site = material.site(project, &config)?;
    let plan = site.plan()?;
    let paths: Vec<&str> = plan.iter().map(|page| page.path.as_str()).collect();
    let different = store.compare_with(&paths, &|index| Ok(site.render(&plan[index])?))?;
    let mut text = format!(
        "{} pages rendered afresh: {} differ from the last build",
        paths.len(),
        different.len()
    );
    for path in &different {
        let _ = write!(text, "\n  {path}");
    }
    context.terminal.summary(
        &text,
        &json!({"rendered": paths.len(), "different": different}),
    );
    Ok(different)
}
