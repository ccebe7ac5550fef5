//! Cloudflare Pages.

use super::kind::{Host, HostFile, HostPlan, Limits, SentHeaders};
use super::shared::host_name;
use crate::config::Config;

/// <https://developers.cloudflare.com/pages/platform/limits/>, as of November 2026.
pub(super) const HOST: Host = Host {
    key: "cloudflare-pages",
    name: "Cloudflare Pages",
    limits: |plan| Limits {
        files: Some(match plan {
            HostPlan::Free => 20_000,
            HostPlan::Paid => 100_000,
        }),
        file_size: Some(25 << 20),
        header_rules: Some(100),
        ..Limits::default()
    },
    headers: SentHeaders::OfSite,
    is_pushed_to: true,
    files: Some(files),
};

fn files(config: &Config, _: &str) -> Vec<HostFile> {
    let project: String = host_name(config)
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    vec![HostFile {
        path: "wrangler.toml",
        text: format!(
            "# The site on Cloudflare Pages, which reads its headers from site/_headers: wrangler pages deploy\nname = \"{}\"\npages_build_output_dir = \"site\"\n",
            project.trim_matches('-')
        ),
    }]
}
