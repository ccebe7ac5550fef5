//! GitHub Pages.

use super::kind::{Host, HostFile, Limits, SentHeaders};
use super::shared::host_name;
use crate::config::Config;

/// <https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits>, as of November 2026. A
/// deployment may take ten minutes, and files get ten minutes in caches, whatever the site says.
pub(super) const HOST: Host = Host {
    key: "github-pages",
    name: "GitHub Pages",
    limits: |_| Limits {
        size: Some(1_000_000_000),
        files_seen_to_fail: Some(70_000),
        ..Limits::default()
    },
    headers: SentHeaders::OfHost,
    is_pushed_to: false,
    files: Some(files),
};

fn files(config: &Config, _: &str) -> Vec<HostFile> {
    let name = host_name(config);
    let mut files = vec![HostFile {
        path: "site/.nojekyll",
        text: String::new(),
    }];
    // A domain that is not the project's own would make the host refuse the site.
    if !name.ends_with(".github.io") && !config.site.is_placeholder() {
        files.push(HostFile {
            path: "site/CNAME",
            text: format!("{name}\n"),
        });
    }
    files
}
