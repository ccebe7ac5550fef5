//! The addresses that visitors reach a file of the site by.

use std::collections::BTreeSet;

use crate::config::Encoding;
use crate::site::is_purged;

/// The addresses of some paths, relative to the site's: a page is reached by its folder too. `known` are the paths
/// there are or were, by which a variant is told from a file that only has such a name.
pub(super) fn addresses<'a>(
    paths: impl IntoIterator<Item = &'a String>,
    known: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut addresses = BTreeSet::new();
    for path in paths {
        // A variant is served under the address of the file itself.
        let (plain, _) = Encoding::of(path);
        let path = if known.contains(plain) { plain } else { path };
        if !is_purged(path) {
            continue;
        }
        if let Some(folder) = path.strip_suffix("index.html")
            && (folder.is_empty() || folder.ends_with('/'))
        {
            addresses.insert(folder.to_owned());
        }
        addresses.insert(path.to_owned());
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_reached_by_its_folder_too() {
        let paths = [
            "404.html",
            "_headers",
            "data/index.html.gz",
            "index.html",
            "index.html.zst",
            "ville/83137/index.html",
            "ville/83137/index.html.gz",
            "ville/83137/my-index.html",
        ]
        .map(str::to_owned);
        let known = paths.iter().cloned().collect();
        let expected = [
            "",
            "404.html",
            // No variant: there is no data/index.html.
            "data/index.html.gz",
            "index.html",
            "ville/83137/",
            "ville/83137/index.html",
            "ville/83137/my-index.html",
        ];
        let found = addresses(&paths, &known);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    }
}
