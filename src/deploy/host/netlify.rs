//! Netlify.

use super::kind::{Host, HostFile, Limits, SentHeaders};

const FILE: &str = r#"# The site on Netlify, which reads its headers from site/_headers. The site is built elsewhere: there is nothing to run.
[build]
publish = "site"
command = ""

# Pages are as they should be.
[build.processing]
skip_processing = true
"#;

/// 54,000 files a folder is what its support documents.
pub(super) const HOST: Host = Host {
    key: "netlify",
    name: "Netlify",
    limits: |_| Limits {
        folder_files: Some(54_000),
        ..Limits::default()
    },
    headers: SentHeaders::OfSite,
    is_pushed_to: true,
    files: Some(|_, _| {
        vec![HostFile {
            path: "netlify.toml",
            text: FILE.to_owned(),
        }]
    }),
};
