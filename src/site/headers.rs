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
        match self.pattern.strip_suffix('*') {
            Some(start) => address.starts_with(start),
            None => address == self.pattern,
        }
    }
}

/// What all addresses are served with. Cloudflare joins the headers of all rules that match, so no other rule may set one
/// of these.
pub(super) const EVERYWHERE: HeaderRule = HeaderRule {
    pattern: "/*",
    headers: &[
        // Pages hold no inline script or style; a theme may bring fonts and images of its own. Tools that look at a page for
        // its visitors fetch robots.txt from it. Which pages others may frame, rules of their own say: a second policy
        // could only be stricter than this one.
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'",
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        (
            "Permissions-Policy",
            "camera=(), geolocation=(self), microphone=()",
        ),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
};

/// How long figures are kept: for an hour by browsers, which no purge reaches, so that a figure that was rolled back is soon
/// gone; for a week by the CDN, which is purged. What is kept too long is shown for a day more while the new one is fetched.
const OF_FIGURES: (&str, &str) = (
    "Cache-Control",
    "public, max-age=3600, s-maxage=604800, stale-while-revalidate=86400",
);

/// Programs of other sites may read it too.
const FOR_ANY_SITE: (&str, &str) = ("Access-Control-Allow-Origin", "*");

/// What no page of another site may show within it.
const UNFRAMED: (&str, &str) = ("X-Frame-Options", "DENY");

/// Open data, for programs of other sites too, and the page that says what there is.
pub(super) const DATA: [HeaderRule; 1] = [HeaderRule {
    pattern: "/data/*",
    headers: &[
        OF_FIGURES,
        FOR_ANY_SITE,
        ("X-Robots-Tag", "noindex"),
        UNFRAMED,
    ],
}];

/// What describes the open data, and the feed of the country, for programs of other sites too.
pub(super) const SCHEMAS: [HeaderRule; 1] = [HeaderRule {
    pattern: "/schemas/*",
    headers: &[OF_FIGURES, FOR_ANY_SITE, ("X-Robots-Tag", "noindex")],
}];

/// As [`SCHEMAS`], which search engines may know.
pub(super) const FEED: [HeaderRule; 1] = [HeaderRule {
    pattern: "/atom.xml",
    headers: &[OF_FIGURES, FOR_ANY_SITE],
}];

/// Pages at the addresses of a pattern.
pub(super) const fn pages(pattern: &'static str) -> [HeaderRule; 1] {
    [HeaderRule {
        pattern,
        headers: &[OF_FIGURES, UNFRAMED],
    }]
}

/// The page that is there to be shown within others.
pub(super) const EMBED: [HeaderRule; 1] = [HeaderRule {
    pattern: "/embed/*",
    headers: &[OF_FIGURES, ("X-Robots-Tag", "noindex")],
}];

/// The home page, by its address and by its file.
pub(super) const HOME: [HeaderRule; 2] = {
    let ([address], [file]) = (pages("/"), pages("/index.html"));
    [address, file]
};

/// Assets, kept for ever: their names hold the hash of their content.
pub(super) const ASSETS: [HeaderRule; 1] = [HeaderRule {
    pattern: "/assets/*",
    headers: &[("Cache-Control", "public, max-age=31536000, immutable")],
}];

/// What tells of the present state is asked for anew each time.
pub(super) const VERSION: [HeaderRule; 1] = [HeaderRule {
    pattern: "/version.json",
    headers: &[("Cache-Control", "no-cache")],
}];

/// The archive, for programs of other sites too. Its index changes with each release.
pub(super) const ARCHIVE: [HeaderRule; 1] = [HeaderRule {
    pattern: "/archive/*",
    headers: &[OF_FIGURES, FOR_ANY_SITE, ("X-Robots-Tag", "noindex")],
}];

/// As [`VERSION`], for monitoring.
pub(super) const API: [HeaderRule; 1] = [HeaderRule {
    pattern: "/api/*",
    headers: &[("Cache-Control", "no-cache")],
}];

/// As [`VERSION`], for the operator and not for search engines.
pub(super) const ADMIN: [HeaderRule; 1] = [HeaderRule {
    pattern: "/admin/*",
    headers: &[
        ("Cache-Control", "no-cache"),
        ("X-Robots-Tag", "noindex"),
        UNFRAMED,
    ],
}];

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
