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

/// What all addresses are served with. Cloudflare joins the headers of all rules that match, so no other rule may set one
/// of these.
pub(super) const EVERYWHERE: HeaderRule = HeaderRule {
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
};

/// Open data, for programs of other sites too; kept for a day.
pub(super) const DATA: HeaderRule = HeaderRule {
    pattern: "/data/*",
    headers: &[
        ("Cache-Control", "public, max-age=86400"),
        ("Access-Control-Allow-Origin", "*"),
    ],
};

/// Pages of communes, kept for a week.
pub(super) const COMMUNES: HeaderRule = HeaderRule {
    pattern: "/ville/*",
    headers: &[("Cache-Control", "public, max-age=604800")],
};

/// Assets, kept for ever: their names hold the hash of their content.
pub(super) const ASSETS: HeaderRule = HeaderRule {
    pattern: "/assets/*",
    headers: &[("Cache-Control", "public, max-age=31536000, immutable")],
};

/// What tells of the present state is asked for anew each time.
pub(super) const VERSION: HeaderRule = HeaderRule {
    pattern: "/version.json",
    headers: &[("Cache-Control", "no-cache")],
};

/// As [`VERSION`], for monitoring.
pub(super) const API: HeaderRule = HeaderRule {
    pattern: "/api/*",
    headers: &[("Cache-Control", "no-cache")],
};

/// As [`VERSION`], for the operator and not for search engines.
pub(super) const ADMIN: HeaderRule = HeaderRule {
    pattern: "/admin/*",
    headers: &[("Cache-Control", "no-cache"), ("X-Robots-Tag", "noindex")],
};

/// Rules as `_headers`, in the format of Cloudflare Pages and Netlify.
pub(super) fn file(rules: &[&HeaderRule]) -> String {
    let mut file = String::new();
    for rule in rules {
        let _ = writeln!(file, "{}", rule.pattern);
        for (name, value) in rule.headers {
            let _ = writeln!(file, "  {name}: {value}");
        }
    }
    file
}
