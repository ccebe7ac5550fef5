//! The version of the renderer, which every key holds: a new program makes each file again that it might make otherwise.

/// The sources that turn figures into files, and the versions of the libraries they use. A number kept by hand would be
/// forgotten one day, and pages of two programs would stand side by side.
const SOURCES: [(&str, &str); 40] = [
    ("atlas.rs", include_str!("atlas.rs")),
    ("block/absence.rs", include_str!("block/absence.rs")),
    ("block/comparison.rs", include_str!("block/comparison.rs")),
    ("block/extent.rs", include_str!("block/extent.rs")),
    ("block/files.rs", include_str!("block/files.rs")),
    ("block/headline.rs", include_str!("block/headline.rs")),
    ("block/identity.rs", include_str!("block/identity.rs")),
    ("block/mod.rs", include_str!("block/mod.rs")),
    ("block/news.rs", include_str!("block/news.rs")),
    ("block/notes.rs", include_str!("block/notes.rs")),
    ("block/places.rs", include_str!("block/places.rs")),
    ("block/regions.rs", include_str!("block/regions.rs")),
    ("block/rooms.rs", include_str!("block/rooms.rs")),
    ("block/schema.rs", include_str!("block/schema.rs")),
    ("block/seasonality.rs", include_str!("block/seasonality.rs")),
    ("block/series.rs", include_str!("block/series.rs")),
    ("document.rs", include_str!("document.rs")),
    ("error.rs", include_str!("error.rs")),
    ("filters.rs", include_str!("filters.rs")),
    ("frame.rs", include_str!("frame.rs")),
    ("french.rs", include_str!("french.rs")),
    ("headers.rs", include_str!("headers.rs")),
    ("maker.rs", include_str!("maker.rs")),
    ("mod.rs", include_str!("mod.rs")),
    ("path.rs", include_str!("path.rs")),
    ("plan.rs", include_str!("plan.rs")),
    ("releases.rs", include_str!("releases.rs")),
    ("route/commune.rs", include_str!("route/commune.rs")),
    ("route/departement.rs", include_str!("route/departement.rs")),
    ("route/epci.rs", include_str!("route/epci.rs")),
    ("route/home.rs", include_str!("route/home.rs")),
    ("route/mod.rs", include_str!("route/mod.rs")),
    ("route/region.rs", include_str!("route/region.rs")),
    ("route/sitemap.rs", include_str!("route/sitemap.rs")),
    ("route/texts.rs", include_str!("route/texts.rs")),
    ("theme.rs", include_str!("theme.rs")),
    ("variants.rs", include_str!("variants.rs")),
    ("figures.rs", include_str!("../stats/figures.rs")),
    ("month.rs", include_str!("../base/month.rs")),
    ("Cargo.lock", include_str!("../../Cargo.lock")),
];

/// Hash of the renderer.
pub(super) fn digest() -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for (_, source) in SOURCES {
        hasher.update(blake3::hash(source.as_bytes()).as_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_source_of_the_renderer_counts() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/site");
        for entry in std::fs::read_dir(here).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let shapes_nothing = ["renderer.rs", "tests.rs"].contains(&name.as_str());
            if name.ends_with(".rs") && !shapes_nothing {
                assert!(
                    SOURCES.iter().any(|(source, _)| *source == name),
                    "{name} is not among the sources that make a new renderer"
                );
            }
        }
    }
}
