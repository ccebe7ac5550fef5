//! nginx, on a server of the operator's own.

use std::fmt::Write;

use super::kind::{Host, HostFile, Limits, SentHeaders};
use super::shared::{header_names, host_name, quoted, rules};
use crate::config::{Config, Encoding};

/// Its disk is the limit.
pub(super) const HOST: Host = Host {
    key: "nginx",
    name: "nginx",
    limits: |_| Limits::default(),
    headers: SentHeaders::OfSite,
    is_pushed_to: true,
    files: Some(|config, site| {
        vec![HostFile {
            path: "nginx.conf",
            text: configuration(config, site),
        }]
    }),
};

fn configuration(config: &Config, site: &str) -> String {
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
        host_name(config),
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
