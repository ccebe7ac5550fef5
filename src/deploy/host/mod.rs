//! Hosts, which serve the site: a file each. To add one, write its file like the others' and register it in [`HOSTS`].

mod branch;
mod caddy;
mod cloudflare_pages;
mod excess;
mod github_pages;
mod kind;
mod netlify;
mod nginx;
mod s3;
mod shared;

use serde::{Deserialize, Deserializer};

pub use excess::{Excess, SiteExtent, excesses};
pub use kind::{Host, HostFile, HostPlan, Limits, SentHeaders};
pub use s3::{BucketSettings, Keys, MissingKey};

use super::registry;
use crate::base::address::web_address;
use crate::config::{Config, ConfigSection};

/// The hosts there are.
pub const HOSTS: [&Host; 7] = [
    &github_pages::HOST,
    &s3::HOST,
    &branch::HOST,
    &cloudflare_pages::HOST,
    &netlify::HOST,
    &nginx::HOST,
    &caddy::HOST,
];

/// What hosts have in common.
const TEMPLATE: &str = r#"
[deploy]
# Where the site is published: "github-pages", "s3" (a bucket of any S3-compatible service, by `immostats publish`),
# "branch" (a branch of the repository), "cloudflare-pages", "netlify", "nginx", "caddy". `immostats init --host` writes
# the configuration that a host reads, `immostats doctor` checks the site against its limits.
host = "github-pages"
# What the host is paid, "free" or "paid": Cloudflare Pages takes 20000 files or 100000.
plan = "free"
# The branch, for host = "branch".
branch = "gh-pages"
# Address of the page from which a run is started by hand, such as
# "https://github.com/OWNER/REPOSITORY/actions/workflows/update-data.yml": admin/ gets a button that leads there.
workflow = ""
"#;

/// The part of `immostats.toml` that is about hosts, commented, with the defaults.
pub(super) fn template() -> String {
    format!("{TEMPLATE}{}", s3::template())
}

/// `[deploy]`: where the site is published, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeploySettings {
    /// What serves the site to visitors.
    #[serde(deserialize_with = "host")]
    pub host: &'static Host,
    /// Whether the host is paid, on which its limits depend.
    pub plan: HostPlan,
    /// The branch of hosts that take the site from one.
    pub branch: String,
    /// Address of the page from which a run is started by hand; empty when there is none.
    pub workflow: String,
    /// The bucket of a host that takes the site from one.
    pub s3: BucketSettings,
}

impl Default for DeploySettings {
    fn default() -> Self {
        Self {
            host: &github_pages::HOST,
            plan: HostPlan::Free,
            branch: "gh-pages".into(),
            workflow: String::new(),
            s3: BucketSettings::default(),
        }
    }
}

fn host<'de, D: Deserializer<'de>>(value: D) -> Result<&'static Host, D::Error> {
    let names = HOSTS.map(|host| host.key);
    registry::position(value, &names).map(|position| HOSTS[position])
}

impl DeploySettings {
    /// Reads `[deploy]`.
    ///
    /// # Errors
    /// When it holds an unknown key or a value that cannot be.
    pub fn read(table: ConfigSection<'_>) -> Result<Self, String> {
        let mut settings: Self = table.read(&[])?;
        let branch = &settings.branch;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
        if branch.is_empty()
            || branch.starts_with('-')
            || !branch.bytes().all(plain)
            || branch.contains("..")
        {
            return Err(format!(
                "deploy.branch is \"{branch}\"; the name of a branch such as gh-pages was expected"
            ));
        }
        if !settings.workflow.is_empty() && web_address(&settings.workflow).is_none() {
            return Err(
                "deploy.workflow is no address; one such as https://github.com/OWNER/REPOSITORY/actions/workflows/update-data.yml was expected"
                    .into(),
            );
        }
        if settings.bucket().is_some() && settings.s3.bucket.is_empty() {
            return Err(
                "deploy.host is \"s3\", and deploy.s3.bucket names no bucket; set it".into(),
            );
        }
        settings.s3.check("deploy.s3")?;
        Ok(settings)
    }

    /// Whether a site of these settings may be published so.
    ///
    /// # Errors
    /// When it has lists of sales, which the law keeps out of search engines, and the host does not send the header for it.
    pub fn accept(&self, config: &Config) -> Result<(), String> {
        let sends = |host: &&&Host| host.headers == SentHeaders::OfSite;
        if !config.site.recent_sales || sends(&&self.host) {
            return Ok(());
        }
        let keys = HOSTS
            .iter()
            .filter(sends)
            .map(|host| format!("\"{}\"", host.key));
        Err(format!(
            "site.recent_sales is true, and {} does not send the X-Robots-Tag that keeps lists of sales out of search engines, as the law asks; set it to false, or publish on a host that sends the headers of the site: deploy.host = {}",
            self.host.name,
            keys.collect::<Vec<_>>().join(", ")
        ))
    }

    /// The branch that the workflow pushes the site to, from which its host takes it; `None` for the hosts that take it
    /// otherwise.
    pub fn pushed_branch(&self) -> Option<&str> {
        self.host.is_pushed_to.then_some(self.branch.as_str())
    }

    /// The bucket that the site is published to; `None` for other hosts.
    pub fn bucket(&self) -> Option<&BucketSettings> {
        (self.host.key == s3::HOST.key).then_some(&self.s3)
    }
}
