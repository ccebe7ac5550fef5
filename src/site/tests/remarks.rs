//! What is told of settings and templates that are most likely not what was meant.

use super::*;

fn remarks(config: &Config, templates: Option<&Path>) -> Vec<String> {
    let atlas = atlas();
    Site::new(config, &FRANCE, &atlas, templates)
        .unwrap()
        .remarks()
}

#[test]
fn a_note_that_is_shown_nowhere_is_told_of() {
    let on = |territory: &str| {
        let mut config = config();
        config.notes.push(Note {
            territory: territory.into(),
            partial_years: Vec::new(),
            text: "Une remarque.".into(),
        });
        remarks(&config, None).join("\n")
    };
    for known in ["FR", "83", "83137", "69381", "248300543", "976"] {
        assert_eq!(on(known), "", "{known}");
    }
    assert!(on("99999").contains("on 99999, which is no commune, EPCI or département"));
    assert!(on("083").contains("on 083, which is no"));
    assert!(on("57094").contains("on 57094, which is a part of Metz (57463) today"));
}

#[test]
fn a_departement_without_sales_is_told_of() {
    let mut chosen = config();
    chosen.site.departements = ["83", "57", "69"].map(str::to_owned).to_vec();
    assert!(remarks(&chosen, None).is_empty(), "57 says why it has none");
    let atlas = Atlas::default();
    let site = Site::new(&chosen, &FRANCE, &atlas, None).unwrap();
    let told = site.remarks();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("site.departements names 83, of which no sale was imported"));
}

#[test]
fn a_template_that_nothing_uses_is_told_of() {
    let dir = tempfile::tempdir().unwrap();
    let add = |name: &str, text: &str| write(&dir.path().join(name), text);
    add("404.html", "{% include \"part.html\" %}{{ <own /> }}");
    add("part.html", "a");
    add("own.html", "{% component own() %}b{% endcomponent own %}");
    add("assets/photo.jpg", "c");
    add("README.md", "d");
    add(".draft.html", "e");
    assert!(remarks(&config(), Some(dir.path())).is_empty());
    for (name, near) in [
        ("comune.html", "did you mean commune.html?"),
        ("style.css", "did you mean assets/style.css?"),
        ("commune.htm", "did you mean commune.html?"),
        ("block/headlines.html", "did you mean block/headline.html?"),
        ("xyz.xml", ""),
    ] {
        write(&dir.path().join(name), "f");
        let told = remarks(&config(), Some(dir.path()));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains(&format!("templates/{name} is not used")),
            "{told:?}"
        );
        assert!(
            told[0].ends_with(near) && told[0].contains("did you") != near.is_empty(),
            "{told:?}"
        );
        std::fs::remove_file(dir.path().join(name)).unwrap();
    }
}

#[test]
fn an_empty_template_in_the_place_of_one_of_ours_is_refused() {
    for (name, content) in [
        ("commune.html", ""),
        ("block/news.html", " \n"),
        ("sitemap.xml", ""),
    ] {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join(name), content);
        let (config, atlas) = (config(), atlas());
        let error = Site::new(&config, &FRANCE, &atlas, Some(dir.path()))
            .err()
            .expect("refused");
        assert!(
            error
                .to_string()
                .contains(&format!("templates/{name} is empty")),
            "{error}"
        );
    }
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("part.html"), "");
    write(&dir.path().join("404.html"), "{% include \"part.html\" %}");
    assert!(remarks(&config(), Some(dir.path())).is_empty());
}
