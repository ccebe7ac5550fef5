//! The configuration that a host reads, with the headers of the site.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::config::{Config, Encoding, Host};
use crate::site::{HeaderRule, header_rules};

/// A file for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFile {
    /// Where it belongs in the project's folder.
    pub path: &'static str,
    pub text: String,
}

/// What a host reads to serve the site of a project. `site` is the folder's absolute path. Empty for hosts that read
/// nothing.
pub fn host_files(host: Host, config: &Config, site: &str) -> Vec<HostFile> {
    let file = |path, text| HostFile { path, text };
    match host {
        Host::Nginx => vec![file("nginx.conf", nginx(config, site))],
        Host::Caddy => vec![file("Caddyfile", caddy(config, site))],
        Host::Netlify => vec![file("netlify.toml", NETLIFY.to_owned())],
        Host::CloudflarePages => vec![file("wrangler.toml", cloudflare(config))],
        Host::GithubPages => github(config),
        Host::S3 | Host::Branch => Vec::new(),
    }
}

/// The host of the site's address, with its port where it has one.
fn authority(config: &Config) -> &str {
    let address = config.site.address.split_once("://");
    let rest = address.map_or(config.site.address.as_str(), |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

/// The host of the site's address.
fn name(config: &Config) -> &str {
    authority(config).split(':').next().unwrap_or_default()
}

/// The rules for all addresses, and those for some.
fn rules() -> (Vec<&'static HeaderRule>, Vec<&'static HeaderRule>) {
    header_rules()
        .iter()
        .copied()
        .partition(|rule| rule.pattern == "/*")
}

/// The headers that rules set, each once, by name.
fn header_names(rules: &[&'static HeaderRule]) -> BTreeSet<&'static str> {
    let headers = rules.iter().flat_map(|rule| rule.headers);
    headers.map(|(name, _)| *name).collect()
}

/// Both servers read strings in double quotes, with backslashes before quotes and backslashes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn nginx(config: &Config, site: &str) -> String {
    let (general, special) = rules();
    let mut text = String::from(
        "# The site in nginx: include this file in the http block, as files in /etc/nginx/conf.d/ are. It listens without\n\
         # encryption: certbot --nginx adds certificates, or do it by hand.\n\n",
    );
    let names = header_names(&special);
    // A header without a value is not sent, so a map takes the place of a location a rule: those inherit no headers.
    for name in &names {
        let _ = writeln!(text, "map $uri ${} {{\n    default \"\";", variable(name));
        for rule in &special {
            for (_, value) in rule.headers.iter().filter(|(other, _)| other == name) {
                let pattern = match rule.pattern.strip_suffix('*') {
                    Some(start) => format!("^{}", escaped(start)),
                    None => format!("^{}$", escaped(rule.pattern)),
                };
                let _ = writeln!(
                    text,
                    "    {} {};",
                    quoted(&format!("~{pattern}")),
                    quoted(value)
                );
            }
        }
        text.push_str("}\n\n");
    }
    let _ = write!(
        text,
        "server {{\n    listen 80;\n    listen [::]:80;\n    server_name {};\n    root {};\n    index index.html;\n    charset utf-8;\n    charset_types text/css text/plain text/xml application/javascript;\n    error_page 404 /404.html;\n\n",
        name(config),
        quoted(site)
    );
    text.push_str(match config.build.precompress.contains(&Encoding::Gzip) {
        true => "    gzip_static on;\n    gzip_vary on;\n\n",
        false => {
            "    gzip on;\n    gzip_vary on;\n    gzip_types text/css text/plain text/xml application/json image/svg+xml;\n\n"
        }
    });
    for (name, value) in general.iter().flat_map(|rule| rule.headers) {
        let _ = writeln!(text, "    add_header {name} {} always;", quoted(value));
    }
    for name in &names {
        let _ = writeln!(text, "    add_header {name} ${};", variable(name));
    }
    text.push_str(
        "\n    location / {\n        try_files $uri $uri/ =404;\n    }\n    # What other hosts read, and what nobody should.\n    location = /_headers {\n        return 404;\n    }\n    location ~ /\\.(?!well-known/) {\n        return 404;\n    }\n}\n",
    );
    text
}

/// A variable of nginx for a header.
fn variable(header: &str) -> String {
    format!("immostats_{}", header.to_lowercase().replace('-', "_"))
}

/// A text in a regular expression that stands for itself.
fn escaped(text: &str) -> String {
    text.replace('.', "\\.")
}

fn caddy(config: &Config, site: &str) -> String {
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

const NETLIFY: &str = "# The site on Netlify, which reads its headers from site/_headers. The site is built elsewhere: there is nothing to run.\n[build]\npublish = \"site\"\ncommand = \"\"\n\n# Pages are as they should be.\n[build.processing]\nskip_processing = true\n";

fn cloudflare(config: &Config) -> String {
    let project: String = name(config)
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    format!(
        "# The site on Cloudflare Pages, which reads its headers from site/_headers: wrangler pages deploy\nname = \"{}\"\npages_build_output_dir = \"site\"\n",
        project.trim_matches('-')
    )
}

fn github(config: &Config) -> Vec<HostFile> {
    let name = name(config);
    let mut files = vec![HostFile {
        path: "site/.nojekyll",
        text: String::new(),
    }];
    if !name.ends_with(".github.io") {
        files.push(HostFile {
            path: "site/CNAME",
            text: format!("{name}\n"),
        });
    }
    files
}
