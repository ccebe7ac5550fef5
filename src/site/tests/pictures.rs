//! Pictures for social networks.

use super::*;

/// What a picture may weigh, in bytes.
const MOST: usize = 25_000;

#[test]
fn towns_and_departements_have_a_picture_that_their_pages_name() {
    let mut config = config();
    let mut atlas = atlas();
    let mut figures = figures(170, 31);
    (figures.coverage.communes, figures.coverage.communes_total) = (10, 10);
    let (place, entry) = entry(Level::Departement, "83", &figures);
    atlas.insert(place, entry);
    let paths = |config: &Config| -> Vec<String> {
        let files = build(config, &FRANCE, &atlas, None);
        for (path, (_, content)) in &files {
            if path.starts_with("images/") {
                assert!(content.starts_with(b"\x89PNG"), "{path}");
                assert!(content.len() < MOST, "{path}: {}", content.len());
            }
        }
        for (page, code) in [
            ("ville/83137", "83137"),
            ("ville/83103", "83103"),
            ("departement/83", "83"),
        ] {
            let html = text(&files, &format!("{page}/index.html"));
            let address = format!("content=\"https://immostats.example/images/{code}.png\"");
            let has_picture = files.contains_key(&format!("images/{code}.png"));
            assert_eq!(html.contains(&address), has_picture, "{page}");
        }
        files
            .into_keys()
            .filter(|path| path.starts_with("images/"))
            .collect()
    };
    let usual = paths(&config);
    assert!(usual.contains(&"images/83137.png".into()), "{usual:?}");
    assert!(usual.contains(&"images/83.png".into()), "{usual:?}");
    assert!(!usual.contains(&"images/83103.png".into()), "{usual:?}");
    config.site.pictures_from = u32::MAX;
    let departements = paths(&config);
    assert!(
        departements
            .iter()
            .all(|path| path.len() < "images/83137.png".len()),
        "{departements:?}"
    );
    assert!(!departements.is_empty());
}
