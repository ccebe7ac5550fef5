//! Caddy, on a server of the operator's own.

use std::fmt::Write;

use super::kind::{Host, HostFile, Limits, SentHeaders};
use super::shared::{authority, header_names, quoted, rules};
use crate::config::Config;

/// Its disk is the limit.
pub(super) const HOST: Host = Host {
    key: "caddy",
    name: "Caddy",
    limits: |_| Limits::default(),
    headers: SentHeaders::OfSite,
    is_pushed_to: true,
    files: Some(|config, site| {
        vec![HostFile {
            path: "Caddyfile",
            text: configuration(config, site),
        }]
    }),
};

fn configuration(config: &Config, site: &str) -> String {
    let (general, special) = rules();
    let mut text = format!(
        "# The site in Caddy, which gets itself certificates for this name.\n{} {{\n\troot * {}\n\tencode zstd gzip\n\n\theader {{\n",
        if config.site.address.starts_with("http://") {
            format!("http://{}", authority(config))
        } else {
            authority(config).to_owned()
        },
        quoted(site)
    );
    for (name, value) in general.iter().flat_map(|rule| rule.headers) {
        let _ = writeln!(text, "\t\t{name} {}", quoted(value));
    }
    text.push_str("\t}\n");
    for rule in &special {
        let _ = writeln!(text, "\theader {} {{", rule.pattern);
        for (name, value) in rule.headers {
            let _ = writeln!(text, "\t\t{name} {}", quoted(value));
        }
        text.push_str("\t}\n");
    }
    let mut encodings = config.build.precompress.clone();
    // The first that a browser knows is the one that it gets.
    encodings.sort_unstable_by(|a, b| b.cmp(a));
    let precompressed: String = encodings
        .iter()
        .map(|encoding| format!(" {}", encoding.name()))
        .collect();
    text.push_str("\n\t# What other hosts read, and what nobody should.\n\t@hidden path /_headers /.immostats*\n\terror @hidden 404\n\n\tfile_server");
    if precompressed.is_empty() {
        text.push('\n');
    } else {
        let _ = writeln!(text, " {{\n\t\tprecompressed{precompressed}\n\t}}");
    }
    text.push_str("\n\thandle_errors {\n");
    // The rules of the address that was asked for are not those of the page that says it is not there.
    for name in header_names(&special) {
        let _ = writeln!(text, "\t\theader -{name}");
    }
    text.push_str("\t\trewrite * /404.html\n\t\tfile_server\n\t}\n}\n");
    text
}
