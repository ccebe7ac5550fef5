//! How a file of the site is to be served: what a web server finds out by itself, and a bucket has to be told.

use crate::base::digest::{self, Room};
use crate::config::Encoding;
use crate::site::header_rules;

/// The headers of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The value of `Content-Type`.
    pub content_type: String,
    /// The value of `Content-Encoding`; `None` where the file is in its plain form.
    pub content_encoding: Option<&'static str>,
    /// The value of `Cache-Control`; `None` where none is sent.
    pub cache_control: Option<&'static str>,
}

/// How the file at a path of the site is to be served. A compressed variant is what it unpacks to, in an encoding.
pub fn delivery(path: &str) -> Delivery {
    let (plain, encoding) = Encoding::of(path);
    let mut content_type = mime_guess::from_path(plain)
        .first_or_octet_stream()
        .to_string();
    if content_type.starts_with("text/") {
        content_type.push_str("; charset=utf-8");
    }
    let address = format!("/{plain}");
    let cache_control = header_rules()
        .iter()
        .filter(|rule| rule.applies(&address))
        .flat_map(|rule| rule.headers)
        .find_map(|(name, value)| (*name == "Cache-Control").then_some(*value));
    Delivery {
        content_type,
        content_encoding: encoding.map(Encoding::name),
        cache_control,
    }
}

impl Delivery {
    /// Stands for a file with this hash that is served like this.
    pub fn fingerprint(&self, hash: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(hash);
        let encoding = self.content_encoding.unwrap_or_default();
        let cache = self.cache_control.unwrap_or_default();
        for text in [self.content_type.as_str(), encoding, cache] {
            hasher.update(blake3::hash(text.as_bytes()).as_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}

/// Stands for how files are served by this program: this room, the rules of headers, which are part of the site, and the
/// libraries, which know the types of files.
pub(super) fn digest() -> String {
    let rooms = [&digest::DEPLOY, &digest::SITE].map(Room::digest);
    let served = digest::together(rooms.iter().chain(&[digest::program()]));
    served.to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_file_is_told_apart() {
        let told = |path: &str| {
            let delivery = delivery(path);
            (
                delivery.content_type,
                delivery.content_encoding,
                delivery.cache_control,
            )
        };
        let pages = Some("public, max-age=3600, s-maxage=604800, stale-while-revalidate=86400");
        let year = Some("public, max-age=31536000, immutable");
        for (path, content_type, encoding, cache) in [
            ("index.html", "text/html; charset=utf-8", None, pages),
            (
                "ville/83137/index.html",
                "text/html; charset=utf-8",
                None,
                pages,
            ),
            (
                "ville/83137/index.html.gz",
                "text/html; charset=utf-8",
                Some("gzip"),
                pages,
            ),
            (
                "index.html.gz",
                "text/html; charset=utf-8",
                Some("gzip"),
                pages,
            ),
            ("404.html", "text/html; charset=utf-8", None, None),
            (
                "version.json.gz",
                "application/json",
                Some("gzip"),
                Some("no-cache"),
            ),
            ("data/villes/83137.json", "application/json", None, pages),
            (
                "data/villes/83137.json.zst",
                "application/json",
                Some("zstd"),
                pages,
            ),
            (
                "assets/style.0123.css",
                "text/css; charset=utf-8",
                None,
                year,
            ),
            ("assets/icon.0123.svg", "image/svg+xml", None, year),
            ("sitemap.xml", "text/xml; charset=utf-8", None, None),
            ("robots.txt", "text/plain; charset=utf-8", None, None),
            ("CNAME", "application/octet-stream", None, None),
        ] {
            assert_eq!(
                told(path),
                (content_type.to_owned(), encoding, cache),
                "{path}"
            );
        }
    }
}
