//! The headers that files of the site are served with, for hosts that read `_headers` and for the server of the demo.

use std::fmt::Write;

/// Headers for the addresses that a pattern matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderRule {
    /// A path, where `*` stands for anything.
    pub pattern: &'static str,
    /// Names and values.
    pub headers: &'static [(&'static str, &'static str)],
}

impl HeaderRule {
    /// Whether the rule is for an address, such as `/ville/83137/`.
    pub fn applies(&self, address: &str) -> bool {
        address.starts_with(self.pattern.trim_end_matches('*'))
    }
}

/// Cloudflare joins the headers of all rules that match, so each header is set by one rule alone for any address.
const RULES: [HeaderRule; 7] = [
    HeaderRule {
        pattern: "/*",
        headers: &[
            // Pages hold no script and no inline style; a theme may bring fonts and images of its own.
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
            (
                "Permissions-Policy",
                "camera=(), geolocation=(), microphone=()",
            ),
            ("Cross-Origin-Opener-Policy", "same-origin"),
        ],
    },
    HeaderRule {
        pattern: "/data/*",
        headers: &[
            ("Cache-Control", "public, max-age=86400"),
            // Open data, for programs of other sites too.
            ("Access-Control-Allow-Origin", "*"),
        ],
    },
    HeaderRule {
        pattern: "/ville/*",
        headers: &[("Cache-Control", "public, max-age=604800")],
    },
    HeaderRule {
        pattern: "/assets/*",
        headers: &[("Cache-Control", "public, max-age=31536000, immutable")],
    },
    // What tells of the present state is asked for anew each time.
    HeaderRule {
        pattern: "/version.json",
        headers: &[("Cache-Control", "no-cache")],
    },
    HeaderRule {
        pattern: "/api/*",
        headers: &[("Cache-Control", "no-cache")],
    },
    HeaderRule {
        pattern: "/admin/*",
        headers: &[("Cache-Control", "no-cache"), ("X-Robots-Tag", "noindex")],
    },
];

/// Which headers to send for which addresses. Every rule that matches applies; no two of them set one header.
pub fn header_rules() -> &'static [HeaderRule] {
    &RULES
}

/// The rules as `_headers`, in the format of Cloudflare Pages and Netlify.
pub(super) fn file() -> String {
    let mut file = String::new();
    for rule in &RULES {
        let _ = writeln!(file, "{}", rule.pattern);
        for (name, value) in rule.headers {
            let _ = writeln!(file, "  {name}: {value}");
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn headers_of(address: &str) -> Vec<(&'static str, &'static str)> {
        let matching = header_rules().iter().filter(|rule| rule.applies(address));
        matching
            .flat_map(|rule| rule.headers.iter().copied())
            .collect()
    }

    #[test]
    fn no_address_gets_a_header_twice() {
        for address in [
            "/",
            "/data/villes/83137.json",
            "/ville/83137/",
            "/assets/style.css",
            "/version.json",
            "/api/health.json",
            "/admin/",
        ] {
            let headers = headers_of(address);
            let names: HashSet<_> = headers.iter().map(|(name, _)| name).collect();
            assert_eq!(names.len(), headers.len(), "{address}");
            assert!(names.contains(&"Content-Security-Policy"));
        }
    }

    #[test]
    fn ages_are_a_day_a_week_and_a_year() {
        let age = |address| {
            headers_of(address)
                .into_iter()
                .find_map(|(name, value)| (name == "Cache-Control").then_some(value))
        };
        assert_eq!(
            age("/data/villes/83137.json"),
            Some("public, max-age=86400")
        );
        assert_eq!(age("/ville/83137/"), Some("public, max-age=604800"));
        assert_eq!(
            age("/assets/style.css"),
            Some("public, max-age=31536000, immutable")
        );
        assert_eq!(age("/"), None);
    }

    #[test]
    fn the_file_has_a_line_a_header() {
        insta::assert_snapshot!(file());
    }
}
