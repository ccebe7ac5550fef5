//! Whether the site that was built has room here and is taken by its host.

use std::path::PathBuf;

use super::diagnosis::{Diagnosis, Gravity};
use super::sources::CLOCK;
use crate::app::project::Project;
use crate::base::clock;
use crate::base::words::counted;
use crate::deploy::{DeploySettings, Excess, SentHeaders, SiteExtent, excesses};
use crate::version::Store;

/// Bytes that have to be free whatever the project holds.
const LEAST_FREE: u64 = 100_000_000;

/// What is found of the version store, the disk and the host.
pub(super) fn findings(project: &Project, deploy: &DeploySettings) -> Vec<Diagnosis> {
    let (store, mut findings) = match store(project) {
        Ok(store) => (Some(store), Vec::new()),
        Err(finding) => (None, vec![finding]),
    };
    findings.push(disk(project, store.as_ref()));
    if let Some(store) = &store {
        findings.extend(host(deploy, store));
        findings.extend(time_of_version(store));
    }
    findings
}

fn store(project: &Project) -> Result<Store, Diagnosis> {
    let path = project.versions();
    match Store::open_read_only(&path) {
        Ok(Some(store)) => Ok(store),
        Ok(None) => Err(Diagnosis::warning(
            "site",
            "nothing has been built yet",
            "run `immostats update`, or `immostats import FILE…` and `immostats build`",
        )),
        Err(error) => Err(Diagnosis::problem(
            "site",
            error.to_string(),
            "restore a saved state with `immostats state restore FILE`, or move the file away and build again",
        )),
    }
}

/// Whether there is room for another build: a state is saved and restored beside what is there.
fn disk(project: &Project, store: Option<&Store>) -> Diagnosis {
    let free = match rustix::fs::statvfs(project.root()) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            return Diagnosis::warning(
                "disk",
                format!("the free space cannot be told ({error})"),
                "see that there is room for three times the size of data/ and site/",
            );
        }
    };
    let size = |path: PathBuf| path.metadata().map_or(0, |file| file.len());
    let databases = size(project.database()) + size(project.versions());
    let site = store
        .and_then(|store| store.live_sizes().ok())
        .map_or(0, |files| files.iter().map(|(_, size)| size).sum());
    let needed = LEAST_FREE + 2 * (databases + site);
    let found = format!("{} MB free", free / 1_000_000);
    if free < needed {
        let needed = needed.div_ceil(1_000_000);
        Diagnosis::problem(
            "disk",
            found,
            format!(
                "free some: {needed} MB may be needed at a time. `immostats gc --keep 5` drops old versions"
            ),
        )
    } else {
        Diagnosis::ok("disk", found)
    }
}

/// Whether the host takes the site, and its headers.
fn host(deploy: &DeploySettings, store: &Store) -> Vec<Diagnosis> {
    let name = deploy.host.name;
    let files = match store.live_sizes() {
        Ok(files) => files,
        Err(error) => {
            let advice = "run `immostats verify`";
            return vec![Diagnosis::problem("host", error.to_string(), advice)];
        }
    };
    let extent = SiteExtent::of(files.iter().map(|(path, size)| (path.as_str(), *size)));
    let finding = |excess: Excess| Diagnosis {
        status: match excess.refused {
            true => Gravity::Problem,
            false => Gravity::Warning,
        },
        ..Diagnosis::warning("host", excess.reason, excess.way_out)
    };
    let excesses = excesses(deploy.host, deploy.plan, &extent);
    let mut findings: Vec<_> = excesses.into_iter().map(finding).collect();
    if findings.is_empty() {
        findings.push(Diagnosis::ok(
            "host",
            format!(
                "{name} takes the {} and {:.1} MB of the site",
                counted(extent.files, "file"),
                extent.size as f64 / 1e6
            ),
        ));
    }
    let headers = match deploy.host.headers {
        SentHeaders::OfSite => return findings,
        SentHeaders::CacheControl => {
            "Cache-Control goes with each file, and no other header of site/_headers".to_owned()
        }
        SentHeaders::OfHost => {
            format!("{name} sends headers of its own, and not those of site/_headers")
        }
    };
    findings.push(Diagnosis::ok("headers", headers));
    findings
}

/// Whether what was done before lies before now.
fn time_of_version(store: &Store) -> Option<Diagnosis> {
    let built = store.live_version().ok()??.date;
    (built > clock::now() + CLOCK).then(|| {
        Diagnosis::problem(
            "clock",
            format!("the live version is of {built}, which is yet to come"),
            "set the clock; versions are numbered by it",
        )
    })
}
